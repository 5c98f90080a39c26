"""The programs that ask: our own load client, and others' with which to compare it."""

import contextlib
import json
import os
import re
import signal
import subprocess
import threading
from dataclasses import dataclass, field

import measuring
from cores import Cores
from disk import percentile
from servers import ServerError
from signups import HOST

# What a client may take on top of the time it was told to measure.
GRACE_SECONDS = 25


@dataclass
class Asked:
    """What one client saw. Latencies in milliseconds by percentile; a client that doesn't measure one leaves it out."""

    answered: int
    # Also before and after the window: what the server must have recorded at least.
    answered_ever: int
    latencies: dict
    faults: dict = field(default_factory=dict)
    first_fault: str = ""
    # TLS handshakes in the window, and how many of them were resumed; None where the client does not say.
    handshakes: int | None = None
    resumed: int | None = None
    # Connections in the window that came after an earlier one of the same place; None where the client does not say.
    reconnected: int | None = None
    # What the first handshake agreed on.
    tls: str = ""
    # Connections that the server did not end properly, or not within two seconds.
    unclean: int = 0
    # Requests that were due and not yet sent when the window ended (open loop).
    waiting: int = 0
    # The window, when the client measured none itself: its whole life.
    window: measuring.Window | None = None


@dataclass(frozen=True)
class Order:
    """One run of a client against one server."""

    server: object
    scenario: object
    connections: int
    seconds: int
    warmup: int
    cores: Cores
    # Where the client may leave files.
    folder: object
    rate: float | None = None

    @property
    def is_tls(self):
        return "tls" in self.scenario.options

    def url(self, signup, host=HOST):
        scheme, port = ("https", self.server.https_port) if self.is_tls else ("http", self.server.http_port)
        return f"{scheme}://{host}:{port}{signup.target}"


def run_client(order):
    """Asks the server as the scenario says. Raises ServerError when the client fails, or hangs."""
    return CLIENTS[order.scenario.client](order)


