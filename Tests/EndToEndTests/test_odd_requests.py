"""Odd, but from real clients: decided, not refused."""

import pytest
from route_files import SHIPPED, location
from wire import INTERNET_EXPLORER, ask, ask_raw, plain, request, secure


@pytest.mark.parametrize("scheme", ["https", "http"])
@pytest.mark.parametrize(
    ("query", "raw"),
    [
        # Internet Explorer sends a query's bytes in the ANSI code page.
        (b"Partner=1234567&name=Caf\xe9", None),
        (b"Partner=1234567&\xff\xfe=\x80", None),
        (b"Partner=1234567&a=b\tc", None),
        (b"Partner=\t1234567\t", "%091234567%09"),
        (b"Partner=%201234567\xc2\xa0", " 1234567%C2%A0"),
    ],
)
def test_bytes_that_no_grammar_knows(shared, query, raw, scheme):
    answer = ask(shared, b"/enterprisebuy.html?" + query, scheme)
    assert answer.status == 302
    record = shared.record(answer.receipt)
    assert (record["outcome"], record["partner"]) == ("attributed", "1234567")
    assert record["partner_raw"] == (raw or "1234567")
    assert answer.location == location(SHIPPED["enterprise", "buy"], partner="1234567", receipt=answer.receipt)


def test_a_partner_that_is_not_utf8(shared):
    record = shared.record(ask(shared, b"/enterprisebuy.html?Partner=\xe9123").receipt)
    assert (record["outcome"], record["reason"], record["partner_raw"]) == ("malformed", "not-utf8", "%E9123")


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_head(shared, scheme):
    with secure(shared) if scheme == "https" else plain(shared) as wire:
        wire.send(request("/enterprisebuy.html?Partner=1234567", method="HEAD") + request("/healthz"))
        answer = wire.answer(is_head=True)
        assert answer.status == 302
        assert answer.location == location(SHIPPED["enterprise", "buy"], partner="1234567", receipt=answer.receipt)
        assert wire.answer().body == b"ok\n", "no body stands between the two answers"
    assert shared.record(answer.receipt)["method"] == "HEAD"


def test_head_of_an_error_has_no_body(shared):
    with plain(shared) as wire:
        wire.send(request("/nowhere", method="HEAD") + request("/healthz"))
        answer = wire.answer(is_head=True)
        assert (answer.status, int(answer["Content-Length"]) > 0) == (404, True)
        assert wire.answer().status == 200


FORM = "Content-Type: application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        ([FORM, "Content-Length: 29"], b"Partner=1234567&culture=de-DE"),
        ([FORM + "; charset=iso-8859-1", "Content-Length: 29"], b"Partner=1234567&culture=de-DE"),
        ([FORM, "Transfer-Encoding: chunked"], b"8\r\nPartner=\r\n15;x=y\r\n1234567&culture=de-DE\r\n0\r\n\r\n"),
        ([FORM, "Transfer-Encoding: Chunked"], b"1d\r\nPartner=1234567&culture=de-DE\r\n0\r\nTrailer: x\r\n\r\n"),
        (["content-type:APPLICATION/X-WWW-FORM-URLENCODED", "content-length:29"], b"Partner=1234567&culture=de-DE"),
    ],
)
def test_a_form_counts_as_if_it_followed_the_query(shared, fields, body):
    with secure(shared) as wire:
        wire.send(request("/enterprisebuy.html?zz=1", method="POST", fields=fields, body=body) + request("/healthz"))
        answer = wire.answer()
        assert wire.answer().status == 200, "the next request begins where the form ends"
    assert answer.status == 303, "a POST is answered 303, so that the provider is not sent the form"
    assert answer.location == location(SHIPPED["enterprise", "buy"], partner="1234567", culture="de-DE", receipt=answer.receipt)


def test_a_form_that_comes_byte_by_byte(shared):
    with plain(shared) as wire:
        for byte in request("/enterprisebuy.html", method="POST", fields=[FORM, "Content-Length: 15"], body=b"Partner=1234567"):
            wire.send(bytes([byte]))
        assert shared.record(wire.answer().receipt)["outcome"] == "attributed"


def test_100_continue_is_sent_before_the_form_and_once(shared):
    with plain(shared) as wire:
        wire.send(request("/enterprisebuy.html", method="POST", fields=[FORM, "Content-Length: 15", "Expect: 100-continue"]))
        assert wire.answer().status == 100
        wire.send(b"Partner=1234567")
        assert wire.answer().status == 303


def test_100_continue_is_not_sent_for_what_is_refused_anyway(shared):
    with plain(shared) as wire:
        wire.send(request("/nowhere", method="POST", fields=[FORM, "Content-Length: 15", "Expect: 100-continue"]))
        assert wire.answer().status == 404


def test_other_types_are_ignored_within_the_limit(shared):
    answer = ask(
        shared,
        "/enterprisebuy.html?Partner=1234567",
        method="POST",
        fields=["Content-Type: application/json", "Content-Length: 15"],
        body=b"Partner=9999999",
    )
    assert answer.status == 303
    assert shared.record(answer.receipt)["claimed"] == ["1234567"]


@pytest.mark.parametrize(
    "target",
    [
        "/ENTERPRISEBUY.HTML?partner=1234567",
        "/enterprisebuy.html/?PARTNER=1234567",
        "/enterprise%62uy.html?pOrId=1234567",
        "/enterprisebuy.html?&amp;amp;Partner=1234567",
        "/enterprisebuy.html?&&=x&Partner=%221234567%22#?Partner=9999999",
        "/enterprisebuy.html?Partner=%EF%BC%91234567",
        "http://elsewhere.example.com/enterprisebuy.html?Partner=1234567",
        "https://user:secret@gateway.example.com:443/enterprisebuy.html?Partner=1234567",
        "/p/1234567/enterprise/buy?Partner=xxxxx",
    ],
)
def test_ways_to_write_one_address(shared, target):
    answer = ask(shared, target, fields=[f"User-Agent: {INTERNET_EXPLORER}"])
    assert answer.location == location(SHIPPED["enterprise", "buy"], partner="1234567", receipt=answer.receipt)


def test_http_1_0_without_a_host(shared):
    assert ask_raw(shared, b"GET /enterprisebuy.html HTTP/1.0\r\n\r\n").status == 302


def test_empty_lines_before_a_request_are_passed_over(shared):
    with plain(shared) as wire:
        wire.send(b"\r\n" + request("/healthz"))
        assert wire.answer().status == 200


def test_own_paths(shared):
    assert ask(shared, "/healthz").body == b"ok\n"
    assert b"Disallow: /" in ask(shared, "/robots.txt").body
    assert ask(shared, "/favicon.ico").status == 204
    for target in ("/healthz", "/robots.txt", "/favicon.ico"):
        answer = ask(shared, target, method="POST", fields=["Content-Length: 0"])
        assert (answer.status, answer["Allow"]) == (405, "GET, HEAD")
    assert ask(shared, "/HEALTHZ").status == 404, "own paths are compared byte for byte"
    assert ask(shared, "/s/anything").status == 404
