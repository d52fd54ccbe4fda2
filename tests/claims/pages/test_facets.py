"""How many results each value of a filter would leave: right numbers, of public rows only, in few queries."""

import pytest

from claims import facets
from claims.models import Statement
from tests.factories import (
    OutletFactory,
    PositionFactory,
    QuestionFactory,
    SideFactory,
    SpeakerFactory,
    StatementFactory,
    TopicFactory,
    published_pair,
)
from tests.markup import by_class, main, text

pytestmark = pytest.mark.django_db


def offered(reader, address):
    """Legend → label → number, as the form shows them."""
    answer = reader.get(address)
    assert answer.status_code == 200
    found = {}
    for fieldset in main(answer).iter("fieldset"):
        options = {}
        for label in fieldset.iter("label"):
            (number,) = by_class(label, "tally")
            options[text(label).removesuffix(text(number)).strip()] = text(number)
        found[text(fieldset.find("legend"))] = options
    return found


def public(**values):
    return StatementFactory(status="published", **values)


def test_values_with_their_results_most_first(reader):
    minister, aide = SpeakerFactory(name="The minister"), SpeakerFactory(name="An aide")
    for terms in ("leak", "on_record", "on_record"):
        public(speaker=minister, sourcing=terms)
    public(speaker=aide, sourcing="on_record")
    found = offered(reader, "/statements/")
    assert list(found["Terms"].items()) == [("On the record", "3"), ("Leaked", "1")]
    assert list(found["Speaker"].items()) == [("The minister", "3"), ("An aide", "1")]


def test_other_filters_bound_the_numbers_and_the_filter_itself_does_not(reader):
    minister, aide = SpeakerFactory(name="The minister"), SpeakerFactory(name="An aide")
    public(speaker=minister, sourcing="on_record")
    public(speaker=minister, sourcing="leak")
    public(speaker=aide, sourcing="leak")
    found = offered(reader, f"/statements/?speaker={minister.slug}")
    assert found["Speaker"] == {"The minister": "2", "An aide": "1"}
    assert found["Terms"] == {"Leaked": "1", "On the record": "1"}
    both = offered(reader, f"/statements/?speaker={minister.slug}&sourcing=leak")
    assert both["Speaker"] == {"The minister": "1", "An aide": "1"}
    assert both["Terms"] == {"Leaked": "1", "On the record": "1"}


def test_chosen_value_without_results_stays_to_be_unticked(reader):
    aide = SpeakerFactory(name="An aide")
    public(speaker=aide, content="Something else was said.")
    public(content="The talks went on.")
    found = offered(reader, f"/statements/?speaker={aide.slug}&q=talks")
    assert found["Speaker"]["An aide"] == "0"


def test_joint_statement_counts_for_each_speaker_and_once_for_their_side(reader):
    side = SideFactory(name="The delegation")
    one, other = SpeakerFactory(name="One", side=side), SpeakerFactory(name="Other", side=side)
    public(speaker=one, further_speakers=[other])
    found = offered(reader, "/statements/")
    assert found["Speaker"] == {"One": "1", "Other": "1"}
    assert found["Side"] == {"The delegation": "1"}


def test_what_is_hidden_counts_nowhere(reader):
    seen = public(topics=[TopicFactory(title="A story", status="published"), TopicFactory(title="Hid", status="draft")])
    hidden_question = QuestionFactory(text="Hidden?", topic__status="draft")
    PositionFactory(statement=seen, question=hidden_question, stance="denies")
    StatementFactory(status="draft", speaker=seen.speaker, topics=seen.topics.all())
    found = offered(reader, "/statements/")
    assert found["Topic"] == {"A story": "1"}
    assert found.keys() & {"Question", "Answer"} == set()
    assert found["Speaker"] == {seen.speaker.name: "1"}


def test_pairs_count_by_each_voice_and_mechanism(reader):
    speaker = SpeakerFactory(name="The minister")
    pair = published_pair(first__speaker=speaker, second__speaker=speaker, mechanisms=["negation", "numeric"])
    found = offered(reader, "/contradictions/")
    assert found["Speaker"] == {"The minister": "1"}
    assert found["Mechanism"] == {"Negation": "1", "Numbers": "1"}
    assert found["Finding"] == {pair.get_finding_display(): "1"}


def test_lists_of_speakers_and_sources_count_too(reader):
    public(capture__source__outlet=OutletFactory(name="The paper"), speaker__kind="office")
    assert offered(reader, "/speakers/")["Kind"] == {"Office": "1"}
    assert offered(reader, "/sources/")["Outlet"] == {"The paper": "1"}


def test_only_so_many_values_are_offered(reader):
    for number in range(facets.MOST_SHOWN + 2):
        public(speaker__name=f"Speaker {number:02}")
    assert len(offered(reader, "/statements/")["Speaker"]) == facets.MOST_SHOWN


def test_counting_has_a_bound(monkeypatch):
    monkeypatch.setattr(facets, "MOST_COUNTED", 2)
    for _ in range(3):
        public()
    found = facets.counts(Statement.objects.published(), {"mode": facets.Facet(("mode",))})
    assert [(count.value, count.results) for count in found["mode"]] == [("indirect", 2)]


def test_nonsense_shows_the_form_without_numbers(reader):
    public()
    answer = reader.get("/statements/?mode=loud")
    assert answer.status_code == 400
    assert by_class(main(answer), "tally") == []
