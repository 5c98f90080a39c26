"""Subscriptions on the pages: lists, one subscription, its partner of record, a tenant, importing what the provider tells."""

import html
import itertools
import re
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from playwright.sync_api import expect
from test_browser import press_until
from test_editing_pages import form_of
from texts import english_in
from wire import ask

ROOT = "/api/v1/subscriptions"
COLUMNS = "event,id,tenant,product,offer,seats,channel,time,receipt"
HOSTILE = '<b>"x"&\'</b> Ünï'
numbers = itertools.count(1)


@pytest.fixture
def admin(office):
    return office.signed_in("admin")


def now():
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def sell(office, receipt=None, **changed):
    """The provider tells of a subscription; returns its ID."""
    number = next(numbers)
    event = {"event": f"page-{number}", "id": f"page-sub-{number}", "tenant": f"tenant-{number}.example", "seats": 5}
    event |= {"product": "office-365", "offer": "E3", "channel": "direct", "time": now()} | changed
    office.send("POST", ROOT, event | ({"receipt": receipt} if receipt else {}), status=201)
    return event["id"]


def signup(office, partner="1234567"):
    return ask(office.porter, f"/enterprisetry.html?Partner={partner}&campaign=spring").receipt


def show(office, identifier):
    return office.json(f"{ROOT}/{quote(identifier, safe='')}")


def path(identifier):
    return "/subscriptions/" + quote(identifier, safe="")


def last_entry(office, who="admin"):
    (entry,) = office.json(f"/api/v1/access-log?limit=1&who={who}")["entries"]
    return entry["action"], entry["what"]


def entries(office, who="admin"):
    found = office.json(f"/api/v1/access-log?limit=10&who={who}")["entries"]
    return [(entry["action"], entry["what"]) for entry in found]


def check(browser, target, text):
    """Enters an ID and presses Check ID."""
    form = form_of(browser.open(target).text, target)
    return browser.open(target, "POST", form | {"id": text, "action": "check"})


def test_the_list_can_be_filtered_and_goes_on(office, admin):
    tenant = "many.example"
    told = [f"many-{number:02}" for number in range(60)]
    rows = [f"event-of-{identifier},{identifier},{tenant},crm,X,1,ea,{now()}," for identifier in told]
    body = "\n".join([COLUMNS, *rows]).encode()
    target = "/api/v1/subscription-events/import?file=many.csv"
    assert office.request("POST", target, "admin", body, Content_Type="text/csv").status == 200
    office.send("PUT", f"{ROOT}/{told[0]}/partner", {"partner": "2345678"})
    seen, target = [], f"/subscriptions?tenant={tenant}"
    while target:
        page = admin.open(target).text
        seen += re.findall(r'<td><a href="/subscriptions/([^"/]+)">', page)
        found = re.search(r'href="(/subscriptions\?[^"]*after=[^"]*)">Next', page)
        target = html.unescape(found[1]) if found else None
    assert seen == sorted(told)
    assert last_entry(office)[1].startswith(f"list tenant={tenant}&after=")

    def listed(query):
        return re.findall(r'<td><a href="/subscriptions/([^"/]+)">', admin.open(f"/subscriptions?tenant={tenant}&{query}").text)

    assert listed("partner=2345678") == [told[0]]
    assert len(listed("without-partner=1&product=crm&channel=ea")) == 50
    assert listed("product=intune") == []
    assert listed("channel=direct") == []
    for wrong in ("product=word", "channel=radio", "partner=0123", "without-partner=2", "colour=red"):
        assert admin.open("/subscriptions?" + wrong).status == 400, wrong


