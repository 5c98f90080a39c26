"""`porter kit check` reads what programs that are not ours export, and says of each value what becomes of sign-ups."""

import json

import hive
import pytest
from running import SHIPPED_ROUTES, command

GATEWAY = "https://gateway.example.com"
KEY = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows Server\MSO"
HEAD = "Windows Registry Editor Version 5.00\r\n\r\n"


@pytest.fixture
def check(data_with_partners):
    def check(file, *options, check=None):
        options = [file, "--gateway", GATEWAY, "--routes", SHIPPED_ROUTES, *options]
        return command("kit", "check", *options, data=data_with_partners, check=check)

    return check


@pytest.fixture
def export(tmp_path):
    """Writes an export as `reg export` does."""

    def export(*lines, encoding="utf-16"):
        file = tmp_path / "mso.reg"
        file.write_bytes((HEAD + "\r\n".join([*lines, "", ""])).encode(encoding))
        return file

    return export


def found(done):
    """`mistake wrong-type Partner` for each finding."""
    told = json.loads(done.stdout)
    return [" ".join(filter(None, (one["severity"], one["code"], one.get("value")))) for one in told["findings"]]


@pytest.fixture
def hive_with_kit(data_with_partners, tmp_path):
    file, software = tmp_path / "kit.reg", tmp_path / "SOFTWARE"
    options = ["2345678", "--agreement", "mosra", "--gateway", GATEWAY, "--campaign", "spring", "--output", file]
    command("kit", *options, "--routes", SHIPPED_ROUTES, data=data_with_partners, check=0)
    hive.import_reg(hive.make(software), file)
    return software


@pytest.mark.parametrize("write", [hive.export_by_reged, hive.export_by_hivex])
def test_a_kit_comes_back_from_a_hive(check, hive_with_kit, tmp_path, write):
    told = json.loads(check(write(hive_with_kit, tmp_path / "export.reg"), "--json", check=0).stdout)
    assert told["attributed"] is True
    assert told["partner"] == "2345678"
    assert told["findings"] == []
    assert [value["name"] for value in told["values"]] == [
        *("Partner", "MOSRASTDBUY", "MOSRASTDTRY", "MOSRALITEBUY", "MOSRALITETRY")
    ]
    assert all(value["attributed"] for value in told["values"])
    for value in told["values"][1:]:
        assert [signup["campaign"] for signup in value["signups"]] == ["spring"]


def test_in_words(check, export):
    done = check(export(f"[{KEY}]", '"Partner"="1234567"'), check=0)
    assert "Partner  REG_SZ  attributed  " in done.stdout
    assert done.stdout.splitlines()[-1] == "sign-ups from this server would be attributed to 1234567"
    done = check(export(f"[{KEY}]", '"Partner"="4567890"'), check=1)
    assert "suspended (lapsed)" in done.stdout
    assert "mistake: " in done.stdout
    assert done.stdout.splitlines()[-1] == "sign-ups from this server would not all be attributed"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8", "utf-8-sig"])
def test_every_encoding(check, export, encoding):
    check(export(f"[{KEY}]", '"Partner"="1234567"', encoding=encoding), check=0)


