"""How a constraint is tested, whatever the model: a valid saved row, and the fewest fields that spoil it.

Each case runs twice. full_clean() must speak the constraint's own message; the database, written to past the ORM,
must refuse under the constraint's own name. A model's table of cases is complete when `missing()` finds nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models.fields.json import JSONField
from psycopg.types.json import Jsonb

from claims.choices import Status
from claims.models import Contradiction, Correction, Event, FormerSlug, Report, Statement, Topic
from sources.refusals import check_now
from tests.factories import hand

# The tables whose rows are written in steps, by the right people, and the triggers that see to it.
GUARDED: dict[type[models.Model], tuple[str, ...]] = {
    **dict.fromkeys((Statement, Contradiction), ("record_written", "record_stays", "record_deleted", "keep_place")),
    Topic: ("record_written", "record_stays", "record_deleted"),
    Correction: ("correction_kept", "correction_done"),
    FormerSlug: ("former_address_kept",),
    Report: ("report_kept",),
    Event: ("history_kept",),
}

# What nonsense in a vocabulary's field cannot help breaking too.
HIDING = {
    "precision": ("date_has_basis", "dates_fit_precision"),
    "rank": ("rank_has_note",),
    "state": ("decided_by_somebody",),
}

NONSENSE = "nonsense"
NOT_A_REF = "not-a-ref!"


@dataclass(frozen=True)
class Case:
    """`spoil` are the values that break the row `make` saves, or a function of that row that says them.

    said_by_field: a validator of the field speaks first, so the constraint's words are asked of the constraint alone.
    hidden_behind: constraints that the same values cannot help breaking; PostgreSQL checks in the order of the names.
    kept: a row of this table cannot be updated, so the database is tried with a new one.
    """

    model: type[models.Model]
    name: str
    make: Callable[[], models.Model]
    spoil: dict[str, Any] | Callable[[Any], dict[str, Any]]
    said_by_field: bool = False
    hidden_behind: tuple[str, ...] = ()
    kept: bool = False

    @property
    def constraint(self) -> models.BaseConstraint:
        return next(constraint for constraint in self.model._meta.constraints if constraint.name == self.name)

    @property
    def message(self) -> str:
        return self.constraint.get_violation_error_message()

    def spoiled(self) -> tuple[models.Model, dict[str, Any]]:
        row = self.make()
        check_now()
        return row, self.spoil(row) if callable(self.spoil) else self.spoil


def vocabularies(makers: dict[type[models.Model], Callable[[], models.Model]], **kept: Any) -> list[Case]:
    """A case for each closed vocabulary, reference and address, read off the constraints' own names."""
    cases = []
    for model, make in makers.items():
        name = model._meta.model_name
        for constraint in model._meta.constraints:
            field, editable = constraint.name.removeprefix(f"{name}_"), True
            if field == "ref_form":
                spoil = {"ref": NOT_A_REF}
            elif field.endswith("_known"):
                field = field.removesuffix("_known")
                known = model._meta.get_field(field)
                editable = known.editable  # Django asks the choices of editable fields only.
                spoil = {field: NONSENSE if isinstance(known, models.CharField) else [NONSENSE]}
            elif field.endswith("_http"):
                spoil = {field.removesuffix("_http"): "javascript:alert(1)"}
            else:
                continue
            named = {f"{name}_{other}" for other in HIDING.get(field, ())}
            hidden = tuple(other.name for other in model._meta.constraints if other.name in named)
            flags = {"said_by_field": editable, "hidden_behind": hidden, **kept}
            cases.append(Case(model, constraint.name, make, spoil, **flags))
    return cases


def missing(app: str, cases: Iterable[Case]) -> set[str]:
    """Constraints of an app's models without a case, and cases without a constraint."""
    tables = apps.get_app_config(app).get_models()
    declared = {constraint.name for model in tables for constraint in model._meta.constraints}
    return declared ^ {case.name for case in cases}


def each(cases: Iterable[Case]) -> list[Any]:
    """The cases as parameters, named for the constraint: `speaker_kind_known`, `source_dates_fit_precision-2`."""
    seen: dict[str, int] = {}
    parameters = []
    for case in cases:
        turn = seen[case.name] = seen.get(case.name, 0) + 1
        parameters.append(pytest.param(case, id=case.name if turn == 1 else f"{case.name}-{turn}"))
    return parameters


