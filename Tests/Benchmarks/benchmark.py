"""Runs a plan, by turns, and keeps every row."""

import statistics
import time

import halfload
from cores import Cores
from disk import measure_fdatasync
from floor import measure_floor
from running import run_once
from workplace import tell


class Benchmark:
    """Runs a plan."""

    def __init__(self, plan, site, rows):
        self.plan = plan
        self.site = site
        self.rows = rows
        self.cores = Cores.choose(plan.server_cores)
        # Runs that were made, how long they took together, and which rounds were not made, as that would have taken too long.
        self.done = 0
        self.run_seconds = 0.0
        self.dropped = []
        self.dropped_runs = 0
        self.begin = time.monotonic()
        # The rows of each (scenario, connections), and of the half load by mode and contestant's name.
        self.measured = {}
        self.halves = {}
        self.disk = None
        self.floor = None

    def run(self):
        """What needs no server first: it takes half a minute, whatever becomes of the rest."""
        if self.plan.measures_floor:
            tell("measuring the floor …")
            self.floor = measure_floor(self.site, self.cores, self.plan.hotpath)
            self.rows.add({"floor_us": self.floor})
        if self.plan.measures_disk:
            tell("measuring the disk …")
            self.disk = measure_fdatasync(self.site.folder)
            self.rows.add({"disk_ms": self.disk})
        self.run_scenarios()
        if self.plan.has_half_load:
            self.run_half_load()

    def run_scenarios(self):
        """Rounds are outermost: when time is short, every scenario has had its first, and what is dropped is repetition.

        Within a round the contestants of one scenario still follow each other, so that its ratios are of one moment.
        """
        for turn in range(self.plan.rounds):
            for scenario in self.plan.scenarios:
                for connections in self.plan.connections:
                    # The half load is to have its rounds as well.
                    half_load = self.plan.rounds * self.plan.runs_of_half_load
                    if not self.has_time(turn, len(self.plan.contestants), half_load):
                        self.drop(turn, f"{scenario.name}, {connections} clients", len(self.plan.contestants))
                        continue
                    measured = self.measured.setdefault((scenario, connections), [])
                    for contestant in self.plan.in_turn(turn):
                        measured.append(self.one(contestant, scenario, connections, turn))

    def has_time(self, turn, runs, runs_to_come=0):
        """Whether so many more runs, as long as those before, end before the limit. First rounds are made all the same."""
        spent = time.monotonic() - self.begin
        return turn == 0 or spent + (runs + runs_to_come) * self.seconds_of_run() <= self.plan.limit_seconds

    def drop(self, turn, what, runs):
        self.dropped.append(f"round {turn + 1} of {what}")
        self.dropped_runs += runs
        tell(f"dropped, since time is short: {self.dropped[-1]}")

    def seconds_of_run(self):
        return self.run_seconds / max(1, self.done)

    def one(self, contestant, scenario, connections, turn, **more):
        begin = time.monotonic()
        row = run_once(contestant, self.site, scenario, connections, self.plan, self.cores, more.pop("rate", self.plan.rate))
        row = {"round": turn + 1} | more | row
        self.rows.add(row)
        self.done += 1
        self.run_seconds += time.monotonic() - begin
        self.tell_progress(row)
        return row

    def tell_progress(self, row):
        runs = self.plan.runs - self.dropped_runs
        left = self.seconds_of_run() * max(0, runs - self.done)
        figures = (
            f"FAILED: {row['error'].splitlines()[0]}"
            if "error" in row
            else f"{row['redirects_per_second']:9,.0f}/s {row['cpu_us']:7.1f} µs{', disturbed' if row['disturbed'] else ''}"
        )
        tell(
            f"[{self.done:3}/{runs}, {left // 60:2.0f}:{left % 60:02.0f} left] {row['scenario']}, "
            f"{row['connections']} clients, round {row['round']}: {row['server']:<10} {figures}"
        )

    def run_half_load(self):
        """Rounds are outermost here as well."""
        scenarios = [halfload.scenario_of(mode) for mode in halfload.MODES]
        pairs = [(porter, halfload.answering_early(porter)) for porter in self.plan.porters]
        rates = {
            (scenario.name, porter.name): self.full_rate(porter, scenario) / 2
            for scenario in scenarios
            for porter in self.plan.porters
        }
        for turn in range(self.plan.rounds):
            for scenario in scenarios:
                if not self.has_time(turn, 2 * len(pairs)):
                    self.drop(turn, f"{scenario.name} at half load", 2 * len(pairs))
                    continue
                for porter, early in pairs:
                    rate = rates[scenario.name, porter.name]
                    rows = self.halves.setdefault((scenario.name, porter.name), [])
                    for contestant in (porter, early):
                        row = {"error": "its full rate could not be measured", "server": contestant.name, "round": turn + 1}
                        if rate:
                            row = self.one(contestant, scenario, halfload.CONNECTIONS, turn, rate=rate, half_load=True)
                        rows.append(row)

    def full_rate(self, porter, scenario):
        """What Porter manages of this with as many connections as the half load has; measured now unless it was before."""
        rows = self.measured.get((scenario, halfload.CONNECTIONS), [])
        if not self.plan.knows_full_rate(scenario.name):
            rows = [
                self.one(porter, scenario, halfload.CONNECTIONS, turn, rate=None, full_rate=True)
                for turn in range(self.plan.rounds)
            ]
        rates = [row["redirects_per_second"] for row in rows if row["server"] == porter.name and "error" not in row]
        return statistics.median(rates) if rates else 0
