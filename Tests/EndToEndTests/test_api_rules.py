"""What holds for all of the API: methods, unknown paths, who may change what they have not seen, how often."""

import json
import threading

import pytest
from office import Office


def test_a_path_that_is_there_says_which_methods_it_has(office):
    for target, method, allowed in (
        ("/api/v1/log", "POST", "GET, HEAD"),
        ("/api/v1/partners/1234567", "PUT", "GET, HEAD, PATCH"),
        ("/api/v1/partners/1234567", "DELETE", "GET, HEAD, PATCH"),
        ("/api/v1/partners/import", "GET", "POST"),
        ("/api/v1/users/anna", "OPTIONS", "DELETE, GET, HEAD, PATCH"),
        ("/api/v1/log.csv", "DELETE", "GET, HEAD"),
    ):
        answer = office.request(method, target, "admin", "{}")
        assert answer.status == 405, target
        assert answer.headers["Allow"] == allowed
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert json.loads(answer.text)["type"] == "method-not-allowed"


@pytest.mark.parametrize("target", ["/api/v1", "/api/v1/", "/api/v1/nothing", "/api/v1/log/x/y/z", "/api/v2/log"])
def test_a_path_that_is_not_there_is_a_document(office, target):
    answer = office.get(target, status=404)
    if target.startswith("/api/v1"):
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert json.loads(answer.text)["type"] == "not-found"


def test_a_page_that_is_not_there_is_a_page(office):
    answer = office.signed_in("auditor").open("/nothing")
    assert answer.status == 404
    assert answer.headers["Content-Type"].startswith("text/html")
    assert 'class="fault" role="alert"' in answer.text


@pytest.mark.parametrize(
    "target",
    [
        "/api/v1/log?parnter=1234567",
        "/api/v1/log?partner=%FF",
        "/api/v1/log?partner=1234567&partner=2345678",
        "/api/v1/log.csv?x=" + "A" * 400 + "&partner=1234567",
        "/api/v1/log.ndjson?before=9",
        "/api/v1/counts?campaign=%E9t%E9",
        "/api/v1/counts.csv?By=outcome",
        "/api/v1/lost?days=7",
        "/api/v1/partners?seach=a",
        "/api/v1/partners/1234567/statement.csv?month=2016-10&month=2016-11",
        "/api/v1/access-log?limit=1&user=anna",
        "/api/v1/partners/1234567/kit?fromat=cmd",
        "/api/v1/explain?url=https://gateway.example.com/enterprisetry.html&user_agent=x",
        "/api/v1/log?" + "&" * 10 + "&".join(f"p{number}" for number in range(300)),
    ],
)
def test_a_question_that_is_not_understood_is_not_answered_as_if_nothing_had_been_asked(office, target):
    office.get(target, status=400)


@pytest.mark.parametrize("target", ["/log?parnter=1234567", "/log?partner=%FF"])
def test_nor_is_it_on_a_page(office, target):
    page = office.signed_in("auditor").open(target)
    assert page.status == 400
    assert 'class="fault"' in page.text


def test_a_field_of_a_form_that_nobody_filled_in_asks_for_nothing(office):
    office.get("/api/v1/log?partner=&since&outcome=", "auditor")


def test_the_access_log_has_the_whole_filter(office):
    long = "c" * 1_000
    office.get(f"/api/v1/log.csv?campaign={long}&receipt={'0' * 26}&partner=1234567", "auditor")
    entry = office.json("/api/v1/access-log?limit=1")["entries"][0]
    assert entry["what"] == f"csv partner=1234567&campaign={long[:64]}&receipt={'0' * 26}"


def test_what_can_be_got_has_a_head(office):
    for target in ("/api/v1/partners/1234567", "/api/v1/log.csv", "/sign-in"):
        answer = office.request("HEAD", target, "admin")
        assert (answer.status, answer.text) == (200, ""), target


def test_who_asks_too_often_hears_when_to_ask_again(farm, staff):
    office = Office(farm, staff=staff)
    answers = [office.request("GET", "/api/v1/routes", "marketing") for _ in range(400)]
    refused = [answer for answer in answers if answer.status == 429]
    assert refused
    assert int(refused[0].headers["Retry-After"]) >= 1
    assert json.loads(refused[0].text)["type"] == "too-many-requests"


def test_of_two_who_edit_the_same_partner_at_once_one_is_refused(office):
    for _ in range(5):
        tag = office.get("/api/v1/partners/1234567").headers["ETag"]
        start = threading.Barrier(2)
        answers = {}

        def edit(name, tag=tag, start=start, answers=answers):
            start.wait()
            answers[name] = office.request(
                "PATCH", "/api/v1/partners/1234567", "admin", json.dumps({"name": name + tag}), If_Match=tag
            ).status

        editors = [threading.Thread(target=edit, args=(name,)) for name in ("one", "two")]
        for editor in editors:
            editor.start()
        for editor in editors:
            editor.join()
        assert sorted(answers.values()) == [200, 412]
        winner = next(name for name, status in answers.items() if status == 200)
        assert office.json("/api/v1/partners/1234567")["name"] == winner + tag


def test_conditions_are_those_of_http(office):
    target = "/api/v1/partners/1234567"
    tag = office.get(target).headers["ETag"]
    office.send("PATCH", target, {"name": "A"}, status=412, If_Match='"0"')
    office.send("PATCH", target, {"name": "A"}, status=412, If_Match=f"W/{tag}")
    office.send("PATCH", target, {"name": "A"}, status=412, If_None_Match="*")
    office.send("PATCH", target, {"name": "A"}, If_Match=f'"0", {tag}')
    answer = office.request("PATCH", target, "admin", json.dumps({"name": "B"}), Content_Type="application/json", If_Match="*")
    assert answer.headers["ETag"] == office.get(target).headers["ETag"] != tag
    new = {"name": "New", "status": "active"}
    office.send("PATCH", "/api/v1/partners/8880001", new, status=412, If_Match="*")
    office.send("PATCH", "/api/v1/partners/8880001", new, If_None_Match="*")


def test_a_user_is_changed_only_by_who_saw_their_last_state(office):
    office.send("POST", "/api/v1/users", {"name": "carl", "role": "auditor", "password": "violet kettle drums 9"}, status=201)
    seen = office.get("/api/v1/users/carl")
    assert json.loads(seen.text)["role"] == "auditor"
    tag = seen.headers["ETag"]
    office.send("PATCH", "/api/v1/users/carl", {"role": "marketing"}, If_Match=tag)
    refused = office.send("PATCH", "/api/v1/users/carl", {"role": "admin"}, status=412, If_Match=tag)
    assert refused["type"] == "changed-meanwhile"
    assert office.json("/api/v1/users/carl")["role"] == "marketing"
    assert office.request("DELETE", "/api/v1/users/carl", "admin", If_Match=tag).status == 412, "removing heeds it, too"
    office.send("PATCH", "/api/v1/users/carl", {"disabled": True}, If_Match=office.get("/api/v1/users/carl").headers["ETag"])
    office.get("/api/v1/users/nobody", status=404)
    assert office.request("DELETE", "/api/v1/users/carl", "admin").status == 204
