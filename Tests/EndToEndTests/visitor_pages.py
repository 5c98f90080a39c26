"""The pages that visitors, customers and partners see, in each language: the front door's, and the guide to a kit."""

from contextlib import contextmanager
from datetime import UTC, datetime

from chromium import Window
from route_files import route
from running import REPOSITORY, SHIPPED_ROUTES, WITHOUT_FILE_SIGNAL, command, eventually
from scene import MORE_PARTNERS
from wire import ask

TEXTS = REPOSITORY / "Public"
# Target and status, by name. Whoever is rejected gets a receipt; the last is what a full disk leads to.
FRONT_DOOR = {
    "not-found": ("/enterprisetry.htm", 404),
    "rejected": ("/strict?Partner=1234576", 403),
    "unavailable": ("/strict?Partner=1234567", 503),
}
# The longest name of all, and not attributed: its guide has a warning, four long URLs, and every command.
GUIDED = "7012340"
# Where the customer's page leads to after Submit.
SAVED = "?done=saved"
# What customers see by their links: the title's key, and what is entered there (None: nothing is).
CUSTOMERS = {
    "customer": ("title-add", None),
    "customer-found": ("title-add", "4000200"),
    "customer-refused": ("title-add", GUIDED),
    "customer-saved": ("title-edit", None),
    "customer-none": ("title-none", None),
    "customer-lost": ("title-refused", None),
}
GUIDE = "guide"
NAMES = [*FRONT_DOOR, *CUSTOMERS, GUIDE]
GATEWAY = "https://office-365-registration-gateway.cloud-services.example.com"


def texts(folder, language):
    """The sentences of one file, of `errors`, `kit` or `subscription`, by their keys."""
    lines = (TEXTS / folder / f"{language}.txt").read_text("utf-8").splitlines()
    return {key: text.strip(" ") for key, _, text in (line.partition(":") for line in lines if line and line[0] != "#")}


class VisitorPages:
    """Two front doors, of which one can't record anything, and a folder for guides."""

    def __init__(self, farm):
        self.folder = farm.folder / "visitor-pages"
        routes = self.folder / "routes"
        routes.mkdir(parents=True)
        (routes / "strict.yaml").write_text(route("strict", otherwise="reject"), "utf-8")
        self.porter = farm.start(routes=routes)
        self.full = farm.start(routes=routes, wrapper=WITHOUT_FILE_SIGNAL)
        assert ask(self.full, FRONT_DOOR["unavailable"][0]).status == 302
        self.full.limit_files((self.full.data / "ledger.db-wal").stat().st_size)
        partners = self.folder / "partners.csv"
        partners.write_text(MORE_PARTNERS, "utf-8")
        self.porter.command("partner", "import", partners, check=0)
        self.porter.command("partner", "set", GUIDED, "--status", "suspended", "--reason", "lapsed", check=0)
        self.links = self.make_links()

    def make_links(self):
        """The paths of customers' pages, by name and scheme: a link is good for forty requests, and for few more in a minute."""
        when = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        names = [(name, scheme) for name in CUSTOMERS for scheme in ("http", "https")]
        sold = {key: "-".join(key) + "-5d3f0a7e-1b2c-4d5e-8f90-a1b2c3d4e5f6" for key in names}
        rows = ["event,id,tenant,product,offer,seats,channel,time"]
        for (name, scheme), identifier in sold.items():
            channel = "syndicated" if name == "customer-none" else "direct"
            rows.append(f"{name}-{scheme},{identifier},tenant.example,office-365,E3,5,{channel},{when}")
        events = self.folder / "events.csv"
        events.write_text("\n".join(rows) + "\n", "utf-8")
        self.porter.command("subscription", "import", events, check=0)
        links = {}
        for (name, scheme), identifier in sold.items():
            if name == "customer-saved":
                self.porter.command("subscription", "set-partner", identifier, "4000200", check=0)
            link = self.porter.command("subscription", "link", identifier, check=0).stdout.strip()
            if name == "customer-saved":
                link += SAVED
            # A mail program has lost its end.
            links[name, scheme] = link[:-1] if name == "customer-lost" else link
        return links

    def guide(self, language):
        """The file of the guide in a language, made when it is first asked for."""
        file = self.folder / f"guide-{language}.html"
        if not file.exists():
            kit = [GUIDED, "--agreement", "mosra", "--gateway", GATEWAY, "--campaign", "autumn-2016"]
            kit += ["--format", "guide", "--language", language, "--output", file]
            folders = ["--routes", SHIPPED_ROUTES, "--public", REPOSITORY / "Public"]
            command("kit", *kit, *folders, data=self.porter.data, check=0)
        return file

    @contextmanager
    def open(self, browser, name, look, scheme="http"):
        """A window with one of the pages: window, and the answer's head in lower case (of a guide, which is a file, none)."""
        if name == GUIDE:
            origin, target, status = "file://", self.guide(look.language).as_uri(), None
        else:
            porter = self.full if name == "unavailable" else self.porter
            port = porter.https_port if scheme == "https" else porter.http_port
            path, status = FRONT_DOOR.get(name) or (self.links[name, scheme], 404 if name == "customer-lost" else 200)
            origin = f"{scheme}://127.0.0.1:{port}"
            target = origin + path
        window = Window(browser, origin, look)
        try:
            answer = window.page.goto(target)
            if status:
                assert answer.status == status, f"{target}: {answer.status}"
            if name in CUSTOMERS and CUSTOMERS[name][1]:
                window.page.locator("input[name=partner]").fill(CUSTOMERS[name][1])
                with window.page.expect_navigation() as navigation:
                    window.page.locator("button[value=check]").click()
                answer = navigation.value
            yield window, answer.headers if status else {}
        except BaseException:
            window.close()
            raise
        window.end()

    def close(self):
        """Lets the full disk have room again, so that its server can end well."""
        self.full.limit_files(None)
        eventually(lambda: self.full.health() == 200, "it commits again by itself")
