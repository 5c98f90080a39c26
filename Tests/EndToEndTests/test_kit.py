"""Kits for reference images: each file is read back by something that is not ours, and its values lead to attributed records.

Neither Debian nor the Python package index has Windows, cmd.exe or PowerShell. The scripts are parsed by grammars of others, and
their commands resolved as Windows would; that they do what they say was not executed here.
"""

import base64
import json
import re
from html.parser import HTMLParser
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import hive
import pytest
from chromium import LOCALES
from running import REPOSITORY, SHIPPED_ROUTES, command
from windows_text import BATCH, POWERSHELL, arguments, batch_command, literals, nodes, parsed
from wire import INTERNET_EXPLORER, ask

KEY = r"HKLM\SOFTWARE\Microsoft\Windows Server\MSO"
GATEWAY = "https://gateway.example.com"
CAMPAIGN = "spring-2016"
REG_EXE = r"C:\Windows\System32\reg.exe"
# What Windows Setup takes as one command.
LONGEST_COMMAND = 259

URLS = {
    "MOSRASTDBUY": ("enterprise", "buy"),
    "MOSRASTDTRY": ("enterprise", "trial"),
    "MOSRALITEBUY": ("small-business", "buy"),
    "MOSRALITETRY": ("small-business", "trial"),
}
# The provider's own URLs, as the shipped routes have them.
PROVIDER = {
    ("enterprise", "buy"): "/enterprisebuy.html",
    ("enterprise", "trial"): "/enterprisetry.html",
    ("small-business", "buy"): "/smallbizbuy.html",
    ("small-business", "trial"): "/smallbiztry.html",
}
KITS = {
    "mospa": ["1234567"],
    "mosra": ["2345678", "--agreement", "mosra", "--gateway", GATEWAY, "--campaign", CAMPAIGN],
}


def expected(agreement, gateway=GATEWAY):
    partner = KITS[agreement][0]
    if agreement == "mospa":
        return {"Partner": partner}
    urls = {name: f"{gateway}/p/{partner}/{edition}/{action}" for name, (edition, action) in URLS.items()}
    return {"Partner": partner} | {name: f"{url}?campaign={CAMPAIGN}" for name, url in urls.items()}


@pytest.fixture
def kit(data_with_partners):
    """Runs `porter kit`; its standard output is bytes."""

    def kit(*options, check=0):
        folders = ["--routes", SHIPPED_ROUTES, "--public", REPOSITORY / "Public"]
        return command("kit", *options, *folders, data=data_with_partners, check=check, text=False)

    return kit


@pytest.fixture(params=KITS)
def agreement(request):
    return request.param


def shortly_added(found):
    """The same of one without a type, for which reg.exe takes REG_SZ."""
    assert found[4] == "/d", found
    return added([*found[:4], "/t", "REG_SZ", *found[4:]])


def added(found):
    """Name and data of one `reg add`, which has to be just so."""
    verb, key, v, name, t, kind, d, data, *rest = found
    assert (verb, key, v, t, kind, d) == ("add", KEY, "/v", "/t", "REG_SZ", "/d"), found
    assert rest == ["/f", "/reg:64"], found
    return name, data


# The .reg file


def test_reg_is_imported_into_a_hive(kit, agreement, tmp_path):
    file = tmp_path / "kit.reg"
    file.write_bytes(kit(*KITS[agreement], "--format", "reg").stdout)
    assert file.read_bytes().startswith(b"\xff\xfeW\0i\0n\0")
    lines = file.read_bytes().decode("utf-16").split("\r\n")
    assert lines[0] == "Windows Registry Editor Version 5.00"
    assert not any("\n" in line or "\r" in line for line in lines)
    software = hive.make(tmp_path / "SOFTWARE")
    hive.import_reg(software, file)
    assert hive.values(software) == expected(agreement)


