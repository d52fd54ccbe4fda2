"""Statements as the API writes them: the public columns under the names of docs/data-format.md, and where to go on.

Whatever has words of another record in it starts from what the view's queryset let through.
"""

from typing import Any, NotRequired, TypedDict

from rest_framework import serializers

from claims.accounts import account
from claims.addresses import page_of, to
from claims.annotations import selectors_of
from claims.api.shapes import Changed, Named, ReadOnly, Ref, Slug, named, referred
from claims.choices import AnchorPart, RelayCertainty
from claims.history import written
from claims.models import Position, Question, Reply, Statement, Translation
from sources import edtf
from sources.choices import Rights, SourceState, Tier
from sources.selectors import TextPositionSelector, TextQuoteSelector


class AnchorData(TypedDict):
    """Where words stand in the kept copy: code points, half-open; and the same as W3C selectors."""

    part: str
    order: int
    start: int
    end: int
    exact: str
    prefix: str
    suffix: str
    tier: str
    selector: list[TextQuoteSelector | TextPositionSelector]


class SourceBrief(TypedDict):
    """The source and the kept copy in which a statement was read."""

    ref: str
    title: str
    language: str
    outlet: Slug
    published: str
    state: str
    url: str
    capture: str
    sha256: str
    captured_at: str
    rights: str
    api: str
    html: str


class OccasionBrief(TypedDict):
    """Where it was said."""

    ref: str
    kind: str
    name: str
    place: str


class StatementLinks(TypedDict):
    """Where to go on; `passage` scrolls to the words in the outlet's own page, where its address is known."""

    self: str
    html: str
    annotation: str
    linked: str
    passage: NotRequired[str]


def anchors_of(statement: Statement) -> list[AnchorData]:
    """The passages that were found; of a private copy only the words themselves."""
    private = statement.capture.rights == Rights.PRIVATE
    shown = [AnchorPart.CONTENT, AnchorPart.QUOTE] if private else AnchorPart.values
    found: list[AnchorData] = []
    for anchor in statement.anchors.all():
        if anchor.part not in shown or anchor.tier not in Tier.found():
            continue
        words, place = selectors_of(anchor, private=private)
        found.append(
            {
                "part": anchor.part,
                "order": anchor.order,
                "start": anchor.start,
                "end": anchor.end,
                "exact": anchor.exact,
                "prefix": words["prefix"],
                "suffix": words["suffix"],
                "tier": anchor.tier,
                "selector": [words, place],
            }
        )
    return found


class AccountData(ReadOnly[Statement]):
    """One statement as a pair has it."""

    speaker = serializers.SerializerMethodField(help_text="Who said it, according to the source.")
    further_speakers = serializers.SerializerMethodField(help_text="For a joint statement: who else makes it.")
    on_behalf_of = serializers.SerializerMethodField(help_text="The body the speaker speaks for.")
    addressee = serializers.SerializerMethodField(help_text="The outlet it was told to.")
    occasion = serializers.SerializerMethodField(help_text="Where it was said.")
    source = serializers.SerializerMethodField()  # type: ignore[assignment]
    said = serializers.SerializerMethodField(help_text="When it was said, as EDTF; empty if not known.")
    anchors = serializers.SerializerMethodField(help_text="Where the words stand in the kept copy.")
    corrected = serializers.SerializerMethodField(help_text="What was changed since readers first saw it.")
    links = serializers.SerializerMethodField()

    class Meta:
        model = Statement
        fields = [
            *("ref", "version", "published_at", "without_second_reader", "content", "language", "mode", "cue"),
            *("cue_class", "polarity", "speaker", "further_speakers", "attributed_as", "role_text", "determinacy"),
            *("on_behalf_of", "addressee", "addressee_text", "occasion", "kind", "sourcing", "plural_claimed"),
            *("anonymity_reason", "interpreted", "said", "said_from", "said_to", "precision", "approximate"),
            *("undated", "date_words", "date_basis", "date_note", "rank", "rank_note", "allegation", "reply_state"),
            *("reply_sought_on", "reply_sought_how", "reply_note", "source", "anchors", "corrected", "links"),
        ]
        read_only_fields = fields

    def get_speaker(self, statement: Statement) -> Named:
        return named(statement.speaker)

    def get_further_speakers(self, statement: Statement) -> list[Named]:
        return [named(speaker) for speaker in statement.further_speakers.all()]

    def get_on_behalf_of(self, statement: Statement) -> Named | None:
        return named(statement.on_behalf_of) if statement.on_behalf_of else None

    def get_addressee(self, statement: Statement) -> Slug | None:
        outlet = statement.addressee
        return {"slug": outlet.slug, "name": outlet.name} if outlet else None

    def get_occasion(self, statement: Statement) -> OccasionBrief | None:
        met = statement.occasion
        return {"ref": met.ref, "kind": met.kind, "name": met.name, "place": met.place} if met else None

    def get_source(self, statement: Statement) -> SourceBrief:
        capture, source = statement.capture, statement.capture.source
        return {
            "ref": source.ref,
            "title": source.title,
            "language": source.language,
            "outlet": {"slug": source.outlet.slug, "name": source.outlet.name},
            "published": edtf.write(source.published),
            "state": SourceState(source.state).value,
            "url": source.url,
            "capture": capture.ref,
            "sha256": capture.sha256,
            "captured_at": written(capture.captured_at),
            "rights": Rights(capture.rights).value,
            "api": to("api_source", source.ref),
            "html": page_of(source),
        }

    def get_said(self, statement: Statement) -> str:
        return edtf.write(statement.said)

    def get_anchors(self, statement: Statement) -> list[AnchorData]:
        return anchors_of(statement)

    def get_corrected(self, statement: Statement) -> list[Changed]:
        return list(statement.corrected)  # type: ignore[attr-defined]

    def get_links(self, statement: Statement) -> StatementLinks:
        links: StatementLinks = {
            "self": to("api_statement", statement.ref),
            "html": page_of(statement),
            "annotation": to("api_annotation", statement.ref),
            "linked": to("linked_statement", statement.ref),
        }
        if passage := account(statement).deep_link:
            links["passage"] = passage
        return links


