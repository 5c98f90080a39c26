"""What the command line asks for."""

import argparse
import math
import os
from dataclasses import dataclass
from pathlib import Path

import halfload
from cores import NEEDED_FOR_TWO
from peers import PEERS
from porter import Porter
from scenarios import SCENARIOS
from servers import REPOSITORY

DEFAULT_BINARY = REPOSITORY / ".build/release/porter"
QUICK_PEERS = ["nginx", "haproxy"]
# What `make bench` promises.
MINUTES, QUICK_MINUTES = 25, 3
# What two event loops and the writer can be busy with.
TWO_CORES_MODE = "kept-alive-plain"
DESCRIPTION = """\
Porter beside the web servers that people would use instead, doing the same job.

Tables go to standard output, progress to standard error, every single run as a line of JSON to var/bench/. Exit status 1 when
a run was no result.
"""


@dataclass(frozen=True)
class Contestant:
    name: str
    kind: type

    @property
    def is_porter(self):
        return issubclass(self.kind, Porter)


@dataclass(frozen=True)
class Plan:
    """What the command line asks for."""

    contestants: list
    scenarios: list
    connections: list
    rounds: int
    seconds: int
    warmup: int
    rate: float | None
    has_half_load: bool
    measures_disk: bool
    measures_floor: bool
    keeps_logs: bool
    # Rounds after the first that would end later are dropped.
    limit_seconds: float = math.inf
    server_cores: int = 1
    # Whether each round begins with the next of the contestants: where all of them sync, who comes third finds a machine that has
    # been busy for longer.
    rotates: bool = False

    @property
    def porters(self):
        return [contestant for contestant in self.contestants if contestant.is_porter]

    @property
    def hotpath(self):
        """The program that times Porter's steps, which is built beside it."""
        return (Path(self.porters[0].kind.binary) if self.porters else DEFAULT_BINARY).with_name("hotpath")

    @property
    def reference(self):
        """To whom ratios refer: Porter, the first when there are several."""
        return next((contestant.name for contestant in self.porters), self.contestants[0].name)

    def in_turn(self, turn):
        """The contestants in the order of a round, which is a number."""
        first = turn % len(self.contestants) if self.rotates else 0
        return self.contestants[first:] + self.contestants[:first]

    @property
    def runs_of_half_load(self):
        """In one round: each Porter as it is, and answering early."""
        return 2 * len(halfload.MODES) * len(self.porters) if self.has_half_load else 0

    def knows_full_rate(self, mode):
        """Whether the scenarios tell what half of the load is."""
        has_run = any(scenario.name == mode for scenario in self.scenarios) and halfload.CONNECTIONS in self.connections
        return has_run and not self.rate

    @property
    def runs(self):
        of_scenarios = len(self.scenarios) * len(self.connections) * len(self.contestants)
        unknown = sum(not self.knows_full_rate(mode) for mode in halfload.MODES) if self.has_half_load else 0
        return self.rounds * (of_scenarios + self.runs_of_half_load + unknown * len(self.porters))


