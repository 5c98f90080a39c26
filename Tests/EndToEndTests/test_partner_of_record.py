"""From the sign-up to the partner's statement: the article's own lines, a thousand callbacks at once, mail, months, and kills."""

import csv
import hashlib
import io
import itertools
import json
import os
import random
import re
import sqlite3
import subprocess
import time
import urllib.parse
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPException

import pytest
from chromium import Window
from control import ask_control
from mail_system import MailSystem, notices
from office import Office
from playwright.sync_api import expect
from running import BINARY, REPOSITORY, environment, eventually, is_listening
from test_customer_links import FORM, fields
from wire import ask

ARTICLE = (REPOSITORY / "Sources/porter/Porter.docc/PartnerOfRecord.md").read_text("utf-8")
ROOT = "/api/v1/subscriptions"
FROM = "mail@gateway.example"
FIGURES = "at_start associated by_receipt removed at_end counted counted_at_end counted_seconds".split()
# What the history of a partner of record and the ledger's records of it both say of a change.
SAID = "time by actor partner replaces program evidence signup note receipt".split()
# No test takes longer than that by itself (`timeout` in pytest.ini).
LONGEST = timedelta(minutes=3)
# Of a test that may have to wait for a month to begin.
IN_ONE_MONTH = pytest.mark.timeout(2 * LONGEST.total_seconds() + 10)


def now():
    return as_told(datetime.now(UTC))


def as_told(time):
    """As events tell times."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def this_month():
    return datetime.now(UTC).strftime("%Y-%m")


def stay_in_a_month():
    """Who asks for this month's figures has to have done in this month what is asked for: waits for the next one to begin when
    this one is nearly over."""
    begin = datetime.now(UTC)
    if (begin + LONGEST).month != begin.month:
        eventually(lambda: datetime.now(UTC).month != begin.month, "the next month begins", LONGEST.total_seconds() + 5)


def event(number, receipt=None, **changed):
    told = {
        "event": f"event-{number}",
        "id": f"sub-{number}",
        "tenant": "contoso.example",
        "product": "office-365",
        "offer": "E3",
        "seats": 5,
        "channel": "direct",
        "time": now(),
    }
    return told | ({"receipt": receipt} if receipt else {}) | changed


def signup(office, partner="1234567"):
    """What the provider's sign-up page finds in its own URL."""
    location = ask(office.porter, f"/enterprisetry.html?Partner={partner}").location
    return urllib.parse.parse_qs(urllib.parse.urlsplit(location).query)["rid"][0]


def with_tokens(office, role, count):
    """Tokens of a role, named provider-0 and so on: each has an allowance of its own."""
    for name in (f"{role}-{number}" for number in range(count)):
        made = office.porter.command("token", "create", name, "--role", role, check=0)
        office.tokens = office.tokens | {name: made.stdout.strip()}
    return office


def associations(office):
    return office.porter.records("--kind", "association")


def hold_history_against_ledger(history, records):
    """The history, the newest first, and the ledger's records say the same of each change, and each follows the one before it."""
    assert [row["number"] for row in history] == list(range(len(history), 0, -1))
    assert all(row["recorded"] for row in history)
    assert all(later.get("replaces") == earlier.get("partner") for later, earlier in itertools.pairwise(history))
    assert "replaces" not in history[-1]
    assert [[record["change"], *map(record.get, SAID)] for record in records] == [
        [row["number"], *map(row.get, SAID)] for row in reversed(history)
    ]


def verify(office, **kinds):
    """The ledger is whole, and has as many records of each kind as are told."""
    report = json.loads(office.porter.command("log", "verify", "--json", check=0).stdout)
    count = sum(kinds.values())
    assert (report["sound"], report["records"], report["last_seq"], report["findings"]) == (True, count, count, [])
    assert Counter(record["kind"] for record in office.porter.records()) == kinds


