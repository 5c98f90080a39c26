"""Conflicts between partners who claim the same subscriptions: shown side by side, decided by an admin, kept in the ledger."""

import html
import itertools
import json
import re
import time
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from test_browser import press_until
from texts import english_in
from wire import ask

ROOT = "/api/v1/subscriptions"
CONFLICTS = "/api/v1/conflicts"
numbers = itertools.count(1)


@pytest.fixture
def admin(office):
    return office.signed_in("admin")


def signup(office, partner):
    # Receipts tell moments to the millisecond.
    time.sleep(0.002)
    return ask(office.porter, f"/enterprisetry.html?Partner={partner}&campaign=spring").receipt


def sell(office, receipt=None, **changed):
    number = next(numbers)
    event = {"event": f"conflict-{number}", "id": f"conflict-sub-{number}", "tenant": f"conflict-{number}.example", "seats": 5}
    event |= {"product": "office-365", "offer": "E3", "channel": "direct"} | changed
    event |= {"time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")} | ({"receipt": receipt} if receipt else {})
    office.send("POST", ROOT, event, status=201)
    return event


def one_subscription(office, **changed):
    """A subscription that came of one partner's sign-up, and is then told with another's; its event, and both receipts."""
    first, second = signup(office, "1234567"), signup(office, "2345678")
    event = sell(office, first, **changed)
    sell(office, second, id=event["id"], tenant=event["tenant"], product=event["product"])
    return event, first, second


def two_subscriptions(office):
    event = sell(office, signup(office, "1234567"))
    other = sell(office, signup(office, "2345678"), tenant=event["tenant"])
    return event, other


def conflict_of(office, event, state="open"):
    found = office.json(f"{CONFLICTS}?state={state}&limit=1000")["conflicts"]
    return next((row for row in found if (row["tenant"], row["product"]) == (event["tenant"], event["product"])), None)


def show(office, event):
    return office.json(f"{ROOT}/{event['id']}")


def form_of(page):
    form = next(form for form in re.findall(r"<form.*?</form>", page.split("<main")[1], re.DOTALL) if 'name="choice"' in form)
    return dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form))


def test_both_partners_stand_side_by_side_with_their_records_and_receipts(office, admin):
    event, first, second = one_subscription(office)
    conflict = conflict_of(office, event)
    assert conflict["state"] == "open"
    assert show(office, event)["subscription"]["partner"] == "1234567", "the receipt decided, and nothing else"
    found = office.json(f"{CONFLICTS}/{conflict['id']}", "auditor")
    assert [side["partner"] for side in found["sides"]] == ["1234567", "2345678"]
    assert [side["claims"][0]["signup"] for side in found["sides"]] == [first, second]
    assert (found["first_touch"]["signup"], found["last_touch"]["signup"]) == (first, second)
    record = found["sides"][0]["held"][0]["change"]["receipt"]

    page = admin.open(f"/conflicts/{conflict['id']}").text
    sides = re.findall(r'<section class="side">(.*?)</section>', page, re.DOTALL)
    assert len(sides) == 2
    assert f'href="/log/{first}"' in sides[0]
    assert f'href="/log/{record}"' in sides[0]
    assert "First sign-up" in sides[0]
    assert f'href="/log/{second}"' in sides[1]
    assert "Last sign-up" in sides[1]
    assert "spring" in sides[1], "of the sign-up's record"
    assert f"{event['id']}</a>, Online Services Sell, by the receipt of the sign-up, since" in sides[0]
    assert "none here" in sides[1]
    for text in ("Whose is it?", "It is that of partner 1234567", "another partner of record: 0 of 1", "record: 1 of 1"):
        assert text in page, text
    assert "mailed" not in page, "mail is off here"
    (entry,) = office.json("/api/v1/access-log?limit=1&who=admin")["entries"]
    assert (entry["action"], entry["what"]) == ("subscription-read", f"conflict {conflict['id']}, with its sign-ups")
    link = f'href="/conflicts/{conflict["id"]}"'
    assert link in admin.open("/conflicts").text
    assert link in admin.open(f"/subscriptions/{event['id']}").text
    assert link in admin.open(f"/tenant?name={event['tenant']}").text
    count = len(office.json(f"{CONFLICTS}?limit=1000")["conflicts"])
    told = rf'<a href="/conflicts">{count} conflicts? between partners waits? for a decision'
    assert re.search(told, admin.open("/overview").text)
    assert "conflicts between" not in office.signed_in("marketing").open("/overview").text


