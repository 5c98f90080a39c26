"""`porter probe`, against Porter and against what else there is in the world."""

import contextlib
import json
import socket
import subprocess
import threading

import pytest
from conftest import CertificatePair, make_certificate
from route_files import SHIPPED
from running import command, counts, environment, free_port
from webservers import DESTINATION, PATHS, Caddy, Nginx

PATCHED = ["2012", "2012-r2", "2016"]
UNPATCHED = "2012-tls10"
# A line of the terminal's table.
WIDTH = 116


def probe(target, *options, expected, **more):
    """The report, by release."""
    done = command("probe", target, "--json", *options, check=expected, **more)
    rows = json.loads(done.stdout)
    assert [row["release"] for row in rows[:4]] == [*PATCHED, UNPATCHED]
    return {row["release"]: row for row in rows}


def told(target, *options, expected, **more):
    """The report in a terminal."""
    done = command("probe", target, *options, check=expected, **more)
    assert all(len(line) <= WIDTH for line in done.stdout.splitlines()), done.stdout
    return done.stdout


def flat(text):
    """The text as if lines had no end."""
    return " ".join(text.split())


def agreed(row):
    return row["protocol"], row["cipher_suite"], row["certificate"]


def check_signs_up(row):
    assert row["can_sign_up"] and row["reason"] is None, row
    assert [endpoint["path"] for endpoint in row["endpoints"]] == PATHS
    for endpoint in row["endpoints"]:
        assert endpoint["can_sign_up"] and endpoint["status"] == 302 and endpoint["reason"] is None, endpoint
        assert endpoint["milliseconds"] >= 0, endpoint


# MARK: Porter


