"""Reading the log page by page while new records come."""

import re

import pytest
from office import Office
from wire import ask


def signups(office, count, partner="1234567"):
    return [ask(office.porter, f"/enterprisetry.html?Partner={partner}").receipt for _ in range(count)]


@pytest.fixture
def quiet(farm, staff):
    """A ledger that nobody else adds to."""
    return Office(farm, staff=staff)


def receipts(page):
    return re.findall(r'href="/log/([0-9A-Z]{26})"', page)


def link(page, text):
    found = re.search(f'<a (?:class="button" )?href="(/log[^"]*)">{re.escape(text)}</a>', page)
    return found and found[1].replace("&amp;", "&")


def since(page):
    return re.sub("<[^>]*>", "", re.search(r'<p class="since">(.*?)</p>', page)[1])


def test_how_many_have_come_since_the_log_was_opened(quiet):
    signups(quiet, 3)
    auditor = quiet.signed_in("auditor")
    page = auditor.open("/log").text
    opened = re.search(r"\d\d:\d\d:\d\d", since(page))[0]
    look = link(page, "Are there new records?")
    assert f"Nothing new since {opened}" in since(auditor.open(look).text)

    (newest,) = signups(quiet, 1)
    again = auditor.open(look).text
    assert f"1 new since {opened}. Show them" in since(again)
    assert newest not in receipts(again), "the page stays as it was"
    signups(quiet, 1, "xxxxx")
    assert f"2 new since {opened}" in since(auditor.open(look).text)
    assert newest in receipts(auditor.open(link(again, "Show them")).text)

    # Only those that fit the filter count.
    filtered = auditor.open("/log?outcome=placeholder").text
    signups(quiet, 2)
    look = link(filtered, "Are there new records?")
    assert "Nothing new" in since(auditor.open(look).text)
    signups(quiet, 1, "xxxxx")
    assert "1 new since" in since(auditor.open(look).text)


def test_pages_go_on_and_back_and_new_records_move_none(quiet):
    all_receipts = signups(quiet, 130)[::-1]
    auditor = quiet.signed_in("auditor")
    first = auditor.open("/log").text
    assert receipts(first) == all_receipts[:50]
    assert link(first, "Newer") is None
    second = auditor.open(link(first, "Older")).text
    signups(quiet, 60)
    assert receipts(second) == all_receipts[50:100]
    third = auditor.open(link(second, "Older")).text
    assert receipts(third) == all_receipts[100:]
    assert link(third, "Older") is None
    assert "60 new since" in since(third)
    back = auditor.open(link(third, "Newer")).text
    assert receipts(back) == all_receipts[50:100]
    top = auditor.open(link(back, "Newer")).text
    assert receipts(top) == all_receipts[:50], "the page that was opened, without what has come since"
    assert link(top, "Newer") is None
    assert "60 new since" in since(top)
    assert len(receipts(auditor.open(link(top, "Show them")).text)) == 50


def test_odd_places_are_no_error(quiet):
    signups(quiet, 2)
    auditor = quiet.signed_in("auditor")
    largest = 2**63 - 1
    for query in (
        f"before={largest}",
        f"after={largest}",
        f"seen={largest}&opened=never",
        "before=0",
        "before=-1",
        "after=-9223372036854775808",
        "seen=0&opened=2016-10-03T08:00:00Z",
        "seen=x&before=y",
        "before=1&after=1&seen=1",
    ):
        page = auditor.open(f"/log?{query}")
        assert page.status == 200, query
    assert "2 new since 08:00:00" in since(auditor.open("/log?seen=0&opened=2016-10-03T08:00:00Z").text)
