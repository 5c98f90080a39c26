"""What no server can do without: the kernel's calls and TLS's cryptography, each measured by itself (Floor/floor.c)."""

import subprocess

from compiler import compile_c
from measuring import pinned
from servers import HERE


def measure_floor(site, cores):
    """Processor time in µs by what it is spent on."""
    program = site.folder / "floor"
    compile_c(HERE / "Floor/floor.c", program)
    pairs = [file for pair in (site.ecdsa, site.rsa) for file in (pair.certificate, pair.key)]
    done = subprocess.run(pinned(cores.server, [program, *pairs]), capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        raise SystemExit(f"error: the floor could not be measured: {done.stderr.strip()}")
    rows = (line.split(maxsplit=1) for line in done.stdout.splitlines()[1:])
    return {what: float(microseconds) for microseconds, what in rows}
