"""The back office as people see it, in a real browser."""

import csv
import io
import re

import pytest
from chromium import PHONE, Look, Window, Windows
from office import PASSWORD, ROLES
from playwright.sync_api import expect
from running import eventually, free_port, is_listening
from wire import INTERNET_EXPLORER, ask

# What the sign-ups of these tests ask, over which door, and how often.
SIGNUPS = [
    ("/enterprisetry.html?Partner=1234567&culture=fr-FR&campaign=spring-mailing", "https", 3),
    ("/smallbizbuy.html?Partner=1234567&culture=en-GB", "http", 2),
    ("/enterprisebuy.html?Partner=2345678&culture=fr-FR", "https", 2),
    ("/enterprisetry.html?Partner=1234576", "https", 2),
    ("/enterprisetry.html?Partner=xxxxx", "http", 1),
    ("/smallbiztry.html", "https", 1),
]
REQUESTS = sum(count for _, _, count in SIGNUPS)


@pytest.fixture(scope="module")
def office(office):
    fields = [f"User-Agent: {INTERNET_EXPLORER}"]
    office.receipts = {
        target: [ask(office.porter, target, scheme, fields=fields).receipt for _ in range(count)]
        for target, scheme, count in SIGNUPS
    }
    return office


def receipts(office, part):
    return [receipt for target, some in office.receipts.items() for receipt in some if part in target]


def figure(window, name):
    """The number on a card of the overview."""
    card = window.page.locator(".card", has=window.page.locator("h2", has_text=re.compile(f"^{name}$")))
    return card.locator(".figure").inner_text()


def read_csv(download):
    text = download.path().read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


NAVIGATION = {
    "marketing": {"/overview", "/origins", "/check", "/routes"},
    "auditor": {"/partners", "/log"},
    "admin": {"/users", "/tokens", "/access-log"},
}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_signs_in_and_is_led_where_it_may_go(windows, role):
    with windows.open(role) as window:
        links = set(window.page.locator("header nav a").evaluate_all("links => links.map(link => link.getAttribute('href'))"))
        mine = set().union(*(NAVIGATION[lower] for lower in ROLES[: ROLES.index(role) + 1]))
        assert mine <= links
        for higher in ROLES[ROLES.index(role) + 1 :]:
            assert not NAVIGATION[higher] & links
        for target in sorted(links):
            page = window.open(target)
            expect(page.locator("header nav a[aria-current=page]")).to_have_attribute("href", target)
            expect(page.locator("h1")).to_have_count(1)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_refused_what_it_may_not_do(office, windows, role):
    may = ROLES.index(role)
    record = f"/log/{receipts(office, '1234576')[0]}"
    takes = {
        "auditor": ["/log", record, "/partners", "/partners/1234567", "/partners/1234567/statement?month=2026-01"],
        "admin": ["/partners/new", "/partners/1234567/edit", "/users", "/tokens", "/access-log"],
    }
    with windows.open(role) as window:
        for needed, targets in takes.items():
            for target in targets:
                page = window.open(target, 200 if may >= ROLES.index(needed) else 403)
                if may < ROLES.index(needed):
                    expect(page.get_by_role("alert")).to_contain_text(needed)
        if role == "marketing":
            # What a page does not offer is refused as well when somebody asks for it all the same.
            page = window.open("/overview")
            status = page.evaluate("async () => (await fetch('/api/v1/log.csv')).status")
            assert status == 403
        elif role == "auditor":
            expect(window.open(record).locator("form[action$=adjustment]")).to_have_count(0)
            expect(window.open("/partners").locator("a[href='/partners/new']")).to_have_count(0)


