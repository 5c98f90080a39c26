"""The account page: one's own language, time zone and password."""

import html
import re

import pytest
from office import PASSWORD, Browser
from wire import ask


@pytest.fixture
def user(office):
    """A user of the test's own, signed in."""
    office.send("POST", "/api/v1/users", {"name": "eva", "role": "auditor", "password": PASSWORD}, status=201)
    yield office.signed_in("eva")
    assert office.request("DELETE", "/api/v1/users/eva", "admin").status == 204


def settings(browser, **fields):
    return browser.open("/account", "POST", {"form-token": browser.form_token("/account")} | fields)


def test_times_are_in_ones_own_zone_and_its_choice_is_offered(office, user):
    receipt = ask(office.porter, "/enterprisetry.html?Partner=1234567").receipt
    page = user.open("/account").text
    for zone in ("Asia/Kathmandu", "Europe/Paris", "UTC", "America/Argentina/Buenos_Aires"):
        assert f'<option value="{zone}">' in page
    assert settings(user, language="", **{"time-zone": "Asia/Kathmandu"}).status == 303
    assert 'name="time-zone" value="Asia/Kathmandu"' in user.open("/account").text
    utc, local = re.search(
        r'<time title="\S+ (\d\d:\d\d):\d\d UTC">\S+ (\d\d:\d\d):\d\d', user.open(f"/log/{receipt}").text
    ).groups()
    minutes = [int(time[:2]) * 60 + int(time[3:]) for time in (utc, local)]
    assert (minutes[1] - minutes[0]) % (24 * 60) == 5 * 60 + 45


@pytest.mark.parametrize("zone", ["Mars/Olympus", "GMT+05:07", "<script>", "../../etc/passwd", "x" * 64])
def test_a_zone_that_is_none_is_told(user, zone):
    page = settings(user, **{"time-zone": zone})
    assert page.status == 422
    assert "There is no such time zone" in page.text
    assert f'name="time-zone" value="{html.escape(zone, quote=True)}"' in page.text, "what was typed stands there"
    assert 'name="time-zone" value=""' in user.open("/account").text


def test_a_language_that_was_settled_holds_in_every_browser(office, user):
    user.open("/language?to=en&back=/account")
    assert settings(user, language="fr").status == 303
    assert '<html lang="fr">' in user.open("/log").text, "also where the switch said otherwise before"
    other = office.signed_in("eva")
    assert '<html lang="fr">' in other.open("/log", Accept_Language="en").text
    assert settings(other, language="").status == 303
    assert '<html lang="en">' in user.open("/log", Accept_Language="en").text


def test_a_new_password_ends_every_session(office, user):
    other = office.signed_in("eva")
    form = {"form-token": user.form_token("/account"), "current": PASSWORD, "password": "nine copper bells", "again": "x"}
    assert user.open("/account/password", "POST", form).status == 422
    assert user.open("/account/password", "POST", form | {"again": "nine copper bells", "current": "wrong"}).status == 422
    assert other.open("/log").status == 200
    assert user.open("/account/password", "POST", form | {"again": "nine copper bells"}).headers["Location"] == "/sign-in"
    assert user.open("/log").status == 303
    assert other.open("/log").status == 303
    assert Browser(office).sign_in("eva").status == 401
    assert Browser(office).sign_in("eva", "nine copper bells").status == 303


def test_a_change_of_role_and_being_disabled_take_effect_at_once(office, user):
    assert user.open("/log").status == 200
    office.send("PATCH", "/api/v1/users/eva", {"role": "marketing"})
    assert user.open("/log").status == 403
    assert user.open("/overview").status == 200
    office.send("PATCH", "/api/v1/users/eva", {"disabled": True})
    assert user.open("/overview").status == 303
    office.send("PATCH", "/api/v1/users/eva", {"disabled": False})
    assert user.open("/overview").status == 303


@pytest.mark.parametrize(
    ("target", "typed", "kept"),
    [
        ("/users", {"action": "add", "name": "mia", "role": "auditor", "password": "short"}, 'name="name" value="mia"'),
        ("/tokens", {"action": "create", "name": "nightly", "role": "auditor", "days": "9999"}, 'name="name" value="nightly"'),
    ],
)
def test_what_was_typed_is_kept_when_the_form_is_refused(office, target, typed, kept):
    admin = office.signed_in("admin")
    page = admin.open(target, "POST", {"form-token": admin.form_token(target)} | typed)
    assert page.status == 422
    assert 'role="alert"' in page.text
    assert kept in page.text
    assert '<option value="auditor" selected>' in page.text.rsplit("<form", 1)[1]
    assert ('value="9999"' in page.text) == (target == "/tokens")
    assert 'value="short"' not in page.text, "a password is never sent back"
