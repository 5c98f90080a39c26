"""The back office over HTTP: who may read what, the API, signing in."""

import csv
import html
import io
import json
import re
import time
import urllib.parse

import pytest
from office import PASSWORD, Browser, Office
from running import eventually
from texts import english_in, is_french
from wire import ask


@pytest.fixture(scope="module")
def office(office):
    office.receipts = [
        ask(office.porter, f"/enterprisetry.html?Partner={partner}&culture=fr-FR").receipt
        for partner in ("1234567", "1234576", "1234567", "xxxxx")
    ]
    return office


READS = {
    "marketing": [
        "/api/v1/counts",
        "/api/v1/counts.csv",
        "/api/v1/counts.ndjson",
        "/api/v1/partners/1234567/check",
        "/api/v1/partners/1234567/kit?format=cmd",
        "/api/v1/routes",
    ],
    "auditor": ["/api/v1/log", "/api/v1/log.csv", "/api/v1/log.ndjson", "/api/v1/partners", "/api/v1/partners/1234567"],
    "admin": ["/api/v1/users", "/api/v1/tokens", "/api/v1/access-log"],
}


@pytest.mark.parametrize("needed", READS)
@pytest.mark.parametrize("role", ["marketing", "auditor", "admin"])
def test_each_role_reads_what_it_may_and_nothing_else(office, role, needed):
    roles = list(READS)
    expected = 200 if roles.index(role) >= roles.index(needed) else 403
    for target in READS[needed]:
        answer = office.get(target, role, expected)
        if expected == 403:
            assert answer.headers["Content-Type"] == "application/problem+json"
            problem = json.loads(answer.text)
            assert (problem["status"], problem["type"]) == (403, "forbidden")


def test_without_a_token_nothing_is_told(office):
    for targets in READS.values():
        for target in targets:
            answer = office.get(target, None, 401)
            assert answer.headers["WWW-Authenticate"] == "Bearer"
    answer = office.get("/api/v1/counts", None, 401, Authorization="Bearer porter_wrong")
    assert "none of ours" in json.loads(answer.text)["detail"]
    for page in ("/overview", "/sign-in"):
        told = office.get(page, None, 401, Authorization="Bearer porter_wrong")
        assert told.headers["Content-Type"].startswith("application/problem+json"), "a program is not led to sign in"
    assert office.get("/sign-in", None, 200, Authorization="Basic YTpi").text.startswith("<!DOCTYPE html>")


def test_only_admins_change_anything(office):
    for role in ("marketing", "auditor"):
        for method, target in (
            ("PATCH", "/api/v1/partners/1234567"),
            ("POST", "/api/v1/partners/import"),
            ("POST", f"/api/v1/log/{office.receipts[1]}/adjustment"),
            ("POST", "/api/v1/users"),
            ("POST", "/api/v1/tokens"),
            ("DELETE", "/api/v1/tokens/1"),
            ("POST", "/api/v1/reload"),
        ):
            assert office.request(method, target, role, "{}").status == 403, target


def test_counts_are_those_of_the_command_line(office):
    told = office.json("/api/v1/counts?by=outcome,partner", "marketing")
    printed = json.loads(office.porter.command("counts", "--by", "outcome,partner", "--json", check=0).stdout)
    names = ["outcome", "partner", "requests", "visits", "unique", "attributed"]
    assert [[line[name] for name in names] for line in told["lines"]] == [[line[name] for name in names] for line in printed]
    assert told["total"]["requests"] == 4
    assert office.json("/api/v1/counts?by=outcome&partner=1234567")["total"]["requests"] == 2
    lines = office.get("/api/v1/counts.ndjson?by=outcome", "marketing").text.splitlines()
    assert [json.loads(line) for line in lines] == office.json("/api/v1/counts?by=outcome", "marketing")["lines"] != []
    text = office.get("/api/v1/counts.csv?by=outcome", "marketing").text
    assert text.startswith("\ufeffoutcome,requests,visits,unique,attributed,adjusted,net\r\n")
    for query in ("by=nothing", "by=outcome,outcome", "since=yesterday", "timezone=Mars", "by=culture&partner=1"):
        assert json.loads(office.get(f"/api/v1/counts?{query}", "marketing", 400).text)["type"] == "invalid-request"