def test_signups_through_the_front_door_are_in_charts_and_tables(windows):
    with windows.open("marketing") as window:
        page = window.open("/overview?days=7")
        assert figure(window, "Sign-up requests") == str(REQUESTS)
        assert figure(window, "Unique visits") == "6"
        tips = page.locator("svg.chart title").all_text_contents()
        assert any("attributed: 7" in tip and "not in the directory: 2" in tip for tip in tips), tips
        for outcome in ("attributed", "unknown", "placeholder", "missing"):
            assert page.locator(f"svg.chart rect.s-{outcome}").first.bounding_box()["height"] > 1
        expect(page.locator("table", has_text="spring-mailing").first).to_contain_text("3")
        # Two digits changed places.
        expect(page.locator("tr", has_text="1234576").first).to_contain_text("1234567")

        page = window.open("/origins")
        page.select_option("select[name=first]", "partner")
        page.select_option("select[name=second]", "campaign")
        page.locator("main form button").first.click()
        table = page.locator("main table").last
        row = table.locator("tr", has_text="spring-mailing")
        expect(row).to_contain_text("1234567")
        assert row.locator("td").nth(2).inner_text() == "3"
        with page.expect_download() as download:
            page.get_by_role("link", name="CSV").first.click()
        rows = read_csv(download.value)
        assert ("1234567", "spring-mailing", "3") in {(row["partner"], row["campaign"], row["requests"]) for row in rows}


def test_the_log_is_filtered_read_and_downloaded(office, windows):
    with windows.open("auditor") as window:
        page = window.open("/log")
        assert len(window.rows()) >= REQUESTS
        page.locator("main form select[name=outcome]").select_option("unknown")
        page.locator("main form input[name=route]").fill("enterprise-trial")
        page.locator("main form button").first.click()
        wanted = receipts(office, "1234576")
        expect(page.locator("main table a.receipt")).to_have_text(list(reversed(wanted)))
        expect(page.locator("select[name=outcome]")).to_have_value("unknown")
        with page.expect_download() as download:
            page.get_by_role("link", name="CSV").first.click()
        rows = read_csv(download.value)
        assert [row["receipt"] for row in rows] == wanted
        assert {(row["outcome"], row["partner"], row["scheme"]) for row in rows} == {("unknown", "1234576", "https")}
        page.locator("main table a.receipt").first.click()
        expect(page.locator("h1")).to_have_text("Record")
        expect(page.locator(".fields")).to_contain_text(wanted[1])
        expect(page.locator("pre")).to_contain_text("name: enterprise-trial")


def test_an_id_is_checked(windows):
    with windows.open("marketing") as window:
        page = window.open("/check")
        for text, verdict in {
            "1234567": "This ID is attributed",
            " 1234576 ": "Not in the directory",
            "4567890": "The agreement has lapsed",
            "7890123": "It is not valid yet",
            "4000100": "This is a global ID",
            "5d3f0a7e-1b2c-4d5e-8f90-a1b2c3d4e5f6": "A GUID of a tenant",
            "<img src=x onerror=alert(1)>": "A placeholder",
        }.items():
            page.locator("input[name=id]").fill(text)
            page.keyboard.press("Enter")
            expect(page.locator("main [role=status]")).to_contain_text(verdict)


def test_a_partner_is_added_a_record_adjusted_and_the_statement_printed(office, windows):
    lost = ask(office.porter, "/smallbizbuy.html?Partner=5550123", fields=[f"User-Agent: {INTERNET_EXPLORER}"]).receipt
    with windows.open("admin") as window:
        page = window.open("/partners")
        page.locator("a[href='/partners/new']").click()
        page.locator("input[name=id]").fill("5550123")
        page.locator("input[name=name]").fill("Société Générale d’Informatique “Été” & Cie <Nice>")
        page.locator("select[name=agreement]").select_option("mospa")
        page.locator("main form button").first.click()
        expect(page).to_have_url(re.compile("/partners/5550123$"))
        expect(page.locator("main")).to_contain_text("Société Générale d’Informatique “Été” & Cie <Nice>")

        page = window.open(f"/log/{lost}")
        adjustment = page.locator("form[action$=adjustment]")
        adjustment.locator("input[name=partner]").fill("5550123")
        adjustment.locator("input[name=note]").fill("registered late")
        adjustment.locator("button").first.click()
        expect(page).to_have_url(re.compile(f"/log/{lost}$"))
        expect(page.locator("main")).to_contain_text("attributed to 5550123, admin: registered late")
        page.locator("main li a.receipt").first.click()
        made = page.url.rsplit("/", 1)[1]

        page = window.open("/partners/5550123")
        page.locator("form[action$=statement] button").click()
        expect(page.locator("h1")).to_contain_text("Statement")
        expect(page.locator("a.receipt")).to_contain_text([made])
        page.emulate_media(media="print")
        for hidden in ("header", "form", ".skip"):
            for place in page.locator(hidden).all():
                expect(place).to_be_hidden()
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator("main")).to_contain_text("Société Générale d’Informatique")
        printed = page.pdf(format="A4")
        assert printed.startswith(b"%PDF-")
        with page.expect_download() as download:
            page.emulate_media(media="screen")
            page.get_by_role("link", name="CSV").first.click()
        assert made in {row["receipt"] for row in read_csv(download.value)}


