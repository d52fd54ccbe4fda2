"""The site's addresses: the desk for editors, everything else for readers."""

from django.contrib import admin
from django.urls import include, path

handler400 = "config.overload.bad_request"

urlpatterns = [
    path("admin/", include("claims.admin.desk_urls")),
    path("admin/", admin.site.urls),
    path("", include("claims.urls")),
]
