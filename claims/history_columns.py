"""Which columns of which tables readers may see in the history, once the record is public. All others stay hidden.

A column's side is for ever: it is part of the leaves that were sealed (claims/leaves.py). So a new column is added to
one side or the other, and the name of one that was renamed or dropped stays where it is. A column that stands on
neither side is hidden; tests/claims/test_history_columns.py asks for a decision.
"""

# The records that readers can follow, and the table of each; whatever belongs to them has their name in its events.
RECORD_TABLES = {
    "statement": "claims_statement",
    "contradiction": "claims_contradiction",
    "topic": "claims_topic",
    "correction": "claims_correction",
}

_WORKFLOW = """
    id version status created_by_id last_edited_by_id approved_by_id approved_version approved_at published_at
    without_second_reader
"""
PUBLIC: dict[str, frozenset[str]] = {
    table: frozenset(names.split())
    for table, names in {
        "claims_statement": f"""
            {_WORKFLOW} ref capture_id speaker_id content mode cue cue_class polarity attributed_as role_text
            determinacy on_behalf_of_id addressee_id addressee_text occasion_id language kind sourcing plural_claimed
            anonymity_reason interpreted said_from said_to precision approximate undated date_words date_basis
            date_note relays_id relay_cue relay_certainty rank rank_note allegation reply_state reply_sought_on
            reply_sought_how reply_note held_since
        """,
        "claims_statement_further_speakers": "id statement_id speaker_id",
        "claims_statement_topics": "id statement_id topic_id",
        "claims_statement_in_reply_to": "id from_statement_id to_statement_id",
        "claims_anchor": "id version statement_id part order start end exact tier checked_at checker",
        "claims_translation": "id version statement_id language text by",
        "claims_position": "id version statement_id question_id stance words gist value number unit",
        "claims_reply": "id version ref statement_id party speaker_id text language received_on url",
        "claims_contextnote": "id version ref statement_id contradiction_id text url order",
        "claims_contradiction": f"""
            {_WORKFLOW} ref question_id first_id second_id first_words second_words finding same_event same_time
            same_referent same_measure mechanisms pattern asserted_by explanation resolution held_since
        """,
        "claims_topic": f"{_WORKFLOW} title slug summary order",
        "claims_question": "id version topic_id text slug order answer_kind",
        "claims_formerslug": "id version slug speaker_id topic_id",
        "claims_correction": """
            id version ref statement_id contradiction_id topic_id speaker_id kind reason changes undoes_id state
            proposed_by_id proposed_at decided_by_id decided_at without_second_reader
        """,
    }.items()
}

HIDDEN: dict[str, frozenset[str]] = {
    table: frozenset(names.split())
    for table, names in {
        # The search column is made of others. The other report of the same words may be a draft.
        "claims_statement": "note held_reason search same_words_as_id",
        # Words around a passage may come from a text of which only recorded words may be shown.
        "claims_anchor": "prefix suffix",
        "claims_contradiction": "note held_reason",
        # The rows of a change hold the hidden columns too.
        "claims_correction": "rows decision_note opened_at opened_event",
    }.items()
}

# Tables of which readers see nothing here, as they belong to no record of RECORD_TABLES.
CLOSED = frozenset(
    {
        "auth_group",
        "auth_group_permissions",
        "auth_user",
        "auth_user_groups",
        "auth_user_user_permissions",
        "claims_alert",
        "claims_digest",
        "claims_occasion",
        "claims_rejection",
        "claims_report",
        "claims_savedfilter",
        "claims_side",
        "claims_speaker",
        "claims_speakername",
        "otp_static_staticdevice",
        "otp_totp_totpdevice",
        "sources_capture",
        "sources_outlet",
        "sources_source",
    }
)

# A row of these leads to another record; while readers may not see that one, they do not see the row either.
LEADS_TO = {
    "claims_statement_topics": ("topic_id", "topic"),
    "claims_statement_in_reply_to": ("to_statement_id", "statement"),
    "claims_position": ("question_id", "question"),
}
