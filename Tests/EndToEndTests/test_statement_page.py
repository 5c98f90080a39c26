"""A partner's statement: what is sent to who asks whether sign-ups are attributed."""

import csv
import html
import io
import json
import re

import pytest
from wire import ask


@pytest.fixture(scope="module")
def month(office):
    for partner in ("1234567", "1234567", "1234576"):
        office.last = ask(office.porter, f"/enterprisetry.html?Partner={partner}").receipt
    office.send("POST", f"/api/v1/log/{office.last}/adjustment", {"partner": "1234567", "note": "typed wrong"}, status=201)
    return office.json("/api/v1/log?limit=1")["records"][0]["time"][:7]


def totals(page):
    return dict(re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", page.split('<dl class="totals">')[1].split("</dl>")[0]))


def test_it_says_who_when_how_many_and_what_that_means(office, month):
    auditor = office.signed_in("auditor")
    page = html.unescape(auditor.open(f"/partners/1234567/statement?month={month}").text)
    assert totals(page) == {
        "Sign-up requests": "2",
        "Visits": "2",
        "Attributed": "2",
        "Not attributed": "0",
        "Adjusted": "1",
        "Net": "3",
    }
    name = office.json("/api/v1/partners/1234567")["name"]
    assert f"<strong>{name}</strong>, Partner ID (MPN ID) <strong>1234567</strong>" in page
    assert f"<strong>{month}</strong>: {month}-01 – {month}-" in page
    assert "UTC" in page
    assert "An attributed sign-up does not say that the customer bought anything" in page
    rows = list(csv.DictReader(io.StringIO(auditor.open(f"/api/v1/partners/1234567/statement.csv?month={month}").text[1:])))
    assert [row["receipt"] for row in rows] == re.findall(r'href="/log/([0-9A-Z]{26})"', page)
    assert len(rows) == 3
    kept = {"ip", "user_agent", "visitor", "location", "partner_raw", "dropped", "note", "adjusted_by", "claimed"}
    assert not kept & set(rows[0])
    lines = auditor.open(f"/api/v1/partners/1234567/statement?month={month}").text.splitlines()
    assert all("ip" not in json.loads(line) and "note" not in json.loads(line) for line in lines)
    assert office.last in page, "an adjustment names the sign-up that it adjusts"
    printed = office.porter.command("log", "statement", "1234567", "--month", month, check=0).stdout.splitlines()[-1]
    assert printed.endswith("2 requests, 2 visits, 2 attributed, 1 adjusted, 3 net, 0 not attributed")


def test_months_before_and_after(office, month):
    auditor = office.signed_in("auditor")
    page = auditor.open(f"/partners/1234567/statement?month={month}").text
    assert 'rel="next"' not in page, "the month to come has no statement"
    before = re.search(r'href="([^"]*)" rel="prev"', page)[1]
    earlier = auditor.open(before).text
    assert re.search(r'href="([^"]*)" rel="next"', earlier)[1] == f"/partners/1234567/statement?month={month}"
    assert set(totals(earlier).values()) == {"0"}
    assert "No record of this month" in earlier
    assert f"<option selected>{before[-7:]}</option>" in earlier
    assert "<option selected>2016-10</option>" in auditor.open("/partners/1234567/statement?month=2016-10").text
    assert auditor.open("/partners/1234567/statement").status == 200, "without a month, this one's"
    assert auditor.open("/partners/1234567/statement?month=2016").status == 400


def test_an_adjustment_that_was_taken_back_does_not_count(office, month):
    target = f"/api/v1/log/{office.last}/adjustment"
    office.send("POST", target, {"partner": None, "note": "it was right after all"}, status=201)
    page = office.signed_in("auditor").open(f"/partners/1234567/statement?month={month}").text
    assert totals(page)["Adjusted"] == "0"
    assert totals(page)["Net"] == "2"
    assert "taken back" in page
    rows = list(csv.DictReader(io.StringIO(office.get(f"/api/v1/partners/1234567/statement.csv?month={month}").text[1:])))
    given = [(row["kind"], row["partner"], row["outcome"]) for row in rows if row["adjusts"] == office.last]
    assert given == [("adjustment", "1234567", "attributed"), ("adjustment", "", "")]


def test_who_was_attributed_instead_is_not_told(office, month):
    target = f"/api/v1/log/{office.last}/adjustment"
    office.send("POST", target, {"partner": "1234567", "note": "again"}, status=201)
    office.send("POST", target, {"partner": "2345678", "note": "theirs after all"}, status=201)
    auditor = office.signed_in("auditor")
    for told in (
        auditor.open(f"/api/v1/partners/1234567/statement.csv?month={month}").text,
        auditor.open(f"/api/v1/partners/1234567/statement?month={month}").text,
        office.porter.command("log", "statement", "1234567", "--month", month, "--json", check=0).stdout,
        office.porter.command("log", "statement", "1234567", "--month", month, "--csv", check=0).stdout,
        office.porter.command("log", "statement", "1234567", "--month", month, check=0).stdout,
    ):
        assert told.count(office.last) == 4
        assert "2345678" not in told
    page = auditor.open(f"/partners/1234567/statement?month={month}").text
    assert "2345678" not in page
    assert page.count("</span> taken back") == 2
    assert totals(auditor.open(f"/partners/2345678/statement?month={month}").text)["Adjusted"] == "1"


def test_a_request_that_named_two_partners_is_on_the_statement_of_each(office, month):
    before = totals(office.signed_in("auditor").open(f"/partners/2345678/statement?month={month}").text)
    conflict = ask(office.porter, "/enterprisetry.html?Partner=1234567&Partner=2345678")
    for partner, other in (("1234567", "2345678"), ("2345678", "1234567")):
        text = office.get(f"/api/v1/partners/{partner}/statement.csv?month={month}").text[1:]
        (row,) = [row for row in csv.DictReader(io.StringIO(text)) if row["receipt"] == conflict.receipt]
        assert (row["outcome"], row["partner"]) == ("conflict", "")
        assert other not in text
    after = totals(office.signed_in("auditor").open(f"/partners/2345678/statement?month={month}").text)
    assert int(after["Sign-up requests"]) == int(before["Sign-up requests"]) + 1
    assert after["Attributed"] == before["Attributed"]
