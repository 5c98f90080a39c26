"""From an attributed sign-up to a partner of record: the provider's call, changes, history, and `porter subscription`."""

import csv
import datetime
import hashlib
import hmac
import io
import itertools
import json
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPException
from urllib.parse import quote

import pytest
from control import ask_control
from mail_system import metrics
from office import Office
from running import eventually
from wire import ask

ROOT = "/api/v1/subscriptions"
numbers = itertools.count(1)


@pytest.fixture(scope="module")
def provider(office):
    """The shared back office, with a token of the provider's beside those of the staff."""
    secret = office.porter.command("token", "create", "billing", "--role", "provider", check=0).stdout.strip()
    office.tokens = office.tokens | {"provider": secret}
    return office


def signup(office, partner="1234567"):
    return ask(office.porter, f"/enterprisetry.html?Partner={partner}").receipt


def at(seconds=0):
    moment = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def event(receipt=None, **changed):
    """An event of a subscription that nobody told of yet."""
    number = next(numbers)
    return (
        {
            "event": f"event-{number}",
            "id": f"sub-{number}",
            "tenant": "contoso.example",
            "product": "office-365",
            "offer": "E3",
            "seats": 5,
            "channel": "direct",
            "time": at(),
        }
        | ({"receipt": receipt} if receipt else {})
        | changed
    )


def tell(office, document, status=201):
    return office.send("POST", ROOT, document, role="provider", status=status)


def show(office, identifier):
    return office.json(f"{ROOT}/{identifier}", "auditor")


def associations(office, identifier):
    return [record for record in office.porter.records("--kind", "association") if record["subscription"] == identifier]


def entries(office, who, count):
    """What the access log has of somebody in its newest lines, the newest first: action, and of what."""
    found = office.json(f"/api/v1/access-log?limit={count}&who={quote(who)}")["entries"]
    return [(entry["action"], entry["what"]) for entry in found]


def last_entry(office, who="billing"):
    (entry,) = entries(office, who, 1)
    return entry


def refusal(what):
    """The access log's line of what was refused."""
    return "subscription-refused", what


def test_an_attributed_signup_becomes_a_partner_of_record(provider):
    receipt = signup(provider)
    told = event(receipt)
    report = tell(provider, told)
    assert (report["receipt"], report["associated"], report["partner"]) == ("usable", True, "1234567")
    found = show(provider, told["id"])
    subscription, (change,) = found["subscription"], found["history"]
    assert (subscription["partner"], subscription["program"], subscription["evidence"]) == ("1234567", "sell", "receipt")
    assert (subscription["portal"], subscription["counts"], subscription["editable"]) == ("office-customer", True, True)
    assert (change["number"], change["by"], change["actor"], change["signup"]) == (1, "receipt", "billing", receipt)
    assert change["recorded"] is True
    assert [(row["claimed"], row["finding"]) for row in found["receipts"]] == [(receipt, "usable")]

    (record,) = associations(provider, told["id"])
    assert record["receipt"] == change["receipt"]
    assert (record["change"], record["by"], record["partner"], record["signup"]) == (1, "receipt", "1234567", receipt)
    assert (record["tenant"], record["actor"], record["product"]) == ("contoso.example", "billing", "office-365")
    leaf = provider.porter.rows(f"SELECT CAST(leaf AS TEXT) FROM record WHERE seq = {record['seq']}")[0][0]
    assert "contoso" not in leaf
    assert "billing" not in leaf
    provider.porter.command("log", "verify", check=0)


def test_an_association_counts_as_no_signup_and_is_in_log_and_export(provider):
    before = provider.json("/api/v1/counts?by=partner")
    told = event()
    tell(provider, told)
    provider.send("PUT", f"{ROOT}/{told['id']}/partner", {"partner": "1234567"})
    assert provider.json("/api/v1/counts?by=partner") == before
    page = provider.json("/api/v1/log?kind=association&limit=1")
    assert page["records"][0]["subscription"] == told["id"]
    rows = list(csv.DictReader(io.StringIO(provider.get("/api/v1/log.csv?kind=association").text.removeprefix("\ufeff"))))
    assert rows[-1]["subscription"] == told["id"]
    assert rows[-1]["actor"] == "for admin"
    line = provider.porter.command("log", "search", "--kind", "association", check=0).stdout.splitlines()[-1]
    assert "associated" in line
    assert f"subscription={told['id']}" in line


