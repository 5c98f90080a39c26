"""Connections as the Windows releases of Essentials make them (cipher lists: Microsoft's documents, see `porter probe`)."""

import re
import ssl
import subprocess

import pytest
from route_files import SHIPPED, location
from running import PATIENCE_SECONDS, environment
from wire import client_context, request, secure

SERVER_2012 = (
    "ECDHE-RSA-AES256-SHA384:ECDHE-RSA-AES128-SHA256:ECDHE-RSA-AES256-SHA:ECDHE-RSA-AES128-SHA:"
    "DHE-RSA-AES256-GCM-SHA384:DHE-RSA-AES128-GCM-SHA256:{more}"
    "AES256-GCM-SHA384:AES128-GCM-SHA256:AES256-SHA256:AES128-SHA256:AES256-SHA:AES128-SHA:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-SHA384:"
    "ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA:ECDHE-ECDSA-AES128-SHA:"
    "DHE-DSS-AES256-SHA256:DHE-DSS-AES128-SHA256:DHE-DSS-AES256-SHA:DHE-DSS-AES128-SHA:DES-CBC3-SHA:EDH-DSS-DES-CBC3-SHA"
)
RELEASES = {
    "2012": SERVER_2012.format(more=""),
    "2012 R2": SERVER_2012.format(more="DHE-RSA-AES256-SHA:DHE-RSA-AES128-SHA:"),
    "2016": (
        "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:"
        "ECDHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384:DHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-SHA384:"
        "ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES256-SHA384:ECDHE-RSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA:"
        "ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES256-SHA:ECDHE-RSA-AES128-SHA:DHE-RSA-AES256-SHA:DHE-RSA-AES128-SHA:"
        "AES256-GCM-SHA384:AES128-GCM-SHA256:AES256-SHA256:AES128-SHA256:AES256-SHA:AES128-SHA:DES-CBC3-SHA:"
        "DHE-DSS-AES256-SHA256:DHE-DSS-AES128-SHA256:DHE-DSS-AES256-SHA:DHE-DSS-AES128-SHA:EDH-DSS-DES-CBC3-SHA"
    ),
}
UNPATCHED_2012 = (
    "ECDHE-RSA-AES256-SHA:ECDHE-RSA-AES128-SHA:AES256-SHA:AES128-SHA:ECDHE-ECDSA-AES256-SHA:ECDHE-ECDSA-AES128-SHA:"
    "DHE-DSS-AES256-SHA:DHE-DSS-AES128-SHA:DES-CBC3-SHA:EDH-DSS-DES-CBC3-SHA"
)
TLS12 = ["-tls1_2"]
# Security level 0: OpenSSL 3 has no SHA-1 signatures, and so no TLS 1.0, above it.
TLS10 = ["-tls1"]

# OpenSSL names of the five suites for which an ECDSA certificate is given.
ECDSA_SUITES = [
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-ECDSA-AES256-SHA",
    "ECDHE-ECDSA-AES128-SHA",
]


class Handshake:
    """What `openssl s_client` says of one connection, and the answer that it got."""

    def __init__(self, porter, ciphers, versions, *options, groups="P-256:P-384"):
        self.data = request("/enterprisetry.html?Partner=1234567&culture=de-DE", fields=["Connection: close"])
        done = subprocess.run(
            ["openssl", "s_client", "-connect", f"127.0.0.1:{porter.https_port}", "-servername", "localhost"]
            + [*versions, "-cipher", f"{ciphers}:@SECLEVEL=0", "-groups", groups, "-ign_eof", *options],
            input=self.data,
            capture_output=True,
            timeout=PATIENCE_SECONDS,
            env=environment(),
            check=False,
        )
        self.text = (done.stdout + done.stderr).decode("utf-8", "replace")

    @property
    def protocol(self):
        return self.match(r"^\s*Protocol\s*: (\S+)")

    @property
    def suite(self):
        return self.match(r"^New, \S+, Cipher is (\S+)")

    @property
    def certificate(self):
        """ECDSA or RSA, by the key in the server's certificate."""
        kind = self.match(r"a:PKEY: (\w+)")
        return {"id": "ECDSA", "rsaEncryption": "RSA"}.get(kind, kind)

    @property
    def answer(self):
        return self.match(r"^(HTTP/1.1 \d+)")

    def header(self, name):
        return self.match(rf"(?i)^{name}: (.*?)\r?$")

    def match(self, pattern):
        found = re.search(pattern, self.text, re.MULTILINE)
        return found[1] if found else None


def check_redirect(handshake):
    assert handshake.answer == "HTTP/1.1 302", handshake.text
    assert handshake.header("Location") == location(
        SHIPPED["enterprise", "trial"], partner="1234567", culture="de-DE", receipt=handshake.header("Porter-Receipt")
    )


