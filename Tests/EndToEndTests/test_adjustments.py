"""Attributions after the fact, and statements: `porter log adjust`, `porter log statement`."""

import csv
import io
import json
import sqlite3

import pytest
from running import counts, records
from wire import ask

MISTYPED = "1234576"


def signup(porter, partner):
    return ask(porter, f"/enterprisetry.html?Partner={partner}&culture=fr-FR").receipt


@pytest.fixture(params=["with a server", "without one"])
def ledger(request, farm):
    """A server that has recorded a mistyped ID and a right one; stopped, unless the commands are to go through it."""
    porter = farm.start()
    porter.mistyped = signup(porter, MISTYPED)
    porter.right = signup(porter, "1234567")
    if request.param == "without one":
        porter.stop()
    return porter


def adjust(porter, receipt, *options, check=0):
    return porter.command("log", "adjust", receipt, *options, check=check)


def tallies(porter):
    rows = counts(porter.data, "--by", "partner")
    return {row["partner"]: (row["attributed"], row.get("adjusted"), row.get("net")) for row in rows}


def test_a_mistyped_id_is_attributed_after_the_fact(ledger):
    assert tallies(ledger) == {"": (0, None, None), "1234567": (1, None, None)}
    done = adjust(ledger, ledger.mistyped, "--partner", "1234567", "--note", "two digits changed places", "--json")
    receipt = json.loads(done.stdout)["receipt"]
    assert tallies(ledger) == {"": (0, 0, 0), "1234567": (1, 1, 2)}
    first, _, adjustment = records(ledger.data)
    assert (first["outcome"], first["partner"]) == ("unknown", MISTYPED)
    assert adjustment["kind"] == "adjustment"
    assert (adjustment["adjusts"], adjustment["receipt"], adjustment["partner"]) == (ledger.mistyped, receipt, "1234567")
    assert adjustment["note"] == "two digits changed places"
    assert (adjustment["route"], adjustment["culture"]) == ("enterprise-trial", "fr-FR")
    ledger.command("log", "verify", check=0)


def test_a_second_adjustment_replaces_the_first_and_a_withdrawal_takes_it_back(ledger):
    adjust(ledger, ledger.mistyped, "--partner", "1234567", "--note", "first")
    other = next(
        row["id"]
        for row in json.loads(ledger.command("partner", "list", "--json", "--status", "active").stdout)
        if row["id"] != "1234567"
    )
    adjust(ledger, ledger.mistyped, "--partner", other, "--note", "second")
    assert tallies(ledger)["1234567"] == (1, 0, 1)
    assert tallies(ledger)[other] == (0, 1, 1)
    adjust(ledger, ledger.mistyped, "--withdraw", "--note", "neither")
    assert tallies(ledger) == {"": (0, 0, 0), "1234567": (1, 0, 1), other: (0, 0, 0)}
    ledger.command("log", "verify", check=0)


@pytest.mark.parametrize(
    "options, what",
    [
        (["--partner", "9999999999"], "not in the directory"),
        (["--withdraw"], "no adjustment that could be taken back"),
        (["--partner", "x"], "not a number"),
        (["--partner", "3333333"], "suspended"),
    ],
)
def test_what_cannot_be_attributed_is_refused(ledger, options, what):
    if "3333333" in options:
        ledger.command("partner", "set", "3333333", "--name", "Three", "--status", "suspended", check=0)
    done = adjust(ledger, ledger.mistyped, *options, "--note", "n", check=2)
    assert what in done.stderr
    assert len(records(ledger.data)) == 2


def test_what_was_attributed_when_it_came_stays_so(ledger):
    done = adjust(ledger, ledger.right, "--partner", "1234567", "--note", "n", check=2)
    assert "is attributed to 1234567 already" in done.stderr
    assert "no record has the receipt" in adjust(ledger, "0" * 26, "--partner", "1234567", "--note", "n", check=2).stderr
    assert adjust(ledger, ledger.right, "--partner", "1234567", "--note", " ", check=2).stderr.startswith("error: a note")
    assert adjust(ledger, ledger.right, "--note", "n", check=64)


def test_a_damaged_record_is_not_adjusted(ledger):
    """What would be taken over from it could not be counted."""
    with sqlite3.connect(ledger.data / "ledger.db", timeout=30) as database:
        damaged = """CAST(replace(CAST(leaf AS TEXT), '"client":"', '"client":"x') AS BLOB)"""
        assert database.execute(f"UPDATE record SET leaf = {damaged} WHERE seq = 1").rowcount == 1
    refused = adjust(ledger, ledger.mistyped, "--partner", "1234567", "--note", "n", check=2)
    assert "record 1" in refused.stderr
    assert "damaged" in refused.stderr
    if ledger.process:
        assert ledger.health() == 200


def test_what_cannot_be_noted_is_not_adjusted(ledger):
    with sqlite3.connect(ledger.data / "office.db", timeout=30) as office:
        office.execute("CREATE TRIGGER full BEFORE INSERT ON access BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
    options = ["--partner", "1234567", "--note", "n"]
    assert adjust(ledger, ledger.mistyped, *options, check=None).returncode != 0
    assert len(records(ledger.data)) == 2
    with sqlite3.connect(ledger.data / "office.db", timeout=30) as office:
        office.execute("DROP TRIGGER full")
    adjust(ledger, ledger.mistyped, *options)
    assert len(records(ledger.data)) == 3
    with sqlite3.connect(f"file:{ledger.data}/office.db?mode=ro", uri=True) as office:
        lines = office.execute("SELECT way, what FROM access WHERE action = 'adjustment'").fetchall()
    assert lines == [("command", f"{ledger.mistyped} to 1234567")]


def test_a_statement_has_every_record_of_the_month_with_its_receipt(ledger):
    adjust(ledger, ledger.mistyped, "--partner", "1234567", "--note", "n")
    month = records(ledger.data)[0]["time"][:7]
    text = ledger.command("log", "statement", "1234567", "--month", month, check=0).stdout
    assert ledger.right in text
    assert f"adjusts={ledger.mistyped}" in text
    assert text.splitlines()[-1] == f"partner 1234567, {month} (UTC): " + (
        "1 requests, 1 visits, 1 attributed, 1 adjusted, 2 net, 0 not attributed"
    )
    rows = list(csv.DictReader(io.StringIO(ledger.command("log", "statement", "1234567", "--month", month, "--csv").stdout)))
    assert [(row["kind"], row["adjusts"]) for row in rows] == [("signup", ""), ("adjustment", ledger.mistyped)]
    assert ledger.command("log", "statement", "1234567", "--month", "2001-01", "--csv").stdout.count("\n") == 1
    assert "expected a month" in ledger.command("log", "statement", "1234567", "--month", "2001", check=2).stderr
