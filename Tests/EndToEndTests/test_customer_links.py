"""The customer's link: issued to the provider, used without account, script or cookie, and refused to everybody else."""

import base64
import datetime
import hashlib
import hmac
import html
import itertools
import json
import re
import sqlite3
import threading
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

import pytest
from chromium import Window
from control import ask_control
from office import Office
from playwright.sync_api import expect
from running import eventually
from test_browser import press_until
from visitor_pages import SAVED, texts
from wire import ask, plain, request

ROOT = "/api/v1/subscriptions"
SAYS = texts("subscription", "en")
FORM = "Content-Type: application/x-www-form-urlencoded"
# Suspended for reasons that none of the sample partners has.
SUSPENDED = {"5559301": "fraud", "5559302": "other"}
# From when on a partner is valid, or until when.
DAYS = {"7890123": "2099-01-01", "6789012": "2016-12-31"}
numbers = itertools.count(1)


@pytest.fixture(scope="module")
def provider(office):
    """The shared back office, with a token of the provider's beside those of the staff."""
    secret = office.porter.command("token", "create", "shop", "--role", "provider", check=0).stdout.strip()
    office.tokens = office.tokens | {"provider": secret}
    for partner, reason in SUSPENDED.items():
        facts = {"name": "Gone (sample)", "status": "suspended", "status_reason": reason}
        office.send("PATCH", f"/api/v1/partners/{partner}", facts)
    return office


def now():
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def tell(office, **changed):
    """A subscription that nobody told of yet; returns its ID."""
    number = next(numbers)
    event = {
        "event": f"link-event-{number}",
        "id": f"link-sub-{number}",
        "tenant": "contoso.example",
        "product": "office-365",
        "offer": "E3",
        "seats": 5,
        "channel": "direct",
        "time": now(),
    } | changed
    office.send("POST", ROOT, event, role="provider", status=201)
    return event["id"]


def target(identifier):
    return f"{ROOT}/{urllib.parse.quote(identifier, safe='')}"


def issue(office, identifier, days=None, role="provider"):
    """The path of a new link."""
    document = {} if days is None else {"days": days}
    return office.send("POST", f"{target(identifier)}/link", document, role=role, status=201)["path"]


def show(office, identifier):
    return office.json(target(identifier), "auditor")


def entries(office, way="link"):
    """The newest lines of the access log that came by a link, the newest first."""
    found = office.json("/api/v1/access-log?limit=200")["entries"]
    return [entry for entry in found if entry["way"] == way]


def noted(office, what, count=1, after=0):
    """The newest line of the access log that says so, once there are so many behind a line. Refusals are written after they are
    answered."""

    def lines():
        found = [entry for entry in entries(office) if entry["what"] == what and entry["id"] > after]
        return found if len(found) >= count else None

    return eventually(lines, f"{count} times in the access log: {what}")[0]


def last_line(office):
    """The number of the access log's newest line, of whatever way."""
    (entry,) = office.json("/api/v1/access-log?limit=1")["entries"]
    return entry["id"]


def ended_links(office, identifier):
    return sum(entry["what"] == f"{identifier}: a link that has ended" for entry in entries(office))


def fields(page, action):
    """What a browser sends when the button of that action is chosen: what its form has, as it stands there."""
    for form in re.findall(r'<form method="post"[^>]*>(.*?)</form>', page, re.S):
        if f'value="{action}"' not in form:
            continue
        found = {"action": action}
        for tag in re.findall(r"<input[^>]*>", form):
            attributes = dict(re.findall(r'(\w+)="([^"]*)"', tag))
            if attributes["type"] != "radio" or " checked" in tag:
                found[attributes["name"]] = html.unescape(attributes["value"])
        return found
    return None