def test_an_event_is_taken_once(provider):
    told = event(signup(provider))
    first = tell(provider, told)
    line = f"{told['id']}, event {told['event']}"
    assert last_entry(provider) == ("subscription-event", f"{line}, receipt usable")
    again = tell(provider, told, status=200)
    assert again == first | {"repeated": True}
    assert last_entry(provider) == ("subscription-event", f"{line} again")
    assert len(show(provider, told["id"])["history"]) == 1
    assert tell(provider, told | {"seats": 6}, status=409)["type"] == "event-differs"
    assert last_entry(provider) == refusal(f"{ROOT}: event-differs")
    assert show(provider, told["id"])["subscription"]["seats"] == 5
    moved = tell(provider, event(id=told["id"], tenant="fabrikam.example"), status=409)
    assert moved["type"] == "subscription-differs"
    assert last_entry(provider) == refusal(f"{ROOT}: subscription-differs")


def test_a_receipt_that_cannot_be_used_is_kept_with_the_reason(provider):
    used = signup(provider)
    tell(provider, event(used))
    for receipt, finding in [
        (None, "none"),
        ("0" * 26, "unknown"),
        ("no receipt at all " * 20, "unknown"),
        (signup(provider, "xxxxx"), "unattributed"),
        (used, "used"),
    ]:
        told = event(receipt)
        report = tell(provider, told)
        assert (report["receipt"], report["associated"]) == (finding, False), receipt
        assert "partner" not in report
        assert last_entry(provider) == ("subscription-event", f"{told['id']}, event {told['event']}, receipt {finding}")
        found = show(provider, told["id"])
        assert [row["finding"] for row in found["receipts"]] == [finding]
        assert found["history"] == []


def test_a_signup_that_was_attributed_after_the_fact_counts_like_any(provider):
    receipt = signup(provider, "1234576")
    order = {"partner": "1234567", "note": "two digits changed places"}
    provider.send("POST", f"/api/v1/log/{receipt}/adjustment", order, status=201)
    assert tell(provider, event(receipt))["partner"] == "1234567"


def test_the_receipt_of_a_test_is_one_like_another(provider):
    target = "/enterprisetry.html?Partner=1234567"
    receipt = ask(provider.porter, target, fields=["Porter-Test: 1"]).receipt
    assert provider.porter.record(receipt)["test"] == 1
    report = tell(provider, event(receipt))
    assert (report["receipt"], report["associated"], report["partner"]) == ("usable", True, "1234567")


def test_a_receipt_is_too_old_after_the_days_that_are_set(shared_farm, staff):
    office = Office(shared_farm, "--receipt-days", "1", staff=staff)
    receipt = signup(office)
    time.sleep(3)
    report = office.send("POST", ROOT, event(receipt, time=at(86_399)), status=201)
    assert report["receipt"] == "too-old"
    assert office.send("POST", ROOT, event(time=at(90_000)), status=422)["type"] == "invalid-subscription"


def test_what_a_syndicator_sold_has_no_partner_of_record(provider):
    told = event(signup(provider), channel="syndicated")
    report = tell(provider, told)
    assert (report["receipt"], report["associated"]) == ("syndicated", False)
    assert last_entry(provider) == ("subscription-event", f"{told['id']}, event {told['event']}, receipt syndicated")
    before = show(provider, told["id"])
    assert before["subscription"]["editable"] is False
    assert (before["history"], [row["finding"] for row in before["receipts"]]) == ([], ["syndicated"])
    for method, body in (("PUT", {"partner": "1234567"}), ("DELETE", None)):
        problem = provider.send(method, f"{ROOT}/{told['id']}/partner", body, "provider", status=409)
        assert problem["type"] == "syndicated"
        assert "syndicator" in problem["detail"]
    assert entries(provider, "billing", 2) == [refusal(f"{told['id']}: syndicated")] * 2
    assert show(provider, told["id"]) == before


@pytest.mark.parametrize("role", ["marketing", "auditor"])
def test_only_the_provider_and_admins_tell(provider, role):
    told = event()
    assert provider.send("POST", ROOT, told, role=role, status=403)["type"] == "forbidden"
    assert last_entry(provider, f"for {role}") == refusal(f"{ROOT}: wrong role")
    provider.get(f"{ROOT}/{told['id']}", status=404)


