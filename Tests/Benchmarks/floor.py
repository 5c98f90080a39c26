"""What no server can do without: the kernel's calls and TLS's cryptography, each measured by itself (Floor/floor.c).

Porter's cryptography is not the peers': parts of it are timed by HotPath/Cryptography.swift.
"""

import statistics
import subprocess

from compiler import compile_c
from measuring import pinned
from servers import HERE
from workplace import tell

# As in floor.c.
ROUNDS = 9
# The step of HotPath, how many make a round, what it is.
BORINGSSL = [
    ("p256-sign", 2_000, "BoringSSL: a signature, ECDSA P-256"),
    ("rsa2048-sign", 200, "BoringSSL: a signature, RSA 2048"),
    ("x25519", 2_000, "BoringSSL: a key pair and a shared secret, X25519"),
    ("aes-gcm", 20_000, "BoringSSL: an answer encrypted, AES-128-GCM, with what the key needs first"),
]


def measure_floor(site, cores, hotpath):
    """Processor time in µs by what it is spent on; of BoringSSL, if there is the program, time on a core that is free."""
    program = site.folder / "floor"
    compile_c(HERE / "Floor/floor.c", program)
    pairs = [file for pair in (site.ecdsa, site.rsa) for file in (pair.certificate, pair.key)]
    rows = (line.split(maxsplit=1) for line in output_of(cores, [program, *pairs]).splitlines()[1:])
    floor = {what: float(microseconds) for microseconds, what in rows}
    if hotpath.exists():
        floor |= {what: measure_step(cores, hotpath, step, count) for step, count, what in BORINGSSL}
    else:
        tell(f"BoringSSL's part of the floor is left out: there is no {hotpath} (.ci/build release hotpath)")
    return floor


def measure_step(cores, hotpath, step, count):
    """The median of some rounds in µs."""
    return statistics.median(int(output_of(cores, [hotpath, step, count])) for _ in range(ROUNDS)) / 1_000


def output_of(cores, command):
    done = subprocess.run(pinned(cores.server, command), capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        raise SystemExit(f"error: the floor could not be measured: {done.stderr.strip()}")
    return done.stdout
