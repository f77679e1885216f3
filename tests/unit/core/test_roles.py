"""What roles may do."""

import pytest

from notifications.core.roles import ROLES, allows, known


def test_roles_build_on_each_other() -> None:
    """Each role may do what those before it may, and nothing of those after it."""
    allowed = {role: [needed for needed in ROLES if allows(role, needed)] for role in ROLES}
    assert allowed == {role: list(ROLES[: index + 1]) for index, role in enumerate(ROLES)}


def test_backendais_superadmin_is_an_admin() -> None:
    """What Backend.AI and former releases call superadmin may do everything."""
    assert known("superadmin") == "admin"
    assert allows("superadmin", "admin")


@pytest.mark.parametrize("stored", ["user", "monitor", "Admin", "", "viewer "])
def test_other_roles_may_do_nothing(stored: str) -> None:
    """A role that this service does not know may not even read."""
    assert known(stored) is None
    assert not any(allows(stored, needed) for needed in ROLES)
