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
    office.send("PATCH", target, {"name": "B"}, If_Match="*")
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
    office.send("PATCH", "/api/v1/users/carl", {"disabled": True}, If_Match=office.get("/api/v1/users/carl").headers["ETag"])
    office.get("/api/v1/users/nobody", status=404)
    assert office.request("DELETE", "/api/v1/users/carl", "admin").status == 204