class Customer:
    """A browser without script and without cookies, which knows a link and nothing else."""

    def __init__(self, office, path, *heads):
        self.porter = office.porter
        self.path = path
        self.heads = list(heads)
        self.markup = self.page = ""

    def take(self, answer):
        """Follows where an answer leads."""
        assert answer["Set-Cookie"] is None
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        if answer.status == 303:
            assert answer.location.startswith(self.path + "?done=")
            return self.take(ask(self.porter, answer.location, fields=self.heads))
        self.markup = answer.body.decode("utf-8")
        self.page = html.unescape(self.markup)
        assert "<script" not in self.markup
        assert "http" not in self.markup.replace("http-equiv", "")
        return answer

    def open(self):
        return self.take(ask(self.porter, self.path, fields=self.heads))

    def choose(self, action, **changed):
        """Fills the form in, and chooses one of its buttons."""
        form = fields(self.markup, action)
        assert form, f"there is no {action} on this page:\n{self.markup}"
        return self.post(form | changed)

    def post(self, form, *heads):
        body = (form if isinstance(form, str) else urllib.parse.urlencode(form)).encode()
        heads = [FORM, f"Content-Length: {len(body)}", *self.heads, *heads]
        return self.take(ask(self.porter, self.path, method="POST", fields=heads, body=body))


@pytest.fixture
def customer(provider):
    """Who has a link to a new subscription without a partner of record."""
    identifier = tell(provider)
    customer = Customer(provider, issue(provider, identifier))
    customer.identifier = identifier
    return customer


def test_the_whole_way(provider, customer):
    answer = customer.open()
    assert (answer.status, answer["Content-Language"]) == (200, "en")
    for fact in (SAYS["title-add"], customer.identifier, "Office 365", "Office Customer Portal", SAYS["nobody"], SAYS["scope"]):
        assert fact in customer.page
    assert fields(customer.markup, "submit") is None, "nothing to submit before an ID was checked"

    assert customer.choose("check", partner=" 1234567 ").status == 200
    assert "Harbour Lane Computing (sample)" in customer.page
    assert show(provider, customer.identifier)["history"] == []

    assert customer.choose("submit", program="usage").status == 200
    assert SAYS["saved"] in customer.page
    assert SAYS["title-edit"] in customer.page
    assert "Harbour Lane Computing (sample) (1234567)" in customer.page
    found = show(provider, customer.identifier)
    (change,) = found["history"]
    assert (change["by"], change["actor"], change["partner"], change["recorded"]) == ("customer", "customer", "1234567", True)
    assert (found["subscription"]["program"], found["subscription"]["evidence"]) == ("usage", "digital")
    assert [(row["partner"], row["kind"]) for row in found["notices"]] == [("1234567", "added")]

    # Another partner in place of it: the page shows the latest ID, and both are told.
    customer.open()
    assert fields(customer.markup, "check")["partner"] == "1234567"
    customer.choose("check", partner="2345678")
    customer.choose("submit")
    assert fields(customer.markup, "check")["partner"] == "2345678"

    # The ID is deleted, and checked.
    customer.choose("check", partner="")
    assert SAYS["removed"] in customer.page
    assert SAYS["nobody"] in customer.page
    found = show(provider, customer.identifier)
    assert "partner" not in found["subscription"]
    assert [(row["number"], row.get("partner"), row.get("replaces")) for row in found["history"]] == [
        (3, None, "2345678"),
        (2, "2345678", "1234567"),
        (1, "1234567", None),
    ]
    records = [row for row in provider.porter.records("--kind", "association") if row["subscription"] == customer.identifier]
    assert [(row["change"], row["by"], row["actor"]) for row in records] == [(n, "customer", "customer") for n in (1, 2, 3)]
    provider.porter.command("log", "verify", check=0)
    lines = [entry for entry in entries(provider) if customer.identifier in entry["what"]]
    assert {entry["who"] for entry in lines} == {"customer"}
    assert {entry["address"] for entry in lines} == {"127.0.0.0"}
    actions = [entry["action"] for entry in lines]
    assert actions.count("subscription-change") == 3
    assert actions.count("partner-read") == 2
    assert actions.count("subscription-read") == 5


