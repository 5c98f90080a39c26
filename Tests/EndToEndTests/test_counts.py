"""What `porter counts` takes for a time zone, and how its tables look to a spreadsheet."""

import pytest
from running import counts
from wire import ask


@pytest.mark.parametrize("zone", ["GMT+05:07", "GMT+5", "UTC-03:00", "+05:30", "Mars/Olympus"])
def test_a_time_zone_is_a_name_of_the_tz_database(shared, zone):
    done = shared.command("counts", "--by", "hour", f"--timezone={zone}", check=2)
    assert done.stderr.startswith("error: --timezone is ")
    assert "Europe/Paris" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("zone", ["UTC", "GMT", "Europe/Paris", "Africa/Monrovia", "Asia/Kathmandu", "Etc/GMT+5", "US/Eastern"])
def test_real_zones_are_taken(shared, zone):
    ask(shared, "/enterprisebuy.html?Partner=1234567")
    (*_, last) = counts(shared.data, "--by", "hour", "--timezone", zone)
    assert last["requests"] >= 1


def test_a_campaign_can_be_no_formula_where_semicolons_separate(farm, write_routes):
    text = (
        "name: open\n"
        "match: { paths: [/open] }\n"
        "campaign: { parameters: [c], pattern: '.*' }\n"
        "destination: { url: https://signup.example.com/ }\n"
    )
    porter = farm.start(routes=write_routes(open=text))
    agent = "User-Agent: Mozilla/5.0 (compatible;=1+1)"
    assert ask(porter, "/open?c=x;%3D1%2B1;%22%40SUM(A1)", fields=[agent]).status == 302
    assert porter.command("counts", "--by", "campaign", "--csv", check=0).stdout.splitlines() == [
        "campaign,requests,visits,unique,attributed",
        '"x;\'=1+1;\'""@SUM(A1)",1,1,1,0',
    ]
    exported = porter.command("log", "export", "--format", "csv", check=0).stdout
    assert "(compatible;'=1+1)" in exported
