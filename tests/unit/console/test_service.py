"""How the console signs and sends requests, beside what the service verifies."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from console_site import app
from notifications.core.keypairs import Keypair, SignedRequest, verify
from tests.unit.console.node import run

SERVICE = app.SITE / "service"

SIGN = """
const { keyOf, signedHeaders } = await import(given.signing);
const key = await keyOf(given.secret);
const request = { ...given.request, date: new Date(given.date) };
const headers = await signedHeaders({ accessKey: "AKIA1", key }, request);
const kept = await crypto.subtle.exportKey("raw", key).then(() => "readable", () => "unreadable");
console.log(JSON.stringify({ headers, kept }));
"""

CALL = """
const { createClient } = await import(given.client);
const { createClock } = await import(given.clock);
const { keyOf } = await import(given.signing);
const asked = [];
globalThis.location = { host: "stack.example" };
globalThis.fetch = async (target, { headers }) => {
  asked.push({ target, date: headers["X-BackendAI-Date"] });
  const answer = given.answers.shift();
  if (!answer) throw new TypeError("no network");
  return new Response(JSON.stringify(answer.document), { status: answer.status, headers: answer.headers });
};
let refused = 0;
const clock = createClock(() => Date.parse("2026-01-15T03:00:00Z"));
const keypair = { accessKey: "AKIA1", key: await keyOf("secret") };
const client = createClient({ base: "/v1", keypair, clock, onRefused: () => refused++ });
const told = await client.get("/things", { status: "failed", none: null, empty: "", text: "a b&c" }).then(
  (value) => ({ value }),
  ({ status, kind, detail, errors }) => ({ status, kind, detail, errors }),
);
console.log(JSON.stringify({ asked, told, refused }));
"""

PROBLEMS = "https://api.backend.ai/probs/"
SKEW = {
    "status": 400,
    "document": {"type": f"{PROBLEMS}invalid-auth-params", "title": "T", "msg": "skew"},
    "headers": {"Date": "Thu, 15 Jan 2026 10:30:00 GMT"},
}
FINE = {"status": 200, "document": {"fine": True}, "headers": {}}


def result(script: str, **given: Any) -> Any:
    """Run a script that is given values, and where the modules are."""
    modules = {name: str(SERVICE / f"{name}.js") for name in ("signing", "client", "clock")}
    return json.loads(run(f"const given = {json.dumps({**modules, **given})};{script}"))


def called(*answers: Any) -> Any:
    """Call a client whose stack answers this, and no more."""
    return result(CALL, answers=answers)


@pytest.mark.parametrize("secret", ["secret", "sécret 비밀"])
@pytest.mark.parametrize("date", ["2026-01-15T10:30:00.000Z", "2026-12-31T23:59:59.999Z"])
def test_the_service_accepts_its_signature(secret: str, date: str) -> None:
    """What the console signs the service verifies, and nothing can read the secret key out of its key."""
    request = {"method": "POST", "target": "/v1/notifications/rules?a=1", "host": "stack.example:8443"}
    signed = result(SIGN, secret=secret, date=date, request=request)
    headers = {name.lower(): text for name, text in signed["headers"].items()} | {"host": request["host"]}
    keypair = Keypair("AKIA1", secret, "viewer", "u", active=True)
    sent = SignedRequest(request["method"], (request["target"],), headers)
    at = datetime.fromisoformat(date).astimezone(UTC)
    assert verify(sent, {"AKIA1": keypair}, at) is keypair
    assert signed["kept"] == "unreadable"


def test_a_query_has_what_is_given() -> None:
    """Empty parameters are left out of a query, and the others are escaped."""
    assert called(FINE)["asked"][0]["target"] == "/v1/things?status=failed&text=a%20b%26c"


def test_a_wrong_clock_is_corrected_once() -> None:
    """When the service says that the clocks differ the request is signed again at its time, and only once."""
    healed = called(SKEW, FINE)
    dates = [one["date"] for one in healed["asked"]]
    assert dates == ["2026-01-15T03:00:00.000Z", "2026-01-15T10:30:00.000Z"]
    assert healed["told"] == {"value": {"fine": True}}
    twice = called(SKEW, SKEW, FINE)
    assert (len(twice["asked"]), twice["told"]["kind"]) == (2, "invalid-auth-params")


def test_the_time_of_a_response_is_taken_over() -> None:
    """Any response tells the server's time; what the network may have taken is no wrong clock."""
    tell = {"clock": str(SERVICE / "clock.js")}
    script = """
    const { createClock } = await import(given.clock);
    const clock = createClock(() => Date.parse("2026-01-15T10:00:00Z"));
    const told = given.dates.map((date) => [clock.correct(date), clock.now().toISOString().slice(11, 19)]);
    console.log(JSON.stringify(told));
    """
    dates = [f"Thu, 15 Jan 2026 {time} GMT" for time in ("10:00:09", "13:00:00", "13:00:05", "09:59:58")]
    told = [[False, "10:00:00"], [True, "13:00:00"], [False, "13:00:00"], [True, "09:59:58"]]
    assert result(script, **tell, dates=[*dates, None, "soon"]) == [*told, *[[False, "09:59:58"]] * 2]


def test_a_session_ends_only_with_its_keypair() -> None:
    """A request that is refused ends the session only if the keypair may not even ask who it is."""
    unknown = {"type": f"{PROBLEMS}auth-failed", "msg": "unknown"}
    refused = {"status": 401, "document": unknown, "headers": {}}
    ended = called(refused, refused)
    assert (ended["refused"], [one["target"] for one in ended["asked"]][1]) == (1, "/v1/notifications/whoami")
    kept = called(refused, FINE)
    assert (kept["refused"], kept["told"]["kind"]) == (0, "auth-failed")


def test_a_search_goes_on_after_a_thousand() -> None:
    """More than the service lists at once is asked for in portions, also of rules on custom types."""
    script = """
    const { searchSome } = await import(given.search);
    const asked = [];
    const post = async (path, { limit, offset }, { params }) => {
      asked.push([limit, offset, params.custom]);
      return { rules: Array(Math.min(limit, 1100 - offset)).fill({}), pagination: { total: 1100 } };
    };
    const found = await searchSome({ post }, "rules", {}, undefined, given.most);
    console.log(JSON.stringify([asked, found.found.length, found.total]));
    """
    search = str(SERVICE / "search.js")
    portions = [[1000, 0, True], [50, 1000, True]]
    assert result(script, search=search, most=1050) == [portions, 1050, 1100]
    assert result(script, search=search, most=50) == [[[50, 0, True]], 50, 1100]


def test_refusals_are_told() -> None:
    """A refusal has the service's words and the faulty fields; without a response it says so."""
    errors = [{"type": "missing", "loc": ["body", "name"], "msg": "Field required"}]
    refusal = {"type": f"{PROBLEMS}generic-bad-request", "msg": "wrong", "data": {"errors": errors}}
    found = called({"status": 400, "document": refusal, "headers": {}})
    told = {"status": 400, "kind": "generic-bad-request", "detail": "wrong", "errors": errors}
    assert (found["told"], found["refused"]) == (told, 0)
    assert called()["told"]["kind"] == "unreachable"
