"""Reads the page of the report: its elements, and its tables cell by cell."""

from __future__ import annotations

import html.parser
from dataclasses import dataclass, field

Attributes = dict[str, str | None]


class Page(html.parser.HTMLParser):
    """Collects the elements of a page and checks that they are closed in order."""

    VOID = frozenset(("meta", "link", "br", "img", "hr", "input", "path", "use", "rect"))

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, Attributes]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def all(self, tag: str) -> list[Attributes]:
        return [attributes for name, attributes in self.elements if name == tag]


@dataclass
class ShownCell:
    """A cell: its class, and its texts, each with the class of the span that it stands in."""

    tag: str
    kind: str
    texts: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class ShownTable:
    """A table in the section of a page, its headings with their classes, and its rows."""

    section: str
    title: str
    note: str = ""
    headings: list[tuple[str, str]] = field(default_factory=list)
    rows: list[list[ShownCell]] = field(default_factory=list)


class Tables(html.parser.HTMLParser):
    """The tables of a page, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: list[ShownTable] = []
        self.section, self.path = "", list[tuple[str, str]]()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in Page.VOID:
            return
        found = dict(attrs)
        kind = found.get("class") or ""
        self.path.append((tag, kind))
        if tag == "section" and found.get("id"):
            self.section = str(found["id"])
        if (tag, kind) == ("section", "table"):
            self.tables.append(ShownTable(self.section, ""))
        elif tag == "tr" and ("tbody", "") in self.path:
            self.tables[-1].rows.append([])
        elif tag == "td" or (tag == "th" and found.get("scope") == "row"):
            self.tables[-1].rows[-1].append(ShownCell(tag, kind))

    def handle_endtag(self, tag: str) -> None:
        if tag not in Page.VOID:
            self.path.pop()

    def handle_data(self, data: str) -> None:
        text = data.strip()
        if not text or ("section", "table") not in self.path:
            return
        tag, kind = self.path[-1]
        table = self.tables[-1]
        if tag == "h3":
            table.title = text
        elif (tag, kind) == ("p", "note"):
            table.note = text
        elif tag == "th" and ("thead", "") in self.path:
            table.headings.append((text, kind))
        elif ("tbody", "") in self.path:
            table.rows[-1][-1].texts.append((text, kind if tag == "span" else ""))