def test_its_undo_takes_away_what_it_set_and_nothing_else(kit, agreement, tmp_path):
    file, undo, others = tmp_path / "kit.reg", tmp_path / "undo.reg", tmp_path / "others.reg"
    file.write_bytes(kit(*KITS[agreement], "--format", "reg").stdout)
    undo.write_bytes(kit(*KITS[agreement], "--format", "reg", "--undo").stdout)
    text = file.read_bytes().decode("utf-16").split('"Partner"')[0] + '"Other"="stays"\r\n\r\n'
    others.write_bytes(text.encode("utf-16"))
    software = hive.make(tmp_path / "SOFTWARE")
    hive.import_reg(software, others)
    hive.import_reg(software, file)
    assert hive.values(software) == expected(agreement) | {"Other": "stays"}
    hive.merge_reg(software, undo)
    assert hive.values(software) == {"Other": "stays"}


# Scripts


def lines_with(text, word):
    assert text.count("\n") == text.count("\r\n")
    return [line for line in text.split("\r\n") if word in line and not line.startswith("rem ")]


def test_cmd_adds_the_values_by_the_system_s_own_reg(kit, agreement):
    text = kit(*KITS[agreement], "--format", "cmd").stdout.decode("ascii")
    parsed(BATCH, text)
    registry = {}
    for line in lines_with(text, "reg.exe"):
        (program, *found), rest = batch_command(line, systemroot=r"C:\Windows")
        assert program == REG_EXE
        # Nothing is said when it works; when it does not, reg.exe's status becomes the script's.
        assert rest == ">nul || goto failed"
        name, data = added(found)
        registry[name] = data
    assert registry == expected(agreement)
    assert text.endswith("\r\nexit /b 0\r\n\r\n:failed\r\nexit /b %errorlevel%\r\n")


def test_its_undo_looks_before_it_deletes(kit, agreement):
    text = kit(*KITS[agreement], "--format", "cmd", "--undo").stdout.decode("ascii")
    parsed(BATCH, text)
    lines = lines_with(text, "reg.exe")
    names = list(expected(agreement))
    assert len(lines) == 2 * len(names)
    for name, query, delete in zip(names, lines[::2], lines[1::2], strict=True):
        assert batch_command(query, systemroot=r"C:\Windows") == (
            [REG_EXE, "query", KEY, "/v", name, "/reg:64"],
            ">nul 2>&1",
        )
        start, end = "if not errorlevel 1 (", ")"
        assert delete.startswith(start)
        assert delete.endswith(end)
        assert batch_command(delete.removeprefix(start).removesuffix(end), systemroot=r"C:\Windows") == (
            [REG_EXE, "delete", KEY, "/v", name, "/f", "/reg:64"],
            ">nul || goto failed",
        )


def test_ps1_holds_the_values_as_literals_and_asks_before_it_writes(kit, agreement):
    text = kit(*KITS[agreement], "--format", "ps1").stdout.decode("ascii")
    root = parsed(POWERSHELL, text)
    assert text.startswith("#Requires -Version 3.0\r\n")
    entries = [literals(node) for node in nodes(root, "hash_literal_expression")]
    assert dict(entries) == expected(agreement)
    assert r"SOFTWARE\Microsoft\Windows Server\MSO" in literals(root)
    # -WhatIf reaches the one place that writes, and what was written is read back behind it.
    assert "SupportsShouldProcess" in text
    assert text.count(".SetValue(") == 1
    assert text.index("ShouldProcess(") < text.index(".SetValue(") < text.rindex("Test-Value $key $value")
    assert "Registry64" in literals(root)


def test_its_undo_names_the_values(kit, agreement):
    text = kit(*KITS[agreement], "--format", "ps1", "--undo").stdout.decode("ascii")
    root = parsed(POWERSHELL, text)
    assert set(expected(agreement)) <= set(literals(root))
    assert text.count(".DeleteValue(") == 1
    assert text.index("ShouldProcess(") < text.index(".DeleteValue(")


