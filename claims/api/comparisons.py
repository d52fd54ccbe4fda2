"""Topics, questions, pairs, speakers and corrections as the API writes them."""

from typing import Any, Literal, NotRequired, TypedDict

from rest_framework import serializers

from claims.addresses import absolute, page_of, to
from claims.api.shapes import Changed, Named, ReadOnly, Ref, Slug, named, referred
from claims.api.statements import AccountData, NoteData, QuestionBrief, asked
from claims.choices import CorrectionKind
from claims.corrections_shown import Shown
from claims.models import Contradiction, Question, Speaker, SpeakerName, Topic
from claims.models.contradictions import SCOPE


class RecordLinks(TypedDict):
    """Where to go on."""

    self: str
    html: str
    linked: str


class TopicLinks(RecordLinks):
    """Where to go on: all that was said on the topic, and its questions one by one."""

    questions: str
    statements: str
    contradictions: str


class TopicData(ReadOnly[Topic]):
    """One story."""

    statement_count = serializers.IntegerField(help_text="How many public statements belong to it.")
    pair_count = serializers.IntegerField(help_text="How many public pairs belong to it.")
    corrected = serializers.SerializerMethodField(help_text="What was changed since readers first saw it.")
    links = serializers.SerializerMethodField()

    class Meta:
        model = Topic
        fields = [
            *("slug", "version", "published_at", "without_second_reader", "title", "summary", "order"),
            *("statement_count", "pair_count", "corrected", "links"),
        ]
        read_only_fields = fields

    def get_corrected(self, topic: Topic) -> list[Changed]:
        return list(topic.corrected)  # type: ignore[attr-defined]

    def get_links(self, topic: Topic) -> TopicLinks:
        return {
            "self": to("api_topic", topic.slug),
            "html": page_of(topic),
            "linked": to("linked_topic", topic.slug),
            "questions": to("api_questions", topic.slug),
            "statements": f"{to('api_statements')}?topic={topic.slug}",
            "contradictions": f"{to('api_contradictions')}?topic={topic.slug}",
        }


class QuestionLinks(TypedDict):
    """Where to go on: the statements that answer it."""

    self: str
    html: str
    statements: str


class QuestionData(ReadOnly[Question]):
    """A question on which accounts part."""

    topic = serializers.SerializerMethodField(help_text="The slug of the topic it belongs to.")
    links = serializers.SerializerMethodField()

    class Meta:
        model = Question
        fields = ["topic", "slug", "version", "text", "order", "answer_kind", "links"]
        read_only_fields = fields

    def get_topic(self, question: Question) -> str:
        return question.topic.slug

    def get_links(self, question: Question) -> QuestionLinks:
        topic = question.topic.slug
        return {
            "self": to("api_question", topic, question.slug),
            "html": page_of(question),
            "statements": f"{to('api_statements')}?topic={topic}&question={question.slug}",
        }


class TopicDetail(TopicData):
    """One story with its questions, in their order."""

    questions = QuestionData(many=True)

    class Meta(TopicData.Meta):
        fields = [*TopicData.Meta.fields, "questions"]
        read_only_fields = fields


class PairData(ReadOnly[Contradiction]):
    """Two statements on one question that conflict or seem to. The site never says which is right."""

    question = serializers.SerializerMethodField()
    first = AccountData(help_text="One account.")
    second = AccountData(help_text="The other account.")
    corrected = serializers.SerializerMethodField(help_text="What was changed since readers first saw it.")
    links = serializers.SerializerMethodField()

    class Meta:
        model = Contradiction
        fields = [
            *("ref", "version", "published_at", "without_second_reader", "question", "finding", *SCOPE),
            *("mechanisms", "pattern", "asserted_by", "explanation", "resolution", "first_words", "second_words"),
            *("first", "second", "corrected", "links"),
        ]
        read_only_fields = fields

    def get_question(self, pair: Contradiction) -> QuestionBrief:
        return asked(pair.question)

    def get_corrected(self, pair: Contradiction) -> list[Changed]:
        return list(pair.corrected)  # type: ignore[attr-defined]

    def get_links(self, pair: Contradiction) -> RecordLinks:
        where, linked = to("api_contradiction", pair.ref), to("linked_contradiction", pair.ref)
        return {"self": where, "html": page_of(pair), "linked": linked}


