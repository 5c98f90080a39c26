"""The certificates that all servers present."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from signups import HOST


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate with its key, as PEM files; `bundle` holds both, as HAProxy wants it."""

    certificate: Path
    key: Path
    bundle: Path


def make_certificate(folder, name, key_options):
    made = Certificate(folder / f"{name}.crt", folder / f"{name}.key", folder / f"{name}.pem")
    done = subprocess.run(
        ["openssl", "req", "-x509", "-nodes", *key_options, "-days", "30", "-subj", f"/CN={HOST}"]
        + ["-addext", f"subjectAltName=DNS:{HOST}", "-out", made.certificate, "-keyout", made.key],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"error: openssl makes no certificate: {done.stderr.strip()}")
    made.bundle.write_bytes(made.certificate.read_bytes() + made.key.read_bytes())
    return made


def make_certificates(folder):
    """One ECDSA P-256 and one RSA of 2048 bits."""
    ecdsa = make_certificate(folder, "ecdsa", ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"])
    return ecdsa, make_certificate(folder, "rsa", ["-newkey", "rsa:2048"])
