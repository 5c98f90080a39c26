"""Where a benchmark works: one at a time, in a folder of its own below var/bench/, which goes with it."""

import contextlib
import fcntl
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

import certificates
import results
from compiler import compile_c
from servers import HERE, REPOSITORY, Site
from signups import Endpoints, write_requests

OUTPUT_FOLDER = REPOSITORY / "var/bench"


def make_site(folder):
    endpoints = Endpoints.read(REPOSITORY / "routes")
    signups = endpoints.signups()
    write_requests(signups, folder / "requests")
    ecdsa, rsa = certificates.make_certificates(folder)
    compile_c(HERE / "Client/load.c", folder / "load")
    return Site(folder, ecdsa, rsa, endpoints, signups)


def take_turn():
    """Two benchmarks at once would measure each other. The lock goes with the process."""
    lock = (OUTPUT_FOLDER / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        sys.exit(f"error: another benchmark is running ({lock.name} is locked): wait until it is done")
    return lock


def interrupt(*_):
    raise KeyboardInterrupt


def has_ended(run):
    """Runs it; False when Control-C ended it: what was measured by then is shown all the same."""
    try:
        run()
    except KeyboardInterrupt:
        tell("interrupted")
        return False
    return True


def tell(text):
    """Progress; results go to standard output."""
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def at_work(keeps_logs=False):
    """Gives the site and the file of rows."""
    if any(character.isspace() for character in str(OUTPUT_FOLDER)):
        sys.exit(f"error: {OUTPUT_FOLDER}: the servers' configurations can't have spaces in paths")
    OUTPUT_FOLDER.mkdir(parents=True, exist_ok=True)
    lock = take_turn()
    # As Control-C: what was started is stopped, what was written is removed.
    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)
    # Of a benchmark that was killed: nobody else is at work here.
    for left_over in OUTPUT_FOLDER.glob("work-*"):
        shutil.rmtree(left_over, ignore_errors=True)
    rows = results.RowFile(OUTPUT_FOLDER / f"rows-{time.strftime('%Y%m%d-%H%M%S')}.jsonl")
    folder = Path(tempfile.mkdtemp(prefix="logs-" if keeps_logs else "work-", dir=OUTPUT_FOLDER))
    try:
        yield make_site(folder), rows
    finally:
        rows.close()
        lock.close()
        if keeps_logs:
            tell(f"logs: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