def test_a_partner_of_record_is_set_changed_and_removed_with_the_keyboard_alone(provider, chromium):
    identifier = tell(provider)
    window = Window(chromium, f"http://127.0.0.1:{provider.porter.http_port}")
    page = window.open(issue(provider, identifier))
    for partner in ("1234567", "2345678"):
        press_until(window, "input[name=partner]")
        page.keyboard.press("Control+A")
        page.keyboard.type(partner)
        page.keyboard.press("Enter")
        expect(page.locator("form.offer")).to_contain_text(partner)
        press_until(window, "button[value=submit]")
        page.keyboard.press("Enter")
        expect(page.locator(".message.done")).to_have_text(SAYS["saved"])
        assert page.url.endswith(SAVED), "the page that is looked at in each language"
        expect(page.locator("h1")).to_have_text(SAYS["title-edit"])
        expect(page.locator("input[name=partner]")).to_have_value(partner)
    press_until(window, "input[name=partner]")
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.press("Enter")
    expect(page.locator(".message.done")).to_have_text(SAYS["removed"])
    expect(page.locator("h1")).to_have_text(SAYS["title-add"])
    window.end()
    found = show(provider, identifier)
    assert [(row["number"], row["by"], row.get("partner")) for row in found["history"]] == [
        (3, "customer", None),
        (2, "customer", "2345678"),
        (1, "customer", "1234567"),
    ]
    assert sorted((row["partner"], row["kind"]) for row in found["notices"]) == [
        ("1234567", "added"),
        ("1234567", "removed"),
        ("2345678", "added"),
        ("2345678", "removed"),
    ]


@pytest.mark.parametrize(
    ("entered", "sentence", "turn"),
    [
        ("4567890", "lapsed", "turn-partner"),
        ("5678901", "no-agreement", "turn-partner"),
        ("9012345", "requested", "turn-partner"),
        # For what it was suspended, somebody who suspects fraud keeps to themselves.
        ("5559301", "suspended", "turn-partner"),
        ("5559302", "suspended", "turn-partner"),
        ("7890123", "not-yet-valid", "turn-partner"),
        ("6789012", "no-longer-valid", "turn-partner"),
        ("9999999999", "unknown", "turn-provider"),
        ("xxxxx", "placeholder", "turn-id"),
        ("01234567", "leading-zero", "turn-id"),
        ("12345678901", "too-long", "turn-id"),
        ("MPN 1234567", "not-digits", "turn-id"),
        ("{5AB8D2A2-8BB6-4F4C-9C1C-0A4BA4CE0C6F}", "guid", "turn-id"),
        ("", "missing", None),
    ],
)
def test_an_id_that_cannot_be_used(provider, customer, entered, sentence, turn):
    customer.open()
    assert customer.choose("check", partner=entered).status == 200
    said = SAYS[sentence].replace("{id}", entered).replace("{day}", DAYS.get(entered, ""))
    before, _, after = said.partition("{partner}")
    assert before in customer.page
    assert after in customer.page
    assert turn is None or SAYS[turn] in customer.page
    assert "fraud" not in customer.page
    assert fields(customer.markup, "submit") is None
    assert fields(customer.markup, "check")["partner"] == entered
    # Who sends what the page did not offer is refused as well.
    assert customer.post({"action": "submit", "partner": entered, "seen": "0"}).status in (400, 422)
    assert show(provider, customer.identifier)["history"] == []


def test_a_partner_is_offered_for_its_programs_only(provider, customer):
    customer.open()
    customer.choose("check", partner="1234567")
    assert re.findall(r'name="program" value="(\w+)"', customer.markup) == ["sell", "usage"]
    customer.choose("check", partner="8901234")
    assert re.findall(r'name="program" value="(\w+)"', customer.markup) == ["usage"]
    assert 'The "Wee" Server Shop (sample)' in customer.page
    assert customer.post({"action": "submit", "partner": "8901234", "program": "sell", "seen": "0"}).status == 422
    assert SAYS["not-enrolled"] in customer.page
    customer.choose("check", partner="3456789")
    assert SAYS["program-none"] in customer.page
    customer.choose("submit")
    assert "program" not in show(provider, customer.identifier)["subscription"]


