"""Prometheus' text format as it is read by somebody else than Porter."""

import re

SAMPLE = re.compile(r"(?P<name>[a-zA-Z_][a-zA-Z0-9_]*)(?:\{(?P<labels>.*)\})? (?P<value>\S+)")
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)')


class Metrics:
    """One scrape: values by name and labels, types by family."""

    def __init__(self, text):
        self.text = text
        self.types = {}
        self.values = {}
        assert text.endswith("\n")
        for line in text.splitlines():
            if line.startswith("# TYPE "):
                _, _, name, kind = line.split(" ")
                assert name not in self.types, f"{name} stands twice"
                self.types[name] = kind
            elif not line.startswith("# HELP "):
                self._add(line)

    def _add(self, line):
        match = SAMPLE.fullmatch(line)
        assert match, line
        text = match["labels"] or ""
        labels = LABEL.findall(text)
        assert sum(len(f'{name}="{value}"') for name, value in labels) + max(len(labels) - 1, 0) == len(text), line
        key = (match["name"], frozenset(labels))
        assert key not in self.values, f"{line} stands twice"
        self.values[key] = float(match["value"])

    def __call__(self, name, **labels):
        """The value of one line; None when it is not there."""
        return self.values.get((name, frozenset(labels.items())))

    def by(self, name, *labels):
        """The values of a name that are not zero, by the values of these labels."""
        lines = [(dict(key), value) for (other, key), value in self.values.items() if other == name and value]
        return {tuple(key[label] for label in labels) if len(labels) > 1 else key[labels[0]]: value for key, value in lines}

    @property
    def names(self):
        """Of all lines, those of histograms with their endings."""
        return {name for name, _ in self.values}
