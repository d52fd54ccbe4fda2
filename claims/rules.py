"""The rules that need more than one row: name → the field it concerns and what to tell an editor.

The database enforces them with deferred constraint triggers (migration claims 0002), which raise check_violation
under these names; models' `clean()` says the same earlier, beside the field, and sources/refusals.py after the
database has refused.
"""

from django.core.exceptions import NON_FIELD_ERRORS

from sources import refusals

RULES: dict[str, tuple[str, str]] = {
    "capture_is_kept": (NON_FIELD_ERRORS, "A capture is never changed or deleted; make a new one."),
    "anchor_within_capture": ("end", "The passage ends after the end of the captured text."),
    "anchor_exact_as_captured": ("exact", "These words do not stand at this place of the captured text."),
    "statement_published_has_anchor": (
        NON_FIELD_ERRORS,
        "To publish, the content must be found in the captured text: copy its words exactly.",
    ),
    "statement_published_has_quote": (
        NON_FIELD_ERRORS,
        "To publish a quotation, give the quoted words as they stand in the captured text.",
    ),
    "statement_published_quotes_found": (
        NON_FIELD_ERRORS,
        "To publish, every quoted passage must be found in the captured text.",
    ),
    "statement_content_as_anchored": (
        "content",
        "The content of a published statement is the passage found in the captured text; save it through the form.",
    ),
    "statement_quotes_in_content": (
        NON_FIELD_ERRORS,
        "The quoted words of a published statement lie within its content; let the content reach over them.",
    ),
    "statement_paraphrase_has_no_quote": (
        "mode",
        (
            "A paraphrase or the outlet's own words have no quoted words; choose “quotation” or “paraphrase with "
            "quoted words”, or empty the quoted words."
        ),
    ),
    "statement_narrator_is_the_outlet": (
        "speaker",
        "The outlet's own words are spoken by the outlet of the source; choose it as the speaker.",
    ),
    "statement_unnamed_of_this_source": (
        "speaker",
        "This unnamed speaker belongs to another source; make one for this source.",
    ),
    "statement_reply_to_another": ("in_reply_to", "A statement cannot answer itself."),
    "position_words_in_content": ("words", "These words do not stand in the statement's content; copy them exactly."),
    "speaker_parents_end": ("parent", "These bodies belong to each other in a circle; choose another parent."),
    "speaker_mergers_end": (
        NON_FIELD_ERRORS,
        "These speakers would be merged into each other in a circle; decline this, and propose it anew if need be.",
    ),
    "speaker_merged_is_unnamed": (
        NON_FIELD_ERRORS,
        "A speaker who was merged into another is named by nothing any more; choose that other.",
    ),
    "contradiction_both_hold_positions": (
        "question",
        "Both statements need a position on this question; add it to the statement first.",
    ),
    "contradiction_first_words_in_content": (
        "first_words",
        "These words do not stand in the first account; paste them from its content.",
    ),
    "contradiction_second_words_in_content": (
        "second_words",
        "These words do not stand in the second account; paste them from its content.",
    ),
    "contradiction_one_voice": (
        "pattern",
        "A reversal or self-contradiction needs one voice: a shared speaker, or a shared body below government.",
    ),
    "contradiction_reversal_in_time": (
        "pattern",
        "A reversal needs both statements dated, at times that do not overlap.",
    ),
    "contradiction_published_statements": (
        NON_FIELD_ERRORS,
        "To publish the pair, publish both statements first.",
    ),
    "record_edit_needs_right": (
        NON_FIELD_ERRORS,
        "Your role does not let you change this record; ask an editor.",
    ),
    "record_editor_is_kept": (NON_FIELD_ERRORS, "Who edited a record last is kept by the database."),
    "record_approval_is_own": (
        NON_FIELD_ERRORS,
        "An approval is given by the person who is signed in, may approve, and did not edit last.",
    ),
    "record_steps": (
        NON_FIELD_ERRORS,
        (
            "This step is not open: a draft goes to review and is published by a second person; what is published is "
            "corrected or withdrawn by a proposal."
        ),
    ),
    "record_public_stays": (
        NON_FIELD_ERRORS,
        "What readers have seen is never deleted or made a draft again; propose a correction or a withdrawal.",
    ),
    "record_withdrawn_is_kept": (NON_FIELD_ERRORS, "What was withdrawn is kept as it was; record it anew."),
    "correction_is_kept": (NON_FIELD_ERRORS, "A decision on a change is never changed or deleted; propose another."),
    "correction_is_whole": (
        NON_FIELD_ERRORS,
        "A proposal is applied as it was proposed, all of it and nothing else, and decided with it.",
    ),
    "former_address_is_kept": (
        "slug",
        "This address leads, or led, to another record, and does so for ever; choose another.",
    ),
    "record_keeps_its_place": (
        NON_FIELD_ERRORS,
        (
            "What readers have seen keeps what it is about: a pair its question and accounts, an answer its question, "
            "a question its topic, a statement its copy; take it out and record it anew."
        ),
    ),
    "report_is_kept": (
        NON_FIELD_ERRORS,
        "What a reader reported and the decision on it are kept; nothing of it is changed.",
    ),
    "report_decision_is_own": (NON_FIELD_ERRORS, "A decision on a report is made by an editor, in their own name."),
    "report_correction_is_applied": ("correction", "This change was not applied; link one that readers can see."),
    "history_is_kept": (NON_FIELD_ERRORS, "History is written by the database, and never changed or deleted."),
    "user_own_role": (NON_FIELD_ERRORS, "Nobody changes the own roles; ask another administrator."),
}


# The database's refusal is told in the same words as clean()'s.
refusals.MESSAGES.update({name: message for name, (_, message) in RULES.items()})


def complain(errors: dict[str, list[str]], rule: str) -> None:
    """Add a rule's message to the errors of a form, beside its field."""
    field, message = RULES[rule]
    errors.setdefault(field, []).append(message)
