"""Signed links: by the article's own words, and a running server whose keys come and go."""

import json
import random
import re
import time

import pytest
import running
from running import REPOSITORY
from wire import ask

ARTICLE = (REPOSITORY / "Sources/porter/Porter.docc/SignedLinks.md").read_text("utf-8")
ROUTE = """\
name: signed
match: {{ paths: [/signed, "/signed/{{partner}}"] }}
campaign: {{ parameters: [campaign], pattern: "[a-z0-9-]{{1,40}}" }}
partner: {{ signature: {rule} }}
destination:
  url: https://signup.example.com/Signup
  query:
    - {{ name: msppid, from: partner }}
"""
PATH = "/signed/1234567"


def article_code(kind):
    return re.search(rf"```{kind}\n(.*?)```", ARTICLE, re.DOTALL)[1]


# The article's own lines: what they say is what is tested.
exec(article_code("python"))  # noqa: S102


def link(key, path=PATH, partner="1234567", campaign="", seconds=3_600, more=""):
    end = int(time.time()) + seconds
    tag = f"campaign={campaign}&" if campaign else ""
    return f"{path}?{tag}exp={end}&sig={signature(key, path, partner, campaign, end)}{more}"  # noqa: F821


def new_key(porter, partner="1234567"):
    """The key and its number."""
    made = json.loads(porter.command("partner", "key", "add", partner, "--json", check=0).stdout)
    return made["secret"], made["id"]


def judged(porter, target):
    """Outcome and worth of the signature, and whether the provider hears of the partner."""
    answer = ask(porter, target)
    record = porter.record(answer.receipt)
    assert ("msppid=" in (answer.location or "")) == (record["outcome"] == "attributed"), answer
    return record["outcome"], record.get("signature")


@pytest.fixture
def signed(farm, write_routes):
    return farm.start(routes=write_routes(signed=ROUTE.format(rule="require")))


def test_the_vectors_are_what_the_articles_code_makes_of_them():
    vectors = json.loads(article_code("json vectors"))
    assert len(vectors) >= 4
    for vector in vectors:
        made = signature(vector["key"], vector["path"], vector["partner"], vector["campaign"], vector["exp"])  # noqa: F821
        assert made == vector["sig"], vector


def test_a_key_is_in_force_as_soon_as_it_is_made(signed):
    assert judged(signed, PATH) == ("unsigned", "absent")
    assert judged(signed, link("porterkey_nobodys")) == ("unsigned", "invalid")
    key, _ = new_key(signed)
    assert re.fullmatch(r"porterkey_[A-Za-z0-9_-]{43}", key)
    assert judged(signed, link(key)) == ("attributed", "valid")
    assert judged(signed, link(key, campaign="spring", more="&culture=fr-FR")) == ("attributed", "valid")
    assert judged(signed, link(key, seconds=-3_600)) == ("unsigned", "expired")
    assert judged(signed, link(key, seconds=-60)) == ("attributed", "valid"), "clocks differ"
    assert judged(signed, link(key, path="/signed", more="&Partner=1234567")) == ("attributed", "valid")
    assert judged(signed, link(key, path="/signed", more="&Partner=2345678")) == ("unsigned", "invalid")


def test_a_key_is_replaced_without_losing_a_link(signed):
    old, number = new_key(signed)
    out = link(old)
    assert judged(signed, out) == ("attributed", "valid")
    new, _ = new_key(signed)
    assert judged(signed, out) == ("attributed", "valid")
    assert judged(signed, link(new)) == ("attributed", "valid")
    full = signed.command("partner", "key", "add", "1234567", check=2)
    assert "retire one first" in full.stderr
    signed.command("partner", "key", "retire", "1234567", str(number), check=0)
    assert judged(signed, out) == ("unsigned", "invalid")
    assert judged(signed, link(new)) == ("attributed", "valid")
    signed.command("partner", "key", "retire", "1234567", str(number), check=2)
    listed = json.loads(signed.command("partner", "key", "list", "1234567", "--json", check=0).stdout)
    assert [("retired_at" in key, "secret" in key) for key in listed] == [(False, False), (True, False)]


def test_keys_outlive_the_server_and_are_changed_without_one(signed):
    key, _ = new_key(signed)
    assert signed.stop()[0] == 0
    other, number = new_key(signed)
    signed.start()
    assert judged(signed, link(key)) == judged(signed, link(other)) == ("attributed", "valid")
    assert signed.stop()[0] == 0
    signed.command("partner", "key", "retire", "1234567", str(number), check=0)
    signed.start()
    assert judged(signed, link(other)) == ("unsigned", "invalid")


def test_random_changes_of_a_link_are_refused(signed):
    """The unit tests flip every bit; these go through the whole server."""
    key, _ = new_key(signed)
    randomness = random.Random(20_161_003)
    for _ in range(40):
        target = link(key, campaign="spring")
        place = randomness.randrange(len("/signed/"), len(target))
        changed = target[:place] + randomness.choice("0123456789abcdef") + target[place + 1 :]
        if changed == target:
            continue
        answer = ask(signed, changed)
        if answer.status == 302:
            assert "msppid=" not in answer.location, changed


def test_a_route_that_only_reports_attributes_all_the_same(farm, write_routes):
    porter = farm.start(routes=write_routes(signed=ROUTE.format(rule="report")))
    assert judged(porter, PATH) == ("attributed", "absent")
    key, _ = new_key(porter)
    assert judged(porter, link(key)) == ("attributed", "valid")
    found = porter.command("log", "search", "--signature", "absent", "--json", check=0).stdout.splitlines()
    assert [json.loads(line)["signature"] for line in found] == ["absent"]
    porter.command("log", "search", "--signature", "forged", check=2)
    porter.command("log", "verify", check=0)


def test_a_route_without_the_key_asks_for_nothing(porter):
    answer = ask(porter, "/p/1234567/enterprise/trial?exp=1&sig=2")
    record = porter.record(answer.receipt)
    assert (record["outcome"], record["dropped"]) == ("attributed", ["exp", "sig"])
    assert "signature" not in record


def test_unsigned_sign_ups_are_counted_apart(signed):
    new_key(signed)
    for _ in range(3):
        ask(signed, PATH)
    rows = running.counts(signed.data, "--by", "outcome,partner")
    assert [(row["outcome"], row["partner"], row["requests"]) for row in rows] == [("unsigned", "1234567", 3)]


def test_explain_says_what_a_signature_is_worth(signed, write_routes):
    key, _ = new_key(signed)
    routes = write_routes(signed=ROUTE.format(rule="require"))

    def explained(target):
        done = signed.command("explain", target, "--host", "h", "--routes", routes, "--json", check=0)
        told = json.loads(done.stdout)
        (step,) = [step for step in told["steps"] if step["step"] == "signature"]
        return told["outcome"], told["signature"], step["finding"], step["facts"]["keys"]

    assert explained(link(key)) == ("attributed", "valid", "signature-valid", "1")
    assert explained(PATH) == ("unsigned", "absent", "signature-absent", "1")
