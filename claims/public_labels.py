"""Which columns readers are told of when they change, and what the pages call each.

The names are kept in English with each correction; pages speak their own language (claims/corrections_shown.py).
"""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from claims.history_columns import PUBLIC

# What readers see of speakers, of whom the history shows nothing.
SPEAKERS = {
    "claims_speaker": frozenset(
        "kind name slug side_id parent_id outlet_id description merged_into_id wikidata".split()
    ),
    "claims_speakername": frozenset("speaker_id text language kind".split()),
}
SHOWN = PUBLIC | SPEAKERS

# Column → what pages call it. What is not here is told together with another column, or is no matter for readers.
LABELS: dict[str, dict[str, str]] = {
    "claims_statement": {
        "capture_id": _("Kept copy"),
        "speaker_id": _("Speaker"),
        "content": _("Words"),
        "mode": _("Form"),
        "cue": _("Cue"),
        "cue_class": _("What the cue does"),
        "polarity": _("Affirms or denies"),
        "attributed_as": _("Named in the source as"),
        "role_text": _("Role"),
        "determinacy": _("How the source tells who speaks"),
        "on_behalf_of_id": _("Speaks for"),
        "addressee_id": _("Told to"),
        "addressee_text": _("Told to, in the source’s words"),
        "occasion_id": _("Where"),
        "language": _("Language"),
        "kind": _("Kind of statement"),
        "sourcing": _("Terms"),
        "plural_claimed": _("Said to be several people"),
        "anonymity_reason": _("Reason for not naming"),
        "interpreted": _("As interpreted"),
        "said_from": _("When"),
        "date_words": _("Date as printed"),
        "date_basis": _("What the date rests on"),
        "undated": _("Undated"),
        "date_note": _("Note on the date"),
        "relays_id": _("Passes on the words of"),
        "relay_cue": _("Word for what is passed on"),
        "relay_certainty": _("Whose words they are"),
        "rank": _("Whether it stands"),
        "rank_note": _("Why it does not stand as it was"),
        "allegation": _("Allegation"),
        "reply_state": _("Reply"),
        "reply_sought_on": _("Asked for a reply on"),
        "reply_sought_how": _("How they were asked"),
        "reply_note": _("Note on the reply"),
    },
    "claims_contradiction": {
        "question_id": _("Question"),
        "first_id": _("First account"),
        "second_id": _("Second account"),
        "first_words": _("Conflicting words of the first account"),
        "second_words": _("Conflicting words of the second account"),
        "finding": _("Finding"),
        "same_event": _("Do both speak of the same event?"),
        "same_time": _("Do both speak of the same time?"),
        "same_referent": _("Do both speak of the same people or things?"),
        "same_measure": _("Do both count or define in the same way?"),
        "mechanisms": _("What conflicts"),
        "pattern": _("Pattern"),
        "asserted_by": _("Who sets them side by side"),
        "explanation": _("Explanation"),
        "resolution": _("What has become of it"),
    },
    "claims_topic": {
        "title": _("Title"),
        "slug": _("Address"),
        "summary": _("Summary"),
        "order": _("Place among the topics"),
    },
    "claims_question": {"text": _("Question"), "slug": _("Address of a question"), "answer_kind": _("Kind of answer")},
    "claims_speaker": {
        "kind": _("Kind"),
        "name": _("Name"),
        "slug": _("Address"),
        "side_id": _("Side"),
        "parent_id": _("Part of"),
        "outlet_id": _("Outlet"),
        "description": _("Description"),
        "wikidata": _("Wikidata"),
        "merged_into_id": _("The same as"),
    },
}

# Labels of changes that name something: the shape, in which “%s” is it.
POSITION = _("Position on “%s”")
REPLY = _("Reply of %s")
REPLY_RECEIVED = _("Reply of %s, received")
REPLY_PUBLISHED = _("Reply of %s, published at")
TRANSLATION = _("Translation (%s)")
_SHAPES = (POSITION, REPLY_RECEIVED, REPLY_PUBLISHED, REPLY, TRANSLATION)


def change_label(label: str) -> str:
    """What a page calls a change, from the English that is kept with the correction."""
    for shape in _SHAPES:
        before, _name, after = shape.partition("%s")
        if label.startswith(before) and label.endswith(after):
            return gettext(shape) % label[len(before) : len(label) - len(after)]
    return gettext(label) if label else ""