def test_the_provider_may_do_nothing_else(provider):
    told = event()
    tell(provider, told)
    for method, target in [
        ("GET", ROOT),
        ("GET", f"{ROOT}/{told['id']}"),
        ("GET", f"{ROOT}/{told['id']}/history"),
        ("GET", "/api/v1/partners/1234567/statement/programs?month=2016-10"),
        ("GET", "/api/v1/conflicts"),
        ("POST", "/api/v1/conflicts/1/decision"),
        ("DELETE", "/api/v1/customer-links"),
        ("POST", "/api/v1/subscription-events/import"),
        ("GET", "/api/v1/counts"),
        ("GET", "/api/v1/log"),
        ("GET", "/api/v1/partners"),
        ("GET", "/api/v1/partners/1234567/check"),
        ("GET", "/api/v1/health"),
        ("GET", "/api/v1/tokens"),
        ("GET", "/metrics"),
    ]:
        answer = provider.request(method, target, "provider")
        assert answer.status == 403, f"{method} {target}: {answer.status}"
    changing = ("subscription-events/import", "customer-links", "conflicts/1/decision")
    noted = [entry for entry in entries(provider, "billing", 15) if entry[0] == "subscription-refused"]
    assert noted[:3] == [refusal(f"/api/v1/{target}: wrong role") for target in changing]
    done = provider.porter.command("user", "add", "petra", "--role", "provider")
    assert done.returncode == 2
    assert "expected marketing, auditor or admin" in done.stderr


class Signed:
    """Calls without a token, signed with one."""

    def __init__(self, office):
        self.office = office
        self.key = hashlib.sha256(office.tokens["provider"].encode()).digest()

    def fields(self, target, body, moment=None, method="POST"):
        moment = moment or at()
        code = hmac.new(self.key, f"{moment}\n{method} {target}\n{body}".encode(), hashlib.sha256).hexdigest()
        return {"Porter_Time": moment, "Porter_Signature": code}

    def send(self, target, body, status, method="POST", **fields):
        answer = self.office.request(method, target, None, body, Content_Type="application/json", **fields)
        assert answer.status == status, answer.text
        return json.loads(answer.text)


def test_a_call_can_be_signed_and_a_replay_changes_nothing(provider):
    signed = Signed(provider)
    told = event(signup(provider))
    body = json.dumps(told)
    fields = signed.fields(ROOT, body)
    first = signed.send(ROOT, body, 201, **fields)
    assert first["partner"] == "1234567"
    before = show(provider, told["id"])
    assert signed.send(ROOT, body, 200, **fields) == first | {"repeated": True}
    assert last_entry(provider) == ("subscription-event", f"{told['id']}, event {told['event']} again")
    assert show(provider, told["id"]) == before
    # What is signed for one path is none for another.
    usage = json.dumps({"event": told["event"] + "-usage", "active": True, "time": at()})
    target = f"{ROOT}/{told['id']}/usage"
    signed.send(target, usage, 401, **signed.fields(ROOT, usage))
    assert signed.send(target, usage, 201, **signed.fields(target, usage))["subscription"] == told["id"]
    assert show(provider, told["id"])["subscription"]["active"] is True


def test_a_signature_that_is_wrong_or_old_takes_nothing(provider):
    signed = Signed(provider)
    told = event()
    body = json.dumps(told)
    good = signed.fields(ROOT, body)
    for fields in (
        {},
        {"Porter_Time": good["Porter_Time"]},
        good | {"Porter_Signature": "0" * 64},
        good | {"Porter_Signature": "nonsense"},
        good | {"Porter_Time": "yesterday"},
        signed.fields(ROOT, body + " "),
        signed.fields(ROOT, body, at(-301)),
        # The calls before it take their time, and it comes closer meanwhile.
        signed.fields(ROOT, body, at(400)),
    ):
        assert signed.send(ROOT, body, 401, **fields)["type"] == "unauthorized"
    # Who has sent no signature was asked for one.
    assert entries(provider, "unknown", 6) == [refusal(f"{ROOT}: signature")] * 6
    provider.get(f"{ROOT}/{told['id']}", status=404)
    signed.send(ROOT, json.dumps(event(tenant="x" * 70_000)), 413, **good)
    assert last_entry(provider, "unknown") == refusal(f"{ROOT}: too large")
    # A token that was revoked signs nothing any more.
    other = provider.porter.command("token", "create", "old", "--role", "provider", check=0).stdout.strip()
    number = next(row["id"] for row in provider.json("/api/v1/tokens") if row["name"] == "old")
    signed.key = hashlib.sha256(other.encode()).digest()
    signed.send(ROOT, body, 201, **signed.fields(ROOT, body))
    provider.porter.command("token", "revoke", number, check=0)
    body = json.dumps(event())
    signed.send(ROOT, body, 401, **signed.fields(ROOT, body))
    assert last_entry(provider, "unknown") == refusal(f"{ROOT}: signature")


