"""The pages' texts, and what of a page is to be read in its language."""

import re
from html.parser import HTMLParser

from running import REPOSITORY

FOLDER = REPOSITORY / "Public" / "back-office"
VOID = {"br", "hr", "img", "input", "link", "meta"}
SPOKEN = {"aria-label", "title", "alt"}
# Behind these another text may begin.
BETWEEN = re.compile(r"\s*[:;,.·×()→/]\s+|\s*[()]\s*")
LONG = 16


def texts(language):
    lines = (FOLDER / f"{language}.txt").read_text("utf-8").splitlines()
    return dict(line.split(" = ", 1) for line in lines if line and not line.startswith("#"))


class Spoken(HTMLParser):
    """All of a page that is in its language: without code, and without what is marked as another language's or nobody's."""

    def __init__(self, page):
        super().__init__()
        self.found, self.open = [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        is_silent = tag in ("pre", "code", "style", "datalist") or attributes.get("translate") == "no"
        if tag != "html":
            is_silent |= "lang" in attributes
        if not self.is_silent and not is_silent:
            self.found += [text for name, text in attributes.items() if name in SPOKEN and text]
        if tag not in VOID:
            self.open.append((tag, self.is_silent or is_silent))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not self.is_silent and data.strip():
            self.found.append(" ".join(data.split()))

    @property
    def is_silent(self):
        return bool(self.open) and self.open[-1][1]


def english_in(page):
    """English texts that a French page shows."""
    english = {text for text in texts("en").values() if any(map(str.isalpha, text))} - set(texts("fr").values())
    long = [re.compile(re.sub(r"\\{\d\\}", ".+", re.escape(text))) for text in english if len(text) >= LONG]
    found = []
    for text in Spoken(page).found:
        found += [piece for piece in [text, *BETWEEN.split(text)] if piece in english]
        found += [pattern.pattern for pattern in long if pattern.search(text)]
    return found


def is_french(text):
    """Whether a refusal is made of French sentences of the texts alone."""
    french = texts("fr")
    subjects = "|".join(re.escape(text) for key, text in french.items() if key.startswith("column-"))
    sentences = "|".join(re.sub(r"\\{\d\\}", ".*", re.escape(text)) for text in french.values())
    one = f"(?:(?:{subjects}) : )?(?:{sentences})"
    return re.fullmatch(f"{one}(?: {one})*", text) is not None
