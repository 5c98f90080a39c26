"""The API's description: there for everybody, and answers are held against it.

Every answer of the API that any test asks for goes through `api_description.check`; the tests of the room compare its paths with
those of the router.
"""

import json
from types import SimpleNamespace

import api_description
import jsonschema
import pytest
from api_description import DOCUMENT, operations, resolved
from wire import ask


def test_it_is_served_as_it_is_without_a_token(office):
    answer = office.get("/api/v1/openapi.json", None)
    assert json.loads(answer.text) == DOCUMENT
    assert answer.headers["Content-Type"].startswith("application/json")


def test_every_operation_says_its_role_and_how_it_refuses():
    for method, path, operation in operations():
        if operation.get("security") == []:
            continue
        assert operation["description"].startswith("Role: "), path
        # What any person may do, the provider's tokens may not.
        assert {"401", "403", "429"} <= set(operation["responses"]), path
        for status, response in operation["responses"].items():
            if status >= "400":
                assert list(resolved(response)["content"]) == ["application/problem+json"], f"{method} {path}"


def test_every_schema_is_one_and_its_examples_fit():
    for name, schema in DOCUMENT["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema)
        rooted = {"allOf": [schema], "components": DOCUMENT["components"]}
        for example in schema.get("examples", []):
            jsonschema.validate(example, rooted, jsonschema.Draft202012Validator)
        if schema.get("type") == "object" and name != "Facts":
            assert schema["additionalProperties"] is False, name


def test_roles_are_those_that_the_server_asks_for(office):
    """Whoever has the role that is named is let in, and whoever has less is not."""
    roles = ["marketing", "auditor", "admin"]
    for method, path, operation in operations():
        if operation.get("security") == []:
            continue
        needed = operation["description"].removeprefix("Role: ").split()[0].strip(".,")
        # The provider's calls are open to it and to admins; what else it may not do is tested with them.
        needed = "admin" if needed == "provider" else needed
        target = "/api/v1" + path.replace("{receipt}", "0" * 26).replace("{name}", "nobody").replace("{version}", "none")
        target = target.replace("{id}", "9999999999").replace("{key}", "1")
        for role in roles:
            status = office.request(method, target, role, "" if method in ("POST", "PATCH") else None).status
            assert (status == 403) == (roles.index(role) < roles.index(needed)), f"{method} {path} as {role}: {status}"
        assert office.request(method, target).status == 401


def test_other_methods_are_refused_with_those_that_there_are(office):
    for path, item in DOCUMENT["paths"].items():
        there = {method.upper() for method in item if method != "parameters"}
        target = "/api/v1" + path.replace("{receipt}", "0" * 26).replace("{name}", "nobody").replace("{version}", "none")
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - there:
            if (method, path) == ("POST", "/access-log"):
                continue
            # Whoever asks: no token is used up.
            answer = office.request(method, target.replace("{id}", "9999999999").replace("{key}", "1"))
            assert answer.status == 405, f"{method} {path}: {answer.status}"
            assert there <= set(answer.headers["Allow"].split(", ")), f"{method} {path}"


@pytest.mark.parametrize(
    ("role", "method", "path", "document"),
    [
        ("admin", "PATCH", "/users/nobody", {"dissabled": True}),
        ("admin", "POST", "/users", {"name": "anna", "role": "admin", "password": "violet kettle drums 9", "disabled": True}),
        ("admin", "POST", "/tokens", {"name": "a", "role": "marketing", "day": 1}),
        ("admin", "POST", "/log/00000000000000000000000000/adjustment", {"partner": None, "note": "a", "notes": "b"}),
        ("auditor", "POST", "/log/00000000000000000000000000/notes", {"text": "a", "texts": "b"}),
    ],
)
def test_misspelt_members_are_refused(office, role, method, path, document):
    problem = office.send(method, "/api/v1" + path, document, role, status=400)
    assert "the body has" in problem["detail"]


@pytest.mark.parametrize(
    ("status", "media_type", "document"),
    [
        (418, "application/json", {"records": []}),
        (200, "text/plain", {"records": []}),
        (200, "application/json", {"records": [], "surprise": 1}),
        (200, "application/json", {"records": [{"seq": 0}]}),
        (200, "application/json", {}),
        (401, "application/problem+json", {"type": "unauthorized", "title": "", "status": 401, "detail": ""}),
    ],
)
def test_an_answer_that_is_not_described_is_noticed(status, media_type, document):
    answer = SimpleNamespace(status=status, headers={"Content-Type": media_type}, text=json.dumps(document))
    answer.headers = type("Headers", (dict,), {"__missing__": lambda self, name: None})(answer.headers)
    with pytest.raises(AssertionError):
        api_description.check("GET", "/api/v1/log?limit=1", answer)


def test_records_of_every_outcome_are_described(office):
    for partner in ("1234567", "4567890", "6789012", "7654321", "99", "01", "xxxxx", "a", "%FF", "1&POR=2"):
        ask(office.porter, f"/enterprisetry.html?Partner={partner}&culture=fr-FR&country=ca&campaign=spring&zz=1")
    ask(office.porter, "/smallbizbuy.html", "http", fields=["User-Agent: curl/8", "Referer: https://www.example.org/"])
    assert len(office.json("/api/v1/log")["records"]) == 11
    assert len(office.get("/api/v1/log.ndjson").text.splitlines()) == 11
