"""Paths that no route matches are counted, in a table that a scanner can't fill."""

from running import eventually
from wire import plain, request, secure


def rows(porter):
    return porter.rows("SELECT path, requests FROM unmatched_path")


def test_they_are_counted(porter):
    with secure(porter) as wire:
        for _ in range(3):
            assert wire.send(request("/wp-login.php?secret=1")).answer().status == 404
    eventually(lambda: ("/wp-login.php", 3) in rows(porter), "three requests are counted, without their query")
    assert porter.records() == []


def test_a_scanner_cannot_fill_the_table(porter):
    long = "/" + "l" * 500
    with plain(porter) as wire:
        wire.send(request(long))
        assert wire.answer().status == 404
        for start in range(0, 3_000, 30):
            wire.send(b"".join(request(f"/scan/{number}") for number in range(start, start + 30)))
            assert [wire.answer().status for _ in range(30)] == [404] * 30

    def total():
        return sum(count for _, count in rows(porter))

    eventually(lambda: total() == 3_001, "each request is counted somewhere")
    paths = dict(rows(porter))
    assert len(paths) <= 1_001
    assert paths["other"] == 3_001 - sum(count for path, count in paths.items() if path != "other")
    assert max(len(path) for path in paths) <= 128


def test_they_are_counted_before_the_server_ends(porter):
    with plain(porter) as wire:
        wire.send(request("/almost-missed")).answer()
    assert porter.stop()[0] == 0
    assert ("/almost-missed", 1) in rows(porter)
