"""Kits from the back office: the form, the files that it leads to, the API, and who may have what."""

import html
import json
import re
from html.parser import HTMLParser
from urllib.parse import urlencode
from xml.etree import ElementTree

import hive
import pytest
from chromium import PHONE, Look
from office import ROLES, Office
from playwright.sync_api import expect
from running import REPOSITORY, SHIPPED_ROUTES, command
from test_accessibility import violations
from texts import english_in, is_french
from windows_text import BATCH, POWERSHELL, arguments, batch_command, literals, nodes, parsed
from wire import ask

GATEWAY = "https://gateway.example.com"
MOSRA = {"agreement": "mosra", "gateway": GATEWAY, "campaign": "spring-2026"}
FORMATS = {
    "reg": ("application/octet-stream", "porter-2345678-mosra.reg"),
    "cmd": ("text/plain; charset=utf-8", "porter-2345678-mosra.cmd"),
    "ps1": ("text/plain; charset=utf-8", "porter-2345678-mosra.ps1"),
    "unattend": ("application/xml; charset=utf-8", "porter-2345678-mosra-unattend.xml"),
    "offline": ("text/plain; charset=utf-8", "porter-2345678-mosra-offline.ps1"),
    "guide": ("text/html; charset=utf-8", "porter-2345678-mosra-guide-fr.html"),
}
EXPECTED = {"Partner": "2345678"} | {
    name: f"{GATEWAY}/p/2345678/{path}?campaign=spring-2026"
    for name, path in {
        "MOSRASTDBUY": "enterprise/buy",
        "MOSRASTDTRY": "enterprise/trial",
        "MOSRALITEBUY": "small-business/buy",
        "MOSRALITETRY": "small-business/trial",
    }.items()
}


def page(partner="2345678", **query):
    return f"/partners/{partner}/kit" + ("?" + urlencode(query) if query else "")


def api(partner="2345678", **query):
    return "/api/v1" + page(partner, **query)


@pytest.fixture(scope="module")
def browsers(office):
    return {role: office.signed_in(role) for role in ROLES}


def values(name, content, folder):
    """What a file of a kit sets, read by something that is not ours."""
    if name == "reg":
        file = folder / "kit.reg"
        file.write_bytes(content)
        software = hive.make(folder / "SOFTWARE")
        hive.import_reg(software, file)
        return hive.values(software)
    text = content.decode("utf-8")
    if name == "cmd":
        parsed(BATCH, text)
        lines = [line for line in text.split("\r\n") if "reg.exe" in line and not line.startswith("rem ")]
        found = [batch_command(line, systemroot=r"C:\Windows")[0] for line in lines]
    elif name in ("ps1", "offline"):
        return dict(literals(node) for node in nodes(parsed(POWERSHELL, text), "hash_literal_expression"))
    elif name == "unattend":
        paths = ElementTree.fromstring(text).iter("{urn:schemas-microsoft-com:unattend}Path")
        found = [arguments(path.text) for path in paths]
    else:
        found = [arguments(line) for line in Code(text).lines if line.startswith("reg add ")]
    return {one[4]: one[one.index("/d") + 1] for one in found}


class Code(HTMLParser):
    """The lines of a page's blocks of code."""

    def __init__(self, text):
        super().__init__()
        self.lines, self.is_open = [], False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.is_open = tag == "pre"

    def handle_endtag(self, tag):
        self.is_open = False

    def handle_data(self, data):
        if self.is_open:
            self.lines += data.split("\n")


# Downloads


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", FORMATS)
def test_every_role_gets_every_file_by_page_and_by_api(office, browsers, tmp_path, role, name):
    media_type, file_name = FORMATS[name]
    shown = browsers[role].open(page(format=name, **MOSRA))
    saved = office.get(api(format=name, **MOSRA), role)
    for answer in (shown, saved):
        assert answer.status == 200, answer.text
        assert answer.headers["Content-Type"] == media_type
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Porter-Warning"] is None
    assert shown.bytes == saved.bytes
    assert saved.headers["Content-Disposition"] == f'attachment; filename="{file_name}"'
    way = "inline" if name == "guide" else "attachment"
    assert shown.headers["Content-Disposition"] == f'{way}; filename="{file_name}"'
    assert values(name, shown.bytes, tmp_path) == EXPECTED