class PairDetail(PairData):
    """A pair with the notes on it."""

    context_notes = NoteData(many=True)

    class Meta(PairData.Meta):
        fields = [*PairData.Meta.fields, "context_notes"]
        read_only_fields = fields


class NameData(ReadOnly[SpeakerName]):
    """Another name of a speaker."""

    class Meta:
        model = SpeakerName
        fields = ["text", "language", "kind"]
        read_only_fields = fields


class SpeakerLinks(RecordLinks):
    """Where to go on: what the speaker says, alone or jointly."""

    statements: str


class SpeakerData(ReadOnly[Speaker]):
    """Somebody to whom a source attributes words; of an unnamed one only the source's own descriptor is kept."""

    side = serializers.SerializerMethodField(help_text="The column in which the speaker's statements stand.")
    parent = serializers.SerializerMethodField(help_text="The body this one belongs to.")  # type: ignore[assignment]
    names = NameData(many=True, help_text="Other names.")
    statement_count = serializers.IntegerField(help_text="How many public statements they make, alone or jointly.")
    corrected = serializers.SerializerMethodField(help_text="What was changed since readers first saw it.")
    links = serializers.SerializerMethodField()

    class Meta:
        model = Speaker
        fields = [
            *("slug", "version", "kind", "name", "side", "parent", "wikidata", "description", "names"),
            *("statement_count", "corrected", "links"),
        ]
        read_only_fields = fields

    def get_side(self, speaker: Speaker) -> Slug | None:
        return {"slug": speaker.side.slug, "name": speaker.side.name} if speaker.side else None

    def get_parent(self, speaker: Speaker) -> Named | None:
        return named(speaker.parent) if speaker.parent else None

    def get_corrected(self, speaker: Speaker) -> list[Changed]:
        return list(speaker.corrected)  # type: ignore[attr-defined]

    def get_links(self, speaker: Speaker) -> SpeakerLinks:
        return {
            "self": to("api_speaker", speaker.slug),
            "html": page_of(speaker),
            "linked": to("linked_speaker", speaker.slug),
            "statements": f"{to('api_statements')}?speaker={speaker.slug}",
        }


class ChangeData(serializers.Serializer[Any]):
    """One thing that changed; `language` is that of words that are not the editors'."""

    label = serializers.CharField()  # type: ignore[assignment]
    before = serializers.CharField()
    after = serializers.CharField()
    language = serializers.CharField()


class CorrectionLinks(TypedDict):
    """Where to go on; `record` is the page of what was changed, where it has one."""

    self: str
    html: str
    record: NotRequired[str]


class CorrectionData(serializers.Serializer[Shown]):
    """What was changed or withdrawn, when and why; of a record that is not shown now without its words."""

    ref = serializers.CharField(source="correction.ref")
    kind = serializers.ChoiceField(source="correction.kind", choices=CorrectionKind.choices)
    decided_at = serializers.DateTimeField(source="correction.decided_at")
    without_second_reader = serializers.BooleanField(source="correction.without_second_reader")
    reason = serializers.SerializerMethodField(help_text="Why; empty where the record is not shown now.")
    record = serializers.SerializerMethodField(help_text="What sort of record it is of.")
    title = serializers.CharField(help_text="What the record is called; empty where it is not shown now.")
    standing = serializers.ChoiceField(
        choices=["shown", "withdrawn", "held"],
        help_text="Whether the record is shown now, was withdrawn or is checked.",
    )
    changes = ChangeData(many=True)
    hidden_changes = serializers.IntegerField(
        source="hidden", help_text="Further changes, which name a story that was withdrawn since."
    )
    undoes = serializers.SerializerMethodField(help_text="The change that this one takes back.")
    links = serializers.SerializerMethodField()

    def get_reason(self, shown: Shown) -> str:
        return shown.correction.reason if shown.told else ""

    def get_record(self, shown: Shown) -> Literal["statement", "contradiction", "topic", "speaker"]:
        of = shown.correction
        if of.statement_id:
            return "statement"
        if of.contradiction_id:
            return "contradiction"
        return "topic" if of.topic_id else "speaker"

    def get_undoes(self, shown: Shown) -> Ref | None:
        return referred(shown.correction.undoes) if shown.correction.undoes else None

    def get_links(self, shown: Shown) -> CorrectionLinks:
        where = to("api_correction", shown.correction.ref)
        links: CorrectionLinks = {"self": where, "html": page_of(shown.correction)}
        if shown.url:
            links["record"] = absolute(shown.url)
        return links
