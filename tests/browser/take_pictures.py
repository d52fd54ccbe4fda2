"""Takes the pictures in docs/pictures from the running site: `make run` in one terminal, `make pictures` in another.

No test: pytest does not collect it. It runs inside `manage.py shell`, so that the desk can be shown without a password:
a session of the demo editor is made for the browser and deleted at the end.
"""

import os
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from PIL import Image

from claims.models import Statement

TOPIC = "us-iraq-coalition-talks"
PAIR = "z8zaqp1317"
STATEMENT = "m9qhcy0t9c"
EDITOR = "editor"
WIDE, NARROW = {"width": 1280, "height": 960}, {"width": 390, "height": 1100}
TALL = {"width": 1280, "height": 1500}
# Each of these in English and Arabic, light and dark: “topic”, “topic-dark”, “topic-ar”, “topic-ar-dark”.
READERS = {
    "front": "/",
    "topic": f"/topics/{TOPIC}/",
    "timeline": f"/topics/{TOPIC}/timeline/",
    "pair": f"/contradictions/{PAIR}/",
    "compare": f"/compare/?topic={TOPIC}&speaker=matthew-miller&speaker=hussein-allawi",
    "search": "/statements/?q=withdrawal",
}


def find_chromium() -> str:
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    for name in names:
        if name and (path := shutil.which(name)):
            return path
    raise SystemExit("Pictures need Chromium: install it, or name it in CHROMIUM.")


def address_of_site() -> str:
    site = f"http://127.0.0.1:{os.environ.get('PORT', '').strip() or '8000'}"
    try:
        with urllib.request.urlopen(f"{site}/healthz", timeout=10):
            return site
    except (urllib.error.URLError, OSError) as error:
        raise SystemExit(f"No site answers at {site} ({error}): start it with `make run`.") from None


@contextmanager
def signed_in_as(username: str) -> Iterator[str]:
    """The key of a session of this user, for as long as the block lasts."""
    user = get_user_model().objects.filter(username=username, is_active=True, is_staff=True).first()
    if user is None:
        raise SystemExit(f"There is no user {username!r}: `make run` makes the demo users.")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    try:
        yield session.session_key
    finally:
        session.delete()


def take_pictures() -> None:
    from playwright.sync_api import sync_playwright

    site = address_of_site()
    statement = Statement.objects.get(ref=STATEMENT)
    desk = reverse("admin:claims_statement_change", args=[statement.pk])
    anchor = statement.anchors.get(part="content")
    capture = reverse("admin:sources_capture_change", args=[statement.capture_id])
    wanted = [
        (name + "-ar" * bool(start) + "-dark" * (scheme == "dark"), start + path, WIDE, scheme)
        for name, path in READERS.items()
        for start in ("", "/ar")
        for scheme in ("light", "dark")
    ]
    wanted += [
        ("topic-narrow", READERS["topic"], NARROW, "light"),
        ("pair-narrow", READERS["pair"], NARROW, "light"),
        ("desk", desk, TALL, "light"),
        ("capture", f"{capture}?content={anchor.start}-{anchor.end}", WIDE, "light"),
    ]
    folder = Path(settings.BASE_DIR) / "docs" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    flags = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with signed_in_as(EDITOR) as key, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), headless=True, args=flags)
        for name, path, size, scheme in wanted:
            context = browser.new_context(
                base_url=site, viewport=size, color_scheme=scheme, reduced_motion="reduce", locale="en"
            )
            if path.startswith("/admin/"):
                context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site}])
            page = context.new_page()
            answer = page.goto(path, wait_until="networkidle")
            if answer is None or answer.status != 200 or "/login/" in page.url:
                raise SystemExit(f"{page.url} cannot be shown (status {answer.status if answer else 'none'}).")
            # A palette of 256 colours: a third of the bytes, and no difference to be seen.
            picture = Image.open(BytesIO(page.screenshot(animations="disabled"))).convert("RGB").quantize(256, dither=0)
            picture.save(folder / f"{name}.png", optimize=True)
            context.close()
            print(f"docs/pictures/{name}.png")
        browser.close()


if __name__ == "__main__":
    take_pictures()