@pytest.mark.parametrize("name", FORMATS)
def test_the_file_is_the_command_s(office, name):
    options = [f"--{option}={value}" for option, value in (MOSRA | {"format": name}).items()]
    folders = ["--routes", SHIPPED_ROUTES, "--public", REPOSITORY / "Public"]
    printed = command("kit", "2345678", *options, *folders, data=office.porter.data, check=0, text=False).stdout
    assert office.get(api(format=name, **MOSRA), "marketing").bytes == printed


def test_its_undo_is_there_as_well(office):
    answer = office.get(api(format="cmd", undo="1", **MOSRA), "marketing")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="porter-2345678-mosra-undo.cmd"'
    commands = [line for line in answer.text.split("\r\n") if "reg.exe" in line]
    assert len(commands) == 2 * len(EXPECTED)
    assert not any(" add " in line for line in commands)


def test_without_wishes_the_api_gives_regedit_s_file_for_mospa(office, tmp_path):
    answer = office.get(api("1234567"), "marketing")
    assert values("reg", answer.bytes, tmp_path) == {"Partner": "1234567"}


def test_every_download_is_in_the_access_log(office, browsers):
    browsers["marketing"].open(page(format="cmd", **MOSRA))
    office.get(api("1234567", format="guide", language="fr"), "auditor")
    browsers["marketing"].open(page())
    browsers["marketing"].open(page(format="cmd", agreement="mosra"))
    last, before = office.json("/api/v1/access-log?limit=2")["entries"]
    told = [(entry["who"], entry["way"], entry["action"], entry["what"]) for entry in (before, last)]
    assert told == [
        ("marketing", "session", "kit", "2345678 mosra cmd"),
        ("for auditor", "token", "kit", "1234567 mospa guide"),
    ], "neither the form nor a refusal is a download"
    assert "made a kit" in browsers["admin"].open("/access-log").text


def test_nothing_is_told_without_signing_in(office):
    assert office.get(page(), None, 303).headers["Location"].startswith("/sign-in?next=")
    office.get(page(format="reg"), None, 303)
    office.get(api(), None, 401)


# The guide


def test_the_guide_is_a_page_with_a_strict_policy_of_its_own(office, browsers):
    answer = browsers["marketing"].open(page(format="guide", language="en", **MOSRA))
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", policy["style-src"])
    assert set(policy) == {"default-src", "style-src", "form-action", "frame-ancestors", "base-uri"}
    assert "style-src 'self'" in browsers["marketing"].open(page()).headers["Content-Security-Policy"]


@pytest.mark.parametrize("look", [Look(), Look(width=PHONE["width"], scheme="dark", language="fr")])
def test_the_guide_is_styled_fits_and_hinders_nobody(windows, look):
    with windows.open("marketing", look) as window:
        window.open(page(format="guide", language="en", **MOSRA))
        # What the policy refused would be told on the console, and fail the test.
        assert window.page.locator("main").evaluate("main => getComputedStyle(document.body).maxWidth") == "736px"
        assert window.overhang <= 0
        assert not violations(window.page)


# Who would not be attributed


@pytest.mark.parametrize(
    ("partner", "words", "shown"),
    [
        ("4567890", "suspended (lapsed)", "suspended (agreement lapsed)"),
        ("6789012", "expired (no-longer-valid)", "not valid (no longer valid)"),
        ("7890123", "expired (not-yet-valid)", "not valid (not valid yet)"),
    ],
)
def test_who_would_not_be_attributed_is_warned_on_the_page_and_in_the_file(office, browsers, partner, words, shown):
    for target in (page(partner), f"/partners/{partner}"):
        form = browsers["auditor"].open(target).text
        assert f'<p class="warning">Sign-ups with this Partner ID would not be attributed today: {shown}.</p>' in form
    for name in FORMATS:
        answer = office.get(api(partner, format=name, language="en"), "marketing")
        assert words in answer.headers["Porter-Warning"]
        assert (words in answer.text) == (name != "reg"), "there is no place for it in regedit's file"
        assert words not in office.get(api(partner, format="cmd", undo="1"), "marketing").text
    assert 'class="warning"' not in browsers["auditor"].open(page()).text


