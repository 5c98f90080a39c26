"""Signed kits, from the partner's key to records: `porter kit --sign`, and `porter kit check` of what it set."""

import json
import os
import re
import sqlite3
import stat
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import hive
import pytest
from running import REPOSITORY, command
from windows_text import BATCH, POWERSHELL, arguments, batch_command, literals, nodes, parsed
from wire import ask

# A reseller of the sample partners, who gets a key; there is another without one.
PARTNER = "2345678"
GATEWAY = "https://gateway.example.com"
ENDPOINTS = [("enterprise", "buy"), ("enterprise", "trial"), ("small-business", "buy"), ("small-business", "trial")]
ROUTE = """\
name: {edition}-{action}
match: {{ paths: [/{edition}-{action}.html, "/p/{{partner}}/{edition}/{action}"] }}
endpoint: {{ edition: {edition}, action: {action} }}
origin: essentials
campaign: {{ parameters: [campaign], pattern: "[a-z0-9-]{{1,40}}" }}
partner: {{ signature: "{rule}" }}
destination:
  url: https://signup.example.com/Signup
  query:
    - {{ name: msppid, from: partner }}
"""


def routes(write, rule, folder="routes"):
    texts = {f"{edition}-{action}": ROUTE.format(edition=edition, action=action, rule=rule) for edition, action in ENDPOINTS}
    return write(folder, **texts)


@pytest.fixture
def porter(farm, write_routes):
    """A server whose routes require signatures, and one key of a reseller."""
    porter = farm.start(routes=routes(write_routes, "require"))
    porter.command("partner", "key", "add", PARTNER, check=0)
    porter.folders = ["--routes", porter.routes, "--public", REPOSITORY / "Public"]
    return porter


def make(porter, *options, partner=PARTNER, check=0, **more):
    """Runs `porter kit` for the reseller's agreement, signed."""
    order = [partner, "--agreement", "mosra", "--gateway", GATEWAY, "--sign", *options]
    return porter.command("kit", *order, *porter.folders, check=check, **more)


def urls(porter, *options, **more):
    told = json.loads(make(porter, *options, "--json", **more).stdout)
    return {value["name"]: value["data"] for value in told["values"] if value["name"] != "Partner"}


def judged(porter, url):
    parts = urlsplit(url)
    record = porter.record(ask(porter, f"{parts.path}?{parts.query}", host=parts.netloc).receipt)
    return record["outcome"], record["signature"], record.get("campaign")


def last_second(day):
    return int(datetime.fromisoformat(f"{day}T23:59:59+00:00").timestamp())


def in_days(days):
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def test_signed_urls_lead_to_attributed_records(porter):
    for name, url in urls(porter, "--campaign", "spring").items():
        assert judged(porter, url) == ("attributed", "valid", "spring"), name
        assert judged(porter, url.replace("campaign=spring", "campaign=summer")) == ("unsigned", "invalid", "summer")
        other = url.replace("/buy?", "/trial?") if "/buy?" in url else url.replace("/trial?", "/buy?")
        assert judged(porter, other) == ("unsigned", "invalid", "spring"), "a signature is for one path"
        last = url[-1]
        assert judged(porter, url[:-1] + ("0" if last != "0" else "1")) == ("unsigned", "invalid", "spring")


def test_the_newest_key_signs_and_retired_ones_are_worth_nothing(porter):
    old = urls(porter)["MOSRASTDBUY"]
    porter.command("partner", "key", "add", PARTNER, check=0)
    new = urls(porter)["MOSRASTDBUY"]
    assert judged(porter, old)[:2] == judged(porter, new)[:2] == ("attributed", "valid")
    listed = json.loads(porter.command("partner", "key", "list", PARTNER, "--json", check=0).stdout)
    porter.command("partner", "key", "retire", PARTNER, str(listed[-1]["id"]), check=0)
    assert judged(porter, old)[:2] == ("unsigned", "invalid")
    assert judged(porter, new)[:2] == ("attributed", "valid")


