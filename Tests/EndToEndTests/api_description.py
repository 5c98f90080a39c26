"""The API's description, and whether answers are what it says."""

import json
import re
import urllib.parse

import jsonschema
from running import REPOSITORY

PREFIX = "/api/v1"
DOCUMENT = json.loads((REPOSITORY / "Public/back-office/openapi.json").read_text("utf-8"))
PROBLEM = "application/problem+json"


def resolved(node):
    """What a reference refers to."""
    while "$ref" in node:
        target = DOCUMENT
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def operations():
    """Every method and path with its operation."""
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield method.upper(), path, operation


def _pattern(path):
    return re.compile(re.sub(r"\\\{[a-z]+\\\}", "[^/]+", re.escape(path)))


# Fixed paths go before those with a parameter in the same place, as in the router.
_PATTERNS = [(_pattern(path), path) for path in sorted(DOCUMENT["paths"], key=lambda path: "{" in path)]


def check(method, target, answer):
    """Fails when an answer of the API is none that its description allows. `answer` has status, headers and text."""
    # The router passes over empty parts of a path.
    path = re.sub("/+", "/", urllib.parse.urlsplit(target).path).removeprefix(PREFIX)
    described = next((known for pattern, known in _PATTERNS if pattern.fullmatch(path)), None)
    item = DOCUMENT["paths"][described] if described else {}
    operation = item.get("get" if method == "HEAD" else method.lower())
    if operation is None:
        # A path that there is not, or not with this method: the same everywhere.
        expected = 405 if described else 404
        assert answer.status in (expected, 401, 403, 429), f"{method} {target}: {answer.status}, not {expected}"
        assert answer.headers["Content-Type"] == PROBLEM
        assert answer.status != 405 or answer.headers["Allow"], f"{method} {target} does not say what is allowed"
        return
    where = f"{method} {target}: {answer.status}"
    responses = operation["responses"]
    assert str(answer.status) in responses, f"{where} is not in the description of {described}"
    response = resolved(responses[str(answer.status)])
    for name, header in response.get("headers", {}).items():
        value = answer.headers[name]
        assert value is not None or not resolved(header).get("required"), f"{where} has no {name}"
    content = response.get("content")
    if content is None:
        assert answer.text == "", f"{where} has a body"
        return
    media_type = answer.headers["Content-Type"].partition(";")[0]
    assert media_type in content, f"{where} is {media_type}, not {', '.join(content)}"
    if method == "HEAD":
        return
    if media_type.endswith("json") and media_type != "application/x-ndjson":
        _validate(content[media_type]["schema"], json.loads(answer.text), where)
    elif media_type == "application/x-ndjson":
        for line in answer.text.splitlines():
            _validate(content[media_type]["x-line"], json.loads(line), where)


def _validate(schema, value, where):
    # References are looked up from the root.
    validator = jsonschema.Draft202012Validator({"allOf": [schema], "components": DOCUMENT["components"]})
    faults = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]
    assert not faults, f"{where} is not what the description says: {faults}"