def statement(office, partner, month):
    """The figures of a partner's month by program, once all that tell them agree."""
    target = f"/api/v1/partners/{partner}/statement/programs"
    document = office.json(f"{target}?month={month}", "auditor")
    rows = list(csv.DictReader(io.StringIO(office.get(f"{target}.csv?month={month}", "auditor").text.removeprefix("\ufeff"))))
    assert [row["program"] for row in rows] == ["sell", "usage", "none"]
    assert all((row["partner"], row["month"]) == (partner, month) for row in rows)
    told = {program["program"]: {name: program[name] for name in FIGURES} for program in document["programs"]}
    # Time goes on between two questions: what counts now counts for a second more.
    exact = [name for name in FIGURES if name != "counted_seconds"]

    def counts(figures):
        return {program: {name: int(values[name]) for name in exact} for program, values in figures.items()}

    assert counts({row["program"]: row for row in rows}) == counts(told)
    options = ("log", "statement", partner, "--month", month, "--programs")
    printed = json.loads(office.porter.command(*options, "--json", check=0).stdout)
    assert counts({program["program"]: program for program in printed["programs"]}) == counts(told)
    lines = list(csv.DictReader(io.StringIO(office.porter.command(*options, "--csv", check=0).stdout)))
    assert counts({row["program"]: row for row in lines}) == counts(told)
    page = office.signed_in("auditor").open(f"/partners/{partner}/statement?month={month}").text
    if any(any(values.values()) for values in told.values()):
        cells = [
            [int(number.replace(",", "")) for number in re.findall(r'<td class="n">([\d,]+)</td>', row)]
            for row in re.findall(r'<tr><th scope="row">.*?</tr>', page)
        ]
        assert cells == [[values[name] for name in exact] for values in told.values()]
    else:
        assert "No subscription had this Partner ID" in page
    for values in told.values():
        assert values["at_start"] + values["associated"] - values["removed"] == values["at_end"]
    return told


@pytest.fixture
def mail(tmp_path):
    system = MailSystem(tmp_path / "mail").start()
    yield system
    system.stop()


@IN_ONE_MONTH
def test_the_lines_of_the_article_do_what_it_says(farm, staff, tmp_path):
    stay_in_a_month()
    office = Office(farm, staff=staff)
    folder = tmp_path / "shell"
    folder.mkdir()
    porter = folder / "porter"
    porter.write_text(f'#!/bin/sh\nexec "{BINARY}" "$@"\n')
    porter.chmod(0o700)
    blocks = re.findall(r"```sh\n(.*?)```", ARTICLE, re.DOTALL)
    assert len(blocks) >= 8
    variables = environment(
        PORTER_DATA=str(office.porter.data),
        GATEWAY=f"http://127.0.0.1:{office.porter.http_port}",
        OFFICE=f"http://127.0.0.1:{office.port}",
        PATH=f"{folder}:{os.environ['PATH']}",
    )
    done = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", "\n".join(blocks)],
        cwd=folder,
        env=variables,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"associated":true' in done.stdout and '"repeated":true' in done.stdout
    assert "events: 2, told before: 0, partners of record set: 0, removed: 0" in done.stdout
    history = office.json(f"{ROOT}/sub-1/history", "auditor")
    assert [(row["number"], row["by"], row.get("partner"), row["actor"]) for row in history] == [
        (3, "provider", None, "billing"),
        (2, "provider", "2345678", "billing"),
        (1, "receipt", "1234567", "billing"),
    ]
    assert office.json(f"{ROOT}/sub-1", "auditor")["subscription"]["active"] is True
    told = statement(office, "1234567", this_month())
    assert told["sell"] | {"counted_seconds": 0} == dict(zip(FIGURES, [0, 1, 1, 1, 0, 1, 0, 0], strict=True))
    # Its evidence is a form.
    assert told["usage"] == dict(zip(FIGURES, [0, 1, 0, 0, 1, 0, 0, 0], strict=True))
    assert "program usage: subscriptions at the start: 0, associated: 1" in done.stdout
    # What is sent names no customer.
    for word in ("contoso", "fabrikam", "2345678"):
        assert word not in (folder / "statement.csv").read_text("utf-8")


def test_every_test_that_the_article_names_is_there():
    rows = [line for line in ARTICLE.splitlines() if line.startswith("| ")]
    named = set(re.findall(r"`(test_\w+(?:\.py|…)?|\w+Tests)`", "\n".join(rows)))
    assert len(named) >= 20
    folder = REPOSITORY / "Tests"
    there = set(re.findall(r"^def (test_\w+)", "".join(path.read_text("utf-8") for path in folder.rglob("*.py")), re.MULTILINE))
    there |= {path.name for path in folder.rglob("*.py")} | {path.stem for path in folder.rglob("*Tests.swift")}
    begun = {name for name in named if name.endswith("…")}
    assert named - begun <= there
    for name in begun:
        assert any(other.startswith(name[:-1]) for other in there), name


