"""What readers are told of a change: from its rows to labels and words before and after, without what is not theirs.

Kept in Correction.changes when the change is proposed, as JSON: each change has "label", "before" and "after"; words of
a source, a translation or a reply also "language"; what names a topic also "topic", its slug, since it is told only
while readers may see that topic (claims/corrections_shown.py).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils.translation import gettext_noop as _

from claims.changesets import Row
from claims.choices import AnchorPart, Status
from claims.models import Contradiction, Position, Question, Speaker, Statement, Topic
from claims.public_labels import LABELS, POSITION, REPLY, REPLY_PUBLISHED, REPLY_RECEIVED, SHOWN, TRANSLATION
from sources import edtf
from sources.localising import day, label
from sources.models import Capture, Source

type Values = dict[str, Any]  # Column → value, as the model's fields have it.
type Told = dict[str, str]

_IN_STATEMENTS_LANGUAGE = {"content", "first_words", "second_words"}
_IN_SOURCES_LANGUAGE = {"cue", "attributed_as", "role_text", "date_words", "relay_cue", "addressee_text"}
_DATE = ("said_from", "said_to", "precision", "approximate")
_ANCHORS = {
    AnchorPart.CONTENT: _("Passage in the source"),
    AnchorPart.QUOTE: _("Quoted words"),
    AnchorPart.CUE: _("Cue, in the source"),
    AnchorPart.SPEAKER: _("Words for the speaker, in the source"),
}


@dataclass(frozen=True)
class _Changed:
    """A row with all its columns before and after the change; None where there was or is no such row."""

    table: str
    before: Values | None
    after: Values | None
    names: set[str]

    @property
    def either(self) -> Values:
        return self.after or self.before or {}


def public_changes(rows: Iterable[Row]) -> list[Told]:
    """What readers are told of these rows, each thing once, before any of it is written.

    Cost: a query for each table that is changed or named, whatever the number of rows.
    """
    changed = _whole([row for row in _of_public_records(list(rows)) if row["table"] in SHOWN])
    names = _Names(changed)
    told: dict[tuple[tuple[str, str], ...], Told] = {}
    for change in _with_pairs_of_anchors(changed):
        for each in _PARTS.get(change.table, _columns)(change, names):
            if each.get("before") != each.get("after"):
                told.setdefault(tuple(sorted(each.items())), each)
    return list(told.values())


def _of_public_records(rows: list[Row]) -> list[Row]:
    """Without rows of drafts, of which a merge of speakers changes some too."""
    records: dict[str, Any] = {"statement": Statement, "contradiction": Contradiction, "topic": Topic}
    public: dict[str, set[int]] = {}
    for name, model in records.items():
        keys = {row["record_id"] for row in rows if row["record"] == name}
        found = model.objects.filter(pk__in=keys).exclude(status__in=[Status.DRAFT, Status.IN_REVIEW])
        public[name] = set(found.values_list("pk", flat=True)) if keys else set()
    return [row for row in rows if row["record"] == "speaker" or row["record_id"] in public.get(row["record"], ())]


def _models() -> dict[str, type[Model]]:
    return {
        model._meta.db_table: model for model in apps.get_app_config("claims").get_models(include_auto_created=True)
    }


def _whole(rows: list[Row]) -> list[_Changed]:
    """Each row with the columns that did not change, as they stand now."""
    models, standing = _models(), {}
    for table in {row["table"] for row in rows if row["action"] == "update"}:
        keys = [row["key"] for row in rows if row["table"] == table]
        standing[table] = {values["id"]: values for values in models[table]._base_manager.filter(pk__in=keys).values()}
    found = []
    for row in rows:
        model, table = models[row["table"]], row["table"]
        old, new = (_read(model, row[side]) for side in ("before", "after"))
        now = standing.get(table, {}).get(row["key"], {}) if row["action"] == "update" else {}
        before = None if row["action"] == "insert" else now | old
        after = None if row["action"] == "delete" else now | old | new
        found.append(_Changed(table, before, after, {*old, *new} & SHOWN[table]))
    return found


def _read(model: type[Model], values: Values) -> Values:
    """Values of the history (JSON) as the model's fields have them."""
    fields = {field.column: field for field in model._meta.concrete_fields}
    return {
        name: fields[name].to_python(str(value) if isinstance(value, float) else value)
        for name, value in (values or {}).items()
        if name in fields
    }


def _relations(model: type[Model]) -> Iterator[tuple[str, type[Model]]]:
    """The columns that name other rows, and of which model; people at the desk are no matter for readers."""
    for field in model._meta.concrete_fields:
        target = field.related_model
        if isinstance(target, type) and target._meta.app_label != "auth":
            yield str(field.column), target


