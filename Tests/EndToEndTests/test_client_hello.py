"""ClientHellos that come in pieces, and what is no ClientHello at all."""

import socket

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


def test_failed_handshakes_are_noted(porter):
    legacy = client_context(ciphers="DHE-RSA-AES128-SHA256:@SECLEVEL=0")
    legacy.maximum_version = legacy.maximum_version.TLSv1_2
    hello = client_hello(legacy, name="old.example.com")[0]
    with connect(porter) as connection:
        connection.sendall(hello)
        assert is_ended(connection)
    assert porter.health() == 200


def is_ended(connection):
    """Reads whatever comes (an alert, a page) until the server closes."""
    try:
        while connection.recv(65_536):
            pass
    except ConnectionResetError:
        pass
    return True
