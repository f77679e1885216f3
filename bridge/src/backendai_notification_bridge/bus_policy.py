"""The IAM policy that the bridge needs: to put events on one bus, and nothing else."""

import json

ANY_REGION, ANY_ACCOUNT = "REGION", "ACCOUNT"
"""Placeholders for what is not known, to be filled in by hand."""


def bus_arn(name: str, region: str | None, account: str | None, partition: str = "aws") -> str:
    """Write a bus's ARN; a name that is one stays as it is."""
    if name.startswith("arn:"):
        return name
    return f"arn:{partition}:events:{region or ANY_REGION}:{account or ANY_ACCOUNT}:event-bus/{name}"


def policy(arn: str) -> str:
    """Write the IAM policy to attach to the bridge's role or user, as JSON."""
    statement = {"Effect": "Allow", "Action": "events:PutEvents", "Resource": arn}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)
