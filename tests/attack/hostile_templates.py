"""Templates that cost too much, or look for a way out. The unit tests of templates have more of them."""

ENDLESS = "{% for _ in range(99999) %}{% for _ in range(99999) %}{% endfor %}{% endfor %}"

SLOW = "{% for _ in range(2000) %}{% set x = ('-' * 8192) | wordwrap(3) %}{% endfor %}"
"""Takes all the time that a template may take, with any data."""

FOLDED = (
    "{{ 'a' * 200000000 }}",
    "{{ 'a' | center(200000000) }}",
    "{% if 9**9**9 %}{% endif %}",
    "{{ [1] * 10**9 }}",
    "{% set x = 'x' | indent(10**9) %}",
    "{{ range(10**10) | sum }}",
    "{{ ('a' * 10000) | urlize | center(10**9) }}",
    "{{ 2 ** 999999999 }}",
    "{{ lipsum(n=100000) }}",
    "{{ 'a' ~ ('b' * 10**9) }}",
)
"""Constants, which Jinja2 would compute when it compiles."""

NESTED = (
    "{{ " + "(" * 2_000 + "1" + ")" * 2_000 + " }}",
    "{{ " + "[" * 3_000 + "]" * 3_000 + " }}",
    "{% if 1 %}" * 3_000 + "{% endif %}" * 3_000,
    "{% for a in [1] %}" * 100 + "x" + "{% endfor %}" * 100,
    "{{ " + "-" * 30_000 + "1 }}",
    "{{ " + "not " * 10_000 + "1 }}",
    "{{ 1" + "+1" * 30_000 + " }}",
    "{{ x" + ".x" * 30_000 + " }}",
    "{{ " + "9" * 60_000 + " }}",
    "{{ " * 10_000,
    "{{ " + "a" * 60_000 + " }}",
    "{{ data." + "ab" * 30_000 + " }}",
    "{# " * 20_000,
    "{% raw %}" * 5_000,
)
ESCAPES = (
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''['__class__'] }}",
    "{{ data | attr('__class__') }}",
    "{{ (data | attr('items')).__self__ }}",
    "{{ cycler.__init__.__globals__.os.environ }}",
    "{{ self._TemplateReference__context }}",
    "{{ self.__init__.__globals__ }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ range.__class__ }}",
    "{{ '{0.__class__.__init__.__globals__}'.format(data) }}",
    "{{ '{x.__class__}'.format_map({'x': data}) }}",
    "{{ ('{0.__class__}' | string).format(1) }}",
    "{{ [data] | map(attribute='__class__') | list }}",
    "{{ ['{0.__class__}'] | map('format', 1) | list }}",
    "{{ lipsum.__globals__ }}",
    "{{ joiner.__init__ }}",
    "{{ loop.__class__ }}{% for x in [1] %}{{ loop._iterable.__class__ }}{% endfor %}",
    "{% macro m() %}{% endmacro %}{{ m._func.__globals__ }}{{ m.__class__ }}",
    "{{ (1).__class__.__base__ }}",
    "{{ timestamp.__class__.__init__.__globals__ }}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}{{ os }}",
    "{% from 'os' import environ %}{{ environ }}",
    "{% extends '/etc/passwd' %}",
    "{% set data.__class__ = 1 %}",
    "{{ data.update({'a': 1}) }}{{ data.clear() }}",
    "{{ [].append(1) }}{{ data.pop('text') }}",
    "{{ context }}{{ environment }}{{ config }}{{ request }}",
    "{{ data | map(' made') | list }}{{ data | attr(' each') }}",
    "{% for x in [data] %}{{ x.update({'a': 1}) }}{{ x.clear() }}{% endfor %}",
    "{% for x in [''] %}{{ x.__class__.mro() }}{{ x.join.__self__ }}{% endfor %}",
    "{% macro m() %}{{ [caller.__class__] }}{% endmacro %}{% call m() %}1{% endcall %}",
    "{{ data.missing.__class__.__init__.__globals__ }}{{ data.missing.a._undefined_obj }}",
    "{{ data.missing._fail_with_undefined_error.__globals__ }}",
    "{{ '%s' % data.missing.__class__ }}{{ '{0.__class__}'.format(none) }}",
    "{{ timestamp | localtime('../../etc/passwd') }}{{ timestamp | localtime('/etc/passwd') }}",
    "{{ (timestamp | localtime('Asia/Seoul')).tzinfo.__class__.__init__.__globals__ }}",
    "{{ [1] | map(' branch', 0) | list }}{{ [[]] | map(' filled') | list }}",
)
ESCAPED = (
    "<class",
    "<function",
    "<built-in",
    "<module",
    "AWS_",
    "root:",
    "environ(",
    "object at 0x",
    "<bound",
)
