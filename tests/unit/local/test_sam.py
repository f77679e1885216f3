"""What the local stack changes of the template that SAM built."""

import pytest

from local import sam


def test_concurrency_is_a_number_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mappings get the numbers that this machine can take, in place of the parameters' names."""
    monkeypatch.setattr("os.cpu_count", lambda: 4)
    built = "ScalingConfig:\n  MaximumConcurrency:\n    Ref: SlowLaneConcurrency\nOther:\n  Ref: StageName\n"
    assert sam.with_plain_concurrency(built) == (
        "ScalingConfig:\n  MaximumConcurrency: 20\nOther:\n  Ref: StageName\n"
    )
    assert "SlowLaneConcurrency=20" in sam.concurrency_parameters()
