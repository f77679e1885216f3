"""Settings that all tests share."""

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.limits"]

# The same examples each time, and no verdict on the speed of the machine.
settings.register_profile(
    "project", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("project")
