"""Importing a CSV on the pages: first what would change, then exactly that."""

import json
import re

import pytest
from wire import ask

HEADER = "id,name,status,status_reason\n"


@pytest.fixture
def admin(office):
    return office.signed_in("admin")


def upload(browser, text, name="partners.csv", **more):
    token = browser.form_token("/partners/import")
    return browser.upload("/partners/import", {"form-token": token}, name, text.encode(), **more)


def preview(browser, text, name="partners.csv"):
    """Uploads a file, and returns where its preview is, and the page."""
    answer = upload(browser, text, name)
    assert answer.status == 303, answer.text
    target = answer.headers["Location"]
    page = browser.open(target)
    assert page.status == 200, page.text
    return target, page.text


def confirm(browser, target, page):
    fields = {name: re.search(f'name="{name}" value="([^"]*)"', page.split("<main")[1])[1] for name in ("form-token", "version")}
    return browser.open(target.partition("?")[0], "POST", fields)


def outcome(office, partner):
    return office.porter.record(ask(office.porter, f"/enterprisetry.html?Partner={partner}").receipt)["outcome"]


def version(office):
    return int(office.get("/api/v1/partners").headers["ETag"].strip('"'))


def test_what_will_change_is_shown_first_and_is_what_changes(office, admin):
    before = version(office)
    office.send("PATCH", "/api/v1/partners/1234567", {"name": "Old name"})
    text = HEADER + "1234567,Old name,suspended,lapsed\n5550001,New & <b>bold</b>,active,\n"
    target, page = preview(admin, text, 'C:\\fakepath\\part"ners<i>.csv'.replace('"', "%22"))
    assert "part&quot;ners&lt;i&gt;.csv" in page
    assert "C:" not in page
    assert re.search(r"Status: active → <strong>suspended</strong>", page)
    assert re.search(r"Reason: – → <strong>agreement lapsed</strong>", page)
    assert "New &amp; &lt;b&gt;bold&lt;/b&gt;" in page
    (entry,) = office.json("/api/v1/access-log?limit=1&who=admin")["entries"]
    assert (entry["action"], entry["what"]) == ("partner-read", 'part"ners<i>.csv, what would change')
    assert version(office) == before + 1, "a preview changes nothing"
    assert outcome(office, "5550001") == "unknown"

    done = confirm(admin, target, page)
    assert done.headers["Location"] == f"/partners?imported={before + 2}"
    assert f"version {before + 2}" in admin.open(done.headers["Location"]).text
    assert outcome(office, "5550001") == "attributed"
    assert outcome(office, "1234567") == "suspended"
    (entry,) = office.json("/api/v1/access-log?limit=1&who=admin")["entries"]
    assert (entry["who"], entry["way"], entry["action"]) == ("admin", "session", "partner-import")
    history = office.json("/api/v1/partners/5550001/history")
    assert history[-1]["source"] == 'import of part"ners<i>.csv by admin'
    # What was imported is no longer kept.
    assert "preview has ended" in confirm(admin, target, page).text


def test_nothing_is_imported_that_was_not_shown(office, admin):
    target, page = preview(admin, HEADER + "5550002,Two,active,\n")
    office.send("PATCH", "/api/v1/partners/5550002", {"name": "Somebody else's", "status": "test"})
    refused = confirm(admin, target, page)
    assert refused.headers["Location"].startswith(target)
    anew = admin.open(refused.headers["Location"])
    assert "has changed since this was shown" in anew.text
    assert "Somebody else&#39;s → <strong>Two</strong>" in anew.text
    assert office.json("/api/v1/partners/5550002")["status"] == "test"
    assert confirm(admin, target, anew.text).headers["Location"].startswith("/partners?imported=")
    assert office.json("/api/v1/partners/5550002")["status"] == "active"


def test_all_mistakes_are_told_where_the_command_tells_them(office, admin, tmp_path):
    text = HEADER + '01,Zero,active,\n5550003,,active,\n5550004,"open,active,\n'
    answer = upload(admin, text, "bad.csv")
    assert answer.status == 422
    told = re.findall(r"<li>(bad\.csv:\d+): [^<]+</li>", answer.text)
    (tmp_path / "bad.csv").write_text(text)
    printed = office.porter.command("partner", "import", "bad.csv", cwd=tmp_path, check=2).stderr.splitlines()
    assert told == [line.split(": ")[1] for line in printed if line.startswith("error: bad.csv:")]
    assert len(told) == 3


