"""Options from flags, environment variables and porter.yaml, in this order."""

from running import SHIPPED_ROUTES, command, environment
from wire import ask


def data_with_partner(folder, partner):
    folder.mkdir(parents=True)
    (folder.parent / f"{partner}.csv").write_text(f"id,name,status\n{partner},Partner {partner},active\n")
    command("partner", "import", folder.parent / f"{partner}.csv", data=folder, check=0)
    return folder


def listed(cwd, *arguments, **variables):
    return command("partner", "list", *arguments, cwd=cwd, env=environment(**variables), check=0).stdout


def test_flags_win_over_environment_and_environment_over_the_file(tmp_path):
    flag, variable, file = (data_with_partner(tmp_path / f"data{n}", str(n) * 7) for n in (1, 2, 3))
    work = tmp_path / "work"
    work.mkdir()
    (work / "porter.yaml").write_text(f"data: {file}\n")
    assert "3333333" in listed(work)
    assert "2222222" in listed(work, PORTER_DATA=str(variable))
    assert "1111111" in listed(work, "--data", flag, PORTER_DATA=str(variable))
    elsewhere = tmp_path / "elsewhere.yaml"
    elsewhere.write_text(f"data: {variable}\n")
    assert "2222222" in listed(work, "--config", elsewhere)


def test_a_server_that_is_told_everything_by_its_file(farm):
    porter = farm.make()
    (porter.folder / "porter.yaml").write_text(
        f"routes: {SHIPPED_ROUTES}\nnode: north\nrecord-ip: full\nhost: [gateway.example.com, other.example.com]\n"
    )
    porter.start()
    record = porter.record(ask(porter, "/enterprisebuy.html", host="Gateway.example.com:8443").receipt)
    assert (record["node"], record["ip"], record["host"]) == ("north", "127.0.0.1", "gateway.example.com")
    foreign = porter.record(ask(porter, "/enterprisebuy.html", host="evil.example.com").receipt)
    assert "host" not in foreign


def test_a_server_that_is_told_by_its_environment(farm):
    porter = farm.make(env={"PORTER_RECORD_IP": "none", "PORTER_NODE": "south"})
    porter.start()
    record = porter.record(ask(porter, "/enterprisebuy.html").receipt)
    assert record["node"] == "south"
    assert "ip" not in record


def test_values_that_make_no_sense_are_refused_by_name(tmp_path):
    for arguments in (
        ["--minimum-tls", "1.1"],
        ["--https", "nonsense"],
        ["--record-ip", "perhaps"],
        ["--trusted-proxy", "10.0.0.0/64"],
        ["--prefer-certificate", "dsa"],
        ["--privacy-url", "privacy.html"],
        ["--privacy-url", "javascript:alert(1)"],
        ["--privacy-url", 'https://www.example.com/"onclick="x'],
        ["--tls-certificate", "alone.crt"],
        ["--https", "off", "--http", "off"],
    ):
        done = command("serve", *arguments, "--routes", SHIPPED_ROUTES, data=tmp_path / "data", cwd=tmp_path)
        assert done.returncode in (2, 64), arguments
        assert done.stderr.lower().startswith("error: "), done.stderr
        assert arguments[0] in done.stderr, done.stderr


def test_a_port_that_is_taken_is_told(farm, porter):
    second = farm.make(https_port=porter.https_port).launch()
    assert second.process.wait(30) == 2
    second.process = None
    assert str(porter.https_port) in second.log
    assert porter.health() == 200


def test_a_misspelt_key_of_the_file_is_told_and_an_empty_file_is_fine(tmp_path):
    file = tmp_path / "porter.yaml"
    file.write_text("data: x\nminimun-tls: 1.0\n")
    done = command("partner", "list", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith('error: porter.yaml:2:1: unknown key "minimun-tls"'), done.stderr
    file.write_text("data: [\n")
    done = command("partner", "list", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("error: porter.yaml is no YAML: ") and done.stderr.count("\n") == 1, done.stderr
    for text in ("", "# nothing set\n"):
        file.write_text(text)
        assert command("partner", "list", data=tmp_path / "data", cwd=tmp_path).returncode == 0


def test_a_file_that_cannot_be_read_is_not_passed_over(tmp_path):
    file = tmp_path / "binary.yaml"
    file.write_bytes(b"data: \xff\n")
    for path in (file, tmp_path, tmp_path / "none.yaml"):
        done = command("partner", "list", "--config", path, cwd=tmp_path, check=2)
        assert done.stderr.startswith("error: "), done.stderr
        assert str(path) in done.stderr
        assert done.stderr.count("\n") == 1
    file.rename(tmp_path / "porter.yaml")
    assert "porter.yaml is no configuration file" in command("partner", "list", cwd=tmp_path, check=2).stderr
