"""The overview and Origins, as a browser without script gets them."""

import csv
import html
import io
import re
import urllib.parse

import pytest
from office import Office
from wire import ask

SIGNUPS = [
    "/enterprisetry.html?Partner=1234567&culture=fr-FR&country=FR&campaign=spring",
    "/enterprisetry.html?Partner=1234567&culture=fr-FR&campaign=spring",
    "/enterprisebuy.html?Partner=1234567",
    "/smallbizbuy.html?Partner=4567890&culture=de-DE",
    "/smallbizbuy.html?Partner=0123",
    "/smallbizbuy.html?Partner=12%3Cscript%3E",
    "/smallbizbuy.html?Partner=xxxxx",
    "/smallbizbuy.html",
]


@pytest.fixture(scope="module")
def office(office):
    office.receipts = [ask(office.porter, target).receipt for target in SIGNUPS]
    return office


@pytest.fixture(scope="module")
def marketing(office):
    return office.signed_in("marketing")


@pytest.fixture(scope="module")
def auditor(office):
    return office.signed_in("auditor")


def opened(browser, target, status=200):
    page = browser.open(target)
    assert page.status == status, f"{target}: {page.text}"
    return page.text


def rows(page, heading):
    """The rows of the table behind a heading: the texts of their cells, and where the cells lead."""
    table = page.split(f">{html.escape(heading)}</h2>", 1)[1].split("<tbody>", 1)[1].split("</tbody>", 1)[0]
    found = []
    for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL):
        cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)
        texts = [html.unescape(re.sub(r"<[^>]+>", "", cell)) for cell in cells]
        links = [html.unescape(link) for link in re.findall(r'href="([^"]+)"', row)]
        found.append((texts, links))
    return found


def test_the_overview_says_why_sign_ups_went_unattributed_and_what_to_do(auditor):
    page = opened(auditor, "/overview?days=7")
    told = rows(page, "Why sign-ups went unattributed")
    reasons = {(texts[0], texts[1]): texts[2] for texts, _ in told}
    assert reasons[("malformed", "leading zero")] == "1"
    assert reasons[("malformed", "not only digits")] == "1"
    assert reasons[("no ID", "")] == "1"
    assert reasons[("placeholder", "")] == "1"
    assert all(texts[4].endswith(".") and len(texts[4]) > 30 for texts, _ in told)
    assert {texts[3] for texts, _ in told} >= {"20.0%"}


def test_the_overview_is_broken_down_by_endpoint(auditor):
    page = opened(auditor, "/overview?days=7")
    endpoints = {texts[0]: int(texts[1]) for texts, _ in rows(page, "By endpoint")}
    outcomes = {texts[0]: int(texts[1]) for texts, _ in rows(page, "Sign-up requests by outcome")}
    assert "enterprise · trial" in endpoints
    assert sum(endpoints.values()) == sum(outcomes.values())


def test_each_number_of_an_auditor_leads_to_its_records(office, auditor):
    page = opened(auditor, "/overview?days=7")
    outcomes = {texts[0]: (texts[1], links) for texts, links in rows(page, "Sign-up requests by outcome")}
    (name,) = [name for name in outcomes if name.endswith("placeholder")]
    requests, (link,) = outcomes[name]
    assert requests == "1"
    log = opened(auditor, link)
    assert [receipt for receipt in office.receipts if receipt in log] == [office.receipts[6]]
    (campaign,) = [links for texts, links in rows(page, "By campaign") if texts[0] == "spring"]
    assert [receipt for receipt in office.receipts if receipt in opened(auditor, campaign[0])] == office.receipts[:2]
    (zero,) = [links for texts, links in rows(page, "Why sign-ups went unattributed") if texts[1] == "leading zero"]
    assert len(receipts_in(opened(auditor, zero[0]))) == 1, "one reason of several of an outcome"


def receipts_in(log):
    return re.findall(r'href="/log/([0-9A-Z]{26})"', log)


def test_a_wrong_id_leads_to_its_sign_ups_of_these_days(farm, staff):
    office = Office(farm, staff=staff)
    wrong = [ask(office.porter, "/enterprisetry.html?Partner=1234576").receipt for _ in range(2)]
    ask(office.porter, "/enterprisetry.html?Partner=1234576&Partner=1234567")
    page = opened(office.signed_in("auditor"), "/overview?days=7")
    (row,) = re.findall(r"<tr><td>1234576</td>(.*?)</tr>", page)
    log = opened(office.signed_in("auditor"), html.unescape(re.search(r'href="([^"]+)">2</a>', row)[1]))
    assert receipts_in(log) == wrong[::-1]


