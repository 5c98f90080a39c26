"""kill -9 under load: whatever a client was told is in the log, once."""

import os
import random
import socket
import ssl
import threading
from collections import Counter

import pytest
from wire import client_context, request, secure

ROUNDS = int(os.environ.get("CRASH_ROUNDS", "10"))
SEED = int(os.environ.get("CRASH_SEED", "20121026"))
CONNECTIONS = 32
PATHS = ["/enterprisebuy.html", "/enterprisetry.html", "/smallbizbuy.html", "/smallbiztry.html"]


class Client(threading.Thread):
    """Asks on one kept-alive connection until the server is gone, and keeps every receipt that it read."""

    def __init__(self, porter, number, context, pipelined):
        super().__init__(daemon=True)
        self.wire = secure(porter, context)
        self.data = request(f"{PATHS[number % 4]}?Partner={1234567 + number % 3}&culture=de-DE") * pipelined
        self.pipelined = pipelined
        self.receipts = []
        self.refused = []

    def run(self):
        try:
            while True:
                self.wire.send(self.data)
                for _ in range(self.pipelined):
                    answer = self.wire.answer()
                    if answer is None:
                        return
                    if answer.status == 302:
                        self.receipts.append(answer.receipt)
                    else:
                        self.refused.append(answer)
        except (OSError, ssl.SSLError, ValueError, AssertionError):
            # The kill may cut an answer anywhere. One that was not read whole is one that nobody got.
            pass
        finally:
            self.wire.close()


@pytest.mark.timeout(60 + ROUNDS * 30)
def test_every_receipt_that_a_client_got_survives_a_kill(farm, capsys):
    chance = random.Random(SEED)
    porter = farm.start()
    context = client_context()
    received = Counter()
    for number in range(ROUNDS):
        clients = [Client(porter, index, context, pipelined=chance.choice([1, 1, 4])) for index in range(CONNECTIONS)]
        for client in clients:
            client.start()
        # Not before every client is at work, then at any moment.
        for client in clients:
            client.join(timeout=0)
        threading.Event().wait(chance.uniform(0.02, 0.6))
        porter.kill()
        for client in clients:
            client.join(timeout=30)
            assert not client.is_alive(), "a client hangs on a server that is gone"
            assert not client.refused, client.refused[0]
            received.update(client.receipts)
        # An unchanged port proves that the restarted server does not wait for the old connections.
        porter.start()
        got = sum(len(client.receipts) for client in clients)
        with capsys.disabled():
            print(f"\n  round {number + 1}: killed after {got} answers", end="")
    assert sum(received.values()) > ROUNDS, "the clients got answers before the kills"
    assert max(received.values()) == 1, "a receipt was given twice"
    recorded = Counter(record["receipt"] for record in porter.records())
    lost = [receipt for receipt in received if recorded[receipt] != 1]
    assert not lost, f"{len(lost)} receipts are not in the log exactly once, for example {lost[0]}: {recorded[lost[0]]}"
    porter.command("log", "verify", check=0)


def test_a_half_written_write_ahead_log_is_cut_back_to_the_last_commit(farm):
    porter = farm.start()
    with secure(porter) as wire:
        receipts = []
        for _ in range(20):
            wire.send(request("/enterprisebuy.html?Partner=1234567"))
            receipts.append(wire.answer().receipt)
    porter.kill()
    log = porter.data / "ledger.db-wal"
    assert log.stat().st_size > 0
    # As if the power had failed while the next frame was being written.
    with log.open("ab") as file:
        file.write(os.urandom(3_000))
    porter.start()
    assert [record["receipt"] for record in porter.records()] == receipts
    porter.command("log", "verify", check=0)


def test_a_connection_cut_by_a_reset_costs_nothing(porter):
    for _ in range(20):
        wire = secure(porter)
        wire.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        wire.send(request("/enterprisebuy.html?Partner=1234567") * 3)
        wire.close()
    assert porter.health() == 200
    porter.command("log", "verify", check=0)
