"""The command behind `make bench-office`: how fast the back office answers over a long ledger, and what an export costs."""

import argparse
import contextlib
import http.client
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse
from pathlib import Path

import measuring
import signups
from clients import Order, run_client
from cores import Cores
from grown import FILLED_PARTNERS, FIRST_PARTNER, Nursery, Prepared
from plan import DEFAULT_BINARY
from porter import run_command
from scenarios import SCENARIOS
from searchindex import wait_for_index
from servers import ServerError, free_port, inherited_environment
from workplace import at_work, tell

DESCRIPTION = """\
How the back office does over a long ledger, once the index is there. All records are exported as CSV, while sign-ups come at
random moments: what memory and write-ahead log come to, and what becomes of the front door's p99. Then pages are asked for,
each again and again.

Tables go to standard output, progress to standard error, every single run as a line of JSON to var/bench/. Exit status 1 when
something was not reached. Ten million records take 14 GB below var/bench/ while it runs.
"""

PAGE_RECORDS = 50
PAGE_LIMIT_MS = 100
MEMORY_LIMIT_MB = 100
# The writer starts the log anew when it is longer than that and nobody reads.
WAL_LIMIT_MB = 64
# What the sign-ups' p99 may become while an export runs, as a multiple.
SLOWDOWN_LIMIT = 2
# Between two requests of a token, so that its allowance lasts.
PAUSE_SECONDS = 0.12
EXPORT_PATIENCE_SECONDS = 1_800
# Of sign-ups that nobody hurries: as nearly all come, each over a connection of its own.
MODE = "fresh-tls13"
CONNECTIONS = 64


class OfficePorter(Prepared):
    """With its back office on."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.office_port = free_port(besides=self.http_port)

    def arguments(self):
        arguments = super().arguments()
        arguments[arguments.index("--back-office") + 1] = f"127.0.0.1:{self.office_port}"
        return arguments


class Office:
    """Asks the back office as a program does, with a token."""

    def __init__(self, server):
        self.server = server
        name = f"benchmark {time.time_ns()}"
        made = run_command(
            server.binary,
            "token",
            "create",
            name,
            "--role",
            "admin",
            "--data",
            server.data,
        )
        self.fields = {
            "Authorization": f"Bearer {made.strip()}",
            "Accept-Encoding": "identity",
        }
        self.connection = http.client.HTTPConnection("127.0.0.1", server.office_port, timeout=120)

    def milliseconds(self, target):
        """From the request to the answer's last byte, over a connection that is there."""
        time.sleep(PAUSE_SECONDS)
        begin = time.perf_counter()
        self.connection.request("GET", target, headers=self.fields)
        answer = self.connection.getresponse()
        answer.read()
        taken = (time.perf_counter() - begin) * 1_000
        if answer.status != 200:
            raise ServerError(f"{target} was answered {answer.status}{self.server.last_words()}")
        return taken


def rare_partner(data, last):
    """One of the partners that were made up who is named in the fewest stretches of the ledger."""
    with contextlib.closing(sqlite3.connect(f"file:{data}/search.db?mode=ro", uri=True)) as index:
        row = index.execute(
            "SELECT value, count(*) FROM posting WHERE field = 6 AND value >= ? AND value < ? AND length(value) = 7"
            " GROUP BY value ORDER BY 2 LIMIT 1",
            (str(FIRST_PARTNER), str(FIRST_PARTNER + FILLED_PARTNERS)),
        ).fetchone()
    if row is None:
        raise ServerError(f"none of the {last} records names a partner")
    return row[0]


def questions(data, last):
    rare, frequent = rare_partner(data, last), FIRST_PARTNER
    page_1000 = last - 999 * PAGE_RECORDS + 1
    zone = urllib.parse.quote("Asia/Kathmandu", safe="")
    origins = "/origins?days=90&"
    return {
        "Overview, 30 days": "/overview",
        "Overview, 90 days": "/overview?days=90",
        "Origins, 90 days: origin × campaign": origins + "first=origin&second=campaign",
        "Origins, 90 days: day × outcome": origins + "first=day&second=outcome",
        "Origins, 90 days: day × outcome, Kathmandu": origins + f"first=day&second=outcome&timezone={zone}",
        "Origins, 90 days: campaign × client_os": origins + "first=campaign&second=client_os",
        "Origins, 90 days: week × partner": origins + "first=week&second=partner",
        "Origins, 90 days: day × partner": origins + "first=day&second=partner",
        "Origins, 90 days: partner × campaign": origins + "first=partner&second=campaign",
        "A partner's page, 90 days, frequent": f"/partners/{frequent}?days=90",
        "A partner's page, 90 days, rare": f"/partners/{rare}?days=90",
        "Log, newest": "/log",
        "Log, page 1,000": f"/log?before={page_1000}",
        "Log of a rare partner": f"/log?partner={rare}",
    }