def test_every_title_that_the_article_quotes_is_one_of_the_file_that_it_names():
    shown = [line.rstrip("| ").rpartition(" | ")[2] for line in ARTICLE.splitlines() if line.startswith("| ")]
    quoted = [pair for cell in shown for pair in re.findall(r'`(\w+Tests)`, "([^"]+)"', cell)]
    assert len(quoted) >= 5
    assert len(quoted) == sum(cell.count('"') for cell in shown) / 2, "each is quoted behind the file that has it"
    for name, title in quoted:
        (file,) = (REPOSITORY / "Tests").rglob(f"{name}.swift")
        assert title in re.findall(r'@Test\(\s*"([^"]+)"', file.read_text("utf-8")), (name, title)


@IN_ONE_MONTH
def test_from_the_signup_to_the_statement(mail, farm, staff, chromium):
    """The provider's stand-in reads the receipt, calls back, and sends the customer a link; by it the customer changes the
    partner in a browser, and both partners are mailed."""
    stay_in_a_month()
    office = with_tokens(Office(farm, "--mail-from", FROM, "--sendmail", mail.sendmail, staff=staff), "provider", 1)
    receipt = signup(office)
    report = office.send("POST", ROOT, event(1, receipt), "provider-0", status=201)
    assert (report["associated"], report["partner"]) == (True, "1234567")
    (added,) = mail.wait()
    assert (added.recipients, added["Subject"]) == (
        ["mpn@harbourlane.example.com"],
        "Added as partner of record: Office 365, sub-1",
    )
    before = statement(office, "1234567", this_month())["sell"]
    assert before | {"counted_seconds": 0} == dict(zip(FIGURES, [0, 1, 1, 0, 1, 1, 1, 0], strict=True))

    link = office.send("POST", f"{ROOT}/sub-1/link", {}, "provider-0", status=201)["path"]
    window = Window(chromium, f"http://127.0.0.1:{office.porter.http_port}")
    page = window.open(link)
    expect(page.locator("input[name=partner]")).to_have_value("1234567")
    page.locator("input[name=partner]").fill("2345678")
    page.locator("button[value=check]").click()
    page.locator("button[value=submit]").click()
    expect(page.locator(".message.done")).to_have_text("The partner of record was saved.")
    window.end()
    taken = mail.wait(3)
    assert {(message.recipients[0], message["Message-ID"].split(".")[1].partition("@")[0]) for message in taken} == {
        ("mpn@harbourlane.example.com", "added"),
        ("mpn@harbourlane.example.com", "removed"),
        ("contact@boulangerie.example.com", "added"),
    }
    assert not any("contoso" in message.text() for message in taken)
    # A partner has no way to set itself: what others are let in with changes nothing.
    for role in ("marketing", "auditor"):
        target = f"{ROOT}/sub-1"
        assert office.send("PUT", f"{target}/partner", {"partner": "1234567"}, role, status=403)["type"] == "forbidden"
        assert office.request("DELETE", f"{target}/partner", role).status == 403
        assert office.send("POST", f"{target}/link", {}, role, status=403)["type"] == "forbidden"
    history = office.json(f"{ROOT}/sub-1/history", "auditor")
    told = "number by actor partner replaces program evidence signup".split()
    assert [[row.get(name) for name in told] for row in history] == [
        [2, "customer", "customer", "2345678", "1234567", "sell", "digital", None],
        [1, "receipt", "provider-0", "1234567", None, "sell", "receipt", receipt],
    ]
    hold_history_against_ledger(history, associations(office))
    verify(office, signup=1, association=2)
    first, second = (statement(office, partner, this_month()) for partner in ("1234567", "2345678"))
    assert (first["sell"]["removed"], first["sell"]["at_end"], first["sell"]["counted_at_end"]) == (1, 0, 0)
    assert (second["sell"]["associated"], second["sell"]["by_receipt"], second["sell"]["at_end"]) == (1, 0, 1)


