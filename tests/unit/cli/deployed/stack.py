"""A deployed stack as the command line sees it: its outputs and its secrets, in moto's AWS."""

import json
from typing import Any

import boto3

REGION = "eu-central-1"
STACK = "notifications"
API_URL = "https://abc123.execute-api.eu-central-1.amazonaws.com/prod"
FIRST = {
    "access_key": "AKIAFIRST",
    "secret_key": "first's secret",
    "role": "superadmin",
    "user_id": "550e8400-e29b-41d4-a716-446655440000",
}


def deploy(name: str, outputs: dict[str, str]) -> None:
    """Deploy a stack that has these outputs."""
    template = {
        "Resources": {"Queue": {"Type": "AWS::SQS::Queue"}},
        "Outputs": {key: {"Value": value} for key, value in outputs.items()},
    }
    boto3.client("cloudformation").create_stack(StackName=name, TemplateBody=json.dumps(template))


def stored(client: Any) -> dict[str, Any]:
    """Read the document that is the current one."""
    answer = client.get_secret_value(SecretId="keypairs", VersionStage="AWSCURRENT")
    document: dict[str, Any] = json.loads(answer["SecretString"])
    return document
