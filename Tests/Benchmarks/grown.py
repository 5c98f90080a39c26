"""Porter with much on its shoulders: a long ledger, a large directory, many routes."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import measuring
import signups
from clients import Order, run_client
from plan import Contestant
from porter import SAMPLE_PARTNERS, Porter, run_command
from scenarios import SCENARIOS
from servers import REPOSITORY
from workplace import tell

# Requests are recorded fastest like this.
FILLING = next(scenario for scenario in SCENARIOS if scenario.name == "kept-alive-plain")
FILLING_CONNECTIONS = 256
FILLING_SECONDS = 20


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
    site: object
    cores: measuring.Cores

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

    def import_partners(self, folder, count):
        file = self.site.folder / f"partners-{count}.csv"
        rows = (f"{number},Grown partner {number},active" for number in range(7_000_000, 7_000_000 + count))
        file.write_text("\n".join(["id,name,status", *rows]) + "\n", "utf-8")
        run_command(self.binary, "partner", "import", file, "--data", folder)

    def fill(self, folder, records):
        """Has sign-ups recorded in the folder until there are so many, by a server that is asked for them."""
        contestant = self.contestant("filling", folder)
        rate = 20_000
        while (missing := records - self.recorded(contestant)) > 0:
            tell(f"filling the ledger: {missing:,} of {records:,} records to go")
            server = contestant.kind(contestant.name, self.site, self.site.folder / "run")
            seconds = min(FILLING_SECONDS, max(1, int(missing / rate)))
            try:
                server.start(self.cores.server)
                order = Order(server, FILLING, FILLING_CONNECTIONS, seconds, 0, self.cores, self.site.folder)
                rate = max(1, run_client(order).answered / seconds)
            finally:
                server.remove()

    def recorded(self, contestant):
        server = contestant.kind(contestant.name, self.site, self.site.folder / "run")
        return server.records_there()

    def routes(self, count):
        """The shipped ones, and copies of one under other names and paths."""
        folder = self.site.folder / f"routes-{count}"
        shutil.copytree(REPOSITORY / "routes", folder)
        shipped = sorted(folder.glob("*.yaml"))
        text = shipped[0].read_text("utf-8")
        for number in range(count - len(shipped)):
            name = f"grown-{number}"
            copy = text.replace(f"name: {shipped[0].stem}", f"name: {name}", 1)
            copy = copy.replace("paths: [/", f"paths: [/{name}/", 1).replace('"/p/', f'"/{name}/p/', 1)
            (folder / f"{name}.yaml").write_text(copy, "utf-8")
        return folder
