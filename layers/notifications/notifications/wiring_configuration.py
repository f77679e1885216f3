"""The stores of configuration, see ``wiring``."""

from functools import cached_property
from typing import TYPE_CHECKING

from notifications.wiring_records import RecordStores

if TYPE_CHECKING:
    from notifications.store.channels import ChannelStore
    from notifications.store.event_types import EventTypeStore
    from notifications.store.leases import LeaseStore
    from notifications.store.mutes import MuteStore
    from notifications.store.past import Past
    from notifications.store.revisions import RevisionStore
    from notifications.store.rules import RuleStore
    from notifications.store.sets import SetStore
    from notifications.store.table import ConfigTable
    from notifications.store.vault import Vault


class ConfigurationStores(RecordStores):
    """The stores of channels, rules, event types and mutes, and of what they were."""

    @cached_property
    def config_table(self) -> "ConfigTable":
        """The table named by CONFIG_TABLE."""
        from notifications.store.table import ConfigTable

        return ConfigTable(self.client("dynamodb"), self._environment["CONFIG_TABLE"])

    @cached_property
    def rules(self) -> "RuleStore":
        """The store of rules."""
        from notifications.store.rules import RuleStore

        return RuleStore(self.config_table)

    @cached_property
    def channels(self) -> "ChannelStore":
        """The store of channels."""
        from notifications.store.channels import ChannelStore

        return ChannelStore(self.config_table, self.rules, self.vault)

    @cached_property
    def vault(self) -> "Vault":
        """The vault of channels' secrets, encrypted with the key SECRETS_KEY, in functions that have it."""
        from notifications.store.vault import Vault

        return Vault(self.client("kms"), self._environment.get("SECRETS_KEY", ""))

    @cached_property
    def event_types(self) -> "EventTypeStore":
        """The store of event types."""
        from notifications.store.event_types import EventTypeStore

        return EventTypeStore(self.config_table)

    @cached_property
    def mutes(self) -> "MuteStore":
        """The store of mutes."""
        from notifications.store.mutes import MuteStore

        return MuteStore(self.config_table, self._keep.days)

    @cached_property
    def sets(self) -> "SetStore":
        """The store of what belongs to sets of configuration."""
        from notifications.store.sets import SetStore

        return SetStore(self.config_table)

    @cached_property
    def leases(self) -> "LeaseStore":
        """The store of who applies sets of configuration."""
        from notifications.store.leases import LeaseStore

        return LeaseStore(self.client("dynamodb"), self._environment["CONFIG_TABLE"])

    @cached_property
    def revisions(self) -> "RevisionStore":
        """The store of revisions of configuration, which is the audit log."""
        from notifications.store.revisions import RevisionStore

        return RevisionStore(self.config_table)

    @cached_property
    def past(self) -> "Past":
        """The configuration as it was."""
        from notifications.store.past import Past

        return Past(self.config_table)
