"""The sign-ups that are asked for, and where each must be sent: the same for every server and every client."""

import random
import re
from dataclasses import dataclass
from pathlib import Path

HOST = "gateway.example.com"
# How many different requests there are: enough that no branch or cache sees the same one again and again.
COUNT = 60
# One in so many carries what the documentation prints instead of an ID, so that validation has something to refuse.
PLACEHOLDER_EVERY = 15

PARTNERS = [str(6_100_003 + 7_919 * number) for number in range(40)]

_EXPLORER = "Mozilla/5.0 (Windows NT {}; Trident/7.0; {}rv:11.0) like Gecko"
_NET = ".NET4.0E; .NET4.0C; .NET CLR 3.5.30729; .NET CLR 2.0.50727; .NET CLR 3.0.30729; "
AGENTS = [
    _EXPLORER.format(system, extra)
    for system in ("6.1; WOW64", "6.2; WOW64", "6.3; WOW64", "6.3; Win64; x64", "10.0; WOW64", "10.0; Win64; x64")
    for extra in ("", _NET, "Touch; ", "MALNJS; ")
]
CULTURES = ["en-US", "en-GB", "de-DE", "fr-FR", "es-ES", "it-IT", "nl-NL", "pt-BR", "ja-JP", "sv-SE"]


@dataclass(frozen=True)
class Signup:
    """One request, and how the Location begins that answers it."""

    target: str
    agent: str
    culture: str
    location: str

    @property
    def fields(self):
        """As Internet Explorer 11 sends them."""
        return {
            "Accept": "text/html, application/xhtml+xml, image/jxr, */*",
            "Accept-Language": f"{self.culture},en;q=0.5",
            "User-Agent": self.agent,
            "Accept-Encoding": "gzip, deflate",
        }

    @property
    def head(self):
        lines = [f"GET {self.target} HTTP/1.1", *(f"{name}: {value}" for name, value in self.fields.items())]
        return "\r\n".join([*lines, f"Host: {HOST}", "DNT: 1", "Connection: Keep-Alive", "", ""]).encode()


@dataclass(frozen=True)
class Endpoints:
    """What the shipped routes answer, which the peers are configured to answer as well."""

    destination: str
    # The OfferId by path.
    offers: dict

    @classmethod
    def read(cls, routes: Path):
        """Reads the few lines that matter of each route file; what they mean is in routes/README.md."""
        offers, destinations = {}, set()
        for file in sorted(routes.glob("*.yaml")):
            text = file.read_text("utf-8")
            path = re.search(r"^ +paths: \[(/[^,\]]+)", text, re.MULTILINE)
            url = re.search(r"^ +url: (\S+)", text, re.MULTILINE)
            offer = re.search(r"name: OfferId, value: ([0-9a-f-]{36})", text)
            if not (path and url and offer):
                raise SystemExit(f"error: {file} has no path, url or OfferId where the benchmark looks for them")
            offers[path[1]] = offer[1]
            destinations.add(url[1])
        if len(destinations) != 1:
            raise SystemExit(f"error: the routes in {routes} must share one destination to be compared with others")
        return cls(destinations.pop(), offers)

    def signups(self):
        choice = random.Random(3)
        made = []
        for number in range(COUNT):
            path, offer = list(self.offers.items())[number % len(self.offers)]
            is_placeholder = number % PLACEHOLDER_EVERY == PLACEHOLDER_EVERY - 1
            partner = "xxxxx" if is_placeholder else PARTNERS[number % len(PARTNERS)]
            culture = choice.choice(CULTURES)
            attribution = "" if is_placeholder else f"&msppid={partner}"
            made.append(
                Signup(
                    target=f"{path}?Partner={partner}&culture={culture}",
                    agent=choice.choice(AGENTS),
                    culture=culture,
                    location=f"{self.destination}?OfferId={offer}{attribution}&culture={culture}&rid=",
                )
            )
        return made


def write_requests(signups, file: Path):
    """For the load client; the format is in Client/requests.h."""
    file.write_bytes(b"".join(signup.location.encode() + b"\n" + signup.head for signup in signups))


def write_partners(file: Path):
    """Active partners with the IDs that are asked for."""
    rows = ["id,name,status", *(f"{partner},Benchmark partner {partner},active" for partner in PARTNERS)]
    file.write_text("\n".join(rows) + "\n", "utf-8")
