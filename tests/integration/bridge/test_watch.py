"""Who leads, and whether the master is still the one."""

from pathlib import Path

import pytest
from valkey.exceptions import ValkeyError

from backendai_notification_bridge.reading import leader
from backendai_notification_bridge.reading.connection import Connections, NotMaster, ValkeyEndpoint
from backendai_notification_bridge.reading.leader import KEY, Leadership
from backendai_notification_bridge.reading.watch import Watch
from local.valkey import Sentinel, Valkey
from local.waiting import until


def watch(valkey: Valkey, identity: str = "first") -> tuple[Watch, Leadership]:
    """Make one."""
    leadership = Leadership(identity)
    return Watch(Connections(ValkeyEndpoint(address=("127.0.0.1", valkey.port))), leadership), leadership


def test_one_of_two_leads_and_the_other_follows_it(valkey: Valkey) -> None:
    """The lock is in a database of its own; who stops lets go of it at once."""
    (first, one), (second, two) = watch(valkey), watch(valkey, "second")
    first.look()
    second.look()
    assert (one.leads, two.leads, second.other_leads) == (True, False, True)
    assert valkey.client(15).pttl(KEY) > 9_000
    first.leave()
    assert not one.leads
    second.look()
    assert (two.leads, second.other_leads) == (True, False)


def test_a_dead_leader_is_followed_when_its_key_is_over(
    valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dead one takes itself for none a moment earlier."""
    monkeypatch.setattr(leader, "HELD_MILLISECONDS", 2_500)
    (first, one), (second, two) = watch(valkey), watch(valkey, "second")
    first.look()

    def leads() -> bool:
        second.look()
        return two.leads

    until("the other leads", leads, 5.0)
    assert not one.leads


def test_a_bridge_that_starts_again_leads_on(valkey: Valkey) -> None:
    """Nobody has to wait until the key of the dead one is over: it is the same bridge, by its spool."""
    (first, _), (again, one) = watch(valkey), watch(valkey)
    first.look()
    again.look()
    assert one.leads


def test_a_demoted_node_is_left(valkey: Valkey, tmp_path: Path) -> None:
    """It serves its readers as before, so that only its role tells."""
    made, _ = watch(valkey)
    made.look()
    with Valkey(tmp_path / "other") as other:
        valkey.client().replicaof("127.0.0.1", other.port)
        with pytest.raises(NotMaster):
            made.look()
    assert made.generation == 1


def test_sentinel_tells_of_another_master(valkey: Valkey, tmp_path: Path) -> None:
    """After a failover the readers are told to connect anew, and the lock is taken there."""
    with (
        Valkey(tmp_path / "replica", replica_of=valkey.port) as replica,
        Sentinel(tmp_path / "sentinel", valkey, down_milliseconds=500) as sentinel,
    ):
        endpoint = ValkeyEndpoint(sentinels=(("127.0.0.1", sentinel.port),), service="mymaster")
        connections = Connections(endpoint)
        leadership = Leadership("first")
        made = Watch(connections, leadership)
        made.look()
        assert connections.master()[1] == valkey.port
        until("Sentinel knows the replica", sentinel.sees_replica)
        valkey.kill()

        def promoted() -> bool:
            try:
                made.look()
            except (ValkeyError, OSError):
                return False
            return bool(made.generation)

        until("the replica is the master", promoted)
        assert connections.master()[1] == replica.port
        assert leadership.leads
