"""Response headers that Django has no setting for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "camera",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "geolocation",
        "gyroscope",
        "hid",
        "idle-detection",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "publickey-credentials-get",
        "screen-wake-lock",
        "serial",
        "usb",
        "xr-spatial-tracking",
    )
)


class SafetyHeadersMiddleware:
    """Permissions-Policy and Cross-Origin-Resource-Policy everywhere; no-store where a session is in play.

    A response belongs to a session where the request carries the session cookie, the view read or wrote the session
    (then Django adds Vary: Cookie), or the response sets a cookie. Such a page may hold a draft, so no cache, not even
    the browser's own, may keep it. A view cannot loosen that. Hashed static files stay cacheable: they are the same for
    everyone and are served before the session is looked at.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        from django.conf import settings

        self.get_response = get_response
        self.session_cookie = settings.SESSION_COOKIE_NAME
        self.static_url = settings.STATIC_URL

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        # A card on another site may be in a frame without an origin, to which its own style sheet is another site's.
        style = request.path_info.startswith(self.static_url)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin" if style else "same-origin")
        if self._is_private(request, response):
            response.headers["Cache-Control"] = "no-store"
        return response

    def _is_private(self, request: HttpRequest, response: HttpResponseBase) -> bool:
        if request.path_info.startswith(self.static_url):
            return False
        return (
            self.session_cookie in request.COOKIES
            or request.path_info.startswith("/admin/")
            or bool(response.cookies)
            or (isinstance(response, HttpResponse) and "cookie" in response.headers.get("Vary", "").lower())
        )
