"""Records as JSON-LD: schema.org where it has a word, our own vocabulary (claims/vocabulary.py) where it has none.

No address in it depends on who asks or in which language, since addresses are the names of things. No verdict is in it:
the site has none, so there is no ClaimReview.
"""

import json
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.utils import translation

from claims.accounts import printed, quotes_of
from claims.addresses import absolute, page_of
from claims.choices import (
    AssertedBy,
    CueClass,
    Finding,
    Mechanism,
    Mode,
    Pattern,
    Polarity,
    Rank,
    Resolution,
    ScopeAnswer,
    SpeakerKind,
    Stance,
)
from claims.models import Contradiction, Position, Question, Speaker, Statement, Topic
from claims.models.contradictions import SCOPE
from claims.vocabulary import anchor, namespace
from sources import edtf
from sources.choices import OutletKind, SourceKind
from sources.models import Outlet, Source

type Node = dict[str, Any]

_SPEAKERS = {
    SpeakerKind.PERSON: "Person",
    SpeakerKind.GOVERNMENT: "GovernmentOrganization",
    SpeakerKind.OUTLET: "NewsMediaOrganization",
}
_OUTLETS = {
    OutletKind.NEWS: "NewsMediaOrganization",
    OutletKind.BROADCASTER: "NewsMediaOrganization",
    OutletKind.GOVERNMENT: "GovernmentOrganization",
}
_SOURCES = {
    SourceKind.ARTICLE: "NewsArticle",
    SourceKind.INTERVIEW: "NewsArticle",
    SourceKind.POST: "SocialMediaPosting",
}
# Escaped as in Django's json_script, so that nothing in a record ends the element that it stands in.
_IN_HTML = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def for_html(data: Any) -> str:
    """JSON that can stand inside a script element."""
    return json.dumps(data, ensure_ascii=False).translate(_IN_HTML)


def graph_of(record: Statement | Contradiction | Speaker | Topic) -> Node:
    """The record with what it names, as one document. No query for what its page has fetched."""
    with translation.override(settings.LANGUAGE_CODE):
        if isinstance(record, Statement):
            nodes = _statement(record, record.positions.all())
        elif isinstance(record, Contradiction):
            nodes = _pair(record)
        elif isinstance(record, Speaker):
            nodes = [_speaker_with_names(record)]
        else:
            nodes = [_topic(record)]
    return {"@context": ["https://schema.org", {"rashomon": namespace()}], "@graph": _once(nodes)}


def _once(nodes: list[Node]) -> list[Node]:
    """Each named node a single time; both accounts of a pair may stand in one source. Of two the fuller one stays."""
    found: dict[str, Node] = {}
    for number, node in enumerate(nodes):
        key = node.get("@id", str(number))
        found[key] = max(found.get(key, {}), node, key=len)
    return list(found.values())


def _term(kind: type[TextChoices], value: str) -> Node:
    return {"@id": f"rashomon:{anchor(kind, value)}"}


def claim_name(statement: Statement) -> str:
    """The name of what is claimed; the page about it has the same address without the mark."""
    return f"{page_of(statement)}#claim"


def _named(record: Any, mark: str) -> str:
    return f"{page_of(record)}#{mark}"


def _site() -> Node:
    return {"@type": "Organization", "@id": absolute("/#site"), "name": "Rashomon", "url": absolute("/")}


# Speakers.


def speaker_name(speaker: Speaker) -> str:
    return _named(speaker, "speaker")


def _speaker(speaker: Speaker) -> Node:
    """A speaker as a node. An unnamed one has no name to be told apart by: two sources may mean two people."""
    if speaker.kind == SpeakerKind.UNNAMED:
        return {"@type": "rashomon:UnnamedSpeaker", "name": speaker.name}
    node = {
        "@type": _SPEAKERS.get(SpeakerKind(speaker.kind), "Organization"),
        "@id": speaker_name(speaker),
        "name": speaker.name,
        "url": page_of(speaker),
    }
    if speaker.wikidata:
        node["sameAs"] = f"https://www.wikidata.org/entity/{speaker.wikidata}"
    return node


def _speaker_with_names(speaker: Speaker) -> Node:
    node = _speaker(speaker)
    if names := [name.text for name in speaker.names.all()]:
        node["alternateName"] = names
    if speaker.description:
        node["description"] = speaker.description
    if speaker.parent and speaker.kind != SpeakerKind.UNNAMED:
        whole = "memberOf" if speaker.kind == SpeakerKind.PERSON else "parentOrganization"
        node[whole] = _speaker(speaker.parent)
    return node


def _in_role(statement: Statement) -> Node:
    """The speaker as the source presents them here: with the role that it gives and the body they speak for."""
    node = _speaker(statement.speaker)
    body = statement.on_behalf_of
    if "@id" not in node or not (body or statement.role_text) or body == statement.speaker:
        return node
    role: Node = {"@type": "OrganizationRole"}
    if statement.role_text:
        role["roleName"] = statement.role_text
    if body:
        role["memberOf"] = _speaker(body)
    return {**node, "memberOf": role}


# Statements.


