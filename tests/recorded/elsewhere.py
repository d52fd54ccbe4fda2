"""A change of each kind outside the rooms of records: accounts, one's own things at the desk, readers without one.

And the addresses that take a POST and record nothing, each with what is written all the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.core import signing
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from claims import alerts, digests
from claims.models import Alert, Digest, Report, Topic
from tests.accounts.signing import PASSWORD, person, shown_by, sign_in, with_device
from tests.claims.pages.test_reporting import address_of, signed
from tests.factories import AlertFactory, DigestFactory, SavedFilterFactory, StatementFactory, role
from tests.recorded.at_the_desk import PERFORM, newest, performs, two_accounts
from tests.recorded.world import Change, World, signed_in, url

NEW_PASSWORD = "another sentence nobody guesses"
SIGNED_IN = {"username": "nadia", "password": PASSWORD}
# What is written beside, by its names in the ledger.
SESSION = frozenset({"django_session"})
SIGN_IN = SESSION | {"auth_user.last_login"}
CODES = frozenset({"otp_static_statictoken"})
BY_CODE = CODES | {"otp_static_staticdevice.last_used_at"}


# Accounts.


@performs("admin:auth_user_add")
def person_added(w: World) -> Change:
    passwords = dict.fromkeys(("password1", "password2"), PASSWORD)
    data = {"username": "omar", **passwords, "is_staff": "on", "groups": [role("Editor").pk]}
    return Change(w.administrator, "/admin/auth/user/add/", data, of=newest(User))


def person_changed(typed: dict[str, Any], w: World) -> Change:
    nadia = person()
    data = {"username": nadia.username, "email": nadia.email, "is_active": "on", "is_staff": "on", **typed}
    return Change(w.administrator, url(nadia, "change"), data, of=nadia)


PERFORM |= {
    "admin:auth_user_change": partial(person_changed, {"first_name": "Nadia"}),
    # To whom the mails go is known to nobody but the account; that it changed is told.
    "admin:auth_user_change of the address alone": partial(person_changed, {"email": "nadia@example.org"}),
    "admin:auth_user_change of roles": lambda w: person_changed({"groups": [role("Auditor").pk]}, w),
}


@performs("admin:auth_user_password_change")
def password_set(w: World) -> Change:
    nadia = person()
    data = {"usable_password": "true", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD, "set-password": "1"}
    return Change(w.administrator, url(nadia, "password_change"), data, of=nadia, beside=SESSION)


@performs("admin:auth_user_two_factor")
def second_factor_reset(w: World) -> Change:
    nadia = with_device()
    return Change(w.administrator, f"/admin/auth/user/{nadia.pk}/two-factor/", of=nadia, beside=CODES)


@performs("admin:password_change")
def own_password(w: World) -> Change:
    data = {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    nadia = person()
    return Change(nadia, "/admin/password_change/", data, of=nadia, beside=SESSION)


@performs("admin:login of who has no second factor yet")
def device_begun(w: World) -> Change:
    w.settings.TWO_FACTOR = True
    nadia = person()
    return Change(nadia, "/admin/login/", SIGNED_IN, of=nadia, client=Client(), beside=SESSION)


@performs("admin:two_factor_device")
def device_taken_up(w: World) -> Change:
    w.settings.TWO_FACTOR = True
    nadia, client = person(), Client()
    sign_in(client)
    code = shown_by(TOTPDevice.objects.get(user=nadia))
    beside = SIGN_IN | CODES | {"otp_totp_totpdevice.last_t", "otp_totp_totpdevice.last_used_at"}
    return Change(nadia, "/admin/two-factor/device/", {"code": code}, of=nadia, client=client, beside=beside)


def own_factor(button: str, w: World) -> Change:
    w.settings.TWO_FACTOR = True
    nadia, client = with_device(), Client()
    sign_in(client, code="abcdefgh")
    beside = BY_CODE if button == "device" else CODES
    return Change(nadia, "/admin/two-factor/", {"code": "stuvwxyz", button: ""}, nadia, client, beside=beside)


for _name in ("device", "codes"):
    PERFORM[f"admin:two_factor {_name}"] = partial(own_factor, _name)


# One's own things at the desk.


@performs("desk_filter_save")
def filter_saved(w: World) -> Change:
    data = {"room": "claims.statement", "name": "Drafts", "query": "status__exact=draft"}
    return Change(w.editor, "/admin/filters/save/", data, of=w.editor)


@performs("desk_filter_delete")
def filter_deleted(w: World) -> Change:
    saved = SavedFilterFactory(user=w.editor)
    return Change(w.editor, f"/admin/filters/{saved.pk}/delete/", of=w.editor)


def mails_chosen(every: str, w: World) -> Change:
    Digest.objects.create(user=w.editor, every="daily" if every == "never" else "never")
    return Change(w.editor, "/admin/mails/", {"every": every}, of=w.editor)


for _name in ("never", "daily", "weekly"):
    PERFORM[f"desk_mails {_name}"] = partial(mails_chosen, _name)


# Readers and mail programs, of whom nobody knows who they are.


@performs("report_form")
def reported(w: World) -> Change:
    statement = StatementFactory(status="published")
    data = {"kind": "words", "message": "It says “mulling”.", "pass_": signed(statement)}
    beside = frozenset({"claims_reportattempt"})
    return Change(None, address_of(statement), data, newest(Report), Client(), "a reader's report", beside)


@performs("mail_stop")
def mails_stopped(w: World) -> Change:
    digest = DigestFactory(every="daily")
    path = digests.stop_address(digest.user_id)
    # The address is a key to these mails, so it stays out of the history.
    return Change(None, path, {}, digest.user, Client(), origin="the way out in a mail")


@performs("alert_confirm")
def alert_confirmed(w: World) -> Change:
    wish = signing.dumps(["reader@example.org", "statements", "", "en"], salt="claims.alerts.confirm", compress=True)
    return Change(None, f"/alerts/confirm/{wish}/", {}, newest(Alert), Client(), origin="a confirmed address")


@performs("alert_stop")
def alert_stopped(w: World) -> Change:
    alert = AlertFactory()
    return Change(None, alerts.stop_address(alert), {}, alert, Client(), origin="the way out in a mail")


def alert_asked(w: World) -> Change:
    return Change(None, "/alerts/statements/", {"email": "reader@example.org"}, None, Client())


# What records nothing.


@dataclass(frozen=True)
class Quiet:
    """Why nothing is to be told of a POST; `beside` is what it writes all the same, by its names in the ledger."""

    reason: str
    change: Callable[[World], Change] | None = None
    beside: frozenset[str] = frozenset()


def signing_in(w: World) -> Change:
    person()
    return Change(None, "/admin/login/", SIGNED_IN, client=Client())


def signing_in_by_code(w: World) -> Change:
    w.settings.TWO_FACTOR = True
    with_device()
    return Change(None, "/admin/login/", SIGNED_IN | {"code": "abcdefgh"}, client=Client())


def signing_out(w: World) -> Change:
    return Change(None, "/admin/logout/", client=signed_in(w.editor))


def merger_shown(w: World) -> Change:
    change = PERFORM["admin:claims_speaker_merge"](w)
    return Change(w.editor, change.path, {**change.data, "preview": "1"})


def accounts_shown(w: World) -> Change:
    return Change(w.editor, "/admin/claims/contradiction/add/", {**two_accounts(w), "_show": "1"})


def looked_at(button: str, w: World) -> Change:
    change = PERFORM["admin:sources_source_bring"](w)
    data = {name: value for name, value in change.data.items() if name != "_keep"}
    return Change(w.editor, change.path, {**data, button: "1", **({"part-0-line": "3"} if button == "_split" else {})})


def brought(w: World) -> Change:
    return Change(w.editor, "/admin/sources/source/bring/", {"text": "Talks halted\n\nThe minister said so.\n"})


def held_back(name: str, w: World) -> Change:
    topic = w.public(Topic)
    return Change(w.publisher, url(topic, "step", name), {"seen": topic.version, "reason": "Doubts."})


NO_HOLD = "a topic is not held back: the statements and pairs in it are"

# The name of an address, or of a page that rooms have, with its way → why nothing is told.
NOTHING: dict[str, Quiet] = {
    "admin:": Quiet("leads from a key to the record's form, or says that nothing is there"),
    "admin:app_list": Quiet("shows rooms"),
    "admin:index": Quiet("shows the desk"),
    "admin:login": Quiet("the session alone says who is there", signing_in, SIGN_IN),
    "admin:login by a backup code": Quiet("the code is used up", signing_in_by_code, SIGN_IN | BY_CODE),
    "admin:logout": Quiet("ends the session", signing_out, SESSION),
    "changelist": Quiet("shows the list where no action was chosen"),
    "history": Quiet("shows what was done"),
    "selected": Quiet("says which passages selected words mean"),
    "text": Quiet("gives a form the text it quotes from"),
    "alert_form": Quiet("sends one mail and keeps nothing", alert_asked, frozenset({"claims_reportattempt"})),
    "words": Quiet("gives a form an account to show"),
    "admin:claims_speaker_merge shown first": Quiet("shows what would move", merger_shown),
    "admin:claims_contradiction_add accounts shown": Quiet("shows the two accounts above the form", accounts_shown),
    "admin:sources_source_bring page one": Quiet("shows what came in, to be looked at", brought),
    "admin:sources_source_bring looked at": Quiet("shows the text again", partial(looked_at, "_look")),
    "admin:sources_source_bring parted": Quiet("shows the text in parts", partial(looked_at, "_split")),
    "admin:claims_topic_step hold": Quiet(NO_HOLD, partial(held_back, "hold")),
    "admin:claims_topic_step release": Quiet(NO_HOLD, partial(held_back, "release")),
}
