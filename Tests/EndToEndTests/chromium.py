"""The back office in a real browser: Debian's Chromium, driven by Playwright. What goes wrong in it is noted, and a test that
uses it fails for it."""

import re
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from office import PASSWORD
from playwright.sync_api import expect

EXECUTABLE = "/usr/bin/chromium"
# Root has no sandbox; and what is tested are pages of this repository.
OPTIONS = ["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb"]

# Signing in hashes a password, which takes seconds in a debug build on a busy machine.
PATIENCE_MS = 15_000
expect.set_options(timeout=PATIENCE_MS)

# A browser's language for each of those that the texts for visitors and partners are in.
LOCALES = {
    "de": "de-DE",
    "en": "en-GB",
    "es": "es-ES",
    "fr": "fr-FR",
    "it": "it-IT",
    "ja": "ja-JP",
    "ko": "ko-KR",
    "pl": "pl-PL",
    "pt-BR": "pt-BR",
    "ru": "ru-RU",
    "zh-CN": "zh-CN",
    "zh-TW": "zh-TW",
}

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}

# Runs before a page's own content, where its policy allows none: tells what the policy refused, and what opened a dialog.
WATCH = """
document.addEventListener('securitypolicyviolation', event =>
    console.error(`the policy refused ${event.effectiveDirective}: ${event.blockedURI} ${event.sample}`));
"""


def launch(playwright):
    """A browser for many windows."""
    return playwright.chromium.launch(executable_path=EXECUTABLE, args=OPTIONS)


@dataclass(frozen=True)
class Look:
    """How somebody looks at pages."""

    width: int = DESKTOP["width"]
    scheme: str = "light"
    language: str = "en"
    has_script: bool = True

    @property
    def options(self):
        return {
            "viewport": PHONE if self.width == PHONE["width"] else DESKTOP,
            "color_scheme": self.scheme,
            # A language that the pages do not have stands for itself.
            "locale": LOCALES.get(self.language, self.language),
            "java_script_enabled": self.has_script,
        }


class Window:
    """One person at a browser of their own, with one page open."""

    def __init__(self, browser, origin, look=None, **options):
        self.origin = origin
        self.problems = []
        self.context = browser.new_context(
            base_url=origin, ignore_https_errors=True, reduced_motion="reduce", **{**(look or Look()).options, **options}
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.add_init_script(WATCH)
        self.context.on("page", self._watch)
        self.page = self.context.new_page()

    def _watch(self, page):
        page.on("dialog", self._refuse)
        page.on("pageerror", lambda error: self.problems.append(f"script failed on {page.url}: {error}"))
        page.on("console", lambda message: self._note(page, message))
        page.on("request", lambda request: self._check(page, request))

    def _refuse(self, dialog):
        self.problems.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    def _note(self, page, message):
        # The browser says of every answer from 400 on that it failed; what it should be, each test says.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.problems.append(f"{page.url}: {message.text}")

    def _check(self, page, request):
        if urlsplit(request.url)._replace(path="", query="", fragment="").geturl() not in (self.origin, "about:"):
            self.problems.append(f"{page.url} asks for {request.url}")

    def open(self, target, status=200):
        answer = self.page.goto(target)
        assert answer.status == status, f"{target}: {answer.status} {self.page.inner_text('body')}"
        return self.page

    def sign_in(self, name, password=PASSWORD):
        """Through the form, as people do; leads to where they wanted to go."""
        self.page.goto("/sign-in")
        self.page.locator("input[name=name]").fill(name)
        self.page.locator("input[name=password]").fill(password)
        self.page.locator("main form button").click()
        expect(self.page).to_have_url(re.compile("/overview$"))
        return self

    def use(self, cookies):
        """Goes on with a session that was begun in another window."""
        self.context.add_cookies(cookies)
        return self

    @property
    def path(self):
        parts = urlsplit(self.page.url)
        return parts.path + ("?" + parts.query if parts.query else "")

    @property
    def overhang(self):
        """By how many pixels the page is wider than the window."""
        return self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    def rows(self, table=0):
        """The texts of a table's body, cell by cell."""
        return (
            self.page.locator("main table")
            .nth(table)
            .locator("tbody tr")
            .evaluate_all("rows => rows.map(row => [...row.cells].map(cell => cell.innerText.trim()))")
        )

    def close(self):
        self.context.close()

    def end(self):
        """Closes the window; what went wrong in it is the test's failure."""
        self.close()
        assert not self.problems, "\n".join(self.problems)


class Windows:
    """Opens windows on one back office, each for somebody who is signed in, and remembers sessions."""

    def __init__(self, browser, origin):
        self.browser = browser
        self.origin = origin
        self.sessions = {}

    @contextmanager
    def open(self, name=None, look=None, **options):
        """A window in which `name` is signed in, or nobody."""
        window = Window(self.browser, self.origin, look, **options)
        try:
            if name and name in self.sessions:
                window.use(self.sessions[name])
            elif name:
                window.sign_in(name)
                self.sessions[name] = [cookie for cookie in window.context.cookies() if cookie["name"].endswith("porter")]
            yield window
        except BaseException:
            window.close()
            raise
        window.end()