@pytest.mark.parametrize("release", RELEASES)
def test_each_release_gets_its_redirect(shared, release):
    handshake = Handshake(shared, RELEASES[release], TLS12)
    check_redirect(handshake)
    assert handshake.certificate == "ECDSA"
    # 2012 and 2012 R2 list ECDHE-RSA with CBC first, and must not get what they list first.
    assert handshake.suite == "ECDHE-ECDSA-AES256-GCM-SHA384"


@pytest.mark.parametrize("release", RELEASES)
def test_a_release_that_cannot_verify_ecdsa_gets_the_rsa_certificate(shared, release):
    ciphers = ":".join(name for name in RELEASES[release].split(":") if "ECDSA" not in name)
    handshake = Handshake(shared, ciphers, TLS12)
    check_redirect(handshake)
    assert handshake.certificate == "RSA"


@pytest.mark.parametrize("group", ["P-256", "P-384"])
def test_either_group_is_enough_for_rsa(shared, group):
    check_redirect(Handshake(shared, RELEASES["2016"], TLS12, groups=group))


def test_without_p256_there_is_no_ecdsa(shared):
    assert Handshake(shared, RELEASES["2016"], TLS12, groups="P-384").certificate == "RSA"


def test_without_ecdsa_signatures_there_is_no_ecdsa(shared):
    handshake = Handshake(shared, RELEASES["2016"], TLS12, "-sigalgs", "RSA+SHA256:RSA+SHA1")
    check_redirect(handshake)
    assert handshake.certificate == "RSA"


@pytest.mark.parametrize("suite", ECDSA_SUITES)
def test_one_suite_with_ecdsa_is_enough_for_the_ecdsa_certificate(shared, suite):
    handshake = Handshake(shared, suite, TLS12)
    check_redirect(handshake)
    assert (handshake.certificate, handshake.suite) == ("ECDSA", suite)


@pytest.mark.parametrize("suite", ["ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-SHA", "AES256-SHA", "AES128-GCM-SHA256"])
def test_suites_with_rsa_get_the_rsa_certificate(shared, suite):
    handshake = Handshake(shared, suite, TLS12)
    check_redirect(handshake)
    assert (handshake.certificate, handshake.suite) == ("RSA", suite)


def test_the_operator_can_prefer_rsa(farm):
    porter = farm.start("--prefer-certificate", "rsa")
    assert Handshake(porter, RELEASES["2016"], TLS12).certificate == "RSA"
    handshake = Handshake(porter, "ECDHE-ECDSA-AES128-GCM-SHA256", TLS12)
    assert handshake.certificate == "ECDSA", "who can't do RSA still gets what it can do"


def test_tls_1_0_is_refused_by_default(shared):
    handshake = Handshake(shared, UNPATCHED_2012, TLS10)
    assert handshake.answer is None
    assert "alert" in handshake.text and "protocol version" in handshake.text, handshake.text
    assert shared.health() == 200


def test_tls_1_0_is_spoken_where_the_operator_allows_it(farm):
    porter = farm.start("--minimum-tls", "1.0")
    handshake = Handshake(porter, UNPATCHED_2012, TLS10)
    check_redirect(handshake)
    assert handshake.protocol == "TLSv1"
    assert porter.record(handshake.header("Porter-Receipt"))["tls_version"] == "1.0"
    only_rsa = ":".join(name for name in UNPATCHED_2012.split(":") if "ECDSA" not in name)
    rsa = Handshake(porter, only_rsa, TLS10)
    check_redirect(rsa)
    assert rsa.certificate == "RSA"
    for release, ciphers in RELEASES.items():
        assert Handshake(porter, ciphers, TLS12).answer == "HTTP/1.1 302", release


def test_tls_1_3_can_be_made_the_floor(farm):
    porter = farm.start("--minimum-tls", "1.3")
    assert Handshake(porter, RELEASES["2016"], TLS12).answer is None
    with secure(porter) as wire:
        assert wire.connection.version() == "TLSv1.3"
        assert wire.send(request("/enterprisebuy.html")).answer().status == 302


def test_python_gets_tls_1_3_and_the_ecdsa_certificate(shared):
    with secure(shared) as wire:
        assert wire.connection.version() == "TLSv1.3"
        assert b"localhost" in wire.connection.getpeercert(binary_form=True)
        receipt = wire.send(request("/enterprisebuy.html?Partner=1234567")).answer().receipt
    assert shared.record(receipt)["tls_version"] == "1.3"


def test_http_2_is_offered_to_those_who_can_do_aead_only(shared):
    modern = client_context(alpn=["h2", "http/1.1"])
    with secure(shared, modern) as wire:
        assert wire.connection.selected_alpn_protocol() == "h2"
    # RFC 9113, appendix A, prohibits HTTP/2 over CBC suites.
    legacy = client_context(ciphers="ECDHE-RSA-AES128-SHA:@SECLEVEL=0", maximum=ssl.TLSVersion.TLSv1_2, alpn=["h2", "http/1.1"])
    with secure(shared, legacy) as wire:
        assert wire.connection.selected_alpn_protocol() in (None, "http/1.1")
        assert wire.send(request("/enterprisebuy.html")).answer().status == 302
