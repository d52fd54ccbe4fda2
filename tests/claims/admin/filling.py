"""A form of the desk filled as a browser would fill it."""

import re
from datetime import datetime
from html import unescape


class Desk:
    """The editor's browser: opens a form, fills some fields, sends it whole."""

    def __init__(self, client):
        self.client = client

    def get(self, path, **data):
        return self.client.get(f"/admin/{path}", data)

    def post(self, path, follow=True, **data):
        return self.client.post(f"/admin/{path}", data, follow=follow)

    def form(self, path):
        """The values a form has when it is opened."""
        response = self.client.get(f"/admin/{path}")
        assert response.status_code == 200, path
        return values(response)

    def send(self, path, follow=True, **typed):
        """Open a form, change these fields, send all of it."""
        return self.post(path, follow=follow, **{**self.form(path), **typed})


def values(response):
    """What a browser would send from the form of a page, before anything is typed."""
    form = response.context["adminform"].form
    data = {}
    forms = [form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for one in forms:
        for bound in one:
            value = bound.value()
            if value is None or value is False:
                continue
            data[bound.html_name] = [getattr(v, "pk", v) for v in value] if isinstance(value, list) else value
    for name in [name for name, value in data.items() if isinstance(value, datetime)]:
        moment = data.pop(name)
        data |= {f"{name}_0": moment.date().isoformat(), f"{name}_1": moment.time().isoformat("seconds")}
    return data


def errors(response):
    """Every error of a form that came back, as text; [] where none came back."""
    if not response.context or "adminform" not in response.context:
        return []
    return [unescape(re.sub("<[^>]+>", "", str(error))) for error in response.context["errors"]]


def told(response):
    """What the desk said after a save."""
    return [str(message) for message in response.context["messages"]]