def warned(answer):
    """The warnings that stand in place of the file, and the address under which it is nevertheless."""
    assert answer.status == 200, answer.text
    assert answer.headers["Content-Disposition"] is None
    section = answer.text.split('<section class="warning" role="alert">', 1)[1].split("</section>", 1)[0]
    warnings = [html.unescape(text) for text in re.findall(r"<li>(.*?)</li>", section)]
    return warnings, html.unescape(re.search(r'href="(.*?)"', section)[1])


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"format": "reg", "agreement": "mospa"}, ["The directory has partner 2345678 under MOSRA, and this kit is for MOSPA"]),
        (MOSRA | {"format": "reg", "gateway": "http://gateway.example.com"}, ["The address of the gateway is http"]),
        (
            {"format": "guide", "agreement": "mospa", "gateway": "http://gateway.example.com"},
            ["The address of the gateway is http", "The directory has partner 2345678 under MOSRA"],
        ),
    ],
)
def test_a_file_with_warnings_is_given_when_they_are_confirmed(office, browsers, query, words):
    def last_kit():
        entries = office.json("/api/v1/access-log?limit=20")["entries"]
        return next((entry for entry in entries if entry["action"] == "kit"), None)

    browser, before = browsers["marketing"], last_kit()
    answer = browser.open(page(**query))
    warnings, nevertheless = warned(answer)
    assert len(warnings) == len(words)
    for warning, start in zip(warnings, words, strict=True):
        assert warning.startswith(start)
    assert f'<option value="{query["agreement"]}" selected>' in answer.text, "the form keeps what was chosen"
    assert last_kit() == before, "nothing was downloaded"
    french, _ = warned(browser.open(page(**query), Accept_Language="fr"))
    assert all(is_french(text) for text in french), french
    file = browser.open(nevertheless)
    assert last_kit() != before
    assert file.bytes == office.get(api(**query), "marketing").bytes
    assert file.headers["Content-Disposition"] is not None


@pytest.mark.parametrize(
    ("partner", "words"), [("4567890", "suspended (agreement lapsed)"), ("7890123", "not valid (not valid yet)")]
)
def test_who_would_not_be_attributed_is_told_before_the_file(office, browsers, partner, words):
    query = {"format": "reg", "agreement": "mospa", "gateway": GATEWAY}
    answer = browsers["marketing"].open(page(partner, **query))
    (warning,), nevertheless = warned(answer)
    assert re.fullmatch(rf"Sign-ups with the Partner ID {partner} would not be attributed on .*: {re.escape(words)}\.", warning)
    assert answer.text.count("would not be attributed") == 1, "it is not told twice"
    french = browsers["marketing"].open(page(partner, **query), Accept_Language="fr")
    assert not english_in(french.text)
    assert browsers["marketing"].open(nevertheless).headers["Content-Disposition"].startswith("attachment")
    undo = browsers["marketing"].open(page(partner, undo="1", **query))
    assert undo.headers["Content-Disposition"].startswith("attachment"), "who takes values away is not warned"
    assert browsers["marketing"].open(page(partner, confirmed="2", **query)).status == 400
    office.get(api(partner, confirmed="1", **query), "marketing", 400)


def test_an_unsigned_kit_for_routes_that_require_signatures_is_not_downloaded_at_once(farm, staff, write_routes):
    texts = {path.stem: path.read_text("utf-8") for path in SHIPPED_ROUTES.glob("*.yaml")}
    texts = {name: text.replace("\npartner:", "\npartner:\n  signature: require") for name, text in texts.items()}
    browser = Office(farm, staff=staff, routes=write_routes(**texts)).signed_in("marketing")
    answer = browser.open(page(format="reg", **MOSRA))
    warnings, _ = warned(answer)
    assert len(warnings) == 2
    assert warnings[1].startswith("Routes require signed addresses")


# Refusals

REFUSED = [
    ({"format": "exe"}, "is no file of a kit"),
    ({"agreement": "mopsa"}, "is no agreement"),
    ({"agreement": "mosra"}, "the address of the gateway is needed"),
    ({"campaign": "spring"}, "no address that could carry a campaign"),
    (MOSRA | {"gateway": "gateway.example.com"}, "is no gateway"),
    (MOSRA | {"gateway": GATEWAY + "/path"}, "is no gateway"),
    (MOSRA | {"gateway": 'https://a" & calc'}, "is no gateway"),
    (MOSRA | {"gateway": "https://gäteway.example"}, "is no gateway"),
    (MOSRA | {"gateway": "javascript:alert(1)"}, "is no gateway"),
    (MOSRA | {"gateway": "https://gateway.example.com\r\nX: y"}, "is no gateway"),
    (MOSRA | {"gateway": "https://<script>alert(1)</script>"}, "is no gateway"),
    (MOSRA | {"campaign": 'x" & calc & "'}, "is none that the route"),
    (MOSRA | {"campaign": "%PATH%"}, "is none that the route"),
    (MOSRA | {"campaign": "a\nb"}, "is none that the route"),
    (MOSRA | {"campaign": "$(calc)"}, "is none that the route"),
    (MOSRA | {"campaign": "</script><script>"}, "is none that the route"),
    (MOSRA | {"campaign": "a" * 41}, "is none that the route"),
    ({"format": "guide", "language": "tlh"}, "The guide is not there in"),
    ({"format": "guide", "language": "../../../etc/passwd"}, "The guide is not there in"),
    ({"format": "guide", "undo": "1"}, "make it without"),
    (MOSRA | {"until": "2099-01-01"}, "A last day belongs to signed addresses"),
]


