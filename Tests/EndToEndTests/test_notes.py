"""Case notes: what people write about a record."""

import json
import re

import pytest
from wire import ask

HOSTILE = '<script>alert(1)</script> "quoted" & \'single\'\n\t=HYPERLINK("x")\n{{t.save}} 😀'


@pytest.fixture(scope="module")
def receipt(office):
    return ask(office.porter, "/enterprisetry.html?Partner=1234567").receipt


def test_a_note_is_written_on_the_page_and_stays(office, receipt):
    auditor = office.signed_in("auditor")
    token = auditor.form_token(f"/log/{receipt}")
    done = auditor.open(f"/log/{receipt}/notes", "POST", {"form-token": token, "text": HOSTILE.replace("\n", "\r\n")})
    assert (done.status, done.headers["Location"]) == (303, f"/log/{receipt}#notes")
    admin = office.signed_in("admin")
    second = {"form-token": admin.form_token(f"/log/{receipt}"), "text": "The partner called."}
    assert admin.open(f"/log/{receipt}/notes", "POST", second).status == 303

    page = admin.open(f"/log/{receipt}").text
    notes = page.split('<ol class="notes">')[1].split("</ol>")[0]
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &quot;quoted&quot; &amp; &#39;single&#39;\n\t=HYPERLINK" in notes
    assert "{{t.save}} 😀" in notes
    assert notes.index("auditor") < notes.index("The partner called.")
    assert "<script" not in page
    told = office.json(f"/api/v1/log/{receipt}", "auditor")["notes"]
    assert [(note["who"], note["text"]) for note in told] == [("auditor", HOSTILE), ("admin", "The partner called.")]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", told[0]["time"])


def test_notes_change_no_count_and_no_record(office, receipt):
    before = (office.json("/api/v1/counts?by=outcome"), office.json(f"/api/v1/log/{receipt}")["record"])
    office.send("POST", f"/api/v1/log/{receipt}/notes", {"text": "x"}, role="auditor", status=201)
    assert (office.json("/api/v1/counts?by=outcome"), office.json(f"/api/v1/log/{receipt}")["record"]) == before
    office.porter.command("log", "verify", check=0)


def test_the_api_reads_and_writes_notes_and_both_are_in_the_access_log(office, receipt):
    target = f"/api/v1/log/{receipt}/notes"
    note = office.send("POST", target, {"text": " by a program \n"}, role="auditor", status=201)
    assert (note["who"], note["text"]) == ("for auditor", "by a program")
    assert office.json(target, "auditor")["notes"][-1] == note
    entries = office.json("/api/v1/access-log?limit=2")["entries"]
    assert [(entry["who"], entry["action"], entry["what"]) for entry in entries] == [
        ("for auditor", "record-read", f"{receipt}, its notes"),
        ("for auditor", "note", receipt),
    ]


def test_what_is_no_note_is_refused(office, receipt):
    target = f"/api/v1/log/{receipt}/notes"
    for document, status in (
        ({"text": ""}, 422),
        ({"text": " \n"}, 422),
        ({"text": "x" * 4_001}, 422),
        ({"text": "bell\u0007"}, 422),
        ({"text": 1}, 400),
        ({}, 400),
        ([], 400),
    ):
        answer = office.request("POST", target, "auditor", json.dumps(document))
        assert answer.status == status, document
    longest = office.send("POST", target, {"text": "é" * 4_000}, role="auditor", status=201)
    assert len(longest["text"]) == 4_000
    office.send("POST", f"/api/v1/log/{'0' * 26}/notes", {"text": "x"}, status=404)
    office.get(f"/api/v1/log/{'0' * 26}/notes", status=404)
    office.send("POST", target, {"text": "x"}, role="marketing", status=403)
    office.get(target, "marketing", 403)

    auditor = office.signed_in("auditor")
    token = auditor.form_token(f"/log/{receipt}")
    refused = auditor.open(f"/log/{receipt}/notes", "POST", {"form-token": token, "text": "kept <b>" + "x" * 4_001})
    assert refused.status == 422
    assert "kept &lt;b&gt;xxx" in refused.text.split("<textarea")[1], "what was typed is not lost"
    assert auditor.open(f"/log/{receipt}/notes", "POST", {"text": "x"}).status == 403
