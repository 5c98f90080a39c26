"""`porter explain` judges as the running server does, and records nothing."""

import json
import subprocess

import pytest
from route_files import SHIPPED, location
from running import BINARY, SHIPPED_ROUTES, command, environment
from wire import ask

FIELDS = """
    seq receipt time node kind route edition action origin campaign outcome reason partner claimed client client_os method
    status culture country host scheme tls_version repeat test directory_version route_version destination_host location
    referrer_host visitor partner_raw ip user_agent dropped signature
""".split()
ZEROS = "0" * 26


@pytest.fixture
def explain(data_with_partners):
    def explain(*arguments, check=0):
        return command("explain", *arguments, "--routes", SHIPPED_ROUTES, data=data_with_partners, check=check)

    return explain


def test_in_words(explain):
    text = explain("https://gateway.example.com/enterprisetry.html?Partner=4567890").stdout
    for word in ("enterprise-trial", "suspended", "lapsed", "302", "https://signup.example.com/Signup"):
        assert word in text


def test_as_json_with_every_field(explain):
    target = "https://gateway.example.com/enterprisetry.html?Partner=1234567&culture=fr-fr&country=fr&zz=1&campaign=spring"
    fields = json.loads(explain(target, "--json", "--header", "User-Agent: Mozilla/5.0 (Windows NT 6.3)").stdout)
    assert set(FIELDS) <= set(fields)
    assert fields["receipt"] == ZEROS
    assert fields["location"] == location(
        SHIPPED["enterprise", "trial"], partner="1234567", culture="fr-FR", country="FR", receipt=ZEROS
    )
    expected = {
        "outcome": "attributed",
        "reason": None,
        "partner": "1234567",
        "claimed": ["1234567"],
        "edition": "enterprise",
        "action": "trial",
        "campaign": "spring",
        "status": 302,
        "method": "GET",
        "scheme": "https",
        "client": "browser",
        "client_os": "windows-nt-6.3",
        "dropped": ["zz"],
        "partner_raw": "1234567",
        "test": 0,
        "seq": None,
    }
    assert {name: fields[name] for name in expected} == expected


def test_it_says_what_the_server_then_does(porter):
    target = "/smallbizbuy.html?Partner=1234567&Partner=2345678&lc=1041&x=%00"
    url = f"http://127.0.0.1:{porter.http_port}{target}"
    explained = json.loads(
        command(
            *("explain", url, "--json", "--routes", SHIPPED_ROUTES, "--header", "User-Agent: curl/8"),
            data=porter.data,
            check=0,
        ).stdout
    )
    record = porter.record(ask(porter, target, "http", fields=["User-Agent: curl/8"]).receipt)
    # What only the ledger or the connection knows, and what differs from request to request.
    own = {"seq", "receipt", "time", "node", "visitor", "repeat", "ip", "location", "directory_version", "kind", "host"}
    assert {name: explained[name] for name in FIELDS if name not in own} == {
        name: record.get(name, [] if name == "dropped" else None) for name in FIELDS if name not in own
    }
    assert explained["location"].replace(ZEROS, record["receipt"]) == record["location"]


def test_nothing_is_recorded(farm):
    porter = farm.start()
    command(
        *("explain", "http://localhost/enterprisebuy.html?Partner=1234567", "--routes", SHIPPED_ROUTES),
        data=porter.data,
        check=0,
    )
    assert porter.records() == []


def test_a_path_with_a_host(explain):
    fields = json.loads(explain("/enterprisebuy.html?Partner=xxxxx", "--host", "gateway.example.com", "--json").stdout)
    assert fields["outcome"] == "placeholder"


def test_a_form(explain, tmp_path):
    form = tmp_path / "form"
    form.write_bytes(b"Partner=%201234567%20")
    fields = json.loads(explain("http://localhost/enterprisebuy.html", "--form", form, "--json").stdout)
    assert (fields["method"], fields["status"], fields["outcome"]) == ("POST", 303, "attributed")


def test_at_another_time(explain):
    target = "http://localhost/enterprisebuy.html?Partner=7890123"
    assert json.loads(explain(target, "--json").stdout)["outcome"] == "expired"
    later = json.loads(explain(target, "--at", "2099-01-01T00:00:00Z", "--json").stdout)
    assert (later["outcome"], later["time"]) == ("attributed", "2099-01-01T00:00:00.000000Z")


