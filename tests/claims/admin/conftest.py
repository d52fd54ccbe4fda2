"""Who sits at the desk."""

import pytest

from tests.claims.admin.filling import Desk


@pytest.fixture
def desk(signed_in, editor):
    return Desk(signed_in(editor))


@pytest.fixture
def boss(signed_in, publisher):
    return Desk(signed_in(publisher))
