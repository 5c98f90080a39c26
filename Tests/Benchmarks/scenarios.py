"""What is measured: how the clients come."""

from dataclasses import dataclass

_TLS13 = ("--tls", "13", "--cipher", "TLS_AES_128_GCM_SHA256")
_TLS13_AGREED = "TLSv1.3 TLS_AES_128_GCM_SHA256 X25519 EC"


@dataclass(frozen=True)
class Scenario:
    """`client` is a name of clients.CLIENTS; `options` are the load client's."""

    name: str
    title: str
    client: str = "load"
    options: tuple = ()
    # What all servers must agree on with the load client, as it writes it.
    tls: str = ""
    resumes: bool = False
    # Part of `make bench` without being named.
    is_usual: bool = True
    is_quick: bool = False
    # In the article Performance, which has narrow columns.
    label: str = ""

    @property
    def keeps_alive(self):
        return "--keep-alive" in self.options


SCENARIOS = [
    Scenario(
        "fresh-tls13",
        "a fresh TLS 1.3 connection per redirect (ECDSA P-256, X25519)",
        options=_TLS13,
        tls=_TLS13_AGREED,
        is_quick=True,
        label="fresh TLS 1.3, ECDSA",
    ),
    Scenario(
        "resumed-tls13",
        "a resumed TLS 1.3 connection per redirect (a ticket of the connection before)",
        options=(*_TLS13, "--resume"),
        tls=_TLS13_AGREED,
        resumes=True,
        label="resumed TLS 1.3",
    ),
    Scenario(
        "fresh-tls12-ecdsa",
        "a fresh TLS 1.2 connection per redirect (ECDHE-ECDSA-AES128-GCM-SHA256, X25519)",
        options=("--tls", "12", "--cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"),
        tls="TLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256 X25519 EC",
        label="fresh TLS 1.2, ECDSA",
    ),
    Scenario(
        "fresh-tls12-rsa",
        "a fresh TLS 1.2 connection per redirect (ECDHE-RSA-AES128-GCM-SHA256, RSA 2048, X25519)",
        options=("--tls", "12", "--cipher", "ECDHE-RSA-AES128-GCM-SHA256"),
        tls="TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 X25519 RSA",
        label="fresh TLS 1.2, RSA",
    ),
    Scenario(
        "kept-alive-tls13",
        "kept-alive TLS 1.3 connections",
        options=(*_TLS13, "--keep-alive"),
        tls=_TLS13_AGREED,
        is_quick=True,
        label="kept-alive TLS 1.3",
    ),
    Scenario(
        "kept-alive-plain",
        "kept-alive plain HTTP, as behind a load balancer that speaks TLS",
        options=("--keep-alive",),
        is_quick=True,
        label="kept-alive plain HTTP",
    ),
    Scenario(
        "kept-alive-http2",
        "kept-alive HTTP/2 over TLS 1.3, one stream at a time (h2load)",
        client="h2load",
        label="kept-alive HTTP/2",
    ),
    # The same by others' clients: to see whether ours tells the truth.
    Scenario("wrk-tls13", "kept-alive TLS connections, asked by wrk", client="wrk", options=("tls",), is_usual=False),
    Scenario("wrk-plain", "kept-alive plain HTTP, asked by wrk", client="wrk", is_usual=False),
    Scenario("ab-tls13", "a fresh TLS 1.3 connection per redirect, asked by ab", client="ab", options=("tls",), is_usual=False),
    Scenario("ab-plain", "a fresh plain HTTP connection per redirect, asked by ab", client="ab", is_usual=False),
    Scenario("fresh-plain", "a fresh plain HTTP connection per redirect", is_usual=False),
]
