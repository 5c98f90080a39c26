"""Many redirects over kept-alive TLS connections, and what they do to the server's memory. `make soak` runs it.

Exit status 1 when more than the limit is resident at the end, or when memory grew over the last half.
"""

import argparse
import multiprocessing
import sys
import tempfile
import time
from pathlib import Path

import running
from conftest import make_certificate
from wire import client_context, request, secure

# As many requests of one connection as the server reads before it waits for its answers.
PIPELINED = 16
PATHS = ["/enterprisebuy.html", "/enterprisetry.html", "/smallbizbuy.html", "/smallbiztry.html"]
# What an allocator may keep more or less from one moment to another.
NOISE_KIB = 1_024


def client(porter, connections, rounds, answered):
    """Sends `rounds` batches on each of its connections, and counts the redirects."""
    context = client_context()
    wires = [secure(porter, context) for _ in range(connections)]
    for number in range(rounds):
        partner = 1234567 + number % 3
        data = request(f"{PATHS[number % 4]}?Partner={partner}&culture=de-DE", fields=["User-Agent: Mozilla/5.0"]) * PIPELINED
        for wire in wires:
            wire.send(data)
        for wire in wires:
            for _ in range(PIPELINED):
                status = wire.answer().status
                if status != 302:
                    sys.exit(f"answered {status}")
        with answered.get_lock():
            answered.value += connections * PIPELINED
    for wire in wires:
        wire.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--redirects", type=int, default=500_000)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--limit-mb", type=float, default=60)
    options = parser.parse_args()
    processes = 2
    connections = options.connections // processes
    rounds = -(-options.redirects // (processes * connections * PIPELINED))
    total = processes * connections * PIPELINED * rounds

    with tempfile.TemporaryDirectory(prefix="porter-soak-") as name:
        folder = Path(name)
        pairs = [make_certificate(folder, "ecdsa", "ec"), make_certificate(folder, "rsa", "rsa")]
        porter = running.Porter(folder=folder / "porter", routes=running.SHIPPED_ROUTES, certificates=pairs)
        porter.data.mkdir(parents=True)
        running.command("partner", "import", running.SAMPLE_PARTNERS, data=porter.data, check=0)
        porter.start()
        try:
            is_good = measure(porter, processes, connections, rounds, total, options.limit_mb)
        finally:
            status, seconds = porter.stop()
        print(f"stopped with {status} in {seconds:.1f} s")
        recorded = running.counts(porter.data, "--by", "route")
        assert sum(row["requests"] for row in recorded) == total, recorded
        running.command("log", "verify", data=porter.data, check=0, timeout=900)
        print(f"the ledger counts {total} requests and verifies")
    return 0 if is_good and status == 0 else 1


def measure(porter, processes, connections, rounds, total, limit_mb):
    answered = multiprocessing.Value("q", 0)
    workers = [multiprocessing.Process(target=client, args=(porter, connections, rounds, answered)) for _ in range(processes)]
    begin = time.monotonic()
    for worker in workers:
        worker.start()
    # (redirects, KiB), at every twentieth of the way.
    samples = []
    while any(worker.is_alive() for worker in workers):
        if answered.value >= total * (len(samples) + 1) // 20 and len(samples) < 20:
            samples.append((answered.value, porter.memory_kib("VmRSS")))
            print(f"{samples[-1][0]:>9} redirects: {samples[-1][1] / 1024:6.1f} MB resident", flush=True)
        time.sleep(0.02)
    seconds = time.monotonic() - begin
    if any(worker.exitcode for worker in workers):
        print("a client failed")
        return False
    end = porter.memory_kib("VmRSS")
    middle = max(size for count, size in samples if count <= total * 0.6)
    print(f"{total} redirects in {seconds:.0f} s ({total / seconds:.0f} a second), {end / 1024:.1f} MB at the end")
    print(f"grown over the last half: {(end - middle) / 1024:+.1f} MB; most ever: {porter.memory_kib() / 1024:.1f} MB")
    return end < limit_mb * 1024 and end <= middle + NOISE_KIB


if __name__ == "__main__":
    sys.exit(main())