def test_one_subscription_tells_who_when_by_whom_and_on_what_evidence(office, admin):
    receipt = signup(office)
    identifier = sell(office, receipt, tenant="evidence.example")
    office.send("PUT", f"{ROOT}/{identifier}/partner", {"partner": "2345678", "note": "asked <i>for</i>"})
    page = admin.open(path(identifier)).text
    records = [row["receipt"] for row in show(office, identifier)["history"]]
    for record in records:
        assert f'href="/log/{record}"' in page
        assert path(identifier) in admin.open(f"/log/{record}").text, "the record leads back"
    assert f'href="/log/{receipt}"' in page
    assert path(identifier) in admin.open(f"/log/{receipt}").text, "the sign-up leads to what came of it"
    for text in ("Office Customer Portal", "by the receipt", "by an admin, for admin", "asked &lt;i&gt;for&lt;/i&gt;"):
        assert text in page, text
    assert "being added as partner of record" in page
    assert "waits: mail is off here (--mail-from is not given)" in page
    assert "next attempt" not in page, "there is none"
    assert show(office, identifier)["sends_mail"] is False
    assert "being removed as partner of record" in page
    assert "of an attributed sign-up" in page
    assert 'href="/tenant?name=evidence.example"' in page
    shown = office.porter.command("subscription", "show", identifier, check=0).stdout
    assert "2345678, program sell, evidence digital, in place of 1234567" in shown
    assert f"1234567, program sell, evidence receipt  by receipt (for admin)  sign-up {receipt}" in shown
    assert last_entry(office) == ("record-read", receipt)
    admin.open(path(identifier))
    assert last_entry(office) == ("subscription-read", identifier)
    assert f'href="/subscriptions?partner=2345678">{len_of(office, "2345678")}</a>' in admin.open("/partners/2345678").text


def len_of(office, partner):
    return len(office.json(f"{ROOT}?partner={partner}&limit=1000")["subscriptions"])


def test_where_there_is_no_address_the_page_says_that_there_is_no_mail(office, admin):
    office.send("PATCH", "/api/v1/partners/5559001", {"name": "Nowhere", "status": "active"})
    identifier = sell(office)
    office.send("PUT", f"{ROOT}/{identifier}/partner", {"partner": "5559001"})
    page = admin.open(path(identifier)).text
    assert "no mail: the directory has no address that can be mailed" in page
    assert "the partner was enrolled in no program" in page


def test_a_partner_of_record_is_checked_submitted_edited_and_removed(office, admin):
    identifier = sell(office)
    target = path(identifier) + "/partner"
    assert "Add partner of record" in admin.open(path(identifier)).text
    entered = {"id": " 1234567 ", "note": "by <fax>", "action": "check"}
    found = admin.open(target, "POST", form_of(admin.open(target).text, target) | entered)
    assert found.status == 200
    assert found.text.count('name="note" value="by &lt;fax&gt;"') == 2, "to be checked again, and to be submitted"
    assert "This partner was found" in found.text
    assert office.json("/api/v1/partners/1234567")["name"] in html.unescape(found.text)
    assert show(office, identifier)["history"] == [], "a check changes nothing"
    form = submit_form(found.text)
    assert form["partner"] == "1234567"
    assert set(re.findall(r'<option value="(sell|usage)"', found.text)) == {"sell", "usage"}
    done = admin.open(target, "POST", form | {"program": "usage", "evidence": "osa-form", "note": "by <fax>", "action": "submit"})
    assert (done.status, done.headers["Location"]) == (303, path(identifier))
    (change,) = show(office, identifier)["history"]
    assert (change["partner"], change["program"], change["evidence"]) == ("1234567", "usage", "osa-form")
    assert (change["by"], change["actor"], change["note"]) == ("admin", "admin", "by <fax>")
    assert "since January 2016 an OSA form alone is no evidence" in admin.open(path(identifier)).text, "in use or not"
    usage = {"event": f"usage-of-{identifier}", "active": True, "time": now()}
    office.send("POST", f"{ROOT}/{identifier}/usage", usage, status=201)
    page = admin.open(path(identifier)).text
    assert "the workload is in use" in page
    assert "since January 2016 an OSA form alone is no evidence" in page

    assert "Edit partner of record" in admin.open(path(identifier)).text
    form = form_of(admin.open(target).text, target)
    assert form["id"] == "1234567", "the latest ID"
    removed = admin.open(target, "POST", form | {"id": "", "note": "asked by telephone", "action": "check"})
    assert removed.status == 303
    assert "partner" not in show(office, identifier)["subscription"]
    assert show(office, identifier)["history"][0]["note"] == "asked by telephone"
    assert "asked by telephone" in admin.open(path(identifier)).text
    again = admin.open(target, "POST", form_of(admin.open(target).text, target) | {"id": "", "action": "check"})
    assert again.status == 409
    assert "no partner of record that could be removed" in again.text
    records = office.porter.records("--kind", "association")
    assert [record["change"] for record in records if record["subscription"] == identifier] == [1, 2]
    shown = office.porter.command("subscription", "show", identifier, check=0).stdout
    for text in ("portal office-customer", "1234567, program usage, evidence osa-form  by admin (admin)  note: by <fax>"):
        assert text in shown, text
    assert "removed 1234567  by admin (admin)  note: asked by telephone" in shown


