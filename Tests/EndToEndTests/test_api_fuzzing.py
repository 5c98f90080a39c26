"""Made-up requests to every operation of the API, those that its description allows and those that it does not: no server error,
and no answer outside of the description. The same requests at each run; `make fuzz-api` makes more of them.
"""

import os

import api_description
import pytest
import requests
import schemathesis
import schemathesis.specs.openapi.checks
from control import ask_control
from hypothesis import HealthCheck, given, settings
from office import ROLES, Office

# Requests per operation and role; of each kind.
EXAMPLES = int(os.environ.get("PORTER_FUZZ_EXAMPLES", "5"))
# Each hashes a password, which takes a second in debug builds.
SLOW = {("POST", "/users"), ("PATCH", "/users/{name}")}
SLOW_EXAMPLES = 2
# People's roles, and the one that only tokens have.
FUZZED = [*ROLES, "provider"]
# A token may ask so often at once (`RequestAllowance`).
ALLOWANCE = 120

SCHEMA = schemathesis.openapi.from_dict(api_description.DOCUMENT)
OPERATIONS = {
    (operation.method.upper(), operation.path): operation for operation in (found.ok() for found in SCHEMA.get_all_operations())
}


class Tokens:
    """Tokens of one role, as many as are needed: each may ask so often and no more."""

    def __init__(self, office, role):
        self.office = office
        self.role = role
        self.left = 0

    def next(self):
        if self.left == 0:
            self.secret = make_token(self.office.porter, self.role)
            self.left = ALLOWANCE
        self.left -= 1
        return self.secret


def make_token(porter, role):
    return ask_control(porter, "POST", "/api/v1/tokens", {"name": f"fuzzing as {role}", "role": role}, status=201)["secret"]


@pytest.fixture(scope="module")
def fuzzed(shared_farm, staff):
    office = Office(shared_farm, staff=staff)
    # Whoever revokes tokens by small numbers finds these.
    for _ in range(20):
        make_token(office.porter, "marketing")
    office.by_role = {role: Tokens(office, role) for role in FUZZED}
    with requests.Session() as office.session:
        yield office


# What an answer is held against: the description, each in its own way.
CHECKS = [
    schemathesis.checks.not_a_server_error,
    schemathesis.specs.openapi.checks.status_code_conformance,
    schemathesis.specs.openapi.checks.content_type_conformance,
    schemathesis.specs.openapi.checks.response_headers_conformance,
    schemathesis.specs.openapi.checks.response_schema_conformance,
]


def send(office, case, role):
    """Makes the request of a case, and holds the answer against the description."""
    answer = case.call(
        base_url=f"http://127.0.0.1:{office.port}{api_description.PREFIX}",
        session=office.session,
        headers={"Authorization": f"Bearer {office.by_role[role].next()}"},
    )
    case.validate_response(answer, checks=CHECKS)
    assert answer.status_code != 429, "the tokens are used up: this proves nothing"


def cases():
    """What takes no parameter can't be asked in a wrong way."""
    found = []
    for (method, path), operation in OPERATIONS.items():
        takes_any = operation.body or operation.query or operation.path_parameters
        for mode in schemathesis.GenerationMode:
            if takes_any or mode == schemathesis.GenerationMode.POSITIVE:
                found.append(pytest.param((method, path), mode, id=f"{method} {path}-{mode.value}"))
    return found


@pytest.mark.parametrize(("operation", "mode"), cases())
@pytest.mark.parametrize("role", FUZZED)
def test_made_up_requests_are_answered_as_described(fuzzed, role, operation, mode):
    examples = min(EXAMPLES, SLOW_EXAMPLES) if operation in SLOW else EXAMPLES

    @settings(max_examples=examples, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=OPERATIONS[operation].as_strategy(mode))
    def ask(case):
        send(fuzzed, case, role)

    ask()


@pytest.mark.parametrize(
    "target",
    [
        "/api/v1/counts?by=%FF",
        "/api/v1/counts?since=99999999999999999999",
        "/api/v1/log?before=9223372036854775807",
        "/api/v1/log?before=9223372036854775808",
        "/api/v1/log?limit=1e3",
        "/api/v1/log?route=%00",
        "/api/v1/log/%00",
        "/api/v1/log?since=9999-12-31&until=9999-12-31",
        "/api/v1/log?since=-1",
        "/api/v1/partners?search=%ED%A0%80",
        "/api/v1/partners?search=%25%27%22_%00",
        "/api/v1/partners/%F0%9F%98%80/check",
        "/api/v1/partners/" + "9" * 5_000 + "/check",
        "/api/v1/partners/%2F..%2Fusers/check",
        "/api/v1/partners//check",
        "/api/v1/partners/1234567/statement?month=0000-01",
        "/api/v1/partners/1234567/statement?month=9999-12",
        "/api/v1/routes/%27%3B/source",
        "/api/v1/users/%20",
        "/api/v1/access-log?before=-1",
        "/api/v1/access-log?before=x",
        "/api/v1/lost?since=0001-01-01&until=9999-12-31",
        "/api/v1/lost?since=2016-01-02&until=2016-01-01",
        "/api/v1/explain?url=%00",
        "/api/v1/explain?url=http://h/&at=9999-12-31T23:59:59Z",
        "/api/v1/explain?url=http://h/&at=0001-01-01",
        "/api/v1/partners/1234567/kit?agreement=mosra&gateway=http://%5B::1%5D:65535&sign=1&until=0000-01-01",
        "/api/v1/partners/1234567/kit?agreement=mosra&gateway=https://" + "a." * 126 + "&campaign=%00",
        "/api/v1/partners/1234567/kit?format=guide&language=%2E%2E%2Fen&gateway=%ED%A0%80",
        "/api/v1/nothing",
        "/api/v1/",
        "/api/v1",
        "/api/v1/log/../users",
        "/api/v1/counts?" + "a=1&" * 1_000,
        "/api/v1/counts?timezone=" + "x" * 10_000,
    ],
)
def test_odd_requests_are_answered_as_described(office, target):
    assert office.request("GET", target, "admin").status != 500


def test_a_page_that_there_is_not_is_not_the_first_one(office):
    for target in ("/api/v1/access-log?before=x", "/api/v1/log?before=0"):
        office.get(target, status=400)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"\xff\xfe",
        b"{",
        b'{"name":1}',
        b'{"name":"a","role":"king"}',
        b'{"name":"\\ud800","role":"admin"}',
        b'{"name":"\\u0000","role":"admin","days":5}',
        b'{"name":"a","role":"admin","days":1e400}',
        b'{"name":"a","role":"admin","days":99999999999999999999}',
        b'{"name":"a","role":"admin","days":-1}',
        b"[" * 100_000,
        b'{"a":' * 60_000,
        b'{"name":"' + b"a" * 70_000 + b'"}',
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/tokens"),
        ("POST", "/users"),
        ("PATCH", "/users/nobody"),
        ("PATCH", "/partners/42"),
        ("POST", "/log/00000000000000000000000000/adjustment"),
        ("POST", "/partners/import"),
    ],
)
def test_odd_bodies_are_answered_as_described(fuzzed, method, path, body):
    fuzzed.tokens = fuzzed.tokens | {"admin": fuzzed.by_role["admin"].next()}
    answer = fuzzed.request(method, api_description.PREFIX + path, "admin", body)
    assert answer.status < 500
    # A partner can be added with its name alone.
    assert answer.status >= 400 or path == "/partners/42"
