"""What readers may see, on every public address there is.

`ADDRESSES` says of each name in the URLconf which addresses to ask for; a new name fails until it stands here. Each
row of the truth table is looked for on all of them, beside a twin that must not leave a trace: a canary word stands in
every text of the twin, and no public answer may hold it.
"""

import re
from itertools import pairwise, product

import pytest
from django.urls import reverse
from django.utils import timezone

from claims.choices import Status
from claims.digests import stop_address
from claims.models import Contradiction, Correction, Question, Report, Speaker, SpeakerName, Statement, Topic
from claims.sealing import seal
from claims.sitemaps import SITEMAPS
from claims.views.sharing import FORMS
from sources.models import Capture
from tests.factories import (
    CaptureFactory,
    ContradictionFactory,
    OccasionFactory,
    OutletFactory,
    PositionFactory,
    QuestionFactory,
    ReportFactory,
    SideFactory,
    SourceFactory,
    SpeakerFactory,
    StatementFactory,
    TopicFactory,
    TranslationFactory,
    published_pair,
)
from tests.markup import tree
from tests.walk import routes

pytestmark = pytest.mark.django_db

HELD = {"held_since": timezone.now(), "held_reason": "canaryreason of the check"}
STANDINGS = [
    pytest.param(status, held, id=f"{status}{' held' if held else ''}")
    for status, held in product(Status.values, (False, True))
]

# The lists, with what would show a hidden row in another order, by a filter, or by a search for its words.
LISTS = {
    "front": [""],
    "topic_list": [""],
    "contradiction_list": [""],
    "statement_list": ["", "?q=witness", "?disputed=yes"],
    "speaker_list": ["", "?q=witness"],
    "source_list": ["", "?q=witness"],
    "compare": [""],
    "correction_list": ["", "?kind=withdrawal"],
    "feed_corrections_atom": [""],
    "feed_corrections_json": [""],
    "feed_contradictions_atom": ["", "?finding=in_tension"],
    "feed_contradictions_json": [""],
    "feed_statements_atom": ["", "?q=witness"],
    "feed_statements_json": [""],
    "about_corrections": [""],
    "about_method": [""],
    "about_verification": [""],
    "export_history": [""],
    "export_checkpoint": [""],
    "oembed": ["", "?url=witness"],
    "healthz": [""],
    "robots": [""],
    "sitemap": [""],
    "vocabulary": [""],
    "vocabulary_linked": [""],
    "api_schema": [""],
    "api_topics": [""],
    "api_contradictions": ["", "?finding=in_tension"],
    "api_statements": ["", "?q=witness", "?disputed=yes"],
    "api_speakers": ["", "?q=witness"],
    "api_sources": ["", "?q=witness"],
    "api_corrections": [""],
}
# Further ways to ask, once.
ASKED = [
    "/contradictions/?sort=oldest",
    "/contradictions/?finding=in_tension",
    "/statements/?sort=oldest",
    "/statements/?disputed=no",
    "/statements/?mode=indirect",
    "/statements/?stance=affirms",
    "/statements/?q=talks",
    "/speakers/?kind=person",
    "/sources/?sort=oldest",
]


