"""Signing in to the desk: name, password and code on one form; and the pages of one's own second factor."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from config import second_factor
from config.throttle import TooManyTries, Try, too_many, tried

logger = logging.getLogger(__name__)

WRONG_CODE = (
    "The code is not right. Type the one that your authenticator shows now: each is accepted once, and after several "
    "wrong ones you have to wait a little."
)
SUPERUSER = (
    "“%(name)s” is a superuser, and superusers have no access to the desk, because they would stand above its rules. "
    "On the server, type: manage.py give_role %(name)s Administrator. That makes it an ordinary account with this role."
)


class CodeField(forms.CharField):
    """A code as it is typed; whether it is right is asked of the device."""

    def __init__(self, **kwargs: Any) -> None:
        # No type=number: backup codes have letters. A browser offers the code it has, and remembers none.
        widget = forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        )
        super().__init__(max_length=30, widget=widget, **kwargs)


class SignInForm(AdminAuthenticationForm):
    """Name, password and code; which of them is wrong is not told, so that a password cannot be tried alone."""

    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "invalid_login": "The user name, the password or the code is not right. Mind capital letters. Type the code "
        "that your authenticator shows now: each is accepted once, and after several wrong ones you have to wait.",
    }
    code = CodeField(
        label="Code",
        required=False,
        help_text="The six digits from your authenticator, or a backup code. Leave it empty the first time.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not settings.TWO_FACTOR:
            del self.fields["code"]

    def confirm_login_allowed(self, user: Any) -> None:
        if user.is_superuser:
            raise ValidationError(SUPERUSER, code="superuser", params={"name": user.get_username()})
        super().confirm_login_allowed(user)
        user.otp_device = None
        if settings.TWO_FACTOR and second_factor.device_of(user):
            user.otp_device = second_factor.accepted(user, self.cleaned_data.get("code", ""))
            if user.otp_device is None:
                logger.warning("Right password and wrong code for %s.", user.get_username())
                raise self.get_invalid_login_error()


class SignIn(LoginView):
    """The sign-in form. Whoever has no second factor yet is sent to set one up, and not signed in before."""

    attempt: Try | None = None
    authentication_form = SignInForm
    template_name = "admin/login.html"
    next_page = "admin:index"

    def form_valid(self, form: Any) -> HttpResponse:
        user = form.get_user()
        cast(Try, self.attempt).was_right()
        if settings.TWO_FACTOR and user.otp_device is None:
            second_factor.hold(self.request, user)
            second_factor.begin(user)
            return redirect("admin:two_factor_device")
        # A session that was there before belongs to somebody else, or to nobody: nothing of it is kept.
        self.request.session.flush()
        return super().form_valid(form)


def sign_in(request: HttpRequest, context: dict[str, Any]) -> Any:
    """The form, or the page for too many tries."""
    if request.method != "POST":
        return SignIn.as_view(extra_context=context)(request)
    try:
        with tried(request, request.POST.get("username", "")) as attempt:
            return SignIn.as_view(extra_context=context, attempt=attempt)(request)
    except TooManyTries as reached:
        return too_many(request, reached.wait)


# One's own second factor.


class OwnFactorForm(forms.Form):
    """A code, before anything is shown or replaced."""

    code = CodeField(label="Code", help_text="The six digits from your authenticator, or a backup code.")


class NewDeviceForm(forms.Form):
    code = CodeField(label="Code", help_text="The six digits that your authenticator shows for this account.")


def checked(request: HttpRequest, form: forms.Form, user: User, accept: Callable[[str], Any]) -> Any:
    """What `accept` makes of the form's code, counted by the throttle; None where it is wrong. Raises TooManyTries."""
    if not form.is_valid():
        return None
    with tried(request, user.get_username()) as attempt:
        found = accept(form.cleaned_data["code"])
        if found is None:
            logger.warning("Wrong code for %s.", user.get_username())
            form.add_error("code", WRONG_CODE)
        else:
            attempt.was_right()
        return found


type Page = Callable[..., Any]


def limited(page: Page) -> Page:
    """The page, or the one for too many tries; never with the codes in an error report."""

    @wraps(page)
    def answer(request: HttpRequest, **kwargs: Any) -> Any:
        try:
            return page(request, **kwargs)
        except TooManyTries as reached:
            return too_many(request, reached.wait)

    return cast(Page, sensitive_post_parameters()(answer))


@limited
def own_factor(request: HttpRequest) -> Any:
    """What one has; a new device, or new backup codes, after a current code."""
    user = cast(User, request.user)
    device = second_factor.device_of(user)
    form = OwnFactorForm(request.POST if request.method == "POST" and device else None)
    if request.method == "POST" and (
        not device or checked(request, form, user, lambda code: second_factor.accepted(user, code))
    ):
        if device and "codes" in request.POST:
            return shown_codes(request, second_factor.new_codes(user))
        second_factor.begin(user)
        return redirect("admin:two_factor_device")
    context = {"title": "Second factor", "form": form, "device": device, "codes_left": second_factor.codes_left(user)}
    return TemplateResponse(request, "admin/two_factor/own.html", {**admin.site.each_context(request), **context})


@limited
def new_device(request: HttpRequest) -> Any:
    """The secret as text and picture, until a code shows that the authenticator has it."""
    user = person_setting_up(request)
    device = user and second_factor.begun(user)
    if user is None or device is None:
        return redirect("admin:two_factor" if admin.site.has_permission(request) else "admin:login")
    form = NewDeviceForm(request.POST or None)
    if request.method == "POST" and (
        codes := checked(request, form, user, lambda code: second_factor.take_up(request, user, code))
    ):
        return shown_codes(request, codes)
    context = {"title": "Set up the second factor", "form": form, "secret": second_factor.secret_of(device)}
    return TemplateResponse(request, "admin/two_factor/device.html", {**admin.site.each_context(request), **context})


@require_GET
def device_picture(request: HttpRequest) -> HttpResponse:
    """The QR code of what is being set up, for its owner alone."""
    user = person_setting_up(request)
    device = user and second_factor.begun(user)
    if device is None:
        raise Http404
    # no-store comes with every answer that belongs to a session (config/headers.py).
    return HttpResponse(second_factor.picture_of(device), content_type="image/png")


def person_setting_up(request: HttpRequest) -> User | None:
    """Who is signed in and replaces a device, or has given the password and has none."""
    return cast(User, request.user) if admin.site.has_permission(request) else second_factor.held(request)


def shown_codes(request: HttpRequest, codes: list[str]) -> TemplateResponse:
    """The backup codes, this once."""
    context = {"title": "Your backup codes", "codes": codes}
    return TemplateResponse(request, "admin/two_factor/codes.html", {**admin.site.each_context(request), **context})
