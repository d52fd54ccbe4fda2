"""The matrix of the seed story with the briefings, as a reader sees it."""

import re
from collections import Counter
from datetime import date

import pytest

from claims.models import Contradiction, Position, Question, Side, Statement, Topic
from tests.factories import (
    PositionFactory,
    QuestionFactory,
    SpeakerFactory,
    StatementFactory,
    TopicFactory,
    published_pair,
)
from tests.markup import by_class, links, main, one, text, texts, tree

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story")]

TALKS = "us-iraq-coalition-talks"
COLUMNS = ["Iraq", "United States", "Unnamed sources", "The outlet itself"]
SEED_QUESTIONS = [
    "Were the talks about the withdrawal of US forces?",
    "What is the state of the talks?",
    "Who put the timetable on hold?",
    "Why was it put on hold?",
    "Who are the Americans at the base / in Iraq?",
    "What are the talks meant to produce?",
]
BRIEFING_QUESTIONS = ["Has Iraq asked the US-led forces to leave?", "When would US forces or the coalition leave Iraq?"]


def page(reader, slug=TALKS):
    answer = reader.get(f"/topics/{slug}/")
    assert answer.status_code == 200
    return main(answer)


def rows(page):
    """Question → column → the cell."""
    table = one(by_class(page, "matrix"))
    heads = [
        text(th.find("span")) for th in table.findall("./thead/tr/th[@scope='col']") if th.find("span") is not None
    ]
    return {
        text(one(by_class(body, "question"))): dict(zip(heads, body.findall("./tr/td[@data-column]"), strict=True))
        for body in table.findall("./tbody")
    }


def entries(cell):
    return by_class(cell, "entry")


def test_matrix_has_each_question_as_a_row_and_each_party_as_a_column(reader):
    table = one(by_class(page(reader), "matrix"))
    heads = table.findall("./thead/tr/th")
    assert {th.get("scope") for th in heads} == {"col"}
    assert texts(by_class(table.find("thead"), "column-name")) == COLUMNS
    found = table.findall("./tbody")
    assert [[th.get("scope") for th in body.iter("th")] for body in found] == [["row"]] * len(found)
    assert texts(by_class(table, "question")) == SEED_QUESTIONS + BRIEFING_QUESTIONS
    assert [body.get("id") for body in found] == list(
        Question.objects.filter(topic__slug=TALKS).order_by("order").values_list("slug", flat=True)
    )


def counted(kind=None, side=None):
    """Statements on record of a column, counted without the code under test: joint ones in each speaker's side."""
    found = 0
    for statement in Statement.objects.published().filter(topics__slug=TALKS):
        speakers = [statement.speaker, *statement.further_speakers.all()]
        if kind:
            found += statement.speaker.kind == kind
        else:
            found += side in {s.side.slug for s in speakers if s.side}
    return found


def test_matrix_counts_each_side_in_words(reader):
    tallies = texts(by_class(one(by_class(page(reader), "matrix")).find("thead"), "tally"))
    assert tallies == [
        "17 statements, 1 from unnamed sources",
        "20 statements",
        "5 statements",
        "2 statements",
    ]
    counts = [counted(side="iraq"), counted(side="united-states"), counted(kind="unnamed"), counted(kind="outlet")]
    assert [int(tally.split()[0]) for tally in tallies] == counts


def test_matrix_places_every_public_position_once_a_column(reader):
    shown = Counter()
    for question, cells in rows(page(reader)).items():
        for column, cell in cells.items():
            for entry in entries(cell):
                shown[question, column, links(one(by_class(entry, "entry-words")))[0]] += 1
    expected = set()
    for position in Position.objects.published().filter(question__topic__slug=TALKS):
        statement = position.statement
        kind = statement.speaker.kind
        if kind in {"unnamed", "outlet"}:
            columns = [COLUMNS[2 if kind == "unnamed" else 3]]
        else:
            sides = Side.objects.filter(speakers__in=[statement.speaker, *statement.further_speakers.all()])
            columns = [side.name for side in sides]
        expected |= {(position.question.text, column, f"/statements/{statement.ref}/") for column in columns}
    assert shown == Counter(expected)