def test_an_admin_decides_on_the_page_with_a_note_and_the_ledger_has_it(office, admin):
    event, _, second = one_subscription(office)
    number = conflict_of(office, event)["id"]
    target = f"/conflicts/{number}"
    form = form_of(admin.open(target).text)
    note = 'The customer wrote: "it was <b>Fabrikam</b>"'
    for wrong, status, told in (
        ({"note": note}, 422, "choose one of the answers"),
        ({"choice": "2345678"}, 422, "A note is needed"),
        ({"choice": "7654321", "note": note}, 422, "has no claim here"),
        ({"choice": "2345678", "note": note, "version": "99"}, 409, "Something has happened since"),
    ):
        refused = admin.open(target, "POST", form | wrong)
        assert refused.status == status, (wrong, refused.text)
        assert told in refused.text
    assert html.escape(note, quote=False).replace('"', "&quot;") in refused.text, "what was typed stands there"
    assert show(office, event)["subscription"]["changes"] == 1

    done = admin.open(target, "POST", form | {"choice": "2345678", "note": note})
    assert (done.status, done.headers["Location"]) == (303, target)
    found = show(office, event)
    change = found["history"][0]
    assert (found["subscription"]["partner"], found["subscription"]["evidence"]) == ("2345678", "receipt")
    assert (change["by"], change["actor"], change["signup"], change["note"]) == ("admin", "admin", second, note)
    assert change["recorded"] is True
    record = office.porter.record(change["receipt"])
    assert change["conflict"] == record["conflict"] == number
    leaf = office.porter.rows(f"SELECT CAST(leaf AS TEXT) FROM record WHERE seq = {record['seq']}")[0][0]
    assert json.loads(leaf)["conflict"] == number, "known when the note is erased"
    assert "conflict" not in found["history"][1]
    said = f'<a class="near" href="{target}">Decision on conflict {number}</a>'
    assert admin.open(f"/subscriptions/{event['id']}").text.count(said) == 1
    assert f'<a href="{target}">Decision on conflict {number}</a>' in admin.open(f"/log/{change['receipt']}").text
    shown = office.porter.command("subscription", "show", event["id"], check=0).stdout.splitlines()
    assert [f"decision on conflict {number}" in line for line in shown if line.startswith("#")] == [True, False]
    (line,) = office.porter.command("log", "search", "--receipt", change["receipt"], check=0).stdout.splitlines()
    assert f"by=admin  conflict={number}" in line
    assert (record["kind"], record["partner"], record["replaces"], record["note"]) == ("association", "2345678", "1234567", note)
    mails = {(notice["kind"], notice["partner"]) for notice in found["notices"][:2]}
    assert mails == {("added", "2345678"), ("removed", "1234567")}
    page = admin.open(target).text
    assert "Decided for partner 2345678" in page
    assert f'href="/log/{change["receipt"]}"' in page
    assert "<b>Fabrikam" not in page
    assert 'name="choice"' not in page
    late = admin.open(target, "POST", form | {"choice": "1234567", "note": note})
    assert late.status == 409
    assert conflict_of(office, event) is None
    assert conflict_of(office, event, "decided")["note"] == note
    office.porter.command("log", "verify", check=0)


def test_two_subscriptions_of_a_tenant_can_both_be_right(office, admin):
    event, other = two_subscriptions(office)
    number = conflict_of(office, event)["id"]
    page = admin.open(f"/conflicts/{number}").text
    for text in ("Whose are they?", "All are those of partner 1234567", "another partner of record: 0 of 2"):
        assert text in page, text
    assert page.count("another partner of record: 1 of 2") == 2
    form = form_of(page)
    done = admin.open(f"/conflicts/{number}", "POST", form | {"choice": "keep", "note": "two sites"})
    assert done.status == 303
    for told, partner in ((event, "1234567"), (other, "2345678")):
        found = show(office, told)
        assert found["subscription"]["partner"] == partner
        assert [(row["note"], row["conflict"]) for row in found["history"][:1]] == [("two sites", number)]
        assert len(found["notices"]) == 1, "nobody is told what has not changed"
    sell(office, signup(office, "2345678"), tenant=event["tenant"])
    assert conflict_of(office, event) is None, "it was decided that both stand beside each other"


