"""The rules that need more than one row: name → the field it concerns and what to tell an editor.

The database enforces them with deferred constraint triggers (migration claims 0002), which raise check_violation
under these names; models' `clean()` says the same earlier, beside the field; `explain` turns what the database
refuses into the same words.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, connection, models, transaction

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
}


def complain(errors: dict[str, list[str]], rule: str) -> None:
    """Add a rule's message to the errors of a form, beside its field."""
    field, message = RULES[rule]
    errors.setdefault(field, []).append(message)


def explain(error: IntegrityError, model: type[models.Model] | None = None) -> ValidationError | None:
    """What the database refused, in an editor's words; None where it is no rule of ours."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    if name in RULES:
        return ValidationError(RULES[name][1], code=name)
    # Of any table: saving a statement writes its anchors and positions too.
    for table in ([model] if model else []) + apps.get_models():
        for constraint in table._meta.constraints:
            if constraint.name == name:
                return ValidationError(constraint.get_violation_error_message(), code=name)
    return None


@contextmanager
def enforced(model: type[models.Model] | None = None) -> Iterator[None]:
    """A transaction whose deferred rules are checked at its end, while their failure can still be explained.

    Raises ValidationError in an editor's words; everything done inside is undone.
    """
    try:
        with transaction.atomic():
            yield
            check_now()
    except IntegrityError as error:
        if (known := explain(error, model)) is None:
            raise
        raise known from error


def check_now() -> None:
    """Check every deferred rule now instead of at COMMIT, where a failure would be a server error."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