class _Names:
    """What rows that are named by their key are called; looked up once for all changes."""

    def __init__(self, changed: list[_Changed]) -> None:
        wanted: dict[type[Model], set[int]] = defaultdict(set)
        self.models = _models()
        for change in changed:
            for column, target in _relations(self.models[change.table]):
                wanted[target] |= {v[column] for v in (change.before, change.after) if v and v[column]}
        # A position may stand on a question that the same change adds.
        self.added = {(c.table, c.after["id"]): c.after for c in changed if c.after and not c.before}
        topics = {values["topic_id"] for (table, _), values in self.added.items() if table == "claims_question"}
        self.rows = {model: self._fetch(model, keys) for model, keys in wanted.items()}
        questions = [row.topic_id for row in self.rows.get(Question, {}).values()]
        self.topics = Topic.objects.published().in_bulk([*wanted[Topic], *topics, *questions])
        parents = {v.get("parent_id") for c in changed for v in (c.before, c.after) if v} - {None}
        self.parents = set(Speaker.objects.published().filter(pk__in=parents).values_list("pk", flat=True))

    @staticmethod
    def _fetch(model: type[Model], keys: set[int]) -> dict[int, Any]:
        rows = model._base_manager.filter(pk__in=keys)
        if model is Statement:
            rows = rows.select_related("capture__source").defer("search", "capture__text", "capture__excerpt_map")
        if model is Capture:
            rows = rows.select_related("source").defer("text", "excerpt_map")
        return {row.pk: row for row in rows}

    def of(self, model: type[Model], key: int | None) -> str:
        """What readers call a row; of statements, copies and sources no more than the reference, which is no secret."""
        row = self.rows.get(model, {}).get(key) if key else None
        if row is None:
            return str(self.added.get((model._meta.db_table, key), {}).get("text", "")) if key else ""
        if model in (Statement, Capture, Source):
            return f"{model._meta.verbose_name} {row.ref}"
        return row.name if model is Speaker else str(row)

    def topic_of_question(self, key: int) -> Topic | None:
        """The topic on which a question stands, if readers may see it."""
        row = self.rows.get(Question, {}).get(key)
        topic = row.topic_id if row else self.added.get(("claims_question", key), {}).get("topic_id")
        return self.topics.get(topic)

    def language(self, statement: int, column: str) -> str:
        row = self.rows.get(Statement, {}).get(statement)
        if row is None:
            return ""
        return row.capture.source.language if column in _IN_SOURCES_LANGUAGE else row.language


def _columns(change: _Changed, names: _Names) -> Iterator[Told]:
    """The changed columns of a record, each by itself; those that make up a date as one."""
    model, labels = names.models[change.table], LABELS.get(change.table, {})
    changed = change.names | ({"said_from"} if change.names & set(_DATE) else set())
    for field in model._meta.concrete_fields:
        name = field.column
        if name not in labels or name not in changed:
            continue
        before, after = (_said(field, values, names) if values else "" for values in (change.before, change.after))
        told = {"label": labels[name], "before": before, "after": after}
        if language := _language(change, name, names):
            told["language"] = language
        if field.related_model is Question:
            topic = names.topic_of_question(change.either[name])
            if topic is None:
                continue
            told["topic"] = topic.slug
        yield told


def _language(change: _Changed, name: str, names: _Names) -> str:
    if change.table == "claims_statement" and name in _IN_STATEMENTS_LANGUAGE:
        return change.either["language"]
    if change.table == "claims_statement" and name in _IN_SOURCES_LANGUAGE:
        capture = names.rows.get(Capture, {}).get(change.either["capture_id"])
        return capture.source.language if capture else ""
    if change.table == "claims_contradiction" and name in _IN_STATEMENTS_LANGUAGE:
        return names.language(change.either[name.replace("words", "id")], name)
    return ""


def _said(field: Any, values: Values, names: _Names) -> str:
    """A column's value in readers' words."""
    value = values[field.column]
    if field.column == "parent_id" and value not in names.parents:
        return ""  # A body that readers do not know of.
    if field.column in _DATE:
        return label(edtf.UncertainDate(*(values[name] for name in _DATE)))
    if isinstance(field.related_model, type):
        return names.of(field.related_model, value)
    return _plain(field, value)