def assert_refused_in_a_form(case: Case) -> None:
    """full_clean() refuses the row with the constraint's own message."""
    row, spoil = case.spoiled()
    for field, value in spoil.items():
        setattr(row, field, value)
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    if case.said_by_field:
        assert set(refused.value.error_dict) & set(spoil), "the field itself should have spoken"
        with pytest.raises(ValidationError) as refused:
            case.constraint.validate(case.model, row)
    assert case.message in refused.value.messages


def assert_refused_by_the_database(case: Case) -> None:
    """A write that no Python of ours sees is refused under the constraint's own name."""
    row, spoil = case.spoiled()
    for other in case.hidden_behind:
        _execute(f'ALTER TABLE "{case.model._meta.db_table}" DROP CONSTRAINT "{other}"')
    write = copy_row if case.kept else rewrite_row if case.model in GUARDED else update_row
    assert refusal(lambda: write(row, **spoil)) == case.name


def refusal(write: Callable[[], Any]) -> str | None:
    """The name of the constraint or rule for which the database refuses a write; None if it does not.

    Deferred rules are asked at once. What was written is undone if it is refused.
    """
    try:
        with transaction.atomic():
            write()
            check_now()
    except IntegrityError as error:
        return error.__cause__.diag.constraint_name
    return None


def update_row(row: models.Model, **values: Any) -> None:
    """UPDATE in raw SQL."""
    columns, parameters = _columns(row, values)
    assignments = ", ".join(f'"{column}" = %s' for column in columns)
    _execute(f'UPDATE "{row._meta.db_table}" SET {assignments} WHERE id = %s', [*parameters, row.pk])


@contextmanager
def past_the_workflow(*tables: type[models.Model]) -> Iterator[None]:
    """Inside, rows of these models are written as they are given: nobody asks who wrote, who approved and in what step.

    Those rules stand before the others: a published row that is spoiled meets them first, whatever else is wrong with
    it. So a test of another rule writes past them, as only the owner of the tables can. The triggers that are asked at
    the end of a transaction are asked here, because PostgreSQL changes no table that has such a question open.
    """
    check_now()
    _switch("DISABLE", tables)
    try:
        yield
        check_now()
    except BaseException:
        # An error takes the switch back with its transaction; without one nothing does.
        if not connection.in_atomic_block:
            _switch("ENABLE", tables)
        raise
    _switch("ENABLE", tables)


def _switch(way: str, tables: Iterable[type[models.Model]]) -> None:
    for table in tables:
        changes = ", ".join(f"{way} TRIGGER {trigger}" for trigger in GUARDED[table])
        _execute(f'ALTER TABLE "{table._meta.db_table}" {changes}')


def rewrite_row(row: models.Model, **values: Any) -> None:
    """UPDATE of a record in raw SQL past the workflow; the rules of the end of the transaction are asked at once.

    A row that becomes public this way is approved by somebody else, as it is: what is spoiled is the test's own field.
    """
    public = values.get("status") in {Status.PUBLISHED, Status.WITHDRAWN}
    with past_the_workflow(type(row)):
        update_row(row, **{**(approved(row) if public else {}), **values})


def approved(row: models.Model) -> dict[str, Any]:
    """What a published row says of its approval, for this row as it stands."""
    version = type(row).objects.values_list("version", flat=True).get(pk=row.pk)
    return {
        "last_edited_by": hand("first-reader"),
        "approved_by": hand("second-reader"),
        "approved_version": version,
    }


def copy_row(row: models.Model, **values: Any) -> None:
    """INSERT a copy of a row in raw SQL, with its own id and other values where they are given."""
    columns, parameters = _columns(row, values)
    table, key = row._meta.db_table, row._meta.pk.column
    own = f"|| jsonb_build_object('id', nextval(pg_get_serial_sequence('{table}', 'id')))" if key == "id" else ""
    _execute(
        f"""INSERT INTO "{table}" SELECT (jsonb_populate_record(NULL::"{table}", to_jsonb(old) {own}
            || jsonb_build_object({", ".join(f"'{column}', %s" for column in columns)}))).* FROM "{table}" old
            WHERE "{key}" = %s""",
        [*parameters, row.pk],
    )


def _columns(row: models.Model, values: dict[str, Any]) -> tuple[list[str], list[Any]]:
    fields = [row._meta.get_field(name) for name in values]
    raw = [value.pk if isinstance(value, models.Model) else value for value in values.values()]
    return [field.column for field in fields], [
        Jsonb(value) if isinstance(field, JSONField) else value for field, value in zip(fields, raw, strict=True)
    ]


def _execute(sql: str, parameters: Iterable[Any] = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(parameters))