@IN_ONE_MONTH
def test_a_thousand_callbacks_at_once_are_taken_once_each_and_each_receipt_is_used_once(farm, staff):
    """250 events, each told four times, all with one token of the provider's, and two subscriptions for each of 100 receipts."""
    stay_in_a_month()
    calls, events, receipts = 1_000, 250, 100
    office = with_tokens(Office(farm, staff=staff), "provider", 1)
    told = [signup(office) for _ in range(receipts)]
    assert len(set(told)) == receipts
    documents = [event(number, told[number % receipts] if number < 2 * receipts else None) for number in range(events)]
    # Whose call comes when is chance, and always the same.
    order = list(range(calls))
    random.Random(6).shuffle(order)

    def tell(place):
        number = order[place]
        answer = office.request(
            "POST", ROOT, "provider-0", json.dumps(documents[number % events]), Content_Type="application/json"
        )
        return number % events, answer.status, json.loads(answer.text)

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(tell, range(calls)))
    statuses = Counter((number, status) for number, status, _ in answers)
    assert statuses == {(number, status): times for number in range(events) for status, times in ((201, 1), (200, 3))}
    for _, status, report in answers:
        assert report["repeated"] == (status == 200)
    # Whoever asked, and whenever: the same was said of the receipt.
    for number in range(events):
        said = {(report.get("receipt"), report["associated"]) for at, _, report in answers if at == number}
        assert len(said) == 1, number
    found = Counter(report["receipt"] for _, status, report in answers if status == 201)
    assert found == {"usable": receipts, "used": receipts, "none": events - 2 * receipts}
    records = associations(office)
    assert len(records) == receipts
    assert {record["signup"] for record in records} == set(told)
    assert len({record["subscription"] for record in records}) == receipts
    for record in records:
        # The one of the two that was told first.
        assert told[int(record["subscription"].removeprefix("sub-")) % receipts] == record["signup"]
    figures = statement(office, "1234567", this_month())["sell"]
    assert [figures[name] for name in FIGURES[:7]] == [0, receipts, receipts, 0, receipts, receipts, receipts]
    verify(office, signup=receipts, association=receipts)


# Who changes the partner of one subscription, and how often: two of the provider's programs and two of the staff, by the API, and
# the customer, whose link is good for forty requests.
EDITORS = {"provider-1": 24, "provider-2": 24, "admin-0": 24, "admin-1": 24, "customer": 4}


@dataclass
class Edit:
    """One try to change the partner of record, on a state that was seen, and what the answer says that there is then. A state is
    the subscription's version (which the customer's page does not tell), the number of its last change, and its partner."""

    editor: str
    seen: tuple
    partner: str | None
    note: str | None
    is_done: bool
    now: tuple


def state_of(document):
    return document["version"], document["changes"], document.get("partner")


def edit_by_api(office, editor, seen, number):
    """None for one that has to come again. An admin removes the partner now and then."""
    note = f"{editor}.{number}"
    if editor.startswith("admin") and number % 4 == 3 and seen[2]:
        method, partner, target, body = "DELETE", None, f"{ROOT}/sub-0/partner?note={note}", None
    else:
        method, target, partner = "PUT", f"{ROOT}/sub-0/partner", "2345678" if seen[2] == "1234567" else "1234567"
        body = json.dumps({"partner": partner, "note": note})
    answer = office.request(method, target, editor, body, If_Match=f'"{seen[0]}"')
    if answer.status == 429:
        time.sleep(int(answer.headers["Retry-After"]))
        return None
    assert answer.status in (200, 412), answer.text
    document = json.loads(answer.text)
    is_done = answer.status == 200
    assert is_done or document["type"] == "changed-meanwhile"
    found = state_of(document if is_done else document["current"])
    assert answer.headers["ETag"] == f'"{found[0]}"'
    return Edit(editor, seen, partner, note, is_done, found)


def edit_by_link(office, link, seen):
    """The same, with the form of the customer's page."""
    partner = "2345678" if seen[2] == "1234567" else "1234567"
    body = urllib.parse.urlencode({"action": "submit", "partner": partner, "seen": seen[1]}).encode()
    heads = [FORM, f"Content-Length: {len(body)}"]
    answer = ask(office.porter, link, "http", method="POST", fields=heads, body=body)
    if answer.status == 429:
        time.sleep(int(answer["Retry-After"]))
        return None
    assert answer.status in (303, 412), answer
    found = (None, seen[1] + 1, partner)
    if answer.status == 412:
        page = answer.body.decode("utf-8")
        # Who is partner of record stands there by name and ID, or nobody does.
        (shown,) = set(re.findall(r"\((\d{7})\)", page)) or {None}
        found = (None, int(fields(page, "check")["seen"]), shown)
    return Edit("customer", seen, partner, None, answer.status == 303, found)


