"""What caches keep, and that compiled templates are kept by the memory that they take."""

import os
import subprocess
import sys

import pytest

from local.common import ROOT
from notifications.core.cache import Cache
from notifications.core.templating import compiling
from notifications.core.templating.compiling import compiled

MANY = 2_500
SESSION = """{"event": "Session Started", "number": NUMBER, "session_id": "{{ session_id }}",
"session_name": "{{ session_name or 'N/A' }}", "status": "{{ status }}"}"""
CONDITIONS = "NUMBER" + "".join(f"{{% if field_{n} == 'a' %}}x{{{{ w }}}}{{% endif %}}" for n in range(20))
FILTERS = "NUMBER" + "{{ a|default('x')|upper|trim }}" * 20

MEASURE = """
import gc, sys, tracemalloc
from notifications.core.templating import compiling
template = sys.stdin.read()
def compile_ten(first):
    sources = [template.replace("NUMBER", str(first + number)) for number in range(10)]
    gc.collect()
    tracemalloc.start()
    made = [compiling.compiled(source, "text") for source in sources]
    gc.collect()
    sizes = sum(each.size for each in made), tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return sizes
compile_ten(100)  # what is loaded or grows for the first ones is not their own
compiling.CACHE.clear()  # its table must not grow meanwhile
print(*compile_ten(200))
"""
"""Print the estimated and the taken bytes of ten templates, whose source comes on standard input."""


def test_what_is_kept_has_room() -> None:
    """Values stay below the bound, whatever their sizes are; one that is larger by itself is not kept."""
    cache: Cache[int, str] = Cache(100)
    for number in range(50):
        cache.put(number, "value", 7 + number % 30)
        assert cache.size <= 100
        assert cache.get(number) == "value"
    cache.put(-1, "large", 101)
    assert cache.get(-1) is None


def test_a_value_takes_the_place_of_the_former() -> None:
    """A key that is put again has its newest value and size, and keeps nothing of its former one."""
    cache: Cache[str, str] = Cache(10)
    for size in (4, 9, 1):
        cache.put("key", f"value {size}", size)
        assert (cache.get("key"), cache.size) == (f"value {size}", size)
    cache.put("key", "large", 11)
    assert (cache.get("key"), cache.size) == (None, 0)


def test_what_is_not_wanted_is_dropped() -> None:
    """Of the keys, those that are wanted stay."""
    cache: Cache[int, str] = Cache(10)
    for number in range(10):
        cache.put(number, "value")
    cache.retain(lambda number: number % 2 == 0)
    assert [cache.get(number) for number in range(3)] == ["value", None, "value"]
    assert cache.size == 5


def test_a_little_too_many_are_mostly_kept() -> None:
    """Of values that are asked for in a circle, a tenth too many, two in three are found."""
    cache: Cache[int, str] = Cache(1_000)
    found = 0
    for turn in range(10):
        for number in range(1_100):
            if cache.get(number) is None:
                cache.put(number, "value", 1)
            else:
                found += turn > 0
    assert found > 9 * 1_100 * 2 / 3


@pytest.mark.slow
def test_thousands_are_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second time 2,500 templates are asked for, none is compiled."""
    sources = [f"{number} {{{{ name }}}}" for number in range(MANY)]
    first = [compiled(source, "text") for source in sources]
    monkeypatch.setattr(compiling, "parse", None)
    again = [compiled(source, "text") for source in sources]
    assert all(one is other for one, other in zip(first, again, strict=True))


@pytest.mark.parametrize("template", ["NUMBER word", "NUMBER {{ a_name }}", SESSION, CONDITIONS, FILTERS])
def test_the_size_is_about_what_is_measured(template: str) -> None:
    """The size that a compiled template is taken for is within half of the memory that it takes.

    It is measured in a fresh process, because one that ran other tests reuses memory that is not counted.
    """
    measured = subprocess.run(
        [sys.executable, "-c", MEASURE],
        input=template,
        env={**os.environ, "PYTHONPATH": str(ROOT / "layers" / "notifications")},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    estimated, taken = map(int, measured.stdout.split())
    assert estimated == pytest.approx(taken, rel=0.5)