def test_matrix_answers_of_the_seed_are_those_of_the_careful_reading(reader, settings):
    """positions.csv of the story, statement by statement; the values are the editor's and not compared."""
    labels = {
        "presupposes_yes": "Takes it for granted",
        "denies": "No",
        "qualified_yes": "Yes, with a limit",
        "unclear": "Unclear",
        "value": "Says",
    }
    refs = {
        s.note.split(".")[0].removeprefix("Seed "): s.ref for s in Statement.objects.filter(note__startswith="Seed ")
    }
    shown = {
        (question, links(one(by_class(entry, "entry-words")))[0]): text(one(by_class(entry, "stance")))
        for question, cells in rows(page(reader)).items()
        for cell in cells.values()
        for entry in entries(cell)
    }
    expected = [
        ("A1a A2", 0, "presupposes_yes"),
        ("A8 A10a", 0, "denies"),
        ("A12 A13 A15", 0, "qualified_yes"),
        ("A11", 0, "unclear"),
        ("A2 A5 A10b A15 A4", 1, "value"),
        ("A1a A2 A4", 2, "value"),
        ("A1b A3 A5", 3, "value"),
        ("A6a A7 A10a A13 A14a", 4, "value"),
        ("A8 A9 A10b A12 A15", 5, "value"),
    ]
    for names, question, stance in expected:
        for name in names.split():
            assert shown[SEED_QUESTIONS[question], f"/statements/{refs[name]}/"] == labels[stance], name


def test_matrix_every_link_of_a_cell_leads_to_a_page(reader):
    shown = page(reader)
    found = {
        link
        for cells in rows(shown).values()
        for cell in cells.values()
        for entry in entries(cell)
        for link in links(entry)
    }
    statements = {f"/statements/{ref}/" for ref in Statement.objects.published().values_list("ref", flat=True)}
    pairs = {f"/contradictions/{ref}/" for ref in Contradiction.objects.published().values_list("ref", flat=True)}
    within = {link for link in found if link.startswith("#")}
    assert within <= {f"#{e.get('id')}" for e in shown.iter() if e.get("id")}
    assert found - within - statements == pairs
    assert found - within - pairs <= statements


def test_matrix_cells_are_oldest_first_and_undated_last(reader):
    said = dict(Statement.objects.values_list("ref", "said_from"))
    for question, cells in rows(page(reader)).items():
        for column, cell in cells.items():
            days = [said[links(one(by_class(e, "entry-words")))[0].split("/")[2]] for e in entries(cell)]
            known = [day for day in days if day]
            assert days == sorted(known) + [None] * (len(days) - len(known)), (question, column)


def test_matrix_says_where_nothing_is_on_record(reader):
    cells = rows(page(reader))["Who put the timetable on hold?"]
    assert text(cells["United States"]) == "No statement on record"
    assert cells["United States"].get("class") == "none"
    assert len(entries(cells["Iraq"])) == 1


def test_matrix_marks_a_pair_at_both_its_ends(reader):
    cells = rows(page(reader))[SEED_QUESTIONS[0]]

    def tie(column, ref):
        entry = one(e for e in entries(cells[column]) if f"/statements/{ref}/" in links(e))
        return one(li for li in one(by_class(entry, "ties")) if "/contradictions/z8zaqp1317/" in links(li))

    assert text(tie("Unnamed sources", "hhejaw7a5f")) == "1 Contradiction with Matthew Miller"
    assert text(tie("United States", "m9qhcy0t9c")) == "1 Contradiction with Official sources"


def test_matrix_counts_the_pairs_of_each_question(reader):
    table = one(by_class(page(reader), "matrix"))
    shown = {
        text(one(by_class(body, "question"))): texts(by_class(body, "row-finding")) for body in table.findall("./tbody")
    }
    for question in Question.objects.filter(topic__slug=TALKS):
        counts = Counter(p.get_finding_display() for p in Contradiction.objects.filter(question=question))
        found = dict(line.split(": ") for line in shown[question.text])
        found.pop("Agreement", None)
        assert {label: int(n) for label, n in found.items()} == counts, question.slug


