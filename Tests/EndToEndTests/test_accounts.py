"""`porter user` and `porter token`: through the running server, and without one."""

import json
import os
import pty
import select
import sqlite3
import subprocess

import pytest
import running
from office import PASSWORD, add_user
from running import BINARY, PATIENCE_SECONDS


def users(data):
    return {user["name"]: user for user in json.loads(running.command("user", "list", "--json", data=data, check=0).stdout)}


@pytest.fixture(params=["with a server", "without one"])
def data(request, farm, tmp_path):
    if request.param == "with a server":
        return farm.start().data
    return tmp_path / "data"


def test_a_user_is_added_changed_and_removed(data):
    add_user(data, "anna@example.com", "admin")
    add_user(data, "ben", "auditor")
    assert {name: user["role"] for name, user in users(data).items()} == {"anna@example.com": "admin", "ben": "auditor"}
    running.command("user", "set", "ben", "--role", "marketing", "--no-enabled", data=data, check=0)
    assert users(data)["ben"] | {"created_at": ""} == {
        "name": "ben",
        "role": "marketing",
        "disabled": True,
        "created_at": "",
    }
    running.command("user", "set", "anna@example.com", "--enabled", data=data, check=0)
    running.command("user", "remove", "ben", data=data, check=0)
    assert list(users(data)) == ["anna@example.com"]


@pytest.mark.parametrize(
    "arguments, what",
    [
        (["user", "remove", "nobody"], "there is no user"),
        (["user", "remove", "anna"], "only admin"),
        (["user", "set", "anna", "--role", "auditor"], "only admin"),
        (["user", "set", "anna", "--role", "king"], "expected marketing, auditor or admin"),
        (["user", "set", "a b", "--no-enabled"], "user name"),
        (["token", "create", "", "--role", "admin"], "token's name"),
        (["token", "create", "x", "--role", "admin", "--days", "9999"], "days"),
        (["token", "revoke", "77"], "there is no token"),
    ],
)
def test_what_cannot_be_is_refused_with_one_line(data, arguments, what):
    add_user(data, "anna", "admin")
    done = running.command(*arguments, data=data, check=2)
    assert what in done.stderr
    assert done.stderr.startswith("error: ")
    assert len(done.stderr.splitlines()) == 1


def test_a_password_that_is_tried_first_is_not_taken(data):
    done = add_user(data, "anna", "admin", password="Password1234", check=2)
    assert done.stderr == (
        "error: the password is not taken: it is one of the passwords that are tried first; "
        "choose another, such as four words that nobody guesses\n"
    )
    done = add_user(data, "anna", "admin", password="", check=2)
    assert "fewer than 12 characters" in done.stderr


def test_a_name_is_taken_once(data):
    add_user(data, "anna", "admin")
    assert "there is a user ANNA already" in add_user(data, "ANNA", "admin", check=2).stderr


@pytest.mark.parametrize("typed", ["one after the other", "both at once"])
def test_the_terminal_does_not_show_the_password(tmp_path, typed):
    """Typed twice at a real terminal, which shows the questions and not the answers, however early they are typed."""
    master, slave = pty.openpty()
    child = subprocess.Popen(
        [BINARY, "user", "add", "anna", "--role", "admin", "--data", tmp_path / "data"], stdin=slave, stdout=slave, stderr=slave
    )
    os.close(slave)
    shown = b""

    def wait_for(text):
        nonlocal shown
        while text not in shown:
            assert select.select([master], [], [], PATIENCE_SECONDS)[0], f"no {text!r} after {shown!r}"
            shown += os.read(master, 1_000)

    answer = PASSWORD.encode() + b"\n"
    wait_for(b"Password for anna: ")
    os.write(master, answer * 2 if typed == "both at once" else answer)
    wait_for(b"The same again: ")
    if typed == "one after the other":
        os.write(master, answer)
    wait_for(b"user anna added")
    assert child.wait(60) == 0
    assert PASSWORD.encode() not in shown
    os.close(master)


def test_a_token_is_shown_once(data):
    done = running.command("token", "create", "Power BI", "--role", "marketing", "--days", "30", data=data, check=0)
    secret = done.stdout.strip()
    assert secret.startswith("porter_")
    assert "not shown again" in done.stderr
    listed = running.command("token", "list", "--json", data=data, check=0).stdout
    assert secret not in listed
    (token,) = json.loads(listed)
    assert (token["name"], token["role"]) == ("Power BI", "marketing")
    running.command("token", "revoke", str(token["id"]), data=data, check=0)
    assert json.loads(running.command("token", "list", "--json", data=data, check=0).stdout) == []


def test_changes_are_in_the_access_log_also_without_a_server(data):
    running.command("partner", "set", "4567891", "--name", "Four", "--status", "active", data=data, check=0)
    running.command("partner", "set", "4567891", "--name", "Four", data=data, check=0)
    add_user(data, "anna", "admin")
    with sqlite3.connect(f"file:{data}/office.db?mode=ro", uri=True) as office:
        entries = office.execute("SELECT way, action, what FROM access ORDER BY id").fetchall()
    entries = [entry for entry in entries if entry[1] != "partner-import"]
    assert [entry[:2] for entry in entries] == [("command", "partner-change"), ("command", "user-change")]
    assert entries[0][2].startswith("4567891, directory version ")


def test_without_its_line_in_the_access_log_nothing_is_changed(data):
    """A token above all: its secret would be lost with the answer."""
    add_user(data, "anna", "auditor")
    with sqlite3.connect(data / "office.db", timeout=30) as office:
        office.execute("CREATE TRIGGER full BEFORE INSERT ON access BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
    assert running.command("token", "create", "Power BI", "--role", "marketing", data=data).returncode != 0
    assert running.command("user", "remove", "anna", data=data).returncode != 0
    assert running.command("user", "set", "anna", "--no-enabled", data=data).returncode != 0
    assert running.command("partner", "set", "4567891", "--name", "Four", "--status", "active", data=data).returncode != 0
    assert json.loads(running.command("token", "list", "--json", data=data, check=0).stdout) == []
    assert not users(data)["anna"]["disabled"]
    running.command("partner", "show", "4567891", data=data, check=1)