def test_the_log_is_read_page_by_page_and_exported(office):
    first = office.json("/api/v1/log?limit=3", "auditor")
    second = office.json(f"/api/v1/log?limit=3&before={first['next']}", "auditor")
    receipts = [record["receipt"] for record in first["records"] + second["records"]]
    assert receipts == list(reversed(office.receipts))
    assert "next" not in second
    assert [record["receipt"] for record in office.json("/api/v1/log?outcome=placeholder")["records"]] == [office.receipts[3]]
    rows = list(csv.DictReader(io.StringIO(office.get("/api/v1/log.csv?partner=1234567", "auditor").text.lstrip("\ufeff"))))
    assert [row["receipt"] for row in rows] == [office.receipts[0], office.receipts[2]]
    lines = office.get("/api/v1/log.ndjson", "auditor").text.splitlines()
    assert [json.loads(line)["receipt"] for line in lines] == office.receipts
    record = office.json(f"/api/v1/log/{office.receipts[0]}", "auditor")
    assert record["record"]["partner"] == "1234567"
    assert record["adjustments"] == []
    office.get("/api/v1/log?outcome=nonsense", "auditor", 400)
    office.get("/api/v1/log/" + "0" * 26, "auditor", 404)


def test_a_partner_is_edited_only_by_who_saw_its_last_state(office):
    answer = office.get("/api/v1/partners/1234567")
    tag = answer.headers["ETag"]
    office.send("PATCH", "/api/v1/partners/1234567", {"name": "New name"}, If_Match=tag)
    office.send("PATCH", "/api/v1/partners/1234567", {"name": "Newer"}, status=412, If_Match=tag)
    assert office.json("/api/v1/partners/1234567")["name"] == "New name"
    assert [partner["id"] for partner in office.json("/api/v1/partners?search=New+n")["partners"]] == ["1234567"]
    assert office.json("/api/v1/partners/1234567/history")[-1]["partner"]["name"] == "New name"


def test_check_says_why_an_id_is_not_usable(office):
    def check(text):
        return office.json("/api/v1/partners/" + urllib.parse.quote(text, safe="") + "/check", "marketing")

    assert check("1234567")["usable"] is True
    assert check("7654329")["outcome"] == "unknown"
    assert (check("0123")["outcome"], check("0123")["reason"]) == ("malformed", "leading-zero")
    assert check("5d3f0a7e-1b2c-4d5e-8f90-a1b2c3d4e5f6")["outcome"] == "guid"
    assert check("xxxxx")["outcome"] == "placeholder"


def test_check_says_from_when_until_when_an_id_may_be_attributed(office):
    dates = {"valid_from": "2016-10-03", "valid_to": "2017-10-02"}
    office.send("PATCH", "/api/v1/partners/555001", {"name": "A year", "status": "active"} | dates)
    told = office.json("/api/v1/partners/555001/check", "marketing")
    assert {name: told[name] for name in dates} == dates
    assert (told["outcome"], told["reason"]) == ("expired", "no-longer-valid")
    assert "valid_to" not in office.json("/api/v1/partners/1234567/check", "marketing")
    page = office.signed_in("auditor").open("/check?id=555001").text
    assert all(re.search(f"<p>{name}: [^<]*{year}", page) for name, year in (("Valid from", 2016), ("Valid to", 2017)))


def test_the_locations_of_a_global_account_are_listed(office):
    def listed(query):
        return [partner["id"] for partner in office.json(f"/api/v1/partners?{query}")["partners"]]

    for id, partner in {
        "555100": {"name": "Everywhere", "account": "global"},
        "555101": {"name": "North", "parent": "555100"},
        "555102": {"name": "South", "parent": "555100", "status": "suspended"},
    }.items():
        office.send("PATCH", f"/api/v1/partners/{id}", {"status": "active"} | partner)
    assert listed("parent=555100") == ["555101", "555102"]
    assert listed("parent=555100&status=active") == ["555101"]
    assert listed("parent=555100&after=555101") == ["555102"]
    assert listed("parent=1234567") == []
    office.get("/api/v1/partners?parent=x", "auditor", 422)


