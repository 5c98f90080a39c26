"""A back office with something on every page, and the list of its pages."""

import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from running import command
from wire import INTERNET_EXPLORER, ask, client_context, plain, request, secure

MORE_PARTNERS = """\
id,name,status,status_reason,account,parent,agreement,email,language,valid_from,valid_to,programs
4000200,"Compagnie Européenne d’Intégration et d’Infogérance des Établissements Hôteliers, Société par Actions Simplifiée",\
active,,global,,mosra,groupe@ceiieh.example.com,fr-FR,2013-04-01,,sell;usage
4000201,"Compagnie Européenne d’Intégration et d’Infogérance — Agence Côte d’Azur (Nice, Cannes, Fréjus)",\
active,,location,4000200,mosra,nice@ceiieh.example.com,fr-FR,2013-04-01,,sell
4000202,Compagnie Européenne d’Intégration — Agence Bretagne,active,,location,4000200,mosra,rennes@ceiieh.example.com,fr-FR,,,sell
3210987,Weiß & Söhne Büroservice GmbH,active,,location,,mospa,info@weiss.example.com,de-DE,2014-01-01,,sell
5012345,Σύννεφο Δεδομένων ΑΕ,active,,location,,mosra,info@synnefo.example.com,el-GR,2014-01-01,,sell
6123450,مكتب النخيل للحاسبات,active,,location,,mospa,info@nakheel.example.com,ar-AE,2014-01-01,,sell
7012340,Ravensworth-Featherstonehaugh-Throckmorton-Cholmondeley-Computerdienstleistungsgesellschaft,active,,location,,mospa,\
it@ravensworth.example.com,en-GB,2014-01-01,,sell
"""

# What is asked of the front door: target, how often.
SIGNUPS = [
    ("/enterprisetry.html?Partner=1234567&culture=en-GB&country=GB&campaign=autumn-mailing", 5),
    ("/enterprisebuy.html?Partner=1234567&culture=en-GB", 4),
    ("/smallbiztry.html?Partner=1234568&culture=en-US&campaign=image-w2012r2", 4),
    ("/p/4000201/enterprise/trial?culture=fr-FR&country=FR&campaign=salon-de-nice", 4),
    ("/p/4000202/small-business/buy?culture=fr-FR&country=FR", 3),
    ("/smallbizbuy.html?Partner=2345678&culture=fr-CA&country=CA", 3),
    ("/enterprisetry.html?Partner=5012345&culture=ja-JP", 2),
    ("/enterprisetry.html?Partner=6123450&culture=ar-AE", 2),
    ("/enterprisebuy.html?Partner=7012340&culture=en-GB&campaign=a-campaign-with-a-name-of-forty-chars-00", 3),
    ("/enterprisetry.html?Partner=1234576", 3),
    ("/enterprisetry.html?Partner=4567890", 3),
    ("/enterprisetry.html?Partner=6789012", 2),
    ("/enterprisetry.html?Partner=xxxxx", 3),
    ("/enterprisetry.html?Partner=0123456", 1),
    ("/enterprisetry.html?Partner=5d3f0a7e-1b2c-4d5e-8f90-a1b2c3d4e5f6", 1),
    ("/enterprisetry.html?Partner=1234567&POR=2345678", 1),
    ("/smallbiztry.html?Partner=%C3%89t%C3%A9+indien&unused=1&other=2", 1),
    ("/smallbiztry.html", 2),
]
AGENTS = [
    INTERNET_EXPLORER,
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/54.0.2840.71 Safari/537.36",
    "Mozilla/5.0 (Windows NT 6.1; WOW64; rv:49.0) Gecko/20100101 Firefox/49.0",
    "Googlebot/2.1 (+http://www.google.com/bot.html)",
]
UNMATCHED = ["/enterprisetry.htm", "/entreprisetry.html", "/p/1234567/enterprise/", "/a/path/that/is/" + "long/" * 30]


@dataclass
class Scene:
    """A furnished back office. Pages are by a name of one word: who opens them, and where they are."""

    office: object
    receipts: dict = field(default_factory=dict)
    pages: dict = field(default_factory=dict)

    def signup(self, target, count=1, scheme="http"):
        """Asked on one connection, as many times as wished, by different agents."""
        with plain(self.office.porter) as wire:
            for number in range(count):
                fields = [f"User-Agent: {AGENTS[number % len(AGENTS)]}", "Accept-Language: fr-CA, en;q=0.7"]
                wire.send(request(target, fields=fields))
                answer = wire.answer()
                self.receipts.setdefault(target, []).append(answer.receipt)

    def open(self, page, name):
        """Opens one of the pages; what stands behind a form is reached through it."""
        answer = page.goto(self.pages[name][1])
        if name == "partner-import-preview":
            upload(page, IMPORT)
        elif name == "subscription-import-preview":
            upload(page, EVENTS, "subscriptions of October.csv")
        elif name in CHECKED:
            page.locator("main input[name=id]").fill(CHECKED[name])
            press(page, page.locator("main form button").first)
        elif name == "subscription-link-made":
            press(page, page.locator("#customer-link button"))
        elif name == "token-made":
            page.locator("main form.box input[name=name]").fill("Power BI")
            press(page, page.locator("main form.box button"))
        return answer

    def receipt(self, part):
        return next(some[0] for target, some in self.receipts.items() if part in target)


