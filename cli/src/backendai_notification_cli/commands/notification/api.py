"""backend.ai notification api."""

import click

from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.inputs import FILE, json_object, one_of
from backendai_notification_cli.terminal.output import show_json
from backendai_notification_cli.terminal.surplus import QuotedTextCommand

METHODS = ("GET", "POST", "PATCH", "DELETE")
EXAMPLE = '{"filter": {"name": {"equals": "It\'s mine"}}}'


@click.command(
    cls=QuotedTextCommand,
    file_option="--data-file",
    example=EXAMPLE,
    epilog=examples(
        "notification api GET '/notifications/events?limit=5'",
        "notification api POST /notifications/rules/search --data '{\"limit\": 1}' --jq '.rules[0].name'",
    ),
)
@click.argument("method", metavar="METHOD", type=click.Choice(METHODS, case_sensitive=False))
@click.argument("path")
@click.option("--data", metavar="JSON", help="The request's body, a JSON object.")
@click.option("--data-file", type=FILE, help="A file with the body; - is standard input.")
def command(method: str, path: str, data: str | None, data_file: str | None) -> None:
    """Send one signed request to the API and print the JSON of the response.

    PATH begins with a slash and may have a query: /notifications/events?limit=5
    """
    text = one_of("--data", data, "--data-file", data_file)
    body = None if text is None else json_object(text)
    show_json(connect().call(method.upper(), checked_path(path), body))


def checked_path(path: str) -> str:
    """Return a path that can stand in a request line, with its query in order.

    Raises:
        UsageError: it cannot, or it is a whole URL.
    """
    if not path.startswith("/"):
        raise click.UsageError(f"The path must begin with a slash, like /notifications/events, not {path!r}.")
    if any(not "!" <= character <= "~" for character in path):
        raise click.UsageError(
            "The path has a space, a control character or a letter beyond ASCII: write it as %XX."
        )
    if "#" in path:
        raise click.UsageError("The path has a '#', which no request carries: write it as %23.")
    place, question, query = path.partition("?")
    # The signature covers the query, but API Gateway does not keep its order, so the service verifies a
    # sorted one.
    return place + question + "&".join(sorted(query.split("&")))