def submit_form(page):
    """The fields of the form that submits what was checked."""
    form = next(form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if 'value="submit"' in form)
    return dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form))


def test_programs_that_a_partner_is_not_enrolled_in_are_not_offered(office, admin):
    target = path(sell(office)) + "/partner"
    found = check(admin, target, "1234568").text
    assert re.findall(r'<option value="(sell|usage)"', found) == ["sell"]
    refused = admin.open(target, "POST", submit_form(found) | {"program": "usage", "action": "submit"})
    assert refused.status == 422
    assert "is not enrolled in Online Services Usage" in refused.text


@pytest.mark.parametrize(
    ("typed", "reason", "turn"),
    [
        ("4567890", "The agreement has lapsed.", "If the agreement was renewed and is active"),
        ("99", "Not in the directory", "regional service centre"),
        ("0123", "It begins with a zero", "as the Microsoft partner portal shows it"),
        ("5d3f0a7e-1b2c-4d5e-8f90-a1b2c3d4e5f6", "A GUID", "never a partner"),
        ("xxxxx", "A placeholder", "an example’s text"),
        ('<script>"', "This is not a Partner ID", "1 to 10 digits"),
    ],
)
def test_why_an_id_cannot_be_used_and_where_to_turn(office, admin, typed, reason, turn):
    identifier = sell(office)
    page = check(admin, path(identifier) + "/partner", typed)
    assert reason in page.text
    assert turn in page.text
    assert 'value="submit"' not in page.text
    assert "<script" not in page.text
    assert show(office, identifier)["history"] == []


def test_who_has_not_seen_what_is_there_is_shown_it(office, admin):
    identifier = sell(office)
    target = path(identifier) + "/partner"
    found = check(admin, target, "1234567").text
    office.send("PUT", f"{ROOT}/{identifier}/partner", {"partner": "2345678"})
    late = admin.open(target, "POST", submit_form(found) | {"action": "submit"})
    assert late.status == 409
    assert "Somebody else changed this subscription meanwhile" in late.text
    assert 'href="/partners/2345678"' in late.text
    assert show(office, identifier)["subscription"]["partner"] == "2345678"
    assert last_entry(office) == ("subscription-read", f"{identifier}, to edit it")
    entries = office.json("/api/v1/access-log?limit=5&who=admin")["entries"]
    assert ("subscription-refused", f"{identifier}: changed-meanwhile") in [(row["action"], row["what"]) for row in entries]


def test_what_a_syndicator_sold_has_no_edit_and_the_page_says_why(office, admin):
    identifier = sell(office, signup(office), channel="syndicated")
    page = admin.open(path(identifier)).text
    assert "sold by a syndicator" in page
    assert "the customer sees, without an account and in its own language, why" in page
    assert "check an ID, set it, remove it" not in page, "what the link is for where there is something to edit"
    assert f"{path(identifier)}/partner" not in page.split("<main")[1]
    target = path(identifier) + "/partner"
    assert "<form" not in admin.open(target).text.split("<main")[1]
    form = {"form-token": admin.form_token("/account"), "version": "1", "partner": "1234567", "action": "submit"}
    refused = admin.open(target, "POST", form)
    assert refused.status == 409
    assert "sold by a syndicator" in refused.text
    assert "partner" not in show(office, identifier)["subscription"]


def test_what_turns_out_to_be_a_syndicator_s_loses_its_partner_of_record(office, admin):
    tenant = f"turns-{next(numbers)}.example"
    by_call, by_file = (sell(office, signup(office), tenant=tenant) for _ in range(2))
    sell(office, id=by_call, tenant=tenant, channel="syndicated")
    noted = [row["what"] for row in office.json("/api/v1/access-log?limit=5")["entries"]]
    assert any(re.fullmatch(rf"{by_call}, event .*, receipt none, partner of record removed", what) for what in noted)
    row = f"turns-{next(numbers)},{by_file},{tenant},office-365,E3,5,syndicated,{now()},"
    target = upload(admin, f"{COLUMNS}\n{row}\n").headers["Location"]
    page = admin.open(target).text
    assert "<dt>Partners of record removed</dt><dd>1</dd>" in page
    assert show(office, by_file)["subscription"]["partner"] == "1234567", "nothing is done yet"
    assert confirm(admin, target, page).status == 200
    assert last_entry(office) == ("subscription-import", "events.csv, new events: 1, partners of record set: 0, removed: 1")
    for identifier, actor in ((by_call, "for admin"), (by_file, "admin")):
        found = show(office, identifier)
        removal, first = found["history"]
        assert "partner" not in found["subscription"] and "partner" not in removal
        assert (removal["number"], removal["by"], removal["actor"]) == (2, "provider", actor)
        assert (removal["replaces"], first["by"]) == ("1234567", "receipt")
        page = admin.open(path(identifier)).text
        assert "it can have no partner of record, so there is nothing to edit" in page
        assert f"by the provider, {actor}" in page
        assert f'href="/log/{removal["receipt"]}"' in page, "it is a record as well"
        assert "being removed as partner of record" in page