@pytest.mark.parametrize(("query", "words"), REFUSED)
def test_what_makes_no_kit_is_refused_and_the_form_keeps_what_was_typed(office, browsers, query, words):
    query = {"format": "reg"} | query
    answer = browsers["auditor"].open(page(**query))
    assert answer.status == 422, answer.text
    fault = re.search(r'<p class="fault" role="alert">(.*?)</p>', answer.text, re.DOTALL)[1]
    assert words in fault
    assert "<script" not in answer.text
    if query.get("campaign"):
        assert 'name="campaign" value=""' not in answer.text
    problem = json.loads(office.get(api(**query), "marketing", 400).text)
    assert problem["type"] == "invalid-request"
    assert "\n" not in problem["detail"]
    french = browsers["auditor"].open(page(**query), Accept_Language="fr")
    told = re.search(r'<p class="fault" role="alert">(.*?)</p>', french.text, re.DOTALL)[1]
    assert is_french(html.unescape(told)), told


@pytest.mark.parametrize(
    ("target", "status"),
    [
        (api(fromat="reg"), 400),
        (api(sign="yes"), 400),
        (api(undo="2"), 400),
        (api() + "?format=reg&format=cmd", 400),
        (api() + "?campaign=%FF", 400),
        (api("0123"), 400),
        (api("9999999"), 404),
        (page("9999999"), 404),
        (page("9999999", format="reg"), 404),
        (page(fromat="reg"), 400),
    ],
)
def test_what_is_not_understood_or_not_there(office, browsers, target, status):
    if target.startswith("/api"):
        office.get(target, "admin", status)
    else:
        assert browsers["admin"].open(target).status == status


def test_the_form_is_french_for_who_reads_french(browsers):
    for role, target in (("marketing", page()), ("admin", page()), ("auditor", page("4567890")), ("admin", "/partners/2345678")):
        text = browsers[role].open(target, Accept_Language="fr").text
        assert '<html lang="fr">' in text
        assert not english_in(text), target


# Signed kits


@pytest.fixture(scope="module")
def key(office):
    """Two partners have keys: the one of the files, and one whose links nothing changes."""
    office.send("POST", "/api/v1/partners/2345678/keys", {}, status=201)
    return office


SIGNED = MOSRA | {"sign": "1", "until": "2099-12-31"}


def test_only_admins_get_signed_kits(key, browsers):
    for role in ("marketing", "auditor"):
        assert browsers[role].open(page(format="reg", **SIGNED)).status == 403
        assert json.loads(key.get(api(format="reg", **SIGNED), role, 403).text)["type"] == "forbidden"
        form = browsers[role].open(page()).text
        assert 'name="sign"' not in form
        assert 'name="until"' not in form
    form = browsers["admin"].open(page()).text
    assert 'name="sign"' in form
    assert 'name="until"' in form
    assert browsers["admin"].open(page(format="reg", **SIGNED)).status == 200


def test_a_signed_kit_says_so_and_is_noted(key, browsers, tmp_path):
    for answer in (browsers["admin"].open(page(format="ps1", **SIGNED)), key.get(api(format="ps1", **SIGNED))):
        assert 'filename="porter-2345678-mosra-signed.ps1"' in answer.headers["Content-Disposition"]
        assert "valid through 2099-12-31" in answer.text
        signed = values("ps1", answer.bytes, tmp_path)
        assert all("&exp=4102444799&sig=" in url for name, url in signed.items() if name != "Partner")
    entries = key.json("/api/v1/access-log?limit=2")["entries"]
    assert {entry["what"] for entry in entries} == {"2345678 mosra ps1, signed through 2099-12-31"}
    usual = key.get(api(format="ps1", **MOSRA, sign="1")).text
    assert re.search(r"valid through 20\d\d-\d\d-\d\d", usual)