def test_what_a_syndicator_sold_has_nothing_to_edit(provider):
    identifier = tell(provider, channel="syndicated", product="intune")
    customer = Customer(provider, issue(provider, identifier))
    assert customer.open().status == 200
    for fact in (SAYS["title-none"], SAYS["syndicated"], SAYS["syndicated-turn"], "Intune Account Portal"):
        assert fact in customer.page
    assert "<form" not in customer.markup
    assert customer.post({"action": "submit", "partner": "1234567", "seen": "0"}).status == 409
    assert SAYS["syndicated"] in customer.page
    assert show(provider, identifier)["history"] == []
    noted(provider, f"{identifier}: syndicated")


@pytest.mark.parametrize(
    ("product", "portal"),
    [
        ("office-365", "Office Customer Portal"),
        ("crm", "Office Customer Portal"),
        ("intune", "Intune Account Portal"),
        ("aadp", "Intune Account Portal"),
    ],
)
def test_each_product_of_an_enterprise_agreement_is_edited_where_its_portal_is_named(provider, product, portal):
    """And counts: no program is limited to products."""
    identifier = tell(provider, channel="ea", product=product)
    customer = Customer(provider, issue(provider, identifier))
    customer.open()
    assert portal in customer.page
    customer.choose("check", partner="8901234")
    assert customer.choose("submit").status == 200
    assert portal in customer.page
    usage = {"event": f"usage-of-{identifier}", "active": True, "time": now()}
    provider.send("POST", f"{target(identifier)}/usage", usage, role="provider", status=201)
    found = show(provider, identifier)["subscription"]
    assert (found["channel"], found["program"], found["counts"]) == ("ea", "usage", True)
    customer.choose("check", partner="1234567")
    assert customer.choose("submit", program="sell").status == 200
    found = show(provider, identifier)
    assert (found["subscription"]["program"], found["subscription"]["counts"]) == ("sell", True)
    assert [(row["by"], row["partner"], row.get("replaces")) for row in found["history"]] == [
        ("customer", "1234567", "8901234"),
        ("customer", "8901234", None),
    ]
    told = {"office-customer": "Office Customer Portal", "intune-account": "Intune Account Portal"}
    assert told[found["subscription"]["portal"]] == portal
    assert portal in provider.signed_in("auditor").open(f"/subscriptions/{identifier}").text


def test_who_has_not_seen_what_is_there_writes_nothing_over_it(provider, customer):
    customer.open()
    customer.choose("check", partner="1234567")
    provider.send("PUT", f"{target(customer.identifier)}/partner", {"partner": "2345678"})
    assert customer.choose("submit").status == 412
    assert SAYS["changed"] in customer.page
    assert "Boulangerie Numérique, SARL (exemple) (2345678)" in customer.page
    # What the page shows now was seen.
    customer.choose("check", partner="1234567")
    assert customer.choose("submit").status == 200
    assert [row["by"] for row in show(provider, customer.identifier)["history"]] == ["customer", "admin"]


def test_what_the_provider_tells_meanwhile_is_no_obstacle(provider, customer):
    customer.open()
    customer.choose("check", partner="1234567")
    tell(provider, id=customer.identifier, seats=7)
    assert customer.choose("submit").status == 200
    assert SAYS["saved"] in customer.page


