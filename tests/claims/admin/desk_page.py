"""A page of the desk as a tree; Django's own templates are not as strict as ours, so tests/markup.py cannot read it."""

from lxml import html


def desk_tree(response):
    return html.fromstring(response.content.decode(), parser=html.HTMLParser(remove_comments=True))