class Benchmark:
    def __init__(self, options, site, rows):
        self.options = options
        self.rows = rows
        self.site = site
        self.cores = Cores.choose()
        self.nursery = Nursery(options.porter, options.filler, site)
        self.summary = {"pages": [], "export": None}

    def run(self):
        data = self.given() if self.options.data else self.filled()
        kind = type(
            "Office",
            (OfficePorter,),
            {"binary": self.options.porter, "data_folder": data},
        )
        server = kind("Porter", self.site, self.site.folder / "run")
        try:
            server.start(self.cores.server)
            progress, self.summary["index_seconds"] = wait_for_index(server)
            last = self.summary["records"] = progress.records
            office = Office(server)
            # First, so that its memory is its own and not what pages left behind.
            self.export(server, office, last)
            for name, target in questions(data, last).items():
                self.ask(office, name, target)
        finally:
            server.remove()

    def given(self):
        """The folder gets the partners that the sign-ups of this benchmark name."""
        data = Path(self.options.data).resolve()
        asked = self.site.folder / "partners.csv"
        signups.write_partners(asked)
        run_command(self.options.porter, "partner", "import", asked, "--data", data)
        return data

    def filled(self):
        folder = self.nursery.data_folder(f"office-{self.options.records}")
        self.nursery.fill(folder, self.options.records)
        return folder

    def ask(self, office, name, target):
        first = office.milliseconds(target)
        taken = sorted(office.milliseconds(target) for _ in range(self.options.rounds))
        row = {
            "page": name,
            "target": target,
            "first_ms": first,
            "median_ms": statistics.median(taken),
            "most_ms": taken[-1],
        }
        tell(f"{row['median_ms']:7.1f} ms  {name}")
        self.summary["pages"].append(row)
        self.rows.add(row)

    def load(self, server):
        """Sign-ups at random moments: latencies in milliseconds."""
        scenario = next(scenario for scenario in SCENARIOS if scenario.name == MODE)
        order = Order(
            server,
            scenario,
            CONNECTIONS,
            self.options.seconds,
            1,
            self.cores,
            self.site.folder,
            self.options.rate,
        )
        asked = run_client(order)
        if asked.faults:
            raise ServerError(f"the client met faults: {asked.faults}; the first: {asked.first_fault}")
        return asked.latencies

    def export(self, server, office, last):
        tell("sign-ups without an export")
        before = [self.load(server) for _ in range(self.options.loads)]
        # What was resident at most is counted from now on (proc(5), clear_refs).
        Path(f"/proc/{server.pids()[0]}/clear_refs").write_text("5")
        begin = time.monotonic()
        tell("the export, and sign-ups meanwhile")
        export = subprocess.Popen(
            measuring.pinned(
                self.cores.client,
                [
                    "curl",
                    "--silent",
                    "--show-error",
                    "--fail",
                    "--output",
                    "/dev/null",
                    "--write-out",
                    "%{size_download}",
                ]
                + ["--header", f"Authorization: {office.fields['Authorization']}"]
                + [f"http://127.0.0.1:{server.office_port}/api/v1/log.csv"],
            ),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=inherited_environment(),
        )
        wal = WalWatch(server.data / "ledger.db-wal", export)
        wal.start()
        meanwhile = []
        try:
            while len(meanwhile) < self.options.loads and export.poll() is None:
                latencies = self.load(server)
                if export.poll() is None:
                    meanwhile.append(latencies)
            size, errors = export.communicate(timeout=EXPORT_PATIENCE_SECONDS)
        finally:
            export.kill()
        if export.returncode != 0:
            raise ServerError(f"the export ended with {export.returncode}: {errors.strip()}{server.last_words()}")
        seconds = wal.ended - begin
        self.summary["export"] = {
            "records": last,
            "seconds": seconds,
            "bytes": int(size),
            "memory_mb": status_kib(server.pids()[0], "VmHWM") / 1_024,
            "wal_mb": wal.most / 1e6,
            "before": before,
            "meanwhile": meanwhile,
        }
        self.rows.add(self.summary["export"])


