"""ClientHellos that come in pieces, and what is no ClientHello at all."""

import socket
import ssl

import pytest
from running import PATIENCE_SECONDS
from wire import ask, client_context, client_hello, finish_over, request, split_record


def connect(porter):
    connection = socket.create_connection(("127.0.0.1", porter.https_port), timeout=PATIENCE_SECONDS)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def redirected_after(porter, pieces, parts):
    _, tls, incoming, outgoing = parts
    with connect(porter) as connection:
        for piece in pieces:
            connection.sendall(piece)
        data = request("/enterprisebuy.html?Partner=1234567")
        return finish_over(connection, tls, incoming, outgoing, data).startswith(b"HTTP/1.1 302 ")


def test_byte_by_byte(shared):
    parts = client_hello()
    assert redirected_after(shared, [bytes([byte]) for byte in parts[0]], parts)


@pytest.mark.parametrize("lengths", [(1,), (4,), (5,), (40,), (100,), (1, 1, 1, 1), (3, 30, 60)])
def test_split_over_several_records(shared, lengths):
    parts = client_hello()
    assert redirected_after(shared, [b"".join(split_record(parts[0], *lengths))], parts)


def test_split_over_records_and_reads(shared):
    parts = client_hello()
    data = b"".join(split_record(parts[0], 50))
    assert redirected_after(shared, [data[i : i + 7] for i in range(0, len(data), 7)], parts)


def test_without_a_server_name(shared):
    parts = client_hello(name=None)
    assert redirected_after(shared, [parts[0]], parts)


def test_a_hello_of_many_records_is_refused_and_costs_nobody_else_anything(shared):
    hello = client_hello()[0]
    with connect(shared) as connection:
        connection.sendall(b"".join(split_record(hello, *[1] * 20)))
        assert is_ended(connection)
    assert ask(shared, "/enterprisebuy.html").status == 302


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"GET /enterprisebuy.html HTTP/1.1\r\nHost: localhost\r\n\r\n", id="plain HTTP on the TLS port"),
        pytest.param(b"\x80\x2e\x01\x03\x01\x00\x15" + b"\0" * 39, id="an SSL 2 hello"),
        pytest.param(b"\x16\x03\x01\xff\xff" + b"\x01\xff\xff\xff" * 8, id="lengths beyond the limits"),
        pytest.param(b"\x16\x03\x01\x00\x00" * 40, id="empty records"),
        pytest.param(b"\x15\x03\x01\x00\x02\x02\x28", id="an alert"),
        pytest.param(b"\x16\x03\x01\x00\x04\x02\x00\x00\x00", id="a ServerHello"),
        pytest.param(bytes(range(256)) * 4, id="noise"),
    ],
)
def test_what_is_no_hello_ends_the_connection(shared, data):
    with connect(shared) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        assert is_ended(connection)
    assert ask(shared, "/enterprisebuy.html").status == 302


def noted(porter):
    """Failed handshakes as the ledger counts them: reason, server name, version, connections."""
    assert porter.stop()[0] == 0
    return porter.rows("SELECT reason, server_name, offered_version, connections FROM failed_handshake ORDER BY reason")


def test_failed_handshakes_are_noted_and_aggregated(porter):
    context = client_context(ciphers="DHE-RSA-AES128-SHA256:@SECLEVEL=0", maximum=ssl.TLSVersion.TLSv1_2)
    for _ in range(3):
        with connect(porter) as connection:
            connection.sendall(client_hello(context, name="old.example.com")[0])
            assert is_ended(connection)
    with connect(porter):
        pass
    assert porter.health() == 200
    rows = noted(porter)
    reasons = [row[0] for row in rows if row[1:] == ("old.example.com", "1.2", 3)]
    assert len(reasons) == 1, rows
    assert "cipher" in reasons[0], rows
    assert sum(row[3] for row in rows) in (3, 4), rows


def test_a_hostile_server_name_is_not_kept(porter):
    context = client_context(ciphers="DHE-RSA-AES128-SHA256:@SECLEVEL=0", maximum=ssl.TLSVersion.TLSv1_2)
    hello = client_hello(context, name="a" * 40 + ".example.com")[0]
    for evil in (b"\nlevel=error msg=forged x", b"\x1b[31m", b"\0\0\0", b"\xc2\x85level=error", b"<script>alert(1)</script>"):
        with connect(porter) as connection:
            connection.sendall(hello.replace(b"a" * 40, evil.ljust(40, b"b")))
            assert is_ended(connection)
    assert porter.health() == 200
    rows = noted(porter)
    assert sum(row[3] for row in rows) == 5, rows
    assert {row[1] for row in rows} == {""}, rows
    assert all(character.isprintable() or character == "\n" for character in porter.log), repr(porter.log)


def is_ended(connection):
    """Reads whatever comes (an alert, a page) until the server closes."""
    try:
        while connection.recv(65_536):
            pass
    except ConnectionResetError:
        pass
    return True