def test_marketing_is_led_to_origins_and_not_to_records(marketing):
    page = opened(marketing, "/overview?days=7")
    assert 'href="/log' not in page
    links = [html.unescape(link) for link in re.findall(r'class="figure"><a href="([^"]+)"', page)]
    assert len(links) == 4
    for link in links:
        assert link.startswith("/origins?")
        opened(marketing, link)


def test_culture_and_country_are_counted_by_utc_day_and_say_so(marketing):
    page = opened(marketing, "/overview?days=7")
    for heading, value, requests in (("By culture", "fr-FR", "2"), ("By country", "FR", "1")):
        section = page.split(f">{heading}</h2>", 1)[1].split("</section>", 1)[0]
        assert "UTC day only" in section
        assert {texts[0]: texts[1] for texts, _ in rows(page, heading)}[value] == requests


def test_the_share_is_compared_in_percentage_points(farm, staff):
    office = Office(farm, staff=staff)
    marketing = office.signed_in("marketing")
    page = opened(marketing, "/overview")
    assert "No sign-up request has been recorded here yet" in page
    ask(office.porter, "/enterprisetry.html?Partner=1234567")
    page = opened(marketing, "/overview?since=2016-01-01&until=2016-01-31")
    assert "Nothing was counted in these days" in page
    assert "No sign-up request has been recorded" not in page
    assert 'class="change"' not in page, "there is nothing to compare with"


def test_an_adjustment_shows_adjusted_and_net(farm, staff):
    office = Office(farm, staff=staff)
    marketing = office.signed_in("marketing")
    receipt = ask(office.porter, "/enterprisetry.html?Partner=1234576").receipt
    assert "Attributed after adjustments" not in opened(marketing, "/overview")
    note = {"partner": "1234567", "note": "registered late"}
    office.send("POST", f"/api/v1/log/{receipt}/adjustment", note, status=201)
    page = opened(marketing, "/overview")
    card = page.split("Attributed after adjustments", 1)[1].split("</div>", 1)[0]
    assert "100.0%" in card
    # Everywhere Attributed is what was attributed when it came, and Net is what adjustments make of it.
    assert [texts[-2:] for texts, _ in rows(page, "By origin")] == [["0.0%", "100.0%"]]
    assert [texts[-3:] for texts, _ in rows(page, "Top partners")] == [["0", "0", "1"]]
    auditor = office.signed_in("auditor")
    assert "Attributed: <strong>0</strong>, Net: <strong>1</strong>" in opened(auditor, "/partners/1234567")
    # An adjustment is no sign-up request: where requests are counted, no link leads to it.
    outcomes = {texts[0]: links for texts, links in rows(opened(auditor, "/overview"), "Sign-up requests by outcome")}
    (links,) = [links for name, links in outcomes.items() if links]
    assert receipts_in(opened(auditor, links[0])) == [receipt]
    assert len(receipts_in(opened(auditor, "/log"))) > 1
    (adjustment,) = receipts_in(opened(auditor, "/log?kind=adjustment"))
    assert adjustment != receipt
    assert "+1 adjusted after the fact" in card
    assert [texts[-2:] for texts, _ in rows(opened(marketing, "/origins?first=origin"), "Sign-up requests · Origin")] == [
        ["1", "1"]
    ]


def test_days_that_make_no_range_are_told(marketing):
    for query in ("since=2016-10-03&until=2016-10-02", "since=x&until=2016-10-02", "days=8"):
        assert "These days make no range" in opened(marketing, "/overview?" + query, 400)
        assert "These days make no range" in opened(marketing, "/origins?" + query, 400)


def lines(page):
    """The lines of the table of Origins."""
    return [texts for texts, _ in rows(page.replace("<h2", "<h2 ").replace("<section>", ""), heading_of(page))]


def heading_of(page):
    return html.unescape(re.search(r"<h2>([^<]+)</h2>", page)[1])


@pytest.mark.parametrize(
    ("first", "second", "measure"),
    [
        ("origin", "campaign", "requests"),
        ("campaign", "day", "visits"),
        ("day", "outcome", "attributed"),
        ("route", "", "unique"),
    ],
)
def test_origins_shows_a_chart_and_the_numbers_of_its_csv(marketing, first, second, measure):
    page = opened(marketing, f"/origins?first={first}&second={second}&measure={measure}&days=7")
    assert page.count("<svg") == 1
    assert page.count("<title>") > 1
    target = html.unescape(re.search(r'class="button" href="(/api/v1/counts.csv[^"]+)"', page)[1])
    answer = marketing.open(target)
    assert answer.status == 200
    table = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert sum(int(row["requests"]) for row in table) == len(SIGNUPS)
    shown = lines(page)
    assert len(shown) == len(table)
    assert sorted(int(line[-4]) for line in shown) == sorted(int(row["requests"]) for row in table)
    assert sum(int(line[-1]) for line in shown) == sum(int(row["attributed"]) for row in table) == 3


