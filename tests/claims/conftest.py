"""What several tests of claims begin with."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from claims.sealing import seal
from sources.refusals import check_now
from tests.claims.chronicle import Chronicle, write_history


@pytest.fixture(scope="module")
def chronicle(django_db_setup, django_db_blocker) -> Iterator[Chronicle]:
    """A small history that is sealed, there for every test of a module; the editor and publisher are its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        written = write_history()
        seal()
        check_now()
        yield written
        transaction.set_rollback(True)