def test_matrix_says_who_agrees(reader):
    cells = rows(page(reader))[SEED_QUESTIONS[0]]
    denial = one(e for e in entries(cells["United States"]) if "/statements/5zk0dt6t15/" in links(e))
    assert [line for line in texts(one(by_class(denial, "ties"))) if "Agrees" in line] == [
        "b Agrees with Matthew Miller: not about withdrawal"
    ]
    cause = rows(page(reader))["Why was it put on hold?"]
    assert [
        line for e in entries(cause["Unnamed sources"]) for line in texts(one(by_class(e, "ties"))) if "Agrees" in line
    ] == [
        "a Agrees with Official sources: the attack on Ain al-Asad",
        "a Agrees with Iraqi officials: the attack on Ain al-Asad",
    ]


def test_names_that_agree_are_each_read_in_their_own_direction(reader):
    """One isolate around “A و B” would be read from left to right, Arabic joint and all."""
    arabic = reader.get("/ar/topics/us-iraq-coalition-talks/").content.decode()
    assert "<bdi>Hussein Allawi</bdi> و<bdi>Ministry of Foreign Affairs (Iraq)</bdi>" in arabic
    assert "مع <bdi>Matthew Miller</bdi>: <bdi" in arabic


def test_matrix_draws_quotation_marks_only_around_verified_words(reader):
    for cells in rows(page(reader)).values():
        for cell in cells.values():
            for entry in entries(cell):
                words = one(by_class(entry, "entry-words"))
                statement = Statement.objects.get(ref=links(words)[0].split("/")[2])
                bare = text(words).removeprefix("“").removesuffix("”")
                quotes = statement.anchors.filter(part="quote").values_list("exact", flat=True)
                found = [" ".join(exact.split()) for exact in quotes]
                quoted = all(any(piece in exact for exact in found) for piece in bare.split(" […] "))
                cue = f", introduced by “{statement.cue}”" if statement.cue else ""
                form = "the outlet’s own words" if statement.mode == "narrator" else f"paraphrase{cue}"
                assert (text(words) == f"“{bare}”") == quoted, statement.ref
                said = [
                    p.removesuffix("as interpreted").removesuffix(", ") for p in texts(by_class(entry, "entry-form"))
                ]
                assert [p for p in said if p] == [form] * (not quoted)


def test_matrix_lists_statements_without_a_position_below(reader):
    below = one(s for s in page(reader).iter("section") if s.get("aria-labelledby") == "further")
    placed = Position.objects.published().filter(question__topic__slug=TALKS).values("statement")
    expected = Statement.objects.published().filter(topics__slug=TALKS).exclude(pk__in=placed)
    assert Counter(links(below)) == Counter(f"/statements/{s.ref}/" for s in expected)
    assert len(links(below)) > 0


def test_matrix_index_names_every_pair_under_its_question(reader):
    index = one(by_class(page(reader), "pair-index"))
    pairs = Contradiction.objects.published().filter(question__topic__slug=TALKS)
    assert Counter(link for link in links(index) if link.startswith("/")) == Counter(
        p.get_absolute_url() for p in pairs
    )
    anchors = {body.get("id") for body in page(reader).iter("tbody")}
    assert {link.removeprefix("#") for link in links(index) if link.startswith("#")} <= anchors


