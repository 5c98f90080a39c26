"""One client's trouble is nobody else's."""

import contextlib
import os
import socket
import time
from collections import Counter
from pathlib import Path

from running import eventually
from wire import ask, client_hello, plain, request, secure


def quick(porter, scheme="https"):
    """One sign-up on a fresh connection while others stall."""
    begin = time.monotonic()
    assert ask(porter, "/enterprisebuy.html?Partner=1234567", scheme).status == 302
    return time.monotonic() - begin


def test_stalled_clients_cost_the_others_nothing(porter):
    alone = min(quick(porter) for _ in range(5))
    hello = client_hello()[0]
    stalled = []
    for number in range(300):
        connection = socket.create_connection(("127.0.0.1", porter.https_port), timeout=30)
        # Some say nothing, some stop inside the ClientHello, some never answer the server's part of the handshake.
        connection.sendall([b"", hello[:20], hello][number % 3])
        stalled.append(connection)
    for number in range(100):
        wire = plain(porter)
        wire.send([b"GET /enter", request("/enterprisebuy.html") * 40][number % 2])
        stalled.append(wire)
    others = min(quick(porter) for _ in range(5))
    assert others < alone + 0.25, f"{others:.3f} s beside stalled clients, {alone:.3f} s alone"
    for connection in stalled:
        connection.close()
    assert quick(porter) < 5


def test_stalled_handshakes_are_ended(porter):
    connections = []
    for data in (b"", client_hello()[0][:20], client_hello()[0]):
        connection = socket.create_connection(("127.0.0.1", porter.https_port), timeout=60)
        connection.sendall(data)
        connections.append(connection)
    begin = time.monotonic()
    for connection in connections:
        try:
            while connection.recv(65_536):
                pass
        except ConnectionResetError:
            pass
        connection.close()
    assert time.monotonic() - begin < 25


def test_more_connections_than_descriptors(farm):
    """Those who find no room are turned away at once; when others have left there is room again."""
    porter = farm.make(wrapper=["prlimit", "--nofile=256:256"]).start()
    crowd = []
    for _ in range(300):
        with contextlib.suppress(ConnectionResetError):
            crowd.append(socket.create_connection(("127.0.0.1", porter.http_port), timeout=30))
    assert "open_files=256" in porter.log
    for connection in crowd:
        connection.close()
    for scheme in ("http", "https"):
        eventually(lambda scheme=scheme: quick(porter, scheme) < 5, "there is room again")


def test_a_half_closed_connection_gets_its_answer_and_is_closed(porter):
    with plain(porter) as wire:
        wire.send(request("/enterprisebuy.html"))
        wire.half_close()
        assert wire.answer().status == 302
        assert wire.is_at_end()


def open_descriptors(porter):
    """The names of what the server holds open (`socket`, `anon_inode`, a path), each as often as it is open."""
    names = Counter()
    for descriptor in Path(f"/proc/{porter.pid}/fd").iterdir():
        # Some are closed while they are being read.
        with contextlib.suppress(FileNotFoundError):
            names[os.readlink(descriptor).partition(":")[0]] += 1
    return names


def test_closed_connections_leave_nothing_behind(porter):
    # Databases are counted apart: two reads of office.db at once open another of its at most five readers, which stays, and
    # the index opens the ledger when it first looks.
    def split(names):
        files = {name: count for name, count in names.items() if name.startswith(f"{porter.data}/")}
        return names - Counter(files), files

    quick(porter)
    # Sign-ups are answered before the socket for commands is open.
    eventually((porter.data / "control.sock").exists, "the server listens to commands")
    before, _ = split(open_descriptors(porter))
    for _ in range(30):
        with secure(porter) as wire:
            wire.send(request("/enterprisebuy.html")).answer()
        plain(porter).close()
    try:
        eventually(lambda: not split(open_descriptors(porter))[0] - before, "the descriptors of closed connections are closed")
    except AssertionError as error:
        raise AssertionError(f"left open: {split(open_descriptors(porter))[0] - before}") from error
    writer_and_readers = 6
    assert max(split(open_descriptors(porter))[1].values()) <= writer_and_readers