class QuestionBrief(TypedDict):
    """A question, by its short name and that of its topic."""

    topic: str
    slug: str
    text: str
    api: str
    html: str


def asked(question: Question) -> QuestionBrief:
    return {
        "topic": question.topic.slug,
        "slug": question.slug,
        "text": question.text,
        "api": to("api_question", question.topic.slug, question.slug),
        "html": page_of(question),
    }


class PositionData(ReadOnly[Position]):
    """What a statement answers to a question."""

    question = serializers.SerializerMethodField()

    class Meta:
        model = Position
        fields = ["question", "stance", "words", "gist", "value", "number", "unit"]
        read_only_fields = fields

    def get_question(self, position: Position) -> QuestionBrief:
        return asked(position.question)


class TranslationData(ReadOnly[Translation]):
    """A statement's content in another language."""

    class Meta:
        model = Translation
        fields = ["language", "text", "by"]
        read_only_fields = fields


class ReplyData(ReadOnly[Reply]):
    """What somebody answered to a statement about them, in their own words."""

    class Meta:
        model = Reply
        fields = ["ref", "party", "text", "language", "received_on", "url"]
        read_only_fields = fields


class NoteData(serializers.Serializer[Any]):
    """What a reader must know beside a record, with where it can be checked."""

    ref = serializers.CharField(read_only=True)
    text = serializers.CharField(read_only=True)
    url = serializers.CharField(read_only=True)


def topics_of(statement: Statement) -> list[Named]:
    return [
        {"slug": topic.slug, "name": topic.title, "api": to("api_topic", topic.slug), "html": page_of(topic)}
        for topic in statement.topics.all()
    ]


class StatementData(AccountData):
    """One attribution found in one source, with everything that hangs on it."""

    relays = serializers.SerializerMethodField(help_text="Whose words the speaker passes on.")
    relay_certainty = serializers.ChoiceField(choices=[("", "No other's words"), *RelayCertainty.choices])
    topics = serializers.SerializerMethodField(help_text="The stories it belongs to.")
    positions = PositionData(many=True, help_text="What it answers.")
    translations = TranslationData(many=True)
    in_reply_to = serializers.SerializerMethodField(help_text="The statements it answers.")
    replies = serializers.SerializerMethodField(help_text="The statements that answer it.")
    same_words_as = serializers.SerializerMethodField(help_text="The report of another source of the same utterance.")
    other_reports = serializers.SerializerMethodField(help_text="Reports of this utterance by other sources.")
    right_of_reply = ReplyData(many=True, help_text="What those concerned answered.")
    context_notes = NoteData(many=True)
    contradictions = serializers.SerializerMethodField(help_text="The pairs it takes part in.")

    class Meta(AccountData.Meta):
        fields = [
            *AccountData.Meta.fields,
            *("relays", "relay_cue", "relay_certainty", "topics", "positions", "translations", "in_reply_to"),
            *("replies", "same_words_as", "other_reports", "right_of_reply", "context_notes", "contradictions"),
        ]
        read_only_fields = fields

    def get_relays(self, statement: Statement) -> Named | None:
        return named(statement.relays) if statement.relays else None

    def get_topics(self, statement: Statement) -> list[Named]:
        return topics_of(statement)

    def get_in_reply_to(self, statement: Statement) -> list[Ref]:
        return [referred(other) for other in statement.in_reply_to.all()]

    def get_replies(self, statement: Statement) -> list[Ref]:
        return [referred(other) for other in statement.replies.all()]

    def get_same_words_as(self, statement: Statement) -> Ref | None:
        return referred(statement.same_words_as) if statement.same_words_as else None

    def get_other_reports(self, statement: Statement) -> list[Ref]:
        return [referred(other) for other in statement.other_reports.all()]

    def get_contradictions(self, statement: Statement) -> list[Ref]:
        pairs = [*statement.contradictions_as_first.all(), *statement.contradictions_as_second.all()]
        return [referred(pair) for pair in sorted(pairs, key=lambda pair: pair.pk)]
