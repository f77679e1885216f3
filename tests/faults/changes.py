"""The configuration changes while retries wait."""

from tests.faults.fault import End, Evidence, Fault, at_least
from tests.stack.responders import NEW_CREDENTIAL

WAIT_SECONDS = 8
"""How long the retries wait in which the change is made."""


class CredentialChanged(Fault):
    """The receiver takes a new credential only, and the channel is given it while retries wait."""

    name = "credential changed while retries wait"

    def prepare(self) -> None:
        """Make a channel with the old credential."""
        self.route("new-credential", retry=[WAIT_SECONDS], headers={"Authorization": "Bearer old"})

    def provoke(self) -> None:
        """Put events, and change the header after the first attempts."""
        made = self.put(self.routes, self.count(30, 5))
        self.await_requests(len(made), "first attempts")
        route = self.routes[0]
        spec = {"url": self.receivers.url + route.path, "headers": {"Authorization": NEW_CREDENTIAL}}
        self.stack.do("PATCH", f"/notifications/channels/{route.channel_id}", {"spec": spec})

    def proof(self, evidence: Evidence) -> str:
        """Tell how many retries carried the new credential after an attempt with the old one."""
        changed = 0
        for delivery_id in self.expected:
            came = [request.authorization for request in evidence.received.get(delivery_id, ())]
            changed += came[:1] == ["Bearer old"] and came[-1] == NEW_CREDENTIAL
        return f"{at_least(len(self.expected), changed, 'retries with the new credential')} retries"


class _Deleted(Fault):
    """Something is deleted while retries wait: they are skipped, with the reason."""

    reason = ""

    def prepare(self) -> None:
        """Make a receiver that fails."""
        self.route("status-500", retry=[WAIT_SECONDS])

    def provoke(self) -> None:
        """Put events, and delete after the first attempts."""
        made = self.put(self.routes, self.count(20, 3), End("skipped", self.reason))
        self.await_requests(len(made), "first attempts")
        self.delete()

    def delete(self) -> None:
        """Delete the rule."""
        self.stack.do("DELETE", f"/notifications/rules/{self.routes[0].rule_id}?custom=true")

    def proof(self, evidence: Evidence) -> str:
        """Tell how many first attempts failed."""
        return f"{self.provoked(evidence)} first attempts"


class RuleDeleted(_Deleted):
    """The rule is deleted."""

    name = "rule deleted while retries wait"
    reason = "rule_deleted"


class ChannelDeleted(_Deleted):
    """The channel is deleted, and its rules with it."""

    name = "channel deleted while retries wait"
    reason = "channel_deleted"

    def delete(self) -> None:
        """Delete the channel."""
        self.stack.do("DELETE", f"/notifications/channels/{self.routes[0].channel_id}?force=true")


class EventTypeDeleted(_Deleted):
    """The rule and then the event type are deleted."""

    name = "event type deleted while retries wait"
    reason = "rule_deleted"

    def delete(self) -> None:
        """Delete both."""
        super().delete()
        self.stack.do("DELETE", f"/notifications/event-types/{self.routes[0].event_type}")
