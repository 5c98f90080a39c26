"""Requests that are refused, each on a real socket; after each the server still serves."""

import socket

import pytest
from route_files import route
from running import PATIENCE_SECONDS
from wire import ask, ask_raw, plain, request, secure

FORM = "Content-Type: application/x-www-form-urlencoded"
GOOD = "/enterprisebuy.html?Partner=1234567"


@pytest.fixture(autouse=True)
def still_serves(shared):
    before = len(shared.records())
    yield
    assert ask(shared, GOOD).status == 302
    assert len(shared.records()) == before + 1, "what is refused makes no record"


@pytest.mark.parametrize(
    ("status", "data"),
    [
        pytest.param(400, request(GOOD, host=None), id="400-no Host"),
        pytest.param(400, request("enterprisebuy.html"), id="400-a target without a slash"),
        pytest.param(400, request("ftp://localhost/enterprisebuy.html"), id="400-a target of another scheme"),
        pytest.param(400, request("*", method="OPTIONS"), id="400-the asterisk form"),
        pytest.param(400, request("localhost:443", method="CONNECT"), id="400-the authority form"),
        pytest.param(400, request("/enterprisebuy.html?" + "&".join(f"a{n}=" for n in range(101))), id="400-101 parameters"),
        pytest.param(404, request("/nowhere"), id="404"),
        pytest.param(404, request("/x/../enterprisebuy.html"), id="404-dot segments are not folded"),
        pytest.param(404, request("//enterprisebuy.html"), id="404-empty segments are not folded"),
        pytest.param(404, request("/enterprisebuy.html%2F"), id="404-an escaped slash is data"),
        pytest.param(405, request(GOOD, method="PUT", fields=["Content-Length: 0"]), id="405"),
        pytest.param(405, request(GOOD, method="get"), id="405-methods have a letter case"),
        pytest.param(413, request(GOOD, method="POST", fields=[FORM, "Content-Length: 8193"]), id="413-by length"),
        pytest.param(
            413,
            request(GOOD, method="POST", fields=[FORM, "Transfer-Encoding: chunked"], body=b"2001\r\n" + b"a" * 0x2001),
            id="413-by chunks",
        ),
        pytest.param(414, request("/" + "a" * 8_192), id="414"),
        pytest.param(414, b"GET /" + b"a" * 40_000, id="414-before the target ends"),
        pytest.param(431, request(GOOD, fields=["X: " + "a" * 16_384]), id="431-by size"),
        pytest.param(431, request(GOOD, fields=[f"X-{n}: 1" for n in range(100)]), id="431-by number"),
    ],
)
def test_refused_with(shared, status, data):
    answer = ask_raw(shared, data)
    assert answer.status == status
    assert answer.receipt is None
    assert answer["Set-Cookie"] is None
    assert b"<script" not in answer.body
    if status == 405:
        assert answer["Allow"] == "GET, HEAD, POST"


def test_the_limits_themselves_are_allowed(shared, still_serves):
    statuses = [
        ask_raw(shared, request("/" + "a" * 8_191)).status,
        ask_raw(shared, request("/nowhere?" + "&".join(f"a{n}=" for n in range(100)))).status,
        ask_raw(shared, request("/nowhere", fields=[f"X-{n}: 1" for n in range(99)])).status,
        ask_raw(shared, request("/nowhere", fields=["X: " + "a" * 16_000])).status,
    ]
    assert statuses == [404] * 4


def test_100_parameters_and_8_kib_of_form_are_allowed(farm):
    porter = farm.start()
    assert ask(porter, "/enterprisebuy.html?" + "&".join(f"a{n}=" for n in range(100))).status == 302
    body = b"Partner=1234567&x=" + b"a" * (8_192 - 18)
    answer = ask(porter, "/enterprisebuy.html", method="POST", fields=[FORM, f"Content-Length: {len(body)}"], body=body)
    assert porter.record(answer.receipt)["outcome"] == "attributed"


def test_query_and_form_share_the_limit_of_parameters(shared):
    body = "&".join(f"b{n}=" for n in range(60)).encode()
    fields = [FORM, f"Content-Length: {len(body)}"]
    target = "/enterprisebuy.html?" + "&".join(f"a{n}=" for n in range(41))
    assert ask(shared, target, method="POST", fields=fields, body=body).status == 400


