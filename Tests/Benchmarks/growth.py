"""The command behind `make bench-growth`: what becomes of Porter when ledger, directory, routes and connections grow."""

import argparse
import contextlib
import json
import os
import resource
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

import markdown
import measuring
import report
import results
from benchmark import Benchmark
from checking import connect, trusting
from cores import Cores
from grown import SHIPPED_ROUTES, Nursery
from plan import DEFAULT_BINARY, Plan
from scenarios import SCENARIOS
from servers import PATIENCE_SECONDS, ServerError
from workplace import at_work, has_ended, tell

DESCRIPTION = """\
What becomes of Porter when ledger, directory, routes and idle connections grow. Each comparison goes by turns.

Tables go to standard output, progress to standard error, every single run as a line of JSON to var/bench/. Exit status 1 when
a run was no result. Ten million records take 13 GB below var/bench/ while it runs, and five minutes to be made: sign-ups of
half a year, by two thousand partners. Before anything is measured, a server makes the index of each, some minutes more.
"""

MODES = ("kept-alive-plain", "fresh-tls13")
CONNECTIONS = 256
STARTS = 5
# tcpi_state of <netinet/tcp.h>.
TCP_ESTABLISHED = 1


def length(records):
    return f"{records:,} records"


class Growth:
    def __init__(self, options, site, rows):
        self.options = options
        self.site = site
        self.rows = rows
        self.cores = Cores.choose()
        self.nursery = Nursery(options.porter, options.filler, site)
        self.summary = {"comparisons": [], "starts": [], "idle": None, "errors": []}
        self.has_failed = False

    def run(self):
        nursery = self.nursery
        none = nursery.fresh(length(0))
        ledgers = []
        for records in sorted(self.options.records):
            with self.part(f"the ledger of {length(records)}"):
                ledgers.append(nursery.filled(length(records), records))
        with self.part("the ledgers"):
            self.compare("ledger", [none, *ledgers])
        few, shipped = nursery.fresh(f"{nursery.usual_partners()} partners"), nursery.fresh(f"{len(SHIPPED_ROUTES)} routes")
        many_name = f"{self.options.partners:,} partners"
        starting = [none, *ledgers]
        with self.part("the large directory"):
            many = nursery.contestant(many_name, nursery.data_folder("many-partners", partners=self.options.partners))
            starting.append(many)
            self.compare("directory", [few, many])
        with self.part("the large folder of routes"):
            routes = nursery.fresh(f"{self.options.routes:,} routes", nursery.routes(self.options.routes))
            starting.append(routes)
            self.compare("folder of routes", [shipped, routes])

        self.start_all(starting)
        if ledgers:
            # The largest ledger becomes another by its partners, so this comes last.
            with self.part("the largest ledger with many partners"):
                folder = ledgers[-1].kind.data_folder
                nursery.import_partners(folder, self.options.partners)
                self.start_all([none, nursery.contestant(f"{ledgers[-1].name}, {many_name}", folder)])
        with self.part("idle connections"):
            self.idle(nursery.fresh("idle connections"))

    @contextlib.contextmanager
    def part(self, what):
        """What goes wrong in it is told at the end; half an hour's other parts are not lost by it."""
        try:
            yield
        except (ServerError, OSError, subprocess.SubprocessError) as problem:
            tell(f"FAILED: {what}: {problem}")
            self.summary["errors"].append(f"{what}: {problem}")
            self.has_failed = True

    def compare(self, what, contestants):
        plan = Plan(
            contestants=contestants,
            scenarios=[scenario for scenario in SCENARIOS if scenario.name in MODES],
            connections=[CONNECTIONS],
            rounds=self.options.rounds,
            seconds=self.options.seconds,
            warmup=1,
            rate=None,
            has_half_load=False,
            measures_disk=False,
            measures_floor=False,
            keeps_logs=False,
            rotates=True,
        )
        tell(f"{what}:")
        benchmark = Benchmark(plan, self.site, self.rows)
        benchmark.run()
        for measured in report.summary_of(benchmark)["scenarios"]:
            self.summary["comparisons"].append({"grows": what} | measured)
            self.has_failed |= any("errors" in server for server in measured["servers"])

    def start_all(self, contestants):
        """Each is stopped as it should be, and the next time finds its files in the kernel's cache."""
        taken = {contestant.name: [] for contestant in contestants}
        for _ in range(STARTS):
            for contestant in contestants:
                with self.part(f"start with {contestant.name}"):
                    taken[contestant.name].append(self.milliseconds_to_first_redirect(contestant))
        group = [
            {"server": name, "runs": len(values), "median_ms": statistics.median(values), "most_ms": max(values)}
            for name, values in taken.items()
            if values
        ]
        self.summary["starts"].append(group)
        self.rows.add({"starts_ms": taken})

    def milliseconds_to_first_redirect(self, contestant):
        """From the process's begin to the first 302, asked again and again."""
        server = contestant.kind(contestant.name, self.site, self.site.folder / "run")
        try:
            server.launch(self.cores.server)
            while time.monotonic() < server.launched + PATIENCE_SECONDS:
                if server.process.poll() is not None:
                    raise ServerError(f"{server.name} ended with {server.process.returncode}{server.last_words()}")
                try:
                    with socket.create_connection(("127.0.0.1", server.http_port)) as connection:
                        connection.sendall(self.site.signups[0].head)
                        if connection.recv(4_096).startswith(b"HTTP/1.1 302"):
                            return (time.monotonic() - server.launched) * 1_000
                except OSError:
                    time.sleep(0.000_5)
            raise ServerError(f"{server.name} redirects nobody{server.last_words()}")
        finally:
            server.remove()

    def idle(self, contestant):
        """What a connection costs that has been answered once and waits."""
        count = self.options.idle
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        if most != resource.RLIM_INFINITY and most < count + 100:
            tell(f"no idle connections: {count:,} need more open files than the {most:,} that are allowed")
            return
        server = contestant.kind(contestant.name, self.site, self.site.folder / "run")
        try:
            server.start(self.cores.server)
            started = measuring.memory_kib(server.pids())
            context = trusting(self.site)
            head = self.site.signups[0].head
            self.ask(connect(server.https_port, context), head).close()
            self.wait_until_quiet(server)
            begin = measuring.memory_kib(server.pids())
            tell(f"opening {count:,} TLS connections")
            connections = [self.ask(connect(server.https_port, context), head) for _ in range(count)]
            self.wait_until_quiet(server)
            end = measuring.memory_kib(server.pids())
            still_open = sum(map(self.is_open, connections))
            for connection in connections:
                connection.close()
        finally:
            server.remove()
        # Porter closes idle connections after a minute: those cost nothing any more.
        if still_open < count:
            raise ServerError(f"of {count:,} idle connections {still_open:,} were still open when memory was read")
        self.summary["idle"] = {
            "connections": count,
            "started_rss_kib": started[1],
            "base_rss_kib": begin[1],
            "base_pss_kib": begin[0],
            "kib_each": (end[1] - begin[1]) / count,
        }
        self.rows.add(self.summary["idle"])

    @staticmethod
    def is_open(connection):
        """Whether neither end has closed. The kernel's word: what a peek would find first is TLS's tickets and farewell."""
        return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == TCP_ESTABLISHED

    @staticmethod
    def wait_until_quiet(server):
        if not measuring.wait_until_quiet(server.pids(), server.work_left):
            raise ServerError(f"{server.name} did not come to rest")

    @staticmethod
    def ask(connection, head):
        connection.sendall(head)
        if not connection.recv(4_096).startswith(b"HTTP/1.1 302"):
            raise ServerError("a connection that was to be idle got no redirect")
        return connection


