"""Sign-ups to the four endpoints of the integration module: redirected, recorded, counted."""

import json
import subprocess

import pytest
import running
from route_files import RECEIPT, SHIPPED, location
from running import csv_records
from wire import INTERNET_EXPLORER, ask

ENDPOINTS = {
    ("enterprise", "buy"): "/enterprisebuy.html",
    ("enterprise", "trial"): "/enterprisetry.html",
    ("small-business", "buy"): "/smallbizbuy.html",
    ("small-business", "trial"): "/smallbiztry.html",
}
BROWSER = [f"User-Agent: {INTERNET_EXPLORER}"]


def test_the_four_endpoints_are_shipped_under_their_documented_paths():
    assert set(SHIPPED) == set(ENDPOINTS)
    for endpoint, path in ENDPOINTS.items():
        assert path in SHIPPED[endpoint]["match"]["paths"]


@pytest.mark.parametrize("scheme", ["https", "http"])
@pytest.mark.parametrize("endpoint", ENDPOINTS, ids="-".join)
def test_location_is_what_the_route_file_says_byte_for_byte(shared, endpoint, scheme):
    answer = ask(
        shared,
        ENDPOINTS[endpoint] + "?Partner=1234567&culture=fr-fr&country=uk&ru=https://evil.example/&msppid=&OfferId=1",
        scheme,
        fields=BROWSER,
    )
    assert answer.status == 302
    assert RECEIPT.fullmatch(answer.receipt)
    assert answer.location == location(
        SHIPPED[endpoint], partner="1234567", culture="fr-FR", country="GB", receipt=answer.receipt
    )
    assert answer["Cache-Control"] == "no-store"
    assert answer["Set-Cookie"] is None
    assert answer.body == b""


def test_log_and_counts_agree_with_what_was_answered(porter):
    receipts = {}
    for endpoint, path in ENDPOINTS.items():
        for scheme in ("https", "http"):
            for partner in ("1234567", "9999999", "xxxxx"):
                answer = ask(porter, f"{path}?Partner={partner}", scheme, fields=BROWSER)
                assert answer.status == 302
                receipts[answer.receipt] = (*endpoint, scheme, partner)
    assert len(receipts) == 24

    tail = [json.loads(line) for line in porter.command("log", "tail", "--json", check=0).stdout.splitlines()]
    recorded = porter.records()
    assert {record["receipt"] for record in recorded} == set(receipts)
    assert [record["seq"] for record in recorded] == list(range(1, 25))
    assert [record["receipt"] for record in tail] == [record["receipt"] for record in recorded][-len(tail) :]
    assert tail, "log tail shows something"

    outcomes = {"1234567": "attributed", "9999999": "unknown", "xxxxx": "placeholder"}
    for record in recorded:
        edition, action, scheme, sent = receipts[record["receipt"]]
        assert (record["edition"], record["action"], record["scheme"]) == (edition, action, scheme)
        assert record["outcome"] == outcomes[sent]
        assert record.get("partner") == (sent if sent != "xxxxx" else None)
        assert record["partner_raw"] == sent
        assert record["user_agent"] == INTERNET_EXPLORER
        assert (record["client"], record["client_os"]) == ("browser", "windows-nt-6.3")
        assert record["ip"] in ("127.0.0.0/24", "127.0.0.0")
        assert record["origin"] == "essentials"
        assert record.get("tls_version") == ("1.3" if scheme == "https" else None)

    rows = {(row["edition"], row["action"]): row for row in running.counts(porter.data, "--by", "edition,action")}
    assert set(rows) == set(ENDPOINTS)
    for row in rows.values():
        # One visitor asks six times, twice for each partner or for none: http and https don't make two visitors.
        mine = [record for record in recorded if (record["edition"], record["action"]) == (row["edition"], row["action"])]
        assert row["requests"] == 6
        assert row["visits"] == 6
        assert row["attributed"] == 2
        assert row["unique"] == sum(record["repeat"] == 0 for record in mine)
    by_outcome = {row["outcome"]: row["requests"] for row in running.counts(porter.data, "--by", "outcome")}
    assert by_outcome == {"attributed": 8, "unknown": 8, "placeholder": 8}
    porter.command("log", "verify", check=0)


def test_the_partner_in_the_path_needs_no_help_from_the_module(shared):
    answer = ask(shared, "/p/1234567/enterprise/trial?Partner=9999999")
    assert answer.location == location(SHIPPED["enterprise", "trial"], partner="1234567", receipt=answer.receipt)
    record = shared.record(answer.receipt)
    assert (record["outcome"], record["claimed"]) == ("attributed", ["1234567", "9999999"])