def test_a_tenants_page_shows_which_subscriptions_lack_a_partner_each_with_its_portal(office, admin):
    tenant = f"Two & Söhne, {next(numbers)}"
    has = sell(office, signup(office), tenant=tenant)
    lacks = sell(office, tenant=tenant, product="intune")
    sell(office, tenant=tenant, product="crm", channel="syndicated")
    target = "/tenant?name=" + quote(tenant, safe="")
    page = admin.open(target).text
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    assert any(has in row and "Office Customer Portal" in row and "1234567" in row for row in rows)
    assert any(lacks in row and "Intune Account Portal" in row and "no partner of record" in row for row in rows)
    assert any("sold by a syndicator" in row and "none possible" in row for row in rows)
    assert last_entry(office) == ("subscription-read", f"tenant {tenant}")
    link = re.search(r'<a href="(/subscriptions\?[^"]*)">1 subscription of 3 lacks a partner of record', page)[1]
    listed = re.findall(r'<td><a href="/subscriptions/([^"/]+)">', admin.open(html.unescape(link)).text)
    assert listed == [lacks], "and no other tenant's"
    second = sell(office, tenant=tenant)
    assert "2 of 4 subscriptions lack a partner of record" in admin.open(target).text
    for identifier in (lacks, second):
        office.send("PUT", f"{ROOT}/{identifier}/partner", {"partner": "1234567"})
    assert "None of the subscriptions" in admin.open(target).text
    assert admin.open("/tenant?name=nobody").status == 404
    assert admin.open("/tenant").status == 404


def test_what_the_provider_called_anything_is_escaped(office, admin):
    tenant = HOSTILE + str(next(numbers))
    odd = f"a/b?c=%41&<x>'\"#{next(numbers)}"
    identifier = sell(office, tenant=tenant, offer=HOSTILE, id=odd, product="crm")
    assert identifier == odd
    targets = [path(odd), path(odd) + "/partner", "/tenant?name=" + quote(tenant, safe=""), "/subscriptions?product=crm"]
    for target in targets:
        page = admin.open(target)
        assert page.status == 200, target
        assert "<b>" not in page.text, target
        assert "<x>" not in page.text, target
    target = path(odd) + "/partner"
    done = admin.open(target, "POST", submit_form(check(admin, target, "1234567").text) | {"action": "submit"})
    assert done.headers["Location"] == path(odd)
    assert show(office, odd)["subscription"]["partner"] == "1234567"


def upload(browser, text, name="events.csv", **more):
    token = browser.form_token("/subscription-import")
    return browser.upload("/subscription-import", {"form-token": token}, name, text.encode(), **more)


def confirm(browser, target, page):
    main = page.split("<main")[1]
    found = {name: re.search(f'name="{name}" value="([^"]*)"', main)[1] for name in ("form-token", "seen")}
    fields = {name: html.unescape(value) for name, value in found.items()}
    return browser.open(target.partition("?")[0], "POST", fields)