def test_a_link_that_was_changed_or_made_up_is_refused(provider, customer):
    attacked = tell(provider)
    other = issue(provider, attacked)
    before = {identifier: show(provider, identifier) for identifier in (attacked, customer.identifier)}
    begin = last_line(provider)
    head, end, signature = customer.path.split(".")
    flipped = signature[:-1] + ("0" if signature[-1] != "0" else "1")
    wrong = [
        f"{head}.{end}.{flipped}",
        f"{head}.{int(end) + 86_400}.{signature}",
        f"{other.split('.')[0]}.{end}.{signature}",
        f"{head}.{end}.{'0' * 64}",
    ]
    cut = [customer.path[:-1], f"{head}.{end}", "/s/", "/s/anything", f"{head}.{end}.{signature.upper()}", customer.path + "."]
    unsigned, none = "a link that no key in force has signed", "a link that is none"
    tried = [(path, 403, unsigned) for path in wrong] + [(path, 404, none) for path in cut]
    for number, (path, status, what) in enumerate(tried):
        stranger = Customer(provider, path)
        assert stranger.open().status == status, path
        assert SAYS["title-refused"] in stranger.page
        assert SAYS["link-wrong"] in stranger.page
        assert SAYS["link-turn"] in stranger.page
        assert customer.identifier not in stranger.page
        assert attacked not in stranger.page
        assert stranger.post({"action": "submit", "partner": "1234567", "seen": "0"}).status == status
        assert stranger.post({"action": "check", "partner": "", "seen": "0"}).status == status
        # One after the other: of many at once not all are written.
        earlier = sum(other == what for _, _, other in tried[:number])
        line = noted(provider, what, 3 * (earlier + 1), begin)
        assert (line["who"], line["action"], line["address"]) == ("unknown", "subscription-refused", "127.0.0.0")
    assert not any(signature in entry["what"] for entry in entries(provider))
    assert {identifier: show(provider, identifier) for identifier in before} == before, "neither has changed"
    # Whose link it is says which subscription it is about, whatever the form says.
    form = {"action": "submit", "partner": "1234567", "seen": "0", "subscription": attacked, "id": attacked}
    assert customer.post(form).status == 200
    assert show(provider, attacked) == before[attacked]
    assert [row["by"] for row in show(provider, customer.identifier)["history"]] == ["customer"]


def test_strangers_do_not_fill_the_access_log(farm, staff):
    office = Office(farm, staff=staff)
    with plain(office.porter) as wire:
        for number in range(200):
            wire.send(request(f"/s/bm8.1.{number:064x}"))
            assert wire.answer().status == 403
    # Some are there, and the last of those that are written has come.
    eventually(lambda: entries(office), "some are in the access log")
    time.sleep(1)
    assert len(entries(office)) <= 65


def test_an_expired_link_is_refused(farm, staff):
    office = Office(farm, staff=staff)
    office.tokens = office.tokens | {"provider": office.tokens["admin"]}
    identifier = tell(office)
    path = issue(office, identifier, days=1)
    # The clock can't be turned on; the link's end can: it is signed as the server would have signed it yesterday.
    database = sqlite3.connect(f"file:{office.porter.data}/office.db?mode=ro", uri=True)
    (secret,) = database.execute("SELECT secret FROM customer_key").fetchone()
    database.close()
    end = int(time.time()) - 1
    customer = Customer(office, signed(identifier, end, secret))
    answer = customer.open()
    assert answer.status == 410
    day = datetime.datetime.fromtimestamp(end, datetime.UTC).strftime("%Y-%m-%d")
    assert SAYS["link-expired"].replace("{day}", day) in customer.page
    assert customer.post({"action": "submit", "partner": "1234567", "seen": "0"}).status == 410
    noted(office, f"{identifier}: a link that has ended")
    # Links that were made up fill the access log up to what they may; those that were made here have a share of their own.
    for number in range(70):
        assert Customer(office, f"/s/made.up.{number}").open().status == 404
    assert customer.open().status == 410
    # Opened twice, submitted once.
    eventually(lambda: ended_links(office, identifier) == 3, "each is in the access log")
    # However often it is opened, a link that holds can be used.
    for _ in range(41):
        assert customer.open().status == 410
    # One that ends soon holds until then.
    soon = Customer(office, signed(identifier, int(time.time()) + 60, secret))
    assert soon.open().status == 200
    assert Customer(office, path).open().status == 200


def signed(identifier, end, secret):
    """A link's path, made by other means than ours."""
    parts = [b"porter-customer-1", identifier.encode(), str(end).encode()]
    message = b"".join(str(len(part)).encode() + b":" + part + b"," for part in parts)
    name = base64.urlsafe_b64encode(identifier.encode()).decode().rstrip("=")
    return f"/s/{name}.{end}.{hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()}"


