"""What visitors send can't make a line of its own in a log, a terminal or a table."""

import os
import signal

import pytest
import running
from wire import ask, request, secure

FORGED = "level=error msg=forged"
HOSTILE = [
    f"Mozilla/5.0 \x85{FORGED}",
    f"Mozilla/5.0 \x9b31m{FORGED}",
    f"a\t{FORGED}",
    '"},{"seq":1,"outcome":"attributed"',
    "=cmd|' /C calc'!A0",
]


def lines(text):
    """Lines as anybody may cut them: terminals know more line ends than LF."""
    return text.splitlines()


def test_a_hostile_user_agent_stays_in_its_line(farm):
    porter = farm.start("--print-signups", "--log-level", "trace")
    for agent in HOSTILE:
        for target in ("/enterprisebuy.html?Partner=%0a%0d" + "x" * 5, "/nowhere/%0a" + FORGED.replace(" ", "%20")):
            ask(porter, target, fields=[f"User-Agent: {agent}", f"Referer: https://x.example/{agent[:3]}"])
    running.eventually(lambda: len(lines(porter.output)) >= len(HOSTILE), "the sign-ups are printed")
    exported = porter.command("log", "export", "--format", "ndjson", check=0).stdout
    tail = porter.command("log", "tail", check=0).stdout
    assert len(lines(exported)) == len(HOSTILE)
    for text in (porter.log, porter.output, exported, tail):
        assert not [line for line in lines(text) if line.startswith(FORGED)], text
        assert all(character.isprintable() or character == "\n" for character in text), repr(text)


def test_bytes_that_are_no_text(farm):
    porter = farm.start("--print-signups", "--log-level", "trace")
    raw = bytes(byte for byte in range(0x21, 0x100) if byte != 0x7F)
    with secure(porter) as wire:
        wire.send(request(b"/enterprisebuy.html?Partner=" + raw, fields=[b"User-Agent: " + raw]))
        answer = wire.answer()
    assert answer.status == 302
    assert answer.location.isascii() and answer.location.isprintable()
    record = porter.record(answer.receipt)
    for name in ("partner_raw", "user_agent", "location"):
        assert record[name].isascii() and record[name].isprintable(), name
    assert len(record["user_agent"]) <= 512


def test_every_log_line_is_an_event(farm):
    porter = farm.start()
    ask(porter, "/enterprisebuy.html")
    assert porter.stop()[0] == 0
    for line in lines(porter.log):
        assert line.startswith("time=") and " level=" in line and " msg=" in line, line


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_log_that_cannot_be_written_stops_no_sign_up(farm, stream):
    """A full disk below the log, or a reader that went away, is no reason to turn customers away."""
    for sink in ("/dev/full", "a closed pipe"):
        porter = farm.make("--print-signups")
        if sink == "/dev/full":
            end = os.fdopen(os.open(sink, os.O_WRONLY), "wb")
        else:
            reader, writer = os.pipe()
            os.close(reader)
            end = os.fdopen(writer, "wb")
        with end:
            porter.start(**{stream: end})
        for _ in range(3):
            assert ask(porter, "/enterprisebuy.html?Partner=1234567").status == 302
        porter.process.send_signal(signal.SIGHUP)
        assert ask(porter, "/enterprisebuy.html?Partner=1234567").status == 302