@pytest.mark.parametrize("undo", [[], ["--undo"]])
def test_offline_unloads_the_hive_whatever_happens(kit, agreement, undo):
    text = kit(*KITS[agreement], "--format", "offline", *undo).stdout.decode("ascii")
    root = parsed(POWERSHELL, text)
    if undo:
        assert set(expected(agreement)) <= set(literals(root))
    else:
        assert dict(literals(node) for node in nodes(root, "hash_literal_expression")) == expected(agreement)
    (attempt,) = nodes(root, "try_statement")
    (end,) = nodes(attempt, "finally_clause")
    load, unload = b'Invoke-Reg load "HKLM\\$hive" $file', b'Invoke-Reg unload "HKLM\\$hive"'
    calls = [(node.text.strip(), node.start_byte) for node in nodes(root, "command")]
    assert [place for call, place in calls if call == load and place < attempt.start_byte]
    assert [place for call, place in calls if call == unload and end.start_byte < place < end.end_byte]
    verb = b"Invoke-Reg delete" if undo else b"Invoke-Reg add"
    (change,) = [place for call, place in calls if call.startswith(verb)]
    assert attempt.start_byte < change < end.start_byte
    # The hive file SOFTWARE is the key of that name: it is not in the path below.
    assert r"\Microsoft\Windows Server\MSO" in literals(root)


# The answer file

SETUP = {"u": "urn:schemas-microsoft-com:unattend"}


def setup_commands(text):
    root = ElementTree.fromstring(text)
    assert root.tag == "{urn:schemas-microsoft-com:unattend}unattend"
    (settings,) = root.findall("u:settings", SETUP)
    assert settings.get("pass") == "specialize"
    (component,) = settings.findall("u:component", SETUP)
    assert component.get("name") == "Microsoft-Windows-Deployment"
    assert component.get("processorArchitecture") == "amd64"
    commands = component.findall("u:RunSynchronous/u:RunSynchronousCommand", SETUP)
    action = "{http://schemas.microsoft.com/WMIConfig/2002/State}action"
    assert {one.get(action) for one in commands} == {"add"}
    assert [one.findtext("u:Order", None, SETUP) for one in commands] == [str(n + 1) for n in range(len(commands))]
    paths = [one.findtext("u:Path", None, SETUP) for one in commands]
    assert all(len(path) <= LONGEST_COMMAND for path in paths)
    return paths


def test_unattend_runs_reg_in_the_pass_specialize(kit, agreement):
    registry = {}
    for path in setup_commands(kit(*KITS[agreement], "--format", "unattend").stdout):
        program, *found = arguments(path)
        assert program == "reg"
        name, data = shortly_added(found)
        registry[name] = data
    assert registry == expected(agreement)


def test_its_undo_succeeds_where_there_is_nothing_to_undo(kit, agreement):
    paths = setup_commands(kit(*KITS[agreement], "--format", "unattend", "--undo").stdout)
    start = 'cmd.exe /d /s /c "'
    for name, path in zip(expected(agreement), paths, strict=True):
        assert path.startswith(start)
        assert path.endswith('"')
        # With /s, cmd.exe takes off the first and the last quotation mark and reads what is between.
        query, delete = path[len(start) : -1].split(" >nul 2>&1 || exit 0 & ")
        assert arguments(query) == ["reg.exe", "query", KEY, "/v", name, "/reg:64"]
        assert arguments(delete) == ["reg.exe", "delete", KEY, "/v", name, "/f", "/reg:64"]


def test_a_command_that_setup_would_cut_is_refused(kit):
    host = "https://" + ".".join(["a" * 50] * 3) + ".example.com"
    options = ["2345678", "--agreement", "mosra", "--gateway", host]
    error = kit(*options, "--format", "unattend", check=2).stderr.decode()
    assert str(LONGEST_COMMAND) in error
    kit(*options, "--format", "cmd", check=0)