def test_pairs_are_drawn_between_the_columns_of_their_ends(reader):
    """Counted from the records: the columns of both ends, and a number that each end shows."""
    table = one(by_class(page(reader), "matrix"))
    drawn = {links(bond)[0]: bond for bond in by_class(table, "bond") if links(bond)}
    pairs = Contradiction.objects.published().filter(question__topic__slug=TALKS)
    assert set(drawn) == {pair.get_absolute_url() for pair in pairs}
    numbers = sorted(int(text(one(by_class(bond, "bond-mark")))) for bond in drawn.values())
    assert numbers == list(range(1, len(numbers) + 1))
    for pair in pairs:
        bond = drawn[pair.get_absolute_url()]
        number = text(one(by_class(bond, "bond-mark")))
        cells = rows(page(reader))[pair.question.text]
        where = {}
        for n, cell in enumerate(cells.values(), 1):
            for entry in entries(cell):
                for end in (pair.first, pair.second):
                    if f"/statements/{end.ref}/" in links(entry):
                        where.setdefault(end.ref, []).append(n)
                        assert any(line.startswith(f"{number} ") for line in texts(one(by_class(entry, "ties")))), pair
        ends = {int(name.split("-")[1]) for name in bond.get("class").split() if name.startswith(("from-", "to-"))}
        assert any({one, two} == ends for one in where[pair.first.ref] for two in where[pair.second.ref]), pair


def test_agreements_are_drawn_once_a_gist(reader):
    first = page(reader).find(".//tbody")
    shared = ["Joe Biden and Mohammed Shia al-Sudani", "Hussein Allawi", "Ministry of Foreign Affairs (Iraq)"]
    assert texts(by_class(first, "agreement")) == [
        f"a Agreement the end of the coalition’s mission · {' / '.join(shared)}",
        "b Agreement not about withdrawal · Matthew Miller / Department of State (US)",
        "c Agreement talks about withdrawal · Asharq Al-Awsat / Official sources",
    ]


def test_order_may_be_turned_and_undated_stay_last(reader):
    said = dict(Statement.objects.values_list("ref", "said_from"))
    answer = reader.get(f"/topics/{TALKS}/?order=newest")
    current = [text(a) for a in main(answer).iter("a") if a.get("aria-current")]
    assert current == ["Newest first"]
    for cells in rows(main(answer)).values():
        for cell in cells.values():
            days = [said[links(one(by_class(e, "entry-words")))[0].split("/")[2]] for e in entries(cell)]
            known = [day for day in days if day]
            assert days == sorted(known, reverse=True) + [None] * (len(days) - len(known))


def test_unknown_order_is_refused_and_the_page_stays(reader):
    answer = reader.get(f"/topics/{TALKS}/?order=loudest")
    assert answer.status_code == 400
    assert text(one(by_class(main(answer), "problem"))) == (
        "“loudest” is no order; choose oldest or newest. Show the oldest first"
    )
    assert len(rows(main(answer))) == 8


def test_balance_counts_statements_and_words_by_side(reader):
    shown = {
        text(tr.find("th")): [text(td) for td in tr.findall("td")]
        for tr in one(by_class(page(reader), "balance")).findall("./tbody/tr")
    }
    assert list(shown) == COLUMNS
    outlet = Statement.objects.published().filter(topics__slug=TALKS, speaker__kind="outlet")
    assert shown["The outlet itself"] == [str(outlet.count()), str(sum(len(s.content.split()) for s in outlet))]
    assert [int(counts[0]) for counts in shown.values()] == [17, 20, 5, 2]


def test_first_lines_say_how_much_since_when_and_how_many_without_a_name(reader):
    unnamed = Statement.objects.published().filter(topics__slug=TALKS, speaker__kind="unnamed").count()
    assert text(by_class(page(reader), "tally")[0]) == (
        f"39 statements · 16 January 2024 to 15 August 2024 · {unnamed} by sources without a name"
    )


def test_speaker_who_answers_otherwise_later_is_marked_at_the_later_words(reader):
    speaker, question = SpeakerFactory(side=Side.objects.get(slug="iraq")), QuestionFactory()
    when = {"precision": "day", "date_basis": "in_text", "status": "published", "topics": [question.topic]}
    early, late = date(2024, 1, 5), date(2024, 8, 15)
    before = StatementFactory(speaker=speaker, said_from=early, said_to=early, **when)
    after = StatementFactory(speaker=speaker, said_from=late, said_to=late, **when)
    PositionFactory(statement=before, question=question, stance="affirms")
    PositionFactory(statement=after, question=question, stance="denies")
    shown = page(reader, question.topic.slug)
    turn = one(by_class(shown, "turn"))
    assert text(turn) == "Answered otherwise before: Yes, 5 January 2024"
    target = one(e for e in shown.iter("li") if f"#{e.get('id')}" == turn.get("href"))
    assert f"/statements/{before.ref}/" in links(target)