class WalWatch(threading.Thread):
    """How long the write-ahead log becomes while something runs, and when that ended."""

    def __init__(self, path, process):
        super().__init__(daemon=True)
        self.path = path
        self.process = process
        self.most = 0
        self.ended = time.monotonic()

    def run(self):
        while self.process.poll() is None:
            with contextlib.suppress(FileNotFoundError):
                self.most = max(self.most, self.path.stat().st_size)
            self.ended = time.monotonic()
            time.sleep(0.1)


def status_kib(pid, name):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise ServerError(f"/proc/{pid}/status has no {name}")


def median_of(runs, name):
    return statistics.median(run[name] for run in runs) if runs else float("nan")


def findings(summary):
    """What was to be reached: what, the figure, whether it was."""
    for page in summary["pages"]:
        yield (
            page["page"],
            f"{page['median_ms']:.1f} ms",
            page["median_ms"] < PAGE_LIMIT_MS,
        )
    export = summary["export"]
    yield (
        "export: memory",
        f"{export['memory_mb']:.0f} MB",
        export["memory_mb"] < MEMORY_LIMIT_MB,
    )
    yield (
        "export: write-ahead log",
        f"{export['wal_mb']:.0f} MB",
        export["wal_mb"] < WAL_LIMIT_MB,
    )
    before, meanwhile = (
        median_of(export["before"], "p99"),
        median_of(export["meanwhile"], "p99"),
    )
    yield (
        "export: the front door's p99",
        f"{before:.1f} → {meanwhile:.1f} ms",
        meanwhile <= SLOWDOWN_LIMIT * before,
    )


def print_summary(summary, options):
    print(f"\n{summary['records']:,} records; the index was there after {summary['index_seconds']:.0f} s")
    print(f"Medians of {options.rounds} requests, after a first one\n")
    print(f"{'median ms':>10} {'most ms':>10} {'first ms':>10}")
    for page in summary["pages"]:
        print(f"{page['median_ms']:10.1f} {page['most_ms']:10.1f} {page['first_ms']:10.1f}  {page['page']}")
    export = summary["export"]
    print(f"\nThe CSV of all records: {export['seconds']:.0f} s, {export['bytes'] / 1e9:.2f} GB")
    print(f"  resident at most {export['memory_mb']:.0f} MB, write-ahead log at most {export['wal_mb']:.0f} MB")
    for name, runs in (("without", export["before"]), ("with", export["meanwhile"])):
        p99 = " ".join(f"{run['p99']:.1f}" for run in runs)
        print(f"  sign-ups {name} it, {options.rate:,.0f} a second: p50 {median_of(runs, 'p50'):.2f} ms, p99 {p99} ms")
    print()
    for what, figure, is_reached in findings(summary):
        print(f"{'reached' if is_reached else 'NOT REACHED':>11}  {what}: {figure}")


def main():
    parser = argparse.ArgumentParser(
        prog=".ci/bench-office",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "--porter",
        default=os.environ.get("PORTER_BINARY") or DEFAULT_BINARY,
        help="the built program",
    )
    add(
        "--filler",
        default=None,
        help="the built program that fills ledgers (beside the program)",
    )
    add(
        "--records",
        type=int,
        default=10_000_000,
        help="length of the ledger (10000000)",
    )
    add(
        "--data",
        help="a data folder that was filled before, instead; it gets sign-ups and partners, and stays",
    )
    add("--rounds", type=int, default=10, help="how often each page is asked for (10)")
    add(
        "--rate",
        type=float,
        default=200.0,
        help="sign-ups a second beside the export (200)",
    )
    add("--seconds", type=int, default=8, help="how long sign-ups come in each run (8)")
    add("--loads", type=int, default=5, help="runs without the export, and with it (5)")
    add(
        "--json",
        action="store_true",
        help="all figures as JSON on standard output, instead of tables",
    )
    options = parser.parse_args()
    options.filler = options.filler or str(Path(options.porter).with_name("ledgerfiller"))
    with at_work() as (site, rows):
        benchmark = Benchmark(options, site, rows)
        benchmark.run()
    if options.json:
        print(json.dumps(benchmark.summary, indent=2))
    else:
        print_summary(benchmark.summary, options)
        print(f"\nEvery run: {rows.path}")
    return 0 if all(is_reached for *_, is_reached in findings(benchmark.summary)) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("interrupted")
    except ServerError as error:
        sys.exit(f"error: {error}")