def details(name):
    """The addresses of every record of one kind, hidden ones too."""
    rows = {
        "feed_topic_atom": Topic.objects.values_list("slug", flat=True),
        "feed_topic_json": Topic.objects.values_list("slug", flat=True),
        "feed_speaker_atom": Speaker.objects.values_list("slug", flat=True),
        "feed_speaker_json": Speaker.objects.values_list("slug", flat=True),
        "topic_detail": Topic.objects.values_list("slug", flat=True),
        "topic_history": Topic.objects.values_list("slug", flat=True),
        "topic_timeline": Topic.objects.values_list("slug", flat=True),
        "contradiction_history": Contradiction.objects.values_list("ref", flat=True),
        "statement_history": Statement.objects.values_list("ref", flat=True),
        "contradiction_detail": Contradiction.objects.values_list("ref", flat=True),
        "statement_detail": Statement.objects.values_list("ref", flat=True),
        "speaker_detail": Speaker.objects.values_list("slug", flat=True),
        "source_detail": Statement.objects.values_list("capture__source__ref", flat=True).distinct(),
        "report_form": [
            (kind, key)
            for kind, keys in (
                ("statements", Statement.objects.values_list("ref", flat=True)),
                ("contradictions", Contradiction.objects.values_list("ref", flat=True)),
                ("topics", Topic.objects.values_list("slug", flat=True)),
                ("speakers", Speaker.objects.values_list("slug", flat=True)),
                ("sources", Statement.objects.values_list("capture__source__ref", flat=True).distinct()),
            )
            for key in keys
        ],
        "report_outcome": Report.objects.values_list("ref", flat=True),
        "mail_stop": [stop_address(1).split("/")[-2]],
        "alert_form": ["statements", "contradictions"],
        "alert_confirm": ["nonsense"],
        "alert_stop": ["nonsense"],
        "embed_contradiction": Contradiction.objects.values_list("ref", flat=True),
        "embed_statement": Statement.objects.values_list("ref", flat=True),
        "card_contradiction": Contradiction.objects.values_list("ref", flat=True),
        "card_statement": Statement.objects.values_list("ref", flat=True),
        "card_topic": Topic.objects.values_list("slug", flat=True),
        "cite_contradiction": [(ref, f) for ref in Contradiction.objects.values_list("ref", flat=True) for f in FORMS],
        "cite_statement": [(ref, f) for ref in Statement.objects.values_list("ref", flat=True) for f in FORMS],
        "cite_topic": [(slug, f) for slug in Topic.objects.values_list("slug", flat=True) for f in FORMS],
        "capture_changes": Capture.objects.values_list("source__ref", "ref"),
        "sitemap_section": SITEMAPS,
        "api_question": Question.objects.values_list("topic__slug", "slug"),
        "api_correction": Correction.objects.values_list("ref", flat=True),
    }
    for kind, page in (("statement", "statement_detail"), ("contradiction", "contradiction_detail")):
        rows |= {f"api_{kind}": rows[page], f"linked_{kind}": rows[page]}
    for kind in ("topic", "speaker"):
        rows |= {f"api_{kind}": rows[f"{kind}_detail"], f"linked_{kind}": rows[f"{kind}_detail"]}
    rows |= dict.fromkeys(["api_source", "api_annotations", "api_annotation_page"], rows["source_detail"])
    rows |= {"api_questions": rows["topic_detail"], "api_annotation": rows["statement_detail"]}
    return [reverse(name, args=key if isinstance(key, tuple) else [key]) for key in rows[name]]


def comparisons():
    """Every two statements beside each other, and every two speakers on every topic."""
    refs = list(Statement.objects.order_by("pk").values_list("ref", flat=True))
    slugs = list(Speaker.objects.order_by("pk").values_list("slug", flat=True))
    found = [f"?statement={one}&statement={other}" for one, other in zip(refs, refs[1:] + refs[:1], strict=True)]
    for topic in Topic.objects.values_list("slug", flat=True):
        found += [f"?topic={topic}"]
        found += [f"?topic={topic}&speaker={one}&speaker={other}" for one, other in pairwise(slugs)]
    return [reverse("compare") + query for query in found if query]


def addresses():
    """Every public address, from the URLconf."""
    found = []
    for route in public_routes():
        if route.parameters:
            found += details(route.name)
        else:
            found += [reverse(route.name) + query for query in LISTS[route.name]]
    return found + comparisons()


def public_routes():
    return [route for route in routes() if not route.is_desk]


def sweep(reader):
    """Address → (status, text) of everything that can be asked for."""
    answers = {address: reader.get(address) for address in addresses()}
    return {
        address: (answer.status_code, answer.getvalue().decode(errors="replace")) for address, answer in answers.items()
    }


