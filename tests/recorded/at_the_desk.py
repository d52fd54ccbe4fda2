"""A change of each kind that the desk's rooms make: added, changed, deleted, stepped, decided."""

from collections.abc import Callable
from functools import partial
from typing import Any

from claims import corrections
from claims.models import (
    ContextNote,
    Contradiction,
    Correction,
    Occasion,
    Position,
    Question,
    Reply,
    Side,
    Speaker,
    SpeakerName,
    Statement,
    Topic,
    Translation,
)
from sources.models import Capture, Outlet, Source
from tests.claims.admin.filling import values
from tests.factories import (
    CaptureFactory,
    ContextNoteFactory,
    OutletFactory,
    PositionFactory,
    QuestionFactory,
    RejectionFactory,
    ReplyFactory,
    ReportFactory,
    SourceFactory,
    SpeakerFactory,
    SpeakerNameFactory,
    StatementFactory,
    TopicFactory,
    TranslationFactory,
)
from tests.recorded.world import WHY, Change, World, signed_in, url

type Making = Callable[[World], Change]

# Made of a kept copy when it comes, and noted there when it was checked.
INDEX = frozenset({"sources_captureindex"})

# The name of an address, with the way in which it is used where it has several → a change made through it.
PERFORM: dict[str, Making] = {}


def performs(*keys: str) -> Callable[[Making], Making]:
    def keep(making: Making) -> Making:
        PERFORM.update(dict.fromkeys(keys, making))
        return making

    return keep


def room(model: type) -> str:
    return f"admin:{model._meta.label_lower.replace('.', '_')}"


def newest(model: type) -> Callable[[], Any]:
    return lambda: model.objects.order_by("pk").last()


# Records added, changed and deleted in their forms.


def account(w: World) -> dict[str, Any]:
    return {"capture": w.proposed().pk, "speaker": SpeakerFactory().pk, "content": "the port is open"}


def two_accounts(w: World) -> dict[str, Any]:
    question = QuestionFactory()
    first, second = (w.drafted(StatementFactory) for _ in range(2))
    for each in (first, second):
        w.drafted(PositionFactory, statement=each, question=question)
    return {"question": question.pk, "first": first.pk, "second": second.pk, "pattern": "denial"}


ADDED: dict[type, Callable[[World], dict[str, Any]]] = {
    Capture: lambda w: {"source": SourceFactory().pk, "text": "The talks were halted."},
    Contradiction: two_accounts,
    Occasion: lambda w: {"name": "The briefing"},
    Outlet: lambda w: {"name": "The Gazette"},
    Question: lambda w: {"topic": w.draft(Topic).pk, "text": "Were the talks halted?"},
    Side: lambda w: {"name": "The north"},
    Source: lambda w: {"title": "Talks halted", "outlet": OutletFactory().pk, "locator": "Page 3"},
    Speaker: lambda w: {"name": "The minister"},
    Statement: account,
    Topic: lambda w: {"title": "Talks"},
}
CHANGED: dict[type, dict[str, Any]] = {
    Capture: {"archive_url": "https://archive.example/talks"},
    Contradiction: {"explanation": "One says so, the other does not."},
    Occasion: {"place": "Baghdad"},
    Outlet: {"country": "IQ"},
    Question: {"text": "Were they halted at all?"},
    Side: {"name": "The south"},
    Source: {"byline": "Ali Hassan"},
    Speaker: {"description": "Of the ministry."},
    Statement: {"role_text": "minister"},
    Topic: {"summary": "Two sides, one table."},
}


def record_told(model: type, row: Any) -> Any:
    """To which record the history counts a row."""
    return row.topic if model is Question else row


def added(model: type, w: World) -> Change:
    path = f"/admin/{model._meta.label_lower.replace('.', '/')}/add/"
    data = w.form(w.editor, path, **ADDED[model](w))
    beside = INDEX if model is Capture else frozenset()
    return Change(w.editor, path, data, of=lambda: record_told(model, newest(model)()), beside=beside)


def changed(model: type, w: World, **also: Any) -> Change:
    record = w.one_of(model)
    path = url(record, "change")
    data = w.form(w.editor, path, **CHANGED[model], **also)
    return Change(w.editor, path, data, of=record_told(model, record))


def deleted(model: type, w: World) -> Change:
    record = w.one_of(model)
    return Change(w.publisher, url(record, "delete"), seen(record, post="yes"), of=record_told(model, record))


def seen(record: Any, **typed: Any) -> dict[str, Any]:
    record.refresh_from_db()
    return {"seen_version": record.version, **typed}