def hold_callbacks_against_history(told, receipts, history):
    """The same was said of an event's receipt, whoever told it and when; and a receipt makes its partner partner of record only
    where nobody was before."""
    said = {(number, report["receipt"], report["associated"]) for number, _, report in told}
    assert len(said) == len({number for number, _, _ in told})
    assert {number for number, receipt, _ in said if receipt == "usable"} == set(receipts)
    assert {receipt for _, receipt, _ in said} == {"usable", "none"}
    by_receipt = [row for row in history if row["by"] == "receipt"]
    assert [row["number"] for row in by_receipt] in ([], [1])
    assert [receipts[number] for number, _, associated in said if associated] == [row["signup"] for row in by_receipt]


def hold_edits_against_history(tries, history):
    """Each edit was done once, followed what its editor had seen, and stands in the history with who did it."""
    done = [tried for tried in tries if tried.is_done]
    assert Counter(tried.editor for tried in done) == EDITORS
    for tried in done:
        assert tried.now == (tried.seen[0] and tried.seen[0] + 1, tried.seen[1] + 1, tried.partner)
    rows = {row["number"]: row for row in history if row["by"] != "receipt"}
    assert len(rows) == len(done)
    assert {number: (row["by"], row["actor"], row.get("partner"), row.get("note")) for number, row in rows.items()} == {
        tried.now[1]: (tried.editor.split("-")[0], tried.editor, tried.partner, tried.note) for tried in done
    }
    late = [tried for tried in tries if not tried.is_done]
    # Four began on one version.
    assert len(late) >= 3
    assert all(tried.now[1] >= tried.seen[1] for tried in late)
    assert all(tried.now[0] > tried.seen[0] for tried in late if tried.editor != "customer")


def hold_versions_against_history(told, tries, history):
    """Who came too late, and everybody else, was told what was there at that moment: the partner after each change is that of the
    history, no version has two, and both go on together."""
    partners = {0: None} | {row["number"]: row.get("partner") for row in history}
    assert [tried.now[2] for tried in tries] == [partners[tried.now[1]] for tried in tries]
    found = {(tried.now[0], tried.now[2]) for tried in tries if tried.editor != "customer"}
    found |= {(report["version"], report.get("partner")) for _, _, report in told}
    assert len(found) == len({version for version, _ in found})
    states = sorted({tried.now[:2] for tried in tries if tried.editor != "customer"})
    assert all(later[0] > earlier[0] and later[1] >= earlier[1] for earlier, later in itertools.pairwise(states))


def test_a_thousand_callbacks_and_edits_on_one_subscription_lose_no_update(farm, staff):
    """900 callbacks tell of 60 events, each fifteen times; a third of them have a receipt, of two partners' sign-ups. Among them
    are a hundred edits of the partner of record: who comes too late looks at what the answer shows, and tries again."""
    events, times = 60, 15
    office = with_tokens(Office(farm, staff=staff), "provider", 3)
    with_tokens(office, "admin", 2)
    begin = datetime.now(UTC)
    first = office.send("POST", ROOT, event(0, time=as_told(begin)), "provider-0", status=201)
    link = office.send("POST", f"{ROOT}/sub-0/link", {}, "provider-0", status=201)["path"]
    receipts = {number: signup(office, "1234567" if number % 2 else "2345678") for number in range(3, events + 1, 3)}
    # Each event with a number of seats and a second of its own: the last of them tells what the subscription is in the end.
    bodies = {
        number: json.dumps(
            event(0, receipts.get(number), event=f"seats-{number}", seats=number, time=as_told(begin + timedelta(seconds=number)))
        )
        for number in range(1, events + 1)
    }
    # An event comes a while after the one before it, and again beside later ones: whose call comes when is chance, and always
    # the same.
    chance = random.Random(6)
    order = sorted((number for number in bodies for _ in range(times)), key=lambda number: number + chance.uniform(0, 8))

    def tell(place):
        answer = office.request("POST", ROOT, "provider-0", bodies[order[place]], Content_Type="application/json")
        return order[place], answer.status, json.loads(answer.text)

    def edit(editor):
        by_link = editor == "customer"
        tries, seen = [], (None if by_link else first["version"], 0, None)
        for number in range(EDITORS[editor]):
            is_done = False
            while not is_done:
                tried = edit_by_link(office, link, seen) if by_link else edit_by_api(office, editor, seen, number)
                if tried:
                    tries.append(tried)
                    seen, is_done = tried.now, tried.is_done
        return tries

    with ThreadPoolExecutor(32) as pool:
        editing = [pool.submit(edit, editor) for editor in EDITORS]
        told = list(pool.map(tell, range(len(order))))
        tries = [tried for future in editing for tried in future.result()]
    history = office.json(f"{ROOT}/sub-0/history?limit=1000", "auditor")
    last = office.json(f"{ROOT}/sub-0", "auditor")["subscription"]

    hold_callbacks_against_history(told, receipts, history)
    hold_edits_against_history(tries, history)
    hold_versions_against_history(told, tries, history)
    assert Counter((number, status) for number, status, _ in told) == {
        (number, status): count for number in bodies for status, count in ((201, 1), (200, times - 1))
    }
    # One partner at the end, what was told last, and a ledger that says the same.
    assert state_of(last)[1:] == (len(history), history[0].get("partner"))
    assert last["seats"] == events
    hold_history_against_ledger(history, associations(office))
    verify(office, signup=len(receipts), association=len(history))