# The guide


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.language, self.tags, self.code, self.words, self.open = None, [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.open.append(tag)
        if tag == "html":
            self.language = dict(attributes)["lang"]

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        (self.code if {"code", "pre"} & set(self.open) else self.words).append(data)


def test_the_guide_tells_steps_commands_and_undo(kit, agreement):
    page = Page(kit(*KITS[agreement], "--format", "guide", "--language", "en").stdout.decode())
    assert page.language == "en"
    assert page.tags.count("ol") == 1
    assert not {"script", "img", "link", "iframe"} & set(page.tags)
    told = [line for code in page.code for line in code.split("\n")]
    registry = dict(added(arguments(line)[1:]) for line in told if line.startswith("reg add "))
    assert registry == expected(agreement)
    deleted = [arguments(line)[1:] for line in told if line.startswith("reg delete ")]
    assert deleted == [["delete", KEY, "/v", name, "/f", "/reg:64"] for name in expected(agreement)]
    assert f'reg query "{KEY}" /reg:64' in told


def test_the_guide_is_in_the_partner_s_language(kit):
    french = kit(*KITS["mosra"], "--format", "guide").stdout.decode()
    assert Page(french).language == "fr"
    assert "Boulangerie Numérique, SARL (exemple)" in french
    assert Page(kit("7654321", "--format", "guide").stdout.decode()).language == "en"
    quoted = kit("8901234", "--format", "guide").stdout.decode()
    assert "The &quot;Wee&quot; Server Shop (sample)" in quoted


def test_the_warning_has_the_day_as_the_language_writes_it(kit):
    german = kit("4567890", "--format", "guide", "--language", "DE", "--at", "2016-10-03").stdout.decode()
    assert "würden am 3. Oktober 2016 nicht zugeordnet: <code>suspended (lapsed)</code>" in german


def test_code_is_the_same_in_every_language(kit):
    pages = [
        Page(kit(*KITS["mosra"], "--format", "guide", "--language", path.stem).stdout.decode())
        for path in (REPOSITORY / "Public" / "kit").glob("*.txt")
    ]
    assert len(pages) == len(LOCALES)
    assert len({page.language for page in pages}) == len(pages)
    assert all(set(page.code) == set(pages[0].code) for page in pages)


# The command


def test_as_json_with_the_same_file_in_it(kit, agreement, tmp_path):
    for name in ("reg", "cmd", "ps1", "unattend", "offline", "guide"):
        told = json.loads(kit(*KITS[agreement], "--format", name, "--json").stdout)
        assert {value["name"]: value["data"] for value in told["values"]} == expected(agreement)
        assert {value["type"] for value in told["values"]} == {"REG_SZ"}
        assert (told["agreement"], told["format"], told["undo"]) == (agreement, name, False)
        assert told["attributed"] is True
        assert told["warnings"] == []
        assert {(signup["edition"], signup["action"]) for signup in told["signups"]} == set(URLS.values())
        assert {signup["outcome"] for signup in told["signups"]} == {"attributed"}
        file = tmp_path / told["name"]
        kit(*KITS[agreement], "--format", name, "--output", file)
        assert base64.b64decode(told["content"]) == file.read_bytes()
        assert kit(*KITS[agreement], "--format", name).stdout == file.read_bytes()
    assert not list(tmp_path.glob("*.part"))


def test_the_word_make_can_stand_there(kit):
    assert kit("make", "1234567").stdout == kit("1234567").stdout == kit("--format", "reg", "1234567").stdout


@pytest.mark.parametrize(
    ("partner", "words"),
    [
        ("4567890", "suspended (lapsed)"),
        ("6789012", "expired (no-longer-valid)"),
        ("7890123", "expired (not-yet-valid)"),
        ("9999999", "unknown"),
    ],
)
def test_who_would_not_be_attributed_gets_a_warning(kit, partner, words):
    done = kit(partner, "--format", "guide", "--language", "en")
    assert done.stderr.decode().startswith("warning: ")
    assert words in done.stderr.decode()
    assert words in done.stdout.decode()
    told = json.loads(kit(partner, "--json").stdout)
    assert told["attributed"] is False
    assert words in told["warnings"][0]
    assert kit(partner, "--undo").stderr == b""


@pytest.mark.parametrize("name", ["reg", "cmd", "ps1", "unattend", "offline"])
def test_an_undo_needs_neither_gateway_nor_routes(kit, data_with_partners, tmp_path, name):
    whole = kit(*KITS["mosra"], "--format", name, "--undo").stdout
    (tmp_path / "routes").mkdir()
    text = "name: a\nmatch: { paths: [/a] }\ndestination: { url: https://signup.example.com }\n"
    (tmp_path / "routes" / "a.yaml").write_text(text, "utf-8")
    order = ["2345678", "--agreement", "mosra", "--format", name, "--undo", "--routes", tmp_path / "routes"]
    assert command("kit", *order, data=data_with_partners, check=0, text=False).stdout == whole
    told = json.loads(command("kit", *order, "--json", data=data_with_partners, check=0).stdout)
    assert [value["name"] for value in told["values"]] == list(expected("mosra"))
    done = command("kit", *order[:-1], tmp_path / "none", data=data_with_partners, check=0, text=False)
    assert (done.stdout, done.stderr) == (whole, b"")


def test_another_agreement_than_the_directory_has_is_told(kit):
    assert b"mosra" in kit("2345678").stderr
    assert kit("3456789").stderr == b"", "the directory knows of no agreement"


def test_a_later_day_can_be_asked_for(kit):
    assert kit("7890123", "--at", "2099-06-01").stderr == b""


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["xxxxx"], "placeholder"),
        (["01234567"], "leading zero"),
        (["1234567", "--agreement", "mopsa"], "mospa or mosra"),
        (["1234567", "--format", "exe"], "unattend"),
        (["1234567", "--format", "guide", "--undo"], "leave undo out"),
        (["1234567", "--format", "guide", "--language", "tlh"], "language is"),
        (["1234567", "--agreement", "mosra"], "gateway is missing"),
        (["1234567", "--campaign", "spring"], "agreement mosra"),
        (["1234567", "--agreement", "mosra", "--gateway", "gateway.example.com"], "https://gateway.example.com"),
        (["1234567", "--agreement", "mosra", "--gateway", GATEWAY + "/path"], "routes"),
        (["1234567", "--agreement", "mosra", "--gateway", 'https://a" & calc'], "host"),
        (["1234567", "--agreement", "mosra", "--gateway", GATEWAY, "--campaign", "Spring!"], "[a-z0-9-]{1,40}"),
        (["1234567", "--at", "yesterday"], "--at"),
        (["1234567", "--output", "/nowhere/kit.reg"], "/nowhere/kit.reg"),
    ],
)
def test_exit_status_2_for_nonsense(kit, options, words):
    done = kit(*options, check=2)
    assert done.stdout == b""
    error = done.stderr.decode()
    assert error.startswith("error: ")
    assert len(error.splitlines()) == 1
    assert words in error


