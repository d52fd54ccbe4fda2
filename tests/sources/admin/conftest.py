"""Who sits at the desk."""

import pytest

from tests.sources.admin.arriving import Incoming


@pytest.fixture
def desk(signed_in, editor):
    return Incoming(signed_in(editor))
