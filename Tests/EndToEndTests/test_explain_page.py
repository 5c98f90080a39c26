"""The page and the API that explain a sign-up URL say what the command says, and record nothing."""

import html
import json
import re
import urllib.parse

import pytest
from running import SHIPPED_ROUTES, command
from wire import ask

URL = "https://gateway.example.com/enterprisetry.html?Partner=+1234567&culture=fr-fr&zz=1&dl=NONSENSE"
AGENT = "Mozilla/5.0 (Windows NT 6.3; Trident/7.0; rv:11.0) like Gecko"


def target(path, url, **fields):
    given = {"url": url} | {name.replace("_", "-"): value for name, value in fields.items()}
    return f"{path}?{urllib.parse.urlencode(given, doseq=True)}"


@pytest.fixture(scope="module")
def explain(office):
    def explain(url, role="marketing", **fields):
        return office.json(target("/api/v1/explain", url, **fields), role)

    return explain


def step(explained, name):
    return next(step for step in explained["steps"] if step["step"] == name)


def test_the_api_says_what_the_command_prints(office, explain):
    arguments = ["--at", "2026-11-28T10:00:00Z", "--header", f"User-Agent: {AGENT}", "--header", "X-Purpose: preview"]
    printed = command(
        *("explain", URL, "--json", "--routes", SHIPPED_ROUTES, *arguments), data=office.porter.data, check=0
    ).stdout
    told = explain(URL, at="2026-11-28T10:00:00Z", user_agent=AGENT, header="X-Purpose: preview")
    # What the server knows beside the decision.
    facts = step(told, "directory")["facts"]
    assert facts.pop("partner_name") == "Harbour Lane Computing (sample)"
    assert facts.pop("since").endswith("Z")
    assert told == json.loads(printed)
    assert told["client"] == "preview"


def test_it_says_what_the_server_then_does_and_records_nothing(office, explain):
    before = office.json("/api/v1/log")["records"]
    path = "/smallbizbuy.html?Partner=1234567&POR=%22xxxxx%22&lc=1041&x=%00"
    told = explain(f"http://127.0.0.1:{office.porter.http_port}{path}")
    assert office.json("/api/v1/log")["records"] == before
    answer = ask(office.porter, path, "http")
    assert told["status"] == answer.status
    assert told["location"].replace("0" * 26, answer.receipt) == answer.location
    assert [row["kind"] for row in step(told, "candidates")["rows"]] == ["id", "placeholder"]


def test_reading_it_leaves_no_trace(office, explain):
    explain(URL)
    assert all("explain" not in entry["action"] for entry in office.json("/api/v1/access-log")["entries"])


def test_a_form_a_host_and_several_fields(explain):
    told = explain(
        "/enterprisebuy.html?culture=de",
        host="gateway.example.com",
        form="Partner=2345678",
        header=["Porter-Test: 1", "A: b\nC: d"],
    )
    assert (told["method"], told["status"], told["partner"], told["test"]) == ("POST", 303, "2345678", 1)
    assert [row["place"] for row in step(told, "parameters")["rows"]] == ["query", "form"]
    assert step(told, "answer")["facts"]["why"] == "see-other"


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"url": ""}, "url is missing"),
        ({"url": "ftp://localhost/"}, "no sign-up URL"),
        ({"url": "/enterprisebuy.html"}, "a path needs a host; add host "),
        ({"url": "http://h/", "host": "b"}, 'host says "b"'),
        ({"url": "http://h/\r\nX: y"}, "no URL that can be sent"),
        ({"url": "http://h/", "header": "no colon"}, "no header field"),
        ({"url": "http://h/", "method": "GE T"}, "method is"),
        ({"url": "http://h/", "at": "yesterday"}, "at is"),
    ],
)
def test_what_is_no_request_is_said(office, fields, what):
    problem = json.loads(office.get(target("/api/v1/explain", **fields), "marketing", 400).text)
    assert problem["type"] == "invalid-request"
    assert what in problem["detail"]
    assert "--" not in problem["detail"]


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("http://localhost/enterprisetry.htm", 404),
        ("http://localhost/" + "a" * 9_000, 414),
        ("http://localhost/enterprisetry.html?" + "&".join(f"n{number}=1" for number in range(101)), 400),
        ("http://localhost/healthz", 200),
    ],
)
def test_what_is_no_sign_up_is_explained_too(explain, url, status):
    told = explain(url)
    assert (told["status"], told["outcome"]) == (status, None)
    assert told["steps"][-1]["step"] == "answer"


def test_sizes_are_bounded_as_at_the_front_door(explain):
    assert explain("http://localhost/enterprisetry.html", form="a" * 9_000)["status"] == 413
    assert explain("http://localhost/enterprisetry.html", header=["X: y"] * 101)["status"] == 431


@pytest.mark.parametrize("name", ["marketing", "auditor", "admin"])
def test_the_page_shows_each_step(office, name):
    browser = office.signed_in(name)
    page = browser.open(target("/explain", URL, user_agent=AGENT))
    assert page.status == 200
    text = html.unescape(re.sub(r"<[^>]*>", " ", page.text))
    for what in (
        "attributed",
        "1234567",
        "Harbour Lane Computing (sample)",
        "enterprise-trial",
        "dropped",
        "https://signup.example.com/Signup",
    ):
        assert what in text
    titles = re.findall(r"<h2>([^<]*)</h2>", page.text)
    assert len(titles) == 11
    assert ('href="/partners/1234567"' in page.text) == (name != "marketing")
    # What was typed is there to be changed.
    assert html.escape(AGENT) in page.text
    assert browser.open("/explain").status == 200
    french = html.unescape(browser.open(target("/explain", URL), Accept_Language="fr").text)
    assert "Adresse de la redirection" in french
    assert not re.search(r"(question|finding|fact|word)-[a-z]", french)


def test_what_was_sent_is_shown_and_not_obeyed(office):
    browser = office.signed_in("marketing")
    hostile = "http://h/enterprisetry.html?<script>alert(1)</script>=\"'><b>&Partner=%E2%80%AE<i>&x=%00%1B[31m"
    page = browser.open(target("/explain", hostile, user_agent="</bdi><script>x</script>"))
    assert page.status == 200
    main = page.text.split("<main")[1]
    assert "<script" not in main
    assert "<b>" not in main
    assert "<i>" not in main
    for sign in "\u202e\x00\x1b":
        assert sign not in main
    assert "%E2%80%AE&lt;i&gt;" in main


def test_what_is_no_request_is_said_on_the_page(office):
    browser = office.signed_in("marketing")
    page = browser.open(target("/explain", "ftp://<b>"))
    assert page.status == 422
    assert 'role="alert"' in page.text
    assert "ftp://&lt;b&gt;" in page.text


def test_whatever_fits_the_front_door_can_be_explained(office, explain):
    path = "/enterprisetry.html?Partner=1234567&x="
    told = explain(
        "http://h" + path + "&" * (8_192 - len(path)), method="POST", form="y=" + "=" * 8_000, header="X: " + "#" * 4_000
    )
    assert (told["status"], told["partner"]) == (303, "1234567")
    browser = office.signed_in("marketing")
    assert browser.open(target("/explain", "http://h" + path + "&" * (8_192 - len(path)))).status == 200