def test_the_language_is_switched_and_stays(windows):
    with windows.open("auditor") as window:
        page = window.open("/log?outcome=unknown")
        page.locator("header a[hreflang=fr]").click()
        expect(page.locator("html")).to_have_attribute("lang", "fr")
        expect(page.locator("h1")).to_have_text("Journal")
        # The filter is kept.
        assert window.path == "/log?outcome=unknown"
        expect(window.open("/overview").locator("html")).to_have_attribute("lang", "fr")
        page.locator("header a[hreflang=en]").click()
        expect(page.locator("h1")).to_have_text("Overview")
    with windows.open("auditor", Look(language="fr")) as window:
        expect(window.open("/overview").locator("html")).to_have_attribute("lang", "fr")


def test_who_is_not_signed_in_gets_there_after_signing_in(windows):
    with windows.open() as window:
        page = window.page
        page.goto("/log?outcome=unknown")
        expect(page.locator("h1")).to_have_text("Sign in")
        page.locator("input[name=name]").fill("auditor")
        page.locator("input[name=password]").fill("not this one")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("wrong")
        page.locator("input[name=password]").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Log")
        assert window.path == "/log?outcome=unknown"
        page.locator("form[action='/sign-out'] button").click()
        expect(page.locator("h1")).to_have_text("Sign in")
        page.goto("/log")
        expect(page.locator("h1")).to_have_text("Sign in")


def test_a_browser_that_keeps_no_cookie_is_told_so(windows):
    with windows.open() as window:
        page = window.open("/sign-in")
        window.context.clear_cookies()
        page.locator("input[name=name]").fill("auditor")
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main form button").click()
        expect(page.get_by_role("alert")).to_contain_text("cookie")
        expect(page.get_by_role("alert")).to_contain_text("https")
        # The page that says so has a form that works.
        expect(page.locator("input[name=name]")).to_have_value("auditor")
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main form button").click()
        expect(page.locator("h1")).to_have_text("Overview")


def test_everything_works_without_script(office, windows):
    """The sign-in form, filters, choices, changes: by a browser that runs no script at all."""
    with windows.open(look=Look(has_script=False)) as window:
        window.sign_in("admin")
        page = window.page
        page.locator("main a[href*='days=7']").click()
        assert window.path == "/overview?days=7"
        page.locator("header nav a[href='/log']").click()
        page.locator("main form input[name=partner]").fill("2345678")
        page.locator("main form button").first.click()
        expect(page.locator("main table a.receipt")).to_have_text(list(reversed(receipts(office, "2345678"))))
        page.locator("header nav a[href='/partners']").click()
        page.locator("a[href='/partners/new']").click()
        page.locator("input[name=id]").fill("5550199")
        page.locator("input[name=name]").fill("Made without script")
        page.locator("main form button").first.click()
        expect(page).to_have_url(re.compile("/partners/5550199$"))
        page.locator("a[href$='/edit']").click()
        page.locator("select[name=status]").select_option("suspended")
        page.locator("select[name=status_reason]").select_option("requested")
        page.locator("main form button").first.click()
        expect(page.locator(".tag").first).to_contain_text("suspended")
        page.locator("header a[hreflang=fr]").click()
        expect(page.locator("html")).to_have_attribute("lang", "fr")
        page.locator("form[action='/sign-out'] button").click()
        expect(page).to_have_url(re.compile("/sign-in$"))


