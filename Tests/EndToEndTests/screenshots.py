"""Writes pictures of all pages, 1280 and 390 pixels wide: those of the back office light and dark, in English and French; those
of the front door and the guide in three languages, of three alphabets, and as they are printed."""

import argparse
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from chromium import DESKTOP, PHONE, Look, Windows, launch
from conftest import Farm
from office import Office, Staff
from playwright.sync_api import sync_playwright
from running import BINARY, REPOSITORY, SAMPLE_PARTNERS, SHIPPED_ROUTES, command
from scene import furnish
from visitor_pages import NAMES, VisitorPages

FILLER = BINARY.parent / "ledgerfiller"
RECORDS, DAYS = 3_000, 120
VISITORS_LANGUAGES = ["fr", "ja", "ru"]


def fill(data):
    """Sample partners, staff, and sign-ups of some months."""
    template = data.parent / "partners"
    template.mkdir()
    command("partner", "import", SAMPLE_PARTNERS, data=template, check=0)
    staff = Staff.make(data, template)
    # The filler's steps are chances: it may end some days late, and no sign-up comes from tomorrow.
    until = (datetime.now(UTC) - timedelta(days=8)).strftime("%Y-%m-%dT%H:%M:%SZ")
    filling = [FILLER, str(RECORDS), str(DAYS), "--data", data, "--routes", SHIPPED_ROUTES, "--until", until]
    subprocess.run(filling, check=True, stderr=subprocess.DEVNULL)
    return staff


def take_visitor_pages(browser, farm, options):
    pages = VisitorPages(farm)
    try:
        for language in VISITORS_LANGUAGES:
            for width in (DESKTOP["width"], PHONE["width"]):
                look = f"{width}-light-{language}"
                if options.looks and look not in options.looks:
                    continue
                for name in NAMES:
                    if options.only and name not in options.only:
                        continue
                    with pages.open(browser, name, Look(width, language=language)) as (window, _):
                        take(window, options.into / f"{name}-{look}.png", is_print=width == DESKTOP["width"])
                print(f"{options.into}: {look}")
    finally:
        pages.close()


def take(window, path, is_print=False):
    page = window.page
    if is_print:
        page.emulate_media(media="print")
        page.pdf(path=path.with_suffix(".pdf"), format="A4")
        page.emulate_media(media="screen")
    page.screenshot(path=path, full_page=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=REPOSITORY / "var/screenshots")
    parser.add_argument("--only", nargs="*", help="names of pages")
    parser.add_argument("--looks", nargs="*", help="such as 390-dark-fr")
    options = parser.parse_args()
    options.into.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="porter-screenshots-"))
    farm = None
    try:
        staff = fill(folder / "data")
        farm = Farm(folder, [], staff.data)
        office = Office(farm, staff=staff)
        scene = furnish(office)
        with sync_playwright() as playwright:
            browser = launch(playwright)
            windows = Windows(browser, f"http://127.0.0.1:{office.port}")
            for width in (DESKTOP["width"], PHONE["width"]):
                for scheme in ("light", "dark"):
                    for language in ("en", "fr"):
                        look = f"{width}-{scheme}-{language}"
                        if options.looks and look not in options.looks:
                            continue
                        for name, (role, _) in scene.pages.items():
                            if options.only and name not in options.only:
                                continue
                            with windows.open(role, Look(width, scheme, language)) as window:
                                scene.open(window.page, name)
                                take(window, options.into / f"{name}-{look}.png", is_print=look == "1280-light-en")
                        print(f"{options.into}: {look}")
            take_visitor_pages(browser, farm, options)
            browser.close()
    finally:
        if farm:
            farm.close()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
