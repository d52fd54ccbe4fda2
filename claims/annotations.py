"""Statements as W3C Web Annotations: a passage of a source, and what is claimed there.

The passage is told twice: as words in what the outlet published, which any tool can look for, and as words and place in
the kept copy, which cannot change.
"""

from collections.abc import Iterable
from typing import Any

from claims.accounts import account
from claims.addresses import absolute, page_of, to
from claims.choices import CueClass
from claims.history import written
from claims.linked import claim_name
from claims.models import Anchor, Statement
from sources.choices import Rights
from sources.models import Source
from sources.selectors import TextPositionSelector, TextQuoteSelector

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
PROFILE = f'application/ld+json; profile="{CONTEXT}"'

type Node = dict[str, Any]


def selectors_of(anchor: Anchor, *, private: bool) -> tuple[TextQuoteSelector, TextPositionSelector]:
    """Both selectors of a passage that was found; of a private copy without the words around."""
    around = ("", "") if private else (anchor.prefix, anchor.suffix)
    return (
        {"type": "TextQuoteSelector", "exact": anchor.exact, "prefix": around[0], "suffix": around[1]},
        {"type": "TextPositionSelector", "start": anchor.start, "end": anchor.end},
    )


def copy_name(statement: Statement) -> str:
    """The name of the kept copy in which a statement was read: its place on the page of its source."""
    return f"{page_of(statement.capture.source)}#copy-{statement.capture.ref}"


def annotation(statement: Statement) -> Node:
    """One annotation, without its context. No query after `for_reading` and `with_words`."""
    capture = statement.capture
    private = capture.rights == Rights.PRIVATE
    state: Node = {"type": "TimeState", "sourceDate": written(capture.captured_at)}
    if capture.archive_url:
        state["cached"] = capture.archive_url
    targets: list[Node] = []
    for anchor in account(statement).anchors:
        words, place = selectors_of(anchor, private=private)
        if capture.source.url:
            targets.append(
                {"type": "SpecificResource", "source": capture.source.url, "state": state, "selector": words}
            )
        targets.append({"type": "SpecificResource", "source": copy_name(statement), "selector": [words, place]})
    denied = f" ({statement.cue})" if statement.cue_class == CueClass.DENY else ""
    made: Node = {
        "id": to("api_annotation", statement.ref),
        "type": "Annotation",
        "motivation": "describing",
        "creator": {"id": absolute("/#site"), "type": "Organization", "name": "Rashomon"},
        "body": [
            {"type": "SpecificResource", "source": claim_name(statement), "purpose": "identifying"},
            {
                "type": "TextualBody",
                "value": f"{statement.speakers_label}{denied}: {statement.content}",
                "format": "text/plain",
                "language": statement.language,
                "purpose": "describing",
            },
        ],
        "target": targets or [copy_name(statement)],
    }
    if statement.published_at:
        made["created"] = written(statement.published_at)
    return made


def collection(source: Source, total: int) -> Node:
    """All annotations of a source, told by their number and the address of the first page."""
    made: Node = {
        "@context": CONTEXT,
        "id": to("api_annotations", source.ref),
        "type": "AnnotationCollection",
        "label": source.title,
        "total": total,
    }
    if total:
        made["first"] = to("api_annotation_page", source.ref)
    return made


def collection_page(source: Source, statements: Iterable[Statement], *, here: str, next_page: str) -> Node:
    """One page of that collection; `here` and `next_page` are addresses, the latter "" on the last page."""
    made: Node = {
        "@context": CONTEXT,
        "id": here,
        "type": "AnnotationPage",
        "partOf": to("api_annotations", source.ref),
        "items": [annotation(statement) for statement in statements],
    }
    return {**made, "next": next_page} if next_page else made
