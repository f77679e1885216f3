"""What the functions cost at their start, beside a function that does nothing."""

import json
from collections.abc import Sequence
from uuid import uuid4

from backendai_notification_cli.http.api import Api
from bench.figure import Figure, milliseconds, ratios
from bench.runtime import Function, run
from local.common import ROOT, StackError, Tell
from local.receiver import Receiver
from local.stack import Stack, temporary

MAX_DISPATCHER = 4.0
MAX_API = 5.0
DELIVERIES = 5
EVENT_TYPE = "session.started"
API_FUNCTIONS = (
    "ChannelsFunction",
    "RulesFunction",
    "DeliveriesFunction",
    "MutesFunction",
    "ServiceFunction",
)
TEMPLATE_FUNCTIONS = ("VerdictsFunction", "ConfigurationFunction")
"""They load templates and schemas at their start, because each of their requests needs them."""

FUNCTIONS = ("DispatcherFunction", "RedelivererFunction", *TEMPLATE_FUNCTIONS, *API_FUNCTIONS)
TEMPLATE = '{"text": "{{ session_name or session_id }}: {{ status }} %d"}'
EMPTY = Function("empty", (ROOT / "bench" / "empty",), "empty.handler", {})


def figures(rounds: int, tell: Tell) -> list[Figure]:
    """Start each function in turn, ``rounds`` times, on a local stack of its own.

    Raises:
        StackError: the stack does not come up, or a function does not do what it should.
    """
    with temporary(tell) as stack, Receiver() as receiver:
        _make_rules(stack.api(), receiver.url)
        return _measure(stack, receiver, rounds, tell)


def _measure(stack: Stack, receiver: Receiver, rounds: int, tell: Tell) -> list[Figure]:
    empty: list[Sequence[float]] = []
    dispatcher: list[float] = []
    loaded: dict[str, list[float]] = {name: [] for name in FUNCTIONS}
    dispatching = _function(stack, "DispatcherFunction")
    functions = [_function(stack, name) for name in loaded if name != dispatching.name]
    for number in range(rounds):
        tell(f"Cold starts, round {number + 1} of {rounds} ...")
        with run(EMPTY) as running:
            running.invoke(b"{}")
            empty.append(running.cpu_seconds(1))
        before = len(receiver.received)
        with run(dispatching) as running:
            answer = running.invoke(_event())
            load, invoked = running.cpu_seconds(1)
        if len(receiver.received) - before != DELIVERIES:
            raise StackError(f"The dispatcher did not deliver: {answer.decode()}")
        loaded[dispatching.name].append(load)
        dispatcher.append(invoked)
        for function in functions:
            with run(function) as running:
                running.invoke(b"{}")  # it is loaded at the first event, whatever becomes of that
                loaded[function.name].append(running.cpu_seconds(1)[0])
    loads, firsts = [each[0] for each in empty], [each[1] for each in empty]
    what = f"dispatcher: start and {DELIVERIES} deliveries"
    beside = "empty function"
    return [
        Figure("empty function: start", "ms CPU", milliseconds(loads)),
        Figure("empty function: start and first event", "ms CPU", milliseconds(firsts)),
        Figure(what, "ms CPU", milliseconds(dispatcher)),
        Figure(what, "ratio", ratios(dispatcher, firsts), bound=MAX_DISPATCHER, compared_to=beside),
        *(
            Figure(
                f"{name}: start",
                "ratio",
                ratios(seconds, loads),
                bound=MAX_API if name in API_FUNCTIONS else None,
                compared_to=beside,
            )
            for name, seconds in loaded.items()
        ),
    ]


def _function(stack: Stack, name: str) -> Function:
    """Describe a deployed function: as it was built, with the environment that it has."""
    physical = stack.resources()[name]
    configuration = stack.client("lambda").get_function_configuration(FunctionName=physical)
    built = stack.directory / "build"
    layers = [built / layer / "python" for layer in ("NotificationsLayer", "DependenciesLayer")]
    environment = {**configuration["Environment"]["Variables"], "AWS_ENDPOINT_URL": stack.ministack.url}
    return Function(name, (built / name, *layers), configuration["Handler"], environment)


def _make_rules(api: Api, url: str) -> None:
    for number in range(DELIVERIES):
        channel = {"name": f"channel {number}", "spec": {"url": f"{url}/{number}"}}
        made = api.item("channel", "POST", "/notifications/channels", channel)
        rule = {"name": f"rule {number}", "rule_type": EVENT_TYPE, "channel_id": made["id"]}
        api.item("rule", "POST", "/notifications/rules", {**rule, "message_template": TEMPLATE % number})


def _event() -> bytes:
    document = json.loads((ROOT / "events" / "session_started.json").read_text())
    return json.dumps({**document, "id": str(uuid4())}).encode()
