"""Porter as it comes: everything on, default settings, partners imported, nothing recorded yet."""

import json
import shutil
import subprocess

import searchindex
import signups
from servers import REPOSITORY, Server, ServerError, inherited_environment

SAMPLE_PARTNERS = REPOSITORY / "Tests/EndToEndTests/Fixtures/partners-sample.csv"
# Told to answer before the record is synced, which Porter does for a benchmark only: what the wait costs is the difference.
ANSWERS_EARLY = {"PORTER_BENCH_ANSWERS_EARLY": "1"}


def run_command(binary, *arguments):
    done = subprocess.run(
        [binary, *map(str, arguments)],
        cwd="/",
        env=inherited_environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode != 0:
        raise ServerError(f"{binary} {' '.join(map(str, arguments))} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


class Porter(Server):
    """`binary` is what two builds differ in."""

    binary = None
    extra_environment = {}
    routes = REPOSITORY / "routes"

    @classmethod
    def built_as(cls, path, environment=None):
        """The kind of server that runs this program."""
        return type("Porter", (cls,), {"binary": path, "extra_environment": environment or {}})

    @classmethod
    def version(cls):
        return f"Porter {run_command(cls.binary, '--version').strip()} ({cls.binary})"

    def arguments(self):
        site = self.site
        return [
            self.binary,
            *("serve", "--data", self.data, "--routes", self.routes, "--public", REPOSITORY / "Public"),
            *("--https", f"127.0.0.1:{self.https_port}", "--http", f"127.0.0.1:{self.http_port}", "--back-office", "off"),
            *("--tls-certificate", site.ecdsa.certificate, "--tls-key", site.ecdsa.key),
            *("--tls-certificate", site.rsa.certificate, "--tls-key", site.rsa.key),
        ]

    def environment(self):
        return self.extra_environment

    @property
    def data(self):
        return self.folder / "data"

    def prepare(self):
        """Copies a data folder into which this program imported the partners; to import them each time takes longer."""
        imported = self.site.folder / f"data-{self.name}"
        if not imported.exists():
            imported.mkdir()
            partners = self.site.folder / "partners.csv"
            signups.write_partners(partners)
            for file in (SAMPLE_PARTNERS, partners):
                run_command(self.binary, "partner", "import", file, "--data", imported)
        shutil.copytree(imported, self.data)

    def work_left(self):
        """The index follows the ledger: what it lacks was recorded, but not paid for."""
        progress = searchindex.progress_of(self.data)
        return f"{progress.lacking} full segments of {progress.records} records are not indexed" if progress.lacking else None

    def requests_recorded(self):
        rows = json.loads(run_command(self.binary, "counts", "--json", "--by", "route", "--data", self.data))
        return sum(row["requests"] for row in rows)