def twin(**values):
    """A draft with a canary in each of its texts, and everything that hangs on it."""
    side = SideFactory(name="Canaryside", slug="canaryside")
    speaker = SpeakerFactory(name="Canaryspeaker", slug="canaryspeaker", side=side, description="A canarydescription.")
    SpeakerName.objects.create(speaker=speaker, text="Canaryalias")
    outlet = OutletFactory(name="Canaryoutlet", slug="canaryoutlet")
    source = SourceFactory(
        title="Canarytitle", byline="Canarybyline", note="canarynote", outlet=outlet, url="https://canary.example/"
    )
    return StatementFactory(
        content="the canarycontent of the talks",
        note="canarynote",
        role_text="canaryrole",
        attributed_as="the canaryattribution",
        cue="canarycue",
        cue_class="report",
        date_words="canarydate",
        language="ku",
        occasion=OccasionFactory(name="Canaryoccasion", place="Canaryplace"),
        addressee_text="canaryaddressee",
        speaker=speaker,
        capture=CaptureFactory(
            source=source, text="The canarycontext. They said the canarycontent of the talks.", rights="public_domain"
        ),
        **values,
    )


@pytest.fixture
def hidden(db):
    """Public records that a careless join would lead from to hidden ones; private notes on all of them."""
    pair = published_pair(note="canarynote", first__note="canarynote", first__capture__source__note="canarynote")
    draft = twin(topics=[pair.question.topic], same_words_as=pair.first)
    TranslationFactory(statement=draft, text="canarytranslation")
    PositionFactory(
        statement=draft, question=pair.question, gist="canarygist", words="the canarycontent", value="canaryvalue"
    )
    draft.in_reply_to.add(pair.first)
    pair.first.in_reply_to.add(draft)
    topic = TopicFactory(status="draft", title="Canarytopic", slug="canarytopic", summary="canarysummary")
    question = QuestionFactory(topic=topic, text="Is this a canaryquestion?", slug="canaryquestion")
    pair.first.topics.add(topic)
    Speaker.objects.filter(pk=pair.first.speaker_id).update(parent=SpeakerFactory(name="Canaryparent"))
    PositionFactory(statement=pair.first, question=question, gist="canarygist")
    ContradictionFactory(
        question=pair.question,
        first=pair.first,
        second=draft,
        explanation="canaryexplanation",
        note="canarynote",
        second_words="canarycontent",
        positions=False,
    )
    for record in (draft, pair.first, topic):
        about = {"statement": None, record._meta.model_name: record}
        ReportFactory(**about, message="canarymessage", email="canary@example.org")
    # A published pair on a draft topic, and a draft of a published speaker from a published source.
    published_pair(question=question, first=pair.first, second=pair.second, explanation="canaryexplanation")
    capture = CaptureFactory(source=pair.first.capture.source, text="A canarycopy: the talks.", rights="private")
    StatementFactory(speaker=pair.first.speaker, capture=capture, content="canarycopy")
    StatementFactory(on_behalf_of=pair.first.speaker, content="another canaryword", speaker__name="Canaryspokesman")
    return pair


def test_every_public_address_is_covered():
    assert {route.name for route in public_routes() if not route.parameters} == set(LISTS)
    for route in public_routes():
        if route.parameters:
            details(route.name)  # Raises for an address that nobody has thought of.


def test_hidden_records_leave_no_trace(reader, hidden):
    seal()
    seen = sweep(reader) | {address: (200, reader.get(address).content.decode()) for address in ASKED}
    found = {address: content.casefold() for address, (_, content) in seen.items() if "canary" in content.casefold()}
    assert {address: re.findall(".{60}canary.{60}", content) for address, content in found.items()} == {}
    assert hidden.first.content in seen["/statements/"][1]
    assert hidden.first.content in seen["/export/history.jsonl"][1]