def test_the_provider_sets_and_removes_a_partner_and_the_history_says_so(provider):
    told = event()
    version = tell(provider, told)["version"]
    target = f"{ROOT}/{told['id']}/partner"
    put = provider.request("PUT", target, "provider", json.dumps({"partner": "1234567"}), If_Match=f'"{version}"')
    assert put.status == 200, put.text
    late = provider.request("PUT", target, "provider", json.dumps({"partner": "2345678"}), If_Match=f'"{version}"')
    assert late.status == 412
    assert json.loads(late.text)["current"]["partner"] == "1234567"
    assert provider.request("DELETE", f"{target}?note=asked", "provider", If_Match=f'"{version}"').status == 412
    assert provider.request("DELETE", f"{target}?note=asked", "provider", If_Match=late.headers["ETag"]).status == 200
    history = show(provider, told["id"])["history"]
    assert [(row["by"], row["actor"], row.get("note")) for row in history] == [
        ("provider", "billing", "asked"),
        ("provider", "billing", None),
    ]
    assert [record["by"] for record in associations(provider, told["id"])] == ["provider", "provider"]
    provider.send("PUT", target, {"partner": "none"}, "provider", status=400)
    assert last_entry(provider) == refusal(f"{told['id']}: invalid-request")
    for role in ("marketing", "auditor"):
        assert provider.send("PUT", target, {"partner": "1234567"}, role, status=403)["type"] == "forbidden"
        assert provider.request("DELETE", target, role).status == 403
        assert entries(provider, f"for {role}", 2) == [refusal(f"{target}: wrong role")] * 2
    assert show(provider, told["id"])["history"] == history


def test_a_signed_order_is_good_once(provider):
    signed = Signed(provider)
    told = event()
    tell(provider, told)
    target = f"{ROOT}/{told['id']}/partner"
    body = json.dumps({"partner": "1234567"})
    order = signed.fields(target, body, method="PUT")
    first = signed.send(target, body, 200, "PUT", **order)
    assert (first["partner"], first["changes"]) == ("1234567", 1)
    # A copy of the order to set is none to remove, and none for another's target.
    assert signed.send(target, body, 401, "DELETE", **order)["type"] == "unauthorized"
    assert signed.send(f"{target}?note=x", None, 401, "DELETE", **signed.fields(target, "", method="DELETE"))
    removed = signed.send(target, None, 200, "DELETE", **signed.fields(target, "", method="DELETE"))
    assert "partner" not in removed
    again = signed.send(target, body, 409, "PUT", **order)
    assert (again["type"], again["current"]) == ("replayed", removed)
    assert last_entry(provider) == refusal(f"{told['id']}: replayed")
    # The same order is made anew, with a time of its own.
    assert signed.send(target, body, 200, "PUT", **signed.fields(target, body, at(1), "PUT"))["changes"] == 3

    # Who was refused is not taken when somebody sends the call again without its condition.
    other = json.dumps({"partner": "2345678"})
    order = signed.fields(target, other, method="PUT")
    assert signed.send(target, other, 412, "PUT", If_Match='"1"', **order)["type"] == "changed-meanwhile"
    assert signed.send(target, other, 409, "PUT", **order)["type"] == "replayed"
    history = show(provider, told["id"])["history"]
    assert [(row["number"], row["by"], row.get("partner")) for row in history] == [
        (3, "provider", "1234567"),
        (2, "provider", None),
        (1, "provider", "1234567"),
    ]


USABLE = [
    ("1234567", ["sell", "usage"], "for sell, usage"),
    ("1234568", ["sell"], "for sell"),
    ("8901234", ["usage"], "for usage"),
    ("3456789", [], "enrolled in no program"),
]


@pytest.mark.parametrize(("text", "programs", "said"), USABLE)
def test_check_id_says_for_which_programs_a_partner_can_be_used(provider, text, programs, said):
    told = event()
    tell(provider, told)
    for role in ("provider", "auditor", "admin"):
        answer = provider.get(f"{ROOT}/{told['id']}/check?partner={text}", role)
        found = json.loads(answer.text)
        assert (found["usable"], found["programs"]) == (True, programs), found
        assert {"obstacle", "contact", "current"}.isdisjoint(found)
        assert said in found["detail"]
        assert found["partner"]["usable"] is True
        assert answer.headers["ETag"] == f'"{found["version"]}"'
        assert "contoso" not in answer.text
    # The order is judged the same.
    done = provider.send("PUT", f"{ROOT}/{told['id']}/partner", {"partner": text}, "provider")
    assert (done["partner"], done.get("program")) == (text, programs[0] if programs else None)
    assert provider.json(f"{ROOT}/{told['id']}/check?partner={text}", "provider")["current"] == text