# Some that are new, one that changes, and one that nobody would pay.
IMPORT = """\
id,name,status,account,parent,agreement,email,valid_from
8100001,Sörmland Datatjänst AB,active,location,,mosra,info@sormland.example.com,2016-10-01
8100002,Trois-Rivières Informatique,test,location,4000200,mospa,,
1234567,Contoso under a new name,active,location,,mosra,new@contoso.example.com,
"""

# What the provider tells of, beside what is told in the scene.
EVENTS = """\
event,id,tenant,product,offer,seats,channel,time,receipt
october-1,7100-a,Sörmlands Datatjänst AB,crm,CRM Online Professional,3,direct,2016-10-05T08:00:00Z,
october-2,7100-b,Sörmlands Datatjänst AB,intune,Intune,30,ea,2016-10-05T08:00:00Z,no receipt at all
"""
# What is entered where a partner of record is edited.
CHECKED = {"subscription-partner-found": "4000201", "subscription-partner-refused": "4567890"}
# A tenant as the provider may call it.
TENANT = "Hôtels & Résidences <Méditerranée>, Nice"


def press(page, button):
    """Sends a form. A click waits for an answer to begin, and what is looked at has to be all of it."""
    with page.expect_navigation():
        button.click()


def upload(page, text, name="partners of October.csv"):
    """Through the form of the import's page; leads to the preview, or to what is wrong."""
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": text.encode()})
    press(page, page.locator("main form button"))


def explain(target):
    return "/explain?url=" + quote("https://gateway.example.com" + target, safe="")


def sell(office, number, identifier, receipt=None, **changed):
    """The provider tells of a subscription."""
    event = {"event": f"scene-{number}", "id": identifier, "tenant": TENANT, "product": "office-365", "offer": "E3", "seats": 25}
    event |= {"channel": "direct", "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")} | changed
    office.send("POST", "/api/v1/subscriptions", event | ({"receipt": receipt} if receipt else {}), status=201)


def sell_all(scene):
    """Subscriptions with and without a partner of record, and two conflicts: one that waits, and one that is decided."""
    office = scene.office
    sell(office, 1, "3f0a7e5d-1b2c-4d5e-8f90-a1b2c3d4e5f6", scene.receipt("4000201"))
    sell(office, 2, "3f0a7e5d-1b2c-4d5e-8f90-a1b2c3d4e5f6", scene.receipt("2345678"), seats=30)
    sell(office, 3, "7001", product="intune", channel="ea", offer="Intune for an Enterprise Agreement")
    sell(office, 4, "7002", product="crm", channel="syndicated", offer="CRM Online Professional")
    sell(office, 5, "7003", scene.receipt("5012345"), product="aadp", offer="P1")
    sell(office, 6, "7004", scene.receipt("6123450"), product="aadp", offer="P2")
    order = {"partner": "1234567", "program": "usage", "evidence": "osa-form", "note": "Formulaire reçu par fax le 3 octobre."}
    office.send("PUT", "/api/v1/subscriptions/7001/partner", order)
    office.request("DELETE", "/api/v1/subscriptions/7001/partner?note=asked+by+telephone", "admin")
    conflicts = office.json("/api/v1/conflicts")["conflicts"]
    found = {conflict["product"]: conflict["id"] for conflict in conflicts}
    decision = {"choice": "keep", "note": "Deux établissements, deux partenaires : confirmé par le client."}
    office.send("POST", f"/api/v1/conflicts/{found['aadp']}/decision", decision)
    return found