def test_the_largest_comes_first_but_periods_go_by_time(marketing):
    by_size = [int(line[1]) for line in lines(opened(marketing, "/origins?first=outcome&days=7"))]
    assert by_size == sorted(by_size, reverse=True)
    days = [line[0] for line in lines(opened(marketing, "/origins?first=day&second=outcome&days=7"))]
    assert days == sorted(days)


def test_the_parts_of_a_chart_are_named_and_numbered_in_a_list(marketing):
    page = opened(marketing, "/origins?first=day&second=outcome&days=7")
    legend = page.split('<ol class="legend">', 1)[1].split("</ol>", 1)[0]
    marks = re.findall(r'class="mark s-(c\d+)"><span>(\d+)</span></span>([^<]+)</li>', legend)
    assert [(key, mark) for key, mark, _ in marks] == [(f"c{number}", f"{number + 1}") for number in range(5)]
    assert marks[0][2] == "attributed"


def test_a_wrong_time_zone_is_told_and_not_ignored(marketing):
    page = opened(marketing, "/origins?timezone=" + urllib.parse.quote('Mars/"<b>'), 400)
    assert "There is no such time zone" in page
    assert 'value="Mars/&quot;&lt;b&gt;"' in page
    assert "<tbody>" not in page
    assert "<option>Asia/Kathmandu</option>" in page
    kathmandu = opened(marketing, "/origins?first=hour&days=1&timezone=Asia/Kathmandu")
    assert re.search(r'<time title="\d{4}-\d\d-\d\d \d\d:15:00 UTC">\d{4}-\d\d-\d\d \d\d:00</time>', kathmandu)
    assert "timezone=Asia%2FKathmandu" in kathmandu


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("first=culture&second=origin", "Culture and country are counted apart"),
        ("first=culture&timezone=Europe/Paris", "choose the time zone UTC"),
        ("first=day&second=hour", "Choose one period only"),
        ("first=nonsense", "cannot be chosen here"),
        ("measure=nonsense", "cannot be chosen here"),
    ],
)
def test_a_question_that_cannot_be_answered_is_told(marketing, query, told):
    page = opened(marketing, "/origins?" + query, 400)
    assert told in page
    assert "<tbody>" not in page


def test_culture_is_counted_on_origins_too(marketing):
    page = opened(marketing, "/origins?first=culture&second=day&days=7&timezone=UTC")
    assert sorted(line[0] for line in lines(page)) == ["(none)", "de-DE", "fr-FR"]


def test_hours_of_many_days_are_told_to_be_too_many_for_a_chart(marketing):
    page = opened(marketing, "/origins?first=hour&days=30")
    assert "<svg" not in page
    assert "make no chart that could be read" in page
    assert "<tbody>" in page


def test_origins_says_how_a_spreadsheet_refreshes_it(office, marketing):
    page = opened(marketing, "/origins?first=origin&second=campaign&days=7")
    address = html.unescape(re.search(r'Web.Contents\("([^"]+)"', page)[1])
    assert address.startswith(f"http://127.0.0.1:{office.port}/api/v1/counts.csv?by=origin%2Ccampaign&")
    text = office.get(address.partition(str(office.port))[2], "marketing").text
    assert text.startswith("\ufefforigin,campaign,requests,")


def test_what_visitors_sent_is_escaped(auditor):
    for target in ("/overview", "/origins?first=campaign&second=reason"):
        assert "<script" not in opened(auditor, target)


def test_in_french(marketing):
    page = marketing.open("/origins?first=day&second=outcome", Accept_Language="fr").text
    assert "Mesure" in page
    page = marketing.open("/overview", Accept_Language="fr").text
    assert "Pourquoi des inscriptions" in page
    assert "37,5\u202f%" in page


def test_no_range_of_days_ends_the_server(office, auditor):
    for target in (
        "/overview?since=0000-01-01&until=0000-12-31",
        "/overview?since=9999-01-01&until=9999-12-31",
        "/origins?first=week&since=0000-01-01&until=0000-01-07",
        "/partners/1234567?since=0000-01-01&until=0000-12-31",
        "/partners/1234567/statement?month=0000-01",
        "/partners/1234567/statement?month=9999-12",
        "/log?before=-9223372036854775808",
    ):
        assert auditor.open(target).status in (200, 400), target
        assert office.porter.health() == 200
