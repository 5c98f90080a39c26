"""The tables of the article Performance, ready to be pasted."""

import json
import math

import results
from scenarios import SCENARIOS

# Of the runs that a cell is made of, so many are marked when they were limited by the client, or disturbed.
MARKED_SHARE = 1 / 3
LEGEND = """\
Of each peer: Porter's processor time divided by the peer's (below 1: Porter costs less), Porter's redirects a second divided by
the peer's (above 1: Porter answers more), each as the median and range of the rounds' ratios; then the peer's own CPU µs and
redirects/s, medians. In at least a third of the runs behind a figure, `*`: the load client's core was at least 95 % busy and the
server's was not, so that the rate is the client's; `~`: more than 15 % of a core went to neither of them. `(n of m)`: only n of
m runs were results."""
# As their makers write them.
NAMES = {"porter": "Porter", "haproxy": "HAProxy", "caddy": "Caddy", "apache": "Apache"}
LATENCIES = ["p50_ms", "p99_ms", "p99.9_ms"]


def read_groups(path):
    """The rows of a file of rows by (scenario's name, connections), in the order in which they were measured first.

    Those of the half load, and what was measured for its rate, are left out.
    """
    groups = {}
    with open(path, encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if "scenario" in row and not row.get("half_load") and not row.get("full_rate"):
                groups.setdefault((row["scenario"], row["connections"]), []).append(row)
    return groups


def comparison(groups, reference):
    """Two tables: costs and rates, then latencies and memory. `groups` is as read_groups makes it."""
    order = [scenario.name for scenario in SCENARIOS]
    groups = dict(sorted(groups.items(), key=lambda group: (order.index(group[0][0]), group[0][1])))
    names = list(dict.fromkeys(row["server"] for rows in groups.values() for row in rows))
    peers = [name for name in names if name != reference]
    costs, latencies = [], []
    before = None
    for (scenario, connections), rows in groups.items():
        head = ["" if scenario == before else label(scenario), str(connections)]
        before = scenario
        costs.append([*head, own_cost(rows, reference), *(ratios(rows, reference, peer) for peer in peers)])
        latencies.append([*head, *(latency_and_memory(of(rows, name)) for name in [reference, *peers])])
    titles = [NAMES.get(name, name) for name in (reference, *peers)]
    cost_heads = [f"{titles[0]}: CPU µs, redirects/s", *titles[1:]]
    return "\n\n".join(
        [
            LEGEND,
            table(["connections", "clients", *cost_heads], costs),
            "p50, p99, p99.9 in ms; memory (sum of Pss) in MB:",
            table(["connections", "clients", *titles], latencies),
        ]
    )


def half_load(halves):
    """`halves` are summaries, as report.summary_of makes them."""
    lines = [
        [
            label(half["scenario"]),
            server["server"],
            f"{server['rate']:,.0f}",
            *(f"{server[key]:.2f}" for key in LATENCIES),
        ]
        for half in halves
        for server in half["servers"]
        if server["runs"]
    ]
    return table(["connections at half load", "server", "asked/s", "p50 ms", "p99 ms", "p99.9 ms"], lines)


def growth(summary):
    """Throughput and p99 by what grows, and how long starts take, of a summary as growth.py makes it."""
    modes = list(dict.fromkeys(measured["scenario"] for measured in summary["comparisons"]))
    cells = {}
    for measured in summary["comparisons"]:
        small, *grown = measured["servers"]
        for server in grown:
            cells.setdefault(f"{server['server']}, against {small['server']}", {})[measured["scenario"]] = grown_cell(
                server, small
            )
    lines = [[what, *(by_mode.get(mode, "–") for mode in modes)] for what, by_mode in cells.items()]
    starts = [
        [start["server"], f"{start['median_ms']:.0f}", f"{start['most_ms']:.0f}"]
        for group in summary["starts"]
        for start in group
    ]
    return "\n\n".join(
        [
            table(["", *map(label, modes)], lines),
            table(["start, after a clean stop, warm cache", "median ms", "at most ms"], starts),
        ]
    )


def grown_cell(server, small):
    if "redirects_ratio_range" not in server:
        return "no result"
    low, high = server["redirects_ratio_range"]
    marks = marks_of_counts([server, small])
    return f"{server['redirects_ratio']:.2f}{marks}, {low:.2f}–{high:.2f} ({server['p99_ms']:.0f}, {small['p99_ms']:.0f})"


def own_cost(rows, name):
    summary = results.median_of(of(rows, name))
    if not summary["runs"]:
        return "no result"
    own = f"{cpu(summary['cpu_us'])}, {summary['redirects_per_second']:,.0f}"
    return own + marks_of_counts([summary]) + failures([summary])


def ratios(rows, reference, peer):
    """Porter's to the peer's, of each round by itself."""
    summaries = {summary["server"]: summary for summary in results.summarise(rows, peer)}
    ours, theirs = summaries.get(reference, {}), summaries.get(peer, {})
    if "cpu_ratio" not in ours:
        return "no result"
    return (
        f"{spread(ours, 'cpu_ratio')}, {spread(ours, 'redirects_ratio')}{marks_of_counts([ours, theirs])}"
        f"; {cpu(theirs['cpu_us'])}, {theirs['redirects_per_second']:,.0f}{failures([ours, theirs])}"
    )


def spread(summary, key):
    low, high = summary[f"{key}_range"]
    return f"{summary[key]:.2f} ({low:.2f}–{high:.2f})"


def latency_and_memory(rows):
    summary = results.median_of(rows) if rows else {"runs": 0}
    if not summary["runs"]:
        return "no result"
    taken = ", ".join(f"{summary[key]:.1f}" if key in summary else "–" for key in LATENCIES)
    return f"{taken}; {summary['memory_mb']:.0f}"


def marks_of_counts(summaries):
    """The marks of figures that were made of these servers' runs."""
    runs = sum(summary["runs"] for summary in summaries)
    return "".join(
        mark
        for key, mark in (("client_bound_runs", "*"), ("disturbed_runs", "~"))
        if sum(summary[key] for summary in summaries) >= math.ceil(runs * MARKED_SHARE)
    )


def failures(summaries):
    good = sum(summary["runs"] for summary in summaries)
    failed = sum(len(summary.get("errors", [])) for summary in summaries)
    return f" ({good} of {good + failed})" if failed else ""


def of(rows, name):
    return [row for row in rows if row["server"] == name]


def cpu(microseconds):
    """As many digits as say something."""
    return f"{microseconds:.1f}" if microseconds < 100 else f"{microseconds:.0f}"


def label(scenario):
    return next((one.label for one in SCENARIOS if one.name == scenario and one.label), scenario)


def table(head, lines):
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, ["---"] * len(head), *lines])