def test_search_for_a_hidden_word_finds_nothing(reader, hidden):
    for address in ("/statements/", "/speakers/", "/sources/"):
        for word in ("canary", "canarycontent", "canaryspeaker", "canaryalias", "canarytitle"):
            answer = reader.get(address, {"q": word})
            page = tree(answer)
            assert [e for e in page.iter("ol") if e.get("class") == "statements"] == []
            assert [e for e in page.iter("ul") if e.get("class") == "further"] == []


def test_counts_are_of_public_rows_alone(reader, hidden):
    seen = sweep(reader)
    assert "Search 2 statements" in seen["/"][1]
    assert "2 statements · 1 comparison<" in seen["/topics/"][1]
    assert seen[hidden.question.topic.get_absolute_url()][1].count("1 statement<") == 0


def test_hidden_topic_does_not_disturb_the_order_or_number_of_others(reader, hidden):
    assert seen_rows(reader, "/contradictions/", "pair-line") == 1
    assert seen_rows(reader, "/topics/", "topic-line") == 1
    assert seen_rows(reader, "/", "pair-line") == 1


def seen_rows(reader, address, name):
    return sum(name in element.get("class", "").split() for element in tree(reader.get(address)).iter())


# The truth table: what stands where in which standing.


def mentions(seen, word):
    return {address for address, (status, content) in seen.items() if word in content and status == 200}


def shared(kind, key):
    """The card for other sites and the citations of a record; its picture has no text."""
    return [f"/embed/{kind}/{key}/", *cited(kind, key)]


def cited(kind, key):
    return [f"/cite/{kind}/{key}.{form}" for form in FORMS]


def feeds(kind, slug):
    return [f"/feeds/{kind}/{slug}.{form}" for form in ("atom", "json")]


@pytest.mark.parametrize(("status", "held"), STANDINGS)
def test_statement_is_seen_where_it_may(reader, status, held):
    topic = TopicFactory()
    statement = StatementFactory(
        status=status,
        **(HELD if held else {}),
        content="the witnessword of the talks",
        topics=[topic],
        speaker__name="Witnessname",
        speaker__slug="slugwitness",
        capture__source__title="Witnesstitle",
    )
    PositionFactory(statement=statement, question=QuestionFactory(topic=topic), gist="witnessgist")
    other = StatementFactory(status="published", content="another word")
    seen = sweep(reader)
    compare = f"/compare/?statement={statement.ref}&statement={other.ref}"
    back = f"/compare/?statement={other.ref}&statement={statement.ref}"
    public = {
        "witnessword": {
            topic.get_absolute_url(),
            f"{topic.get_absolute_url()}timeline/",
            statement.get_absolute_url(),
            statement.speaker.get_absolute_url(),
            statement.capture.source.get_absolute_url(),
            "/statements/",
            "/statements/?q=witness",
            compare,
            back,
            f"/compare/?topic={topic.slug}&speaker=slugwitness&speaker={other.speaker.slug}",
            f"/compare/?topic={topic.slug}",
            f"/report/statements/{statement.ref}/",
            f"/statements/{statement.ref}/history/",
            "/feeds/statements.atom",
            "/feeds/statements.atom?q=witness",
            "/feeds/statements.json",
            *feeds("topics", topic.slug),
            *feeds("speakers", "slugwitness"),
            *shared("statements", statement.ref),
            *for_machines(statement),
            "/api/v1/statements",
            "/api/v1/statements?q=witness",
            f"/api/v1/statements/{statement.ref}/annotation",
            f"/api/v1/sources/{statement.capture.source.ref}/annotations/page",
        },
        "Witnesstitle": {
            statement.get_absolute_url(),
            statement.capture.source.get_absolute_url(),
            compare,
            "/sources/",
            "/sources/?q=witness",
            back,
            f"/report/sources/{statement.capture.source.ref}/",
            *shared("statements", statement.ref),
            *for_machines(statement),
            "/api/v1/statements",
            "/api/v1/statements?q=witness",
            "/api/v1/sources",
            "/api/v1/sources?q=witness",
            f"/api/v1/sources/{statement.capture.source.ref}",
            f"/api/v1/sources/{statement.capture.source.ref}/annotations",
        },
        statement.ref: {"/sitemaps/statements.xml"},
        "slugwitness": {
            "/sitemaps/speakers.xml",
            "/speakers/",
            "/speakers/?q=witness",
            f"/compare/?topic={topic.slug}",
            "/api/v1/speakers",
        },
        statement.capture.source.ref: {"/sitemaps/sources.xml", "/api/v1/sources"},
    }
    visible = status == Status.PUBLISHED and not held
    for word, places in public.items():
        found = mentions(seen, word)
        assert found >= places if visible else found == set(), word
        if word.startswith(("witness", "Witness")) and visible:
            assert found == places, word
    expected = 200 if visible else 410 if status == Status.WITHDRAWN else 404
    assert seen[statement.get_absolute_url()][0] == expected
    assert seen[statement.speaker.get_absolute_url()][0] == (200 if visible else 404)
    assert seen[statement.capture.source.get_absolute_url()][0] == (200 if visible else 404)
    if not visible:
        assert {address for address, (_, content) in seen.items() if "witness" in content.casefold()} <= {
            "/statements/?q=witness",
            "/speakers/?q=witness",
            "/sources/?q=witness",
            "/feeds/statements.atom?q=witness",
        }


