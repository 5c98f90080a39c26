"""The data folder: one server at a time, and no file that is newer than the program."""

import shutil
import sqlite3
import stat

import pytest
from running import eventually
from wire import ask


def ended(porter):
    """Starts a server that is to refuse; its exit status."""
    before = len(porter.log)
    porter.launch()
    status = porter.process.wait(30)
    porter.process = None
    return status, porter.log[before:]


def test_a_second_server_is_refused(farm, porter):
    second = farm.make(has_partners=False)
    second.data.rmdir()
    second.data.symlink_to(porter.data)
    status, log = ended(second)
    assert status == 2
    assert "error: " in log
    assert porter.health() == 200
    assert ask(porter, "/enterprisebuy.html").status == 302


def test_reading_commands_work_while_a_server_runs(porter):
    receipt = ask(porter, "/enterprisebuy.html?Partner=1234567").receipt
    assert porter.record(receipt)["seq"] == 1
    porter.command("log", "verify", check=0)
    porter.command("counts", "--by", "route", check=0)


@pytest.mark.parametrize("name", ["ledger.db", "office.db"])
def test_a_file_newer_than_the_program_is_refused(farm, name):
    porter = farm.start()
    ask(porter, "/enterprisebuy.html")
    assert porter.stop()[0] == 0
    with sqlite3.connect(porter.data / name) as database:
        tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master")}
        if "grdb_migrations" in tables:
            database.execute("INSERT INTO grdb_migrations VALUES ('of a later Porter')")
        version = database.execute("PRAGMA user_version").fetchone()[0]
        database.execute(f"PRAGMA user_version = {version + 1_000}")
    database.close()
    status, log = ended(porter)
    assert status == 2
    assert name in log and "newer" in log, log


def test_a_stopped_server_can_be_started_again(farm):
    porter = farm.start()
    receipts = [ask(porter, "/enterprisebuy.html?Partner=1234567").receipt]
    for _ in range(2):
        assert porter.stop()[0] == 0
        porter.start()
        receipts.append(ask(porter, "/enterprisebuy.html?Partner=1234567").receipt)
    records = porter.records()
    assert [record["receipt"] for record in records] == receipts
    assert [record["seq"] for record in records] == [1, 2, 3]
    # The same visitor on the same day: what is a repeat is still known after a restart.
    assert [record["repeat"] for record in records] == [0, 0, 0] or [record["repeat"] for record in records] == [
        0,
        1,
        1,
    ]


def test_repeats_are_known_after_a_restart(farm):
    porter = farm.start()
    browser = ["User-Agent: Mozilla/5.0 (Windows NT 6.3)"]
    receipts = [ask(porter, "/enterprisebuy.html?Partner=1234567", fields=browser).receipt]
    assert porter.stop()[0] == 0
    porter.start()
    receipts.append(ask(porter, "/enterprisebuy.html?Partner=1234567", fields=browser).receipt)
    receipts.append(ask(porter, "/enterprisebuy.html?Partner=1234568", fields=browser).receipt)
    assert [porter.record(receipt)["repeat"] for receipt in receipts] == [0, 1, 0]


def test_secrets_are_for_their_owner_only(porter):
    """Records hold addresses and user agents, the key makes visitors of them."""
    ask(porter, "/enterprisebuy.html")
    for path in porter.data.iterdir():
        if path.name == "visitor.key" or path.suffix == ".key":
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name
    assert (porter.data / "visitor.key").exists()


def test_a_data_folder_that_cannot_be_written_is_refused(farm):
    porter = farm.make(has_partners=False)
    porter.data.rmdir()
    porter.data.write_text("a file")
    status, log = ended(porter)
    assert status == 2
    assert str(porter.data) in log


def test_a_tampered_record_is_found(farm):
    porter = farm.start()
    for _ in range(5):
        ask(porter, "/enterprisebuy.html?Partner=1234567")
    assert porter.stop()[0] == 0
    whole = porter.folder / "whole"
    shutil.copytree(porter.data, whole)
    porter.command("log", "verify", check=0)
    with sqlite3.connect(porter.data / "ledger.db") as database:
        touched = 0
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for column in [row[1] for row in database.execute(f"PRAGMA table_info('{table}')")]:
                replaced = f"replace(CAST({column} AS TEXT), '1234567', '7654321')"
                cursor = database.execute(
                    f'UPDATE "{table}" SET {column} = CAST({replaced} AS BLOB) '
                    f"WHERE typeof({column}) = 'blob' AND instr({column}, CAST('\"partner\":\"1234567\"' AS BLOB))"
                )
                touched += cursor.rowcount
    database.close()
    assert touched >= 5, "the leaves are where they are looked for"
    porter.command("log", "verify", check=1)


def test_the_lock_of_a_killed_server_does_not_stay(farm):
    porter = farm.start()
    porter.kill()
    assert (porter.data / "lock").exists()
    porter.start()
    assert eventually(lambda: porter.health() == 200, "serves again")
    eventually(lambda: (porter.data / "control.sock").exists(), "and has a control socket")
