"""The second factor of the staff: an authenticator on a device of theirs, and ten backup codes.

django-otp keeps both and accepts each code once. Whoever has given the right password and has no device yet is not
signed in: the session only remembers for a quarter of an hour who may set one up.
"""

import io
import re
import time
from base64 import b32encode
from datetime import timedelta
from typing import Any

import django_otp
import segno
from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from sources.acting import acting

BACKUP_CODES = 10
TIME_TO_SET_UP = timedelta(minutes=15)
ENROLLING = "enrolling"


def device_of(user: User) -> Any | None:
    """The authenticator in use."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def codes_left(user: User) -> int:
    return int(StaticToken.objects.filter(device__user=user).count())


def accepted(user: User, code: str) -> Any | None:
    """The device that accepts this code, which is then used up; None where none does.

    Six digits are the authenticator's, anything else a backup code. After n wrong ones in a row the device accepts
    nothing for 2^(n-1) seconds.
    """
    code = re.sub(r"[\s-]", "", code).lower()
    kind = TOTPDevice if re.fullmatch(r"\d{6}", code) else StaticDevice
    device = kind.objects.filter(user=user, confirmed=True).first()
    return django_otp.verify_token(user, device.persistent_id, code) if device and code else None


# Setting a device up.


def hold(request: HttpRequest, user: User) -> None:
    """Remember in a session of its own, which is no sign-in, who gave the right password."""
    request.session.flush()
    until = time.time() + TIME_TO_SET_UP.total_seconds()
    request.session[ENROLLING] = [user.pk, user.get_session_auth_hash(), until]


def held(request: HttpRequest) -> User | None:
    """Whom the session remembers, while the time runs, the password is the same and there is no device."""
    key, proof, until = request.session.get(ENROLLING, (None, "", 0))
    user = get_user_model()._default_manager.filter(pk=key, is_active=True, is_staff=True, is_superuser=False).first()
    if user is None or time.time() > until or not constant_time_compare(user.get_session_auth_hash(), proof):
        return None
    return None if device_of(user) else user


def begin(user: User) -> None:
    """A new secret, not in use yet; one that was begun before is forgotten."""
    with acting(by=user, reason="Began to set up a second factor."):
        TOTPDevice.objects.filter(user=user, confirmed=False).delete()
        TOTPDevice.objects.create(user=user, name="Authenticator", confirmed=False)


def begun(user: User) -> Any | None:
    """The device that is being set up; it is shown for a quarter of an hour."""
    recent = timezone.now() - TIME_TO_SET_UP
    return TOTPDevice.objects.filter(user=user, confirmed=False, created_at__gt=recent).first()


def secret_of(device: Any) -> str:
    """The secret as an authenticator takes it by hand, in fours."""
    letters = b32encode(device.bin_key).decode()
    return " ".join(re.findall("....", letters))


def picture_of(device: Any) -> bytes:
    """The same as a QR code, a PNG image: a browser without JavaScript may show no SVG."""
    image = io.BytesIO()
    segno.make(device.config_url, micro=False).save(image, kind="png", scale=5)
    return image.getvalue()


def take_up(request: HttpRequest, user: User, code: str) -> list[str] | None:
    """Put the device that was begun in the place of any other, and sign its owner in; the new backup codes.

    None where the code is wrong, or nothing was begun.
    """
    device = begun(user)
    code = re.sub(r"[\s-]", "", code)
    if device is None or not django_otp.verify_token(user, device.persistent_id, code):
        return None
    with acting(by=user, reason="Set up a second factor."):
        TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
        TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
        codes = new_codes(user)
    device = TOTPDevice.objects.get(pk=device.pk)
    request.session.pop(ENROLLING, None)
    if request.user.is_authenticated:
        request.session.cycle_key()
        django_otp.login(request, device)
    else:
        # django-otp looks for it there at the sign-in.
        user.otp_device = device  # type: ignore[attr-defined]
        login(request, user)
    return codes


def new_codes(user: User) -> list[str]:
    """Ten new backup codes in place of the old."""
    with acting(by=user, reason="Made new backup codes."):
        StaticDevice.objects.filter(user=user).delete()
        device = StaticDevice.objects.create(user=user, name="Backup codes")
        codes = [StaticToken.random_token() for _ in range(BACKUP_CODES)]
        StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return [f"{code[:4]}-{code[4:]}" for code in codes]


def reset(user: User, *, by: Any) -> None:
    """Take somebody's devices and codes away: at the next sign-in the password alone lets them set up new ones."""
    with acting(by=by, reason="Reset the second factor."):
        TOTPDevice.objects.filter(user=user).delete()
        StaticDevice.objects.filter(user=user).delete()


def verified(request: HttpRequest) -> bool:
    """Whether the session has shown a second factor, or needs none."""
    return not settings.TWO_FACTOR or getattr(request.user, "otp_device", None) is not None
