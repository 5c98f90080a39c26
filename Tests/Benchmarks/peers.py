"""The servers that people would use instead, each told to do the same job by its file in Peers/."""

import shutil
import subprocess

from servers import Server, ServerError, count_lines

# Debian has servers where only root's PATH looks.
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_APACHE_MODULES = "/usr/lib/apache2/modules"


class Peer(Server):
    program: str
    # Arguments after which the program prints its version in the first lines.
    version_arguments: list
    # What stands in the log's line of a redirect only: a connection without a request can have a line as well.
    redirect_mark = b'" 302 "'

    @classmethod
    def find(cls):
        """Where the program is; None when it is not installed."""
        return shutil.which(cls.program, path=_PATH)

    @classmethod
    def version(cls):
        done = subprocess.run([cls.find(), *cls.version_arguments], capture_output=True, text=True, check=False)
        return (done.stdout + done.stderr).strip().splitlines()[0]

    def substitutions(self):
        lines = [self.offer_line(path, offer) for path, offer in self.site.endpoints.offers.items()]
        return super().substitutions() | {"OFFERS": "\n".join(lines)}

    def offer_line(self, path, offer):
        """A path with its OfferId, in the language of the server's configuration."""
        return ""

    def requests_recorded(self):
        log = self.folder / "access.log"
        if not log.exists():
            raise ServerError(f"{self.name} wrote no log{self.last_words()}")
        return count_lines(log, self.redirect_mark)


class Nginx(Peer):
    program, version_arguments = "nginx", ["-v"]
    template = "nginx.conf"

    def arguments(self):
        return [self.find(), "-p", self.folder, "-c", self.configuration, "-e", self.folder / "error.log"]

    def offer_line(self, path, offer):
        return f"        {path} {offer};"


class HAProxy(Peer):
    program, version_arguments = "haproxy", ["-v"]
    template = "haproxy.cfg"

    def arguments(self):
        return [self.find(), "-f", self.configuration]

    @property
    def standard_output(self):
        """Where it logs requests."""
        return self.folder / "access.log"

    def prepare(self):
        offers = self.site.endpoints.offers
        (self.folder / "offers.map").write_text("".join(f"{path} {offer}\n" for path, offer in offers.items()), "utf-8")


class Caddy(Peer):
    program, version_arguments = "caddy", ["version"]
    template = "Caddyfile"
    redirect_mark = b'"status":302'

    def arguments(self):
        return [self.find(), "run", "--adapter", "caddyfile", "--config", self.configuration]

    def environment(self):
        return {
            "GOMAXPROCS": "1",
            "HOME": str(self.folder),
            "XDG_DATA_HOME": str(self.folder),
            "XDG_CONFIG_HOME": str(self.folder),
        }

    def substitutions(self):
        return super().substitutions() | {"PATHS": " ".join(self.site.endpoints.offers)}

    def offer_line(self, path, offer):
        return f"\t\t{path} {offer}"


class Apache(Peer):
    program, version_arguments = "apache2", ["-v"]
    template = "apache.conf"

    def arguments(self):
        return [self.find(), "-f", self.configuration, "-D", "FOREGROUND"]

    def substitutions(self):
        return super().substitutions() | {"MODULES": _APACHE_MODULES}

    def offer_line(self, path, offer):
        return f"RewriteRule ^{path.replace('.', chr(92) + '.')}$ - [E=offer:{offer}]"


PEERS = {"nginx": Nginx, "haproxy": HAProxy, "caddy": Caddy, "apache": Apache}
