"""What hinders people on a page: axe-core's judgement of every page, and whether pages fit the window."""

import re

import pytest
from chromium import PHONE, Look
from hindrances import violations
from scene import furnish

# What may differ when the same page is looked at in other colours, another width or another language.
LOOK_RULES = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable", "html-has-lang", "label"]

LOOKS = {
    "light-1280-en": Look(),
    "dark-390-fr": Look(width=PHONE["width"], scheme="dark", language="fr"),
    "dark-1280-fr": Look(scheme="dark", language="fr"),
    "light-390-en": Look(width=PHONE["width"]),
}
# The first two looks have all pages; the others those that differ most.
FEW = ["overview", "origins", "log", "record-adjusted", "partner-global", "statement", "subscription", "conflict"]


@pytest.fixture(scope="module")
def scene(office):
    return furnish(office)


@pytest.mark.parametrize("look", LOOKS)
def test_no_page_hinders_anybody(scene, windows, look):
    has_all, rules = look in list(LOOKS)[:2], None if look == next(iter(LOOKS)) else LOOK_RULES
    found = []
    by_role = {}
    for name, (role, _) in scene.pages.items():
        if has_all or name in FEW:
            by_role.setdefault(role, []).append(name)
    for role, pages in by_role.items():
        with windows.open(role, LOOKS[look]) as window:
            for name in pages:
                page = window.page
                scene.open(page, name)
                assert page.locator("html").get_attribute("lang") == LOOKS[look].language
                if window.overhang > 0:
                    found.append(f"{name}: the page is {window.overhang} pixels wider than the window")
                # A table's rows are alike, and each takes its time.
                page.evaluate("document.querySelectorAll('tbody tr:nth-child(n+13)').forEach(row => row.remove())")
                found += [f"{name}: {violation}" for violation in violations(page, rules)]
    assert not found, "\n".join(found)


def test_every_link_leads_to_a_page_that_is_on_the_list(scene, windows):
    """A page that is added is also looked at: whatever a link leads to is of a kind that the list has."""

    def kind(target):
        path = re.sub(r"(?<=^/subscriptions)/[^/]+", "/*", target.split("?")[0].split("#")[0])
        return re.sub(r"/(\d+|[0-9A-HJKMNP-TV-Z]{26})(?=/|$)", "/*", path)

    listed = {kind(target) for _, target in scene.pages.values()} | {"/", "/language"}
    seen, waiting = set(), ["/overview"]
    with windows.open("admin") as window:
        while waiting:
            target = waiting.pop()
            if kind(target) in seen or kind(target).startswith(("/api/", "/language")):
                continue
            seen.add(kind(target))
            page = window.open(target)
            waiting += page.locator("a[href^='/']").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert seen <= listed, seen - listed
    assert len(seen) > 10


def test_what_hinders_is_found(windows):
    """These tests can fail."""
    with windows.open(look=Look(width=PHONE["width"])) as window:
        page = window.open("/sign-in")
        assert not violations(page)
        page.evaluate("document.querySelector('label').outerHTML = '<input>'")
        page.evaluate("document.documentElement.removeAttribute('lang')")
        told = "\n".join(violations(page))
        assert "html-has-lang" in told
        assert "label" in told
        assert window.overhang == 0
        page.evaluate("document.querySelector('h1').style.width = '500px'")
        assert window.overhang > 0