def test_kills_lose_neither_a_change_nor_its_mail(mail, farm):
    """The server is killed three times while partners are changed and mail is on its way."""
    porter = farm.make("--mail-from", FROM, "--sendmail", mail.sendmail).start()
    subscriptions = 20
    for number in range(subscriptions):
        ask_control(porter, "POST", ROOT, event(number), status=201)
    confirmed = []

    def change(number):
        partner = "1234567" if number // subscriptions % 2 else "2345678"
        try:
            target = f"{ROOT}/sub-{number % subscriptions}/partner"
            confirmed.append((number % subscriptions, ask_control(porter, "PUT", target, {"partner": partner})["changes"]))
        except (OSError, AssertionError, ValueError, HTTPException):
            pass  # the server is gone

    for round_number in range(3):
        done = len(confirmed)
        with ThreadPoolExecutor(4) as pool:
            waiting = [pool.submit(change, number) for number in range(400 * round_number, 400 * (round_number + 1))]
            eventually(lambda done=done: len(confirmed) >= done + 15, "some changes are confirmed")
            porter.kill()
            for future in waiting:
                future.cancel()
            # Whoever waits for the control socket has it again.
            porter.start()

    def all_histories():
        found = {
            f"sub-{number}": ask_control(porter, "GET", f"{ROOT}/sub-{number}/history?limit=1000")
            for number in range(subscriptions)
        }
        return found if all(row["recorded"] for changes in found.values() for row in changes) else None

    history = eventually(all_histories, "the ledger has all changes")
    for number, changes in confirmed:
        assert len(history[f"sub-{number}"]) >= changes, "what was confirmed is there"
    expected = set()
    for changes in history.values():
        assert [row["number"] for row in changes] == list(range(len(changes), 0, -1))
        for row in changes:
            expected.add(f"<{row['receipt']}.added@gateway.example>")
            if "replaces" in row:
                expected.add(f"<{row['receipt']}.removed@gateway.example>")
    eventually(lambda: {message["Message-ID"] for message in mail.taken} >= expected, "all mail is taken", seconds=300)
    eventually(lambda: all(row["state"] == "sent" for row in notices(porter.data)), "all are noted as sent", seconds=60)
    ids = Counter(message["Message-ID"] for message in mail.taken)
    assert set(ids) == expected, "no mail of a change that there was not"
    # Only what was on its way at a kill can have come twice.
    assert sum(ids.values()) - len(ids) <= 3
    for name, times in ids.items():
        if times > 1:
            same = {hashlib.sha256(message.bytes).digest() for message in mail.taken if message["Message-ID"] == name}
            assert len(same) == 1, "and then to the byte"
    recorded = Counter((record["subscription"], record["change"]) for record in porter.records("--kind", "association"))
    assert recorded == Counter((name, row["number"]) for name, changes in history.items() for row in changes)
    porter.command("log", "verify", check=0)


