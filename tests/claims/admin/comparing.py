"""The comparison of a save that was refused, as text."""

from tests.claims.admin.filling import errors

TOLD = "Somebody changed this record after you opened it."


def told(response):
    """What the comparison says, a line for each field: whose change it is, and the three texts."""
    assert response.status_code == 409
    assert errors(response)[0].startswith(TOLD)
    return [
        (
            f"{row.row}: {row.label}" if row.row else row.label,
            str(row.outcome),
            *(None if texts is None else "".join(said(each) for each in texts) for texts in three(row)),
        )
        for row in response.context["conflict"]
    ]


def three(row):
    return row.opened, row.theirs, row.mine


def said(stretch):
    return {"removed": f"[-{stretch.text}-]", "added": f"[+{stretch.text}+]"}.get(stretch.kind, stretch.text)
