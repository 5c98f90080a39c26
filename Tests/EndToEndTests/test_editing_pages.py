"""Two people edit the same thing on the pages."""

import re

import pytest


@pytest.fixture
def admin(office):
    return office.signed_in("admin")


def form_of(page, action=None):
    """The names and values of a page's form, as a browser would send it."""
    main = page.split("<main")[1]
    forms = re.findall(r"<form.*?</form>", main, re.DOTALL)
    form = next(form for form in forms if action is None or f'action="{action}"' in form)
    fields = dict(re.findall(r'<input[^>]*name="([^"]*)"[^>]*value="([^"]*)"', form))
    for name, select in re.findall(r'<select name="([^"]*)">(.*?)</select>', form, re.DOTALL):
        fields[name] = re.search(r'<option value="([^"]*)" selected>', select)[1]
    return fields


def test_a_partner_that_somebody_else_changed_is_shown_before_it_is_saved(office, admin):
    target = "/partners/1234567/edit"
    form = form_of(admin.open(target).text)
    office.send("PATCH", "/api/v1/partners/1234567", {"status": "suspended", "status_reason": "fraud", "email": "a@b.example"})
    refused = admin.open(target, "POST", form | {"name": 'Renamed <b> "x"', "email": "mine@b.example"})
    assert refused.status == 409
    assert "Somebody else changed this partner" in refused.text
    assert "Status: active → <strong>suspended</strong>" in refused.text
    assert office.json("/api/v1/partners/1234567")["name"] != 'Renamed <b> "x"'

    again = form_of(refused.text)
    assert again["name"] == "Renamed &lt;b&gt; &quot;x&quot;", "what was typed stands there"
    assert again["email"] == "mine@b.example"
    assert (again["status"], again["status_reason"]) == ("suspended", "fraud"), "what was not touched is what it is now"
    saved = admin.open(target, "POST", again | {"name": "Renamed"})
    assert saved.headers["Location"] == "/partners/1234567"
    partner = office.json("/api/v1/partners/1234567")
    assert (partner["name"], partner["status"], partner["email"]) == ("Renamed", "suspended", "mine@b.example")


def test_adding_a_partner_changes_none_that_is_there(office, admin):
    form = {"form-token": admin.form_token("/partners/new")}
    form |= {"id": "4567890", "name": "Overwritten", "status": "active", "account": "location", "agreement": "none"}
    before = office.json("/api/v1/partners/4567890")
    refused = admin.open("/partners/new", "POST", form)
    assert refused.status == 422
    assert "is in the directory already" in refused.text
    assert 'name="id" value="4567890"' in refused.text
    assert office.json("/api/v1/partners/4567890") == before


def test_a_user_that_somebody_else_changed_is_not_changed_unseen(office, admin):
    office.send("POST", "/api/v1/users", {"name": "dora", "role": "auditor", "password": "violet kettle drums 9"}, status=201)
    page = admin.open("/users").text
    form = next(form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if 'name="name" value="dora"' in form)
    fields = dict(re.findall(r'name="([a-z-]*)" value="([^"]*)"', form))
    change = {name: fields[name] for name in ("form-token", "name", "tag")} | {"role": "admin", "action": "change"}
    office.send("PATCH", "/api/v1/users/dora", {"disabled": True})
    refused = admin.open("/users", "POST", change)
    assert refused.status == 422
    assert "Somebody else has changed the user dora" in refused.text
    assert office.json("/api/v1/users/dora")["role"] == "auditor"
    assert office.request("DELETE", "/api/v1/users/dora", "admin").status == 204
