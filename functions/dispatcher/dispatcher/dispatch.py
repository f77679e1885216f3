"""Events in, webhooks out: validate, match, render, send all at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger

from dispatcher.configuration import Configuration
from notifications.core import delivery, events, templates
from notifications.core.delivery import Request
from notifications.core.errors import MalformedEvent, NotificationError, SchemaMismatch
from notifications.core.matching import Match, match
from notifications.core.model import Event
from notifications.core.schemas import check_data
from notifications.senders.sender import Sender

logger = Logger(use_rfc3339=True)


@dataclass(slots=True)
class Result:
    """What became of one rule that an event met. ``status``: delivered, failed or skipped."""

    rule_id: str
    channel_id: str
    status: str
    reason: str


@dataclass(slots=True)
class Report:
    """What became of one event. ``refused`` says why nothing was looked for."""

    event_id: str
    rule_type: str
    refused: str | None = None
    results: list[Result] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Give it as plain values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Plan:
    """What an event makes to send, and the beginning of its report."""

    report: Report
    prepared: Sequence[tuple[Match, Request]]


class Dispatcher:
    """Dispatch events with what the configuration says at that moment."""

    def __init__(self, configuration: Configuration, sender: Sender) -> None:
        self._configuration = configuration
        self._sender = sender

    def refresh(self) -> None:
        """Look whether the configuration has changed, once for what is planned next.

        Raises:
            Unavailable: the configuration can not be read.
        """
        self._configuration.refresh()

    def plan(self, document: Mapping[str, Any]) -> Plan:
        """Find out what an EventBridge document makes to send; nothing is sent.

        Raises:
            Unavailable: the configuration can not be read.
        """
        try:
            event = events.parse(document)
        except MalformedEvent as error:
            report = Report(str(document.get("id", "")), str(document.get("detail-type", "")))
            report.refused = f"malformed: {error.message}"
            return Plan(report, [])
        report = Report(event.id, event.rule_type)
        return Plan(report, list(self._prepare(event, report)))

    def send(self, plans: Sequence[Plan]) -> list[Report]:
        """Send what was planned, all at once; one report each, in their order."""
        deliveries = [(plan.report, found, request) for plan in plans for found, request in plan.prepared]
        for position, outcome in self._sender.send_all(request for _, _, request in deliveries):
            report, found, _ = deliveries[position]
            verdict = delivery.judge(found.channel.spec, outcome)
            status = "delivered" if verdict.delivered else "failed"
            report.results.append(Result(found.rule.id, found.channel.id, status, verdict.reason))
        reports = [plan.report for plan in plans]
        for report in reports:
            _log(report)
        return reports

    def _prepare(self, event: Event, report: Report) -> Iterator[tuple[Match, Request]]:
        routing = self._configuration.routing(event.rule_type)
        if routing.event_type is None:
            report.refused = "unknown event type"
            return
        try:
            data = check_data(routing.event_type, event.data)
        except SchemaMismatch as error:
            report.refused = error.message
            return
        variables = templates.context(event, data)
        now = datetime.now(UTC)
        matches, skips = match(routing.rules, routing.channels)
        for skip in skips:
            report.results.append(Result(skip.rule.id, skip.rule.channel_id, "skipped", skip.reason))
        for found in matches:
            try:
                message = templates.render(found.rule.message_template, variables)
                message_id = f"{event.id}-{found.rule.id}"
                yield found, delivery.request(found.channel.spec, message, variables, message_id, now)
            except NotificationError as error:
                report.results.append(Result(found.rule.id, found.channel.id, "failed", error.message))


def _log(report: Report) -> None:
    counts = {"delivered": 0, "failed": 0, "skipped": 0}
    for result in report.results:
        counts[result.status] += 1
        if result.status == "failed":
            logger.warning("delivery failed", extra={"event_id": report.event_id, **asdict(result)})
    log = logger.warning if report.refused else logger.info
    log(
        "event dispatched",
        extra={
            "event_id": report.event_id,
            "rule_type": report.rule_type,
            "refused": report.refused,
            **counts,
        },
    )
