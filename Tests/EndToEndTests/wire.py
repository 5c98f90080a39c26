"""Clients down to the byte: sockets, TLS without a socket, and answers as they stand on the wire."""

import socket
import ssl
import warnings
from dataclasses import dataclass, field

from running import PATIENCE_SECONDS

INTERNET_EXPLORER = "Mozilla/5.0 (Windows NT 6.3; Trident/7.0; rv:11.0) like Gecko"


@dataclass
class Answer:
    """One HTTP/1 answer."""

    version: str
    status: int
    fields: list = field(default_factory=list)
    body: bytes = b""

    def __getitem__(self, name):
        """The value of a field that must not stand there twice; None when it is absent."""
        values = [value for key, value in self.fields if key.lower() == name.lower()]
        assert len(values) <= 1, f"{name} stands {len(values)} times in {self}"
        return values[0] if values else None

    @property
    def location(self):
        return self["Location"]

    @property
    def receipt(self):
        return self["Porter-Receipt"]


class Wire:
    """A connection from which answers are read one by one."""

    def __init__(self, connection):
        self.connection = connection
        self.file = connection.makefile("rb")

    def send(self, data):
        self.connection.sendall(data)
        return self

    def half_close(self):
        """Says that nothing more will be sent, and goes on reading. Plain connections only."""
        self.connection.shutdown(socket.SHUT_WR)

    def answer(self, is_head=False):
        """The next answer; None when the connection ended before one began."""
        line = self.file.readline()
        if not line:
            return None
        version, status, _ = line.decode("ascii").rstrip("\r\n").split(" ", 2)
        answer = Answer(version, int(status))
        while (line := self.file.readline()) != b"\r\n":
            assert line.endswith(b"\r\n"), f"an answer's head ends in the middle: {answer}, {line}"
            name, value = line.decode("ascii").rstrip("\r\n").split(": ", 1)
            answer.fields.append((name, value))
        if not is_head and answer.status not in (100, 204):
            length = int(answer["Content-Length"])
            answer.body = self.file.read(length)
            assert len(answer.body) == length, "an answer's body ends in the middle"
        return answer

    def answers(self):
        """All answers until the connection ends."""
        return list(iter(self.answer, None))

    def is_at_end(self):
        """Waits for the server's next byte or its farewell; True for the latter."""
        try:
            return self.file.read(1) == b""
        except (ConnectionResetError, ssl.SSLEOFError):
            return True

    def close(self):
        self.file.close()
        self.connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def request(target, method="GET", version="1.1", host="localhost", fields=(), body=b""):
    """A request's bytes. `target` may be bytes or text; `fields` are whole lines."""
    target = target if isinstance(target, bytes) else target.encode("ascii")
    lines = [method.encode() + b" " + target + b" HTTP/" + version.encode()]
    lines += [f"Host: {host}".encode()] if host is not None else []
    lines += [line if isinstance(line, bytes) else line.encode("latin-1") for line in fields]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def plain(porter, timeout=PATIENCE_SECONDS):
    connection = socket.create_connection(("127.0.0.1", porter.http_port), timeout=timeout)
    return Wire(connection)


def client_context(ciphers=None, groups=None, minimum=None, maximum=None, alpn=None):
    """A TLS client that verifies nothing: what is tested is the server."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with warnings.catch_warnings():
        # TLS 1.0 is deprecated, and it is what an unpatched Server 2012 speaks.
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = minimum or ssl.TLSVersion.MINIMUM_SUPPORTED
        if maximum:
            context.maximum_version = maximum
    if ciphers:
        context.set_ciphers(ciphers)
    if groups:
        context.set_ecdh_curve(groups)
    if alpn:
        context.set_alpn_protocols(alpn)
    return context


def secure(porter, context=None, name="localhost", timeout=PATIENCE_SECONDS):
    """An HTTPS connection; fields of `connection` (an SSLSocket) say what was negotiated."""
    raw = socket.create_connection(("127.0.0.1", porter.https_port), timeout=timeout)
    try:
        return Wire((context or client_context()).wrap_socket(raw, server_hostname=name))
    except BaseException:
        raw.close()
        raise


def ask(porter, target, scheme="https", **parts):
    """One request on a connection of its own."""
    with secure(porter) if scheme == "https" else plain(porter) as wire:
        wire.send(request(target, **parts))
        return wire.answer(is_head=parts.get("method") == "HEAD")


def ask_raw(porter, data):
    """Bytes as they are over plain HTTP; the first answer, None when there was none."""
    with plain(porter) as wire:
        wire.send(data)
        return wire.answer()


def client_hello(context=None, name="localhost"):
    """The bytes of a ClientHello as OpenSSL writes it, with the TLS object and its two pipes."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = (context or client_context()).wrap_bio(incoming, outgoing, server_hostname=name)
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        return outgoing.read(), tls, incoming, outgoing
    raise AssertionError("a handshake that needs no answer")


def split_record(record, *lengths):
    """One TLS record's payload in several records of the given lengths, the rest in the last."""
    kind, version, payload = record[:1], record[1:3], record[5:]
    assert len(payload) == int.from_bytes(record[3:5], "big"), "more than one record"
    pieces = []
    for length in lengths:
        pieces.append(payload[:length])
        payload = payload[length:]
    pieces.append(payload)
    return [kind + version + len(piece).to_bytes(2, "big") + piece for piece in pieces if piece]


def finish_over(connection, tls, incoming, outgoing, data):
    """Completes a handshake whose ClientHello is on its way, sends `data`, and returns the first bytes that come back."""

    def pump(step):
        while True:
            try:
                result = step()
            except ssl.SSLWantReadError:
                result = None
            if out := outgoing.read():
                connection.sendall(out)
            if result is not None:
                return result
            received = connection.recv(65_536)
            assert received, "the server ended the connection"
            incoming.write(received)

    def handshake():
        tls.do_handshake()
        return True

    def write():
        return tls.write(data)

    pump(handshake)
    pump(write)
    return pump(lambda: tls.read(65_536))
