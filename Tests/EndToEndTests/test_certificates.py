"""Certificates: made when none are given, picked up when their files change, refused when they don't fit."""

import shutil
import socket
import ssl

import pytest
from conftest import CertificatePair, make_certificate
from running import eventually, free_port, is_listening
from wire import ask, client_context, request, secure


def served(porter, ciphers=None):
    """The certificate that a fresh connection gets, in DER."""
    context = client_context(ciphers=ciphers, maximum=ssl.TLSVersion.TLSv1_2 if ciphers else None)
    with secure(porter, context) as wire:
        return wire.connection.getpeercert(binary_form=True)


ONLY_RSA = "ECDHE-RSA-AES128-GCM-SHA256"


def test_changed_files_are_picked_up_for_new_connections(farm, tmp_path):
    folder = tmp_path / "tls"
    folder.mkdir()
    pairs = [make_certificate(folder, "ecdsa", "ec"), make_certificate(folder, "rsa", "rsa")]
    porter = farm.start(certificates=pairs)
    before, before_rsa = served(porter), served(porter, ONLY_RSA)
    with secure(porter) as kept:
        assert kept.send(request("/enterprisebuy.html")).answer().status == 302
        new = tmp_path / "new"
        new.mkdir()
        renewed = make_certificate(new, "ecdsa", "ec", common_name="renewed.example.com")
        # One after the other, as tools that renew certificates do it: in between the pair does not fit.
        shutil.copy(renewed.certificate, pairs[0].certificate)
        assert served(porter) in (before, renewed_der(renewed))
        shutil.copy(renewed.key, pairs[0].key)
        eventually(lambda: served(porter) != before, "the new certificate is served")
        assert served(porter) == renewed_der(renewed)
        assert served(porter, ONLY_RSA) == before_rsa
        assert kept.send(request("/enterprisebuy.html")).answer().status == 302, "the old connection goes on"


def renewed_der(pair):
    return ssl.PEM_cert_to_DER_cert(pair.certificate.read_text())


def test_a_broken_file_leaves_the_old_certificate_in_service(farm, tmp_path):
    folder = tmp_path / "tls"
    folder.mkdir()
    pair = make_certificate(folder, "ecdsa", "ec")
    porter = farm.start(certificates=[pair])
    before = served(porter)
    log = len(porter.log)
    pair.certificate.write_text("not a certificate\n")
    eventually(lambda: str(pair.certificate) in porter.log[log:], "the log says what is wrong")
    assert served(porter) == before


def shown(port):
    """The back office's certificate, in DER."""
    return ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate(("127.0.0.1", port)))


@pytest.mark.parametrize("options", [[], ["--https", "off"]])
def test_the_back_office_takes_a_renewed_certificate(farm, tmp_path, options):
    """Also where there is no HTTPS for sign-ups."""
    folder, new = tmp_path / "tls", tmp_path / "new"
    folder.mkdir()
    new.mkdir()
    pair, renewed = (
        make_certificate(folder, "ecdsa", "ec"),
        make_certificate(new, "ecdsa", "ec", common_name="renewed.example.com"),
    )
    port = free_port()
    farm.start(*options, certificates=[pair], back_office=f"0.0.0.0:{port}")
    eventually(lambda: is_listening(port), "the back office listens")
    before = shown(port)
    shutil.copy(renewed.certificate, pair.certificate)
    shutil.copy(renewed.key, pair.key)
    eventually(lambda: shown(port) != before, "the new certificate is shown")
    assert shown(port) == renewed_der(renewed)


def test_a_mistake_in_the_back_offices_certificate_is_told_until_it_is_mended(farm, tmp_path):
    """What the door for sign-ups has taken does not hide it."""
    folder = tmp_path / "tls"
    folder.mkdir()
    pair = make_certificate(folder, "ecdsa", "ec")
    port = free_port()
    porter = farm.start("--https", "off", certificates=[pair], back_office=f"0.0.0.0:{port}")
    eventually(lambda: is_listening(port), "the back office listens")
    before = shown(port)
    right = pair.certificate.read_text()
    pair.certificate.write_text("not a certificate\n")
    for _ in range(2):
        refused = porter.command("routes", "reload")
        assert refused.returncode != 0
        assert str(pair.certificate) in refused.stderr
    assert shown(port) == before
    pair.certificate.write_text(right)
    porter.command("routes", "reload", check=0)


def test_without_certificates_a_pair_is_made_and_said_so(farm):
    porter = farm.start(certificates=[])
    assert "self-signed" in porter.log
    first, first_rsa = served(porter), served(porter, ONLY_RSA)
    assert first != first_rsa
    assert ask(porter, "/enterprisebuy.html").status == 302
    assert porter.stop()[0] == 0
    porter.start()
    assert (served(porter), served(porter, ONLY_RSA)) == (first, first_rsa), "the pair is kept in the data folder"
    keys = [path for path in porter.data.rglob("*") if path.is_file() and b"PRIVATE KEY" in path.read_bytes()]
    assert len(keys) == 2
    assert {path.stat().st_mode & 0o777 for path in keys} == {0o600}


@pytest.mark.parametrize("algorithm", ["ec", "rsa"])
def test_one_certificate_serves_those_who_can_use_it(farm, tmp_path, algorithm):
    porter = farm.start(certificates=[make_certificate(tmp_path, "only", algorithm)])
    assert ask(porter, "/enterprisebuy.html").status == 302
    rsa_client = client_context(ciphers=ONLY_RSA, maximum=ssl.TLSVersion.TLSv1_2)
    if algorithm == "rsa":
        with secure(porter, rsa_client) as wire:
            assert wire.send(request("/enterprisebuy.html")).answer().status == 302
    else:
        with pytest.raises((ssl.SSLError, ConnectionResetError)):
            secure(porter, rsa_client)


def test_a_key_that_does_not_fit_is_refused_at_the_start(farm, tmp_path, certificates):
    ecdsa, rsa = certificates
    porter = farm.make(certificates=[CertificatePair(ecdsa.certificate, rsa.key)]).launch()
    assert porter.process.wait(30) == 2
    porter.process = None
    assert str(ecdsa.certificate) in porter.log or str(rsa.key) in porter.log
    missing = farm.make(certificates=[CertificatePair(tmp_path / "none.crt", tmp_path / "none.key")]).launch()
    assert missing.process.wait(30) == 2
    missing.process = None
    assert "none" in missing.log


def test_a_chain_is_sent_whole(farm, tmp_path):
    leaf = make_certificate(tmp_path, "leaf", "ec")
    other = make_certificate(tmp_path, "other", "ec", common_name="intermediate.example.com")
    chain = tmp_path / "chain.crt"
    chain.write_text(leaf.certificate.read_text() + other.certificate.read_text())
    porter = farm.start(certificates=[CertificatePair(chain, leaf.key)])
    assert b"intermediate.example.com" in plain_text_of_tls12_handshake(porter)


def plain_text_of_tls12_handshake(porter):
    """At TLS 1.2 the certificates travel in the clear."""
    from wire import client_hello

    hello = client_hello(client_context(maximum=ssl.TLSVersion.TLSv1_2))[0]
    with socket.create_connection(("127.0.0.1", porter.https_port), timeout=30) as connection:
        connection.sendall(hello)
        received = b""
        while b"\x16\x03\x03\x00\x04\x0e" not in received:
            data = connection.recv(65_536)
            if not data:
                break
            received += data
    return received
