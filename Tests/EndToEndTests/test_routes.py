"""Route files: every mistake with its place, and reloading under a running server."""

import json
import re
import signal

from route_files import SHIPPED, route
from running import SHIPPED_ROUTES, command, eventually
from wire import ask, request, secure

FIVE_MISTAKES = """\
name: broken
match:
  paths: [/broken, "/p/{partner}-x/broken"]
otigin: web
partner:
  require: perhaps
destination:
  url: http://signup.example.com/Signup
  status: 301
"""
# Line of each mistake above, and a word of what is wrong there.
PLACES = {3: "{partner}", 4: "otigin", 6: "perhaps", 8: "https", 9: "301"}


def check_places(text, file):
    found = {int(line): message for line, message in re.findall(rf"{file}:(\d+):\d+: (.+)", text)}
    assert set(found) == set(PLACES), text
    for line, word in PLACES.items():
        assert word in found[line], text


def test_the_shipped_routes_are_right():
    command("routes", "check", "--routes", SHIPPED_ROUTES, check=0)
    listed = json.loads(command("routes", "list", "--routes", SHIPPED_ROUTES, "--json", check=0).stdout)
    assert {row["name"] for row in listed} == {shipped["name"] for shipped in SHIPPED.values()}


def test_five_mistakes_are_five_errors_with_their_places(write_routes):
    folder = write_routes(broken=FIVE_MISTAKES)
    done = command("routes", "check", "--routes", folder, check=1)
    check_places(done.stdout + done.stderr, "broken.yaml")


def test_a_server_does_not_start_with_wrong_routes(farm, write_routes):
    porter = farm.make(routes=write_routes(broken=FIVE_MISTAKES)).launch()
    assert porter.process.wait(30) == 2
    porter.process = None
    check_places(porter.log, "broken.yaml")


def test_a_running_server_keeps_its_routes_when_the_files_are_wrong(farm, write_routes):
    folder = write_routes(first=route("first"))
    porter = farm.start(routes=folder)
    with secure(porter) as wire:
        assert wire.send(request("/first")).answer().status == 302
        (folder / "first.yaml").write_text(FIVE_MISTAKES)
        porter.signal(signal.SIGHUP)
        eventually(lambda: "old" in porter.log and "first.yaml:9:" in porter.log, "the mistakes are in the log")
        check_places(porter.log, "first.yaml")
        assert wire.send(request("/first")).answer().status == 302
        assert wire.send(request("/broken")).answer().status == 404


def test_the_reload_command_waits_for_the_routes_or_tells_what_is_wrong(farm, write_routes):
    folder = write_routes(first=route("first"))
    porter = farm.start(routes=folder)
    with secure(porter) as wire:
        (folder / "second.yaml").write_text(route("second"))
        assert "2 routes loaded" in command("routes", "reload", "--data", porter.data, check=0).stdout
        assert wire.send(request("/second")).answer().status == 302
        (folder / "first.yaml").write_text(FIVE_MISTAKES)
        check_places(command("routes", "reload", "--data", porter.data, check=2).stderr, "first.yaml")
        assert wire.send(request("/second")).answer().status == 302


def test_the_reload_command_says_when_no_server_runs(tmp_path):
    done = command("routes", "reload", "--data", tmp_path, check=2)
    assert done.stderr.startswith("error: no server runs on the data folder")


def test_reload_on_change_keeps_connections(farm, write_routes):
    folder = write_routes(first=route("first"))
    porter = farm.start(routes=folder)
    with secure(porter) as kept:
        before = kept.send(request("/first?Partner=1234567")).answer()
        assert before.location.startswith("https://signup.example.com/Signup?")
        (folder / "first.yaml").write_text(route("first", url="https://other.example.net/Start"))
        (folder / "second.yaml").write_text(route("second"))

        def is_new():
            return kept.send(request("/second")).answer().status == 302

        eventually(is_new, "a changed file is noticed without a signal")
        after = kept.send(request("/first?Partner=1234567")).answer()
        assert after.location.startswith("https://other.example.net/Start?")
        (folder / "second.yaml").unlink()
        porter.signal(signal.SIGHUP)
        eventually(lambda: kept.send(request("/second")).answer().status == 404, "a removed file is noticed")
    versions = {porter.record(answer.receipt)["route_version"] for answer in (before, after)}
    assert len(versions) == 2
    assert all(re.fullmatch(r"[0-9a-f]{16}", version) for version in versions)


def test_sighup_does_not_lose_requests(farm, write_routes):
    folder = write_routes(first=route("first"))
    porter = farm.start(routes=folder)
    with secure(porter) as wire:
        for number in range(40):
            (folder / "first.yaml").write_text(route("first") + f"# {number}\n")
            porter.signal(signal.SIGHUP)
            wire.send(request("/first") * 5)
            assert [wire.answer().status for _ in range(5)] == [302] * 5


def test_hosts_choose_the_route(farm, write_routes):
    folder = write_routes(
        one=route("one", "/go", url="https://one.example.com/", match=", hosts: [one.example.net]"),
        two=route("two", "/go", url="https://two.example.com/", match=", hosts: [two.example.net]"),
    )
    porter = farm.start(routes=folder)
    for host, number in (("ONE.example.net:8443", "one"), ("two.example.net.", "two")):
        answer = ask(porter, "/go", host=host)
        assert answer.location.startswith(f"https://{number}.example.com/")
        assert porter.record(answer.receipt)["host"] == f"{number}.example.net"
    assert ask(porter, "/go", host="three.example.net").status == 404
    assert ask(porter, "/go", version="1.0", host=None).status == 404