def test_months_are_cut_at_their_borders_and_everything_tells_the_same(farm, staff):
    """Whole months of the past, by times that are written into the office while no server runs."""
    office = with_tokens(Office(farm, staff=staff), "provider", 1)
    for number in range(4):
        office.send("POST", ROOT, event(number, time="2016-09-01T00:00:00Z"), "provider-0", status=201)
    for number, order in enumerate(
        [
            {"partner": "1234567", "program": "sell"},
            {"partner": "1234567", "program": "usage"},
            {"partner": "1234567", "program": "usage", "evidence": "osa-form"},
            {"partner": "1234567", "program": "sell"},
        ]
    ):
        office.send("PUT", f"{ROOT}/sub-{number}/partner", order)
    office.request("DELETE", f"{ROOT}/sub-3/partner", "admin")
    usage = [
        (1, "a", True, "2016-10-31T12:00:00Z"),
        (1, "b", False, "2016-11-02T00:00:00Z"),
        (2, "c", True, "2016-09-01T00:00:00Z"),
    ]
    for number, name, active, moment in usage:
        document = {"event": f"usage-{name}", "active": active, "time": moment}
        office.send("POST", f"{ROOT}/sub-{number}/usage", document, "provider-0", status=201)
    counting = [office.json(f"{ROOT}/sub-{number}", "auditor")["subscription"]["counts"] for number in range(3)]
    assert counting == [True, False, False]
    office.porter.stop()
    times = {
        ("sub-0", 1): "2016-10-31T23:59:59.999999+00:00",
        ("sub-1", 1): "2016-10-01T00:00:00+00:00",
        ("sub-2", 1): "2016-10-01T00:00:00+00:00",
        ("sub-3", 1): "2016-11-01T00:00:00+00:00",
        ("sub-3", 2): "2016-12-01T00:00:00+00:00",
    }
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    with closing(sqlite3.connect(office.porter.data / "office.db")) as database, database:
        for (subscription, number), text in times.items():
            moment = (datetime.fromisoformat(text) - epoch).total_seconds()
            database.execute(
                "UPDATE association SET time = ? WHERE subscription = ? AND number = ?",
                (round(moment * 1_000_000), subscription, number),
            )
    office.porter.start()
    eventually(lambda: is_listening(office.port), "the back office listens")
    day = 86_400
    expected = {
        "2016-09": {"sell": [0, 0, 0, 0, 0, 0, 0, 0], "usage": [0, 0, 0, 0, 0, 0, 0, 0]},
        "2016-10": {"sell": [0, 1, 0, 0, 1, 1, 1, 0], "usage": [0, 2, 0, 0, 2, 1, 1, day // 2]},
        "2016-11": {"sell": [1, 1, 0, 0, 2, 2, 2, 60 * day], "usage": [2, 0, 0, 0, 2, 1, 0, day]},
        "2016-12": {"sell": [2, 0, 0, 1, 1, 1, 1, 31 * day], "usage": [2, 0, 0, 0, 2, 0, 0, 0]},
    }
    for month, programs in expected.items():
        told = statement(office, "1234567", month)
        for program, figures in programs.items():
            assert list(told[program].values()) == figures, (month, program)
    lines = office.porter.command("log", "statement", "1234567", "--month", "2016-10", check=0).stdout.splitlines()
    assert lines[-2] == (
        "program usage: subscriptions at the start: 0, associated: 2 (by receipt: 0), removed: 0, at the end: 2; counted: 1, "
        f"at the end: 1, together: {day // 2} s"
    )


def test_who_may_not_see_a_statement_does_not(farm, staff):
    office = with_tokens(Office(farm, staff=staff), "provider", 1)
    month = this_month()
    target = f"/api/v1/partners/1234567/statement/programs?month={month}"
    for role in ("marketing", "provider-0"):
        office.get(target, role, 403)
        office.get(target.replace("?", ".csv?"), role, 403)
    for query in ("", "?month=2016", "?month=2016-10&month=2016-11", "?month=2016-10&x=1"):
        office.get(f"/api/v1/partners/1234567/statement/programs{query}", "auditor", 400)
    office.get(target, "auditor")
    entry = office.json("/api/v1/access-log?limit=1")["entries"][0]
    assert (entry["action"], entry["what"]) == ("statement", f"1234567 {month}, by program")
