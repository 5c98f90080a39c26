"""Rows of single runs, their medians, and the tables that people read."""

import json
import statistics

# key, heading, format
COLUMNS = [
    ("redirects_per_second", "redirects/s", "{:,.0f}"),
    ("redirects_ratio", "÷ {}", "{:.2f}"),
    ("redirects_ratio_range", "from–to", "{0[0]:.2f}–{0[1]:.2f}"),
    ("cpu_us", "CPU µs", "{:,.1f}"),
    ("cpu_ratio", "÷ {}", "{:.2f}"),
    ("cpu_ratio_range", "from–to", "{0[0]:.2f}–{0[1]:.2f}"),
    ("cpu_spread", "± %", "{:.1f}"),
    ("p50_ms", "p50 ms", "{:.2f}"),
    ("p99_ms", "p99 ms", "{:.2f}"),
    ("p99.9_ms", "p99.9 ms", "{:.2f}"),
    ("memory_mb", "memory MB", "{:.1f}"),
    ("other_us", "other µs", "{:.1f}"),
    ("server_core_percent", "server core %", "{:.0f}"),
    ("client_core_percent", "client core %", "{:.0f}"),
]


class RowFile:
    """Where every single run is kept, one JSON object a line, written as it happens."""

    def __init__(self, path):
        self.path = path
        self._file = path.open("a", encoding="utf-8")

    def add(self, row):
        self._file.write(json.dumps(row, ensure_ascii=False) + "\n")
        self._file.flush()

    def close(self):
        self._file.close()


def median_of(rows):
    """The medians of the runs that are results; each number by itself."""
    good = [row for row in rows if "error" not in row]
    summary = {"server": rows[0]["server"], "runs": len(good)}
    if errors := [row["error"] for row in rows if "error" in row]:
        summary["errors"] = errors
    if not good:
        return summary
    numbers = [key for key, value in good[0].items() if isinstance(value, int | float) and not isinstance(value, bool)]
    summary |= {key: statistics.median(row[key] for row in good if key in row) for key in numbers}
    cpu = [row["cpu_us"] for row in good]
    summary["cpu_spread"] = (max(cpu) - min(cpu)) / 2 / statistics.median(cpu) * 100
    summary["memory_mb"] = summary["memory_kib"] / 1024
    summary["other_us"] = statistics.median(row["other_share"] * row["seconds"] * 1e6 / row["redirects"] for row in good)
    summary["server_core_percent"] = summary["server_core"] * 100
    summary["client_core_percent"] = summary["client_core"] * 100
    for key in ("client_bound", "disturbed"):
        summary[f"{key}_runs"] = sum(row[key] for row in good)
    summary["notes"] = notes_of(good)
    return summary


def notes_of(rows):
    """What one has to know to read the numbers."""
    notes = []
    for key, text in (("client_bound", "client-bound"), ("disturbed", "disturbed")):
        if told := sum(row[key] for row in rows):
            notes.append(text if told == len(rows) else f"{text} in {told} of {len(rows)}")
    if unclean := sum(row["unclean"] for row in rows):
        notes.append(f"{unclean:,} connections ended uncleanly")
    if "resumed_share" in rows[0]:
        notes.append(f"{statistics.median(row['resumed_share'] for row in rows):.1%} resumed")
    if "loops" in rows[0]:
        notes.append("1 loop" if rows[0]["loops"] == 1 else f"{rows[0]['loops']} loops")
    late = statistics.median(row["cpu_late_us"] / row["cpu_us"] for row in rows)
    if late >= 0.01:
        notes.append(f"{late:.0%} of CPU after the load")
    return notes


def summarise(rows, reference):
    """The medians by server, with the ratios to the reference's: of each round by itself, as the machine's speed changes."""
    by_server = {}
    for row in rows:
        by_server.setdefault(row["server"], []).append(row)
    base = {row["round"]: row for row in by_server.get(reference, []) if "error" not in row}
    summaries = []
    for of_one in by_server.values():
        summary = median_of(of_one)
        pairs = [(row, base[row["round"]]) for row in of_one if "error" not in row and row["round"] in base]
        for key, name in (("redirects_per_second", "redirects_ratio"), ("cpu_us", "cpu_ratio")):
            if ratios := [row[key] / other[key] for row, other in pairs]:
                summary[name] = statistics.median(ratios)
                summary[f"{name}_range"] = [min(ratios), max(ratios)]
        summaries.append(summary)
    return summaries


def table(summaries, reference, columns=COLUMNS):
    """Lines of aligned text."""
    lines = [["server", *(heading.format(reference) for _, heading, _ in columns), ""]]
    for summary in summaries:
        cells = [form.format(summary[key]) if key in summary else "–" for key, _, form in columns]
        notes = list(summary.get("notes", []))
        if summary.get("errors"):
            notes.append(f"{len(summary['errors'])} of {len(summary['errors']) + summary['runs']} runs FAILED")
        lines.append([summary["server"], *cells, ", ".join(notes)])
    widths = [max(len(line[index]) for line in lines) for index in range(len(columns) + 1)]
    return [
        "  ".join([line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:-1], widths[1:], strict=True))])
        + (f"  {line[-1]}" if line[-1] else "")
        for line in lines
    ]


def errors_of(summaries):
    """Each different error once, with the server that had it."""
    return list(dict.fromkeys(f"{summary['server']}: {error}" for summary in summaries for error in summary.get("errors", [])))