def test_every_word_of_ours_is_arabic_on_the_arabic_page(reader):
    shown = main(reader.get(f"/ar/topics/{TALKS}/"))
    ours = texts(
        [*shown.iter("h2"), *by_class(shown, "stance"), *by_class(shown, "row-finding"), *shown.iter("caption")]
    )
    assert len(ours) > 50
    assert [words for words in ours if re.search("[A-Za-z]", words)] == []
    question = one(by_class(shown.find(".//tbody"), "question"))
    assert (question.get("lang"), question.get("dir")) == ("en", "ltr")


def test_declined_cell_is_another_kind_of_empty(reader):
    question = QuestionFactory()
    refused = StatementFactory(status="published", speaker__side=Side.objects.get(slug="iraq"), topics=[question.topic])
    PositionFactory(statement=refused, question=question, stance="declines")
    StatementFactory(status="published", speaker__side=Side.objects.get(slug="united-states"), topics=[question.topic])
    cells = rows(page(reader, question.topic.slug))[question.text]
    assert text(one(by_class(cells["Iraq"], "empty"))) == "Declined to answer."
    assert cells["Iraq"].get("class") == "declined"
    assert text(cells["United States"]) == "No statement on record"


def test_speakers_without_a_side_stand_under_others(reader):
    topic = TopicFactory()
    QuestionFactory(topic=topic)
    StatementFactory(status="published", topics=[topic], speaker=SpeakerFactory(side=None))
    assert texts(by_class(page(reader, topic.slug), "column-name")) == ["Others"]


def test_topic_without_questions_lists_its_statements(reader):
    found = page(reader, "hezbollah-sanctions-2025")
    assert by_class(found, "matrix") == []
    assert texts(found.iter("h2")) == ["Statements", "Cite and share"]
    refs = Statement.objects.filter(topics__slug="hezbollah-sanctions-2025").values_list("ref", flat=True)
    about = [f"/topics/hezbollah-sanctions-2025/{page}/" for page in ("history", "timeline")]
    about += ["/report/topics/hezbollah-sanctions-2025/", "/compare/?topic=hezbollah-sanctions-2025"]
    about += [f"/feeds/topics/hezbollah-sanctions-2025.{form}" for form in ("atom", "json")]
    about += [f"/cite/topics/hezbollah-sanctions-2025.{form}" for form in ("csl.json", "bib", "ris", "txt")]
    inside = [link for link in links(found) if not link.startswith("mailto:")]
    assert Counter(inside) == Counter([*(f"/statements/{ref}/" for ref in refs), *about])


def test_topic_without_anything(reader):
    found = page(reader, TopicFactory(title="A quiet story").slug)
    assert text(found.find(".//h1")) == "A quiet story"
    assert by_class(found, "matrix") == []


def test_pair_on_another_topic_does_not_show(reader):
    pair = published_pair()
    pair.first.topics.add(Topic.objects.get(slug=TALKS))
    assert pair.get_absolute_url() not in links(page(reader))


def test_topic_list_counts(reader):
    answer = main(reader.get("/topics/"))
    shown = {links(line)[0]: text(one(by_class(line, "tally"))) for line in by_class(answer, "topic-line")}
    assert shown == {
        f"/topics/{TALKS}/": "39 statements · 17 comparisons",
        "/topics/ain-al-asad-attack-2024/": "9 statements",
        "/topics/hezbollah-sanctions-2025/": "5 statements",
        "/topics/us-iran-nuclear-deal-2025/": "1 statement",
        "/topics/lebanon-hezbollah-2025/": "1 statement",
    }
    assert list(shown) == [t.get_absolute_url() for t in Topic.objects.order_by("order", "title")]


def test_title_of_the_page(reader):
    head = tree(reader.get(f"/topics/{TALKS}/")).find("head")
    assert text(head.find("title")) == "US–Iraq talks on the coalition’s mission · Rashomon"
