"""A server for the length of one run: started, checked, stopped, with a folder of its own."""

import contextlib
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import measuring
from certificates import Certificate
from signups import HOST, Endpoints

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
# How long a server may take to answer its first request, or to stop.
PATIENCE_SECONDS = 20.0


class ServerError(Exception):
    """A server that cannot be measured: what happened, and what it wrote."""


@dataclass(frozen=True)
class Site:
    """What every server is to serve."""

    folder: Path
    ecdsa: Certificate
    rsa: Certificate
    endpoints: Endpoints
    signups: list


def free_port(besides=None):
    """A TCP port on loopback that nobody listens on, below the range from which clients' ports are taken."""
    while True:
        port = random.randrange(20_000, 32_000)
        if port == besides:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def inherited_environment():
    """Without what would configure Porter from outside."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PORTER_")}


class Server:
    """What all servers have in common. Each kind says how it is configured, started and counted."""

    # Which configuration file of Peers/ it takes, if any.
    template: str | None = None

    def __init__(self, name, site, folder):
        self.name = name
        self.site = site
        self.folder = folder
        self.http_port = free_port()
        self.https_port = free_port(besides=self.http_port)
        self.process = None
        # By time.monotonic(), when the process was begun.
        self.launched = None

    def arguments(self):
        raise NotImplementedError

    def environment(self):
        return {}

    def prepare(self):
        """Writes what the server needs into its folder."""

    def substitutions(self):
        """What stands in place of @NAME@ in the template."""
        site = self.site
        return {
            "FOLDER": self.folder,
            "HOST": HOST,
            "HTTP_PORT": self.http_port,
            "HTTPS_PORT": self.https_port,
            "DESTINATION": site.endpoints.destination,
            "ECDSA_CERTIFICATE": site.ecdsa.certificate,
            "ECDSA_KEY": site.ecdsa.key,
            "ECDSA_BUNDLE": site.ecdsa.bundle,
            "RSA_CERTIFICATE": site.rsa.certificate,
            "RSA_KEY": site.rsa.key,
            "RSA_BUNDLE": site.rsa.bundle,
        }

    @property
    def configuration(self):
        return self.folder / self.template

    @property
    def standard_output(self):
        return self.output

    @property
    def output(self):
        """What it writes beside its log of requests."""
        return self.folder / "output.log"

    def requests_recorded(self):
        """How many requests stand in the server's log, after it stopped."""
        raise NotImplementedError

    def work_left(self):
        """What it put off and still has to do, in words, asked while it runs and after it stopped. None: nothing."""
        return None

    def start(self, processors):
        """On these processors, wherever when there are none named. Returns when it listens."""
        self.launch(processors)
        self._wait_until_ready()

    def launch(self, processors):
        self.folder.mkdir(parents=True)
        if self.template:
            values = self.substitutions()
            text = (HERE / "Peers" / self.template).read_text("utf-8")
            self.configuration.write_text(re.sub(r"@([A-Z_]+)@", lambda found: str(values[found[1]]), text), "utf-8")
        self.prepare()
        with self.standard_output.open("ab") as standard_output, self.output.open("ab") as output:
            self.launched = time.monotonic()
            self.process = subprocess.Popen(
                measuring.pinned(processors, self.arguments()),
                cwd=self.folder,
                env=inherited_environment() | self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=standard_output,
                stderr=output,
                start_new_session=True,
            )

    def _wait_until_ready(self):
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            if self.process.poll() is not None:
                raise ServerError(f"{self.name} ended with {self.process.returncode} at its start{self.last_words()}")
            try:
                with socket.create_connection(("127.0.0.1", self.https_port), timeout=1):
                    pass
                with socket.create_connection(("127.0.0.1", self.http_port), timeout=1):
                    return
            except OSError as error:
                if time.monotonic() > deadline:
                    raise ServerError(f"{self.name} does not listen: {error}{self.last_words()}") from None
                time.sleep(0.02)

    def last_words(self):
        """The end of what the server wrote, for an error's text."""
        texts = [file.read_text("utf-8", "replace") for file in (self.output, self.folder / "error.log") if file.exists()]
        text = "\n".join(texts).strip()[-1_500:]
        return f"; it wrote:\n{text}" if text else ""

    def pids(self):
        return measuring.process_tree(self.process.pid)

    def stop(self):
        """Asks it to stop, makes it if it does not, and returns its exit status."""
        if self.process is None:
            return None
        process, self.process = self.process, None
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE_SECONDS)
        # Whatever is left of it, above all when it did not want to.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        return process.wait()

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def count_lines(file, mark):
    """How many lines have the mark."""
    with file.open("rb") as lines:
        return sum(mark in line for line in lines)