def for_machines(record):
    """A record as JSON and as JSON-LD."""
    address = record.get_absolute_url().rstrip("/")
    return [f"/api/v1{address}", f"{address}.jsonld"]


@pytest.mark.parametrize(("status", "held"), STANDINGS)
def test_pair_is_seen_where_it_may(reader, status, held):
    standing = {"status": status, **(HELD if held else {})}
    pair = published_pair(explanation="A witnessexplanation.", note="canarynote", **standing)
    seen = sweep(reader)
    visible = status == Status.PUBLISHED and not held
    places = {
        f"{pair.question.topic.get_absolute_url()}timeline/",
        "/",
        "/contradictions/",
        "/sitemaps/contradictions.xml",
        *for_machines(pair),
        "/api/v1/contradictions",
        "/api/v1/contradictions?finding=in_tension",
        "/api/v1/statements",
        "/api/v1/statements?disputed=yes",
        *(f"/api/v1/statements/{side.ref}" for side in (pair.first, pair.second)),
        pair.question.topic.get_absolute_url(),
        pair.first.get_absolute_url(),
        pair.second.get_absolute_url(),
        pair.first.speaker.get_absolute_url(),
        pair.second.speaker.get_absolute_url(),
        f"/report/contradictions/{pair.ref}/",
        # Its own page leads to its history, whose address begins with its own.
        pair.get_absolute_url(),
        f"/contradictions/{pair.ref}/history/",
        *feeds("topics", pair.question.topic.slug),
        *feeds("speakers", pair.first.speaker.slug),
        *feeds("speakers", pair.second.speaker.slug),
        "/feeds/contradictions.atom",
        "/feeds/contradictions.atom?finding=in_tension",
        "/feeds/contradictions.json",
        *shared("contradictions", pair.ref),
        f"/compare/?topic={pair.question.topic.slug}&speaker={pair.first.speaker.slug}&speaker={pair.second.speaker.slug}",
        f"/compare/?statement={pair.first.ref}&statement={pair.second.ref}",
        f"/compare/?statement={pair.second.ref}&statement={pair.first.ref}",
    }
    assert mentions(seen, pair.get_absolute_url()) == (places if visible else set())
    assert seen[pair.get_absolute_url()][0] == (200 if visible else 410 if status == Status.WITHDRAWN else 404)
    told = {address for address in places if address.startswith(("/feeds/", "/api/v1/contradictions"))}
    told |= {pair.get_absolute_url(), *for_machines(pair)}
    assert mentions(seen, "witnessexplanation") == (told if visible else set())
    assert ("1 comparison<" in seen["/topics/"][1]) == visible
    yes = tree(seen["/statements/?disputed=yes"][1])
    assert len([e for e in yes.iter("p") if e.get("class") == "list-who"]) == (2 if visible else 0)


