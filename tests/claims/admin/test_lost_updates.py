"""Many editors save one form at the same moment: one is saved, every other is asked; no save is lost, none is mixed.

tests/measure_lost_updates.py does the same a thousand times, in a form with rows.
"""

import pytest

from claims.models import Side
from tests.claims.admin.writers import WRITERS, one_round
from tests.factories import SideFactory


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_save_at_once_one_wins_each_round(signed_in, editor):
    path = f"/admin/claims/side/{SideFactory().pk}/change/"
    clients = [signed_in(editor) for _ in range(WRITERS)]

    def stored():
        return Side.objects.values_list("name", flat=True)

    assert [one_round(clients, path, ["name"], stored, number) for number in range(15)] == [1] * 15
