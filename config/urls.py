"""The site's addresses: the desk for editors, everything else for readers."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from claims import urls as claims

handler400 = "config.overload.bad_request"

urlpatterns = [
    path("admin/", include("claims.admin.desk_urls")),
    path("admin/", admin.site.urls),
    *claims.FILES,
    *i18n_patterns(*claims.PAGES, prefix_default_language=False),
]