def test_without_a_key_the_page_says_how_one_is_made(key, browsers):
    form = browsers["admin"].open(page("1234567")).text
    assert 'name="sign"' not in form
    assert "porter partner key add 1234567" in form
    assert "porter partner key" not in browsers["auditor"].open(page("1234567")).text
    answer = browsers["admin"].open(page("1234567", format="reg", **SIGNED))
    assert answer.status == 422
    assert "has no key that addresses could be signed with" in answer.text
    problem = json.loads(key.get(api("1234567", format="reg", **SIGNED), "admin", 409).text)
    assert problem["type"] == "no-key"
    assert "porter partner key add 1234567" in problem["detail"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"sign": "1"}, "no address that could be signed"),
        (SIGNED | {"until": "2016-10-03"}, "is over"),
        (SIGNED | {"until": "soon"}, "is no day"),
        (SIGNED | {"until": "9999-12-31"}, "cannot be signed until that day"),
        (SIGNED | {"format": "unattend", "campaign": "a" * 40}, "characters too long for an answer file"),
    ],
)
def test_what_cannot_be_signed(key, browsers, query, words):
    query = {"format": "reg"} | query
    answer = browsers["admin"].open(page(**query))
    assert answer.status == 422
    assert words in answer.text
    key.get(api(**query), "admin", 400)


# In a browser


def test_from_the_partner_s_page_to_the_file(key, windows, tmp_path):
    with windows.open("admin") as window:
        window.open("/partners/2345678")
        form = window.page.locator("#kit form")
        make = form.get_by_role("button")
        expect(form.locator("select[name=agreement]")).to_have_value("mosra")
        form.locator("select[name=format]").select_option("cmd")
        form.locator("input[name=gateway]").fill(f"  {GATEWAY}/ ")
        form.locator("input[name=campaign]").fill("spring-2026")
        with window.page.expect_download() as download:
            make.click()
        assert download.value.suggested_filename == "porter-2345678-mosra.cmd"
        assert values("cmd", download.value.path().read_bytes(), tmp_path) == EXPECTED
        form.locator("input[name=sign]").check()
        with window.page.expect_download() as download:
            make.click()
        assert download.value.suggested_filename == "porter-2345678-mosra-signed.cmd"
        form.locator("input[name=sign]").uncheck()
        form.locator("input[name=campaign]").fill("Not One!")
        make.click()
        expect(window.page.get_by_role("alert")).to_contain_text("is none that the route")
        expect(window.page.locator("input[name=campaign]")).to_have_value("Not One!")
        expect(window.page.locator("select[name=format]")).to_have_value("cmd")


def test_marketing_comes_to_it_by_the_check_of_an_id(windows):
    with windows.open("marketing") as window:
        window.open("/check?id=2345678")
        window.page.get_by_role("link", name="Kit for an image").click()
        expect(window.page.locator("h1")).to_have_text("Kit for an image")
        window.page.locator("select[name=format]").select_option("guide")
        window.page.locator("select[name=agreement]").select_option("mospa")
        window.page.locator("main form button").click()
        alert = window.page.get_by_role("alert")
        expect(alert).to_contain_text("under MOSRA, and this kit is for MOSPA")
        assert not violations(window.page)
        alert.get_by_role("link", name="Download nevertheless").click()
        expect(window.page.locator("h1")).to_contain_text("Windows Server Essentials")


def test_the_gateway_that_is_known_is_proposed(farm, staff, browsers, write_routes):
    assert 'name="gateway" value=""' in browsers["marketing"].open(page()).text
    office = Office(farm, "--host", "gateway.example.com", "--host", "other.example.com", staff=staff)
    assert f'name="gateway" value="{GATEWAY}"' in office.signed_in("marketing").open(page()).text
    texts = {path.stem: path.read_text("utf-8") for path in SHIPPED_ROUTES.glob("*.yaml")}
    texts = {name: text.replace("match:", "match:\n  hosts: [routes.example.com]", 1) for name, text in texts.items()}
    office = Office(farm, staff=staff, routes=write_routes(**texts))
    assert 'name="gateway" value="https://routes.example.com"' in office.signed_in("marketing").open(page()).text


# From the download to the log


def test_from_the_download_to_the_log(key, tmp_path):
    answer = key.get(api(format="reg", **(SIGNED | {"gateway": "https://localhost"})))
    for name, url in values("reg", answer.bytes, tmp_path).items():
        if name == "Partner":
            continue
        record = key.porter.record(ask(key.porter, url.removeprefix("https://localhost"), host="localhost").receipt)
        assert (record["outcome"], record["partner"], record["campaign"]) == ("attributed", "2345678", "spring-2026")
