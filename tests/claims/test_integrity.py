"""Live integrity: damage, a newer copy without the words, an excerpt of another text, and the way back."""

import hashlib
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from claims import services
from claims.anchors import Passage, anchor_part
from claims.choices import AnchorPart, Mode, Status
from claims.integrity import check_excerpts_against, due, recheck, would_hold
from claims.models import Contradiction, Statement
from sources.anchoring import Span
from sources.choices import SourceState, Tier
from sources.excerpts import make_excerpt
from sources.keeping import keep
from sources.models import Capture, CaptureIndex
from tests.constraints import rewrite_row
from tests.factories import AnchorFactory, CaptureFactory, StatementFactory, published_pair

pytestmark = pytest.mark.django_db


def damage(capture: Capture, text: str, *, unseen: bool = False) -> None:
    """Change a kept text behind the triggers' back, its hash with it; `unseen` also by the trigger that holds."""
    triggers = ["keep_capture", *(["capture_damaged"] if unseen else [])]
    overwrite(triggers, "text = %s, sha256 = %s WHERE id = %s", text, sha256_of(text), capture.pk)


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def overwrite(triggers: list[str], change: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for trigger in triggers:
            cursor.execute(f"ALTER TABLE sources_capture DISABLE TRIGGER {trigger}")
        cursor.execute(f"UPDATE sources_capture SET {change}", values)
        for trigger in triggers:
            cursor.execute(f"ALTER TABLE sources_capture ENABLE TRIGGER {trigger}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def spoiled(pair: Contradiction) -> str:
    """The text of the first account's capture with one character of its passage changed."""
    anchor, text = pair.first.anchors.get(part=AnchorPart.CONTENT), pair.first.capture.text
    return f"{text[: anchor.start]}#{text[anchor.start + 1 :]}"


def public(record: Statement | Contradiction) -> bool:
    return type(record).objects.published().filter(pk=record.pk).exists()


@pytest.fixture
def pair() -> Contradiction:
    """Published an hour ago: what was approved in this very transaction could still be put together."""
    made = published_pair()
    recheck()
    earlier = timezone.now() - timedelta(hours=1)
    for record in (made.first, made.second, made):
        rewrite_row(record, approved_at=earlier)
    return made


def test_nothing_is_due_after_a_check_and_all_stand(pair):
    assert (list(due()), recheck().captures) == ([], 0)
    report = recheck(everything=True)
    assert (report.captures, report.failures) == (Capture.objects.count(), [])
    assert report.passages == pair.first.anchors.count() + pair.second.anchors.count()


def test_one_damaged_character_takes_the_pair_from_its_page_and_fills_the_queue(pair, reader, signed_in, editor):
    assert reader.get(pair.get_absolute_url()).status_code == 200
    damage(pair.first.capture, spoiled(pair))
    answer = reader.get(pair.get_absolute_url())
    assert (answer.status_code, pair.first.content in answer.content.decode()) == (404, False)
    assert "being checked" in answer.content.decode()
    queue = signed_in(editor).get("/admin/queue/").content.decode()
    assert "Statements held back (1)" in queue
    assert "Pairs held back (1)" in queue
    assert "A check no longer finds these words in the captured text" in queue


def test_damage_that_no_trigger_saw_is_found_by_the_next_check(pair):
    damage(pair.first.capture, spoiled(pair), unseen=True)
    assert public(pair)
    report = recheck()
    pair.refresh_from_db()
    assert (public(pair), public(pair.first), public(pair.second)) == (False, False, True)
    assert report.captures == 1
    assert [line.split(" ")[:2] for line in report.failures] == [
        ["Capture", f"{pair.first.capture.ref}:"],
        ["Statement", pair.first.ref],
    ]
    assert f"(“{pair.first.capture.source}”) is held until an editor decides: A check no longer" in report.failures[1]


def test_damage_is_reported_until_the_text_is_restored(pair, publisher):
    text = pair.first.capture.text
    damage(pair.first.capture, spoiled(pair), unseen=True)
    recheck()
    assert len(recheck().failures) == 2, "a second check must not take the damaged text for the kept one"
    statement = Statement.objects.get(pk=pair.first_id)
    with pytest.raises(ValidationError, match="The kept copy has a fault, so nothing can be published from it"):
        services.release(statement, by=publisher)
    damage(pair.first.capture, text)
    services.release(Statement.objects.get(pk=pair.first_id), by=publisher)
    services.release(Contradiction.objects.get(pk=pair.pk), by=publisher)
    assert recheck().failures == []
    assert public(pair)


def test_words_of_a_draft_that_only_moved_are_found_at_their_new_place():
    draft = filed("She said the talks go on.", "the talks go on", published=False)
    recheck()
    before = draft.anchors.get()
    damage(draft.capture, f"Corrected. {draft.capture.text}", unseen=True)
    assert len(recheck().failures) == 1, "the damage itself"
    after = draft.anchors.get()
    assert (after.tier, after.start - before.start) == (Tier.EXACT, len("Corrected. "))


def test_published_words_at_another_place_than_the_approved_one_are_held(pair):
    anchor = pair.first.anchors.get(part=AnchorPart.CONTENT)
    damage(pair.first.capture, f"Corrected. {pair.first.capture.text}", unseen=True)
    assert "at another place" in "".join(recheck().failures)
    assert not public(pair.first)
    assert pair.first.anchors.get(pk=anchor.pk).start == anchor.start


def newer(capture: Capture, text: str) -> Capture:
    kept, new = keep(capture.source, text, method="pasted", rights=capture.rights)
    assert new
    return kept


def test_a_newer_copy_without_the_words_holds_them(pair):
    newer(pair.first.capture, "The page was written anew and says nothing of it.")
    pair.refresh_from_db()
    assert (public(pair), public(pair.first), public(pair.second)) == (False, False, True)
    assert "no longer has these words" in pair.held_reason
    assert pair.first.anchors.get(part=AnchorPart.CONTENT).tier == Tier.CHANGED


TWO = "He said the port is open. Later she said we will go home and left."


def filed(text: str, content: str, *quoted: str, published: bool = True) -> Statement:
    """A statement of these words as the desk files it."""
    with transaction.atomic():
        statement = StatementFactory(
            anchored=False,
            capture=CaptureFactory(text=text),
            content=content,
            mode=Mode.MIXED if quoted else Mode.INDIRECT,
            status=Status.PUBLISHED if published else Status.DRAFT,
        )
        (place,) = anchor_part(statement, AnchorPart.CONTENT, [Passage(content)])
        anchor_part(statement, AnchorPart.QUOTE, [Passage(words) for words in quoted], place)
    return Statement.objects.get(pk=statement.pk)


def test_an_omission_that_a_newer_copy_denies_is_held():
    """Each piece still stands there, but what is left out now turns the words round."""
    text = "We did, as agreed in May, discuss it at length. More."
    statement = filed(text, "We did, […] discuss it at length", "We did, […] discuss it at length")
    assert statement.anchors.filter(part=AnchorPart.CONTENT).count() == 2
    newer(statement.capture, f"Corrected. {text}")
    assert public(statement)
    newer(statement.capture, text.replace("May, discuss", "May, not discuss"))
    assert not public(statement)


def test_a_quotation_that_a_newer_copy_has_elsewhere_only_is_held():
    text = "The minister said the port is “open now”. Nobody else spoke."
    statement = filed(text, "the port is “open now”", "open now")
    newer(statement.capture, "The minister said the port is “open now”. Nobody else spoke. At all.")
    assert public(statement)
    newer(statement.capture, "The minister said the port is shut. It was “open now” and then, said a sailor.")
    assert not public(statement)


def test_a_quotation_outside_its_statement_stays_unfound():
    statement = filed(TWO, "the port is open", "we will go home", published=False)
    recheck(everything=True)
    assert statement.anchors.get(part=AnchorPart.QUOTE).tier == Tier.NOT_FOUND


def test_one_statement_that_cannot_be_kept_stops_no_other(pair):
    """Two quotations of a draft that overlap once they are found: refused, told, and the damage beside it is found."""
    draft = filed(TWO, "we will go home and left", "we will go home", published=False)
    AnchorFactory(statement=draft, part=AnchorPart.QUOTE, order=1, start=0, end=7, exact="will go", tier=Tier.UNCHECKED)
    damage(pair.first.capture, spoiled(pair), unseen=True)
    failures = recheck(everything=True).failures
    assert f"Statement {draft.ref}: Two quoted passages of one statement overlap; make them one." in failures
    assert not public(pair)


def test_nothing_is_published_from_a_copy_with_a_fault(pair, publisher):
    """Filed after the damage, its words do stand in the copy; the copy is not what was kept."""
    damage(pair.first.capture, f"{pair.first.capture.text} The port is shut.", unseen=True)
    capture = Capture.objects.get(pk=pair.first.capture_id)
    statement = StatementFactory(capture=capture, content="The port is shut")
    for check in (lambda: None, recheck):
        check()
        with pytest.raises(ValidationError, match="The kept copy has a fault"):
            services.publish(statement, by=publisher, seen=1)


def test_a_newer_copy_that_has_the_words_holds_nothing(pair):
    newer(pair.first.capture, f"A new headline.\n\n{pair.first.capture.text.upper()}\n\nAnd more.")
    assert public(pair)


def test_a_draft_is_not_lost_to_a_newer_copy(pair):
    """Its words stand in its own copy; its editor is told when it is published."""
    draft = StatementFactory(capture=pair.first.capture, content=pair.first.content)
    newer(pair.first.capture, "The page was written anew and says nothing of it.")
    assert draft.anchors.get(part=AnchorPart.CONTENT).tier == Tier.EXACT
    assert services.missing(draft) == []


def test_what_a_copy_would_hold_is_known_before(pair):
    source = pair.first.capture.source
    assert would_hold(source, f"{pair.first.capture.text} And more.") == []
    assert would_hold(source, "Written anew.") == [pair.first]
    assert public(pair.first), "to ask changes nothing"


def test_an_older_copy_found_later_holds_nothing(pair):
    CaptureFactory(
        source=pair.first.capture.source, text="An early version.", captured_at=timezone.now() - timedelta(days=9)
    )
    assert recheck().captures == 1
    assert public(pair)


def test_a_copy_loaded_past_the_desk_is_due(pair):
    CaptureFactory(source=pair.first.capture.source, text="Written anew, and loaded by a script.")
    assert public(pair)
    decide = r"^1 copies, 0 passages checked; 1 failure, see above\. Editors decide at http://.*/admin/queue/\.$"
    with pytest.raises(CommandError, match=decide):
        call_command("recheck", verbosity=0)
    assert not public(pair)


def test_a_publisher_may_keep_quoting_the_older_copy(pair, publisher):
    newer(pair.first.capture, "The page was written anew and says nothing of it.")
    services.release(Statement.objects.get(pk=pair.first_id), by=publisher)
    assert public(pair.first)
    assert recheck(everything=True).failures == []
    assert public(pair.first), "the decision stands: the same copy is not held against it again"


def test_words_that_another_hand_changed_are_held(pair):
    """A paraphrase loosely anchored: the database compares exact words only, the check all."""
    statement = filed("She said the talks\ngo on.", "the talks go on")
    assert statement.anchors.get().tier == Tier.WHITESPACE
    assert recheck(everything=True).failures == []
    rewrite_row(statement, content="the talks never go on")
    assert len(recheck(everything=True).failures) == 1
    assert not public(statement)


WHOLE = "The talks were halted, he said.\n\nNobody knows why.\n\nThey may go on in May."


def excerpt_of(whole: str) -> Statement:
    made = make_excerpt(whole, [Span(0, 31)])
    capture = CaptureFactory(
        text=made.text, is_excerpt=True, whole_sha256=made.whole_sha256, excerpt_map=made.excerpt_map
    )
    statement = StatementFactory(
        anchored=False, capture=capture, content="The talks were halted", status=Status.PUBLISHED
    )
    anchor_part(statement, AnchorPart.CONTENT, [Passage("The talks were halted")])
    return statement


def test_an_excerpt_is_held_against_the_whole_text():
    statement = excerpt_of(WHOLE)
    report = check_excerpts_against(WHOLE.replace("\n", "\r\n"))
    assert (report.captures, report.passages, report.failures) == (1, 1, [])
    assert public(statement)


def test_an_excerpt_that_is_not_in_the_whole_text_is_held(tmp_path, publisher):
    """The hash is the right whole's, the pieces are not its pieces: somebody invented them."""
    statement = excerpt_of(WHOLE)
    invented = WHOLE.replace("were halted", "went on all")
    overwrite(["keep_capture"], "whole_sha256 = %s", sha256_of(invented))
    path = tmp_path / "whole.txt"
    path.write_text(invented, encoding="utf-8")
    with pytest.raises(CommandError, match="2 failures"):
        call_command("recheck", against=path, verbosity=0)
    assert not public(statement)
    assert "The whole text does not have these words" in Statement.objects.get().held_reason
    assert CaptureIndex.objects.get().fault.startswith("Piece 1 does not have the words")
    with pytest.raises(ValidationError, match="The kept copy has a fault"):
        services.release(Statement.objects.get(), by=publisher)
    assert not public(statement)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"Some other text.", "No kept excerpt was cut from this text"),
        (b"\xff\xfe\x00", "is not UTF-8"),
        (None, "cannot be read: No such file"),
    ],
)
def test_a_wrong_whole_text_is_refused_in_words(tmp_path, content, message):
    path = tmp_path / "whole.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError, match=message):
        call_command("recheck", against=path)


def test_sources_that_moved_wait_in_the_queue(pair, signed_in, editor):
    source = pair.first.capture.source
    source.state = SourceState.GONE
    source.save()
    queue = signed_in(editor).get("/admin/queue/").content.decode()
    assert "Sources that changed, are gone or were retracted (1)" in queue
    assert "Gone; 1 published statement rests on it." in queue


def test_an_empty_queue_says_so(signed_in, editor):
    assert "Nothing waits" in signed_in(editor).get("/admin/queue/").content.decode()


@pytest.fixture
def guest(db):
    """Somebody who may sign in to the desk, and has no role."""
    return User.objects.create_user("guest", is_staff=True)


def test_the_queue_is_for_those_who_may_see_statements(signed_in, guest, reader):
    assert signed_in(guest).get("/admin/queue/").status_code == 403
    assert reader.get("/admin/queue/").status_code == 302


def test_a_failed_check_leaves_nothing_half_done(pair):
    """One transaction for each copy: what a refusal undoes is undone whole."""
    damage(pair.first.capture, spoiled(pair), unseen=True)
    with transaction.atomic():
        recheck()
        transaction.set_rollback(True)
    assert public(pair)