@pytest.mark.parametrize(
    ("lines", "finding"),
    [
        ([f"[{KEY}]", '"Partner"=dword:0012d687'], "mistake wrong-type Partner"),
        ([f"[{KEY}]", "", rf"[{KEY}\Partner]", '@="1234567"'], "mistake key-for-value"),
        (
            [r"[HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\Microsoft\Windows Server\MSO]", '"Partner"="1234567"'],
            "mistake wow6432node Partner",
        ),
        ([r"[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows Server\Partner]", '@="2345678"'], "mistake key-for-value"),
        (
            [r"[HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\Microsoft\Windows Server\MSO\Partner]", '@="2345678"'],
            "mistake wow6432node",
        ),
        ([f"[{KEY}]", '"Partner"="xxxxx"'], "mistake not-attributed Partner"),
        ([f"[{KEY}]", '"Partenaire"="1234567"'], "mistake translated-name Partenaire"),
        ([f"[{KEY}]", '"ID partenaire"="xxxxx"'], "mistake wrong-name ID partenaire"),
        (
            [f"[{KEY}]", '"MOSRASTDTRY"="http://syndicatepartner.office365.com/enterprisetry.html"'],
            "mistake other-host MOSRASTDTRY",
        ),
        ([f"[{KEY}]", f'"MOSRASTDTRY"="{GATEWAY}:9999/p/1234567/enterprise/trial"'], "mistake other-port MOSRASTDTRY"),
        ([f"[{KEY}]", '"Partner"="9999999"'], "mistake not-attributed Partner"),
        ([r"[HKEY_CURRENT_USER\SOFTWARE\Microsoft\Windows Server\MSO]", '"Partner"="1234567"'], "mistake wrong-key Partner"),
        (["[HKEY_LOCAL_MACHINE\\SOFTWARE]"], "mistake no-values"),
    ],
)
def test_the_usual_mistakes(check, export, lines, finding):
    file = export(*lines)
    assert finding in found(check(file, "--json", check=1))
    check(file, check=1)


def test_an_export_that_is_cut_off_is_no_whole_one(check, hive_with_kit, tmp_path):
    whole = hive.export_by_hivex(hive_with_kit, tmp_path / "export.reg").read_bytes()
    assert found(check(hive_with_kit.with_name("export.reg"), "--json", check=0)) == []
    cut = tmp_path / "cut.reg"
    cut.write_bytes(whole.rstrip()[:-4])
    assert "mistake cut-off" in found(check(cut, "--json", check=1))


def test_a_trailing_space_is_told_and_does_no_harm(check, export):
    assert found(check(export(f"[{KEY}]", '"Partner"="1234567 "'), "--json", check=0)) == ["warning space Partner"]


def test_it_judges_as_explain_does(check, export, data_with_partners):
    url = f"{GATEWAY}/p/7890123/small-business/trial"
    for at in ("2016-10-03", "2099-06-01"):
        done = check(export(f"[{KEY}]", f'"MOSRALITETRY"="{url}"'), "--json", "--at", at)
        (value,) = json.loads(done.stdout)["values"]
        (signup,) = value["signups"]
        explained = json.loads(
            command("explain", url, "--json", "--at", at, "--routes", SHIPPED_ROUTES, data=data_with_partners, check=0).stdout
        )
        for field in ("outcome", "reason", "partner", "route", "status"):
            assert signup.get(field) == explained[field], field
        assert done.returncode == (0 if explained["outcome"] == "attributed" else 1)


def test_many_keys(check, tmp_path):
    file = tmp_path / "software.reg"
    others = "".join(f'[HKEY_LOCAL_MACHINE\\SOFTWARE\\Classes\\{n}]\r\n"Partner"="{n}"\r\n\r\n' for n in range(50_000))
    file.write_bytes((HEAD + others + f'[{KEY}]\r\n"Partner"="1234567"\r\n\r\n' + others).encode("utf-16"))
    told = json.loads(check(file, "--json", check=0).stdout)
    assert [value["name"] for value in told["values"]] == ["Partner"]


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "is empty"), (b"id,name,status\n", "no registry export"), (b"\x00" * 64, "no registry export")],
)
def test_exit_status_2_for_what_is_no_export(check, tmp_path, content, words):
    file = tmp_path / "other.reg"
    file.write_bytes(content)
    done = check(file, check=2)
    assert done.stdout == ""
    assert done.stderr.startswith(f"error: {file}: ")
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert check(tmp_path / "none.reg", check=2).stderr.startswith("error: ")


def test_what_the_registry_holds_does_not_steer_the_terminal(check, export):
    done = check(export(f"[{KEY}]", '"Partner"="\x1b]0;x\x07"', '"Partenaire\u202e"="1234567"'), check=1)
    assert not set(done.stdout) & {"\x1b", "\x07", "\u202e"}
