"""The page Health and `GET /api/v1/health`."""

import shutil
import subprocess

import pytest
from control import ask_control
from office import Office
from running import SHIPPED_ROUTES, eventually, free_port
from wire import ask


def make_certificate(folder, days):
    pair = folder / "short.crt", folder / "short.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-days", str(days)]
        + ["-subj", "/CN=gateway", "-addext", "subjectAltName=DNS:gateway.example.com,IP:192.0.2.7,IP:2001:db8::7"]
        + ["-out", pair[0], "-keyout", pair[1]],
        check=True,
        capture_output=True,
    )
    return pair


def test_a_server_tells_how_it_is(office):
    ask(office.porter, "/enterprisetry.html?Partner=1234567")
    health = office.json("/api/v1/health", "auditor")
    ledger = health["ledger"]
    assert (ledger["status"], ledger["advice"], ledger.get("last_failure")) == ("good", [], None)
    assert ledger["records"] == ledger["last_seq"] == 1
    assert ledger["commits"] == 1
    assert ledger["last_commit_microseconds"] > 0
    assert ledger["file_bytes"] > 0
    assert ledger["log_bytes"] > 0
    assert (ledger["unrecorded_changes"], ledger.get("oldest_unrecorded_seconds")) == (0, None)
    assert {certificate["kind"] for certificate in health["certificates"]} == {"ecdsa", "rsa"}
    for certificate in health["certificates"]:
        assert certificate["door"] == "front"
        assert certificate["names"] == ["localhost", "localhost", "127.0.0.1"]
        assert certificate["self_signed"] is True
        assert certificate["days_left"] in (28, 29)
    assert health["directory"] | {"directory_version": 0} == {
        "status": "good",
        "advice": [],
        "routes": 4,
        "partners": 12,
        "directory_version": 0,
    }
    assert health["reload"]["succeeded"] is True
    assert health["disk"]["free_bytes"] > 0
    assert health["version"]
    # The certificates of the tests vouch for themselves.
    assert health["status"] == "warning"


def test_marketing_learns_whether_all_is_well_and_no_more(office):
    assert set(office.json("/api/v1/health", "marketing")) == {"status", "time"}
    page = office.signed_in("marketing").open("/health").text
    assert "Somebody should look, this week" in page
    assert "/" not in page.split("<main")[1].split("</main")[0].replace("</", "")
    office.get("/api/v1/health", None, 401)


def test_the_page_has_every_part_and_says_what_to_do(office):
    page = office.signed_in("auditor").open("/health").text
    for what in (
        "Ledger",
        "Changes of partners of record that wait for it",
        "Search index",
        "Certificate for sign-ups",
        "Disk of the data folder",
        "Mail to partners",
        "Self-signed",
    ):
        assert what in page
    french = office.signed_in("auditor").open("/health", Accept_Language="fr").text
    for what in ("Registre", "Certificat des inscriptions", "E-mails aux partenaires", "Auto-signé"):
        assert what in french


def test_what_is_wrong_with_files_stays_told_until_it_is_mended(farm, staff, tmp_path):
    routes = tmp_path / "routes"
    shutil.copytree(SHIPPED_ROUTES, routes)
    office = Office(farm, staff=staff, routes=routes)

    def reload():
        return ask_control(office.porter, "GET", "/api/v1/health")["reload"]

    loaded = reload()
    assert loaded["lines"] == ["4 routes loaded"]
    (routes / "wrong.yaml").write_text("name: wrong\n")
    wrong = eventually(lambda: None if (state := reload())["succeeded"] else state, "the wrong file is seen")
    assert wrong["status"] == "warning"
    assert wrong["advice"] == ["mend-files"]
    assert "wrong.yaml:" in wrong["lines"][0]
    assert office.request("POST", "/api/v1/reload", "admin").status == 422
    assert reload()["lines"] == wrong["lines"]
    (routes / "wrong.yaml").unlink()
    mended = eventually(lambda: (state := reload())["succeeded"] and state, "the files are taken up")
    assert mended["lines"] == ["4 routes loaded"]
    assert mended["time"] > loaded["time"]


@pytest.mark.parametrize(
    ("days", "grade", "advice"),
    [(2, "bad", ["renew", "self-signed"]), (5, "warning", ["renew", "self-signed"]), (90, "warning", ["self-signed"])],
)
def test_certificates_of_both_doors_are_told_in_time(farm, tmp_path, days, grade, advice):
    pair = make_certificate(tmp_path, days)
    options = ["--tls-certificate", pair[0], "--tls-key", pair[1]]
    porter = farm.start(*options, certificates=[], back_office=f"0.0.0.0:{free_port()}")

    def told():
        health = ask_control(porter, "GET", "/api/v1/health")
        return health if len(health["certificates"]) == 2 else None

    health = eventually(told, "the back office's is told")
    assert [certificate["door"] for certificate in health["certificates"]] == ["front", "office"]
    for certificate in health["certificates"]:
        assert (certificate["status"], certificate["advice"]) == (grade, advice)
        assert certificate["names"] == ["gateway.example.com", "192.0.2.7", "2001:db8::7"]
        assert certificate["file"] == str(pair[0])
    assert health["status"] == grade