def test_408_for_what_does_not_come_in_time(shared):
    """All at once, since each waits for its deadline. A byte now and then buys no time."""
    form = request("/enterprisebuy.html", method="POST", fields=[FORM, "Content-Length: 15"], body=b"Partner=")
    head = b"GET /enterprisebuy.html HTTP/1.1\r\nHost: local"
    with (
        plain(shared) as half_head,
        secure(shared) as half_head_over_tls,
        plain(shared) as half_body,
        plain(shared) as slow,
    ):
        half_head.send(head)
        half_head_over_tls.send(head)
        half_body.send(form)
        slow.connection.settimeout(0.3)
        answer = b""
        for byte in request(GOOD, fields=["X-Slow: " + "a" * 1_000]):
            try:
                slow.connection.sendall(bytes([byte]))
                answer = slow.connection.recv(100)
                break
            except TimeoutError:
                continue
        assert answer.startswith(b"HTTP/1.1 408 ")
        for wire in (half_head, half_head_over_tls, half_body):
            assert wire.answer().status == 408
            assert wire.is_at_end()


def test_an_early_refusal_is_readable_although_the_client_still_sends(shared):
    """A reset that overtakes the answer would leave the client with nothing (RFC 9112, section 9.6)."""
    with plain(shared) as wire:
        head = request("/enterprisebuy.html", method="POST", fields=[FORM, "Content-Length: 60000"])
        wire.send(head)
        wire.connection.settimeout(PATIENCE_SECONDS)
        wire.send(b"a" * 50_000)
        assert wire.answer().status == 413
        assert wire.is_at_end()


REJECTED = {
    "": 400,
    "Partner=0123": 400,
    "Partner=xxxxx": 400,
    "Partner=101bde18-5ffb-4d79-a47b-f5b2c62525b3": 400,
    "Partner=1234567&Partner=1234568": 400,
    "Partner=9999999": 403,
    "Partner=4567890": 403,
    "Partner=6789012": 403,
}


def test_a_route_that_rejects_answers_400_and_403_with_a_page_and_a_record(farm, write_routes):
    porter = farm.start(routes=write_routes(strict=route("strict", otherwise="reject")))
    outcomes = []
    for query, status in REJECTED.items():
        answer = ask(porter, f"/strict?{query}", fields=["Accept-Language: fr"])
        assert (answer.status, answer.location) == (status, None), query
        assert answer["Cache-Control"] == "no-store"
        assert answer["Content-Type"] == "text/html; charset=utf-8"
        assert answer.receipt.encode() in answer.body
        assert b"<script" not in answer.body
        record = porter.record(answer.receipt)
        assert record["status"] == status
        outcomes.append(record["outcome"])
    assert outcomes == [
        *("missing", "malformed", "placeholder", "guid", "conflict"),
        *("unknown", "suspended", "expired"),
    ]
    assert ask(porter, "/strict?Partner=1234567").status == 302
    german = ask(porter, "/strict", fields=["Accept-Language: de"])
    english = ask(porter, "/strict", fields=["Accept-Language: en"])
    assert (german["Content-Language"], english["Content-Language"]) == ("de", "en")
    assert german.body != english.body


def test_a_503_is_not_a_promise(farm):
    """The ledger's file system is full: nobody is redirected without a record."""
    porter = farm.make()
    # No file may grow beyond this; without the signal, writing fails as on a full disk.
    porter.wrapper = ["env", "--ignore-signal=XFSZ", "prlimit", "--fsize=400000"]
    porter.start()
    receipts, refused = [], None
    with plain(porter) as wire:
        for _ in range(2_000):
            answer = wire.send(request(GOOD)).answer()
            if answer.status != 302:
                refused = answer
                break
            receipts.append(answer.receipt)
    assert refused is not None, "the limit was never reached"
    assert refused.status == 503
    assert int(refused["Retry-After"]) > 0
    assert refused.receipt is None
    assert porter.health() == 503
    porter.kill()
    porter.wrapper = []
    porter.start()
    recorded = [record["receipt"] for record in porter.records()]
    assert set(receipts) <= set(recorded)
    assert ask(porter, GOOD).status == 302
    porter.command("log", "verify", check=0)


def test_a_socket_that_says_nothing_is_closed_after_a_while_without_a_word(farm):
    porter = farm.start()
    with socket.create_connection(("127.0.0.1", porter.https_port), timeout=PATIENCE_SECONDS) as silent:
        assert silent.recv(1) == b"", "no ClientHello, no connection"