def test_a_csv_is_shown_and_then_imported(office, admin):
    receipt, number = signup(office), next(numbers)
    rows = [
        f"csv-{number}-1,csv-sub-{number}-1,{HOSTILE.replace(chr(34), '')},office-365,E3,5,direct,{now()},{receipt}",
        f"csv-{number}-2,csv-sub-{number}-2,t,intune,I,1,ea,{now()},",
    ]
    text = "\n".join([COLUMNS, *rows]) + "\n"
    sent = upload(admin, text, "what <i>they told.csv")
    assert sent.status == 303, sent.text
    target = sent.headers["Location"]
    page = admin.open(target).text
    assert "what &lt;i&gt;they told.csv" in page
    assert "of an attributed sign-up" in page
    assert "set by this receipt" in page
    assert "mailed" not in page, "mail is off here"
    assert last_entry(office)[1].endswith(", what would change")
    office.get(f"{ROOT}/csv-sub-{number}-1", status=404)
    # One of its events is told meanwhile: it is shown anew.
    told = dict(zip(COLUMNS.split(","), rows[1].split(","), strict=True))
    office.send("POST", ROOT, told | {"seats": 1, "receipt": None}, status=201)
    stale = confirm(admin, target, page)
    assert stale.status == 303
    anew = admin.open(stale.headers["Location"]).text
    assert "Something has changed since this was shown" in anew
    done = confirm(admin, target, anew)
    assert done.status == 200
    assert "The file is imported" in done.text
    assert show(office, f"csv-sub-{number}-1")["subscription"]["partner"] == "1234567"
    assert last_entry(office)[0] == "subscription-import"
    # What was imported is no longer kept.
    assert "preview has ended" in confirm(admin, target, anew).text
    again = upload(admin, text)
    assert "all of it was told before" in admin.open(again.headers["Location"]).text


def test_all_mistakes_of_a_csv_are_told(office, admin):
    answer = upload(admin, COLUMNS + f"\ne,s,t,word,o,1,direct,{now()},\ne2,s,t,crm,o,x,direct,soon,\n")
    assert answer.status == 422
    assert len(re.findall(r"<li>events\.csv:[23]: ", answer.text)) == 2
    assert last_entry(office) == ("subscription-refused", "/subscription-import: import-refused")
    token = admin.form_token("/subscription-import")
    assert "Choose a file" in admin.upload("/subscription-import", {"form-token": token}, "", b"").text


def shown_link(page):
    """The customer's link that a page shows."""
    return re.search(r"<code>(/s/[^<]+)</code>", page)[1]


def test_an_admin_makes_a_customer_s_link_which_is_shown_once(office, admin):
    identifier = sell(office)
    target = path(identifier) + "/link"
    form = form_of(admin.open(path(identifier)).text, target)
    assert form["days"] == "30"
    assert "check an ID, set it, remove it" in admin.open(path(identifier)).text
    made = admin.open(target, "POST", form | {"days": "14"})
    assert made.status == 200
    assert made.headers["Cache-Control"] == "no-store"
    link = shown_link(made.text)
    end = datetime.fromtimestamp(int(link.split(".")[1]), UTC)
    assert abs((end - datetime.now(UTC)).total_seconds() - 14 * 86_400) < 60
    assert end.strftime("%Y-%m-%d %H:%M:%S UTC") in made.text, "with its end"
    assert "--host" in made.text, "this server was not told its own name"
    assert ask(office.porter, link).status == 200, "it holds by then"
    (line,) = [what for action, what in entries(office) if action == "subscription-link"][:1]
    assert line.startswith(f"{identifier}, until ")
    assert link.rpartition(".")[2] not in str(entries(office))
    # Who comes again sees the page without it.
    assert "/s/" not in admin.open(path(identifier)).text
    again = admin.open(target)
    assert (again.status, again.headers["Location"]) == (303, path(identifier))
    for days in ("0", "91", "", "many"):
        refused = admin.open(target, "POST", form | {"days": days})
        assert refused.status == 422, days
        assert "Give a number of days from 1 to 90." in refused.text
        assert "<code>/s/" not in refused.text
    assert ("subscription-refused", f"{identifier}: invalid-request") in entries(office)
    for wrong, status, what in (
        ("no-such", 404, "/subscriptions/no-such/link: unknown-subscription"),
        (identifier, 403, f"{target}: form-expired"),
    ):
        token = {} if status == 404 else {"form-token": "0" * 64}
        assert admin.open(f"{path(wrong)}/link", "POST", form | token).status == status
        assert last_entry(office) == ("subscription-refused", what)
    assert admin.open(target, "POST", form, Sec_Fetch_Site="cross-site").status == 403
    assert admin.open(target, "POST", form | {"days": "9" * 70_000}).status == 413
    assert last_entry(office) == ("subscription-refused", f"{target}: too-large")
    # What a syndicator sold can have a link: its page says why there is nothing to edit.
    syndicated = path(sell(office, channel="syndicated"))
    other = admin.open(syndicated + "/link", "POST", form_of(admin.open(syndicated).text, syndicated + "/link"))
    assert ask(office.porter, shown_link(other.text)).status == 200


