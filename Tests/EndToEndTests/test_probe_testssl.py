"""`porter probe` held against testssl.sh, which sends the recorded ClientHellos of real clients (Debian's package)."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from running import PATIENCE_SECONDS, command, environment
from test_old_windows import RELEASES, UNPATCHED_2012

INSTALLED = Path("/etc/testssl")
# TLS_RSA_WITH_RC4_128_SHA, TLS_RSA_WITH_RC4_128_MD5.
RC4 = {b"\x00\x05", b"\x00\x04"}
# By the words of `porter probe`: TLS version and suites.
OFFERS = {
    "2012": (0x0303, RELEASES["2012"]),
    "2012-r2": (0x0303, RELEASES["2012 R2"]),
    "2016": (0x0303, RELEASES["2016"]),
    "2012-tls10": (0x0301, UNPATCHED_2012),
}
# What testssl.sh 3.0.8 has of clients whose offer is that of a release. Phones are Schannel, too.
CLIENTS = {
    "ie_11_win7": "2012",
    "ie_11_winphone81update": "2012",
    "ie_11_win81": "2012-r2",
    "ie_11_win10": "2016",
    "edge_13_win10": "2016",
    "ie_8-10_win7": "2012-tls10",
}


def recorded_clients():
    """The blocks of testssl.sh's file of clients, by their short names."""
    text = (INSTALLED / "client-simulation.txt").read_text("utf-8")
    blocks = re.split(r"(?m)^(?=[ \t]*names\+=)", text)[1:]
    named = ((re.search(r'short\+=\("([^"]+)"\)', block), block) for block in blocks)
    return {found[1]: block for found, block in named if found}


def offer(block):
    """Version and suites of a recorded ClientHello, without RC4, which updates took out of Windows and no server here has; None
    for the few that have none, or are SSL 2's."""
    found = re.search(r'handshakebytes\+=\("(1603[0-9a-fA-F]+)"\)', block)
    if not found:
        return None
    hello = bytes.fromhex(found[1])
    version = int.from_bytes(hello[9:11], "big")
    position = 43 + 1 + hello[43]
    length = int.from_bytes(hello[position : position + 2], "big")
    suites = hello[position + 2 : position + 2 + length]
    pairs = [suites[index : index + 2] for index in range(0, length, 2)]
    return version, b"".join(pair for pair in pairs if pair not in RC4)


def suite_numbers(names):
    """Suites by OpenSSL's names as they stand in a ClientHello; testssl.sh brings the table."""
    mapping = (INSTALLED / "cipher-mapping.txt").read_text("utf-8")
    # SSL 2's have three bytes.
    lines = re.findall(r"(?m)^ *0x(\w\w),0x(\w\w) - (\S+)", mapping)
    numbers = {name: bytes.fromhex(high + low) for high, low, name in lines}
    return b"".join(numbers[name] for name in names.split(":"))


def clients_of_both():
    """Which recorded client offers just what a release does, in the same order."""
    offers = {(version, suite_numbers(names)): release for release, (version, names) in OFFERS.items()}
    found = {short: offers.get(offer(block)) for short, block in recorded_clients().items()}
    return {short: release for short, release in found.items() if release}


@pytest.fixture(scope="module")
def folder_of_known_clients(tmp_path_factory):
    """testssl.sh's folder with those clients alone, their recordings untouched: a hundred others would take minutes."""
    folder = tmp_path_factory.mktemp("testssl")
    for path in INSTALLED.iterdir():
        (folder / path.name).symlink_to(path)
    blocks = recorded_clients()
    (folder / "client-simulation.txt").unlink()
    (folder / "client-simulation.txt").write_text("\n".join(blocks[short] for short in CLIENTS), "utf-8")
    return folder


def simulation(folder, porter, result):
    """What each client agreed on, as protocol and suite; None for no connection."""
    done = subprocess.run(
        ["testssl", "--quiet", "--warnings", "off", "--color", "0", "--assume-http", "--nodns", "none", "--ip", "127.0.0.1"]
        + ["--client-simulation", "--jsonfile", result, f"localhost:{porter.https_port}"],
        env=environment(TESTSSL_INSTALL_DIR=str(folder), ALL_CLIENTS="true"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=4 * PATIENCE_SECONDS,
        check=False,
    )
    assert result.exists(), done.stdout + done.stderr
    findings = {
        entry["id"].removeprefix("clientsimulation-"): entry["finding"]
        for entry in json.loads(result.read_text("utf-8"))
        if entry["id"].startswith("clientsimulation-")
    }
    assert findings, done.stdout + done.stderr

    def agreed(finding):
        if finding == "No connection":
            return None
        protocol, suite = finding.split()[:2]
        # OpenSSL calls TLS 1.0 by the name that it had before there was a 1.1.
        return protocol.replace("TLSv1.0", "TLSv1"), suite

    return {short: agreed(finding) for short, finding in findings.items()}


def test_the_clients_that_both_know():
    assert clients_of_both() == CLIENTS


@pytest.mark.parametrize(
    "minimum, kinds",
    [
        pytest.param("1.2", ["ecdsa", "rsa"], id="both certificates"),
        pytest.param("1.0", ["ecdsa"], id="ECDSA and TLS 1.0"),
        pytest.param("1.0", ["rsa"], id="RSA and TLS 1.0"),
    ],
)
def test_both_agree(farm, certificates, folder_of_known_clients, tmp_path, minimum, kinds):
    pairs = [pair for pair in certificates if pair.certificate.stem in kinds]
    assert len(pairs) == len(kinds)
    porter = farm.start("--minimum-tls", minimum, certificates=pairs)
    simulated = simulation(folder_of_known_clients, porter, tmp_path / "testssl.json")
    done = command("probe", f"localhost:{porter.https_port}", "--json", "--path", "/enterprisetry.html", check=0)
    probed = {
        row["release"]: (row["protocol"], row["cipher_suite"]) if row["connected"] else None for row in json.loads(done.stdout)
    }
    assert simulated == {short: probed[release] for short, release in CLIENTS.items()}
    assert (probed["2012-tls10"] is None) == (minimum == "1.2")
    assert all(probed[release] for release in ("2012", "2012-r2", "2016"))