def test_lost_attributions_are_told_with_who_was_probably_meant(office):
    assert ask(office.porter, "/enterprisetry.htm?Partner=1234567").status == 404

    def told():
        # The token's allowance: asked as often as can be, it would be used up.
        time.sleep(0.5)
        lost = office.json("/api/v1/lost?since=2016-01-01&until=2100-01-01", "marketing")
        return lost if lost["unmatched"] else None

    lost = eventually(told, "the unmatched path is written with a later commit")
    assert lost["unknown"][0]["id"] == "1234576"
    assert "1234567" in [partner["id"] for partner in lost["unknown"][0]["near"]]
    assert lost["unmatched"][0]["path"] == "/enterprisetry.htm"
    office.get("/api/v1/lost?since=yesterday", "marketing", 400)


def test_an_adjustment_is_made_over_the_api(office):
    target = f"/api/v1/log/{office.receipts[1]}/adjustment"
    made = office.send("POST", target, {"partner": "1234567", "note": "typed wrong"}, status=201)
    case = office.json(f"/api/v1/log/{office.receipts[1]}")
    assert [record["receipt"] for record in case["adjustments"]] == [made["receipt"]]
    assert case["adjustments"][0]["adjusted_by"] == "for admin"
    office.send("POST", target, {"partner": "1234567", "note": "again"}, status=409)
    office.send("POST", target, {"partner": "x", "note": "again"}, status=400)
    office.send("POST", target, {"note": 1}, status=400)


def test_every_read_of_records_is_in_the_access_log(office):
    office.get("/api/v1/log?partner=77", "auditor")
    office.get(f"/api/v1/log/{office.receipts[0]}", "auditor")
    entries = office.json("/api/v1/access-log?limit=2")["entries"]
    assert [(entry["who"], entry["way"], entry["action"]) for entry in entries] == [
        ("for auditor", "token", "record-read"),
        ("for auditor", "token", "log-read"),
    ]
    assert entries[1]["what"] == "partner=77"
    assert entries[0]["address"] == "127.0.0.1"


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_every_export_of_counts_is_in_the_access_log(office, form):
    assert office.get(f"/api/v1/counts.{form}?by=day,outcome", "marketing").status == 200
    entry = office.json("/api/v1/access-log?limit=1")["entries"][0]
    assert (entry["action"], entry["what"]) == ("counts-export", f"{form} by=day,outcome")
    assert entry["way"] == "token"


def test_every_read_of_partners_details_is_in_the_access_log(office):
    browser = office.signed_in("admin")
    target = "/api/v1/partners/4567890"
    office.send("PATCH", target, {"email": "somebody@partner.example"})
    edit = {"form-token": browser.form_token("/partners/new"), "version": "1", "status": "sleepy"}
    csv_of_one = b"id,name,status\n4567890,Another,active\n"

    def last():
        entry = office.json("/api/v1/access-log?limit=1")["entries"][0]
        return entry["who"], entry["way"], entry["action"], entry["what"]

    for role, read, what in (
        ("auditor", lambda: office.get("/api/v1/partners?search=45&limit=2", "auditor"), "list search=45&limit=2"),
        ("auditor", lambda: office.get(target, "auditor"), "4567890"),
        ("auditor", lambda: office.get(target + "/history", "auditor"), "4567890, its history"),
        ("admin", lambda: office.request("PATCH", target + "?dry-run=1", "admin", '{"email": ""}'), "4567890, what would change"),
        (
            "admin",
            lambda: office.request("POST", "/api/v1/partners/import?dry-run=1&file=p.csv", "admin", csv_of_one),
            "p.csv, what would change",
        ),
        (None, lambda: browser.open("/partners/4567890"), "4567890"),
        (None, lambda: browser.open("/partners/4567890/edit"), "4567890, to edit it"),
        (None, lambda: browser.open("/partners/4567890/edit", "POST", edit), "4567890, to edit it"),
    ):
        read()
        assert last() == (f"for {role}" if role else "admin", "token" if role else "session", "partner-read", what)
    before = last()
    page = browser.open("/partners")
    assert "4567890" in page.text
    assert "somebody@partner.example" not in page.text
    assert last() == before


