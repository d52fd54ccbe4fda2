"""The command that measures proposals: the gold set, and what is recorded from captures that hold a whole text."""

import io
import re

import pytest
from django.core.management import call_command

from claims.evaluation import evaluate_recorded, recorded_case
from tests.factories import CaptureFactory, SpeakerFactory, StatementFactory

pytestmark = pytest.mark.django_db

# The shapes of a news report: cue before, behind and in the middle, a denial, a passive, a reply, a bare quotation.
STORY = """\
Oslo plans to close the port as harbour officials said that the storm was the reason for it.

Trade sources told the Post that Oslo has halted the sale.

“The matter is hard,” the sources said.

The yard was hit, claimed by an unknown group calling itself “gulls.”

The Harbour Office denied that the talks were about the sale.

“At no time did we discuss the sale,” spokesman Karl Ott noted, but pointed that talks were underway.

The Trade Ministry replied to the office by saying they were “wrong.”

The work highlights a "wide reach in the north," said Envoy Ann Lee.

"We will go on with this work in the years to come."\
"""
READ = [
    ("the storm was the reason for it", "harbour officials", []),
    ("Oslo has halted the sale", "Trade sources", []),
    ("The matter is hard", "the sources", ["The matter is hard"]),
    ("claimed by an unknown group calling itself “gulls.”", "an unknown group", []),
    ("the talks were about the sale", "The Harbour Office", []),
    ("At no time did we discuss the sale", "spokesman Karl Ott", ["At no time did we discuss the sale"]),
    ("talks were underway", "spokesman Karl Ott", []),
    ("they were “wrong.”", "The Trade Ministry", ["wrong"]),
    ('The work highlights a "wide reach in the north,"', "Envoy Ann Lee", ["wide reach in the north"]),
    ("We will go on with this work in the years to come", "", ["We will go on with this work in the years to come"]),
]


def test_every_statement_of_a_news_report_is_found_with_its_quoted_words():
    capture = CaptureFactory(text=STORY)
    for words, speaker, quotes in READ:
        mode = "direct" if quotes == [words] else "mixed" if quotes else "indirect"
        by = SpeakerFactory(name=speaker or "Ann Lee")
        StatementFactory(
            capture=capture, speaker=by, content=words, attributed_as=speaker, quotes=quotes, mode=mode, anchored=True
        )
    found = evaluate_recorded(recorded_case(capture))
    assert (found.missed, found.spare) == ([], [])
    assert (found.found, found.quotes_found, found.quotes) == (10, 5, 5)


def test_the_command_counts_by_file_and_in_total_and_says_what_was_missed():
    capture = CaptureFactory(text="The mayor said the port is open.", source__title="Port news")
    StatementFactory(
        capture=capture,
        content="the port is open",
        attributed_as="The mayor",
        mode="indirect",
        quotes=[],
        anchored=True,
    )
    out = io.StringIO()
    call_command("evaluate_proposals", verbosity=2, stdout=out)
    *blocks, meaning = out.getvalue().strip().split("\n\n")
    assert re.fullmatch(r"gold: [^\n]+", meaning)
    tables = {block.splitlines()[0]: block.splitlines()[1:] for block in blocks}
    assert list(tables) == [
        "reported speech, used while writing",
        "sentences of turns, used while writing",
        "reported speech, held out",
        "sentences of turns, held out",
        "recorded statements",
    ]
    assert [row.split()[-7:] for row in tables["recorded statements"][1:]] == [
        ["1", "1", "1", "–", "1.00", "1.00", "0/0"]
    ] * 2
    assert any(row.startswith("    missed   ") for row in tables["reported speech, held out"])


def test_the_gold_set_alone_needs_no_record():
    out = io.StringIO()
    call_command("evaluate_proposals", "--gold-only", stdout=out)
    assert "recorded statements" not in out.getvalue()
    assert "missed" not in out.getvalue()
