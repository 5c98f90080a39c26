"""What the end-to-end tests share: the program, certificates, route folders."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
import running
from chromium import Windows, launch
from office import Office, Staff
from playwright.sync_api import sync_playwright
from running import BINARY, SAMPLE_PARTNERS, SHIPPED_ROUTES, Porter


def pytest_sessionstart(session):
    if not session.config.option.collectonly and not BINARY.exists():
        pytest.exit(f"{BINARY} does not exist: build it first (swift build), or name another in PORTER_BINARY", 2)


# Tests of these take long, one by one: the last of them, begun last, would run alone while the other processor has nothing to do.
LONGEST_FIRST = (
    "test_accessibility test_hostile_visitor test_languages test_probe_testssl test_partner_of_record test_back_office "
    "test_slow_clients test_metrics"
).split()


def pytest_collection_modifyitems(items):
    """The order in which files of tests are begun; within a file nothing changes."""
    places = {name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Shows the servers' logs below a failure."""
    report = yield
    if report.failed:
        for porter in getattr(item, "porters", []):
            tail = porter.log[-6_000:]
            report.sections.append((f"standard error of the server on {porter.http_port}", tail))
    return report


@dataclass(frozen=True)
class CertificatePair:
    """A certificate with its key, as files."""

    certificate: Path
    key: Path

    @property
    def options(self):
        return ["--tls-certificate", self.certificate, "--tls-key", self.key]


def make_certificate(folder, name, algorithm, common_name="localhost", names=None):
    """Self-signed, by OpenSSL. `algorithm` is `ec` (P-256) or `rsa` (2048 bits). `names` are all that it names, localhost too
    unless told otherwise."""
    pair = CertificatePair(folder / f"{name}.crt", folder / f"{name}.key")
    kind = ["-newkey", "rsa:2048"] if algorithm == "rsa" else ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    subprocess.run(
        ["openssl", "req", "-x509", "-nodes", *kind, "-days", "30", "-subj", f"/CN={common_name}"]
        + ["-addext", f"subjectAltName={names or f'DNS:{common_name},DNS:localhost,IP:127.0.0.1'}"]
        + ["-out", pair.certificate, "-keyout", pair.key],
        check=True,
        capture_output=True,
    )
    return pair


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    """An ECDSA and an RSA certificate, in this order."""
    folder = tmp_path_factory.mktemp("certificates")
    return [make_certificate(folder, "ecdsa", "ec"), make_certificate(folder, "rsa", "rsa")]


@pytest.fixture(scope="session")
def data_with_partners(tmp_path_factory):
    """A data folder with the sample partners, to be copied."""
    folder = tmp_path_factory.mktemp("template") / "data"
    folder.mkdir()
    running.command("partner", "import", SAMPLE_PARTNERS, data=folder, check=0)
    return folder


@pytest.fixture(scope="session")
def staff(tmp_path_factory, data_with_partners):
    """The same with a user and a token of each role."""
    return Staff.make(tmp_path_factory.mktemp("staff") / "data", data_with_partners)


class Farm:
    """Starts servers for one test, or for one file of tests, and stops them after it."""

    def __init__(self, folder, certificates, data):
        self.folder = folder
        self.certificates = certificates
        self.template = data
        self.porters = []

    def make(self, *options, routes=SHIPPED_ROUTES, has_partners=True, template=None, certificates=None, **fields):
        """A server that is not started yet, with a fresh data folder: a copy of the template (unless told otherwise the
        one with the sample partners), or empty."""
        porter = Porter(
            folder=self.folder / f"porter-{len(self.porters)}",
            routes=routes,
            certificates=self.certificates if certificates is None else certificates,
            options=list(options),
            **fields,
        )
        if has_partners:
            shutil.copytree(template or self.template, porter.data)
        else:
            porter.data.mkdir(parents=True)
        self.porters.append(porter)
        return porter

    def start(self, *options, **fields):
        return self.make(*options, **fields).start()

    def close(self):
        """Stops what still runs; each must end well, as it must for an operator."""
        problems = []
        for porter in self.porters:
            if porter.process is None:
                continue
            if porter.process.poll() is not None:
                problems.append(f"porter serve ended by itself with {porter.process.returncode}")
                continue
            try:
                status, _ = porter.stop()
            except AssertionError as problem:
                problems.append(str(problem))
                continue
            if status != 0:
                problems.append(f"porter serve ended with {status} after SIGTERM")
        assert not problems, problems


@pytest.fixture
def farm(request, tmp_path, certificates, data_with_partners):
    farm = Farm(tmp_path, certificates, data_with_partners)
    request.node.porters = farm.porters
    yield farm
    farm.close()
    shutil.rmtree(tmp_path, ignore_errors=True)


@pytest.fixture
def porter(farm):
    """A running server of one test's own: shipped routes, sample partners."""
    return farm.start()


@pytest.fixture(scope="module")
def shared_farm(tmp_path_factory, certificates, data_with_partners):
    farm = Farm(tmp_path_factory.mktemp("shared"), certificates, data_with_partners)
    yield farm
    farm.close()


@pytest.fixture(scope="module")
def shared_server(shared_farm):
    return shared_farm.start()


@pytest.fixture
def shared(request, shared_server):
    """A running server that the tests of one file share: for those that leave it as it was."""
    request.node.porters = [shared_server]
    return shared_server


@pytest.fixture(scope="module")
def office(shared_farm, staff):
    """A back office with its staff that the tests of one file share."""
    return Office(shared_farm, staff=staff)


@pytest.fixture(scope="session")
def chromium():
    """A browser for all tests that look at pages."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def windows(chromium, office):
    """Windows on the back office that the tests of one file share."""
    return Windows(chromium, f"http://127.0.0.1:{office.port}")


@pytest.fixture
def write_routes(tmp_path):
    """Makes a folder of route files out of texts by name."""

    def write(folder="routes", **texts):
        path = tmp_path / folder
        path.mkdir(exist_ok=True)
        for name, text in texts.items():
            (path / f"{name}.yaml").write_text(text, "utf-8")
        return path

    return write
