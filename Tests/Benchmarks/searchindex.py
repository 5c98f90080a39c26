"""How far Porter's search index is, read from its files beside the server that writes them, or after it."""

import contextlib
import sqlite3
import time
from dataclasses import dataclass

from servers import ServerError
from workplace import tell

# Of the ledger, indexed as a whole once they are there (Sources/Ledger/Searching/SearchSegment.swift).
SEGMENT_RECORDS = 8_192
# How long the index of ten million records may take on a slow machine.
PATIENCE_SECONDS = 1_800
# Longer than the indexer rests before it looks again.
LOOK_SECONDS = 3


@dataclass(frozen=True)
class Progress:
    """How many records there are, how many of their segments are indexed, and which days' counts are kept by columns."""

    records: int
    segments: int
    days: tuple

    @property
    def lacking(self):
        """Segments that are full and not indexed."""
        return max(0, self.records // SEGMENT_RECORDS - self.segments)


def read_row(file, query):
    """The query's one row. Nothing is changed, whoever has the file open."""
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        return database.execute(query).fetchone()


def progress_of(data):
    """Of a data folder. An index that can't be read is none: it is made once there is a full segment."""
    try:
        (records,) = read_row(data / "ledger.db", "SELECT coalesce(max(seq), 0) FROM record")
    except sqlite3.Error as problem:
        raise ServerError(f"{data / 'ledger.db'} can't be read: {problem}") from None
    try:
        (segments,) = read_row(data / "search.db", "SELECT coalesce(max(number) + 1, 0) FROM segment")
        days = read_row(data / "search.db", "SELECT count(*), max(until) FROM archived_day")
    except sqlite3.Error:
        segments, days = 0, ()
    return Progress(records, segments, days)


def wait_for_index(server):
    """Until every full segment is indexed, and no more days come. Returns the progress and how many seconds that took."""
    tell("waiting for the index")
    begin, before = time.monotonic(), None
    while time.monotonic() < begin + PATIENCE_SECONDS:
        time.sleep(LOOK_SECONDS)
        if server.process.poll() is not None:
            raise ServerError(f"{server.name} ended while it indexed{server.last_words()}")
        now = progress_of(server.data)
        if now.lacking == 0 and now == before:
            return now, time.monotonic() - begin
        before = now
    raise ServerError(f"the index is not there after {PATIENCE_SECONDS} s{server.last_words()}")