def test_the_end_is_the_day_that_is_named_or_in_five_years(porter):
    (end,) = {parse_qs(urlsplit(url).query)["exp"][0] for url in urls(porter, "--until", in_days(40)).values()}
    assert int(end) == last_second(in_days(40))
    done = make(porter, "--format", "cmd")
    day = re.fullmatch(r"the URLs are signed, and valid through (\d{4}-\d\d-\d\d), UTC\n", done.stderr)[1]
    assert int(day[:4]) == datetime.now(UTC).year + 5
    assert f"valid through {day}" in done.stdout
    told = json.loads(make(porter, "--json").stdout)
    assert told["signed_through"] == day
    assert {signup["signature"] for signup in told["signups"]} == {"valid"}
    assert told["name"] == f"porter-{PARTNER}-mosra-signed.reg"
    today = urls(porter, "--until", in_days(0))["MOSRASTDBUY"]
    assert judged(porter, today)[:2] == ("attributed", "valid"), "the last day counts"


def test_every_file_sets_the_same_urls(porter, tmp_path):
    wanted = {"Partner": PARTNER} | urls(porter, "--until", "2099-12-31")

    def file(name):
        return make(porter, "--until", "2099-12-31", "--format", name, text=False).stdout

    assert all("&sig=" in url for name, url in wanted.items() if name != "Partner")
    reg = tmp_path / "kit.reg"
    reg.write_bytes(file("reg"))
    software = hive.make(tmp_path / "SOFTWARE")
    hive.import_reg(software, reg)
    assert hive.values(software) == wanted

    def added(found):
        return found[3], found[found.index("/d") + 1]

    batch = file("cmd").decode("ascii")
    parsed(BATCH, batch)
    lines = [line for line in batch.split("\r\n") if "reg.exe" in line and not line.startswith("rem ")]
    commands = [batch_command(line, systemroot=r"C:\Windows") for line in lines]
    assert {rest for _, rest in commands} == {">nul || goto failed"}, "no & is cmd.exe's"
    assert dict(added(found[1:]) for found, _ in commands) == wanted
    for name in ("ps1", "offline"):
        root = parsed(POWERSHELL, file(name).decode("ascii"))
        assert dict(literals(node) for node in nodes(root, "hash_literal_expression")) == wanted
    paths = re.findall(r"<Path>(.*?)</Path>", file("unattend").decode())
    assert all("&sig=" not in path for path in paths)
    assert dict(added(arguments(unescaped(path))[1:]) for path in paths) == wanted
    usual = make(porter, "--until", "2099-12-31", "--format", "unattend", "--campaign", "spring-2026").stdout
    assert usual.count("campaign=spring-2026&amp;exp=") == 4, "an ordinary campaign fits, with the signature"
    guide = file("guide").decode()
    told = [arguments(unescaped(line))[1:] for line in re.findall(r"reg add .*?(?=\n|</pre>)", guide)]
    assert dict(added(found) for found in told) == wanted
    assert "31 décembre 2099" in guide, "the partner reads French"


