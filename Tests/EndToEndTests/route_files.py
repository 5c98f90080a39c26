"""Route files: the shipped ones as they are read by someone else than Porter, and texts of the tests' own."""

import re
from urllib.parse import quote

import yaml
from running import SHIPPED_ROUTES

RECEIPT = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")

SHIPPED = {
    (route["endpoint"]["edition"], route["endpoint"]["action"]): route
    for route in (yaml.load(path.read_text("utf-8"), yaml.BaseLoader) for path in sorted(SHIPPED_ROUTES.glob("*.yaml")))
}


def location(route, **values):
    """The Location that a route file asks for, byte for byte. `values` holds, by source, what the sign-up brought."""
    destination = route["destination"]
    pairs = []
    for parameter in destination.get("query", []):
        if "value" in parameter:
            value = parameter["value"]
        else:
            value = values.get(parameter["from"].replace("query:", ""), parameter.get("default"))
        if value is not None:
            # RFC 3986's unreserved characters stay, all others become %XX.
            pairs.append(f"{quote(parameter['name'], safe='')}={quote(value, safe='')}")
    query = "?" + "&".join(pairs) if pairs else ""
    fragment = f"#{destination['fragment']}" if "fragment" in destination else ""
    return destination["url"] + query + fragment


def route(name, path=None, url="https://signup.example.com/Signup", **more):
    """A short route file: redirects `path` with the partner and the receipt."""
    lines = [
        f"name: {name}",
        f"match: {{ paths: [{path or '/' + name}]{more.pop('match', '')} }}",
        f"partner: {{ otherwise: {more.pop('otherwise', 'redirect')}, require: {more.pop('require', 'directory')} }}",
        "destination:",
        f"  url: {url}",
        "  query:",
        "    - { name: msppid, from: partner }",
        "    - { name: word, from: 'query:word', pattern: '.{1,100}' }",
        "    - { name: rid, from: receipt }",
    ]
    assert not more, more
    return "\n".join(lines) + "\n"