# What is entered, why it can't be used, by a word and a closer one, where to turn, and what is said of it.
UNUSABLE = [
    ("", "missing", None, "partner", "no ID was given"),
    ("101bde18-5ffb-4d79-a47b-f5b2c62525b3", "guid", None, "partner", "this is a GUID"),
    ("xxxxx", "placeholder", None, "partner", "a placeholder that nobody filled in"),
    ("0123", "malformed", "leading-zero", "partner", "begins with a zero"),
    ("12345678901", "malformed", "too-long", "partner", "at most 10 digits"),
    ("MPN 1234567", "malformed", "not-digits", "partner", "digits alone"),
    ("9999999999", "unknown", None, "membership-center", "not recognised"),
    ("5678901", "suspended", "no-agreement", "partner", "it has no agreement"),
    ("4567890", "suspended", "lapsed", "directory", "its agreement has lapsed"),
    ("9012345", "suspended", "requested", "partner", "at its own request"),
    ("5559201", "suspended", "other", "directory", "is suspended; ask whoever keeps this directory"),
    ("7890123", "expired", "not-yet-valid", "directory", "not valid before 2099-01-01"),
    ("6789012", "expired", "no-longer-valid", "directory", "valid through 2016-12-31"),
]
# Of what is no Partner ID at all, an order is none that could be refused for its partner.
NO_ID = ("missing", "guid", "placeholder", "malformed")


def suspend(office, partner, reason):
    """A partner of the directory that is suspended for a reason which none of the samples has."""
    office.send("PATCH", f"/api/v1/partners/{partner}", {"name": "Gone (sample)", "status": "suspended", "status_reason": reason})


@pytest.mark.parametrize(("text", "obstacle", "reason", "contact", "said"), UNUSABLE)
def test_check_id_says_why_not_and_where_to_turn(provider, text, obstacle, reason, contact, said):
    if reason == "other":
        suspend(provider, text, reason)
    told = event()
    tell(provider, told)
    before = show(provider, told["id"])
    for role in ("provider", "auditor", "admin"):
        answer = provider.get(f"{ROOT}/{told['id']}/check?partner={quote(text)}", role)
        found = json.loads(answer.text)
        assert (found["usable"], found["programs"]) == (False, []), found
        assert (found["obstacle"], found["partner"].get("reason")) == (obstacle, reason)
        assert found["contact"] == contact
        assert said in found["detail"]
        assert (found["partner"]["usable"], found["partner"]["outcome"]) == (False, obstacle)
        assert answer.headers["ETag"] == f'"{found["version"]}"'
        assert "contoso" not in answer.text
    # The order is judged the same.
    status = 400 if obstacle in NO_ID else 422
    provider.send("PUT", f"{ROOT}/{told['id']}/partner", {"partner": text}, "provider", status=status)
    assert show(provider, told["id"]) == before


def test_the_provider_is_not_told_whom_somebody_suspects(provider):
    """Suspended, like for other reasons; admins see for which."""
    suspend(provider, "5559202", "fraud")
    told = event()
    tell(provider, told)
    target = f"{ROOT}/{told['id']}/check?partner=5559202"
    found = {role: provider.json(target, role) for role in ("provider", "admin")}
    signed = Signed(provider)
    found["signed"] = signed.send(target, None, 200, "GET", **signed.fields(target, "", method="GET"))
    for role, reason in (("provider", "other"), ("signed", "other"), ("admin", "fraud")):
        assert (found[role]["usable"], found[role]["obstacle"], found[role]["contact"]) == (False, "suspended", "directory")
        assert "is suspended; ask whoever keeps this directory" in found[role]["detail"]
        assert found[role]["partner"].get("reason") == reason
    target = f"{ROOT}/{told['id']}/partner"
    problem = provider.send("PUT", target, {"partner": "5559202"}, "provider", status=422)
    assert problem["type"] == "unusable-partner"
    assert "fraud" not in json.dumps([found["provider"], found["signed"], problem])
    assert "fraud" in provider.send("PUT", target, {"partner": "5559202"}, status=422)["detail"]
    # Like a partner that is suspended for another reason, word for word.
    suspend(provider, "5559203", "other")
    other = provider.send("PUT", target, {"partner": "5559203"}, "provider", status=422)
    assert other["detail"].replace("5559203", "5559202") == problem["detail"]


