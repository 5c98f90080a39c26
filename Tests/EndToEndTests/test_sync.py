"""A kill alone does not prove a sync: the system calls show that each answer waits for one."""

import re

import pytest
from running import eventually
from wire import plain, request

SIGN_UPS = 25
PATH = "/enterprisebuy.html?Partner=1234567"
LOG, LEDGER = "ledger.db-wal", "ledger.db"
REQUEST, ANSWER = "request", "answer"
LINE = re.compile(r"(?P<thread>\d+) +(?:<\.\.\. )?(?P<name>\w+)(?P<text>(?:\(| resumed>).*)")
FILE = re.compile(r"\(\d+<[^>]*/([^/>]+)>")


def events(path):
    """What the trace tells, in its order: `("sync", file)` when a sync has returned, `("write", text)` when a write begins,
    `("read", text)` when a read has returned."""
    files = {}
    for line in path.read_text("utf-8", "replace").splitlines():
        match = LINE.match(line)
        if not match:
            continue
        name, text = match["name"], match["text"].rstrip()
        if name in ("fdatasync", "fsync", "sync_file_range"):
            if file := FILE.match(text):
                files[match["thread"]] = file[1]
            if not text.endswith("<unfinished ...>"):
                assert text.endswith("= 0"), f"a sync failed: {text}"
                yield "sync", files.pop(match["thread"], "an unknown file")
        elif name in ("read", "readv", "recvfrom", "recvmsg"):
            if not text.endswith("<unfinished ...>"):
                yield "read", text
        elif " resumed>" not in text:
            yield "write", text


def without_copying(happened, begin, first, last):
    """What happened from `first` up to `last`, without the two syncs of each copying of the log into the ledger: of the log
    before, of the ledger after. Answers to the commit before may lie between. With the next commit the log begins anew, unless
    somebody reads it: then it is synced once more, which stays in what is returned.

    Returns how often the log was copied from `begin` on as well: what was copied before `first` can have it begin anew behind.
    """
    syncs = [place for place, what in enumerate(happened) if what not in (REQUEST, ANSWER)]
    copies = [(syncs[max(number - 1, 0)], place) for number, place in enumerate(syncs) if happened[place] == LEDGER]
    copies = [own for own in copies if own[1] >= begin and own[0] < last]
    for before, after in copies:
        assert (happened[before], happened[after]) == (LOG, LEDGER), f"what copying the log syncs: {happened[first:last]}"
    return [happened[place] for place in range(first, last) if not any(place in own for own in copies)], len(copies)


@pytest.mark.measured
def test_each_answer_waits_for_one_sync_of_its_own(farm):
    trace = farm.folder / "trace"
    # -f: the writer has its own thread. -y: names of files. Sizes of strings: enough to see which write holds an answer.
    wrapper = ["strace", "-f", "-y", "-qq", "-s", "200", "-o", trace]
    wrapper += ["-e", "trace=fdatasync,fsync,sync_file_range,read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg"]
    porter = farm.make(wrapper=wrapper)
    porter.start()
    # What the start writes is written once it listens to commands.
    eventually((porter.data / "control.sock").exists, "the server listens to commands")
    receipts = []
    with plain(porter) as wire:
        for _ in range(SIGN_UPS):
            wire.send(request(PATH))
            receipts.append(wire.answer().receipt)
    status, _ = porter.stop()
    assert status == 0

    happened = []
    for event, what in events(trace):
        if event == "sync" and what in (LOG, LEDGER):
            happened.append(what)
        elif event == "read" and PATH in what:
            happened.append(REQUEST)
        elif event == "write" and "302 Found" in what and any(receipt in what for receipt in receipts):
            happened.append(ANSWER)
    # What is synced before the first request belongs to the start, what after the last answer to the stop. The first sign-up's
    # record is synced as well as the key of its day; from then on there is one sync for each.
    begin, first, last = happened.index(REQUEST), happened.index(ANSWER) + 1, len(happened) - happened[::-1].index(ANSWER)
    assert LOG in happened[begin:first]
    between, copies = without_copying(happened, begin, first, last)
    assert copies <= 2, f"the log is copied once it has grown, not again and again: {between}"
    own = [REQUEST, LOG, ANSWER]
    turns = [between[place : place + between[place:].index(ANSWER) + 1] for place, what in enumerate(between) if what == REQUEST]
    anew = [turn for turn in turns if turn != own]
    assert len(turns) == SIGN_UPS - 1
    assert sum(map(len, turns)) == len(between), f"nothing lies between an answer and the next request: {between}"
    assert len(anew) <= copies, f"before each answer there is one sync, that of its record: {between}"
    assert all(turn == [REQUEST, LOG, LOG, ANSWER] for turn in anew), f"and one more where the log begins anew: {between}"
