"""How long the disk takes to make a small write durable, when nothing else is asked of it."""

import os
import tempfile
import time

# As large as a page of the ledger, within a log that is written over and over between checkpoints.
WRITTEN_BYTES = 8_192
LOG_BYTES = 256 << 10
MOST_WRITES = 5_000


def percentile(values, percent):
    """The nearest-rank percentile of sorted values."""
    return values[min(len(values) - 1, int(len(values) * percent / 100))] if values else None


def measure_fdatasync(folder, seconds=3.0):
    """Writes and syncs until the time is over; percentiles in milliseconds."""
    taken = []
    with tempfile.TemporaryFile(dir=folder) as file:
        log = file.fileno()
        os.write(log, bytes(LOG_BYTES))
        os.fsync(log)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and len(taken) < MOST_WRITES:
            begin = time.perf_counter_ns()
            os.pwrite(log, bytes(WRITTEN_BYTES), len(taken) * WRITTEN_BYTES % LOG_BYTES)
            os.fdatasync(log)
            taken.append((time.perf_counter_ns() - begin) / 1e6)
    taken.sort()
    return {"writes": len(taken), **{f"p{percent:g}": percentile(taken, percent) for percent in (50, 99, 99.9)}}
