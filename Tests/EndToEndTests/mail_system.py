"""A mail system: a real SMTP server that keeps what it is given, msmtp in front of it as the machine's sendmail, and scripts that
stand in for a sendmail that does not do what it should."""

import email
import email.policy
import sqlite3
import subprocess
import threading
from contextlib import closing
from pathlib import Path

from aiosmtpd.controller import Controller
from exposition import Metrics
from running import PATIENCE_SECONDS, eventually, free_port

COLUMNS = "change kind partner address language subscription product time state attempts next_attempt_at".split()


class Taken:
    """One message as the SMTP server got it: envelope, bytes, and what Python's own reader makes of them."""

    def __init__(self, envelope):
        self.sender = envelope.mail_from
        self.recipients = envelope.rcpt_tos
        self.bytes = envelope.original_content
        self.message = email.message_from_bytes(self.bytes, policy=email.policy.default)

    def __getitem__(self, header):
        return self.message[header]

    def text(self, kind="plain"):
        return self.message.get_body([kind]).get_content()


class _Keeper:
    """What the SMTP server does with mail. `refusal` is an SMTP answer instead of taking it."""

    def __init__(self):
        self.lock = threading.Lock()
        self.taken = []
        self.refusal = None

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 (aiosmtpd's name)
        if self.refusal:
            return self.refusal
        with self.lock:
            self.taken.append(Taken(envelope))
        return "250 taken"


class MailSystem:
    """`sendmail` is for the server's option; the SMTP server can be stopped and started on the same port."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.keeper = _Keeper()
        self.controller = None
        settings = self.folder / "msmtprc"
        settings.write_text(f"account default\nhost 127.0.0.1\nport {self.port}\nauth off\ntls off\ntimeout 20\n")
        # msmtp reads no settings that others may read.
        settings.chmod(0o600)
        self.sendmail = self.script("sendmail", f'exec msmtp -C "{settings}" "$@"')

    def script(self, name, lines):
        path = self.folder / name
        path.write_text(f'#!/bin/sh\nhere="{self.folder}"\n{lines}\n')
        path.chmod(0o700)
        return path

    def start(self):
        self.controller = Controller(self.keeper, hostname="127.0.0.1", port=self.port, ready_timeout=PATIENCE_SECONDS)
        self.controller.start()
        return self

    def stop(self):
        if self.controller:
            self.controller.stop()
        self.controller = None

    @property
    def taken(self):
        with self.keeper.lock:
            return list(self.keeper.taken)

    def wait(self, count=1):
        """The messages, once there are so many."""
        eventually(lambda: len(self.taken) >= count, f"{count} mails are taken")
        return self.taken


def _database(data):
    return closing(sqlite3.connect(Path(data) / "office.db", timeout=30, isolation_level=None))


def write_notice(data, time, **fields):
    """Writes a notice as the change of an association does. `time` is in microseconds since 1970."""
    row = {
        "change": "01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "kind": "added",
        "partner": 1234567,
        "address": "mpn@partner.example",
        "language": None,
        "subscription": "S-1",
        "product": "Office 365",
        "time": time,
        "state": "pending",
        "attempts": 0,
        "next_attempt_at": time,
    } | fields
    places = ", ".join("?" for _ in COLUMNS)
    with _database(data) as database:
        database.execute(f"INSERT INTO notice ({', '.join(COLUMNS)}) VALUES ({places})", [row[name] for name in COLUMNS])


def notices(data):
    """The outbox, as dictionaries, in the order of its changes."""
    with _database(data) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute("SELECT * FROM notice ORDER BY id")]


def make_due(data):
    """Nobody waits for a minute in a test: what is to be tried again is tried now."""
    with _database(data) as database:
        database.execute("UPDATE notice SET next_attempt_at = 0 WHERE state = 'pending'")


def metrics(porter):
    """By the control socket, so that no back office is needed."""
    done = subprocess.run(
        ["curl", "-sS", "--fail", "--unix-socket", porter.data / "control.sock", "http://localhost/metrics"],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return Metrics(done.stdout)