def test_exit_status_1_for_404(explain):
    done = explain("http://localhost/nowhere", check=1)
    assert "404" in done.stdout + done.stderr
    assert explain("http://localhost/nowhere", "--json", check=1).returncode == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["ftp://localhost/enterprisebuy.html"],
        ["enterprisebuy.html"],
        ["http://localhost/enterprisebuy.html", "--at", "yesterday"],
        ["http://localhost/enterprisebuy.html", "--form", "/nowhere/form"],
        ["http://localhost/enterprisebuy.html", "--form", "/"],
        ["http://localhost/enterprisebuy.html", "--method", "GE T"],
        ["http://localhost/enterprisebuy.html", "--header", "no colon"],
        ["http://localhost/enterprisebuy.html", "--header", "X Y: a"],
        ["http://localhost/enterprisebuy.html", "--header", "X-Y: a\r\nHost: evil"],
        ["http://localhost/enterprisebuy.html", "--host", "example.net"],
        ["/enterprisebuy.html", "--host", "example.net", "--header", "Host: localhost"],
        ["/enterprisebuy.html", "--host", "a\nb"],
    ],
)
def test_exit_status_2_for_nonsense(explain, arguments):
    done = explain(*arguments, check=2)
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")
    assert len(done.stderr.splitlines()) == 1


def test_a_contradiction_names_both_hosts(explain):
    error = explain("http://localhost/enterprisebuy.html", "--host", "example.net", check=2).stderr
    assert '"localhost"' in error
    assert '"example.net"' in error
    explain("http://localhost:8080/enterprisebuy.html", "--host", "LOCALHOST", "--header", "Host: localhost", check=0)


@pytest.mark.parametrize(
    "target",
    ["/enterprisebuy.html?Partner=12 34567", "/enterprisebuy.html?x=\x01", "/enterprisebuy.html?x=\x7f", "/enterprisebuy.html\n"],
)
def test_what_the_server_answers_400_makes_no_request(porter, target):
    assert ask(porter, target).status == 400
    url = f"http://localhost{target}"
    error = command("explain", url, "--routes", SHIPPED_ROUTES, data=porter.data, check=2).stderr
    assert "400" in error
    assert "%20" in error


@pytest.mark.parametrize("target", ["/enterprisebuy.html?x=\t", "/enterprisebuy.html?x=é"])
def test_what_the_server_takes_though_no_url_has_it_is_explained(porter, target):
    assert ask(porter, target.encode()).status == 302
    command("explain", f"http://localhost{target}", "--routes", SHIPPED_ROUTES, data=porter.data, check=0)


@pytest.mark.parametrize(
    ("status", "arguments"),
    [
        (414, ["http://localhost/" + "a" * 8_192]),
        (431, ["http://localhost/enterprisebuy.html", "--header", "X: " + "a" * 16_384]),
    ],
)
def test_what_is_too_large_is_answered_as_the_server_does(explain, status, arguments):
    assert f"no sign-up: {status}" in explain(*arguments, check=0).stdout
    assert json.loads(explain(*arguments, "--json", check=0).stdout)["status"] == status


def test_routes_that_cannot_be_read_are_no_404(data_with_partners, write_routes):
    def explain(routes):
        return command(
            *("explain", "http://localhost/x", "--routes", routes), data=data_with_partners, check=2
        ).stderr.splitlines()

    (line,) = explain("/nonexistent")
    assert line.startswith("error: /nonexistent")
    assert "--routes" in line
    lines = explain(write_routes(wrong="name: a\nnonsense: b\n"))
    assert len(lines) > 1
    assert all(line.startswith("error: ") and "wrong.yaml:" in line for line in lines)
    command("routes", "check", "--routes", "/nonexistent", check=1)
    command("routes", "list", "--routes", "/nonexistent", check=1)


def test_a_form_may_come_through_a_pipe(data_with_partners):
    script = '"$0" explain http://localhost/enterprisebuy.html --form <(printf Partner=1234567) --json "$@"'
    arguments = ["--routes", SHIPPED_ROUTES, "--data", data_with_partners]
    done = subprocess.run(
        ["bash", "-c", script, BINARY, *arguments], capture_output=True, text=True, timeout=60, env=environment(), check=True
    )
    assert json.loads(done.stdout)["outcome"] == "attributed"


@pytest.mark.parametrize("arguments", [["explain"], ["explain", "--nonsense", "/x"], ["nonsense"], ["counts", "--nonsense"]])
def test_exit_status_64_for_bad_arguments(arguments):
    assert command(*arguments).returncode == 64


def test_help_explains_each_command():
    for name in ("serve", "explain", "routes", "partner", "log", "counts", "probe"):
        text = command(name, "--help", check=0).stdout
        assert "USAGE: porter " + name in text
