"""What a browser sends of a page's form, read from the page itself: what a template leaves out is not sent."""

from html.parser import HTMLParser


class _Form(HTMLParser):
    def __init__(self):
        super().__init__()
        self.fields, self.select, self.text = {}, None, None

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        name, value = found.get("name"), found.get("value")
        if tag == "input" and name and found.get("type") not in {"submit", "button"}:
            if found.get("type") not in {"checkbox", "radio"}:
                self.fields[name] = value or ""
            elif "checked" in found:
                self.fields.setdefault(name, []).append(value or "on")
        elif tag == "select":
            self.select = (name, "multiple" in found)
        elif tag == "option" and self.select and "selected" in found:
            self.fields.setdefault(self.select[0], []).append(value or "")
        elif tag == "textarea":
            self.text = [name, ""]

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.fields[self.text[0]] = self.text[1].removeprefix("\n")
            self.text = None
        elif tag == "select":
            name, multiple = self.select
            if not multiple:
                self.fields.setdefault(name, "")
            self.select = None

    def handle_data(self, data):
        if self.text:
            self.text[1] += data


def as_sent(response):
    """The fields of the one form of an admin page with what they hold; no buttons, no empty rows for new ones."""
    page = response.content.decode()
    form = _Form()
    form.feed(page[page.index('<div id="content"') :])
    return {name: value for name, value in form.fields.items() if "__prefix__" not in name}
