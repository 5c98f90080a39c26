"""The link to the operator's privacy page, on every page that the front door has."""

import html
import re

import pytest
from route_files import route
from running import command
from wire import ask, ask_raw

URL = "https://www.example.com/privacy?of=visitors&in='all'#signups"
WORDS = {
    "en-US": "Privacy",
    "de-DE": "Datenschutz",
    "es-ES": "Privacidad",
    "fr-FR": "Confidentialité",
    "it-IT": "Privacy",
    "ja-JP": "プライバシー",
    "ko-KR": "개인정보 보호",
    "pl-PL": "Prywatność",
    "pt-BR": "Privacidade",
    "ru-RU": "Конфиденциальность",
    "zh-CN": "隐私",
    "zh-TW": "隱私權",
}


def links(answer):
    found = re.findall(r'<a href="([^"]*)">([^<]*)</a>', answer.body.decode("utf-8"))
    return [(html.unescape(target), text) for target, text in found]


@pytest.fixture
def routes(write_routes):
    return write_routes(strict=route("strict", otherwise="reject"), open=route("open"))


@pytest.fixture(params=["option", "variable", "file"])
def linking(request, farm, routes):
    """A server that is told of the page in each way there is."""
    if request.param == "option":
        return farm.start("--privacy-url", URL, routes=routes)
    if request.param == "variable":
        return farm.start(routes=routes, env={"PORTER_PRIVACY_URL": URL})
    porter = farm.make(routes=routes)
    (porter.folder / "porter.yaml").write_text(f'privacy-url: "{URL}"\n')
    return porter.start()


def test_every_page_has_it(linking):
    pages = {
        404: ask(linking, "/nowhere"),
        405: ask(linking, "/strict", method="DELETE"),
        414: ask(linking, "/" + "a" * 10_000),
        400: ask(linking, "/strict?Partner=xxxxx"),
        403: ask(linking, "/strict?Partner=9999999"),
    }
    for status, answer in pages.items():
        assert answer.status == status
        assert links(answer) == [(URL, "Privacy")], status
    broken = ask_raw(linking, b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
    assert (broken.status, links(broken)) == (400, [(URL, "Privacy")])


def test_it_is_in_the_visitor_s_language(farm, routes):
    porter = farm.start("--privacy-url", URL, routes=routes)
    for culture, text in WORDS.items():
        assert links(ask(porter, f"/strict?culture={culture}")) == [(URL, text)], culture


def test_redirects_and_own_paths_have_nothing_of_it(farm, routes):
    porter = farm.start("--privacy-url", URL, routes=routes)
    assert ask(porter, "/open?Partner=1234567").body == b""
    assert b"privacy" not in ask(porter, "/robots.txt").body


def test_without_the_option_no_page_has_a_link(farm, routes):
    porter = farm.start(routes=routes)
    for target in ("/nowhere", "/strict"):
        body = ask(porter, target).body
        assert b"<a" not in body
        assert b"{{" not in body


def test_a_page_of_the_operator_s_that_has_no_place_for_it_is_told_at_the_start(routes, tmp_path):
    errors = tmp_path / "public" / "errors"
    errors.mkdir(parents=True)
    (errors / "page.html").write_text("<h1>{{title}}</h1>")
    data = tmp_path / "data"
    data.mkdir()
    options = ["--public", errors.parent, "--privacy-url", URL, "--routes", routes]
    done = command("serve", *options, data=data, cwd=tmp_path, check=2)
    assert "page.html has no place for {{privacy}}" in done.stderr