def test_all_links_can_be_ended_at_once(farm, staff):
    office = Office(farm, staff=staff)
    office.tokens = office.tokens | {"provider": office.tokens["admin"]}
    identifier = tell(office)
    first = Customer(office, issue(office, identifier))
    assert first.open().status == 200
    assert office.request("DELETE", "/api/v1/customer-links", "admin").status == 204
    assert first.open().status == 403
    second = Customer(office, issue(office, identifier))
    assert second.open().status == 200
    office.porter.command("subscription", "end-links", check=0)
    assert second.open().status == 403
    lines = [entry["what"] for entry in office.json("/api/v1/access-log?limit=50")["entries"]]
    assert lines.count("all ended") == 2


def test_a_link_outlives_a_restart(farm, staff):
    office = Office(farm, staff=staff)
    office.tokens = office.tokens | {"provider": office.tokens["admin"]}
    customer = Customer(office, issue(office, tell(office)))
    office.porter.kill()
    office.porter.start()
    assert customer.open().status == 200


@pytest.mark.parametrize("role", ["marketing", "auditor"])
def test_links_are_made_for_admins_and_the_provider(provider, role):
    identifier = tell(provider)
    where = f"{target(identifier)}/link"
    assert provider.send("POST", where, {}, role=role, status=403)["type"] == "forbidden"
    assert provider.request("POST", where).status == 401
    made = provider.send("POST", where, {"days": 7}, role="admin", status=201)
    assert made["subscription"] == identifier
    assert "url" not in made, "the server was not told its own name"
    end = datetime.datetime.fromisoformat(made["expires_at"])
    assert abs(end - datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=7)) < datetime.timedelta(minutes=1)
    # Without a body: 30 days.
    answer = provider.request("POST", where, "provider")
    assert answer.status == 201
    end = datetime.datetime.fromisoformat(json.loads(answer.text)["expires_at"])
    assert (end - datetime.datetime.now(datetime.UTC)).days in (29, 30)
    for days in (0, 91, -1):
        assert provider.send("POST", where, {"days": days}, status=422)["type"] == "invalid-subscription"
    assert provider.send("POST", where, {"day": 1}, status=400)["type"] == "invalid-request"
    assert provider.send("POST", f"{ROOT}/no-such/link", {}, status=404)["type"] == "unknown-subscription"
    assert provider.request("DELETE", "/api/v1/customer-links", "provider").status == 403
    line = next(entry for entry in entries(provider, "token") if entry["action"] == "subscription-link")
    assert line["what"].startswith(f"{identifier}, until ")
    assert made["path"].rpartition(".")[2] not in json.dumps(provider.json("/api/v1/access-log?limit=50"))


def test_a_signature_in_the_token_s_place_makes_no_link(provider):
    """Whoever copied such a call could have a link of their own."""
    where = f"{target(tell(provider))}/link"
    signature = {"Porter_Time": now(), "Porter_Signature": "0" * 64}
    assert provider.request("POST", where, None, "{}", Content_Type="application/json", **signature).status == 401


def test_the_link_has_the_gateway_s_name_when_it_is_known(farm, staff):
    office = Office(farm, "--host", "gateway.example.com", staff=staff)
    office.tokens = office.tokens | {"provider": office.tokens["admin"]}
    identifier = tell(office)
    made = office.send("POST", f"{target(identifier)}/link", {}, status=201)
    assert made["url"] == "https://gateway.example.com" + made["path"]


