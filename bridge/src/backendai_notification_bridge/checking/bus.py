"""EventBridge: may the bridge put events on the bus?

Only an attempt shows that. The event of the attempt has a source that no rule of the service matches.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from backendai_notification_bridge.bus_policy import bus_arn
from backendai_notification_bridge.checking.finding import Finding, good, missing
from backendai_notification_bridge.settings import BusSettings

SOURCE = "backendai-notification-bridge.check"
_CONFIG = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 2})


def look(bus: BusSettings) -> Iterator[Finding]:
    """Put an event that no rule matches."""
    try:
        client = boto3.client("events", region_name=bus.region, endpoint_url=bus.endpoint_url, config=_CONFIG)
        response = client.put_events(
            Entries=[
                {
                    "EventBusName": bus.name,
                    "Source": SOURCE,
                    "DetailType": "check",
                    "Detail": json.dumps({"check": True}),
                }
            ]
        )
    except ClientError as error:
        yield missing(f"EventBridge: {error.response['Error']['Code']}: {error.response['Error']['Message']}")
        return
    except (BotoCoreError, ValueError) as error:
        yield missing(f"EventBridge: {error}")
        return
    yield _finding(bus, response["Entries"][0])


def _finding(bus: BusSettings, entry: Any) -> Finding:
    if entry.get("ErrorCode"):
        return missing(f"EventBridge: {entry['ErrorCode']}: {entry.get('ErrorMessage', '')}")
    return good(f"EventBridge: events can be put on the bus {bus.name}")


def arn_of(bus: BusSettings) -> str:
    """Find the bus's ARN, with the account if the credentials tell it."""
    if bus.name.startswith("arn:"):
        return bus.name
    region, account, partition = bus.region, None, "aws"
    with suppress(ClientError, BotoCoreError, ValueError):  # the placeholders stay, to be filled in
        session = boto3.session.Session(region_name=bus.region)
        region = session.region_name
        partition = session.get_partition_for_region(region) if region else partition
        account = session.client("sts", config=_CONFIG).get_caller_identity()["Account"]
    return bus_arn(bus.name, region, account, partition)