def unescaped(text):
    for entity, character in (("&quot;", '"'), ("&lt;", "<"), ("&gt;", ">"), ("&#39;", "'"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return text


def test_a_server_with_a_signed_kit_is_checked_with_the_keys(porter, tmp_path, write_routes):
    reg = tmp_path / "kit.reg"
    make(porter, "--campaign", "spring", "--output", reg)
    assert stat.S_IMODE(os.stat(reg).st_mode) == 0o600, "others on the machine may not read it"

    def check(file, *options, check, folder=porter.routes):
        order = [file, "--gateway", GATEWAY, "--json", "--routes", folder, *options]
        return json.loads(porter.command("kit", "check", *order, check=check).stdout)

    def findings(told):
        return {(one["severity"], one["code"], one.get("value")) for one in told["findings"]}

    told = check(reg, check=0)
    assert told["findings"] == []
    assert {signup["signature"] for value in told["values"] for signup in value["signups"]} == {"valid"}
    changed = tmp_path / "changed.reg"
    text = reg.read_bytes().decode("utf-16").replace("campaign=spring", "campaign=summer", 1)
    changed.write_bytes(text.encode("utf-16"))
    told = check(changed, check=1)
    assert findings(told) == {("mistake", "not-attributed", "MOSRASTDBUY")}
    assert "unsigned, signature invalid" in told["findings"][0]["message"]
    told = check(reg, "--at", "2099-01-01", check=1)
    assert {one["code"] for one in told["findings"]} == {"not-attributed"}
    assert all("signature expired" in one["message"] for one in told["findings"])
    reporting = routes(write_routes, "report", "reporting")
    assert findings(check(changed, check=0, folder=reporting)) == {("warning", "signature-invalid", "MOSRASTDBUY")}
    alone = tmp_path / "alone.reg"
    porter.command("kit", PARTNER, *porter.folders, "--output", alone, check=0)
    told = check(alone, check=1)
    assert findings(told) == {("mistake", "not-attributed", "Partner")}
    assert "--sign" in told["findings"][0]["message"]


def test_unsigned_kits_for_routes_that_require_signatures_warn(porter):
    order = ["--agreement", "mosra", "--gateway", GATEWAY, "--format", "cmd"]
    done = porter.command("kit", PARTNER, *order, *porter.folders, check=0)
    assert "unsigned, signature absent" in done.stderr
    assert "require signed links" in done.stderr


def test_what_cannot_be_signed_is_refused(porter):
    def refused(*order):
        done = porter.command("kit", *order, *porter.folders, check=2)
        assert done.stdout == ""
        assert done.stderr.startswith("error: ") and done.stderr.count("\n") == 1, done.stderr
        return done.stderr

    mosra = ["--agreement", "mosra", "--gateway", GATEWAY]
    assert "porter partner key add 1234567" in refused("1234567", *mosra, "--sign")
    assert "porter partner key add 9999999" in refused("9999999", *mosra, "--sign")
    assert "mospa sets no URL" in refused(PARTNER, "--sign")
    assert "until says when signatures end" in refused(PARTNER, *mosra, "--until", "2099-01-01")
    assert "a day that is over" in refused(PARTNER, *mosra, "--sign", "--until", "2016-10-03")
    assert "YYYY-MM-DD" in refused(PARTNER, *mosra, "--sign", "--until", "in May")
    assert "5138" in refused(PARTNER, *mosra, "--sign", "--until", "9999-12-31")
    assert "259" in refused(PARTNER, *mosra, "--sign", "--campaign", "a" * 40, "--format", "unattend")


def test_its_undo_needs_no_key(porter):
    order = ["1234567", "--agreement", "mosra", "--gateway", GATEWAY, "--format", "cmd", "--sign", "--undo"]
    done = porter.command("kit", *order, *porter.folders, check=0)
    assert done.stderr == ""
    assert "sig=" not in done.stdout


@pytest.mark.parametrize("is_running", [True, False])
def test_signed_kits_are_in_the_access_log(porter, is_running):
    if not is_running:
        porter.stop()
    make(porter, "--until", "2099-12-31", "--format", "ps1")
    command("kit", PARTNER, "--format", "cmd", *porter.folders, data=porter.data, check=0)
    if not is_running:
        porter.start()
    with_actions = porter_access(porter)
    assert ("kit", f"{PARTNER} mosra ps1, signed through 2099-12-31") in with_actions
    assert [action for action, _ in with_actions].count("kit") == 1


def porter_access(porter):
    with sqlite3.connect(f"file:{porter.data}/office.db?mode=ro", uri=True) as office:
        return office.execute("SELECT action, what FROM access ORDER BY id").fetchall()