@pytest.mark.parametrize("has_server", [True, False])
def test_the_command_line_makes_links(farm, tmp_path, has_server):
    porter = farm.start()
    file = tmp_path / "events.csv"
    file.write_text(f"event,id,tenant,product,offer,seats,channel,time\ne-1,sub-1,t,crm,o,1,direct,{now()}\n")
    porter.command("subscription", "import", file, check=0)
    if not has_server:
        porter.stop()
    done = porter.command("subscription", "link", "sub-1", "--days", "3", "--gateway", "https://gateway.example.com", check=0)
    url = done.stdout.strip()
    assert re.fullmatch(r"https://gateway\.example\.com/s/c3ViLTE\.\d+\.[0-9a-f]{64}", url)
    assert done.stderr.startswith("subscription sub-1, until ")
    bare = porter.command("subscription", "link", "sub-1", check=0)
    assert bare.stdout.startswith("/s/c3ViLTE.")
    assert "--gateway or --host" in bare.stderr
    document = json.loads(porter.command("subscription", "link", "sub-1", "--json", check=0).stdout)
    assert document["subscription"] == "sub-1"
    assert "no subscription" in porter.command("subscription", "link", "sub-9", check=2).stderr
    assert "expected a number from 1 to 90" in porter.command("subscription", "link", "sub-1", "--days", "91", check=2).stderr
    assert "is no absolute" in porter.command("subscription", "link", "sub-1", "--gateway", "gateway", check=2).stderr
    if not has_server:
        porter.start()
    path = url.removeprefix("https://gateway.example.com")
    assert ask(porter, path).status == 200
    assert b"Office Customer Portal" in ask(porter, path).body
    porter.command("subscription", "end-links", check=0)
    assert ask(porter, path).status == 403


def test_other_methods_and_head(provider, customer):
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        answer = ask(provider.porter, customer.path, method=method)
        assert (answer.status, answer["Allow"]) == (405, "GET, HEAD, POST")
    got = ask(provider.porter, customer.path)
    head = ask(provider.porter, customer.path, method="HEAD")
    assert (head.status, head.body, head["Content-Length"]) == (200, b"", got["Content-Length"])
    assert show(provider, customer.identifier)["history"] == []


def test_what_is_no_form_of_the_page_changes_nothing(provider, customer):
    customer.open()
    good = {"action": "submit", "partner": "1234567", "seen": "0"}
    for body in ("", "action=submit", "action=other&partner=1234567&seen=0", "a=" + "b" * 8_000, "&" * 8_000, "%00%FF" * 900):
        assert customer.post(body).status == 400, body[:40]
        assert SAYS["unreadable"] in customer.page
    text = json.dumps(good).encode()
    for kind in ("application/json", "text/plain", "multipart/form-data; boundary=x"):
        heads = [f"Content-Type: {kind}", f"Content-Length: {len(text)}"]
        assert ask(provider.porter, customer.path, method="POST", fields=heads, body=text).status == 400
    # In the query it is nothing.
    query = customer.path + "?" + urllib.parse.urlencode(good)
    assert ask(provider.porter, query, method="POST", fields=[FORM, "Content-Length: 0"]).status == 400
    assert ask(provider.porter, query).status == 200
    assert show(provider, customer.identifier)["history"] == []


def test_an_oversized_body_is_refused_unread_and_noted(provider, customer):
    answer = ask(provider.porter, customer.path, method="POST", fields=[FORM, "Content-Length: 8193"])
    assert answer.status == 413
    noted(provider, f"{customer.identifier}: too large")
    assert show(provider, customer.identifier)["history"] == []


def test_a_link_that_is_used_too_often_has_to_wait(provider, customer):
    shown = 0
    while (answer := ask(provider.porter, customer.path, scheme="http")).status == 200 and shown < 100:
        shown += 1
    assert (answer.status, 40 <= shown < 60) == (429, True), shown
    assert int(answer["Retry-After"]) > 0
    assert SAYS["too-often"] in html.unescape(answer.body.decode("utf-8"))
    # Another link is none the slower.
    assert Customer(provider, issue(provider, tell(provider))).open().status == 200


@pytest.mark.parametrize("accepted", ["fr", "fr-CA,fr;q=0.9,en;q=0.8", "sv, fr;q=0.5"])
def test_it_is_in_french_for_who_reads_french(provider, accepted):
    french = texts("subscription", "fr")
    customer = Customer(provider, issue(provider, tell(provider)), f"Accept-Language: {accepted}")
    answer = customer.open()
    assert answer["Content-Language"] == "fr"
    assert '<html lang="fr">' in customer.markup
    assert french["title-add"] in customer.page
    customer.choose("check", partner="9999999999")
    assert french["unknown"].replace("{id}", "9999999999") in customer.page
    customer.choose("check", partner="1234567")
    assert french["found"].replace("{submit}", french["submit"]) in customer.page
    customer.choose("submit")
    assert french["saved"] in customer.page
    stranger = Customer(provider, "/s/anything", f"Accept-Language: {accepted}")
    stranger.open()
    assert french["link-wrong"] in stranger.page


