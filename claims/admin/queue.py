"""The front page of the desk and its queues: what waits, each with where it is looked at and decided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from claims.admin.steps import form_of
from claims.choices import Status
from claims.queues import queues
from claims.waiting import Queue, Row

FIRST = 5
"""Rows of a queue on the front page."""
MOST = 50
"""Rows of a queue on a page of its own."""

_LABELS = {
    "publish": "Read and publish…",
    "return": "Return…",
    "submit": "Submit for review…",
    "release": "Show again…",
    "withdraw": "Propose to withdraw…",
}


@dataclass(frozen=True)
class Link:
    row: Row
    url: str
    steps: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Section:
    """A queue as a page shows it: `count` is of all that wait, `links` of the first."""

    queue: Queue
    count: int
    links: list[Link]

    @property
    def more(self) -> int:
        return self.count - len(self.links)


def sections(user: Any, most: int) -> list[Section]:
    """Every queue that this person may see, empty ones too. One query for each kind of record in each queue."""
    found = []
    for queue in queues(user):
        count, rows = queue.first(most)
        found.append(Section(queue, count, _links(queue, rows)))
    return found


@require_safe
def queue_page(request: HttpRequest) -> HttpResponse:
    """All queues, with more of each than the front page shows."""
    found = sections(request.user, MOST)
    if not found:
        raise PermissionDenied
    return _page(request, "admin/claims/queue.html", "What waits", sections=found)


@require_safe
def queue_list(request: HttpRequest, slug: str) -> HttpResponse:
    """One queue, whole, in pages."""
    allowed = queues(request.user)
    if not allowed:
        raise PermissionDenied
    queue = next((queue for queue in allowed if queue.slug == slug), None)
    if queue is None:
        raise Http404
    page: Page[Row] = Paginator(_Rows(queue), MOST).get_page(request.GET.get("p"))
    links = _links(queue, page.object_list)
    return _page(request, "admin/claims/queue_list.html", queue.title, queue=queue, page=page, links=links)


class _Rows(Sequence[Row]):
    """The rows of a queue, for a paginator."""

    def __init__(self, queue: Queue) -> None:
        self.queue = queue

    def __len__(self) -> int:
        return self.queue.slice(0, 0)[0]

    def __getitem__(self, span: Any) -> Any:
        return self.queue.slice(span.start, span.stop)[1]


def _page(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    return TemplateResponse(request, template, {**admin.site.each_context(request), "title": title, **context})


def _links(queue: Queue, rows: Iterable[Row]) -> list[Link]:
    return [Link(row, form_of(row.record), tuple(_steps(queue, row.record))) for row in rows]


def _steps(queue: Queue, record: Any) -> Iterable[tuple[str, str]]:
    """What can be done with a record of this queue; what readers do not see yet can be looked at as they will."""
    name = f"admin:claims_{record._meta.model_name}_step"
    if getattr(record, "status", "") in {Status.DRAFT, Status.IN_REVIEW} and "publish" not in queue.steps:
        yield "Preview", reverse(name, args=[record.pk, "publish"])
    for step in queue.steps:
        yield _LABELS[step], reverse(name, args=[record.pk, step])