@pytest.mark.parametrize("status", Status.values)
def test_topic_and_what_stands_under_it(reader, status):
    """The statement itself stays public; its answer, the pair and the topic's name do not."""
    pair = published_pair(
        question__topic__status=status,
        question__topic__title="Witnesstopic",
        question__topic__slug="witnesstopic",
        question__text="A witnessquestion?",
    )
    pair.first.topics.add(pair.question.topic)
    seen = sweep(reader)
    visible = status == Status.PUBLISHED
    assert seen["/topics/witnesstopic/"][0] == (200 if visible else 410 if status == Status.WITHDRAWN else 404)
    assert seen[pair.first.get_absolute_url()][0] == 200
    assert seen[pair.get_absolute_url()][0] == (200 if visible else 410 if status == Status.WITHDRAWN else 404)
    named = {
        address for address, (_, content) in seen.items() if "witness" in content.casefold() and "q=" not in address
    }
    two = f"/compare/?topic=witnesstopic&speaker={pair.first.speaker.slug}&speaker={pair.second.speaker.slug}"
    statements = f"/compare/?statement={pair.first.ref}&statement={pair.second.ref}"
    back = f"/compare/?statement={pair.second.ref}&statement={pair.first.ref}"
    assert named == (
        {
            "/",
            "/topics/",
            "/topics/witnesstopic/",
            "/contradictions/",
            "/compare/",
            "/corrections/",
            "/corrections/?kind=withdrawal",
            "/statements/",
            "/statements/?disputed=yes",
            "/sitemaps/topics.xml",
            "/api/v1/topics",
            *for_machines(pair.question.topic),
            "/api/v1/topics/witnesstopic/questions",
            f"/api/v1/topics/witnesstopic/questions/{pair.question.slug}",
            "/api/v1/contradictions",
            "/api/v1/contradictions?finding=in_tension",
            *for_machines(pair),
            "/api/v1/statements",
            "/api/v1/statements?disputed=yes",
            *(address for side in (pair.first, pair.second) for address in for_machines(side)),
            pair.get_absolute_url(),
            "/report/topics/witnesstopic/",
            "/topics/witnesstopic/history/",
            "/topics/witnesstopic/timeline/",
            "/sitemaps/timelines.xml",
            two,
            "/compare/?topic=witnesstopic",
            statements,
            back,
            "/feeds/contradictions.atom",
            "/feeds/contradictions.atom?finding=in_tension",
            "/feeds/contradictions.json",
            *feeds("topics", "witnesstopic"),
            *cited("topics", "witnesstopic"),
            *shared("contradictions", pair.ref),
            *feeds("speakers", pair.first.speaker.slug),
            *feeds("speakers", pair.second.speaker.slug),
            *(record.get_absolute_url() for s in (pair.first, pair.second) for record in (s, s.speaker)),
        }
        if visible
        else set()
    )


@pytest.mark.parametrize("status", ["draft", "in_review"])
def test_every_hidden_address_answers_like_an_unknown_one(reader, status):
    """Status and body; compared on the page that the same kind of address gives for a name that never was."""
    draft = twin(status=status, topics=[TopicFactory(status=status, slug="canarytopic", title="Canarytopic")])
    pair = ContradictionFactory(status=status, question__topic=draft.topics.get(), first=draft)
    records = [draft, draft.speaker, draft.capture.source, draft.topics.get(), pair]
    for record in records:
        address = record.get_absolute_url()
        key = address.split("/")[2]
        unknown = reader.get(address.replace(key, "z" * len(key)))
        answer = reader.get(address)
        assert (answer.status_code, answer.content) == (404, unknown.content), address
        assert answer.headers == unknown.headers