def _plain(field: Any, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        labels = dict(field.base_field.flatchoices)
        return "; ".join(str(labels.get(each, each)) for each in value)
    if isinstance(value, date):
        return day(value)
    return str(dict(field.flatchoices).get(value, value))


def _position(change: _Changed, names: _Names) -> Iterator[Told]:
    question = change.either["question_id"]
    if (topic := names.topic_of_question(question)) is None:
        return
    yield {
        "label": POSITION % names.of(Question, question),
        "before": _answer(change.before),
        "after": _answer(change.after),
        "topic": topic.slug,
    }


def _answer(values: Values | None) -> str:
    """“No: not before March (“we did not”)”."""
    if values is None:
        return ""
    number = values["number"]
    figure = f"{Decimal(number).normalize():f} {values['unit']}".strip() if number is not None else ""
    parts = [_plain(Position._meta.get_field("stance"), values["stance"]), values["value"] or figure, values["gist"]]
    words = f" (“{values['words']}”)" if values["words"] else ""
    return ": ".join(part for part in parts if part) + words


def _anchor(change: _Changed, names: _Names) -> Iterator[Told]:
    """The words; where they stay and only their place moves, with it."""
    before, after = change.before, change.after
    if before and after and before["exact"] == after["exact"]:
        said = [f"{v['exact']} (characters {v['start']} to {v['end']})" for v in (before, after)]
    else:
        said = [v["exact"] if v else "" for v in (before, after)]
    label = _ANCHORS[AnchorPart(change.either["part"])]
    told = {"label": label, "before": said[0], "after": said[1]}
    language = names.language(change.either["statement_id"], "content")
    yield told | ({"language": language} if language else {})


def _with_pairs_of_anchors(changed: list[_Changed]) -> list[_Changed]:
    """The desk takes a passage out and puts it in anew; readers are told one change."""

    def place(values: Values) -> tuple[Any, ...]:
        return values["statement_id"], values["part"], values["order"]

    gone = {place(c.before): c for c in changed if c.table == "claims_anchor" and c.before and not c.after}
    merged = []
    for change in changed:
        if change.table == "claims_anchor" and change.after and not change.before:
            old = gone.pop(place(change.after), None)
            merged.append(_Changed(change.table, old.before if old else None, change.after, change.names))
        elif change not in gone.values():
            merged.append(change)
    return merged + list(gone.values())


def _text_of(label: Callable[[Values], str], words: Callable[[Values], str], foreign: bool = True) -> Any:
    """How a part is told whose words stand in one column: under a label made of the others."""

    def tell(change: _Changed, names: _Names) -> Iterator[Told]:  # noqa: ARG001
        before, after = (words(values) if values else "" for values in (change.before, change.after))
        language = {"language": change.either["language"]} if foreign else {}
        yield {"label": label(change.either), "before": before, "after": after, **language}

    return tell


def _link(label: str, column: str, model: Any) -> Any:
    """How a row is told that only ties a record to another."""

    def tell(change: _Changed, names: _Names) -> Iterator[Told]:
        key = change.either[column]
        topic = names.topics.get(key) if model is Topic else None
        hidden = topic is None if model is Topic else model is Statement and not _on_record(names.rows[model][key])
        if not hidden:
            said = names.of(model, key)
            told = {"label": label, "before": said if change.before else "", "after": said if change.after else ""}
            yield told | ({"topic": topic.slug} if topic else {})

    return tell


def _on_record(statement: Statement) -> bool:
    return statement.status == Status.PUBLISHED and statement.held_since is None


def _reply(change: _Changed, names: _Names) -> Iterator[Told]:  # noqa: ARG001
    """The words; and apart from them, as they are not the party's, when they came and where they stand."""
    party = change.either["party"]
    rows = [values or dict.fromkeys(("text", "received_on", "url"), "") for values in (change.before, change.after)]
    text, url = ([str(values[name]) for values in rows] for name in ("text", "url"))
    came = [day(values["received_on"]) if values["received_on"] else "" for values in rows]
    language = {"language": change.either["language"]}
    yield {"label": REPLY % party, "before": text[0], "after": text[1], **language}
    yield {"label": REPLY_RECEIVED % party, "before": came[0], "after": came[1]}
    yield {"label": REPLY_PUBLISHED % party, "before": url[0], "after": url[1]}


def _note(note: Values) -> str:
    return f"{note['text']} ({note['url']})" if note["url"] else note["text"]


_PARTS: dict[str, Any] = {
    "claims_position": _position,
    "claims_anchor": _anchor,
    "claims_translation": _text_of(lambda row: TRANSLATION % row["language"], lambda row: row["text"]),
    "claims_reply": _reply,
    "claims_contextnote": _text_of(lambda _row: _("Context"), _note, foreign=False),
    "claims_speakername": _text_of(lambda _row: _("Another name"), lambda row: row["text"]),
    "claims_formerslug": _text_of(lambda _row: _("Former address"), lambda row: row["slug"], foreign=False),
    "claims_statement_further_speakers": _link(_("Said jointly with"), "speaker_id", Speaker),
    "claims_statement_topics": _link(_("Topic"), "topic_id", Topic),
    "claims_statement_in_reply_to": _link(_("Answers"), "to_statement_id", Statement),
}
