"""Which columns readers are told of when they change, and what the pages call each."""

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
        "capture_id": "Kept copy",
        "speaker_id": "Speaker",
        "content": "Words",
        "mode": "Form",
        "cue": "Cue",
        "cue_class": "What the cue does",
        "polarity": "Affirms or denies",
        "attributed_as": "Named in the source as",
        "role_text": "Role",
        "determinacy": "How the source tells who speaks",
        "on_behalf_of_id": "Speaks for",
        "addressee_id": "Told to",
        "addressee_text": "Told to, in the source’s words",
        "occasion_id": "Where",
        "language": "Language",
        "kind": "Kind of statement",
        "sourcing": "Terms",
        "plural_claimed": "Said to be several people",
        "anonymity_reason": "Reason for not naming",
        "interpreted": "As interpreted",
        "said_from": "When",
        "date_words": "Date as printed",
        "date_basis": "What the date rests on",
        "undated": "Undated",
        "date_note": "Note on the date",
        "relays_id": "Passes on the words of",
        "relay_cue": "Word for what is passed on",
        "relay_certainty": "Whose words they are",
        "rank": "Whether it stands",
        "rank_note": "Why it does not stand as it was",
        "allegation": "Allegation",
        "reply_state": "Reply",
        "reply_sought_on": "Asked for a reply on",
        "reply_sought_how": "How they were asked",
        "reply_note": "Note on the reply",
    },
    "claims_contradiction": {
        "question_id": "Question",
        "first_id": "First account",
        "second_id": "Second account",
        "first_words": "Conflicting words of the first account",
        "second_words": "Conflicting words of the second account",
        "finding": "Finding",
        "same_event": "Do both speak of the same event?",
        "same_time": "Do both speak of the same time?",
        "same_referent": "Do both speak of the same people or things?",
        "same_measure": "Do both count or define in the same way?",
        "mechanisms": "What conflicts",
        "pattern": "Pattern",
        "asserted_by": "Who sets them side by side",
        "explanation": "Explanation",
        "resolution": "What has become of it",
    },
    "claims_topic": {"title": "Title", "slug": "Address", "summary": "Summary", "order": "Place among the topics"},
    "claims_question": {"text": "Question", "slug": "Address of a question", "answer_kind": "Kind of answer"},
    "claims_speaker": {
        "kind": "Kind",
        "name": "Name",
        "slug": "Address",
        "side_id": "Side",
        "parent_id": "Part of",
        "outlet_id": "Outlet",
        "description": "Description",
        "wikidata": "Wikidata",
        "merged_into_id": "The same as",
    },
}