def test_check_id_is_about_one_subscription(provider):
    told = event(channel="syndicated")
    tell(provider, told)
    found = provider.json(f"{ROOT}/{told['id']}/check?partner=1234567", "provider")
    assert (found["usable"], found["programs"]) == (False, [])
    assert (found["obstacle"], found["contact"]) == ("syndicated", "syndicator")
    assert "sold by a syndicator" in found["detail"] and "ask the syndicator" in found["detail"]
    assert found["partner"]["usable"] is True
    assert provider.get(f"{ROOT}/no-such/check?partner=1234567", "provider", 404)
    # Who may see counts alone learns of an ID, and of no customer's subscription.
    assert provider.get(f"{ROOT}/{told['id']}/check?partner=1234567", "marketing", 403)
    assert provider.json("/api/v1/partners/1234567/check", "marketing")["usable"] is True
    signed = Signed(provider)
    target = f"{ROOT}/{told['id']}/check?partner=1234567"
    assert signed.send(target, None, 200, "GET", **signed.fields(target, "", method="GET"))["obstacle"] == "syndicated"
    assert last_entry(provider) == ("subscription-read", f'{told["id"]}, check of "1234567"')


def test_who_tells_the_same_again_disturbs_no_editor(provider):
    told = event()
    tell(provider, told)
    target = f"{ROOT}/{told['id']}"
    seen = provider.get(target, "auditor").headers["ETag"]
    tell(provider, event(id=told["id"], time=at(5)))
    put = provider.request("PUT", f"{target}/partner", "admin", json.dumps({"partner": "1234567"}), If_Match=seen)
    assert put.status == 200, put.text
    # What really changes does.
    tell(provider, event(id=told["id"], seats=50, time=at(10)))
    assert provider.request("DELETE", f"{target}/partner", "admin", If_Match=put.headers["ETag"]).status == 412


def test_a_receipt_is_not_used_up_by_what_can_have_no_partner(provider):
    receipt = signup(provider)
    assert tell(provider, event(receipt, channel="syndicated"))["receipt"] == "syndicated"
    assert tell(provider, event(receipt))["associated"] is True
    assert tell(provider, event(receipt))["receipt"] == "used"


def test_what_is_no_event_is_refused(provider):
    for changed in ({"product": "word"}, {"seats": -1}, {"seats": None}, {"id": "a b"}, {"channel": ""}, {"time": "soon"}):
        refused = tell(provider, event(**changed), status=422)
        assert refused["type"] == "invalid-subscription"
        assert next(iter(changed)) in refused["detail"]
    tell(provider, event(colour="red"), status=400)
    tell(provider, event(tenant="x" * 70_000), status=413)
    usage = {"event": "usage-of-nobody", "active": True, "time": at()}
    assert provider.send("POST", f"{ROOT}/no-such/usage", usage, role="provider", status=404)["type"] == "unknown-subscription"


def test_who_has_not_seen_what_is_there_is_told(provider):
    told = event()
    tell(provider, told)
    target = f"{ROOT}/{told['id']}/partner"
    seen = provider.get(f"{ROOT}/{told['id']}", "auditor").headers["ETag"]
    set_first = provider.request(
        "PUT", target, "admin", json.dumps({"partner": "1234567"}), Content_Type="application/json", If_Match=seen
    )
    assert set_first.status == 200, set_first.text
    late = provider.request(
        "PUT", target, "admin", json.dumps({"partner": "2345678"}), Content_Type="application/json", If_Match=seen
    )
    assert late.status == 412
    assert late.headers["ETag"] == set_first.headers["ETag"]
    assert json.loads(late.text)["current"] == json.loads(set_first.text)
    assert provider.request("DELETE", target, "admin", If_Match=seen).status == 412
    assert provider.request("DELETE", target, "admin", If_Match=late.headers["ETag"]).status == 200
    history = show(provider, told["id"])["history"]
    assert [(row["number"], row.get("partner"), row.get("replaces")) for row in history] == [
        (2, None, "1234567"),
        (1, "1234567", None),
    ]
    assert entries(provider, "for admin", 4) == [
        ("subscription-change", f"{told['id']}, change 2: 1234567 removed"),
        refusal(f"{told['id']}: changed-meanwhile"),
        refusal(f"{told['id']}: changed-meanwhile"),
        ("subscription-change", f"{told['id']}, change 1: 1234567"),
    ]