def test_over_tls_from_elsewhere(farm, staff, chromium):
    """Elsewhere than on loopback there is TLS, and cookies that no other host can set."""
    port = free_port()
    farm.start(back_office=f"0.0.0.0:{port}", template=staff.data)
    eventually(lambda: is_listening(port), "the back office listens")
    windows = Windows(chromium, f"https://localhost:{port}")
    with windows.open("admin") as window:
        page = window.open("/users")
        expect(page.locator("main")).to_contain_text("auditor")
        names = {cookie["name"]: cookie for cookie in window.context.cookies()}
        assert names["__Host-porter"]["secure"]
        assert names["__Host-porter"]["httpOnly"]
        assert names["__Host-porter"]["sameSite"] == "Lax"
        answer = page.goto("/overview")
        assert answer.headers["strict-transport-security"].startswith("max-age=")


# The keyboard


# The element that has the focus: what it is, whether its outline is seen, and whether it is inside of the window.
FOCUSED = """() => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    return {
        name: element.tagName.toLowerCase() + (element.getAttribute('href') || element.name || element.className || ''),
        isOutlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        isSeen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0
            && box.top < innerHeight && box.left < innerWidth,
    };
}"""
# What can be reached, in a browser's own judgement.
REACHABLE = """() => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
    .filter(element => element.checkVisibility() && !element.disabled).length"""


def tab_through(window):
    """Presses Tab until the focus has gone round once; what had it, in order."""
    places = []
    for _ in range(window.page.evaluate(REACHABLE) * 4 + 20):
        window.page.keyboard.press("Tab")
        place = window.page.evaluate(FOCUSED)
        if place is None:
            return places
        places.append(place)
    raise AssertionError(f"the focus never leaves the page: {places[-5:]}")


@pytest.mark.parametrize("width", [1280, PHONE["width"]])
def test_every_control_is_reached_by_tab_and_seen(office, windows, width):
    targets = ["/overview", "/origins", "/log", "/partners/1234567", "/partners/new", "/account", "/tokens"]
    with windows.open("admin", Look(width=width)) as window:
        for target in targets:
            page = window.open(target)
            places = tab_through(window)
            assert places[0]["name"] == "a#content", target
            # A date's field takes the focus once for each of its parts.
            assert len(places) >= page.evaluate(REACHABLE), target
            unseen = [place["name"] for place in places if not (place["isOutlined"] and place["isSeen"])]
            assert not unseen, f"{target}: {unseen}"


def press_until(window, selector, key="Tab", most=80):
    for _ in range(most):
        window.page.keyboard.press(key)
        if window.page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{key} does not lead to {selector}")


def test_with_the_keyboard_alone(office, windows):
    with windows.open() as window:
        page = window.page
        page.goto("/sign-in?next=/overview")
        press_until(window, "input[name=name]")
        page.keyboard.type("auditor")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Overview")
        # The link over the navigation is seen once it has the focus, and what comes after it is the content.
        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        expect(page.locator(".skip")).to_be_in_viewport()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
        page.reload()
        press_until(window, "nav a[href='/log']")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Log")
        press_until(window, "select[name=outcome]")
        page.keyboard.type("placeholder")
        press_until(window, "main form button")
        page.keyboard.press("Enter")
        wanted = receipts(office, "xxxxx")
        expect(page.locator("main table a.receipt")).to_have_text(wanted)
        press_until(window, "a.receipt")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Record")


def test_a_window_tells_what_goes_wrong_in_it(chromium, windows):
    """These tests can fail: a dialog, a failing script, what the policy refuses and what another host is asked for are found."""
    window = Window(chromium, windows.origin)
    page = window.open("/sign-in")
    page.evaluate("alert('here')")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=alert(1)><img src=http://127.0.0.2/a>')")
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.evaluate("setTimeout(() => { throw new Error('thrown') })")
    page.wait_for_timeout(200)
    window.close()
    told = "\n".join(window.problems)
    for part in ("a dialog: here", "script-src", "img-src", "style-src", "thrown"):
        assert part in told, told
