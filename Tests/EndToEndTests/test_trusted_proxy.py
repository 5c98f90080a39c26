"""Who the client is: the connection's address, unless a trusted proxy says otherwise."""

import html

import pytest
from office import PASSWORD, Browser, Office
from wire import ask

TARGET = "/enterprisebuy.html?Partner=1234567"
FORWARDED = ["X-Forwarded-For: 203.0.113.7, 198.51.100.9", "X-Forwarded-Proto: https"]


@pytest.fixture(scope="module")
def trusting(shared_farm):
    return shared_farm.start("--trusted-proxy", "127.0.0.0/8", "--trusted-proxy", "198.51.100.0/24", "--record-ip", "full")


def test_a_stranger_is_not_believed(farm):
    porter = farm.start("--trusted-proxy", "10.0.0.0/8", "--record-ip", "full")
    record = porter.record(ask(porter, TARGET, "http", fields=FORWARDED).receipt)
    assert (record["ip"], record["scheme"]) == ("127.0.0.1", "http")


def test_a_trusted_proxy_is_believed(trusting):
    record = trusting.record(ask(trusting, TARGET, "http", fields=FORWARDED).receipt)
    # The last address that is no trusted proxy's.
    assert (record["ip"], record["scheme"]) == ("203.0.113.7", "https")


def test_what_stands_before_an_untrusted_address_is_not_believed(trusting):
    fields = ["X-Forwarded-For: 1.2.3.4, 203.0.113.7"]
    assert trusting.record(ask(trusting, TARGET, "http", fields=fields).receipt)["ip"] == "203.0.113.7"


@pytest.mark.parametrize("value", ["nonsense", "", "203.0.113.7, nonsense", "1.2.3.4.5", ",,,", "a" * 1_000])
def test_a_nonsensical_address_is_not_taken(trusting, value):
    record = trusting.record(ask(trusting, TARGET, "http", fields=[f"X-Forwarded-For: {value}"]).receipt)
    assert record.get("ip") in ("127.0.0.1", None)


def test_several_fields_are_one_list(trusting):
    fields = ["X-Forwarded-For: 1.2.3.4", "X-Forwarded-For: 203.0.113.7, 198.51.100.9"]
    assert trusting.record(ask(trusting, TARGET, "http", fields=fields).receipt)["ip"] == "203.0.113.7"


@pytest.mark.parametrize(("address", "truncated"), [("203.0.113.77", "203.0.113.0"), ("2001:db8:1:2:3::4", "2001:db8:1::")])
def test_addresses_are_cut_by_default(farm, address, truncated):
    porter = farm.start("--trusted-proxy", "127.0.0.1")
    record = porter.record(ask(porter, TARGET, "http", fields=[f"X-Forwarded-For: {address}"]).receipt)
    assert record["ip"].split("/")[0] == truncated


def test_visitors_behind_one_proxy_are_told_apart(trusting):
    browser = "User-Agent: Mozilla/5.0 (proxied)"

    def repeat(address):
        answer = ask(trusting, "/smallbizbuy.html?Partner=1234567", "http", fields=[browser, f"X-Forwarded-For: {address}"])
        return trusting.record(answer.receipt)["repeat"]

    assert [repeat("203.0.113.1"), repeat("192.0.2.1"), repeat("203.0.113.1")] == [0, 0, 1]


# The back office behind a proxy that ends TLS

HSTS = "Strict-Transport-Security"


@pytest.fixture(scope="module")
def offices(shared_farm, staff):
    """One whose proxy is here, one whose proxy is elsewhere."""
    options = {"trusting": ["--trusted-proxy", "127.0.0.1"], "wary": ["--trusted-proxy", "10.0.0.0/8"]}
    return {name: Office(shared_farm, *given, staff=staff) for name, given in options.items()}


def cookies(answer):
    return [field.partition("=")[0] for field in answer.headers.get_all("Set-Cookie") or []]


def test_behind_a_proxy_with_tls_cookies_links_and_headers_are_those_of_tls(offices):
    browser = Browser(offices["trusting"])
    proxied = {"X_Forwarded_Proto": "https"}
    form = browser.open("/sign-in", **proxied)
    assert cookies(form) == ["__Host-porter-form"]
    assert form.headers[HSTS]
    token = form.text.split('name="form-token" value="')[1].split('"')[0]
    fields = {"form-token": token, "name": "marketing", "password": PASSWORD, "next": "/overview"}
    signed_in = browser.open("/sign-in", "POST", fields, **proxied)
    assert signed_in.status == 303
    assert cookies(signed_in) == ["__Host-porter"]
    (cookie,) = signed_in.headers.get_all("Set-Cookie")
    assert "Secure" in cookie
    page = browser.open("/origins?first=outcome", **proxied)
    assert page.status == 200
    assert f'Web.Contents("https://127.0.0.1:{offices["trusting"].port}/api/v1/counts.csv?' in html.unescape(page.text)
    assert "Secure" in browser.open("/language?to=fr", **proxied).headers["Set-Cookie"]
    assert browser.open("/origins").status == 303, "who comes without TLS has no such cookie"


def test_who_guesses_waits_in_all_of_their_network_and_nobody_else_does(farm, staff):
    office = Office(farm, "--trusted-proxy", "127.0.0.1", staff=staff)
    browser = Browser(office)
    token = browser.form_token("/sign-in")

    def attempt(name, address):
        # A password that nobody can have takes no time to be refused.
        form = {"form-token": token, "name": name, "password": "x" * 1_100, "next": "/"}
        return browser.open("/sign-in", "POST", form, X_Forwarded_For=address).status

    assert [attempt(f"user{number}", f"2001:db8:1:2::{number}") for number in range(50)] == [401] * 50
    assert attempt("another", "2001:db8:1:2:ffff::1") == 429
    assert attempt("another", "2001:db8:1:3::1") == 401
    assert attempt("another", "127.0.0.1") == 401


@pytest.mark.parametrize(
    ("which", "proto"),
    [("wary", "https"), ("trusting", None), ("trusting", "http"), ("trusting", "https, http"), ("trusting", "HTTPS,")],
)
def test_nobody_else_and_nothing_else_is_believed(offices, which, proto):
    answer = Browser(offices[which]).open("/sign-in", **({"X_Forwarded_Proto": proto} if proto else {}))
    assert cookies(answer) == ["porter-form"]
    assert HSTS not in answer.headers
    assert "Secure" not in Browser(offices[which]).open("/language?to=fr").headers["Set-Cookie"]