def print_summary(summary):
    titles = {scenario.name: scenario.title for scenario in SCENARIOS}
    for measured in summary["comparisons"]:
        reference = measured["servers"][0]["server"]
        print(f"\nThe {measured['grows']} grows: {titles[measured['scenario']]}, {measured['connections']} clients")
        report.print_table(measured["servers"], reference, results.COLUMNS)
    for group in summary["starts"]:
        print(f"\nFrom the start to the first redirect, {STARTS} times by turns, after a clean stop, files in the kernel's cache")
        for start in group:
            print(f"  {start['median_ms']:6.0f} ms (at most {start['most_ms']:.0f})  {start['server']}")
    if idle := summary["idle"]:
        print(
            f"\nAn idle TLS connection takes {idle['kib_each']:.1f} KiB, measured over {idle['connections']:,}; "
            f"without them {idle['base_rss_kib'] / 1024:.1f} MB are resident (Pss {idle['base_pss_kib'] / 1024:.1f} MB), "
            f"before the first redirect {idle['started_rss_kib'] / 1024:.1f} MB"
        )
    for error in dict.fromkeys(summary["errors"]):
        print(f"\nerror: {error}")


def counts(text):
    return [int(count) for count in text.split(",")]


def main():
    parser = argparse.ArgumentParser(
        prog=".ci/bench-growth", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--porter", default=os.environ.get("PORTER_BINARY") or DEFAULT_BINARY, help="the built program")
    add("--filler", default=None, help="the built program that fills ledgers (beside the program)")
    add("--records", type=counts, default=[1_000_000, 10_000_000], help="lengths of the ledger (1000000,10000000)")
    add("--partners", type=int, default=100_000, help="in the large directory (100000)")
    add("--routes", type=int, default=1_000, help="in the large folder (1000)")
    add("--idle", type=int, default=5_000, help="TLS connections that wait (5000)")
    add("--rounds", type=int, default=6, help="how often each is measured, by turns that begin with the next each time (6)")
    add("--seconds", type=int, default=4, help="how long each time (4)")
    add("--markdown", action="store_true", help="the tables of the article Performance on standard output, instead")
    add("--json", action="store_true", help="medians as JSON on standard output, instead of tables")
    options = parser.parse_args()
    options.filler = options.filler or str(Path(options.porter).with_name("ledgerfiller"))
    with at_work() as (site, rows):
        growth = Growth(options, site, rows)
        was_interrupted = not has_ended(growth.run)
    if options.json:
        print(json.dumps(growth.summary, indent=2))
    elif options.markdown:
        print(markdown.growth(growth.summary))
    else:
        print_summary(growth.summary)
        print(f"\nEvery run: {rows.path}")
    return 1 if growth.has_failed or was_interrupted else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("interrupted")
    except ServerError as error:
        sys.exit(f"error: {error}")