def test_each_role_sees_and_does_what_it_may(office):
    identifier = sell(office, tenant="roles.example")
    reads = ["/subscriptions", path(identifier), "/tenant?name=roles.example", "/conflicts"]
    changes = [path(identifier) + "/partner", "/subscription-import"]
    for role, read, change in (("marketing", 403, 403), ("auditor", 200, 403), ("admin", 200, 200)):
        browser = office.signed_in(role)
        for target in reads:
            page = browser.open(target)
            assert page.status == read, (role, target)
            assert "style=" not in page.text
            assert "<script" not in page.text
        for target in changes:
            assert browser.open(target).status == change, (role, target)
        token = browser.form_token("/account")
        form = {"form-token": token, "id": "1234567", "partner": "1234567", "version": "1", "action": "submit"}
        if role != "admin":
            assert browser.open(path(identifier) + "/partner", "POST", form).status == 403
            assert browser.open(path(identifier) + "/link", "POST", form | {"days": "1"}).status == 403
            entries = office.json(f"/api/v1/access-log?limit=20&who={role}")["entries"]
            refused = {entry["what"] for entry in entries if entry["action"] == "subscription-refused"}
            assert {f"{path(identifier)}/{what}: wrong role" for what in ("partner", "link")} <= refused
        links = browser.open("/overview").text
        assert ('href="/subscriptions"' in links) == (read == 200)
    auditor = office.signed_in("auditor").open(path(identifier)).text
    assert "/partner" not in auditor.split("<main")[1]
    assert "/link" not in auditor.split("<main")[1]
    assert show(office, identifier)["history"] == []


def test_a_form_from_elsewhere_changes_nothing(office, admin):
    identifier = sell(office)
    target = path(identifier) + "/partner"
    form = submit_form(check(admin, target, "1234567").text) | {"action": "submit"}
    assert admin.open(target, "POST", form | {"form-token": "0" * 64}).status == 403
    assert admin.open(target, "POST", form, Sec_Fetch_Site="cross-site").status == 403
    assert office.signed_in("admin").open(target, "POST", form).status == 403
    assert upload(admin, COLUMNS + "\n", Sec_Fetch_Site="cross-site").status == 403
    assert show(office, identifier)["history"] == []


def test_the_pages_speak_french(office, admin):
    receipt = signup(office)
    identifier = sell(office, receipt, tenant="francais.example")
    office.send("PUT", f"{ROOT}/{identifier}/partner", {"partner": "5559001" if has(office, "5559001") else "2345678"})
    syndicated = sell(office, channel="syndicated", tenant="francais.example")
    assert admin.open("/language?to=fr").status == 303
    targets = ["/subscriptions", "/subscriptions?tenant=none", path(identifier), path(syndicated), path(identifier) + "/partner"]
    targets += ["/tenant?name=francais.example", "/subscription-import", "/conflicts", f"/log/{receipt}"]
    targets += [path(syndicated) + "/partner", "/subscriptions?product=word", "/conflicts/999999", "/subscriptions/no-such"]
    for target in targets:
        page = admin.open(target)
        assert '<html lang="fr">' in page.text, target
        assert not english_in(page.text), target
    form = form_of(admin.open(path(identifier)).text, path(identifier) + "/link")
    for days in ("1", "0"):
        assert not english_in(admin.open(path(identifier) + "/link", "POST", form | {"days": days}).text), days
    for typed in ("1234567", "4567890", "99", "0123", "xxxxx", "5d3f0a7e-1b2c-4d5e-8f90-a1b2c3d4e5f6"):
        assert not english_in(check(admin, path(identifier) + "/partner", typed).text), typed


def has(office, partner):
    return office.request("GET", f"/api/v1/partners/{partner}", "admin").status == 200


def test_a_partner_of_record_is_set_with_the_keyboard_alone(office, windows):
    identifier = sell(office)
    with windows.open("admin") as window:
        page = window.open(path(identifier))
        press_until(window, "main a.button[href$='/partner']")
        page.keyboard.press("Enter")
        expect(page.locator("main input[name=id]")).to_be_visible()
        press_until(window, "main input[name=id]")
        page.keyboard.type("1234567")
        page.keyboard.press("Enter")
        expect(page.locator("main h2")).to_have_text("This partner was found")
        press_until(window, "main button[value=submit]")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Subscription")
    assert show(office, identifier)["subscription"]["partner"] == "1234567"
