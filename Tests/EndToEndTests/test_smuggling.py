"""Messages that two parties could read differently are refused, and nothing behind them is read."""

import pytest
from wire import ask, plain, request, secure

SMUGGLED = request("/enterprisetry.html?Partner=1234567")
LINE = b"POST /enterprisebuy.html HTTP/1.1\r\nHost: localhost\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"

CLASSICS = {
    "two Hosts": request("/enterprisebuy.html", fields=["Host: elsewhere"]),
    "two equal Hosts": request("/enterprisebuy.html", fields=["Host: localhost"]),
    "Content-Length and Transfer-Encoding": LINE + FORM + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "Transfer-Encoding and Content-Length": LINE + FORM + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
    "two lengths": LINE + FORM + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\na=b",
    "two equal lengths": LINE + FORM + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\na=b",
    "a list of lengths": LINE + FORM + b"Content-Length: 3, 3\r\n\r\na=b",
    "a signed length": LINE + FORM + b"Content-Length: +3\r\n\r\na=b",
    "a negative length": LINE + FORM + b"Content-Length: -1\r\n\r\na=b",
    "a hexadecimal length": LINE + FORM + b"Content-Length: 0x3\r\n\r\na=b",
    "an empty length": LINE + FORM + b"Content-Length: \r\n\r\n",
    "obs-fold": request("/enterprisebuy.html", fields=["X-Long: one", " two"]),
    "obs-fold with a tab": request("/enterprisebuy.html", fields=["X-Long: one", "\ttwo"]),
    "a fold before the first field": b"GET /enterprisebuy.html HTTP/1.1\r\n Host: x\r\nHost: localhost\r\n\r\n",
    "bare LF": b"GET /enterprisebuy.html HTTP/1.1\nHost: localhost\n\n",
    "bare LF after a field": b"GET /enterprisebuy.html HTTP/1.1\r\nHost: localhost\nX: y\r\n\r\n",
    "bare LF at the end": b"GET /enterprisebuy.html HTTP/1.1\r\nHost: localhost\r\n\n",
    "bare CR in a field": request("/enterprisebuy.html", fields=["X: one\rtwo"]),
    "NUL in a field": request("/enterprisebuy.html", fields=["X: one\0two"]),
    "NUL in a name": request("/enterprisebuy.html", fields=["X\0: one"]),
    "NUL in the target": request(b"/enterprisebuy.html?a\0=b"),
    "DEL in a field": request("/enterprisebuy.html", fields=["X: one\x7ftwo"]),
    "a space before the colon": request("/enterprisebuy.html", fields=["Transfer-Encoding : chunked"]),
    "a field without a name": request("/enterprisebuy.html", fields=[": x"]),
    "a field without a colon": request("/enterprisebuy.html", fields=["Nonsense"]),
    "two spaces in the request line": b"GET  /enterprisebuy.html HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a space in the target": b"GET /enterprisebuy.html?a= b HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a tab for a space in the request line": b"GET\t/enterprisebuy.html\tHTTP/1.1\r\nHost: localhost\r\n\r\n",
    "HTTP/0.9": b"GET /enterprisebuy.html\r\n",
    "chunked in HTTP/1.0": LINE.replace(b"1.1", b"1.0") + FORM + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a chunk size with a sign": LINE + FORM + b"Transfer-Encoding: chunked\r\n\r\n+3\r\na=b\r\n0\r\n\r\n",
    "a chunk size with 0x": LINE + FORM + b"Transfer-Encoding: chunked\r\n\r\n0x3\r\na=b\r\n0\r\n\r\n",
    "a chunk that is longer than it says": LINE + FORM + b"Transfer-Encoding: chunked\r\n\r\n3\r\na=bc\r\n0\r\n\r\n",
    "bare LF after a chunk size": LINE + FORM + b"Transfer-Encoding: chunked\r\n\r\n3\na=b\r\n0\r\n\r\n",
    "a chunk size of 17 digits": LINE + FORM + b"Transfer-Encoding: chunked\r\n\r\n10000000000000003\r\na=b\r\n0\r\n\r\n",
}
# Statuses of their own, by RFC 9112, sections 6.1 and 2.3, and RFC 9110, section 10.1.1.
OTHERS = {
    "a length behind more lists than a head may hold": (
        431,
        LINE
        + b"Content-Length: 0\r\nPurpose: \r\n"
        + b"".join(b"Accept-Language: " + b"a" * 140 + b"\r\n" for _ in range(24))
        + b"Purpose: "
        + b"b" * 1410
        + b"\r\nContent-Length: 400\r\n\r\n",
    ),
    "an unknown transfer coding": (501, LINE + FORM + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
    "chunked twice": (501, LINE + FORM + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
    "HTTP/2 without its preface": (505, request("/enterprisebuy.html", version="2.0")),
    "an unknown expectation": (417, LINE + b"Content-Length: 0\r\nExpect: wonders\r\n\r\n"),
}


@pytest.mark.parametrize("connect", [plain, secure])
@pytest.mark.parametrize("name", CLASSICS)
def test_refused(shared, name, connect):
    check(shared, connect, CLASSICS[name], 400)


@pytest.mark.parametrize("name", OTHERS)
def test_refused_with_a_status_of_its_own(shared, name):
    status, data = OTHERS[name]
    check(shared, plain, data, status)


def check(porter, connect, data, status):
    before = len(porter.records())
    with connect(porter) as wire:
        wire.send(data + SMUGGLED)
        answer = wire.answer()
        assert answer.status == status
        assert answer["Connection"] == "close"
        assert wire.is_at_end(), "nothing behind a refused message is answered"
    assert len(porter.records()) == before, "nothing behind a refused message is recorded"
    assert ask(porter, "/healthz").status == 200