def _statement(statement: Statement, positions: Any = ()) -> list[Node]:
    """The claim, each verified quotation, who speaks, and the source in which it all appears."""
    source = statement.capture.source
    speakers = [_in_role(statement), *(_speaker(further) for further in statement.further_speakers.all())]
    theirs = statement.rank != Rank.MISATTRIBUTED
    named = [{"@id": node["@id"]} for node in speakers if "@id" in node] if theirs else []
    claim = _claim(statement, positions)
    if named:
        claim["author"] = named
    if theirs and (credit := [node["name"] for node in speakers if "@id" not in node]):
        claim["creditText"] = " and ".join(credit)
        claim["rashomon:speaker"] = [node for node in speakers if "@id" not in node]
    quotations = [
        {
            "@type": "Quotation",
            "@id": f"{page_of(statement)}#quotation-{number}",
            "text": words,
            "inLanguage": statement.language,
            "isPartOf": {"@id": _named(source, "source")},
            **({"spokenByCharacter": named} if named else {}),
        }
        for number, words in enumerate(quotes_of(statement), start=1)
    ]
    return [claim, *quotations, *(node for node in speakers if "@id" in node), _source(source), _site()]


def _claim(statement: Statement, positions: Any) -> Node:
    words = printed(statement)
    if statement.cue_class == CueClass.DENY:  # Else a denial reads as an assertion to whoever knows schema.org alone.
        words = f"{statement.speakers_label} ({statement.cue}): {words}"
    claim: Node = {
        "@type": ["Claim", "rashomon:Statement"],
        "@id": claim_name(statement),
        "identifier": statement.ref,
        "url": page_of(statement),
        "text": words,
        "inLanguage": statement.language,
        "appearance": {"@id": _named(statement.capture.source, "source")},
        "claimInterpreter": {"@id": absolute("/#site")},
        "rashomon:content": {"@value": statement.content, "@language": statement.language},
        "rashomon:mode": _term(Mode, statement.mode),
        "rashomon:cue_class": _term(CueClass, statement.cue_class),
        "rashomon:polarity": _term(Polarity, statement.polarity),
        "rashomon:rank": _term(Rank, statement.rank),
    }
    if statement.cue:
        claim["rashomon:cue"] = {"@value": statement.cue, "@language": statement.capture.source.language}
    if said := edtf.write(statement.said):
        claim["rashomon:said"] = said
        if statement.precision in {"day", "month", "year"} and not statement.approximate:
            claim["dateCreated"] = said
    if answers := [_position(position) for position in positions]:
        claim["rashomon:position"] = answers
    return claim


def _position(position: Position) -> Node:
    node: Node = {
        "@type": "rashomon:Position",
        "rashomon:question": _question(position.question),
        "rashomon:stance": _term(Stance, position.stance),
    }
    return {**node, "rashomon:gist": position.gist} if position.gist else node


def _question(question: Question) -> Node:
    return {"@type": ["Question", "rashomon:Question"], "@id": page_of(question), "name": question.text}


def _source(source: Source) -> Node:
    node: Node = {
        "@type": _SOURCES.get(SourceKind(source.kind), "CreativeWork"),
        "@id": _named(source, "source"),
        "headline": source.title,
        "inLanguage": source.language,
        "publisher": _outlet(source.outlet),
    }
    if source.url:
        node["url"] = source.url
    if source.byline:
        node["creditText"] = source.byline
    if source.precision in {"day", "month", "year"} and not source.approximate:
        node["datePublished"] = edtf.write(source.published)
    return node


def _outlet(outlet: Outlet) -> Node:
    return {"@type": _OUTLETS.get(OutletKind(outlet.kind), "Organization"), "name": outlet.name}


# Pairs and topics.


def _pair(pair: Contradiction) -> list[Node]:
    node: Node = {
        "@type": "rashomon:Contradiction",
        "@id": _named(pair, "pair"),
        "identifier": pair.ref,
        "url": page_of(pair),
        "rashomon:question": _question(pair.question),
        "rashomon:first": {"@id": claim_name(pair.first)},
        "rashomon:second": {"@id": claim_name(pair.second)},
        "rashomon:finding": _term(Finding, pair.finding),
        "rashomon:pattern": _term(Pattern, pair.pattern),
        "rashomon:mechanisms": [_term(Mechanism, each) for each in pair.mechanisms],
        **{f"rashomon:{name}": _term(ScopeAnswer, getattr(pair, name)) for name in SCOPE},
        "rashomon:asserted_by": _term(AssertedBy, pair.asserted_by),
        "rashomon:resolution": _term(Resolution, pair.resolution),
    }
    for side in ("first", "second"):
        if words := getattr(pair, f"{side}_words"):
            node[f"rashomon:{side}_words"] = {"@value": words, "@language": getattr(pair, side).language}
    if pair.explanation:
        node["rashomon:explanation"] = {"@value": pair.explanation, "@language": "en"}
    return [node, *_statement(pair.first), *_statement(pair.second)]


def _topic(topic: Topic) -> Node:
    node = {
        "@type": ["CreativeWork", "rashomon:Topic"],
        "@id": _named(topic, "topic"),
        "name": topic.title,
        "url": page_of(topic),
    }
    return {**node, "abstract": topic.summary} if topic.summary else node
