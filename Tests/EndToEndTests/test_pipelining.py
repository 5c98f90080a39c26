"""Many requests at once on one connection: answered in order, in bounded memory."""

import contextlib
import select
import ssl
import threading

import pytest
from running import PATIENCE_SECONDS
from wire import plain, request, secure


def numbered(number, **parts):
    return request(f"/enterprisebuy.html?Partner=1234567&zz{number}=1", **parts)


def test_50_pipelined_requests_before_a_half_close_are_answered_in_order(porter):
    with plain(porter) as wire:
        wire.send(b"".join(numbered(number) for number in range(50)))
        wire.half_close()
        answers = wire.answers()
    assert [answer.status for answer in answers] == [302] * 50
    records = porter.records()
    assert [record["receipt"] for record in records] == [answer.receipt for answer in answers]
    assert [record["dropped"] for record in records] == [[f"zz{number}"] for number in range(50)]


def test_pipelined_requests_over_tls_are_answered_in_order(porter):
    with secure(porter) as wire:
        wire.send(b"".join(numbered(number) for number in range(49)) + numbered(49, fields=["Connection: close"]))
        answers = wire.answers()
    assert [answer.status for answer in answers] == [302] * 50
    assert [record["receipt"] for record in porter.records()] == [answer.receipt for answer in answers]


def test_answers_of_every_kind_keep_their_order(shared):
    mixture = [
        (request("/enterprisebuy.html"), 302),
        (request("/nowhere"), 404),
        (request("/enterprisebuy.html", method="DELETE"), 405),
        (request("/healthz"), 200),
        (request("/enterprisebuy.html", method="POST", fields=["Content-Length: 3"], body=b"a=b"), 303),
        (request("/favicon.ico"), 204),
        (request("/robots.txt"), 200),
    ]
    with secure(shared) as wire:
        wire.send(b"".join(data for data, _ in mixture) * 6)
        assert [wire.answer().status for _ in range(6 * len(mixture))] == [status for _, status in mixture] * 6


def test_nothing_after_connection_close_is_looked_at(shared):
    before = len(shared.records())
    with plain(shared) as wire:
        wire.send(numbered(0) + numbered(1, fields=["Connection: close"]) + numbered(2) + b"NONSENSE\r\n\r\n")
        assert [answer.status for answer in wire.answers()] == [302, 302]
    assert len(shared.records()) == before + 2


def test_a_request_that_a_half_close_cuts_off_does_not_take_the_others_with_it(shared):
    with plain(shared) as wire:
        wire.send(numbered(0) + numbered(1) + numbered(2)[:30])
        wire.half_close()
        statuses = [answer.status for answer in wire.answers()]
    assert statuses[:2] == [302, 302]
    assert statuses[2:] in ([], [400])


def redirects(connection, data, count):
    """Sends all of the data, as fast as it is taken, and counts the redirects that come back.

    By turns and not by two threads: an SSL object bears only one at a time.
    """
    line = b"HTTP/1.1 302 Found\r\n"
    connection.setblocking(False)
    sent, counted, tail = 0, 0, b""
    while counted < count:
        select.select([connection], [connection] if sent < len(data) else [], [], PATIENCE_SECONDS)
        with contextlib.suppress(BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            if sent < len(data):
                sent += connection.send(data[sent : sent + 65_536])
        with contextlib.suppress(BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            while chunk := connection.recv(262_144):
                counted += (tail + chunk).count(line)
                tail = (tail + chunk)[-len(line) + 1 :]
            # Only an end of input ends that loop without an exception.
            return counted
    return counted


@pytest.mark.measured
@pytest.mark.parametrize(("connect", "count"), [(plain, 100_000), (secure, 20_000)], ids=["plain-100000", "tls-20000"])
def test_pipelined_requests_in_one_write_stay_within_bounded_memory(porter, connect, count):
    data = request("/enterprisebuy.html?Partner=1234567") * count
    with connect(porter) as warm:
        for _ in range(200):
            warm.send(request("/enterprisebuy.html")).answer()
    before = porter.memory_kib("VmHWM")
    with connect(porter) as wire:
        assert redirects(wire.connection, data, count) == count
    growth = porter.memory_kib("VmHWM") - before
    print(f"peak memory grew by {growth} KiB from {before} KiB")
    assert growth < 24 * 1024


@pytest.mark.measured
def test_a_client_that_never_reads_is_not_answered_for_ever(porter):
    """32 unanswered requests stop the reading; so do answers that nobody takes."""
    data = request("/enterprisebuy.html?Partner=1234567") * 400_000
    before = porter.memory_kib("VmHWM")
    with plain(porter) as wire:
        wire.connection.setblocking(False)
        sent = stalled = 0
        while stalled < 40 and sent < len(data):
            try:
                sent += wire.connection.send(data[sent : sent + 1_000_000])
                stalled = 0
            except BlockingIOError:
                stalled += 1
                threading.Event().wait(0.05)
        assert sent < len(data), "the server stops reading when nobody reads its answers"
        assert porter.memory_kib("VmHWM") - before < 24 * 1024
        assert porter.health() == 200