for _model in ADDED:
    PERFORM[f"{room(_model)}_add"] = partial(added, _model)
    PERFORM[f"{room(_model)}_change"] = partial(changed, _model)
    if _model is not Capture:
        PERFORM[f"{room(_model)}_delete"] = partial(deleted, _model)


# Of what is public a save is a proposal.


def proposed(model: type, w: World) -> Change:
    record = w.public_question() if model is Question else w.public(model)
    path = url(record, "change")
    return Change(w.editor, path, w.form(w.editor, path, **CHANGED[model], **WHY), of=newest(Correction))


for _model in (Statement, Contradiction, Topic, Question):
    PERFORM[f"{room(_model)}_change of what is public"] = partial(proposed, _model)


# Rows in a record's form.

ROWS: dict[tuple[type, type], tuple[Any, Callable[[], dict[str, Any]], dict[str, Any]]] = {
    (Statement, Position): (
        PositionFactory,
        lambda: {"question": QuestionFactory().pk, "stance": "denies"},
        {"gist": "no"},
    ),
    (Statement, Translation): (TranslationFactory, lambda: {"language": "de", "text": "Sie ruhen."}, {"text": "وقفت"}),
    (Statement, Reply): (
        ReplyFactory,
        lambda: {"party": "The ministry", "text": "We took no part.", "received_on": "2024-06-03"},
        {"text": "We took part."},
    ),
    (Statement, ContextNote): (ContextNoteFactory, lambda: {"text": "The last round."}, {"text": "The first round."}),
    (Contradiction, ContextNote): (
        partial(ContextNoteFactory, statement=None),
        lambda: {"text": "The last round."},
        {"text": "The first round."},
    ),
    (Speaker, SpeakerName): (SpeakerNameFactory, lambda: {"text": "Al-Wazir", "kind": "short"}, {"text": "Wazir"}),
    (Topic, Question): (QuestionFactory, lambda: {"text": "Were there talks?"}, {"text": "Were there any talks?"}),
    (Source, Capture): (CaptureFactory, lambda: {"text": "The talks were halted."}, {}),
}


def row(model: type, part: type, way: str, w: World) -> Change:
    factory, typed, changes = ROWS[model, part]
    record = w.one_of(model)
    if way != "add":
        own = {"question": QuestionFactory()} if part is Position else {}
        w.drafted(factory, **own, **{model._meta.model_name: record})
    path = url(record, "change")
    page = signed_in(w.editor).get(path)
    formset = next(each.formset for each in page.context["inline_admin_formsets"] if each.formset.model is part)
    data, prefix = values(page), formset.prefix
    if way == "add":
        number = formset.total_form_count()
        empty = {bound.html_name.replace("__prefix__", str(number)): bound.value() for bound in formset.empty_form}
        data |= {name: value for name, value in empty.items() if value is not None and value is not False}
        data |= {f"{prefix}-TOTAL_FORMS": number + 1, **{f"{prefix}-{number}-{name}": v for name, v in typed().items()}}
    elif way == "change":
        data |= {f"{prefix}-0-{name}": value for name, value in changes.items()}
    else:
        data[f"{prefix}-0-DELETE"] = "on"
    if part is Capture:
        return Change(w.editor, path, data, of=newest(Capture), beside=INDEX)
    return Change(w.editor, path, data, of=record)


for _model, _part in ROWS:
    for _way in ("add", "change", "delete"):
        if _way == "add" or (_part is not Capture and (_part, _way) != (Question, "delete")):
            PERFORM[f"{room(_model)}_change {_part.__name__} {_way}"] = partial(row, _model, _part, _way)


# Steps, one by one and of many.


def step(model: type, name: str, w: World) -> Change:
    begin = {"publish": w.draft, "submit": w.draft, "return": w.in_review, "release": w.held}
    record = begin.get(name, w.public)(model)
    record.refresh_from_db()
    by = w.editor if name in {"submit", "return", "withdraw"} else w.publisher
    of = newest(Correction) if name == "withdraw" else record
    data = {"seen": record.version, "reason": "Doubts."}
    beside = INDEX if name == "release" and model is Statement else frozenset()
    return Change(by, url(record, "step", name), data, of=of, beside=beside)


def saved_and_submitted(model: type, w: World) -> Change:
    return changed(model, w, _step="submit")


def many(model: type, action: str, w: World) -> Change:
    record = w.draft(model)
    data = {"action": action, "_selected_action": [record.pk], "_confirmed": "yes", f"seen-{record.pk}": record.version}
    by = w.publisher if action == "publish_them" else w.editor
    return Change(by, f"/admin/claims/{model._meta.model_name}/", data, of=record)


