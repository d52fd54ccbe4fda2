"""W3C selectors out and in."""

import json

import pytest

from sources.anchoring import Span
from sources.selectors import Selected, read_selectors, resolve, write_selectors

TEXT = "🕊️ No deal. قال: لا اتفاق. No deal."


def test_selectors_of_a_span_lead_back_to_it():
    for span in (Span(3, 10), Span(27, 34), Span(17, 25)):
        written = json.loads(json.dumps(write_selectors(TEXT, span)))
        assert [selector["type"] for selector in written] == ["TextQuoteSelector", "TextPositionSelector"]
        assert resolve(TEXT, read_selectors(written)).span == span
        assert resolve(TEXT, read_selectors(written[0])).span == span
        assert resolve(TEXT, read_selectors(written[1])).span == span


def test_position_chooses_but_the_quotation_decides():
    quote = {"type": "TextQuoteSelector", "exact": "No deal"}
    assert resolve(TEXT, read_selectors([quote])).ambiguous
    at = TEXT.rindex("No deal")
    chosen = read_selectors([quote, {"type": "TextPositionSelector", "start": at, "end": at + 7}])
    assert resolve(TEXT, chosen).span == Span(at, at + 7)
    astray = read_selectors([{"type": "TextPositionSelector", "start": 0, "end": 2}, quote | {"exact": "no\tdeal"}])
    assert resolve(TEXT, astray).spans == (Span(3, 10), Span(at, at + 7))
    assert resolve(TEXT, Selected(span=Span(3, 999))).tier == "not_found"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("words", "JSON object"),
        ([], "no TextQuoteSelector"),
        ({"type": "CssSelector", "value": "p"}, "no TextQuoteSelector"),
        ({"type": "TextQuoteSelector"}, "“exact” is empty"),
        ({"type": "TextQuoteSelector", "exact": 3}, "must be text"),
        ({"type": "TextQuoteSelector", "exact": "a", "prefix": None}, "must be text"),
        ({"type": "TextQuoteSelector", "exact": "a" * 1_000_001}, "longer than 1,000,000"),
        ([{"type": "TextQuoteSelector", "exact": "a"}] * 2, "two TextQuoteSelectors"),
        ({"type": "TextPositionSelector", "start": 3, "end": 3}, "0 ≤ start < end"),
        ({"type": "TextPositionSelector", "start": True, "end": 3}, "0 ≤ start < end"),
        ({"type": "TextPositionSelector", "start": "0", "end": 3}, "0 ≤ start < end"),
    ],
)
def test_wrong_selectors_say_what_to_mend(value, message):
    with pytest.raises(ValueError, match=message):
        read_selectors(value)