@pytest.mark.parametrize("options, expected", [(["--trusted-proxy", "127.0.0.1/32"], "203.0.113.9"), ([], "127.0.0.1")])
def test_the_access_log_believes_trusted_proxies_and_nobody_else(farm, staff, options, expected):
    office = Office(farm, *options, staff=staff)
    office.get("/api/v1/log", "auditor", X_Forwarded_For="198.51.100.1, 203.0.113.9")
    assert office.json("/api/v1/access-log?limit=1")["entries"][0]["address"] == expected


def test_a_token_that_asks_too_often_waits(farm, staff):
    office = Office(farm, staff=staff)
    statuses = [office.request("GET", "/api/v1/routes", "marketing").status for _ in range(300)]
    assert statuses.count(200) >= 120
    assert 429 in statuses
    assert office.request("GET", "/api/v1/routes", "auditor").status == 200


def test_a_session_that_asks_too_often_waits_as_well(farm, staff):
    office = Office(farm, staff=staff)
    browser = office.signed_in("marketing")
    allowed = 0
    while (answer := browser.open("/")).status == 303 and allowed < 5_000:
        allowed += 1
    assert answer.status == 429
    assert allowed >= 590
    assert int(answer.headers["Retry-After"]) >= 1
    assert office.signed_in("auditor").open("/").status == 303
    assert office.request("GET", "/api/v1/routes", "marketing").status == 200


# Signing in


def test_without_a_user_the_sign_in_page_says_how_to_make_one(farm):
    office = Office(farm)
    page = office.get("/sign-in", None)
    assert "porter user add NAME --role admin" in page.text
    assert "<form" not in page.text.split("<main")[1]


def test_signing_in_and_out(office):
    browser = Browser(office)
    assert browser.open("/log").headers["Location"].startswith("/sign-in?next=")
    answer = browser.sign_in("auditor")
    assert (answer.status, answer.headers["Location"]) == (303, "/log")
    cookie = next(field for field in answer.headers.get_all("Set-Cookie") if field.startswith("porter="))
    for attribute in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert attribute in cookie
    page = browser.open("/log")
    assert page.status == 200
    assert office.receipts[0] in page.text
    token = re.search(r'action="/sign-out"><input type="hidden" name="form-token" value="([0-9a-f]+)"', page.text)[1]
    assert browser.open("/sign-out", "POST", {"form-token": "0" * 64}).status == 403
    kept = dict(browser.cookies)
    assert browser.open("/sign-out", "POST", {"form-token": token}).status == 303
    browser.cookies = kept
    assert browser.open("/log").status == 303


def test_every_window_with_the_sign_in_page_can_sign_in(office):
    browser = Browser(office)
    tokens = [browser.form_token("/sign-in") for _ in range(3)]
    form = {"name": "auditor", "password": PASSWORD, "next": "/log"}
    for token in tokens:
        answer = browser.open("/sign-in", "POST", form | {"form-token": token})
        assert (answer.status, answer.headers["Location"]) == (303, "/log")
        assert browser.cookies.pop("porter")
    other = Browser(office)
    stranger = other.form_token("/sign-in")
    refused = browser.open("/sign-in", "POST", form | {"form-token": stranger})
    assert refused.status == 403
    assert 'name="name" value="auditor"' in refused.text, "what was typed stands there"
    assert "porter" not in browser.cookies
    crossing = browser.open("/sign-in", "POST", form | {"form-token": tokens[0]}, Sec_Fetch_Site="cross-site")
    assert crossing.status == 403
    odd = Browser(office)
    odd.cookies["porter-form"] = "x"
    assert odd.sign_in("auditor").status == 303
    assert len(odd.cookies["porter-form"]) == 43