def arguments_parser():
    parser = argparse.ArgumentParser(
        prog=".ci/bench", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--quick", action="store_true", help="three scenarios, 32 clients, Porter, nginx and HAProxy, two rounds: three minutes")
    add("--only", metavar="NAMES", help=f"of these: porter (or what --porter named), {', '.join(PEERS)}")
    add("--scenarios", metavar="NAMES", help=f"of these: {', '.join(scenario.name for scenario in SCENARIOS)}")
    add("--clients", metavar="COUNTS", help="how many connections at once (32,256)")
    add("--rounds", type=int, help="how often each is measured, by turns (3)")
    add("--seconds", type=int, default=4, help="how long each time (4)")
    add("--server-cores", type=int, choices=(1, 2), default=1, help="2: kept-alive-plain, Porter alone, on two of four cores (1)")
    add(
        "--minutes",
        type=float,
        help=f"rounds after the first that would end later are dropped ({MINUTES}, quick {QUICK_MINUTES})",
    )
    add("--warmup", type=int, default=1, help="seconds before that, which don't count (1)")
    add("--rate", type=float, help="requests a second, at random moments, instead of as many as are answered")
    add("--porter", action="append", default=[], metavar="[NAME=]PATH", help="a built program; repeat it to compare builds")
    add("--half-load", action="store_true", help="what the wait for the disk adds to latency; alone, unless --scenarios is there")
    add(
        "--floor", action="store_true", help="what kernel and cryptography take by themselves; alone, unless --scenarios is there"
    )
    add("--json", action="store_true", help="medians as JSON on standard output, instead of tables")
    add("--markdown", action="store_true", help="the tables of the article Performance on standard output, instead")
    add("--markdown-from", metavar="ROWS", help="measure nothing: print these tables from a file of rows below var/bench/")
    add("--reference", default="porter", metavar="NAME", help="with --markdown-from, who is compared with the others (porter)")
    add("--keep-logs", action="store_true", help="leave each run's folder, with the server's logs, below var/bench/")
    return parser


def plan_of(options, parser):
    """What the options mean; bad ones end the program with 2."""
    scenarios = [scenario for scenario in SCENARIOS if (scenario.is_quick if options.quick else scenario.is_usual)]
    if options.scenarios:
        scenarios = pick(options.scenarios, {scenario.name: [scenario] for scenario in SCENARIOS}, parser)
    elif options.server_cores > 1:
        scenarios = [scenario for scenario in SCENARIOS if scenario.name == TWO_CORES_MODE]
    elif options.half_load or options.floor:
        scenarios = []
    if options.server_cores > 1 and len(os.sched_getaffinity(0)) < NEEDED_FOR_TWO:
        parser.error(f"--server-cores 2 needs {NEEDED_FOR_TWO} cores; {len(os.sched_getaffinity(0))} are there")
    clients = options.clients or ("32" if options.quick else "32,256")
    if not all(count.isdigit() and 1 <= int(count) <= 10_000 for count in clients.split(",")):
        parser.error("--clients takes numbers from 1 to 10000, separated by commas")
    rounds = options.rounds or (2 if options.quick else 3)
    if min(rounds, options.seconds) < 1 or options.warmup < 0 or max(options.seconds, options.warmup) > 600:
        parser.error("--rounds and --seconds begin at 1, --warmup at 0; seconds end at 600")
    is_usual = not (options.scenarios or options.only or options.half_load or options.floor or options.server_cores > 1)
    return Plan(
        contestants=contestants_of(options, parser),
        scenarios=scenarios,
        connections=[int(count) for count in clients.split(",")],
        rounds=rounds,
        seconds=options.seconds,
        warmup=options.warmup,
        rate=options.rate,
        has_half_load=options.half_load or (is_usual and not options.quick),
        measures_disk=options.half_load or is_usual,
        measures_floor=options.floor or is_usual,
        keeps_logs=options.keep_logs,
        server_cores=options.server_cores,
        limit_seconds=60 * (options.minutes or (QUICK_MINUTES if options.quick else MINUTES)),
    )


def contestants_of(options, parser):
    binaries = {}
    for given in options.porter or [os.environ.get("PORTER_BINARY") or str(DEFAULT_BINARY)]:
        name, _, path = given.rpartition("=")
        name = name or ("porter" if not binaries else f"porter{len(binaries) + 1}")
        if name in binaries or name in PEERS:
            parser.error(f"--porter: the name {name} is taken")
        binaries[name] = Path(path).absolute()
    porters = [Contestant(name, Porter.built_as(path)) for name, path in binaries.items()]
    chosen = QUICK_PEERS if options.quick else list(PEERS)
    known = {contestant.name: [contestant] for contestant in porters} | {"porter": porters}
    known |= {name: [Contestant(name, kind)] for name, kind in PEERS.items()}
    picked = pick(options.only, known, parser) if options.only else [*porters, *(known[name][0] for name in chosen)]
    if options.server_cores > 1:
        # The peers' configurations are for one core.
        picked = [contestant for contestant in picked if contestant.is_porter] or parser.error("--server-cores 2 is Porter's")
    for contestant in picked:
        if contestant.is_porter and not os.access(contestant.kind.binary, os.X_OK):
            parser.error(
                f"{contestant.kind.binary} is no program: build it (.ci/build release porter), or name another (--porter)"
            )
        if not contestant.is_porter and contestant.kind.find() is None:
            parser.error(f"{contestant.kind.program} is not installed: .ci/packages bench does it, or leave it out with --only")
    return picked


def pick(names, known, parser):
    """The named ones, in the order named, each once."""
    picked = []
    for name in names.split(","):
        if name not in known:
            parser.error(f"there is no {name}; there are {', '.join(known)}")
        picked += [thing for thing in known[name] if thing not in picked]
    return picked
