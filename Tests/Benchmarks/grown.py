"""Porter with much on its shoulders: a long ledger, a large directory, many routes."""

import csv
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import signups
from plan import Contestant
from porter import SAMPLE_PARTNERS, Porter, run_command
from searchindex import wait_for_index
from servers import REPOSITORY, ServerError
from workplace import tell

# How long the sign-ups of a filled ledger took to come, and by how many partners.
FILLED_DAYS = 180
FILLED_PARTNERS = 2_000
FIRST_PARTNER = 7_000_000
SHIPPED_ROUTES = sorted((REPOSITORY / "routes").glob("*.yaml"))


class Prepared(Porter):
    """Serves a data folder that was prepared before. What it is asked is added to that, and stays."""

    data_folder = None
    recorded_before = 0

    @property
    def data(self):
        return self.data_folder

    def prepare(self):
        self.recorded_before = self.records_there()

    def records_there(self):
        return super().requests_recorded() if (self.data / "ledger.db").exists() else 0

    def requests_recorded(self):
        return self.records_there() - self.recorded_before


@dataclass(frozen=True)
class Nursery:
    """Makes what is measured, in the benchmark's folder."""

    binary: Path
    # Makes a ledger's records faster than they could be asked for.
    filler: Path
    site: object

    def fresh(self, name, routes=None):
        """One that begins with an empty ledger each time."""
        return Contestant(name, type("Fresh", (Porter,), {"binary": self.binary, "routes": routes or Porter.routes}))

    def contestant(self, name, data, routes=None):
        attributes = {"binary": self.binary, "data_folder": data, "routes": routes or Porter.routes}
        return Contestant(name, type("Prepared", (Prepared,), attributes))

    def data_folder(self, name, partners=0):
        """A new one, with the sample's partners, those that are asked for, and as many more as given."""
        folder = self.site.folder / name
        folder.mkdir()
        asked = self.site.folder / "partners.csv"
        signups.write_partners(asked)
        for file in (SAMPLE_PARTNERS, asked):
            run_command(self.binary, "partner", "import", file, "--data", folder)
        if partners:
            self.import_partners(folder, partners)
        return folder

    @staticmethod
    def usual_partners():
        """How many there are in a directory that was not made larger."""
        with SAMPLE_PARTNERS.open(encoding="utf-8", newline="") as sample:
            return len({row["id"] for row in csv.DictReader(sample)} | set(signups.PARTNERS))

    def import_partners(self, folder, count):
        file = self.site.folder / f"partners-{count}.csv"
        rows = (f"{number},Grown partner {number},active" for number in range(FIRST_PARTNER, FIRST_PARTNER + count))
        file.write_text("\n".join(["id,name,status", *rows]) + "\n", "utf-8")
        run_command(self.binary, "partner", "import", file, "--data", folder)

    def filled(self, name, records):
        """One with a ledger of so many records, and with its index: who measures it does not measure that being made."""
        contestant = self.contestant(name, self.data_folder(f"records-{records}"))
        self.fill(contestant.kind.data_folder, records)
        server = contestant.kind(name, self.site, self.site.folder / "run")
        try:
            # Nothing is measured, so it may have all cores.
            server.start(())
            wait_for_index(server)
        finally:
            server.remove()
        return contestant

    def fill(self, folder, records):
        """Has sign-ups recorded in the folder, as if they had come over half a year."""
        tell(f"filling a ledger with {records:,} records")
        self.import_partners(folder, FILLED_PARTNERS)
        command = [self.filler, records, FILLED_DAYS, "--data", folder, "--routes", Porter.routes]
        done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise ServerError(f"{self.filler} ended with {done.returncode}: {done.stderr.strip()}")

    def routes(self, count):
        """The shipped ones, and copies of one under other names and paths."""
        folder = self.site.folder / f"routes-{count}"
        shutil.copytree(REPOSITORY / "routes", folder)
        first = SHIPPED_ROUTES[0]
        text = first.read_text("utf-8")
        for number in range(count - len(SHIPPED_ROUTES)):
            name = f"grown-{number}"
            copy = text.replace(f"name: {first.stem}", f"name: {name}", 1)
            copy = copy.replace("paths: [/", f"paths: [/{name}/", 1).replace('"/p/', f'"/{name}/p/', 1)
            (folder / f"{name}.yaml").write_text(copy, "utf-8")
        return folder