def test_a_partner_is_offered_only_for_programs_that_it_is_enrolled_in(provider):
    told = event()
    tell(provider, told)
    target = f"{ROOT}/{told['id']}/partner"
    assert provider.json("/api/v1/partners/1234567/check")["programs"] == ["sell", "usage"]
    assert provider.json("/api/v1/partners/1234568/check")["programs"] == ["sell"]
    refused = provider.send("PUT", target, {"partner": "1234568", "program": "usage"}, status=422)
    assert refused["type"] == "not-enrolled"
    assert provider.send("PUT", target, {"partner": "9999999999"}, status=422)["type"] == "unknown-partner"
    assert provider.send("PUT", target, {"partner": "4567890"}, status=422)["type"] == "unusable-partner"
    assert provider.send("PUT", target, {"partner": "1234567", "evidence": "receipt"}, status=400)["type"] == "invalid-request"
    used = provider.send("PUT", target, {"partner": "1234567", "program": "usage", "evidence": "osa-form", "note": "by fax"})
    usage = {"event": told["event"] + "-usage", "active": True, "time": at()}
    provider.send("POST", f"{ROOT}/{told['id']}/usage", usage, role="provider", status=201)
    # In use, and yet: an OSA form alone does not count.
    assert show(provider, told["id"])["subscription"]["counts"] is False
    assert used["evidence"] == "osa-form"
    assert provider.send("PUT", target, {"partner": "1234567", "program": "usage"})["counts"] is True


def test_many_at_once_end_as_one_without_a_lost_update(farm, staff):
    """Over the control socket, where no token's allowance has anybody wait."""
    office = Office(farm, staff=staff)
    first = event()
    ask_control(office.porter, "POST", ROOT, first, status=201)
    target = f"{ROOT}/{first['id']}/partner"

    def change(number):
        if number % 3 == 0:
            return ask_control(office.porter, "POST", ROOT, event(id=first["id"], seats=number), status=201)
        partner = "1234567" if number % 3 == 1 else "2345678"
        return ask_control(office.porter, "PUT", target, {"partner": partner})

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(change, range(200)))
    found = ask_control(office.porter, "GET", f"{ROOT}/{first['id']}")
    changes = ask_control(office.porter, "GET", f"{ROOT}/{first['id']}/history?limit=1000")
    assert [row["number"] for row in changes] == list(range(len(changes), 0, -1))
    assert changes[0]["partner"] == found["subscription"]["partner"]
    assert all(later["replaces"] == earlier["partner"] for later, earlier in itertools.pairwise(changes))
    assert [record["change"] for record in associations(office, first["id"])] == list(range(1, len(changes) + 1))
    assert all(row["recorded"] for row in changes)
    office.porter.command("log", "verify", check=0)


def test_a_kill_loses_no_change_and_records_none_twice(farm, staff):
    office = Office(farm, staff=staff)
    first = event()
    ask_control(office.porter, "POST", ROOT, first, status=201)
    target = f"{ROOT}/{first['id']}/partner"
    confirmed = []

    def change(number):
        try:
            partner = "1234567" if number % 2 else "2345678"
            confirmed.append(ask_control(office.porter, "PUT", target, {"partner": partner})["changes"])
        except (OSError, AssertionError, ValueError, HTTPException):
            pass  # the server is gone

    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(change, number) for number in range(400)]
        eventually(lambda: len(confirmed) >= 20, "some changes are confirmed")
        office.porter.kill()
        for future in waiting:
            future.cancel()
        # Whoever waits for the control socket has it again.
        office.porter.start()

    def all_recorded():
        changes = ask_control(office.porter, "GET", f"{ROOT}/{first['id']}/history?limit=1000")
        return changes if all(row["recorded"] for row in changes) else None

    changes = eventually(all_recorded, "the ledger has all changes")
    assert len(changes) >= max(confirmed)
    assert [row["number"] for row in changes] == list(range(len(changes), 0, -1))
    assert [record["change"] for record in associations(office, first["id"])] == list(range(1, len(changes) + 1))
    office.porter.command("log", "verify", check=0)


