"""The cast every test may call on, and the settings a test run needs.

reader is nobody in particular; contributor, editor and publisher may sign in to the admin. Groups of their own come
with a later issue: until then a contributor may do nothing, an editor what `manage.py demo_users` grants, and the
publisher is an administrator.
"""

import os
from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from hypothesis import settings as hypothesis_settings

from claims.management.commands.demo_users import Command as DemoUsers
from tests.story import copy_in, read_story

# In CI hypothesis tries the same examples every time, since a submission is judged by what it changed; elsewhere it
# explores.
hypothesis_settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    hypothesis_settings.load_profile("ci")


@pytest.fixture(autouse=True)
def plain_files(settings, tmp_path_factory):
    """Static files without collectstatic, passwords that are cheap to hash.

    Names with a hash need a manifest that only collectstatic writes, and WhiteNoise warns of a folder that is not
    there; the browser tests, which look at static files, run the real server.
    """
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.STATIC_ROOT = tmp_path_factory.getbasetemp()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def contributor(db) -> User:
    """May sign in to the admin and do nothing there."""
    return User.objects.create_user("contributor", password="contributor", is_staff=True)


@pytest.fixture
def editor(db) -> User:
    """May see, add and change every record, and delete none."""
    user = User.objects.create_user("editor", password="editor", is_staff=True)
    user.groups.add(DemoUsers()._editors())
    return user


@pytest.fixture
def publisher(db) -> User:
    """May do everything."""
    return User.objects.create_superuser("publisher", password="publisher")


@pytest.fixture
def reader() -> Client:
    """A browser in which nobody has signed in."""
    return Client()


@pytest.fixture
def signed_in(db) -> Callable[[User], Client]:
    """A browser in which this user has signed in: `signed_in(editor).get("/admin/")`."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture(scope="session")
def story_rows(django_db_setup, django_db_blocker) -> dict[str, bytes]:
    """The example records as raw rows; `story` and the browser tests copy them in."""
    with django_db_blocker.unblock():
        return read_story()


@pytest.fixture(scope="module")
def story(story_rows, django_db_blocker) -> Iterator[None]:
    """The example records, there for every test of a module: `pytestmark = [..., pytest.mark.usefixtures("story")]`."""
    with django_db_blocker.unblock(), transaction.atomic():
        copy_in(story_rows)
        yield
        transaction.set_rollback(True)
