"""HTTP/2 frame by frame: what curl would never send."""

import pytest
from running import PATIENCE_SECONDS
from wire import INTERNET_EXPLORER, ask, client_context, secure

HEADERS, DATA, RESET, SETTINGS, GO_AWAY = 1, 0, 3, 4, 7
END_STREAM, END_HEADERS, ACKNOWLEDGED = 1, 4, 1
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
GET = {":method": "GET", ":scheme": "https", ":path": "/enterprisebuy.html?Partner=1234567", ":authority": "localhost"}
POST = GET | {":method": "POST", ":path": "/enterprisebuy.html", "content-type": "application/x-www-form-urlencoded"}


def frame(kind, flags, stream, payload=b""):
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def block(fields):
    """A header block of literals that are not indexed (RFC 7541, section 6.2.2)."""

    def text(value):
        data = value if isinstance(value, bytes) else value.encode("ascii")
        length = len(data)
        if length < 127:
            return bytes([length]) + data
        prefix, length = b"\x7f", length - 127
        while length >= 128:
            prefix += bytes([length & 127 | 128])
            length >>= 7
        return prefix + bytes([length]) + data

    pairs = fields.items() if isinstance(fields, dict) else fields
    return b"".join(b"\0" + text(name) + text(value) for name, value in pairs)


class Session:
    """One connection; `send` writes frames, `next` reads what answers them."""

    def __init__(self, porter):
        self.wire = secure(porter, client_context(alpn=["h2"]))
        self.send(PREFACE + frame(SETTINGS, 0, 0))
        while (received := self.read())[0] != SETTINGS or received[1] & ACKNOWLEDGED:
            pass
        # The server's limits hold from here on.
        self.send(frame(SETTINGS, ACKNOWLEDGED, 0))

    def send(self, data):
        self.wire.send(data)
        return self

    def read(self):
        """The next frame: (kind, flags, stream, payload); None at the connection's end."""
        head = self.wire.file.read(9)
        if len(head) < 9:
            return None
        payload = self.wire.file.read(int.from_bytes(head[:3], "big"))
        return head[3], head[4], int.from_bytes(head[5:9], "big"), payload

    def next(self):
        """The next frame that answers something; None at the connection's end."""
        while frame := self.read():
            if frame[0] in (HEADERS, DATA, RESET, GO_AWAY):
                return frame
        return None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.wire.close()


def kind_of_answer(porter, fields, body=None):
    """HEADERS for a whole answer, RESET or GO_AWAY for a refused message."""
    with Session(porter) as session:
        session.send(frame(HEADERS, END_HEADERS | (0 if body is not None else END_STREAM), 1, block(fields)))
        if body is not None:
            session.send(frame(DATA, END_STREAM, 1, body))
        answer = session.next()
        return answer[0] if answer else GO_AWAY


def test_raw_bytes_are_decided(shared):
    fields = GET | {":path": b"/enterprisebuy.html?Partner=1234567&name=Caf\xe9", "user-agent": INTERNET_EXPLORER}
    assert kind_of_answer(shared, fields) == HEADERS
    record = shared.records()[-1]
    assert (record["outcome"], record["dropped"], record["scheme"]) == ("attributed", ["name"], "https")


MALFORMED = {
    "a line end in a value": GET | {"x": "a\r\nb: c"},
    "NUL in a value": GET | {"x": "a\0b"},
    "a line end in the path": GET | {":path": "/enterprisebuy.html?a=b\r\nc"},
    "NUL in the path": GET | {":path": "/enterprisebuy.html?a=\0"},
    "a space in the path": GET | {":path": "/enterprisebuy.html?a=b c"},
    "an upper-case name": GET | {"X-Upper": "1"},
    "Transfer-Encoding": GET | {"transfer-encoding": "chunked"},
    "Connection": GET | {"connection": "close"},
    "an unknown pseudo-field": GET | {":wonder": "1"},
    "two paths": [*GET.items(), (":path", "/other")],
    "no path": {name: value for name, value in GET.items() if name != ":path"},
    "no method": {name: value for name, value in GET.items() if name != ":method"},
    "a pseudo-field after a field": [("x", "1"), *GET.items()],
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_messages_are_refused(shared, name):
    before = len(shared.records())
    assert kind_of_answer(shared, MALFORMED[name]) in (RESET, GO_AWAY)
    assert len(shared.records()) == before
    assert ask(shared, "/healthz").status == 200


@pytest.mark.parametrize("lengths", [["3"], ["16"], ["15", "16"]])
def test_a_length_that_lies_is_refused(shared, lengths):
    before = len(shared.records())
    fields = [*POST.items(), *(("content-length", length) for length in lengths)]
    assert kind_of_answer(shared, fields, b"Partner=1234567") in (RESET, GO_AWAY)
    assert len(shared.records()) == before


def test_a_host_that_differs_from_the_authority_is_not_recorded(shared):
    before = len(shared.records())
    assert kind_of_answer(shared, GET | {"host": "elsewhere"}) == HEADERS, "an error page"
    assert len(shared.records()) == before


def test_a_form_that_never_comes_is_not_waited_for(shared):
    with Session(shared) as session:
        session.send(frame(HEADERS, END_HEADERS, 1, block(POST)) + frame(DATA, 0, 1, b"Partner="))
        session.wire.connection.settimeout(PATIENCE_SECONDS)
        answer = session.next()
    assert answer is None or answer[0] in (HEADERS, RESET, GO_AWAY)


def test_streams_that_are_reset_again_and_again_end_the_connection(shared):
    """A client that opens and cancels pays nothing and costs much: there is an end to it."""
    with Session(shared) as session:
        try:
            for stream in range(1, 4_001, 2):
                session.send(frame(HEADERS, END_HEADERS | END_STREAM, stream, block(GET)))
                session.send(frame(RESET, 0, stream, (8).to_bytes(4, "big")))
            while (answer := session.next()) and answer[0] != GO_AWAY:
                pass
        except OSError:
            pass  # Ended while we were still sending: as well.
        else:
            assert answer is None or answer[0] == GO_AWAY
    assert ask(shared, "/healthz").status == 200


def test_more_streams_than_allowed_are_refused(shared):
    with Session(shared) as session:
        # No stream ends, so that all stay open.
        session.send(b"".join(frame(HEADERS, END_HEADERS, stream, block(POST)) for stream in range(1, 101, 2)))
        answer = session.next()
        assert answer is None or answer[0] in (RESET, GO_AWAY)
    assert ask(shared, "/healthz").status == 200
