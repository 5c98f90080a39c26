"""A kill alone does not prove a sync: the system calls show that each answer waits for one."""

import re

import pytest
from wire import plain, request

SIGN_UPS = 25
LINE = re.compile(r"\d+ +(?:<\.\.\. )?(?P<name>\w+)(?P<text>(?:\(| resumed>).*)")


def events(path):
    """What the trace tells, in its order: `("sync", text)` when a sync has returned, `("write", text)` when a write begins."""
    for line in path.read_text("utf-8", "replace").splitlines():
        match = LINE.match(line)
        if not match:
            continue
        name, text = match["name"], match["text"].rstrip()
        if name in ("fdatasync", "fsync", "sync_file_range"):
            if not text.endswith("<unfinished ...>"):
                yield "sync", text
        elif " resumed>" not in text:
            yield "write", text


@pytest.mark.measured
def test_each_answer_waits_for_one_sync_of_its_own(farm):
    trace = farm.folder / "trace"
    # -f: the writer has its own thread. Sizes of strings: enough to see which write holds an answer.
    wrapper = ["strace", "-f", "-qq", "-s", "200", "-o", trace]
    wrapper += ["-e", "trace=fdatasync,fsync,sync_file_range,write,writev,sendto,sendmsg"]
    porter = farm.make(wrapper=wrapper)
    porter.start()
    receipts = []
    with plain(porter) as wire:
        for _ in range(SIGN_UPS):
            wire.send(request("/enterprisebuy.html?Partner=1234567"))
            receipts.append(wire.answer().receipt)
    status, _ = porter.stop()
    assert status == 0

    syncs = [0]
    for event, text in events(trace):
        if event == "sync":
            assert text.endswith("= 0"), f"a sync failed: {text}"
            syncs[-1] += 1
        elif "302 Found" in text and any(receipt in text for receipt in receipts):
            syncs.append(0)
    assert len(syncs) == SIGN_UPS + 1, "every answer is in the trace"
    # What was synced before the first answer belongs to the start, what after the last to the stop.
    between = syncs[1:-1]
    assert min(between) >= 1, f"an answer was sent without a sync since the last: {syncs}"
    assert max(between) == 1, f"one commit is one sync, none is wasted: {syncs}"
    assert syncs[0] >= 1
