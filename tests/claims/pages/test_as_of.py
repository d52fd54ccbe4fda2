"""A record's page as it stood: what readers saw then, and nothing that they may not see now."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import InternalError, OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims import corrections, services
from claims.history import as_of, moment_of, written
from claims.models import Statement, Topic, Translation
from sources.acting import acting
from tests.conftest import member
from tests.factories import (
    ContradictionFactory,
    PositionFactory,
    QuestionFactory,
    SpeakerFactory,
    StatementFactory,
    TopicFactory,
    TranslationFactory,
)
from tests.markup import by_class, links, main, one, text, tree

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def past(django_db_setup, django_db_blocker):
    """A story with a moment after each step. Committed, since one transaction is one moment; emptied at the end."""
    with django_db_blocker.unblock():
        yield write_story()
        call_command("flush", verbosity=0, interactive=False)


def write_story():
    editor, publisher = member("past_editor", "Editor"), member("past_publisher", "Publisher")
    told = SimpleNamespace(editor=editor.pk, publisher=publisher.pk, before=timezone.now())

    def publish(*records):
        for record in records:
            record.refresh_from_db()
            services.publish(record, by=publisher, seen=record.version)

    def correct(record, kind, work):
        with corrections.trying(record, kind=kind, reason="It was wrong.", by=editor) as tried:
            work()
        kept = corrections.keep(record, kind=kind, reason="It was wrong.", by=editor, rows=tried.rows)
        corrections.apply(kept, by=publisher)

    with acting(by=editor):
        topic = TopicFactory(status="draft", title="The talks", slug="the-talks")
        question = QuestionFactory(topic=topic, text="Were there talks?")
        later = QuestionFactory(topic=topic, text="Were they in May?")
        speaker = SpeakerFactory(name="Firstname", slug="firstname")
        first = StatementFactory(
            content="the witnessword came", cue="said", cue_class="report", speaker=speaker, topics=[topic]
        )
        TranslationFactory(statement=first, language="de", text="Übersetzt")
        second = StatementFactory(content="no word came", topics=[topic])
        PositionFactory(statement=first, question=question)
        pair = ContradictionFactory(question=question, first=first, second=second)
        gone = StatementFactory(content="a word that went", topics=[topic])
    publish(topic, first, second, gone, pair)
    told.public = timezone.now()
    correct(first, "correction", lambda: resave(first, cue="insisted"))
    told.corrected = timezone.now()
    with acting(by=editor):
        resave(speaker, name="Secondname")
        StatementFactory(content="a canaryword", topics=[topic], speaker=speaker)
    told.renamed = timezone.now()
    correct(first, "update", lambda: PositionFactory(statement=first, question=later, gist="witnessgist"))
    correct(first, "update", lambda: Translation.objects.get(statement=first).delete())
    told.parts = timezone.now()
    services.hold(second, by=publisher, reason="canaryreason")
    told.held = timezone.now()
    services.release(second, by=publisher)
    pair.refresh_from_db()
    services.release(pair, by=publisher)
    told.released = timezone.now()
    corrections.apply(corrections.propose_withdrawal(gone, reason="Never said.", by=editor), by=publisher)
    told.topic, told.first, told.second, told.pair, told.gone = (
        record.get_absolute_url() for record in (topic, first, second, pair, gone)
    )
    told.key, told.topic_key = first.pk, topic.pk
    return told


def resave(row, **values):
    fresh = type(row).objects.get(pk=row.pk)
    for name, value in values.items():
        setattr(fresh, name, value)
    fresh.save()


def shown(reader, address, moment, status=200):
    answer = reader.get(address, {"as_of": written(moment)})
    assert answer.status_code == status, text(main(answer))
    return answer


def test_statement_has_the_words_names_and_parts_of_then(reader, past):
    pages = {}
    for name in ("public", "corrected", "renamed", "parts"):
        page = main(shown(reader, past.first, getattr(past, name)))
        # What changed since is told too, with the words before and after.
        told = [
            text(element)
            for element in page.iter()
            if element.get("class", "").split()[:1] in (["facts"], ["translation"])
        ]
        answers = [text(element) for element in page if element.get("aria-labelledby") == "answers"]
        pages[name] = " ".join([*told, *answers, text(one(page.iter("h1")))])
    has = {
        word: [name for name, page in pages.items() if word in page]
        for word in ("“said”", "“insisted”", "Firstname", "Secondname", "Übersetzt", "witnessgist")
    }
    assert has == {
        "“said”": ["public"],
        "“insisted”": ["corrected", "renamed", "parts"],
        "Firstname": ["public", "corrected"],
        "Secondname": ["renamed", "parts"],
        "Übersetzt": ["public", "corrected", "renamed"],
        "witnessgist": ["parts"],
    }


def test_topic_has_the_matrix_of_then(reader, past):
    assert "witnessgist" not in text(main(shown(reader, past.topic, past.renamed)))
    assert "witnessgist" in text(main(shown(reader, past.topic, past.parts)))
    assert "Firstname" in text(main(shown(reader, past.topic, past.public)))


def test_pair_has_the_words_of_then_and_tells_what_changed_since(reader, past):
    page = main(shown(reader, past.pair, past.public))
    note = text(one(by_class(page, "past")))
    assert "As it stood on" in note
    assert "The first account: correction" in note
    assert "Shown again" in note
    assert "canary" not in note


def test_page_is_marked_and_kept_out_of_search(reader, past, settings):
    answer = shown(reader, past.first, past.public)
    page = tree(answer)
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Cache-Control"] == "no-cache"
    assert [e.get("content") for e in page.iter("meta") if e.get("name") == "robots"] == ["noindex"]
    assert [e.get("href") for e in page.iter("link") if e.get("rel") == "canonical"] == [settings.SITE_URL + past.first]
    today = reader.get(past.first)
    assert [e.get("href") for e in tree(today).iter("link") if e.get("rel") == "canonical"] == [
        settings.SITE_URL + past.first
    ]
    assert "X-Robots-Tag" not in today


def test_links_to_records_lead_to_the_same_moment(reader, past):
    page = main(shown(reader, past.first, past.public))
    to_records = [link for link in links(page) if link.startswith(("/statements/", "/contradictions/", "/topics/"))]
    now = {past.first, *(link for link in to_records if "/history/" in link)}
    asked = f"?as_of={written(past.public)}"
    assert past.pair + asked in to_records
    assert past.topic + asked in to_records
    assert {link for link in to_records if asked not in link} == now


@pytest.mark.parametrize("start", ["", "/ar"])
def test_links_of_a_matrix_lead_to_the_same_moment(reader, past, start):
    """In the index of pairs, in the brackets and in the cells, in each language."""
    page = main(shown(reader, start + past.topic, past.public))
    kinds = (f"{start}/statements/", f"{start}/contradictions/")
    to_records = [link for link in links(page) if link.startswith(kinds)]
    pair = f"{start}{past.pair}?as_of={written(past.public)}"
    assert to_records.count(pair) >= 3
    assert [link for link in to_records if "?as_of=" not in link] == []


@pytest.mark.parametrize("name", ["public", "renamed", "released"])
def test_what_is_a_draft_withdrawn_or_held_is_never_shown(reader, past, name):
    moment = getattr(past, name)
    assert "canary" not in shown(reader, past.topic, moment).content.decode()
    assert "a word that went" not in shown(reader, past.topic, moment).content.decode()
    assert shown(reader, past.gone, moment, 410).content == reader.get(past.gone).content
    draft = Statement.objects.get(content="a canaryword").get_absolute_url()
    assert shown(reader, draft, moment, 404).content == reader.get(draft).content


def test_what_was_not_public_then_says_so(reader, past):
    for address, moment in ((past.first, past.before), (past.topic, past.before), (past.second, past.held)):
        page = text(main(shown(reader, address, moment, 404)))
        assert "was not public then" in page


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("yesterday", "is no moment"),
        ("2026-02-30", "is no moment"),
        ("2026-11-20T25:00Z", "is no moment"),
        ("0001-01-01T00:00+14:00", "is no moment"),
        ("２０２６-11-20", "is no moment"),
        ("2999-01-01", "is not past yet"),
        ("2999-01-01T00:00Z", "is not past yet"),
    ],
)
def test_bad_moment_is_400(reader, past, asked, says):
    answer = reader.get(past.first, {"as_of": asked})
    assert answer.status_code == 400
    assert says in text(main(answer))


def test_moments_as_written():
    noon = datetime(2026, 1, 20, 12, tzinfo=UTC)
    for asked in ("2026-01-20T12:00Z", "2026-01-20T12:00", "2026-01-20T14:00+02:00", "2026-01-20T14:00 02:00"):
        assert moment_of(asked) == noon
    assert moment_of("2026-01-20") == datetime(2026, 1, 20, 23, 59, 59, 999999, tzinfo=UTC)
    assert timezone.now() - moment_of(timezone.now().date().isoformat()) < timedelta(minutes=1)
    assert moment_of(written(noon.replace(microsecond=7))) == noon.replace(microsecond=7)
    with pytest.raises(ValidationError):
        moment_of("2026-01-20T12")


def search_path():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('search_path'), current_setting('transaction_read_only')")
        return cursor.fetchone()


def test_past_ends_with_its_block(past):
    before = search_path()
    with as_of(past.public, within=[past.key]):
        assert Statement.objects.get(pk=past.key).cue == "said"
    assert (search_path(), Statement.objects.get(pk=past.key).cue) == (before, "insisted")


def sleep_in_the_past(moment):
    with as_of(moment, within=[]), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 1")
        cursor.execute("SELECT pg_sleep(1)")


def test_past_ends_after_an_error(reader, past):
    before = search_path()
    with pytest.raises(OperationalError):
        sleep_in_the_past(past.public)
    assert shown(reader, past.first, past.public)
    assert shown(reader, past.second, past.held, 404)
    assert search_path() == before
    assert Statement.objects.get(pk=past.key).cue == "insisted"


def test_nothing_is_written_in_the_past(past):
    with pytest.raises(InternalError, match="read-only"), as_of(past.public, within=[]), connection.cursor() as cursor:
        cursor.execute("UPDATE public.claims_speaker SET name = 'Nobody'")


@pytest.mark.parametrize("count", [1, 3])
def test_past_costs_so_many_queries_more(reader, past, count):
    """The moment's setting and the slug then, what concerns the page, and what changed since; two are the savepoint."""
    with acting(by=User.objects.get(pk=past.editor)):
        for _ in range(count):
            StatementFactory(topics=[Topic.objects.get(pk=past.topic_key)])
    cost = {}
    for address in (past.first, past.pair, past.topic):
        with CaptureQueriesContext(connection) as today:
            reader.get(address)
        with CaptureQueriesContext(connection) as then:
            shown(reader, address, past.parts)
        cost[address] = len(then) - len(today)
    assert cost == {past.first: 13, past.pair: 13, past.topic: 13}
