"""A reported denial is shown with its cue wherever its words stand alone: else it reads as an assertion."""

import pytest

from tests.markup import by_class, main, one, text

pytestmark = pytest.mark.django_db

A8 = "5zk0dt6t15"  # “the US State Department denied that the negotiations … were about the forces’ withdrawal”.


@pytest.mark.usefixtures("story")
def test_list_page_title_and_pair_line_name_the_cue(reader):
    listed = reader.get("/statements/", {"cue_class": "deny", "speaker": "us-department-of-state"})
    assert text(one(by_class(main(listed), "cue"))) == "introduced by “denied”"
    page = reader.get(f"/statements/{A8}/").content.decode()
    assert "<title>Department of State (US) (denied): " in page
    lines = [text(line) for line in by_class(main(reader.get("/contradictions/")), "pair-line")]
    assert [line.endswith("introduced by “denied”") for line in lines if "about the forces’ withdrawal" in line] == [
        True
    ]