def test_the_csv_export_holds_the_same_fields_in_the_documented_order(shared):
    receipt = ask(shared, "/smallbizbuy.html?Partner=1234567&zz=1&campaign=spring").receipt
    text = shared.command("log", "export", "--format", "csv", check=0).stdout
    header = text.lstrip("\ufeff").splitlines()[0]
    assert header == (
        "seq,receipt,time,node,kind,route,edition,action,origin,campaign,outcome,reason,partner,claimed,client,client_os,"
        "method,status,culture,country,host,scheme,tls_version,repeat,test,directory_version,route_version,"
        "destination_host,location,referrer_host,visitor,partner_raw,ip,user_agent,dropped,signature"
    )
    row = next(row for row in csv_records(shared.data) if row["receipt"] == receipt)
    record = shared.record(receipt)
    for name, value in row.items():
        expected = record.get(name, "")
        assert value == (" ".join(expected) if isinstance(expected, list) else str(expected)), name
    assert row["campaign"] == "spring"
    assert row["dropped"] == "zz"


def test_what_a_spreadsheet_would_run_is_made_harmless(shared):
    receipt = ask(shared, "/smallbizbuy.html?Partner==1%2B2", fields=["User-Agent: @SUM(1+1)"]).receipt
    row = next(row for row in csv_records(shared.data) if row["receipt"] == receipt)
    assert row["partner_raw"].lstrip("'") == "=1+2"
    for name in ("partner_raw", "user_agent"):
        assert row[name][0] not in "=+-@\t\r", row[name]


def test_a_record_is_shown_by_its_receipt(shared):
    receipt = ask(shared, "/enterprisebuy.html?Partner=1234567").receipt
    assert receipt in shared.command("log", "show", receipt, check=0).stdout
    shared.command("log", "show", "0" * 26, check=1)


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        ("--partner", "2345678", 2),
        ("--claimed", "2345678", 3),
        ("--outcome", "suspended", 1),
        ("--kind", "signup", 6),
        ("--kind", "adjustment", 0),
        ("--reason", "lapsed", 1),
        ("--route", "small-business-trial", 4),
        ("--origin", "essentials", 6),
        ("--campaign", "spring", 1),
        ("--client", "tool", 1),
    ],
)
def test_the_log_is_searched_by(search_subjects, option, value, expected):
    lines = search_subjects.command("log", "search", option, value, "--json", check=0).stdout.splitlines()
    assert len(lines) == expected
    assert len(search_subjects.records(option, value)) == expected


@pytest.fixture(scope="module")
def search_subjects(shared_farm):
    porter = shared_farm.start()
    for query in (
        "Partner=2345678&campaign=spring",
        "Partner=2345678",
        "Partner=2345678&Partner=1234567",
        "Partner=4567890",
    ):
        assert ask(porter, f"/smallbiztry.html?{query}", fields=BROWSER).status == 302
    assert ask(porter, "/enterprisebuy.html?Partner=1234567", fields=["User-Agent: curl/8.0"]).status == 302
    assert ask(porter, "/enterprisebuy.html?Partner=1234567", fields=BROWSER).status == 302
    return porter


def test_serve_prints_each_sign_up_as_one_line_when_asked(farm):
    porter = farm.start("--print-signups")
    before = len(porter.output.splitlines())
    answers = [ask(porter, f"/enterprisebuy.html?Partner={partner}") for partner in ("1234567", "9999999", "xxxxx")]

    def lines():
        return [line for line in porter.output.splitlines()[before:] if line]

    running.eventually(lambda: len(lines()) >= 3, "three lines")
    assert len(lines()) == 3
    for line, answer, outcome in zip(lines(), answers, ("attributed", "unknown", "placeholder"), strict=True):
        assert outcome in line
        assert answer.receipt in line


def test_log_tail_follows_a_running_server(porter):
    first = ask(porter, "/enterprisebuy.html?Partner=1234567").receipt
    path = porter.folder / "followed"
    with path.open("wb") as output:
        follower = subprocess.Popen(
            [running.BINARY, "log", "tail", "-f", "--json", "--data", porter.data],
            stdout=output,
            env=running.environment(),
        )
    try:
        running.eventually(lambda: first in path.read_text(), "the last record is shown")
        second = ask(porter, "/enterprisebuy.html?Partner=9999999").receipt
        running.eventually(lambda: second in path.read_text(), "a new record is shown")
    finally:
        follower.terminate()
        follower.wait()
