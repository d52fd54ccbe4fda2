"""What the database refused, in an editor's words, and the transaction that asks it in time.

Rules that need more than one row are deferred to the end of a transaction. Asked only at COMMIT, a broken one would be
a server error; asked at the end of `enforced`, it is a message beside the work that broke it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

# Name of a rule across rows → what to tell an editor; the app that owns the rule adds it (claims/rules.py).
MESSAGES: dict[str, str] = {}


def explain(error: DatabaseError) -> ValidationError | None:
    """What the database refused, in an editor's words; None where only a programmer can help."""
    diag = getattr(error.__cause__, "diag", None)
    name, code = getattr(diag, "constraint_name", None), getattr(diag, "sqlstate", None) or ""
    if name in MESSAGES:
        return ValidationError(MESSAGES[name], code=name)
    # Of any table: saving a statement writes its anchors and positions too.
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return ValidationError(constraint.get_violation_error_message(), code=name)
    if code == "23505":
        return ValidationError("A record with the same address or reference was saved a moment ago; look in the list.")
    if code == "23503":
        return ValidationError("Something this record names was deleted meanwhile; choose it again.")
    if code.startswith("54"):
        return ValidationError("One of these texts is too long to be kept and searched; shorten it.")
    if code.startswith("40") or code in {"55P03", "57014"}:
        return ValidationError("Somebody else is saving the same records, or the database is slow; try again.")
    return None


@contextmanager
def enforced() -> Iterator[None]:
    """A transaction whose deferred rules are checked at its end, while their failure can still be explained.

    Raises ValidationError in an editor's words; everything done inside is undone.
    """
    try:
        with transaction.atomic():
            yield
            check_now()
    except DatabaseError as error:
        if (known := explain(error)) is None:
            raise
        raise known from error


def check_now() -> None:
    """Check every deferred rule now instead of at COMMIT."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
