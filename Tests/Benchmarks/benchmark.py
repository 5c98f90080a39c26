"""Runs a plan, by turns, and keeps every row."""

import statistics
import time

import halfload
from disk import measure_fdatasync
from floor import measure_floor
from measuring import Cores
from running import run_once
from workplace import tell


class Benchmark:
    """Runs a plan."""

    def __init__(self, plan, site, rows):
        self.plan = plan
        self.site = site
        self.rows = rows
        self.cores = Cores.choose()
        self.done = 0
        self.begin = time.monotonic()
        # The rows of each (scenario, connections), and of the half load by mode and contestant's name.
        self.measured = {}
        self.halves = {}
        self.disk = None
        self.floor = None

    def run_unless_interrupted(self):
        """False when Control-C ended it: what was measured by then is shown all the same."""
        try:
            self.run()
        except KeyboardInterrupt:
            tell("interrupted")
            return False
        return True

    def run(self):
        for scenario in self.plan.scenarios:
            for connections in self.plan.connections:
                measured = self.measured.setdefault((scenario, connections), [])
                for turn in range(self.plan.rounds):
                    for contestant in self.plan.contestants:
                        measured.append(self.one(contestant, scenario, connections, turn))
        if self.plan.measures_floor:
            tell("measuring the floor …")
            self.floor = measure_floor(self.site, self.cores)
            self.rows.add({"floor_us": self.floor})
        if self.plan.measures_disk:
            tell("measuring the disk …")
            self.disk = measure_fdatasync(self.site.folder)
            self.rows.add({"disk_ms": self.disk})
        if self.plan.has_half_load:
            for mode in halfload.MODES:
                self.run_half_load(halfload.scenario_of(mode))

    def one(self, contestant, scenario, connections, turn, **more):
        row = run_once(contestant, self.site, scenario, connections, self.plan, self.cores, more.pop("rate", self.plan.rate))
        row = {"round": turn + 1} | more | row
        self.rows.add(row)
        self.done += 1
        self.tell_progress(row)
        return row

    def tell_progress(self, row):
        left = (time.monotonic() - self.begin) / self.done * max(0, self.plan.runs - self.done)
        figures = (
            f"FAILED: {row['error'].splitlines()[0]}"
            if "error" in row
            else f"{row['redirects_per_second']:9,.0f}/s {row['cpu_us']:7.1f} µs{', disturbed' if row['disturbed'] else ''}"
        )
        tell(
            f"[{self.done:3}/{self.plan.runs}, {left // 60:2.0f}:{left % 60:02.0f} left] {row['scenario']}, "
            f"{row['connections']} clients, round {row['round']}: {row['server']:<10} {figures}"
        )

    def run_half_load(self, scenario):
        pairs = [(porter, halfload.answering_early(porter)) for porter in self.plan.porters]
        rates = {porter.name: self.full_rate(porter, scenario) / 2 for porter in self.plan.porters}
        for turn in range(self.plan.rounds):
            for porter, early in pairs:
                rows = self.halves.setdefault((scenario.name, porter.name), [])
                for contestant in (porter, early):
                    rate = rates[porter.name]
                    row = {"error": "its full rate could not be measured", "server": contestant.name}
                    if rate:
                        row = self.one(contestant, scenario, halfload.CONNECTIONS, turn, rate=rate, half_load=True)
                    rows.append(row)

    def full_rate(self, porter, scenario):
        """What Porter manages of this with as many connections as the half load has; measured now unless it was before."""
        rows = self.measured.get((scenario, halfload.CONNECTIONS), [])
        if self.plan.rate or not any(row["server"] == porter.name for row in rows):
            rows = [self.one(porter, scenario, halfload.CONNECTIONS, turn, rate=None) for turn in range(self.plan.rounds)]
        rates = [row["redirects_per_second"] for row in rows if row["server"] == porter.name and "error" not in row]
        return statistics.median(rates) if rates else 0
