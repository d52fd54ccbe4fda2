"""Every page, in both languages, through the Nu HTML checker: what W3C's own validator says of it."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.test_headers import MACHINES, PAGES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story")]

TOOLS = Path(__file__).parent / "tools"
CHECKER = TOOLS / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
MORE = {
    "a problem": "/statements/?mode=sung&said_after=soon",
    "results": "/statements/?q=withdrawal&mode=direct",
    "nothing found": "/statements/?q=zeppelin",
    "as of": "/statements/m9qhcy0t9c/?as_of=2100-01-01T00:00Z",
    "chooser with a problem": "/compare/?statement=hhejaw7a5f",
    "not there": "/nothing/",
}


def missing(what):
    reason = f"the Nu HTML checker needs {what}"
    if os.environ.get("RASHOMON_REQUIRE_BROWSER") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def checker():
    """The checker's jar, at the version of tests/tools/package-lock.json; fetched once for a clone."""
    if shutil.which("java") is None:
        missing("Java")
    if not CHECKER.exists():
        if shutil.which("npm") is None:
            missing("npm")
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(TOOLS)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
        if done.returncode:
            missing(f"a package that npm could not fetch: {done.stderr[-500:]}")
    return CHECKER


def findings(checker, folder):
    """What the checker calls an error or warns of, as (file, line, message). Its guess at the language is left out.

    Pages in Arabic show English words, each marked with its language, which that guess does not look at.
    """
    command = ["java", "-Xss8m", "-jar", str(checker), "--format", "json", "--stdout", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    found = json.loads(done.stdout)["messages"]
    serious = [each for each in found if each["type"] != "info" or each.get("subType") == "warning"]
    return [
        (Path(each["url"]).stem, each.get("lastLine"), each["message"])
        for each in serious
        if not each["message"].startswith("This document appears to be written in")
    ]


def test_the_checker_finds_what_is_wrong(checker, tmp_path):
    wrong = '<!doctype html><html lang="en"><title>A</title><h1>B</h1><p id="a"><p id="a"><a><a>c</a></a>'
    (tmp_path / "wrong.html").write_text(wrong, encoding="utf-8")
    assert any("Duplicate ID" in message for _, _, message in findings(checker, tmp_path))


def test_every_page_is_valid_html(checker, tmp_path, client):
    addresses = {name: address for name, address in (PAGES | MORE).items() if address not in MACHINES}
    for name, address in addresses.items():
        for language, start in (("en", ""), ("ar", "/ar")):
            answer = client.get(start + address)
            assert answer["Content-Type"] == "text/html; charset=utf-8", urlsplit(address).path
            (tmp_path / f"{name} {language}.html").write_bytes(answer.content)
    assert findings(checker, tmp_path) == []
