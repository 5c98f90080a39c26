"""The pages that visitors, customers and partners see, in every language, in a real browser: nothing is cut, nothing is in the
wrong one."""

import subprocess

import pytest
from chromium import LOCALES, PHONE, Look
from hindrances import overflows, violations
from visitor_pages import CUSTOMERS, FRONT_DOOR, GUIDE, NAMES, TEXTS, VisitorPages, texts
from wire import ask

# What A4 is wide between the guide's margins, in CSS pixels: (210 - 2 * 16) mm.
PAPER = {"width": 672, "height": 1_000}
# The sentence that the middle of each page is.
SENTENCES = {"not-found": "not-found", "rejected": "unknown", "unavailable": "unavailable"}
# The culture in the URL, what the browser accepts, and the language of the page for whoever is rejected.
WISHES = [
    (None, "nl, fr;q=0.5", "fr"),
    (None, "fr;q=0.5, nl, de;q=0.8", "de"),
    (None, "fr;q=0, nl, it;q=0.1", "it"),
    (None, "nl, fr;q=0", "en"),
    ("nl-NL", "de", "de"),
    ("nl-NL", "nl, ko;q=0.3", "ko"),
    ("it-IT", "de", "it"),
]
# Few pages differ by language in more than their words: axe-core looks at these in each, and at all of them in one.
JUDGED = ["rejected", "customer-found", "customer-refused", GUIDE]


@pytest.fixture(scope="module")
def pages(shared_farm):
    pages = VisitorPages(shared_farm)
    yield pages
    pages.close()


@pytest.mark.parametrize("folder", ["errors", "kit", "subscription"])
def test_every_file_of_texts_is_looked_at(folder):
    assert {path.stem for path in (TEXTS / folder).glob("*.txt")} == set(LOCALES)


@pytest.mark.parametrize("language", LOCALES)
def test_pages_fit_and_are_in_their_language(chromium, pages, language):
    found = []
    # By plain HTTP/1.1 on a telephone at night, and by HTTP/2 on a desk.
    for look, scheme in [(Look(PHONE["width"], "dark", language), "http"), (Look(language=language), "https")]:
        for name in NAMES:
            with pages.open(chromium, name, look, scheme) as (window, head):
                page = window.page
                found += [f"{name} at {look.width}: {what}" for what in overflows(page)]
                if (name in JUDGED and look.scheme == "dark") or language == "en":
                    found += [f"{name} at {look.width}: {what}" for what in violations(page)]
                if look.width != PHONE["width"]:
                    page.emulate_media(media="print")
                    page.set_viewport_size(PAPER)
                    found += [f"{name} on paper: {what}" for what in overflows(page)]
                assert page.locator("html").get_attribute("lang") == language
                if name == GUIDE:
                    assert page.inner_text("h1") == texts("kit", language)["title"]
                    continue
                assert head["content-language"] == language
                if name in CUSTOMERS:
                    said = texts("subscription", language)
                    assert page.inner_text("h1") == said[CUSTOMERS[name][0]]
                    done = [text.strip() for text in page.locator(".message.done").all_inner_texts()]
                    assert done == ([said["saved"]] if name == "customer-saved" else [])
                    continue
                said = texts("errors", language)
                is_signup = name == "rejected"
                assert page.inner_text("h1") == said["title" if is_signup else "title-other"]
                shown = page.inner_text("main")
                assert said[SENTENCES[name]] in shown
                # Whoever is to try again in a moment is not sent elsewhere.
                advice = {"rejected": ["advice"], "not-found": ["advice-other"], "unavailable": []}[name]
                assert [key for key in ("advice", "advice-other") if said[key] in shown] == advice
                assert ("porter-receipt" in head) == is_signup
                if is_signup:
                    assert f"{said['receipt']} {head['porter-receipt']}" in shown
    assert not found, "\n".join(found)


def test_what_does_not_fit_is_found(chromium, pages):
    """These tests can fail."""
    with pages.open(chromium, "rejected", Look(PHONE["width"])) as (window, _):
        assert overflows(window.page) == []
        window.page.evaluate("document.querySelector('main p').style.whiteSpace = 'nowrap'")
        found = overflows(window.page)
        assert "too wide" in found[0]
        assert found[1].startswith("P: ")


@pytest.mark.parametrize("name", [*FRONT_DOOR, "customer", "customer-lost"])
def test_a_browser_of_another_language_reads_english(chromium, pages, name):
    with pages.open(chromium, name, Look(language="sv-SE")) as (window, head):
        assert head["content-language"] == "en"
        assert window.page.locator("html").get_attribute("lang") == "en"


@pytest.mark.parametrize("version", ["--http1.1", "--http2"])
@pytest.mark.parametrize("name", ["not-found", "rejected"])
def test_a_page_is_in_the_next_language_when_there_is_none_in_the_first(pages, name, version):
    target = f"https://127.0.0.1:{pages.porter.https_port}{FRONT_DOOR[name][0]}"
    for accepted, language in [("nl, fr;q=0.5", "fr"), ("nl, fr;q=0.5, de;q=0.7", "de")]:
        curl = ["curl", "--silent", "--insecure", version, "--include", "--header", f"Accept-Language: {accepted}", target]
        head, _, page = subprocess.run(curl, capture_output=True, text=True, check=True).stdout.partition("\n\n")
        assert f"content-language: {language}" in head.lower()
        assert f'<html lang="{language}">' in page


def test_the_culture_in_the_url_goes_before_what_the_browser_accepts(pages):
    target, status = FRONT_DOOR["rejected"]
    for culture, accepted, language in WISHES:
        named = f"&culture={culture}" if culture else ""
        answer = ask(pages.porter, target + named, fields=[f"Accept-Language: {accepted}"])
        assert (answer.status, answer["Content-Language"]) == (status, language), (culture, accepted)
        # The record's culture is another matter: what the visitor wants of the provider.
        record = pages.porter.record(answer.receipt)
        assert record["culture"] == (culture or "nl-NL"), (culture, accepted)


def test_nobody_reads_a_language_that_the_browser_refuses(pages):
    target, status = FRONT_DOOR["not-found"]
    for accepted, language in [("nl, fr;q=0", "en"), ("fr;q=0, nl, it;q=0.1", "it")]:
        answer = ask(pages.porter, target, fields=[f"Accept-Language: {accepted}"])
        assert (answer.status, answer["Content-Language"]) == (status, language), accepted
