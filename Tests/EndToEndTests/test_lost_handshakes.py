"""Handshakes that fail are sign-ups that may be lost: who came, why it failed, and what would help."""

import html
import json
import socket
import time

import pytest
from office import Office
from running import eventually
from test_old_windows import RELEASES, TLS10, TLS12, UNPATCHED_2012, Handshake
from texts import english_in

DAYS = "since=2016-01-01&until=2100-01-01"


@pytest.fixture(scope="module")
def office(shared_farm, staff):
    """A server that speaks TLS 1.3 only, after each release tried to sign up, and a scanner came by."""
    office = Office(shared_farm, "--minimum-tls", "1.3", staff=staff)
    office.porter.command("log", "handshakes", check=0)
    for _ in range(2):
        assert Handshake(office.porter, UNPATCHED_2012, TLS10).answer is None
    for ciphers in RELEASES.values():
        assert Handshake(office.porter, ciphers, TLS12).answer is None
    socket.create_connection(("127.0.0.1", office.porter.https_port)).close()

    def told():
        time.sleep(0.5)
        return len(office.json(f"/api/v1/handshakes?{DAYS}&signups=1", "marketing")) >= 4

    eventually(told, "the handshakes are written with a later commit")
    return office


def test_each_release_is_recognised_with_what_would_help(office):
    rows = office.json(f"/api/v1/handshakes?{DAYS}&signups=1", "marketing")
    assert {row["windows"]: (row["offered_version"], row["mend"], row["connections"]) for row in rows} == {
        "2012-tls10": ("1.0", "older-tls", 2),
        "2012": ("1.2", "lower-floor", 1),
        "2012-r2": ("1.2", "lower-floor", 1),
        "2016": ("1.2", "lower-floor", 1),
    }
    assert {(row["reason"], row["server_name"]) for row in rows} == {("unsupported-version", "localhost")}
    assert rows[0]["windows"] == "2012-tls10", "the most frequent first"
    assert office.json("/api/v1/handshakes?since=2016-01-01&until=2016-01-01", "marketing") == []
    assert len(office.json(f"/api/v1/handshakes?{DAYS}&limit=1", "marketing")) == 1
    for wrong in ("since=yesterday", "signups=2", "limit=0", "reason=x"):
        office.get(f"/api/v1/handshakes?{wrong}", "marketing", 400)


def test_they_are_among_the_lost_attributions(office):
    lost = office.json(f"/api/v1/lost?{DAYS}", "marketing")
    assert lost["handshakes"] == office.json(f"/api/v1/handshakes?{DAYS}&signups=1", "marketing")


def test_the_command_shows_them_as_a_table_and_as_json(office):
    rows = json.loads(office.porter.command("log", "handshakes", "--signups", "--json", check=0).stdout)
    assert rows == office.json(f"/api/v1/handshakes?{DAYS}&signups=1", "marketing")
    table = office.porter.command("log", "handshakes", "--signups", check=0).stdout.splitlines()
    assert table[0].split() == ["connections", "reason", "tls", "like", "server", "name", "first", "last", "mend"]
    assert table[1].split()[:5] == ["2", "unsupported-version", "1.0", "2012-tls10", "localhost"]
    assert len(table) == 1 + 4 + 2, "a line for each mend"
    (older,) = [line for line in table if line.startswith("older-tls: ")]
    assert "--minimum-tls 1.0" in older and "KB3140245" in older
    assert "no handshake" in office.porter.command("log", "handshakes", "--until", "2016-01-01", check=0).stdout
    office.porter.command("log", "handshakes", "--since", "x", check=2)
    office.porter.command("log", "handshakes", "--limit", "0", check=64)


def test_the_overview_names_them_in_both_languages(office):
    browser = office.signed_in("marketing")
    english = browser.open("/overview?days=7").text
    section = html.unescape(english.split(">Possibly lost sign-ups</h2>", 1)[1].split("</table>", 1)[0])
    assert "like Windows Server 2012 without KB3140245" in section
    assert "--minimum-tls 1.0" in section and "--minimum-tls 1.2" in section
    browser.open("/language?to=fr&back=/overview")
    french = browser.open("/overview?days=7").text
    assert "Inscriptions peut-être perdues" in html.unescape(french)
    assert english_in(french) == []


def test_they_outlive_the_server(farm):
    porter = farm.start()
    assert Handshake(porter, UNPATCHED_2012, TLS10).answer is None
    assert porter.stop()[0] == 0
    (row,) = json.loads(porter.command("log", "handshakes", "--signups", "--json", check=0).stdout)
    assert (row["windows"], row["mend"], row["connections"]) == ("2012-tls10", "older-tls", 1)
