"""No kind of channel is without its documents. How a spec is written, the type checker looks after."""

from typing import Any, get_args

import pytest

from notifications.api.channel_specs.specs import SpecIn
from notifications.api.channels import ChannelOut, V2ChannelOut
from notifications.core.kinds import KINDS

REQUESTED = {tag.tag for spec in get_args(get_args(SpecIn)[0]) for tag in get_args(spec)[1:]}


def models(document: Any) -> tuple[Any, ...]:
    """List the documents that may stand in ``spec``."""
    return get_args(document.model_fields["spec"].annotation)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_its_documents(kind: str) -> None:
    """A kind's spec can be given in requests, and is told by its type in responses of v2."""
    assert kind in REQUESTED
    assert kind in {model.model_fields["channel_type"].default for model in models(V2ChannelOut)}


def test_v1_has_as_many() -> None:
    """Responses of v1, whose specs do not tell their type, have a document for each kind, and no other."""
    assert len(models(ChannelOut)) == len(KINDS)
