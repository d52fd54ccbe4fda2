"""The desk as a site of Django's admin: who gets in, and by which door."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import RedirectURLMixin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache


class DeskSite(AdminSite):
    """Open to staff who have shown a second factor, where settings.TWO_FACTOR asks for it; never to superusers."""

    def has_permission(self, request: HttpRequest) -> bool:
        from config.second_factor import verified

        return super().has_permission(request) and not request.user.is_superuser and verified(request)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        # Django makes the site before the apps are ready.
        from config import signing_in

        return [
            path("two-factor/", self.admin_view(signing_in.own_factor), name="two_factor"),
            # These two are open to whoever has given a password and has no device; they ask for that themselves.
            path("two-factor/device/", signing_in.new_device, name="two_factor_device"),
            path("two-factor/device/picture/", signing_in.device_picture, name="two_factor_picture"),
            # Django's way from a key to a record's page asks for no right but to be here, and tells a draft's address.
            *(url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"),
        ]

    @method_decorator(never_cache)
    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        from config import signing_in

        target = RedirectURLMixin().get_redirect_url(request) or reverse("admin:index", current_app=self.name)
        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(target)
        request.current_app = self.name
        context = {
            **self.each_context(request),
            "title": "Log in",
            "subtitle": None,
            "app_path": request.get_full_path(),
            REDIRECT_FIELD_NAME: target,
            **(extra_context or {}),
        }
        return signing_in.sign_in(request, context)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The own password. A wrong old one counts as a wrong try, since a stolen session could guess it here."""
        from config.throttle import TooManyTries, too_many, tried
        from sources.acting import acting

        if request.method != "POST":
            return super().password_change(request, extra_context)
        try:
            with tried(request, request.user.get_username()) as attempt:
                with acting(by=request.user):
                    response = super().password_change(request, extra_context)
                if response.status_code == 302:
                    attempt.was_right()
                return response
        except TooManyTries as reached:
            return too_many(request, reached.wait)