def test_sign_ins_are_in_the_access_log(office):
    browser = office.signed_in("auditor")
    token = browser.form_token("/account")
    browser.open("/sign-out", "POST", {"form-token": token})
    assert Browser(office).sign_in("auditor", "wrong password 1").status == 401
    entries = office.json("/api/v1/access-log?limit=3&who=auditor")["entries"]
    assert [entry["action"] for entry in entries] == ["sign-in-failed", "sign-out", "sign-in"]
    # Perhaps it is a password.
    assert Browser(office).sign_in("hunter2 hunter2 hunter2", "wrong password 1").status == 401
    (entry,) = office.json("/api/v1/access-log?limit=1")["entries"]
    assert (entry["action"], entry["who"]) == ("sign-in-failed", "(unknown)")
    assert {(entry["way"], entry["address"]) for entry in entries} == {("session", "127.0.0.1")}


@pytest.mark.parametrize("prefix", ["/api/v1", "//api/v1", "/api//v1", "/api/v1/", "///api///v1//"])
def test_the_api_changes_nothing_for_a_session_by_whatever_path(office, prefix):
    browser = office.signed_in("admin")
    body = json.dumps({"name": "mallory", "role": "admin", "password": PASSWORD})
    refused = browser.open(f"{prefix}/users", "POST", body=body, Content_Type="text/plain")
    assert refused.status == 403
    assert "token" in json.loads(refused.text)["detail"], "as a program reads it"
    assert browser.open(f"{prefix}/users").status == 200, "reading is no change"
    assert "mallory" not in {user["name"] for user in office.json("/api/v1/users")}


def test_a_form_from_elsewhere_does_nothing(office):
    browser = office.signed_in("admin")
    form = {"name": "x", "role": "admin", "password": PASSWORD, "action": "add"}
    assert browser.open("/users", "POST", form).status == 403
    token = browser.form_token("/users")
    assert browser.open("/users", "POST", form | {"form-token": token}, Sec_Fetch_Site="cross-site").status == 403
    other = office.signed_in("admin")
    assert other.open("/users", "POST", form | {"form-token": token}).status == 403


def test_guessing_passwords_becomes_slow(farm, staff):
    office = Office(farm, staff=staff)
    browser = Browser(office)

    def guess():
        begin = time.monotonic()
        return begin, browser.sign_in("admin", "wrong password")

    for _ in range(5):
        last, answer = guess()
        assert answer.status == 401
    wait = 2
    while (attempt := guess())[1].status == 401:
        # On a slow machine the wait may be over; the next is twice as long.
        assert time.monotonic() - last >= wait, "nobody gets past a wait"
        last, wait = attempt[0], 2 * wait
        assert wait < 100
    answer = attempt[1]
    assert answer.status == 429
    assert int(answer.headers["Retry-After"]) >= 1
    assert browser.sign_in("admin").status == 429


PAGES = {
    "marketing": ["/overview", "/overview?days=7", "/origins?first=outcome&second=day", "/check?id=0123", "/routes", "/account"]
    + ["/partners/1234567/kit"],
    "auditor": ["/log", "/log?outcome=unknown", "/partners", "/partners?search=a", "/partners/1234567"],
    "admin": ["/users", "/tokens", "/access-log", "/partners/new", "/partners/1234567/edit"],
}


