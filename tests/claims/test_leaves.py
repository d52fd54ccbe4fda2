"""The bytes that are hashed of an event: pinned, because a checkpoint vouches for them for ever."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest

from claims.leaves import Recorded, canonical, columns, fold, leaf, shown

ANCHOR = Recorded(
    id=7,
    at=datetime(2026, 11, 20, 12, 0, 0, 5, tzinfo=UTC),
    actor=3,
    action="update",
    record="statement",
    record_id=12,
    row_table="claims_anchor",
    row_id=31,
    from_version=1,
    to_version=2,
    before=columns('{"start": 4, "prefix": "he said"}'),
    after=columns('{"start": 5, "prefix": "she said"}'),
    origin="POST /admin/claims/statement/12/change/",
    reason="a slip",
    nonce=UUID("12345678123456781234567812345678"),
)
PRIVATE = (
    '{"after":{"prefix":"she said"},"before":{"prefix":"he said"},'
    '"origin":"POST /admin/claims/statement/12/change/","reason":"a slip"}'
)
PUBLISHED = replace(
    ANCHOR,
    id=9,
    row_table="claims_statement",
    row_id=12,
    before=columns('{"status": "draft", "published_at": null}'),
    after=columns('{"status": "published", "published_at": "2026-11-21T09:00:00+00:00"}'),
)


def added(row_id, **after):
    return replace(ANCHOR, action="insert", row_id=row_id, before=None, after=after)


def test_leaf_is_these_bytes():
    digest = hashlib.sha256(bytes.fromhex("12345678123456781234567812345678") + PRIVATE.encode()).hexdigest()
    assert canonical(leaf(ANCHOR, {})).decode() == (
        '{"action":"update","actor":3,"at":"2026-11-20T12:00:00.000005Z","form":1,"from_version":1,'
        f'"private":"{digest}","public":{{"after":{{"start":5}},"before":{{"start":4}}}},'
        '"record":"statement","record_id":12,"row_id":31,"row_table":"claims_anchor","to_version":2}'
    )


def test_time_zone_of_the_reader_changes_nothing():
    elsewhere = replace(ANCHOR, at=ANCHOR.at.astimezone(timezone(timedelta(hours=3))))
    assert leaf(elsewhere, {}) == leaf(ANCHOR, {})


@pytest.mark.parametrize(
    "change",
    [
        {"at": ANCHOR.at + timedelta(microseconds=1)},
        {"actor": None},
        {"record_id": 13},
        {"to_version": 3},
        {"before": {"start": 4, "prefix": "it said"}},
        {"after": {"start": 6, "prefix": "she said"}},
        {"origin": "psql"},
        {"reason": ""},
        {"nonce": UUID("12345678123456781234567812345679")},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_part_of_an_event_goes_into_its_leaf(change):
    assert leaf(replace(ANCHOR, **change), {}) != leaf(ANCHOR, {})


def test_canonical_json_is_that_of_rfc_8785():
    assert canonical({"b": 'é\u2028\x01"\\/\n', "a": [None, True, 10]}) == (
        '{"a":[null,true,10],"b":"é\u2028\\u0001\\"\\\\/\\n"}'.encode()
    )


def test_fractions_stay_the_digits_that_they_are():
    """As a float, the first would lose its zeros and the second its end."""
    assert columns('{"number": 2500.0000, "whole": 2500}') == {"number": "2500.0000", "whole": 2500}
    assert columns('{"number": 1234567890123456.7891}') == {"number": "1234567890123456.7891"}
    assert columns(None) is None


def test_column_that_nobody_decided_on_is_hidden():
    event = replace(ANCHOR, after={"start": 5, "real_name": "Somebody"})
    assert b"Somebody" not in canonical(leaf(event, {}))
    assert b"start" in canonical(leaf(event, {}))
    closed = replace(event, row_table="auth_user")
    assert leaf(closed, {})["public"] == {"before": {}, "after": {}}


def test_event_that_shows_a_record_seals_each_row_of_it_apart():
    state = fold([added(31, start=4, prefix="he"), added(32, start=9), ANCHOR, PUBLISHED])
    assert state == {
        "claims_anchor/31": {"start": 5},
        "claims_anchor/32": {"start": 9},
        "claims_statement/12": {"status": "published", "published_at": "2026-11-21T09:00:00+00:00"},
    }
    digests = leaf(PUBLISHED, state)["state"]
    told = shown(PUBLISHED, {"claims_anchor/32": state["claims_anchor/32"]})
    assert list(told) == ["claims_anchor/32"]
    salt = bytes.fromhex(told["claims_anchor/32"]["salt"])
    assert digests[hashlib.sha256(salt + b"claims_anchor/32").hexdigest()] == (
        hashlib.sha256(salt + b'{"start":9}').hexdigest()
    )
    # Its salt tells nothing of the row beside it, not even that there is a passage.
    beside = {hashlib.sha256(salt + text).hexdigest() for text in (b'{"start":5}', b"claims_anchor/31")}
    assert beside.isdisjoint({*digests, *digests.values()})
    assert len(digests) == 3


def test_row_that_was_deleted_before_is_not_shown():
    gone = replace(ANCHOR, action="delete", before={"start": 5}, after=None)
    assert fold([added(31, start=4), gone, PUBLISHED]).keys() == {"claims_statement/12"}


@pytest.mark.parametrize(
    ("event", "shows"),
    [
        (PUBLISHED, True),
        (replace(PUBLISHED, action="insert", before=None), True),
        (replace(PUBLISHED, after={"status": "in_review"}), False),
        (replace(PUBLISHED, after={"published_at": None}), False),
        (replace(PUBLISHED, row_table="claims_anchor"), False),
        (replace(PUBLISHED, record="correction", row_table="claims_correction", after={"state": "applied"}), True),
        (replace(PUBLISHED, record="correction", row_table="claims_correction", after={"state": "declined"}), False),
        (replace(PUBLISHED, record="user", row_table="auth_user"), False),
    ],
)
def test_which_event_shows_a_record_to_readers(event, shows):
    assert event.shows_record is shows
    assert event.has_state is (shows and event.action == "update")
    assert ("state" in leaf(event, {})) is event.has_state


def test_leaf_is_read_back_as_it_was_written():
    """Whoever checks a file writes its lines anew and compares."""
    written = canonical(leaf(PUBLISHED, {"claims_anchor/31": {"exact": "“لا” said 🕊"}}))
    assert canonical(json.loads(written)) == written
