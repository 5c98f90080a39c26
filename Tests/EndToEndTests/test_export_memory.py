"""An export streams: its memory does not grow with the log."""

import os
import subprocess

import pytest
import running
from wire import plain, request

RECORDS = 16_000


def peak_kib(porter, format):
    """The most memory that one export ever had, and how many bytes it wrote."""
    path = porter.folder / f"export.{format}"
    process = subprocess.Popen(
        [running.BINARY, "log", "export", "--format", format, "--data", porter.data, "--output", path],
        env=running.environment(),
        cwd="/",
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss, path.stat().st_size


@pytest.mark.measured
def test_the_memory_of_an_export_does_not_grow_with_the_log(porter):
    with plain(porter) as wire:
        wire.send(request("/enterprisebuy.html?Partner=1234567")).answer()
        small = {format: peak_kib(porter, format)[0] for format in ("csv", "ndjson")}
        batch = request("/enterprisebuy.html?Partner=1234567&" + "&".join(f"z{n}=" for n in range(20))) * 32
        for _ in range(RECORDS // 32):
            wire.send(batch)
            assert {wire.answer().status for _ in range(32)} == {302}
    for format, before in small.items():
        after, size = peak_kib(porter, format)
        print(f"{format}: {size / 1e6:.1f} MB written, memory {before} KiB before, {after} KiB after")
        assert size > 7_000_000
        assert after - before < 6_000, "most of what was written would have to be in memory for more"
