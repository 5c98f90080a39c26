"""The server is stopped while an export runs, or a page is open: it ends in time and well, and nobody takes a part for the
whole."""

import http.client
import re
import shutil
import socket
import threading
import time
from pathlib import Path

import pytest
from chromium import Windows
from conftest import Farm
from office import Office
from running import PATIENCE_SECONDS, eventually
from wire import plain, request

ALLOWED_SECONDS = 5.0
# With many long fields, so that the export is longer than what sockets hold.
RECORDS = 1_280
LEAST_BYTES = 4_000_000


@pytest.fixture(scope="module")
def ledger(tmp_path_factory, certificates, staff):
    """A data folder with a long ledger, to be copied, and its CSV."""
    farm = Farm(tmp_path_factory.mktemp("ledger"), certificates, staff.data)
    office = Office(farm, staff=staff)
    names = "&".join(f"{'z' * 60}{number}=" for number in range(30))
    agent = f"User-Agent: Mozilla/5.0 {'(Windows NT 6.3) ' * 30}"
    batch = request(f"/enterprisebuy.html?Partner={'x' * 400}y&{names}", fields=[agent]) * 32
    with plain(office.porter) as wire:
        for _ in range(RECORDS // 32):
            wire.send(batch)
            assert {wire.answer().status for _ in range(32)} == {302}
    farm.close()
    office.porter.command("log", "export", "--format", "csv", "--output", farm.folder / "whole.csv", check=0)
    # By which Excel knows the file for UTF-8.
    whole = b"\xef\xbb\xbf" + (farm.folder / "whole.csv").read_bytes()
    assert len(whole) > LEAST_BYTES
    yield office.porter.data, whole
    shutil.rmtree(farm.folder)


@pytest.fixture
def long_office(farm, staff, ledger):
    data, whole = ledger
    office = Office(farm, staff=staff, template=data)
    office.whole = whole
    return office


class Export:
    """A client that reads an export at its own pace."""

    def __init__(self, office, target="/api/v1/log.csv"):
        self.connection = socket.socket()
        # As little as can be is on its way.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        self.connection.settimeout(PATIENCE_SECONDS)
        self.connection.connect(("127.0.0.1", office.port))
        self.connection.sendall(
            f"GET {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {office.tokens['auditor']}\r\n\r\n".encode()
        )
        self.received = bytearray()

    def read(self, least):
        """Reads until there are so many bytes; False when the connection ended before."""
        while len(self.received) < least:
            try:
                data = self.connection.recv(65_536)
            except ConnectionResetError:
                return False
            if not data:
                return False
            self.received += data
        return True

    def wait_until_stuck(self):
        """Until the server's side of the connection is full (proc(5), /proc/net/tcp: tx_queue)."""
        ends = [f"0100007F:{port:04X}" for port in (self.connection.getpeername()[1], self.connection.getsockname()[1])]
        waiting, since = 0, time.monotonic()
        while time.monotonic() < since + 1 or not waiting:
            lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
            (now,) = (int(line[4].split(":")[0], 16) for line in lines if line[1:3] == ends)
            if now != waiting:
                waiting, since = now, time.monotonic()
            time.sleep(0.05)

    def content(self):
        """The body as far as it came, and whether its end was said (RFC 9112, section 7.1)."""
        head, _, rest = bytes(self.received).partition(b"\r\n\r\n")
        assert re.search(rb"(?i)^transfer-encoding: chunked\r?$", head, re.MULTILINE), head
        body = b""
        while rest:
            size, found, data = rest.partition(b"\r\n")
            if not found:
                break
            length = int(size, 16)
            if length == 0:
                return body, True
            body += data[:length]
            rest = data[length + 2 :]
        return body, False


def stop_in_time(porter):
    status, seconds = porter.stop()
    assert status == 0, porter.log[-3_000:]
    assert seconds < ALLOWED_SECONDS, f"{seconds:.1f} s"
    assert "Fatal" not in porter.log and "precondition" not in porter.log, porter.log[-3_000:]


def check(export, whole):
    """What came is the beginning of the export, and said to be all only when it is."""
    body, is_whole = export.content()
    assert whole.startswith(body)
    assert is_whole == (body == whole), f"{len(body)} of {len(whole)} bytes, and the end is {'' if is_whole else 'not '}said"
    return is_whole


def test_an_export_that_nobody_reads_on(long_office):
    export = Export(long_office)
    assert export.read(200_000)
    export.wait_until_stuck()
    stop_in_time(long_office.porter)
    export.read(1 << 40)
    assert not check(export, long_office.whole), "so much does not fit into the sockets: it was cut"


def test_an_export_that_is_read_slowly(long_office):
    export = Export(long_office)
    ended = threading.Event()

    def read():
        while export.read(len(export.received) + 20_000):
            time.sleep(0.01)
        ended.set()

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    while len(export.received) < 400_000:
        time.sleep(0.01)
    stop_in_time(long_office.porter)
    assert ended.wait(PATIENCE_SECONDS), "the connection ends"
    check(export, long_office.whole)


def test_lines_of_json_are_cut_between_or_visibly(long_office):
    export = Export(long_office, "/api/v1/log.ndjson")
    assert export.read(100_000)
    stop_in_time(long_office.porter)
    export.read(1 << 40)
    body, is_whole = export.content()
    assert not is_whole
    assert body.count(b"\n") < RECORDS


def test_forms_that_are_half_sent(farm, staff):
    """Neither the pages' door nor the commands' waits for the rest."""
    office = Office(farm, staff=staff)
    page = socket.create_connection(("127.0.0.1", office.port), timeout=PATIENCE_SECONDS)
    command = socket.socket(socket.AF_UNIX)
    path = office.porter.data / "control.sock"
    eventually(path.exists, "commands are answered")
    command.connect(str(path))
    for connection, asked, target in (
        (page, "/sign-in", "/sign-in"),
        (command, "/api/v1/health", "/api/v1/partners/import"),
    ):
        whole = f"GET {asked} HTTP/1.1\r\nHost: localhost\r\n\r\n"
        half = f"POST {target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nname=a"
        # Both at once: when the first is answered, the second has come.
        connection.sendall((whole + half).encode())
        assert connection.recv(12) == b"HTTP/1.1 200"
    stop_in_time(office.porter)
    page.close()
    command.close()


def test_pages_that_are_open_and_asked_for(farm, staff, chromium):
    """Browsers keep connections open, and ask in the moment of the end."""
    office = Office(farm, staff=staff)
    windows = Windows(chromium, f"http://127.0.0.1:{office.port}")
    broken = []

    def ask():
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", office.port, timeout=PATIENCE_SECONDS)
            try:
                for _ in range(20):
                    connection.request("GET", "/sign-in")
                    answer = connection.getresponse()
                    if answer.status != 200 or not answer.read().rstrip().endswith(b"</html>"):
                        broken.append(answer.status)
            except http.client.IncompleteRead as problem:
                broken.append(problem)
            except (OSError, http.client.HTTPException):
                # The connection ended between two answers.
                if office.porter.process is None:
                    return
            finally:
                connection.close()

    with windows.open("admin") as window:
        page = window.open("/overview")
        threads = [threading.Thread(target=ask, daemon=True) for _ in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(0.3)
        stop_in_time(office.porter)
        for thread in threads:
            thread.join(PATIENCE_SECONDS)
            assert not thread.is_alive()
        # What was read can still be read.
        assert page.locator("h1").inner_text() == "Overview"
    assert not [status for status in broken if status != 503], broken