def test_what_others_wrote_runs_nowhere(provider, tmp_path):
    name = "<img src=x onerror=alert(1)>'\""
    file = tmp_path / "partners.csv"
    file.write_text('id,name,status,programs\n77001,"' + name.replace('"', '""') + '",active,sell\n', "utf-8")
    provider.porter.command("partner", "import", file, check=0)
    identifier = tell(provider, id=f"<b>&'\"-{next(numbers)}")
    customer = Customer(provider, issue(provider, identifier))
    customer.open()
    customer.choose("check", partner="77001")
    customer.choose("submit")
    assert name in customer.page
    assert identifier in customer.page
    customer.choose("check", partner='"><script>alert(1)</script>')
    for markup in ("<img", "<b>", "<script", "onerror=alert(1)>"):
        assert markup not in customer.markup


def test_no_signup_waits_for_a_customer_s_page(farm, staff):
    """Somebody holds the office for seconds, as a slow disk would; its pages wait, sign-ups do not."""
    office = Office(farm, staff=staff)
    office.tokens = office.tokens | {"provider": office.tokens["admin"]}
    customer = Customer(office, issue(office, tell(office)))
    holder = sqlite3.connect(office.porter.data / "office.db", isolation_level=None, timeout=30)
    holder.execute("BEGIN IMMEDIATE")
    statuses = []
    waiting = [threading.Thread(target=lambda: statuses.append(status_of(office, customer.path))) for _ in range(60)]
    for thread in waiting:
        thread.start()
    time.sleep(0.3)
    slowest = 0
    for _ in range(50):
        begin = time.monotonic()
        assert ask(office.porter, "/enterprisetry.html?Partner=1234567", scheme="http").status == 302
        slowest = max(slowest, time.monotonic() - begin)
    holder.execute("ROLLBACK")
    holder.close()
    for thread in waiting:
        thread.join()
    assert slowest < 2, f"a sign-up waited for {slowest:.1f} s"
    # 40 may ask, 32 at a time; whoever finds no room is told to come again.
    assert set(statuses) <= {200, 429, 503}
    # There is room again, a moment after the last was answered.
    eventually(lambda: status_of(office, customer.path) in (200, 429), "the page is served again")


def status_of(office, path):
    return ask(office.porter, path, scheme="http").status


def test_changes_at_the_same_time_lose_none(farm, staff):
    """A customer and the provider's staff at once, over the control socket, where no token's allowance has anybody wait."""
    office = Office(farm, staff=staff)
    office.tokens = office.tokens | {"provider": office.tokens["admin"]}
    identifier = tell(office)
    customer = Customer(office, issue(office, identifier))
    statuses = []

    def staff_changes():
        for number in range(40):
            partner = "1234567" if number % 2 else "2345678"
            ask_control(office.porter, "PUT", f"{target(identifier)}/partner", {"partner": partner})

    with ThreadPoolExecutor(1) as pool:
        changed = pool.submit(staff_changes)
        for number in range(12):
            seen = ask_control(office.porter, "GET", target(identifier))["subscription"]["changes"]
            partner = "8901234" if number % 2 else "3456789"
            statuses.append(customer.post({"action": "submit", "partner": partner, "seen": str(seen)}).status)
        changed.result()
    history = ask_control(office.porter, "GET", f"{target(identifier)}/history?limit=1000")
    assert [row["number"] for row in history] == list(range(len(history), 0, -1))
    assert all(later.get("replaces") == earlier.get("partner") for later, earlier in itertools.pairwise(history))
    assert set(statuses) <= {200, 412}
    assert sum(row["by"] == "customer" for row in history) == statuses.count(200)