def furnish(office):
    scene = Scene(office)
    data = office.porter.data
    path = office.porter.folder / "more-partners.csv"
    path.write_text(MORE_PARTNERS, "utf-8")
    command("partner", "import", path, data=data, check=0)
    command("partner", "set", "4000202", "--status", "suspended", "--reason", "lapsed", data=data, check=0)
    command("partner", "set", "4000202", "--status", "active", data=data, check=0)
    for target, count in SIGNUPS:
        scene.signup(target, count)
    for target in UNMATCHED:
        assert ask(office.porter, target, "http").status == 404
    with pytest.raises(OSError):
        # A client without a suite of ours: no handshake, and a line on the overview.
        secure(office.porter, client_context("DHE-RSA-AES128-SHA256:@SECLEVEL=0", maximum=ssl.TLSVersion.TLSv1_2))
    # What was not matched is written with a later commit.
    scene.signup("/enterprisebuy.html?Partner=3210987&culture=de-DE")
    adjusted = scene.receipt("1234576")
    note = "Les deux derniers chiffres étaient intervertis dans l’image du client ; confirmé par téléphone le 3 octobre."
    command("log", "adjust", adjusted, "--partner", "1234567", "--note", note, data=data, check=0)
    office.send("POST", "/api/v1/partners/1234567/keys", {}, status=201)
    month = office.porter.record(adjusted)["time"][:7]
    case = "Mme Weiss (Contoso) a envoyé une photo de l’étiquette :\nles deux derniers chiffres sont intervertis."
    office.send("POST", f"/api/v1/log/{adjusted}/notes", {"text": case}, status=201)
    conflicts = sell_all(scene)
    scene.pages = {
        "sign-in": (None, "/sign-in"),
        "overview": ("admin", "/overview"),
        "overview-today": ("marketing", "/overview?days=1"),
        "overview-empty": ("marketing", "/overview?since=2010-01-01&until=2010-01-31"),
        "origins": ("admin", "/origins"),
        "origins-two": ("marketing", "/origins?first=partner&second=campaign"),
        "origins-empty": ("marketing", "/origins?since=2010-01-01&until=2010-01-31"),
        "check": ("marketing", "/check"),
        "check-usable": ("admin", "/check?id=4000201"),
        "check-refused": ("marketing", "/check?id=4567890"),
        "explain": ("marketing", "/explain"),
        "explain-attributed": ("admin", explain("/enterprisetry.html?Partner=1234567&culture=fr-FR&campaign=a&unused=1")),
        "explain-lost": ("marketing", explain("/smallbizbuy.html?Partner=1234576&POR=xxxxx&POR=%C3%89t%C3%A9")),
        "explain-nothing": ("marketing", explain("/entreprisetry.html?Partner=1234567")),
        "health": ("admin", "/health"),
        "health-short": ("marketing", "/health"),
        "routes": ("marketing", "/routes"),
        "account": ("marketing", "/account"),
        "forbidden": ("marketing", "/users"),
        "unknown": ("marketing", "/no/such/page"),
        "log": ("admin", "/log"),
        "log-empty": ("auditor", "/log?partner=4242"),
        "record": ("auditor", f"/log/{scene.receipt('4000201')}"),
        "record-adjusted": ("admin", f"/log/{adjusted}"),
        "record-odd": ("admin", f"/log/{scene.receipt('indien')}"),
        "partners": ("admin", "/partners"),
        "partners-empty": ("auditor", "/partners?search=nobody+is+called+that"),
        "partner": ("admin", "/partners/1234567"),
        "partner-global": ("auditor", "/partners/4000200"),
        "partner-long": ("auditor", "/partners/7012340"),
        "kit": ("marketing", "/partners/2345678/kit"),
        "kit-to-sign": ("admin", "/partners/1234567/kit"),
        "kit-warned": ("auditor", "/partners/4567890/kit"),
        "kit-held-back": ("marketing", "/partners/4567890/kit?format=reg&agreement=mosra&gateway=http://gateway.example.com"),
        "kit-refused": ("admin", "/partners/4000201/kit?format=reg&agreement=mosra&campaign=salon-de-nice"),
        "partner-new": ("admin", "/partners/new"),
        "partner-import": ("admin", "/partners/import"),
        "partner-import-preview": ("admin", "/partners/import"),
        "partner-edit": ("admin", "/partners/4000201/edit"),
        "statement": ("auditor", f"/partners/1234567/statement?month={month}"),
        "statement-empty": ("auditor", "/partners/1234567/statement?month=2010-01"),
        "subscriptions": ("admin", "/subscriptions"),
        "subscriptions-empty": ("auditor", "/subscriptions?tenant=nobody&without-partner=1"),
        "subscription": ("admin", "/subscriptions/3f0a7e5d-1b2c-4d5e-8f90-a1b2c3d4e5f6"),
        "subscription-lacking": ("auditor", "/subscriptions/7001"),
        "subscription-syndicated": ("admin", "/subscriptions/7002"),
        "subscription-link-made": ("admin", "/subscriptions/7001"),
        "subscription-partner": ("admin", "/subscriptions/7001/partner"),
        "subscription-partner-found": ("admin", "/subscriptions/3f0a7e5d-1b2c-4d5e-8f90-a1b2c3d4e5f6/partner"),
        "subscription-partner-refused": ("admin", "/subscriptions/7001/partner"),
        "subscription-partner-none": ("admin", "/subscriptions/7002/partner"),
        "tenant": ("auditor", "/tenant?name=" + quote(TENANT, safe="")),
        "subscription-import": ("admin", "/subscription-import"),
        "subscription-import-preview": ("admin", "/subscription-import"),
        "conflicts": ("admin", "/conflicts"),
        "conflicts-decided": ("auditor", "/conflicts?state=decided"),
        "conflict": ("admin", f"/conflicts/{conflicts['office-365']}"),
        "conflict-read": ("auditor", f"/conflicts/{conflicts['office-365']}"),
        "conflict-decided": ("auditor", f"/conflicts/{conflicts['aadp']}"),
        "users": ("admin", "/users"),
        "tokens": ("admin", "/tokens"),
        "token-made": ("admin", "/tokens"),
        "access-log": ("admin", "/access-log"),
    }
    return scene
