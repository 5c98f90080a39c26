"""Other servers as sign-up gateways, with Debian's or their own defaults for TLS: what `porter probe` finds in the world."""

import re
import signal
import subprocess
from pathlib import Path

from running import PATIENCE_SECONDS, environment, eventually, free_port, is_listening

DESTINATION = "https://signup.example.com/Signup"
PATHS = ["/enterprisebuy.html", "/enterprisetry.html", "/smallbizbuy.html", "/smallbiztry.html"]
DEBIAN_NGINX = Path("/etc/nginx/nginx.conf")


class WebServer:
    """One server on loopback, by the name localhost."""

    def __init__(self, folder, pair, redirects=tuple(PATHS)):
        self.folder = folder
        self.pair = pair
        self.redirects = redirects
        self.https_port = free_port()
        self.http_port = free_port()

    def __enter__(self):
        self.folder.mkdir(parents=True)
        path = self.folder / "configuration"
        path.write_text(self.configuration(), "utf-8")
        with (self.folder / "output.log").open("wb") as output:
            # What a server keeps of its own (Caddy) stays in the test's folder.
            env = environment(HOME=str(self.folder), XDG_DATA_HOME=str(self.folder), XDG_CONFIG_HOME=str(self.folder))
            self.process = subprocess.Popen(
                self.arguments(path), cwd=self.folder, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )

        def is_ready():
            words = (self.folder / "output.log").read_text("utf-8", "replace")
            assert self.process.poll() is None, f"ended with {self.process.returncode}:\n{words}"
            return is_listening(self.https_port) and is_listening(self.http_port)

        try:
            eventually(is_ready, "the server listens")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Nginx(WebServer):
    """With the TLS settings of Debian's nginx.conf, and a site of its own."""

    def arguments(self, path):
        return ["/usr/sbin/nginx", "-c", str(path)]

    def configuration(self):
        settings = re.findall(r"(?m)^\s*(ssl_\w+ [^;]+;)", DEBIAN_NGINX.read_text("utf-8"))
        assert settings, f"no TLS settings in {DEBIAN_NGINX}"
        temporary = "\n".join(f"{kind}_temp_path {self.folder};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        sites = "\n".join(f"location = {path} {{ return 302 {DESTINATION}; }}" for path in self.redirects)
        return f"""
            daemon off; master_process off;
            pid {self.folder}/nginx.pid;
            error_log {self.folder}/error.log;
            events {{ }}
            http {{
                access_log off;
                {temporary}
                {" ".join(settings)}
                server {{
                    listen 127.0.0.1:{self.http_port};
                    listen 127.0.0.1:{self.https_port} ssl;
                    server_name localhost;
                    ssl_certificate {self.pair.certificate};
                    ssl_certificate_key {self.pair.key};
                    root {self.folder}/html;
                    {sites}
                }}
            }}
        """


class Caddy(WebServer):
    """As it is: its own choice of suites, and plain HTTP redirected to HTTPS by itself."""

    def arguments(self, path):
        return ["/usr/bin/caddy", "run", "--adapter", "caddyfile", "--config", str(path)]

    def configuration(self):
        sites = "\n".join(f"redir {path} {DESTINATION} 302" for path in self.redirects)
        return f"""{{
            admin off
            default_bind 127.0.0.1
            http_port {self.http_port}
            https_port {self.https_port}
        }}
        localhost {{
            tls {self.pair.certificate} {self.pair.key}
            {sites}
        }}
        """
