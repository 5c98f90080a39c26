"""SIGTERM ends the server within five seconds, whatever its clients do; what is in flight is finished."""

import signal
import socket
import threading

import pytest
from wire import client_hello, plain, request, secure

ALLOWED_SECONDS = 5.0


def stop_in_time(porter):
    status, seconds = porter.stop()
    assert status == 0, porter.log[-2_000:]
    assert seconds < ALLOWED_SECONDS
    return seconds


def raw(porter):
    return socket.create_connection(("127.0.0.1", porter.https_port), timeout=30)


def test_with_nobody_connected(porter):
    stop_in_time(porter)


def test_with_idle_connections_stalled_handshakes_and_half_sent_requests(porter):
    idle = [secure(porter) for _ in range(4)] + [plain(porter) for _ in range(4)]
    for wire in idle:
        assert wire.send(request("/enterprisebuy.html")).answer().status == 302
    silent = [raw(porter) for _ in range(4)]
    hello = client_hello()[0]
    half_hello, whole_hello = raw(porter), raw(porter)
    half_hello.sendall(hello[:40])
    whole_hello.sendall(hello)
    half_sent = [secure(porter), plain(porter)]
    for wire in half_sent:
        wire.send(b"GET /enterprisebuy.html HTTP/1.1\r\nHo")
    half_body = plain(porter)
    half_body.send(
        request(
            "/enterprisebuy.html",
            method="POST",
            fields=["Content-Type: application/x-www-form-urlencoded", "Content-Length: 15"],
            body=b"Part",
        )
    )
    unread = plain(porter)
    unread.send(request("/enterprisebuy.html") * 500)
    try:
        stop_in_time(porter)
    finally:
        for connection in [*idle, *half_sent, half_body, unread, *silent, half_hello, whole_hello]:
            connection.close()


def test_with_idle_http_2_connections(porter):
    from wire import client_context

    with secure(porter, client_context(alpn=["h2"])) as wire:
        # The preface and empty settings; then nothing.
        wire.send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\x04\0\0\0\0\0")
        assert wire.connection.recv(9)[3] == 4, "the server's settings"
        stop_in_time(porter)


def test_what_is_in_flight_is_committed_and_answered(porter):
    """Under load: every answer that came is in the log, and no connection is cut inside an answer."""
    receipts, broken = [], []

    def work():
        try:
            wire = secure(porter)
        except OSError:
            return  # begun when it stopped
        try:
            while True:
                wire.send(request("/enterprisebuy.html?Partner=1234567"))
                answer = wire.answer()
                if answer is None:
                    return
                receipts.append(answer.receipt)
                if answer["Connection"] == "close":
                    return
        except AssertionError as problem:
            broken.append(problem)
        except OSError:
            pass
        finally:
            wire.close()

    threads = [threading.Thread(target=work, daemon=True) for _ in range(16)]
    for thread in threads:
        thread.start()
    while len(receipts) < 100:
        threading.Event().wait(0.01)
    stop_in_time(porter)
    for thread in threads:
        thread.join(30)
    assert not broken
    porter.start()
    assert set(receipts) <= {record["receipt"] for record in porter.records()}
    porter.command("log", "verify", check=0)


def test_new_connections_are_not_accepted_after_it(porter):
    stop_in_time(porter)
    with pytest.raises(ConnectionRefusedError):
        plain(porter)


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_signal_that_comes_with_the_first_word(farm, number):
    for _ in range(3):
        porter = farm.make().launch()
        while "msg=serving" not in porter.log:
            assert porter.process.poll() is None, porter.log
        porter.signal(number)
        if number == signal.SIGTERM:
            assert porter.process.wait(10) == 0
            porter.process = None
        else:
            stop_in_time(porter)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_control_c_is_as_good(porter, number):
    porter.signal(number)
    assert porter.process.wait(10) == 0
    porter.process = None