@pytest.mark.parametrize("role", PAGES)
def test_each_role_sees_its_pages(office, role):
    browser = office.signed_in(role)
    roles = list(PAGES)
    for needed in roles:
        for target in PAGES[needed]:
            page = browser.open(target)
            assert page.status == (200 if roles.index(role) >= roles.index(needed) else 403), f"{target}: {page.text}"
            assert "<h1>" in page.text
            assert "style=" not in page.text
            assert "<script" not in page.text
            assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_pages_speak_french(office):
    browser = office.signed_in("admin")
    assert 'lang="fr"' in browser.open("/overview", Accept_Language="fr-CA, en;q=0.5").text
    assert "Vue d’ensemble" in browser.open("/overview", Accept_Language="fr").text
    assert browser.open("/language?to=fr&back=/log").headers["Location"] == "/log"
    assert browser.open("/language?to=fr&back=//evil.example").headers["Location"] == "/overview"
    assert "Journal" in browser.open("/log").text
    suspended, malformed = (
        ask(office.porter, f"/enterprisetry.html?Partner={partner}").receipt for partner in ("4567890", "0123")
    )
    pages = [target for targets in PAGES.values() for target in targets] + [
        f"/log/{office.receipts[0]}",
        f"/log/{suspended}",
        f"/log/{malformed}",
        "/log?outcome=suspended",
        "/partners/4567890",
        "/partners/4567890/edit",
        "/partners/4000100",
        "/partners/1234567/statement",
        "/partners/4567890/kit",
        "/partners/import",
        "/origins?first=reason&second=week",
        "/origins?first=outcome&second=day&days=1",
        "/origins?first=culture&timezone=Europe/Paris",
        "/check?id=4567890",
        "/check?id=7890123",
        "/check?id=xxxxx",
        "/explain",
        "/explain?url=https://gateway.example.com/enterprisetry.html?Partner=4567890",
        "/health",
        "/nowhere",
        "/partners/99",
        "/log?since=yesterday",
        "/log?partner=0123&client=nobody",
        "/partners/abc",
        "/partners/1234567/statement?month=2016-13",
    ]
    for target in pages:
        page = browser.open(target)
        assert '<html lang="fr">' in page.text, target
        assert not english_in(page.text), target


def test_refusals_are_told_in_french(office):
    """Why something was not taken, on every form: in sentences of the French texts, without a word of what the API says."""
    browser = office.signed_in("admin")
    assert browser.open("/language?to=fr").status == 303
    token = browser.form_token("/account")
    receipt = ask(office.porter, "/enterprisetry.html?Partner=77").receipt
    edited = {"name": "x", "status": "active", "account": "location", "agreement": "none"}
    added = {"action": "add", "role": "auditor", "password": PASSWORD}
    refused = {
        "/partners/new": [
            {"id": "0123"},
            {"id": "1234567"} | edited,
            {"id": "55", "status": "gone", "email": "x", "language": "!", "valid_from": "x", "parent": "y", "account": "z"},
            {"id": "55", "valid_from": "2016-10-03", "valid_to": "2016-10-02", "parent": "55"} | edited,
            {"id": "55", "status_reason": "fraud", "parent": "1"} | edited | {"account": "global"},
            {"id": "55"} | edited | {"name": "x" * 201, "programs": "y" * 65},
            {"id": "55", "programs": ";".join(f"p{number}" for number in range(17))} | edited | {"name": "x\u202ey"},
        ],
        "/partners/7654321/edit": [{"name": ""}],
        f"/log/{receipt}/adjustment": [
            {"partner": "x", "note": "n"},
            {"partner": "99", "note": "n"},
            {"partner": "4567890", "note": "n"},
            {"partner": "1234567", "note": ""},
            {"withdraw": "1", "note": "n"},
        ],
        f"/log/{office.receipts[0]}/adjustment": [{"partner": "1234568", "note": "n"}],
        f"/log/{receipt}/notes": [{"text": ""}, {"text": "x" * 4_001}, {"text": "a\u0007b"}],
        "/users": [
            added | {"name": "a b"},
            added | {"name": "admin"},
            added | {"name": "new", "role": ""},
            added | {"name": "new", "password": "short"},
            added | {"name": "new", "password": "aaaaaaaaaaaa"},
            added | {"name": "new", "password": "abcdefghijklmnop"},
            added | {"name": "new", "password": "passwordpassword!"},
            {"action": "remove", "name": "admin"},
            {"action": "remove", "name": "nobody"},
            {"action": "change", "name": "auditor", "role": "admin", "tag": "1.1"},
        ],
        "/tokens": [
            {"action": "create", "name": "", "days": "1"},
            {"action": "create", "name": "x", "days": "0"},
            {"action": "revoke", "id": "999"},
            {"action": "revoke"},
        ],
        "/account/password": [
            {"current": PASSWORD, "password": "short", "again": "short"},
            {"current": PASSWORD, "password": "x", "again": "y"},
            {"current": "wrong", "password": PASSWORD, "again": PASSWORD},
        ],
    }
    for target, forms in refused.items():
        for form in forms:
            page = browser.open(target, "POST", form | {"form-token": token})
            assert page.status >= 400, (target, form)
            check_refusal(page, (target, form))
    for target in ("/explain?url=nonsense", "/explain?url=/x&at=noon", "/explain?url=/x"):
        check_refusal(browser.open(target), target)
    for target in (
        "/log?until=x",
        "/log?since=2016-10-03&until=2016-10-02",
        "/log?receipt=x",
        "/log?outcome=x",
        "/log?kind=x",
        "/log?reason=x",
        "/partners?status=x",
    ):
        page = browser.open(target)
        assert page.status == 400 or page.status == 422, target
        assert is_french(" ".join(sentences(page, "fault"))), target
    content = "id,name,status,email,colour\n0,,gone,x,\n"
    check_mistakes(browser, token, content, 1)
    check_mistakes(browser, token, 'id,name,status\n0,,gone\n77,A\n77,A,active\n77,A,active\n5,"A"x,active\n6,A"x,active\n', 7)
    check_mistakes(browser, token, "", 1)