def watch(order, command, begins=None, ends=None):
    """Runs a client, and takes snapshots when it writes the lines that begin as given, or at its own begin and end.

    Returns what it wrote and the window.
    """
    pids = order.server.pids()
    client = subprocess.Popen(
        measuring.pinned(order.cores.client, command),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    watchdog = threading.Timer(order.warmup + order.seconds + GRACE_SECONDS, client.kill)
    watchdog.start()
    try:
        begin = None if begins else snapshot(order, pids, client)
        end = None
        lines = []
        for line in client.stdout:
            lines.append(line)
            if begins and line.startswith(begins):
                begin = snapshot(order, pids, client)
            elif ends and line.startswith(ends):
                end = snapshot(order, pids, client)
        # The process is not yet waited for, so that its clock can still be read.
        end = end or snapshot(order, pids, client)
        errors = client.stderr.read()
        status = client.wait()
    finally:
        watchdog.cancel()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(client.pid, signal.SIGKILL)
        client.wait()
    if status != 0 or begin is None:
        raise ServerError(f"{command[0]} ended with {status}: {errors.strip()[-500:]}{order.server.last_words()}")
    return "".join(lines), measuring.Window.between(begin, end, order.cores)


def snapshot(order, pids, client):
    try:
        return measuring.Snapshot.take(pids, client.pid, order.cores)
    except OSError:
        raise ServerError(f"{order.server.name} ended while it was measured{order.server.last_words()}") from None


def run_load(order):
    """Our own client, in Client/."""
    site = order.server.site
    is_tls = "--tls" in order.scenario.options
    command = [
        site.folder / "load",
        *("--port", order.server.https_port if is_tls else order.server.http_port),
        *("--requests", site.folder / "requests", "--name", HOST),
        *("--connections", order.connections, "--seconds", order.seconds, "--warmup", order.warmup),
        *order.scenario.options,
        *(("--rate", order.rate) if order.rate else ()),
    ]
    output, window = watch(order, command, begins="measuring", ends="measured")
    said = json.loads(output.splitlines()[-1])
    return Asked(
        answered=said["answered"],
        answered_ever=said["answered_ever"],
        latencies={name: microseconds / 1000 for name, microseconds in said["latency_us"].items()},
        faults={name: count for name, count in said["faults"].items() if count},
        first_fault=said["first_fault"],
        handshakes=said["handshakes"],
        resumed=said["resumed"],
        reconnected=said["reconnected"],
        tls=said["tls"],
        unclean=said["unclean"],
        waiting=said["waiting"],
        window=window,
    )


def run_h2load(order):
    """h2load, with one stream at a time on each connection. It checks no Location, only the kind of status."""
    site, port = order.server.site, order.server.https_port
    uris, log = order.folder / "uris", order.folder / "h2load.log"
    uris.write_text("".join(f"https://{HOST}:{port}{signup.target}\n" for signup in site.signups), "utf-8")
    log.unlink(missing_ok=True)
    fields = [f"--header={name}: {value}" for name, value in site.signups[0].fields.items()]
    output, window = watch(
        order,
        ["h2load", "--threads=1", f"--clients={order.connections}", "--max-concurrent-streams=1"]
        + [f"--duration={order.seconds}", f"--warm-up-time={order.warmup}", f"--connect-to=127.0.0.1:{port}"]
        + ["--groups=X25519", "--tls13-ciphers=TLS_AES_128_GCM_SHA256", f"--input-file={uris}", f"--log-file={log}", *fields],
        begins="Main benchmark duration is started",
        ends="Main benchmark duration is over",
    )
    if "Application protocol: h2\n" not in output:
        raise ServerError(f"{order.server.name} speaks no HTTP/2 to h2load:\n{output[-500:]}")
    counts = dict(map(reversed, re.findall(r"(\d+) (\w+)", output.partition("requests: ")[2].partition("\n")[0])))
    redirects = int(re.search(r"(\d+) 3xx", output)[1])
    # A line for each request: when it began, its status, how many microseconds it took.
    rows = [line.split("\t") for line in log.read_text("ascii").splitlines()]
    taken = sorted(int(row[2]) / 1000 for row in rows)
    faults = {
        "status": sum(1 for row in rows if row[1] != "302"),
        "failed": int(counts["failed"]) + int(counts["errored"]) + int(counts["timeout"]),
    }
    return Asked(
        answered=redirects,
        answered_ever=redirects,
        latencies={f"p{percent:g}": percentile(taken, percent) for percent in (50, 90, 99, 99.9)} if taken else {},
        faults={name: count for name, count in faults.items() if count},
        window=window,
    )


def run_wrk(order):
    script = order.folder / "requests.lua"
    heads = ",\n".join(f"[==[{signup.head.decode()}]==]" for signup in order.server.site.signups)
    # Lua folds CR LF in a long string to LF.
    script.write_text(
        f"local heads = {{{heads}}}\nlocal turn = 0\n"
        "for index = 1, #heads do heads[index] = heads[index]:gsub('\\n', '\\r\\n') end\n"
        "function request()\n  turn = turn % #heads + 1\n  return heads[turn]\nend\n",
        "utf-8",
        newline="\n",
    )
    url = order.url(order.server.site.signups[0], host="127.0.0.1")
    output, window = watch(
        order,
        ["wrk", "--threads", "1", "--connections", order.connections, "--duration", f"{order.seconds}s", "--latency"]
        + ["--timeout", "10s", "--script", script, url],
    )
    units = {"us": 0.001, "ms": 1, "s": 1000}
    latencies = {
        f"p{percent}": float(value) * units[unit]
        for percent, value, unit in re.findall(r"^ +(50|90|99)%\s+([\d.]+)(us|ms|s)", output, re.MULTILINE)
    }
    answered = int(re.search(r"(\d+) requests in", output)[1])
    bad = sum(map(int, re.findall(r"(?:Non-2xx or 3xx responses:|connect|read|write|timeout) (\d+)", output)))
    return Asked(answered, answered, latencies, faults={"wrk": bad} if bad else {}, window=window)


def run_ab(order):
    """ApacheBench: one request again and again, a new connection each time."""
    table = order.folder / "ab.csv"
    tls = ["-f", "TLS1.3"] if order.is_tls else []
    signup = order.server.site.signups[0]
    fields = [word for name, value in signup.fields.items() for word in ("-H", f"{name}: {value}")]
    output, window = watch(
        order,
        ["ab", "-q", *tls, "-c", order.connections, "-t", order.seconds, "-n", 10_000_000, "-e", table, *fields]
        + [order.url(signup, host="127.0.0.1")],
    )
    rows = dict(line.split(",") for line in table.read_text("ascii").splitlines()[1:])
    answered = int(re.search(r"Complete requests:\s+(\d+)", output)[1])
    failed = int(re.search(r"Failed requests:\s+(\d+)", output)[1])
    latencies = {f"p{percent}": float(rows[str(percent)]) for percent in (50, 90, 99)}
    return Asked(answered, answered, latencies, faults={"ab": failed} if failed else {}, window=window)


CLIENTS = {"load": run_load, "h2load": run_h2load, "wrk": run_wrk, "ab": run_ab}