def test_help(kit):
    assert command("kit", "--help", check=0).stdout.startswith("OVERVIEW: ")
    for name in ("make", "check"):
        assert f"USAGE: porter kit {name}" in command("kit", name, "--help", check=0).stdout
    assert command("kit").returncode == 64
    words = re.findall(r"[\w-]+", command("kit", "make", "--help", check=0).stdout)
    assert set(LOCALES) <= set(words)


# From the hive to the log


def test_from_hive_to_log(farm, agreement, tmp_path):
    porter = farm.start()
    gateway = f"https://localhost:{porter.https_port}"
    options = [gateway if option == GATEWAY else option for option in KITS[agreement]]
    file = tmp_path / "kit.reg"
    porter.command("kit", *options, "--routes", SHIPPED_ROUTES, "--output", file, check=0)
    software = hive.make(tmp_path / "SOFTWARE")
    hive.import_reg(software, file)
    values = hive.values(software)
    assert values == expected(agreement, gateway)
    for name, (edition, action) in URLS.items():
        # The module opens what the registry has; without it the provider's own URL, to which it adds the ID.
        own = f"{gateway}{PROVIDER[edition, action]}?Partner={quote(values['Partner'])}"
        url = urlsplit(values.get(name, own))
        assert (url.scheme, url.netloc) == ("https", f"localhost:{porter.https_port}")
        answer = ask(porter, f"{url.path}?{url.query}", host=url.netloc, fields=[f"User-Agent: {INTERNET_EXPLORER}"])
        assert answer.status == 302
        record = porter.record(answer.receipt)
        told = {key: record.get(key) for key in ("outcome", "partner", "edition", "action", "origin", "campaign", "client")}
        assert told == {
            "outcome": "attributed",
            "partner": values["Partner"],
            "edition": edition,
            "action": action,
            "origin": "essentials",
            "campaign": CAMPAIGN if agreement == "mosra" else None,
            "client": "browser",
        }