def test_each_release_signs_up_at_porter_and_no_count_changes(porter):
    target = f"localhost:{porter.https_port}"
    report = probe(target, "--http-port", porter.http_port, expected=0)
    urls = {route["destination"]["url"] for route in SHIPPED.values()}
    for release in PATCHED:
        row = report[release]
        check_signs_up(row)
        assert row["counts"] and row["connected"]
        assert agreed(row) == ("TLSv1.2", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDSA")
        assert {endpoint["location"].split("?")[0] for endpoint in row["endpoints"]} <= urls
        assert (row["names_host"], row["chain_verifies"], row["certificate_problem"]) == (True, False, "self-signed certificate")
        assert len(row["certificate_sha256"]) == 64
        assert row["mends"] == ["trusted-certificate"]
        assert {"DES-CBC3-SHA", "EDH-DSS-DES-CBC3-SHA"} >= set(row["not_sent"])
    # What each offers by ALPN, Porter speaks.
    assert [report[release]["application_protocol"] for release in PATCHED] == [None, "http/1.1", "h2"]
    unpatched = report[UNPATCHED]
    assert not unpatched["connected"] and not unpatched["counts"] and not unpatched["can_sign_up"], unpatched
    assert unpatched["reason"] == "the server does not speak a TLS version of this release"
    assert unpatched["mends"] == ["older-tls"]
    plain = report["plain"]
    check_signs_up(plain)
    assert plain["counts"] and plain["protocol"] is None and not plain["connected"]

    records = porter.records()
    assert len(records) == 4 * len(PATHS) and {record["test"] for record in records} == {1}
    assert {record["scheme"] for record in records} == {"https", "http"}
    (row,) = counts(porter.data)
    assert (row["requests"], row["visits"], row["unique"]) == (len(records), 0, 0), "a test is never counted as a visit"
    probe(target, "--require-tls10", expected=1)


def test_a_probe_is_no_lost_signup(farm):
    porter = farm.start("--minimum-tls", "1.3")
    probe(f"localhost:{porter.https_port}", expected=1)
    # What is not written yet is written now.
    assert porter.stop()[0] == 0
    assert json.loads(porter.command("log", "handshakes", "--signups", "--json", check=0).stdout) == []


def test_the_unpatched_release_signs_up_where_tls_1_0_is_allowed(farm):
    porter = farm.start("--minimum-tls", "1.0")
    report = probe(f"localhost:{porter.https_port}", "--require-tls10", expected=0)
    assert list(report) == [*PATCHED, UNPATCHED], "no port for plain HTTP was named"
    for row in report.values():
        check_signs_up(row)
    assert agreed(report[UNPATCHED])[0] == "TLSv1"


def test_tls_1_3_alone_lets_nobody_in(farm):
    porter = farm.start("--minimum-tls", "1.3")
    report = probe(f"localhost:{porter.https_port}", expected=1)
    assert [report[release]["mends"] for release in PATCHED] == [["lower-floor"]] * 3
    text = flat(told(f"localhost:{porter.https_port}", expected=1))
    assert " lower-floor (2012, 2012-r2, 2016): " in text and "--minimum-tls 1.2" in text


def test_the_table_for_a_person(shared):
    text = told(f"localhost:{shared.https_port}", "--http-port", shared.http_port, expected=0)
    rows = [line.split() for line in text.splitlines()]
    assert ["release", "path", "sign-up", "tls", "suite", "certificate", "chain", "status", "ms"] in rows
    # The first line that begins so: notes below the table may, too.
    cells = {row[0]: row for row in reversed(rows) if row and row[0] in (*PATCHED, UNPATCHED, "plain")}
    assert cells["2012-r2"][1:7] == ["all", "4", "yes", "1.2", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDSA"]
    assert cells["2016"][4:6] == ["1.2", "h2"]
    assert cells[UNPATCHED][1:4] == ["all", "4", "no"]
    assert cells["plain"][1:5] == ["all", "4", "yes", "-"]
    assert text.count("→ https://signup.example.com/Signup?…") == 4
    assert "Every release that counts can sign up." in text
    assert "  older-tls (2012-tls10; does not count): " in text
    assert "not sent: DES-CBC3-SHA, EDH-DSS-DES-CBC3-SHA, which" in flat(text)


def test_paths_of_ones_own(shared):
    paths = ["/p/1234567/enterprise/trial", "/nowhere"]
    target = f"localhost:{shared.https_port}"
    report = probe(target, "--path", paths[0], "--path", paths[1], expected=1)
    for release in PATCHED:
        good, bad = report[release]["endpoints"]
        assert (good["path"], good["status"], "msppid=1234567" in good["location"]) == (paths[0], 302, True)
        assert (bad["path"], bad["status"], bad["can_sign_up"]) == (paths[1], 404, False)
        # Of the first path that failed.
        assert report[release]["status"] == 404
        assert report[release]["reason"] == "answered 404: there is no route for /nowhere; name one with --path"
        assert "route" in report[release]["mends"]
    probe(target, "--path", paths[0], expected=0)
    text = flat(told(target, "--path", paths[0], "--path", paths[1], expected=1))
    assert "there is no route for /nowhere: add one" in text


@pytest.mark.parametrize(
    "arguments",
    [
        ["a:b"],
        ["localhost", "--path", "x"],
        ["localhost", "--path", "/a b"],
        ["localhost", "--path", "/" + "a" * 9_000],
        ["localhost", "--http-port", "0"],
        ["localhost", "--timeout", "0"],
        [],
    ],
)
def test_wrong_arguments(arguments):
    command("probe", *arguments, check=64)


# MARK: Other servers


@pytest.fixture
def pairs(certificates):
    return dict(zip(("ecdsa", "rsa"), certificates, strict=True))


def test_nginx_with_an_ecdsa_certificate(tmp_path, pairs):
    with Nginx(tmp_path / "nginx", pairs["ecdsa"]) as nginx:
        report = probe(f"localhost:{nginx.https_port}", "--http-port", nginx.http_port, expected=0)
    for release in PATCHED:
        check_signs_up(report[release])
        assert agreed(report[release]) == ("TLSv1.2", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDSA")
        assert report[release]["location"] == DESTINATION
    check_signs_up(report["plain"])
    # Debian's nginx.conf allows TLS 1.0, and OpenSSL's security level does not.
    assert not report[UNPATCHED]["connected"] and report[UNPATCHED]["mends"] == ["older-tls"], report[UNPATCHED]


def test_nginx_with_an_rsa_certificate(tmp_path, pairs):
    with Nginx(tmp_path / "nginx", pairs["rsa"]) as nginx:
        report = probe(f"localhost:{nginx.https_port}", expected=0)
        probe(f"localhost:{nginx.https_port}", "--require-tls10", expected=1)
    for release in PATCHED:
        check_signs_up(report[release])
    # HIGH has CBC, too, which is all that the older two have with ECDHE and RSA.
    assert agreed(report["2012"]) == agreed(report["2012-r2"]) == ("TLSv1.2", "ECDHE-RSA-AES256-SHA384", "RSA")
    assert agreed(report["2016"]) == ("TLSv1.2", "ECDHE-RSA-AES256-GCM-SHA384", "RSA")
    assert not report[UNPATCHED]["connected"] and report[UNPATCHED]["mends"] == ["older-tls"], report[UNPATCHED]


def test_nginx_that_is_no_gateway(tmp_path, pairs):
    with Nginx(tmp_path / "nginx", pairs["ecdsa"], redirects=PATHS[:1]) as nginx:
        target = f"localhost:{nginx.https_port}"
        report = probe(target, "--http-port", nginx.http_port, expected=1)
        text = told(target, expected=1)
    for release in PATCHED:
        assert report[release]["connected"] and not report[release]["can_sign_up"], report[release]
        assert [endpoint["status"] for endpoint in report[release]["endpoints"]] == [302, 404, 404, 404]
        assert "route" in report[release]["mends"]
    assert report["plain"]["mends"] == ["plain-http"]
    lines = text.splitlines()
    for path in PATHS:
        assert sum(line.startswith("2012 ") and f" {path} " in line for line in lines) == 1, text
    assert "Can't sign up: Windows Server 2012 (KB3042058), " in text


def test_caddy_with_an_rsa_certificate_keeps_2012_out(tmp_path, pairs):
    with Caddy(tmp_path / "caddy", pairs["rsa"]) as caddy:
        target = f"localhost:{caddy.https_port}"
        report = probe(target, expected=1)
        text = told(target, expected=1)
    for release in ("2012", "2012-r2"):
        row = report[release]
        assert not row["connected"] and not row["can_sign_up"], row
        assert row["reason"] == "the server shares no cipher suite with this release, or no curve for one"
        assert row["mends"] == ["ecdsa-certificate"]
        assert [endpoint["reason"] for endpoint in row["endpoints"]] == [row["reason"]] * 4
    check_signs_up(report["2016"])
    assert agreed(report["2016"]) == ("TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256", "RSA")
    assert report["2016"]["application_protocol"] == "h2"
    assert report["2016"]["location"] == DESTINATION
    assert report[UNPATCHED]["reason"] == "the server does not speak a TLS version of this release"
    assert report[UNPATCHED]["mends"] == ["older-tls"]
    assert "Can't sign up: Windows Server 2012 (KB3042058), Windows Server 2012 R2 (KB2919355)." in text
    assert "  ecdsa-certificate (2012, 2012-r2): " in text


def test_caddy_with_an_ecdsa_certificate_lets_them_in_and_redirects_plain_http_as_few_understand(tmp_path, pairs):
    with Caddy(tmp_path / "caddy", pairs["ecdsa"]) as caddy:
        target = f"localhost:{caddy.https_port}"
        report = probe(target, expected=0)
        plain = probe(target, "--http-port", caddy.http_port, expected=1)["plain"]
        text = told(target, "--http-port", caddy.http_port, expected=1)
    for release in PATCHED:
        check_signs_up(report[release])
        assert agreed(report[release]) == ("TLSv1.2", "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDSA")
    assert [report[release]["application_protocol"] for release in PATCHED] == [None, "http/1.1", "h2"]
    assert plain["status"] == 308 and plain["location"].startswith("https://localhost")
    assert plain["mends"] == ["temporary-redirect"]
    assert sum(line.startswith("plain ") and " 308 " in line for line in text.splitlines()) == 1, text
    assert "/… (the same path)" in text and "  temporary-redirect (plain): answer 302 at /enterprisebuy.html, " in text


# MARK: What is not there, or not right


def test_a_host_that_is_down():
    target = f"127.0.0.1:{free_port()}"
    report = probe(target, expected=1)
    assert {row["reason"] for row in report.values()} == {"the connection was refused: nothing listens on that port"}
    assert {row["connected"] for row in report.values()} == {False}
    assert [report[release]["mends"] for release in PATCHED] == [["listener"]] * 3
    text = told(target, expected=1)
    assert text.count("refused") == 1, "it is said once"
    assert "No release can connect: the connection was refused" in text


def test_a_host_that_is_silent():
    with socket.create_server(("127.0.0.1", 0), backlog=16) as listener:
        # The system accepts; nobody ever answers.
        target = f"127.0.0.1:{listener.getsockname()[1]}"
        done = command("probe", target, "--timeout", "1", "--json", check=1)
    rows = json.loads(done.stdout)
    assert {row["reason"] for row in rows} == {"timed out while shaking hands (TLS)"}
    assert [[endpoint["milliseconds"] is None for endpoint in row["endpoints"]] for row in rows] == [
        [False, True, True, True]
    ] * 4
    assert rows[0]["mends"] == ["patience"]
    assert "probing 127.0.0.1: Windows Server 2016 …" in done.stderr, "who waits is told for what"


def test_a_port_that_speaks_no_tls(tmp_path, pairs):
    with Nginx(tmp_path / "nginx", pairs["ecdsa"]) as nginx:
        target = f"localhost:{nginx.http_port}"
        report = probe(target, "--http-port", nginx.http_port, expected=1)
        text = told(target, "--http-port", nginx.http_port, expected=1)
    assert {report[release]["reason"] for release in PATCHED} == {"the server does not speak TLS on that port"}
    assert report["2016"]["mends"] == ["tls-port"]
    check_signs_up(report["plain"])
    assert "No release can connect: the server does not speak TLS on that port." in text


class Answering:
    """A server on loopback that sends the same bytes to whoever has said something."""

    def __init__(self, answer):
        self.answer = answer

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def serve(self):
        # Until the listener is shut down.
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                with connection, contextlib.suppress(OSError):
                    connection.recv(65_536)
                    connection.sendall(self.answer)

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def test_json_has_nothing_that_a_terminal_obeys():
    # C1 controls, changes of writing direction, a byte order mark.
    harm = "\x80\x9b31m\x9f\u200e\u200f\u202a\u202e\u2066\u2069\ufeff"
    answer = f"HTTP/1.1 302 Found\r\nLocation: https://signup.example.com/é{harm}\r\n\r\n".encode()
    with Answering(answer) as server:
        # The same port for both: who speaks no TLS answers what comes with the same bytes.
        done = command("probe", f"127.0.0.1:{server.port}", "--http-port", server.port, "--json", check=1, text=False)
    text = done.stdout.decode("utf-8")
    assert not set(text) & set(harm.replace("31m", "")), text
    assert "é" in text and "\\u009b31m" in text and "\\u202e" in text
    (plain,) = [row for row in json.loads(text) if row["release"] == "plain"]
    assert plain["location"] == f"https://signup.example.com/é{harm}"


def test_a_name_that_does_not_resolve():
    report = probe("gateway.invalid", expected=1)
    assert all(row["reason"].startswith("the host name can't be resolved (") for row in report.values()), report
    assert report["plain"]["mends"] == report["2016"]["mends"] == ["host-name"]
    text = flat(told("gateway.invalid", expected=1))
    assert text.count("can't be resolved") == 1
    assert "gateway.invalid has no address" in text


def test_a_certificate_of_another_name(farm, tmp_path):
    pair = make_certificate(tmp_path, "other", "ec", "other.example.com", names="DNS:other.example.com")
    porter = farm.start(certificates=[pair])
    report = probe(f"localhost:{porter.https_port}", expected=0)
    for release in PATCHED:
        row = report[release]
        assert (row["names_host"], row["certificate_names"]) == (False, "DNS:other.example.com")
        assert "it does not name the host" in row["certificate_problem"]
        assert row["mends"] == ["certificate-name", "trusted-certificate"]
    text = flat(told(f"localhost:{porter.https_port}", expected=0))
    assert "the certificate does not name localhost" in text and "DNS:other.example.com" in text
    assert "--require-trust has it count" in text

    report = probe(f"localhost:{porter.https_port}", "--require-trust", expected=1)
    for release in PATCHED:
        row = report[release]
        assert not row["can_sign_up"] and row["connected"] and row["status"] == 302, row
        assert row["reason"].startswith("a browser here would not trust the certificate: "), row
        assert "it does not name the host" in row["reason"]
        assert row["mends"] == ["certificate-name", "trusted-certificate"]
    text = flat(told(f"localhost:{porter.https_port}", "--require-trust", expected=1))
    assert "Can't sign up: Windows Server 2012 (KB3042058), " in text


def openssl_certificate(folder, name, issuer, *extensions):
    """A certificate by another one, or by itself."""
    pair = CertificatePair(folder / f"{name}.crt", folder / f"{name}.key")
    subprocess.run(
        ["openssl", "req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-days", "30"]
        + (["-CA", issuer.certificate, "-CAkey", issuer.key] if issuer else [])
        + [part for extension in extensions for part in ("-addext", extension)]
        + ["-subj", f"/CN={name}", "-out", pair.certificate, "-keyout", pair.key],
        check=True,
        capture_output=True,
    )
    return pair


def test_a_chain(farm, tmp_path):
    root = openssl_certificate(tmp_path, "root", None)
    middle = openssl_certificate(tmp_path, "middle", root, "basicConstraints=critical,CA:TRUE")
    alone = openssl_certificate(
        tmp_path, "localhost", middle, "basicConstraints=critical,CA:FALSE", "subjectAltName=DNS:localhost"
    )
    whole = CertificatePair(tmp_path / "fullchain.crt", alone.key)
    whole.certificate.write_bytes(alone.certificate.read_bytes() + middle.certificate.read_bytes())
    env = environment(SSL_CERT_FILE=str(root.certificate))

    target = f"localhost:{farm.start(certificates=[whole]).https_port}"
    row = probe(target, expected=0, env=env)["2016"]
    assert (row["chain_verifies"], row["names_host"], row["certificate_problem"], row["mends"]) == (True, True, None, [])
    assert probe(target, expected=0)["2016"]["mends"] == ["trusted-certificate"], "an authority that is not known here"
    assert "its chain verifies" in flat(told(target, expected=0, env=env))
    probe(target, "--require-trust", expected=0, env=env)
    probe(target, "--require-trust", expected=1)

    target = f"localhost:{farm.start(certificates=[alone]).https_port}"
    row = probe(target, expected=0, env=env)["2016"]
    assert (row["chain_verifies"], row["names_host"], row["mends"]) == (False, True, ["whole-chain"])
