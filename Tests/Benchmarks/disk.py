"""How long the disk takes to make a small append durable, when nothing else is asked of it."""

import os
import tempfile
import time

# As large as a page of SQLite's log.
APPENDED_BYTES = 4_096
MOST_APPENDS = 5_000


def percentile(values, percent):
    """The nearest-rank percentile of sorted values."""
    return values[min(len(values) - 1, int(len(values) * percent / 100))] if values else None


def measure_fdatasync(folder, seconds=3.0):
    """Appends and syncs until the time is over; percentiles in milliseconds."""
    taken = []
    with tempfile.TemporaryFile(dir=folder) as file:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and len(taken) < MOST_APPENDS:
            begin = time.perf_counter_ns()
            os.write(file.fileno(), bytes(APPENDED_BYTES))
            os.fdatasync(file.fileno())
            taken.append((time.perf_counter_ns() - begin) / 1e6)
    taken.sort()
    return {"appends": len(taken), **{f"p{percent:g}": percentile(taken, percent) for percent in (50, 99, 99.9)}}