def test_the_report_of_the_api_says_the_same(office, admin):
    text = HEADER + "5550005,Five,active,\n1234567,Five too,active,\n"
    report = office.request(
        "POST", "/api/v1/partners/import?dry-run=1&file=p.csv", "admin", text.encode(), Content_Type="text/csv"
    )
    report = json.loads(report.text)
    _, page = preview(admin, text)
    assert report["based_on"] == version(office)
    assert f'name="version" value="{report["based_on"]}"' in page
    for difference in report["differences"]:
        assert f"<td>{difference['id']}</td><td>{difference['name']}</td>" in page
        for field in difference["fields"]:
            old = "" if difference["new"] else f"{field['old'] or '–'} → "
            assert f"{old}<strong>{field['new'] or '–'}</strong>" in page
    stale = office.request("POST", "/api/v1/partners/import", "admin", text.encode(), If_Match=f'"{report["based_on"] - 1}"')
    assert stale.status == 412
    assert json.loads(stale.text)["type"] == "changed-meanwhile"
    right = office.request("POST", "/api/v1/partners/import", "admin", text.encode(), If_Match=f'"{report["based_on"]}"')
    assert right.status == 200


def test_a_long_preview_has_pages(office, admin):
    rows = "".join(f"{6_000_000 + number},Partner {number},active,\n" for number in range(450))
    target, page = preview(admin, HEADER + rows)
    assert page.count("<tr><td>60") == 200
    shown = re.findall(r"<tr><td>(60\d+)", page)
    for _ in range(2):
        following = re.search(r'href="(/partners/import/[^"]*page=\d+)">Next', page)[1].replace("&amp;", "&")
        page = admin.open(following).text
        shown += re.findall(r"<tr><td>(60\d+)", page)
    assert len(set(shown)) == 450
    assert ">Next" not in page
    assert confirm(admin, target, page).status == 303
    assert office.json("/api/v1/partners/6000449")["name"] == "Partner 449"


def test_a_file_belongs_to_who_sent_it(office, admin):
    target, page = preview(admin, HEADER + "5550006,Six,active,\n")
    other = office.signed_in("admin")
    assert "preview has ended" in other.open(target).text
    token = other.form_token("/partners/import")
    form = {"form-token": token, "version": re.search(r'name="version" value="(\d+)"', page)[1]}
    assert "preview has ended" in other.open(target, "POST", form).text
    assert office.request("GET", "/partners/import", "admin").status == 200
    assert office.request("GET", target, "admin").status == 403, "a token has no form, and nothing to confirm"
    office.get("/api/v1/partners/5550006", status=404)


def test_only_admins_and_only_our_own_form(office):
    auditor = office.signed_in("auditor")
    assert auditor.open("/partners/import").status == 403
    token = auditor.form_token("/account")
    assert auditor.upload("/partners/import", {"form-token": token}, "p.csv", b"id,name,status\n").status == 403
    assert "Import a CSV" not in auditor.open("/partners").text
    admin = office.signed_in("admin")
    assert "Import a CSV" in admin.open("/partners").text
    assert admin.upload("/partners/import", {"form-token": "0" * 64}, "p.csv", b"id,name,status\n").status == 403
    assert admin.upload("/partners/import", {}, "p.csv", b"id,name,status\n").status == 403
    assert upload(admin, HEADER, Sec_Fetch_Site="cross-site").status == 403


def test_odd_forms_are_refused(office, admin):
    token = admin.form_token("/partners/import")
    assert "Choose a file" in admin.upload("/partners/import", {"form-token": token}, "", b"").text
    for kind, body in (
        ("multipart/form-data", b"--b--"),
        ("multipart/form-data; boundary=b", b"no boundary"),
        ("multipart/form-data; boundary=b", b""),
        ("application/x-www-form-urlencoded", f"form-token={token}&file=id".encode()),
        ("multipart/form-data; boundary=b", f'--b\r\nContent-Disposition: form-data; name="form-token"\r\n\r\n{token}'.encode()),
    ):
        answer = admin.open("/partners/import", "POST", body=body, Content_Type=kind)
        assert answer.status == 400, (kind, body, answer.status)
        assert 'class="fault"' in answer.text
    same = upload(admin, HEADER + "5550007,Seven,active,\n")
    assert same.status == 303
    confirm(admin, same.headers["Location"], admin.open(same.headers["Location"]).text)
    _, page = preview(admin, HEADER + "5550007,Seven,active,\n")
    assert "changes nothing" in page
    assert 'name="version"' not in page