def test_a_subscription_that_nobody_has_is_left_without_and_nobody_is_removed(office, admin):
    event = sell(office, signup(office, "1234567"))
    assert office.request("DELETE", f"{ROOT}/{event['id']}/partner", "admin").status == 200
    sell(office, signup(office, "2345678"), id=event["id"], tenant=event["tenant"])
    sell(office, signup(office, "1234567"), tenant=event["tenant"])
    number = conflict_of(office, event)["id"]
    office.send("POST", f"{CONFLICTS}/{number}/decision", {"choice": "keep", "note": "still nobody"})
    found = show(office, event)
    change = found["history"][0]
    assert (change["number"], change["conflict"], change["note"]) == (3, number, "still nobody")
    assert not {"partner", "replaces"} & set(change)
    assert [(notice["kind"], notice["partner"]) for notice in found["notices"]] == [("removed", "1234567"), ("added", "1234567")]
    assert "left without a partner of record" in admin.open(f"/log/{change['receipt']}").text
    (line,) = office.porter.command("log", "search", "--receipt", change["receipt"], check=0).stdout.splitlines()
    assert "  without  " in line
    shown = office.porter.command("subscription", "show", event["id"], check=0).stdout.splitlines()
    told = [line for line in shown if line.startswith("#")]
    assert [("left without" in line, "removed" in line) for line in told] == [(True, False), (False, True), (False, False)]


def test_the_api_decides_what_was_seen_and_says_why_not(office):
    event, _, _ = one_subscription(office, product="crm")
    target = f"{CONFLICTS}/{conflict_of(office, event)['id']}"
    seen = office.get(target, "auditor").headers["ETag"]
    sell(office, signup(office, "1234568"), id=event["id"], tenant=event["tenant"], product="crm")
    order = {"choice": "2345678", "note": "decided by phone"}
    assert office.send("POST", f"{target}/decision", order, status=412, If_Match=seen)["type"] == "changed-meanwhile"
    for wrong, status, kind in (
        ({"choice": "7654321", "note": "decided by phone"}, 422, "not-claimed"),
        ({"choice": "2345678", "note": " "}, 422, "no-note"),
        ({"choice": "0123", "note": "decided by phone"}, 400, "invalid-request"),
        (order | {"colour": "red"}, 400, "invalid-request"),
    ):
        assert office.send("POST", f"{target}/decision", wrong, status=status)["type"] == kind
    assert office.send("POST", f"{target}/decision", order, role="auditor", status=403)["type"] == "forbidden"
    now = office.get(target).headers["ETag"]
    done = office.send("POST", f"{target}/decision", order, If_Match=now)
    assert (done["state"], done["choice"], done["decider"]) == ("decided", "2345678", "for admin")
    assert office.send("POST", f"{target}/decision", order, status=409)["type"] == "conflict-settled"
    assert office.send("POST", f"{CONFLICTS}/999999/decision", order, status=404)["type"] == "unknown-conflict"
    assert office.request("GET", f"{CONFLICTS}/x", "auditor").status == 404
    assert office.request("GET", f"{CONFLICTS}?state=lost", "auditor").status == 400
    entries = office.json("/api/v1/access-log?limit=40")["entries"]
    refused = {row["what"] for row in entries if row["action"] == "subscription-refused"}
    number = target.rsplit("/", 1)[1]
    codes = ["changed-meanwhile", "not-claimed", "no-note", "conflict-settled"]
    assert {f"conflict {number}: {code}" for code in codes} <= refused


def test_a_partner_that_is_suspended_meanwhile_is_not_chosen(office):
    office.send("PATCH", "/api/v1/partners/5559100", {"name": "Soon gone", "status": "active"})
    event = sell(office, signup(office, "1234567"))
    sell(office, signup(office, "5559100"), id=event["id"], tenant=event["tenant"])
    office.send("PATCH", "/api/v1/partners/5559100", {"status": "suspended", "status_reason": "lapsed"})
    target = f"{CONFLICTS}/{conflict_of(office, event)['id']}/decision"
    refused = office.send("POST", target, {"choice": "5559100", "note": "decided by phone"}, status=422)
    assert refused["type"] == "unusable-partner"
    assert show(office, event)["subscription"]["partner"] == "1234567"
    assert conflict_of(office, event) is not None


