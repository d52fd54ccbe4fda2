"""The cast every test may call on, and the settings a test run needs.

reader is nobody in particular; the others are one for each role, with a second publisher, and may sign in to the desk.
"""

import os
from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import Client
from hypothesis import settings as hypothesis_settings

from tests.factories import role
from tests.story import copy_in, read_story

# In CI hypothesis tries the same examples every time, since a submission is judged by what it changed; elsewhere it
# explores.
hypothesis_settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    hypothesis_settings.load_profile("ci")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The test database, which nobody else uses when it is dropped.

    A thread of the server that the browser asks keeps its connection as long as the browser keeps its own. Connections
    of another role, which are not ours to end, are closing: DROP DATABASE waits for them.
    """
    yield
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    others += " AND pg_has_role(usesysid, 'MEMBER')"
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_terminate_backend(pid, 5000) {others} AND backend_type = 'client backend'")


@pytest.fixture(scope="session", autouse=True)
def emptied_after_real_transactions():
    """Tests that commit end with Django's TRUNCATE of every table, which the history refuses to everybody else.

    The owner of the tables may lift that for a moment, as only the owner can.
    """
    flush = DatabaseOperations.execute_sql_flush

    def lifted(self, sql_list):
        with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
            for switch in ("DISABLE", "ENABLE"):
                for table, trigger in _truncate_triggers(cursor):
                    cursor.execute(f"ALTER TABLE {table} {switch} TRIGGER {trigger}")
                if switch == "DISABLE":
                    flush(self, sql_list)

    DatabaseOperations.execute_sql_flush = lifted
    yield
    DatabaseOperations.execute_sql_flush = flush


def _truncate_triggers(cursor):
    """Table and name of each trigger that fires on TRUNCATE (bit 5 of its type)."""
    cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal AND tgtype & 32 = 32")
    return cursor.fetchall()


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


def member(name: str, role_name: str) -> User:
    """A person of this role."""
    user = User.objects.create_user(name, password=name, is_staff=True)
    user.groups.add(role(role_name))
    return user


@pytest.fixture
def contributor(db) -> User:
    """Records drafts of their own, and hands them in."""
    return member("contributor", "Contributor")


@pytest.fixture
def editor(db) -> User:
    """Edits every draft, and proposes changes of what is public."""
    return member("editor", "Editor")


@pytest.fixture
def publisher(db) -> User:
    """Approves what somebody else edited."""
    return member("publisher", "Publisher")


@pytest.fixture
def second_publisher(db) -> User:
    """Another one, where two publishers are needed."""
    return member("second_publisher", "Publisher")


@pytest.fixture
def importer(db) -> User:
    """Writes through imports alone."""
    return member("importer", "Importer")


@pytest.fixture
def auditor(db) -> User:
    """Reads everything and changes nothing."""
    return member("auditor", "Auditor")


@pytest.fixture
def administrator(db) -> User:
    """Manages users, and sees no record."""
    return member("administrator", "Administrator")


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
