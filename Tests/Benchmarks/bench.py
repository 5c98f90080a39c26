"""The command behind `make bench`: Porter beside the web servers that people would use instead, doing the same job."""

import fcntl
import json
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

import certificates
import report
import results
from benchmark import Benchmark, tell
from clients import compile_load_client
from plan import arguments_parser, plan_of
from servers import REPOSITORY, Site
from signups import Endpoints, write_requests

OUTPUT_FOLDER = REPOSITORY / "var/bench"


def make_site(folder):
    endpoints = Endpoints.read(REPOSITORY / "routes")
    signups = endpoints.signups()
    write_requests(signups, folder / "requests")
    ecdsa, rsa = certificates.make_certificates(folder)
    compile_load_client(folder)
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


def main():
    parser = arguments_parser()
    options = parser.parse_args()
    plan = plan_of(options, parser)
    if any(character.isspace() for character in str(OUTPUT_FOLDER)):
        parser.error(f"{OUTPUT_FOLDER}: the servers' configurations can't have spaces in paths")
    OUTPUT_FOLDER.mkdir(parents=True, exist_ok=True)
    lock = take_turn()
    # As Control-C: what was started is stopped, what was written is removed.
    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)
    rows = results.RowFile(OUTPUT_FOLDER / f"rows-{time.strftime('%Y%m%d-%H%M%S')}.jsonl")
    # Of a benchmark that was killed: nobody else is at work here.
    for left_over in OUTPUT_FOLDER.glob("work-*"):
        shutil.rmtree(left_over, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix="logs-" if plan.keeps_logs else "work-", dir=OUTPUT_FOLDER))
    try:
        benchmark = Benchmark(plan, make_site(folder), rows)
        was_interrupted = not benchmark.run_unless_interrupted()
    finally:
        rows.close()
        lock.close()
        if plan.keeps_logs:
            tell(f"logs: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    summary = report.summary_of(benchmark)
    if options.json:
        print(json.dumps(summary, indent=2, ensure_ascii=False))
    else:
        report.print_tables(summary, plan.reference)
        print(f"\nEvery run: {rows.path}")
    has_failed = any(one.get("errors") for part in ("scenarios", "half_load") for of in summary[part] for one in of["servers"])
    return 1 if has_failed or was_interrupted else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("interrupted")