def test_a_conflict_ends_when_somebody_settles_it_on_the_subscription(office):
    event, _, _ = one_subscription(office)
    number = conflict_of(office, event)["id"]
    office.send("PUT", f"{ROOT}/{event['id']}/partner", {"partner": "2345678", "note": "asked"})
    assert conflict_of(office, event) is None
    ended = office.json(f"{CONFLICTS}/{number}")
    assert ended["conflict"]["state"] == "ended"
    assert "decider" not in ended["conflict"]
    assert ended["records"] == []


def test_who_may_see_and_decide(office):
    event, _, _ = one_subscription(office)
    target = f"/conflicts/{conflict_of(office, event)['id']}"
    for role, status in (("marketing", 403), ("auditor", 200), ("admin", 200)):
        browser = office.signed_in(role)
        page = browser.open(target)
        assert page.status == status
        assert ('name="choice"' in page.text) == (role == "admin")
        assert ("conflict-" in page.text and event["tenant"] in page.text) == (status == 200)
        form = {"form-token": browser.form_token("/account"), "choice": "1234567", "note": "decided by phone", "version": "1"}
        if role != "admin":
            assert browser.open(target, "POST", form).status == 403
            body = json.dumps({"choice": "keep", "note": "n"})
            assert office.request("POST", f"/api/v1{target}/decision", role, body).status == 403
    admin = office.signed_in("admin")
    form = form_of(admin.open(target).text) | {"choice": "1234567", "note": "decided by phone"}
    assert admin.open(target, "POST", form | {"form-token": "0" * 64}).status == 403
    assert admin.open(target, "POST", form, Sec_Fetch_Site="cross-site").status == 403
    assert conflict_of(office, event) is not None


def test_what_the_provider_called_a_tenant_is_escaped(office, admin):
    event, _, _ = one_subscription(office, tenant=f'<b>"T"</b> & {next(numbers)}')
    number = conflict_of(office, event)["id"]
    for target in ("/conflicts", f"/conflicts/{number}"):
        page = admin.open(target).text
        assert "&lt;b&gt;&quot;T&quot;&lt;/b&gt; &amp;" in page
        assert "<b>" not in page


def test_the_pages_speak_french(office, admin):
    event, _, _ = one_subscription(office)
    other, _ = two_subscriptions(office)
    number = conflict_of(office, other)["id"]
    office.send("POST", f"{CONFLICTS}/{number}/decision", {"choice": "keep", "note": "deux sites"})
    assert admin.open("/language?to=fr").status == 303
    target = f"/conflicts/{conflict_of(office, event)['id']}"
    lists = ["/overview", "/conflicts", "/conflicts?state=decided", "/conflicts?state=ended"]
    for opened in (*lists, target, f"/conflicts/{number}"):
        page = admin.open(opened)
        assert '<html lang="fr">' in page.text
        assert not english_in(page.text), opened
    form = form_of(admin.open(target).text)
    stale = {"choice": "1234567", "note": "n", "version": "0"}
    for wrong in ({}, {"choice": "1234567"}, {"choice": "7654321", "note": "n"}, stale):
        assert not english_in(admin.open(target, "POST", form | wrong).text), wrong


def test_a_conflict_is_decided_with_the_keyboard_alone(office, windows):
    event, _, _ = one_subscription(office)
    with windows.open("admin") as window:
        page = window.open(f"/conflicts/{conflict_of(office, event)['id']}")
        press_until(window, "main input[type=radio]")
        page.keyboard.press("ArrowDown")
        expect(page.locator("input[value='2345678']")).to_be_checked()
        press_until(window, "main input[name=note]")
        page.keyboard.type("asked by telephone")
        page.keyboard.press("Enter")
        expect(page.locator("#decision")).to_contain_text("asked by telephone")
    assert show(office, event)["subscription"]["partner"] == "2345678"
