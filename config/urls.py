"""The site's addresses: the desk for editors, everything else for readers."""

from django.contrib import admin
from django.urls import include, path

from claims.admin.queue import queue_view

handler400 = "config.overload.bad_request"

urlpatterns = [
    path("admin/queue/", admin.site.admin_view(queue_view), {"site": admin.site}, name="desk_queue"),
    path("admin/", admin.site.urls),
    path("", include("claims.urls")),
]
