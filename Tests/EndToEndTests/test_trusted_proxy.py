"""Who the client is: the connection's address, unless a trusted proxy says otherwise."""

import pytest
from wire import ask

TARGET = "/enterprisebuy.html?Partner=1234567"
FORWARDED = ["X-Forwarded-For: 203.0.113.7, 198.51.100.9", "X-Forwarded-Proto: https"]


@pytest.fixture(scope="module")
def trusting(shared_farm):
    return shared_farm.start("--trusted-proxy", "127.0.0.0/8", "--trusted-proxy", "198.51.100.0/24", "--record-ip", "full")


def test_a_stranger_is_not_believed(farm):
    porter = farm.start("--trusted-proxy", "10.0.0.0/8", "--record-ip", "full")
    record = porter.record(ask(porter, TARGET, "http", fields=FORWARDED).receipt)
    assert (record["ip"], record["scheme"]) == ("127.0.0.1", "http")


def test_a_trusted_proxy_is_believed(trusting):
    record = trusting.record(ask(trusting, TARGET, "http", fields=FORWARDED).receipt)
    # The last address that is no trusted proxy's.
    assert (record["ip"], record["scheme"]) == ("203.0.113.7", "https")


def test_what_stands_before_an_untrusted_address_is_not_believed(trusting):
    fields = ["X-Forwarded-For: 1.2.3.4, 203.0.113.7"]
    assert trusting.record(ask(trusting, TARGET, "http", fields=fields).receipt)["ip"] == "203.0.113.7"


@pytest.mark.parametrize("value", ["nonsense", "", "203.0.113.7, nonsense", "1.2.3.4.5", ",,,", "a" * 1_000])
def test_a_nonsensical_address_is_not_taken(trusting, value):
    record = trusting.record(ask(trusting, TARGET, "http", fields=[f"X-Forwarded-For: {value}"]).receipt)
    assert record.get("ip") in ("127.0.0.1", None)


def test_several_fields_are_one_list(trusting):
    fields = ["X-Forwarded-For: 1.2.3.4", "X-Forwarded-For: 203.0.113.7, 198.51.100.9"]
    assert trusting.record(ask(trusting, TARGET, "http", fields=fields).receipt)["ip"] == "203.0.113.7"


@pytest.mark.parametrize(("address", "truncated"), [("203.0.113.77", "203.0.113.0"), ("2001:db8:1:2:3::4", "2001:db8:1::")])
def test_addresses_are_cut_by_default(farm, address, truncated):
    porter = farm.start("--trusted-proxy", "127.0.0.1")
    record = porter.record(ask(porter, TARGET, "http", fields=[f"X-Forwarded-For: {address}"]).receipt)
    assert record["ip"].split("/")[0] == truncated


def test_visitors_behind_one_proxy_are_told_apart(trusting):
    browser = "User-Agent: Mozilla/5.0 (proxied)"

    def repeat(address):
        answer = ask(trusting, "/smallbizbuy.html?Partner=1234567", "http", fields=[browser, f"X-Forwarded-For: {address}"])
        return trusting.record(answer.receipt)["repeat"]

    assert [repeat("203.0.113.1"), repeat("192.0.2.1"), repeat("203.0.113.1")] == [0, 0, 1]
