"""The built program as a running server, and as commands."""

import csv
import io
import json
import os
import random
import resource
import signal
import socket
import sqlite3
import subprocess
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("PORTER_BINARY", REPOSITORY / ".build/debug/porter")).absolute()
FIXTURES = Path(__file__).resolve().parent / "Fixtures"
SAMPLE_PARTNERS = FIXTURES / "partners-sample.csv"
SHIPPED_ROUTES = REPOSITORY / "routes"

# A wrapper: a write beyond a limit is then an error, and no signal.
WITHOUT_FILE_SIGNAL = ["env", "--ignore-signal=XFSZ"]

# How long anything may take that normally takes milliseconds: generous, for slow machines and sanitizers.
PATIENCE_SECONDS = 30.0


def eventually(check, what, seconds=PATIENCE_SECONDS):
    """Asks `check` until it answers something true, and returns that."""
    deadline = time.monotonic() + seconds
    while True:
        answer = check()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        time.sleep(0.01)


# Ports that were given out: whoever got one may not listen on it yet.
_given_ports = set()
# Of tests that run side by side (pytest-xdist), none takes a port of another's.
_WORKERS = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


def free_port():
    """A TCP port that nobody listens on, below the range from which clients' ports are taken; never the same twice."""
    while True:
        port = random.randrange(20_000 + _WORKER, 32_000, _WORKERS)
        if port in _given_ports:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        _given_ports.add(port)
        return port


def is_listening(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS).close()
    except OSError:
        return False
    return True


def environment(**variables):
    """The tests' environment without Porter's own variables, and with the given ones."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PORTER_")}
    return inherited | variables


def command(*arguments, data=None, cwd=None, env=None, check=None, text=True, timeout=120):
    """Runs one command of the program to its end. `check` is the exit status that it must have."""
    full = [str(BINARY), *map(str, arguments)]
    if data is not None:
        full += ["--data", str(data)]
    done = subprocess.run(
        full, cwd=cwd or "/", env=env or environment(), capture_output=True, text=text, timeout=timeout, check=False
    )
    if check is not None:
        assert done.returncode == check, (
            f"{' '.join(full)}\nexit status {done.returncode}, not {check}\n{done.stdout}\n{done.stderr}"
        )
    return done


def records(data, *filters):
    """The records of a ledger, as `porter log export` writes them."""
    lines = command("log", "export", "--format", "ndjson", *filters, data=data, check=0).stdout.splitlines()
    return [json.loads(line) for line in lines]


def csv_records(data, *filters):
    text = command("log", "export", "--format", "csv", *filters, data=data, check=0, text=False).stdout
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline="")))


def counts(data, *options):
    return json.loads(command("counts", "--json", *options, data=data, check=0).stdout)


@dataclass
class Porter:
    """One `porter serve`. Its data folder outlives it, so that it can be started again."""

    folder: Path
    routes: Path
    certificates: list = field(default_factory=list)
    options: list = field(default_factory=list)
    env: dict = field(default_factory=dict)
    # What stands before the program on the command line: strace, for example.
    wrapper: list = field(default_factory=list)
    # Where the back office answers.
    back_office: str = "off"
    https_port: int = field(default_factory=free_port)
    http_port: int = field(default_factory=free_port)
    process: subprocess.Popen | None = None

    def __post_init__(self):
        self.data = self.folder / "data"
        self.log_path = self.folder / "serve.log"
        self.output_path = self.folder / "serve.out"

    @property
    def arguments(self):
        return [
            *self.wrapper,
            BINARY,
            *("serve", "--data", self.data, "--routes", self.routes, "--public", REPOSITORY / "Public"),
            *("--https", f"127.0.0.1:{self.https_port}", "--http", f"127.0.0.1:{self.http_port}"),
            *("--back-office", self.back_office),
            *(option for pair in self.certificates for option in pair.options),
            *self.options,
        ]

    def launch(self, stdout=None, stderr=None):
        """Starts the program and does not wait. Its streams go to files, or where they are told to."""
        assert self.process is None
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.log_path.open("ab") as log, self.output_path.open("ab") as output:
            self.process = subprocess.Popen(
                list(map(str, self.arguments)),
                cwd=self.folder,
                env=environment(**self.env),
                stdin=subprocess.DEVNULL,
                stdout=stdout or output,
                stderr=stderr or log,
            )
        return self

    def start(self, **streams):
        self.launch(**streams)
        eventually(self.is_ready, "the server answers /healthz")
        return self

    def is_ready(self):
        assert self.process.poll() is None, f"porter serve ended with {self.process.returncode}:\n{self.log}"
        try:
            return self.health() == 200
        except OSError:
            return False

    def health(self):
        connection = HTTPConnection("127.0.0.1", self.http_port, timeout=PATIENCE_SECONDS)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status
        finally:
            connection.close()

    @property
    def pid(self):
        """Of the program itself, not of what it is wrapped in."""
        own = self.process.pid
        if not self.wrapper:
            return own
        children = Path(f"/proc/{own}/task/{own}/children").read_text().split()
        return int(children[0]) if children else own

    def signal(self, number):
        os.kill(self.pid, number)

    def kill(self):
        """kill -9"""
        self.signal(signal.SIGKILL)
        self.process.wait()
        self.process = None

    def limit_files(self, file_bytes):
        """How large files of the running server may become; None for as large as they like. Stands in for a full disk, when the
        server was started with WITHOUT_FILE_SIGNAL."""
        most = resource.RLIM_INFINITY if file_bytes is None else file_bytes
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))

    def stop(self):
        """SIGTERM; returns the exit status and how many seconds it took."""
        begin = time.monotonic()
        self.signal(signal.SIGTERM)
        try:
            status = self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"porter serve does not stop within {PATIENCE_SECONDS} s of SIGTERM") from None
        self.process = None
        return status, time.monotonic() - begin

    @property
    def log(self):
        """What the server wrote to standard error."""
        return self.log_path.read_text("utf-8", "replace") if self.log_path.exists() else ""

    @property
    def output(self):
        return self.output_path.read_text("utf-8", "replace") if self.output_path.exists() else ""

    def records(self, *filters):
        return records(self.data, *filters)

    def record(self, receipt):
        found = self.records("--receipt", receipt)
        assert len(found) == 1, f"{len(found)} records with the receipt {receipt}"
        return found[0]

    def command(self, *arguments, **options):
        return command(*arguments, data=self.data, **options)

    def rows(self, query):
        """What a query of the ledger's file answers, read beside the running server."""
        database = sqlite3.connect(f"file:{self.data}/ledger.db?mode=ro", uri=True)
        try:
            return database.execute(query).fetchall()
        finally:
            database.close()

    def memory_kib(self, key="VmHWM"):
        """From /proc: VmRSS is what is resident now, VmHWM the most that ever was."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.split(f"{key}:")[1].split()[0])
