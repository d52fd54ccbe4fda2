"""A page as a tree, so that a test can say where words stand. A tag left open or closed twice fails the test."""

from html.parser import HTMLParser
from xml.etree import ElementTree as ET

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class _Builder(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.builder, self.open = ET.TreeBuilder(), []

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice: {names}"
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self.builder.end(tag)
        else:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> closes another tag"
        self.builder.end(tag)

    def handle_data(self, data):
        if self.open:
            self.builder.data(data)


def tree(response) -> ET.Element:
    """The whole page of a response (or of HTML text)."""
    parser = _Builder()
    parser.feed(response if isinstance(response, str) else response.content.decode())
    parser.close()
    assert parser.open == []
    return parser.builder.close()


def text(element) -> str:
    """What a reader reads in an element, every run of white space as one space."""
    return " ".join("".join(element.itertext()).split())


def texts(elements) -> list[str]:
    return [text(element) for element in elements]


def by_class(element, name: str) -> list[ET.Element]:
    """Elements with this class among theirs, in the order of the page."""
    return [found for found in element.iter() if name in found.get("class", "").split()]


def one(elements) -> ET.Element:
    """The only element there is."""
    found = list(elements)
    assert len(found) == 1, [ET.tostring(each, encoding="unicode")[:200] for each in found]
    return found[0]


def main(response) -> ET.Element:
    """The part of a page that is its own."""
    return one(tree(response).iter("main"))


def links(element) -> list[str]:
    return [a.get("href") for a in element.iter("a")]


def facts(element) -> dict[str, str]:
    """Every dt of an element → its dd, as read."""
    found = {}
    for pair in element.iter("div"):
        terms = pair.findall("dt")
        if terms:
            found[text(one(terms))] = " / ".join(texts(pair.findall("dd")))
    return found
