"""What the wait for the disk adds to the latency of a server that has time to spare.

Requests come at random moments, at half of the rate that came back at full load, once with Porter as it is and once answering
before the disk has synced. The difference is held against what the disk alone takes. Where the client was the limit at full load,
it is half of what the client manages, and the server has more time to spare.
"""

import dataclasses

from porter import ANSWERS_EARLY, Porter
from scenarios import SCENARIOS

MODES = ["fresh-tls13", "kept-alive-tls13"]
# As many as may be under way at once; at half load few are.
CONNECTIONS = 256

COLUMNS = [
    ("rate", "asked/s", "{:,.0f}"),
    ("redirects_per_second", "redirects/s", "{:,.0f}"),
    ("cpu_us", "CPU µs", "{:,.1f}"),
    ("p50_ms", "p50 ms", "{:.2f}"),
    ("p99_ms", "p99 ms", "{:.2f}"),
    ("p99.9_ms", "p99.9 ms", "{:.2f}"),
    ("waiting", "waiting at the end", "{:.0f}"),
]


def scenario_of(mode):
    return next(scenario for scenario in SCENARIOS if scenario.name == mode)


def answering_early(contestant):
    """The same program, told not to wait for the disk."""
    return dataclasses.replace(
        contestant,
        name=f"{contestant.name} answering early",
        kind=Porter.built_as(contestant.kind.binary, ANSWERS_EARLY),
    )


def allowed_milliseconds(disk):
    """What the wait may add to p99: twice the disk's own p99 and a millisecond."""
    return 2 * disk["p99"] + 1


def verdict(waiting, early, disk):
    """A sentence about the two medians."""
    if not (waiting["runs"] and early["runs"]):
        return "no verdict: a run failed"
    added = waiting["p99_ms"] - early["p99_ms"]
    allowed = allowed_milliseconds(disk)
    return (
        f"the synced log adds {added:.2f} ms to p99; the disk's fdatasync has a p99 of {disk['p99']:.2f} ms, "
        f"so {allowed:.2f} ms are allowed: {'met' if added <= allowed else 'NOT MET'}"
    )