def sentences(page, kind):
    """What stands in the elements of a class, paragraph by paragraph."""
    found = re.findall(rf'<(p|div|ul) class="{kind}"[^>]*>(.*?)</\1>', page.text, re.DOTALL)
    return [html.unescape(text) for _, inside in found for text in re.sub(r"<[^>]*>", "\n", inside).split("\n") if text.strip()]


def check_refusal(page, where):
    told = sentences(page, "fault")
    assert told, where
    assert all(is_french(text) for text in told), (where, told)
    # Words of closed sets may stand in it, as the CSV has them.
    assert not english_in(re.sub(r'<p class="fault".*?</p>', "", page.text, flags=re.DOTALL)), where


def check_mistakes(browser, token, content, count):
    page = browser.upload("/partners/import", {"form-token": token}, "p.csv", content.encode())
    assert page.status == 422
    lines = sentences(page, "mistakes")
    assert len(lines) == count, lines
    for line in lines:
        place, _, told = line.partition(": ")
        assert re.fullmatch(r"p\.csv:\d+", place), line
        assert is_french(re.sub(r"^[a-z_]+: ", "", told)), line


def test_a_record_is_adjusted_and_a_partner_added_on_pages(office):
    browser = office.signed_in("admin")
    receipt = ask(office.porter, "/smallbizbuy.html?Partner=4567890").receipt
    token = browser.form_token("/partners/new")
    form = {
        "form-token": token,
        "id": "4567891",
        "name": 'Quote " & <b>',
        "status": "active",
        "account": "location",
        "agreement": "mospa",
    }
    assert browser.open("/partners/new", "POST", form).headers["Location"] == "/partners/4567891"
    page = browser.open("/partners/4567891").text
    assert "Quote &quot; &amp; &lt;b&gt;" in page
    adjusted = {"form-token": token, "partner": "4567891", "note": "mistyped"}
    assert browser.open(f"/log/{receipt}/adjustment", "POST", adjusted).status == 303
    assert "mistyped" in browser.open(f"/log/{receipt}").text
    refused = browser.open(f"/log/{receipt}/adjustment", "POST", adjusted | {"partner": "99"})
    assert refused.status == 422
    assert "not in the directory" in refused.text
    (adjustment,) = office.json(f"/api/v1/log/{receipt}")["adjustments"]
    statement = browser.open(f"/partners/4567891/statement?month={adjustment['time'][:7]}").text
    assert adjustment["receipt"] in statement
    assert f'href="/log/{receipt}"' not in statement, "the sign-up names nobody: the adjustment stands for it"


def test_it_does_not_listen_elsewhere_without_tls(farm):
    porter = farm.make(back_office="0.0.0.0:0", certificates=[])
    porter.launch()
    assert porter.process.wait(60) == 2
    porter.process = None
    assert "does not listen on 0.0.0.0 without TLS" in porter.log
