"""Reading the log and partners on the command line is noted in the access log."""

import getpass
import os
import shutil
import sqlite3
import subprocess

import pytest
from running import BINARY, environment
from wire import ask


@pytest.fixture(params=["with a server", "without one"])
def porter(request, farm):
    porter = farm.start()
    porter.receipt = ask(porter, "/enterprisetry.html?Partner=1234567").receipt
    if request.param == "without one":
        porter.stop()
    return porter


def reads(data):
    with sqlite3.connect(f"file:{data}/office.db?mode=ro", uri=True) as office:
        query = "SELECT who, way, action, what FROM access WHERE action <> 'partner-import' ORDER BY id"
        return office.execute(query).fetchall()


def test_each_read_of_records_is_noted_once(porter):
    month = porter.records()[0]["time"][:7]
    porter.command("log", "tail", "-n", "5", check=0)
    porter.command("log", "search", "--outcome", "attributed", "--partner", "1234567", check=0)
    porter.command("log", "show", porter.receipt, check=0)
    porter.command("log", "statement", "1234567", "--month", month, check=0)
    porter.command("log", "show", "0" * 26, check=1)
    porter.command("log", "verify", check=0)
    porter.command("counts", "--by", "outcome", check=0)
    me = getpass.getuser()
    assert reads(porter.data) == [
        (me, "command", "log-export", "ndjson all"),
        (me, "command", "log-read", "last 5: all"),
        (me, "command", "log-read", "partner=1234567&outcome=attributed"),
        (me, "command", "record-read", porter.receipt),
        (me, "command", "statement", f"1234567 {month}"),
    ]


def test_each_read_of_partners_details_is_noted_once(porter, tmp_path):
    (tmp_path / "p.csv").write_text("id,name,status\n1234567,Another name,active\n")
    porter.command("partner", "show", "1234567", check=0)
    porter.command("partner", "list", check=0)
    porter.command("partner", "check", "1234567", check=0)
    porter.command("partner", "list", "--json", "--status", "active", check=0)
    porter.command("partner", "import", "p.csv", "--dry-run", cwd=tmp_path, check=0)
    porter.command("partner", "show", "9999999", check=1)
    me = getpass.getuser()
    assert reads(porter.data) == [
        (me, "command", "partner-read", "1234567"),
        (me, "command", "partner-read", "list status=active"),
        (me, "command", "partner-read", "p.csv, what would change"),
    ]


def test_what_is_printed_is_the_same(porter):
    done = porter.command("log", "show", porter.receipt, "--json", check=0)
    assert done.stdout.startswith('{"')
    assert done.stderr == ""


def test_a_backup_that_cannot_be_written_is_read_all_the_same(porter, tmp_path):
    if porter.process:
        pytest.skip("a backup has no server")
    copy = tmp_path / "backup"
    shutil.copytree(porter.data, copy)
    for file in copy.iterdir():
        file.chmod(0o400)
    copy.chmod(0o500)
    before = sorted(file.name for file in copy.iterdir())
    # Who may do everything may write everywhere: without that right, as others are.
    others = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*others, BINARY, "log", "tail", "--json", "--data", copy],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert porter.receipt in done.stdout
    (warning,) = done.stderr.splitlines()
    assert warning.startswith("warning: this read is not in the access log: ")
    for arguments in (["partner", "show", "1234567"], ["partner", "list"], ["user", "list"], ["token", "list"]):
        done = subprocess.run(
            [*others, BINARY, *arguments, "--data", copy],
            env=environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, f"{arguments}: {done.stderr}"
        assert arguments[0] != "partner" or "1234567" in done.stdout
    assert sorted(file.name for file in copy.iterdir()) == before
    assert reads(porter.data) == []
    copy.chmod(0o700)


def test_reading_makes_no_office_where_there_was_none(porter, tmp_path):
    if porter.process:
        pytest.skip("a server has an office")
    copy = tmp_path / "ledger-alone"
    copy.mkdir()
    shutil.copy(porter.data / "ledger.db", copy)
    done = subprocess.run(
        [BINARY, "log", "tail", "--data", copy], env=environment(), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0
    assert porter.receipt in done.stdout
    assert "has no office.db" in done.stderr
    assert not (copy / "office.db").exists()
