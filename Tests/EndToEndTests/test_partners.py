"""The partner directory, changed from the command line under a running server."""

import json
import stat

from running import SAMPLE_PARTNERS, command, eventually
from wire import ask, request, secure

TARGET = "/enterprisebuy.html?Partner="


def outcome(porter, partner):
    return porter.record(ask(porter, TARGET + partner).receipt)["outcome"]


def write_csv(path, *lines, ending="\n"):
    path.write_bytes(ending.join(["id,name,status", *lines, ""]).encode())
    return path


def test_a_change_applies_at_once_to_a_running_server(porter):
    with secure(porter) as wire:
        first = wire.send(request(TARGET + "1234567")).answer()
        porter.command("partner", "set", "1234567", "--status", "suspended", "--reason", "fraud", check=0)
        # No waiting: what comes after the command's end is judged by what it changed.
        second = wire.send(request(TARGET + "1234567")).answer()
    assert porter.record(first.receipt)["outcome"] == "attributed"
    record = porter.record(second.receipt)
    assert (record["outcome"], record["reason"]) == ("suspended", "fraud")
    assert record["directory_version"] == porter.record(first.receipt)["directory_version"] + 1
    assert "msppid" not in second.location, "a suspended partner is not passed on"


def test_an_import_applies_at_once_to_a_running_server(porter, tmp_path):
    assert outcome(porter, "31415926") == "unknown"
    file = write_csv(tmp_path / "more.csv", "31415926,Pi Server Farm,active")
    porter.command("partner", "import", file, check=0)
    assert outcome(porter, "31415926") == "attributed"
    assert "Pi Server Farm" in porter.command("partner", "show", "31415926", check=0).stdout
    assert "31415926" in porter.command("partner", "list", check=0).stdout


def test_a_dry_run_says_what_would_change_and_changes_nothing(porter, tmp_path):
    file = write_csv(tmp_path / "more.csv", "31415926,Pi Server Farm,active")
    done = porter.command("partner", "import", file, "--dry-run", check=0)
    assert "31415926" in done.stdout
    assert outcome(porter, "31415926") == "unknown"


def test_all_mistakes_of_a_file_are_told_with_their_lines_and_nothing_is_imported(porter, tmp_path):
    file = write_csv(
        tmp_path / "bad.csv",
        "31415926,Right,active",
        "01234,Leading zero,active",
        "27182818,No such status,perhaps",
        "16180339",
        "31415926,Twice,active",
    )
    done = porter.command("partner", "import", file)
    assert done.returncode in (1, 2)
    for line in (3, 4, 5, 6):
        assert f":{line}:" in done.stderr or f"line {line}" in done.stderr, done.stderr
    assert outcome(porter, "31415926") == "unknown"


def test_what_is_no_file_is_told_on_one_line(tmp_path):
    for path, problem in ((tmp_path, "is a folder"), (tmp_path / "none.csv", "does not exist")):
        done = command("partner", "import", path, data=tmp_path, check=2)
        assert done.stderr.startswith(f"error: {path} {problem}; ")
        assert len(done.stderr.splitlines()) == 1


def test_files_as_excel_writes_them(farm, tmp_path):
    porter = farm.make(has_partners=False)
    file = tmp_path / "excel.csv"
    file.write_bytes(
        b"\xef\xbb\xbfstatus,name,id\r\n"
        b'active,"M\xc3\xbcller, S\xc3\xb6hne ""IT""",31415926\r\n'
        b'active,"Two\r\nlines",27182818\r\n'
    )
    porter.command("partner", "import", file, check=0)
    shown = porter.command("partner", "show", "31415926", check=0).stdout
    assert 'Müller, Söhne "IT"' in shown


def test_the_same_file_twice_changes_nothing(porter):
    before = porter.record(ask(porter, TARGET + "1234567").receipt)["directory_version"]
    porter.command("partner", "import", SAMPLE_PARTNERS, check=0)
    assert porter.record(ask(porter, TARGET + "1234567").receipt)["directory_version"] == before


def test_check_says_whether_an_id_is_attributed_now(porter):
    assert porter.command("partner", "check", "1234567").returncode == 0
    for partner in ("9999999", "4567890", "6789012", "7890123"):
        assert porter.command("partner", "check", partner).returncode == 1, partner


def test_each_status_of_the_sample_partners(porter):
    expected = {
        "1234567": ("attributed", None),
        "4567890": ("suspended", "lapsed"),
        "6789012": ("expired", "no-longer-valid"),
        "7890123": ("expired", "not-yet-valid"),
        "9999999": ("unknown", None),
        "7654321": ("attributed", None),
    }
    for partner, (result, reason) in expected.items():
        record = porter.record(ask(porter, TARGET + partner).receipt)
        assert (record["outcome"], record.get("reason"), record["partner"]) == (result, reason, partner)
        assert record["test"] == (1 if partner == "7654321" else 0)


def test_the_control_socket_is_for_its_owner_only(porter):
    socket = porter.data / "control.sock"
    # The doors open first: commands wait for it, and so does this test.
    eventually(socket.exists, "the control socket is there")
    mode = socket.stat().st_mode
    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) == 0o600


def test_changes_work_without_a_running_server_and_after_a_kill(farm):
    porter = farm.make()
    porter.command("partner", "set", "1234567", "--status", "suspended", "--reason", "lapsed", check=0)
    porter.start()
    assert outcome(porter, "1234567") == "suspended"
    eventually((porter.data / "control.sock").exists, "the control socket is there")
    porter.kill()
    # The socket of a killed server stays; nobody answers.
    assert (porter.data / "control.sock").exists()
    porter.command("partner", "set", "1234567", "--status", "active", check=0)
    porter.start()
    assert outcome(porter, "1234567") == "attributed"


def test_a_hundred_thousand_partners(farm, tmp_path):
    porter = farm.start(has_partners=False)
    file = write_csv(tmp_path / "many.csv", *(f"{1_000_000 + n},Partner {n},active" for n in range(100_000)))
    porter.command("partner", "import", file, check=0)
    assert outcome(porter, "1099999") == "attributed"
    status, _ = porter.stop()
    assert status == 0
    porter.start()
    assert outcome(porter, "1000000") == "attributed"
    assert outcome(porter, "1100000") == "unknown"


def test_partners_are_listed_as_json(porter):
    rows = json.loads(porter.command("partner", "list", "--json", check=0).stdout)
    by_id = {str(row["id"]): row for row in rows}
    assert len(by_id) == 12
    assert by_id["8901234"]["name"] == 'The "Wee" Server Shop (sample)'


def test_a_partner_that_is_not_there(porter):
    done = porter.command("partner", "show", "9999999", check=1)
    assert done.stderr.startswith("error: ")
    assert eventually(lambda: porter.health() == 200, "the server serves")


def test_an_impossible_change_is_refused(porter):
    done = porter.command("partner", "set", "1234567", "--status", "sleepy")
    assert done.returncode in (2, 64)
    assert outcome(porter, "1234567") == "attributed"
    assert command("partner", "import", "/nowhere.csv", data=porter.data).returncode == 2