for _model in (Statement, Contradiction, Topic):
    for _name in ("publish", "submit", "return", "hold", "release", "withdraw"):
        if _model is not Topic or _name not in {"hold", "release"}:
            PERFORM[f"{room(_model)}_step {_name}"] = partial(step, _model, _name)
    for _name in ("publish_them", "submit_them"):
        PERFORM[f"{room(_model)}_changelist {_name}"] = partial(many, _model, _name)
    PERFORM[f"{room(_model)}_change and submit"] = partial(saved_and_submitted, _model)


# What a second person decides.


def decided(correction: Correction, by: Any, decision: str, of: Any = None) -> Change:
    typed = {"decision": decision, "note": "So it is.", "seen": correction.subject.version}
    return Change(by, url(correction, "decide"), typed, of=of or correction)


PERFORM |= {
    "admin:claims_correction_decide approve": lambda w: decided(w.proposal(), w.publisher, "approve"),
    "admin:claims_correction_decide decline": lambda w: decided(w.proposal(), w.publisher, "decline"),
    "admin:claims_correction_decide decline of the own": lambda w: decided(w.proposal(), w.editor, "decline"),
    "admin:claims_correction_decide undo": lambda w: decided(
        w.changed_in_public(), w.editor, "undo", of=newest(Correction)
    ),
}


def report_decided(state: str, w: World) -> Change:
    statement = w.public()
    report = ReportFactory(statement=statement, email="reader@example.org")
    typed = {"state": state, "outcome": "It stands." if state == "unchanged" else "", "seen": report.version}
    if state == "corrected":
        withdrawal = corrections.propose_withdrawal(statement, reason="Never said.", by=w.editor)
        corrections.apply(withdrawal, by=w.publisher)
        typed["correction"] = withdrawal.pk
    return Change(w.editor, url(report, "change"), typed, of=report)


for _name in ("corrected", "unchanged", "spam"):
    PERFORM[f"admin:claims_report_change {_name}"] = partial(report_decided, _name)


# Where a record is found.


@performs("admin:claims_speaker_address")
def renamed(w: World) -> Change:
    speaker = SpeakerFactory()
    return Change(w.editor, url(speaker, "address"), {"slug": "another"}, of=speaker)


@performs("admin:claims_topic_address")
def draft_renamed(w: World) -> Change:
    topic = w.draft(Topic)
    return Change(w.editor, url(topic, "address"), {"slug": "another"}, of=topic)


@performs("admin:claims_topic_address of what is public")
def renaming_proposed(w: World) -> Change:
    return Change(
        w.editor, url(TopicFactory(), "address"), {"slug": "another", "reason": "Clearer."}, of=newest(Correction)
    )


@performs("admin:claims_speaker_merge")
def merged(w: World) -> Change:
    winner, loser = SpeakerFactory.create_batch(2)
    StatementFactory(speaker=loser, status="published")
    return Change(w.editor, url(loser, "merge"), {"winner": winner.pk, "reason": "One person."}, of=newest(Correction))


# Words and texts on their way in.


def proposal_decided(decision: str, w: World) -> Change:
    capture = w.proposed()
    start = capture.text.index("the port")
    end = start + len("the port is open")
    if decision == "undo":
        RejectionFactory(capture=capture, start=start, end=end)
    data = {"place": f"{start}-{end}", "decision": decision}
    of = newest(Statement) if decision == "accept" else capture
    return Change(w.editor, f"/admin/claims/statement/proposals/{capture.pk}/", data, of=of)


for _name in ("accept", "reject", "undo"):
    PERFORM[f"admin:claims_statement_proposals {_name}"] = partial(proposal_decided, _name)


@performs("admin:sources_source_bring")
def brought_in(w: World) -> Change:
    return _kept(w, "/admin/sources/source/bring/", new_outlet="The News", title="Talks halted", locator="Page 3")


@performs("admin:sources_source_copy")
def copied(w: World) -> Change:
    return _kept(w, url(CaptureFactory().source, "copy"))


def _kept(w: World, path: str, **typed: str) -> Change:
    page = signed_in(w.editor).post(path, {"text": "Talks halted\n\nThe minister said so.\n"})
    (part,) = page.context["parts"]
    data = {bound.html_name: value for bound in part.form if (value := bound.value()) not in (None, False)}
    data |= {"parts": 1, "_keep": "1", **{f"part-0-{name}": value for name, value in typed.items()}}
    return Change(w.editor, path, data, of=newest(Capture), beside=INDEX)