def test_changes_that_the_ledger_can_not_take_stand_are_told_and_follow(farm, staff):
    """Somebody else has locked the ledger for writing: as with a full disk, nothing can be committed to it."""
    office = Office(farm, staff=staff)
    porter = office.porter
    first = event()
    ask_control(porter, "POST", ROOT, first, status=201)
    waits = 'msg="changes of partners of record wait for the ledger"'
    with closing(sqlite3.connect(porter.data / "ledger.db", timeout=30, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        done = ask_control(porter, "PUT", f"{ROOT}/{first['id']}/partner", {"partner": "1234567"})
        assert done["partner"] == "1234567", "the change stands"
        (change,) = ask_control(porter, "GET", f"{ROOT}/{first['id']}")["history"]
        assert change["recorded"] is False
        (line,) = [line for line in porter.log.splitlines() if waits in line]
        assert " level=error " in line
        assert " waiting=1" in line
        ledger = ask_control(porter, "GET", "/api/v1/health")["ledger"]
        assert ledger["unrecorded_changes"] == 1
        assert ledger["oldest_unrecorded_seconds"] >= 1, "it was tried for some seconds before it was answered"
        assert metrics(porter)("porter_associations_unrecorded") == 1
        assert metrics(porter)("porter_associations_oldest_unrecorded_seconds") >= 1
        assert change["receipt"] not in [record["receipt"] for record in porter.records()]
        database.execute("ROLLBACK")

    def recorded():
        (change,) = ask_control(porter, "GET", f"{ROOT}/{first['id']}")["history"]
        return change if change["recorded"] else None

    change = eventually(recorded, "it follows by itself")
    assert [record["receipt"] for record in associations(office, first["id"])] == [change["receipt"]]
    eventually(lambda: "the ledger has all changes of partners of record again" in porter.log, "that is told as well")
    assert metrics(porter)("porter_associations_unrecorded") == 0
    assert porter.log.count(waits) == 1, "at most once a minute"
    porter.command("log", "verify", check=0)


COLUMNS = "event,id,tenant,product,offer,seats,channel,time,receipt"


@pytest.mark.parametrize("has_server", [True, False])
def test_the_command_line_does_the_same(farm, tmp_path, has_server):
    porter = farm.start()
    receipt = ask(porter, "/enterprisetry.html?Partner=1234567").receipt
    if not has_server:
        porter.stop()
    told = [event(receipt), event(product="intune")]
    file = tmp_path / "events.csv"
    file.write_text(
        COLUMNS + "\n" + "".join(",".join(str(row.get(name, "")) for name in COLUMNS.split(",")) + "\n" for row in told)
    )
    preview = porter.command("subscription", "import", file, "--dry-run", check=0).stdout
    assert "events: 2, told before: 0, partners of record set: 1, removed: 0; receipts: 1 none, 1 usable; a dry run" in preview
    assert porter.command("subscription", "list", check=0).stdout == ""
    report = json.loads(porter.command("subscription", "import", file, "--json", check=0).stdout)
    assert (report["events"], report["repeated"], report["associated"]) == (2, 0, 1)
    assert "told before: 2" in porter.command("subscription", "import", file, check=0).stdout
    lacking = json.loads(porter.command("subscription", "list", "--without-partner", "--json", check=0).stdout)
    assert [row["id"] for row in lacking] == [told[1]["id"]]

    done = porter.command("subscription", "set-partner", told[1]["id"], "2345678", "--note", "asked", check=0)
    assert "2345678, program sell, evidence digital" in done.stdout
    porter.command("subscription", "remove-partner", told[1]["id"], check=0)
    found = json.loads(porter.command("subscription", "show", told[1]["id"], "--json", check=0).stdout)
    assert [(row["number"], row["by"], row["recorded"]) for row in found["history"]] == [(2, "admin", True), (1, "admin", True)]
    assert "removed" in porter.command("subscription", "show", told[1]["id"], check=0).stdout
    assert porter.command("subscription", "show", "no-such", check=1).stderr.startswith("error: there is no subscription")
    assert (
        "not enrolled"
        in porter.command("subscription", "set-partner", told[1]["id"], "2345678", "--program", "usage", check=2).stderr
    )
    file.write_text(COLUMNS + "\ne,s,t,word,o,1,direct,2016-10-05T07:00:00Z,\n")
    refused = porter.command("subscription", "import", file, check=2).stderr
    assert "events.csv:2: product is" in refused
    assert len(porter.records("--kind", "association")) == 3
    porter.command("log", "verify", check=0)
