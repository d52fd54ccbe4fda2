"""An upload that is too large, whatever it says of its size: a clear page, and no memory."""

import io
import resource

import pytest
from django.test import Client

from sources.extraction import MOST_UPLOAD
from sources.models import Source
from sources.uploads import UNASKED
from tests.sources.admin.arriving import problems

pytestmark = pytest.mark.django_db

BOUNDARY = "parts"
HEAD = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n'
).encode()
TAIL = (
    f'\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name="encoding"\r\n\r\nUTF-8\r\n--{BOUNDARY}--\r\n'
).encode()


def form_of(files, name="file"):
    """A form with that many files of these lengths."""
    parts = [HEAD.replace(b'"file"', f'"{name}{n}"'.encode()) + b"w" * length for n, length in enumerate(files)]
    return b"\r\n".join(parts) + TAIL


class Watched(io.BytesIO):
    """A body that looks, while it is read, at how much lies in the folder for uploads."""

    def __init__(self, body, folder):
        super().__init__(body)
        self.folder, self.most, self.number = folder, 0, 0

    def read(self, wanted=-1):
        lying = list(self.folder.iterdir())
        self.number = max(self.number, len(lying))
        self.most = max(self.most, sum(file.stat().st_size for file in lying))
        return super().read(wanted)


@pytest.fixture
def posted(settings, tmp_path):
    """What became of a form's body: the answer, and the body, which knows how much lay on the disk meanwhile."""
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path

    def post(client, path, body):
        watched = Watched(body, tmp_path)
        response = client.request(
            PATH_INFO=path,
            REQUEST_METHOD="POST",
            CONTENT_TYPE=f"multipart/form-data; boundary={BOUNDARY}",
            **{"CONTENT_LENGTH": str(len(body)), "wsgi.input": watched},
        )
        assert list(tmp_path.iterdir()) == []
        return response, watched

    return post


class Sending:
    """A request's body that is made as it is read."""

    readline = None  # Django asks for it and does not use it.

    def __init__(self, size):
        self.left, self.size, self.tail = HEAD, size, TAIL

    def __len__(self):
        return len(HEAD) + self.size + len(TAIL)

    def read(self, wanted=-1):
        while len(self.left) < wanted and (self.size or self.tail):
            if self.size:
                step = min(self.size, 65_536)
                self.left, self.size = self.left + b"word\n" * (step // 5) + b"\n" * (step % 5), self.size - step
            else:
                self.left, self.tail = self.left + self.tail, b""
        given, self.left = self.left[:wanted], self.left[wanted:]
        return given


def send(client, size, **environ):
    body = Sending(size)
    sent = {"CONTENT_LENGTH": str(len(body)), "wsgi.input": body} | environ
    sent = {name: value for name, value in sent.items() if value is not None}
    return client.request(
        PATH_INFO="/admin/sources/source/bring/",
        REQUEST_METHOD="POST",
        CONTENT_TYPE=f"multipart/form-data; boundary={BOUNDARY}",
        **sent,
    )


def test_a_file_beyond_the_limit_is_dropped_while_it_comes_in(desk):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    page = send(desk.client, MOST_UPLOAD + 200_000)
    assert page.status_code == 200
    assert problems(page) == [
        "The file is larger than 50 MB, the most that is taken; part it, or paste the words you need."
    ]
    # What stands after the file in the form is there all the same.
    assert page.context["form"].data["encoding"] == "UTF-8"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000  # Kilobytes.
    assert not Source.objects.exists()


def test_a_file_at_the_limit_is_read_and_its_text_refused(desk):
    assert "longer than 5,000,000 characters" in problems(send(desk.client, MOST_UPLOAD))[0]


@pytest.mark.parametrize("says", ["0", "", "300", "-5", "many", None])
def test_a_length_that_lies_or_is_missing_is_no_server_error(desk, says):
    response = send(desk.client, 1_000, CONTENT_LENGTH=says)
    assert response.status_code in {200, 400, 403}
    assert not Source.objects.exists()


def test_a_file_far_beyond_the_limit_is_given_up(desk, monkeypatch):
    monkeypatch.setattr("sources.uploads.PATIENCE", MOST_UPLOAD)
    page = send(desk.client, MOST_UPLOAD + 400_000)
    assert "larger than 50 MB" in problems(page)[0]
    assert "encoding" not in page.context["form"].data


def test_a_paste_beyond_the_limit_of_a_form_answers_with_a_clear_page(desk, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100_000
    response = desk.arrive("word " * 30_000)
    assert response.status_code == 413
    assert "Go back: your words are still in the form." in response.content.decode()


def test_the_files_of_a_request_are_counted_together(desk, posted, monkeypatch):
    monkeypatch.setattr("sources.uploads.MOST_UPLOAD", 300_000)
    response, body = posted(desk.client, "/admin/sources/source/bring/", form_of([200_000] * 4))
    assert "larger than 50 MB" in problems(response)[0]
    assert 150_000 < body.most <= 300_000


@pytest.mark.parametrize("path", ["/admin/login/", "/admin/sources/source/bring/", "/"])
def test_a_stranger_leaves_no_file_on_the_disk(reader, posted, path):
    _, body = posted(reader, path, form_of([40_000] * 60))
    assert body.number == 0
    assert body.tell() < UNASKED + 200_000


def test_a_form_that_asks_for_no_file_takes_its_fields_alone(desk, posted):
    response, body = posted(desk.client, "/admin/sources/outlet/add/", form_of([1000], name="x"))
    assert (response.status_code, body.number) == (200, 0)
    assert response.context["adminform"].form.data["encoding"] == "UTF-8"


def test_a_form_that_another_site_sends_is_refused(editor, settings):
    """The check against forged forms is made behind the choice of how files are read."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    path = "/admin/sources/source/bring/"
    assert client.post(path, {"text": "The talks were halted."}).status_code == 403
    token = client.get(path).cookies[settings.CSRF_COOKIE_NAME].value
    page = client.post(path, {"text": "The talks were halted.", "csrfmiddlewaretoken": token})
    assert page.context["parts"][0].form["text"].value() == "The talks were halted."
