"""`/metrics`: exactly what happened, in a format that Prometheus' own tool finds nothing to complain about."""

import json
import re
import shutil
import ssl
import subprocess
from pathlib import Path

import pytest
import yaml
from exposition import Metrics
from office import Office
from route_files import route
from running import FIXTURES, REPOSITORY, WITHOUT_FILE_SIGNAL, command, eventually
from wire import ask, ask_raw, client_context, plain, request, secure

ARTICLE = REPOSITORY / "Sources/porter/Porter.docc/Operations.md"
OPERATIONS = ARTICLE.with_suffix("")
ALERTS = OPERATIONS / "alerts.yml"
DASHBOARD = OPERATIONS / "grafana-dashboard.json"
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# Bytes of pages after which a server copies the log for the first time (CheckpointPacing.fewestBytes).
FIRST_COPY = 256 << 10
# What Prometheus itself says of a target.
OF_PROMETHEUS = {"up"}


def scrape(office, role="marketing"):
    answer = office.get("/metrics", role)
    assert answer.headers["Content-Type"] == MEDIA_TYPE
    return Metrics(answer.text)


def ask_socket(office):
    """The same by the control socket, which can be asked as often as one likes."""
    done = subprocess.run(
        ["curl", "-sS", "--fail", "--unix-socket", office.porter.data / "control.sock", "http://localhost/metrics"],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return Metrics(done.stdout)


def replace(path, text):
    """Puts a file in another's place, so that nobody reads half of it."""
    new = path.with_name("." + path.name)
    new.write_text(text)
    new.rename(path)


@pytest.fixture
def fresh(farm, staff):
    """A back office of one test's own."""
    return Office(farm, staff=staff)


def test_everything_that_happened_is_counted_and_nothing_else(fresh):
    porter = fresh.porter
    before = scrape(fresh)
    assert before.by("porter_signups_total", "route", "outcome") == {}
    # The check whether the server is ready came by plain HTTP.
    accepted = before.by("porter_connections_total", "door").get("http", 0)
    for target in ["/enterprisetry.html?Partner=1234567"] * 3 + ["/enterprisetry.html?Partner=xxxxx", "/smallbizbuy.html"]:
        assert ask(porter, target).status == 302
    assert ask(porter, "/p/1234567/enterprise/buy", scheme="http").status == 302
    assert ask(porter, "/nowhere").status == 404
    assert ask(porter, "/enterprisebuy.html", method="PUT", fields=["Content-Length: 0"]).status == 405
    assert ask_raw(porter, request("/enterprisebuy.html", host=None)).status == 400
    with pytest.raises(ssl.SSLError):
        secure(porter, client_context(ciphers="ECDHE-RSA-AES256-SHA384", maximum=ssl.TLSVersion.TLSv1_2))
    with secure(porter, client_context(maximum=ssl.TLSVersion.TLSv1_2)) as wire, plain(porter) as idle:
        wire.send(request("/enterprisebuy.html?Partner=1234567")).answer()
        idle.send(request("/healthz")).answer()
        now = scrape(fresh)
        assert now("porter_open_connections", door="https", protocol="http/1") == 1
        assert now("porter_open_connections", door="http", protocol="http/1") == 1

    signups = {
        ("enterprise-trial", "attributed"): 3,
        ("enterprise-trial", "placeholder"): 1,
        ("small-business-buy", "missing"): 1,
        ("enterprise-buy", "attributed"): 2,
    }
    total = sum(signups.values())
    assert now.by("porter_signups_total", "route", "outcome") == signups
    assert now.by("porter_refused_requests_total", "status") == {"404": 1, "405": 1, "400": 1}
    assert now("porter_unmatched_requests_total") == 1
    assert now("porter_unavailable_signups_total") == 0
    assert now.by("porter_tls_handshakes_total", "version") == {"1.3": 7, "1.2": 1}
    assert now.by("porter_tls_handshake_failures_total", "reason") == {"no-shared-cipher": 1}
    assert now("porter_tls_handshake_duration_seconds_count") == 8
    assert now.by("porter_connections_total", "door") == {"https": 9, "http": accepted + 3}
    assert now("porter_turned_away_connections_total") == 0
    for histogram in ("porter_decide_duration_seconds", "porter_signup_duration_seconds"):
        assert now(histogram + "_count") == total
        assert now(histogram + "_bucket", le="+Inf") == total
        assert now(histogram + "_sum") > 0
    assert now("porter_ledger_records_total") == now("porter_ledger_last_sequence") == total
    assert now("porter_ledger_commit_duration_seconds_count") == now("porter_ledger_commits_total")
    assert now("porter_ledger_commit_records_sum") == total
    assert now("porter_ledger_healthy") == 1
    assert now("porter_ledger_queued_records") == 0
    assert now("porter_remembered_visits") == len({(r["route"], r.get("partner")) for r in porter.records()})


def test_over_http2_the_same_is_counted(fresh):
    base = f"https://127.0.0.1:{fresh.porter.https_port}"
    urls = [f"{base}/enterprisetry.html?Partner=1234567", f"{base}/enterprisetry.html?Partner=0", f"{base}/nowhere"]
    done = subprocess.run(
        ["curl", "-sSk", "--http2", "-o", "/dev/null", "-w", "%{http_version} %{http_code}\n", *urls, "-o", "/dev/null"]
        + ["-o", "/dev/null"],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.splitlines() == ["2 302", "2 302", "2 404"]
    now = scrape(fresh)
    assert now.by("porter_signups_total", "route", "outcome") == {
        ("enterprise-trial", "attributed"): 1,
        ("enterprise-trial", "missing"): 1,
    }
    assert now.by("porter_refused_requests_total", "status") == {"404": 1}
    assert now.by("porter_connections_total", "door")["https"] == 1
    assert now("porter_signup_duration_seconds_count") == now("porter_decide_duration_seconds_count") == 2


def test_sign_ups_that_cannot_be_recorded_are_counted_and_show_at_once(farm, staff):
    fresh = Office(farm, staff=staff, wrapper=WITHOUT_FILE_SIGNAL)
    porter = fresh.porter
    assert ask(porter, "/enterprisetry.html").status == 302
    porter.limit_files((porter.data / "ledger.db-wal").stat().st_size)
    assert ask(porter, "/enterprisetry.html").status == 503
    failed = scrape(fresh)
    assert failed("porter_ledger_healthy") == 0
    assert failed("porter_ledger_failed_commits_total") >= 1
    assert failed("porter_unavailable_signups_total") == 1
    assert failed("porter_signups_total", route="enterprise-trial", outcome="missing") == 1
    assert failed("porter_ledger_records_total") == failed("porter_ledger_commit_duration_seconds_count") == 1
    assert failed("porter_signup_duration_seconds_count") == 2
    porter.limit_files(None)
    eventually(lambda: ask_socket(fresh)("porter_ledger_healthy") == 1, "it commits again by itself")


def test_a_log_that_cannot_be_copied_is_told_once_and_sign_ups_are_recorded_on(farm, staff):
    fresh = Office(farm, staff=staff, wrapper=WITHOUT_FILE_SIGNAL)
    porter = fresh.porter
    path = "/enterprisetry.html?Partner=1234567"

    def sign_up(most, until=lambda: False):
        with plain(porter) as wire:
            for _ in range(most):
                wire.send(request(path))
                assert wire.answer().status == 302
                if until():
                    return True
        return False

    # The stop puts all into the ledger, and the log begins with nothing: it has room where the ledger may not grow any more.
    sign_up(800)
    porter.stop()
    ledger = porter.data / "ledger.db"
    assert ledger.stat().st_size > 3 * FIRST_COPY
    porter.start()
    eventually((porter.data / "control.sock").exists, "the server listens to commands")
    porter.limit_files(ledger.stat().st_size)
    assert sign_up(200, until=lambda: "cannot be copied" in porter.log), porter.log
    failed = ask_socket(fresh)
    assert failed("porter_ledger_checkpoints_total") == 0
    assert failed("porter_ledger_healthy") == 1
    porter.limit_files(None)
    assert sign_up(800, until=lambda: "is copied again" in porter.log), porter.log
    assert porter.log.count("cannot be copied") == porter.log.count("is copied again") == 1
    copied = ask_socket(fresh)
    assert copied("porter_ledger_checkpoints_total") == 1
    assert copied("porter_ledger_failed_commits_total") == 0


def test_histograms_only_rise_and_their_buckets_hold_those_below(office):
    for _ in range(20):
        ask(office.porter, "/enterprisetry.html?Partner=1234567")
    metrics = scrape(office)
    for name in (name for name, kind in metrics.types.items() if kind == "histogram"):
        buckets = [
            (float(dict(labels)["le"]), value) for (other, labels), value in metrics.values.items() if other == name + "_bucket"
        ]
        counts = [count for _, count in sorted(buckets)]
        assert counts == sorted(counts), name
        assert counts[-1] == metrics(name + "_count"), name


@pytest.mark.parametrize("role", ["marketing", "auditor", "admin"])
def test_every_role_may_read_them(office, role):
    version = command("--version", check=0).stdout.strip()
    assert scrape(office, role)("porter_build_info", version=version) == 1


def test_who_is_signed_in_may_read_them_too(office):
    answer = office.signed_in("marketing").open("/metrics")
    assert (answer.status, answer.headers["Content-Type"]) == (200, MEDIA_TYPE)
    assert Metrics(answer.text)("porter_ledger_healthy") == 1


def test_nobody_else_may(office):
    for fields in ({}, {"Authorization": "Bearer porter_wrong"}, {"Authorization": "Basic YTpi"}):
        answer = office.request("GET", "/metrics", **fields)
        assert answer.status == 401, fields
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert "porter_signups_total" not in answer.text
    assert ask(office.porter, "/metrics").status == 404, "the front door is open to everybody"


def test_they_are_also_on_the_control_socket(office):
    assert ask_socket(office)("porter_ledger_healthy") == 1


def test_a_route_that_is_gone_keeps_its_line(farm, staff, write_routes):
    folder = write_routes(one=route("one"), two=route("two"))
    office = Office(farm, staff=staff, routes=folder)
    ask(office.porter, "/two?Partner=1234567")
    (folder / "two.yaml").unlink()
    office.porter.command("routes", "reload", check=0)
    ask(office.porter, "/one")
    metrics = scrape(office)
    assert metrics.by("porter_signups_total", "route", "outcome") == {("one", "missing"): 1, ("two", "attributed"): 1}
    assert metrics("porter_routes") == 1
    assert metrics("porter_signups_total", route="one", outcome="guid") == 0, "what did not come is zero, not absent"


def test_reloads_are_counted_and_a_refused_one_shows_until_it_is_mended(farm, staff, write_routes):
    folder = write_routes(one=route("one"))
    office = Office(farm, staff=staff, routes=folder)
    before = scrape(office)
    assert before.by("porter_reloads_total", "files", "result") == {}
    assert before.by("porter_last_reload_successful", "files") == {"routes": 1, "certificates": 1}
    started = before("porter_last_reload_success_timestamp_seconds", files="routes")
    good = (folder / "one.yaml").read_text()
    replace(folder / "one.yaml", "name: one\n")
    eventually(lambda: ask_socket(office)("porter_last_reload_successful", files="routes") == 0, "the refusal shows")
    replace(folder / "one.yaml", good + "# mended\n")
    eventually(lambda: ask_socket(office)("porter_last_reload_successful", files="routes") == 1, "and goes away")
    after = scrape(office)
    assert after.by("porter_reloads_total", "files", "result") == {("routes", "ok"): 1, ("routes", "failed"): 1}
    assert after("porter_last_reload_success_timestamp_seconds", files="routes") > started


def test_a_certificate_mistake_is_one_failure_however_long_it_stays(farm, staff, tmp_path, certificates):
    pair = copy(certificates[0], tmp_path)
    office = Office(farm, staff=staff, certificates=[pair])
    expiry = scrape(office)("porter_certificate_expiry_timestamp_seconds", certificate="ecdsa")
    assert expiry == not_after(pair)
    assert scrape(office)("porter_certificate_expiry_timestamp_seconds", certificate="rsa") is None
    good = pair.certificate.read_text()
    replace(pair.certificate, "not a certificate\n")
    eventually(lambda: ask_socket(office)("porter_last_reload_successful", files="certificates") == 0, "the refusal shows")
    # The watcher has been round again by the time that a route change has been seen.
    office.porter.command("routes", "reload")
    assert scrape(office)("porter_reloads_total", files="certificates", result="failed") == 1
    assert scrape(office)("porter_certificate_expiry_timestamp_seconds", certificate="ecdsa") == expiry, "what is served"
    replace(pair.certificate, good)
    eventually(lambda: ask_socket(office)("porter_last_reload_successful", files="certificates") == 1, "it is mended")


def copy(pair, folder):
    return type(pair)(Path(shutil.copy(pair.certificate, folder)), Path(shutil.copy(pair.key, folder)))


def not_after(pair):
    """When a certificate ends, as OpenSSL reads it."""
    done = subprocess.run(
        ["openssl", "x509", "-in", pair.certificate, "-noout", "-enddate"], check=True, capture_output=True, text=True
    )
    return ssl.cert_time_to_seconds(done.stdout.strip().removeprefix("notAfter="))


def test_the_process_is_the_server(office):
    metrics = scrape(office)
    resident = office.porter.memory_kib("VmRSS") * 1024
    assert metrics("process_resident_memory_bytes") == pytest.approx(resident, rel=0.5)
    assert metrics("process_open_fds") > 5
    assert metrics("process_max_fds") >= metrics("process_open_fds")
    assert metrics("process_threads") >= 3
    assert metrics("process_cpu_seconds_total") > 0
    assert metrics("porter_file_bytes", file="ledger.db") == (office.porter.data / "ledger.db").stat().st_size
    assert metrics("porter_file_bytes", file="office.db") == (office.porter.data / "office.db").stat().st_size
    assert metrics("porter_data_available_bytes") > 0
    boot = re.search(r"^btime (\d+)$", Path("/proc/stat").read_text(), re.MULTILINE)
    assert metrics("process_start_time_seconds") > float(boot[1])


def test_partners_and_the_index_are_told(office):
    metrics = scrape(office)
    assert metrics("porter_directory_version") == 1
    assert metrics("porter_directory_partners") == len(json.loads(office.get("/api/v1/partners?limit=1000").text)["partners"])

    def all_wait():
        metrics = ask_socket(office)
        return metrics("porter_search_index_lag_records") == metrics("porter_ledger_last_sequence")

    eventually(all_wait, "the indexer has looked; so few records are not worth a segment")


# MARK: what goes with it


def promtool(*arguments, stdin=None):
    return subprocess.run(["promtool", *map(str, arguments)], input=stdin, capture_output=True, text=True, timeout=60)


def test_prometheus_own_tool_finds_nothing_to_complain_about(office):
    ask(office.porter, "/enterprisetry.html?Partner=1234567")
    done = promtool("check", "metrics", stdin=office.get("/metrics", "marketing").text)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_alerts_are_rules_that_prometheus_takes():
    done = promtool("check", "rules", "--lint=all", "--lint-fatal", ALERTS)
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_alert_fires_when_it_should_and_not_before():
    """On made-up series, in time that Prometheus' tool makes up as well."""
    files = [FIXTURES / "alerts-minutes.yml", FIXTURES / "alerts-days.yml"]
    done = promtool("test", "rules", *files)
    assert done.returncode == 0, done.stdout + done.stderr
    tested = set(re.findall(r'alertname="(\w+)"', "".join(file.read_text() for file in files)))
    assert tested == {rule["alert"] for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]}


def expressions():
    """All that alerts and dashboard ask of Prometheus, by where they stand."""
    for group in yaml.safe_load(ALERTS.read_text())["groups"]:
        for rule in group["rules"]:
            yield f"the alert {rule['alert']}", rule["expr"]
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        for target in panel.get("targets", []):
            yield f"the panel {panel['title']}", target["expr"]


def metric_names(expression):
    bare = re.sub(r'"[^"]*"|\{[^}]*\}|\[[^\]]*\]', " ", expression)
    return set(re.findall(r"\b(?:porter|process)_[a-z0-9_]+|\bup\b", bare))


def test_alerts_and_dashboard_ask_for_what_there_is(office):
    names = scrape(office).names | OF_PROMETHEUS
    asked = list(expressions())
    assert len(asked) > 20
    for place, expression in asked:
        found = metric_names(expression)
        assert found, f"{place} asks for nothing"
        assert found <= names, f"{place} asks for {found - names}"


def test_labels_that_are_asked_for_are_there(office):
    """A selector with a mistyped value would be silent for ever."""
    metrics = scrape(office)
    known = {}
    for (name, labels), _ in metrics.values.items():
        for label, value in labels:
            known.setdefault((name, label), set()).add(value)
    for place, expression in expressions():
        for name, selector in re.findall(r"\b((?:porter|process)_[a-z0-9_]+)\{([^}]*)\}", expression):
            for label, operator, value in re.findall(r'([a-z_]+)\s*(=~|!~|!=|=)\s*"([^"]*)"', selector):
                if label in ("job", "instance"):
                    continue
                for alternative in value.split("|") if "~" in operator else [value]:
                    values = known.get((name, label), set())
                    matches = [one for one in values if re.fullmatch(alternative, one)]
                    assert matches, f"{place}: {name} has no {label} like {alternative}, but {values}"


def test_the_article_names_every_metric_and_every_alert(office):
    article = ARTICLE.read_text()
    for name in scrape(office).types:
        assert f"`{name}`" in article, f"{name} is not explained"
    for rule in (rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]):
        assert f"`{rule['alert']}`" in article, f"the remedy of {rule['alert']} is missing"
        assert {"summary", "description"} <= set(rule["annotations"]), rule["alert"]


def test_the_dashboard_works_with_any_data_source():
    dashboard = json.loads(DASHBOARD.read_text())
    variables = {variable["name"]: variable for variable in dashboard["templating"]["list"]}
    assert variables["datasource"]["type"] == "datasource"
    assert "id" not in dashboard or dashboard["id"] is None, "a number would be one of somebody's Grafana"
    numbers = [panel["id"] for panel in dashboard["panels"]]
    assert len(numbers) == len(set(numbers))
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24, panel["title"]
        if panel["type"] != "row":
            assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}, panel["title"]
            assert panel["targets"], panel["title"]
