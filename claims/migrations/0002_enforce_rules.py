"""The rules that need more than one row, as deferred constraint triggers; claims/rules.py has their names and words.

Two functions check one statement and one pair; the triggers only say which ones a change touches. What is read is
locked FOR SHARE, so that two transactions cannot each break a rule that neither breaks alone. A row that is gone by
the end of the transaction has nothing to check. Deferred, because a statement is written before its anchors.
"""

from django.db import migrations

VERSIONED = (
    "side",
    "speaker",
    "speakername",
    "topic",
    "question",
    "occasion",
    "statement",
    "anchor",
    "translation",
    "position",
    "contradiction",
)

BREAK_RULE = """
CREATE FUNCTION claims_break(rule text, message text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', message USING ERRCODE = 'check_violation', CONSTRAINT = rule;
END $$;
"""

CHECK_STATEMENT = """
CREATE FUNCTION claims_check_statement(key bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    s claims_statement;
    a claims_anchor;
    captured text;
    source_key bigint;
    published_by bigint;
    voice claims_speaker;
    quotes integer := 0;
    contents integer := 0;
BEGIN
    SELECT * INTO s FROM claims_statement WHERE id = key FOR SHARE;
    IF NOT FOUND THEN RETURN; END IF;
    SELECT text, source_id INTO captured, source_key FROM sources_capture WHERE id = s.capture_id FOR SHARE;
    SELECT outlet_id INTO published_by FROM sources_source WHERE id = source_key FOR SHARE;
    SELECT * INTO voice FROM claims_speaker WHERE id = s.speaker_id FOR SHARE;

    IF s.mode = 'narrator' AND voice.outlet_id IS DISTINCT FROM published_by THEN
        PERFORM claims_break('statement_narrator_is_the_outlet',
            'The outlet''s own words are spoken by the outlet of the source.');
    END IF;
    PERFORM 1 FROM claims_statement_further_speakers WHERE statement_id = key FOR SHARE;
    PERFORM 1 FROM claims_speaker WHERE id IN (s.on_behalf_of_id, s.relays_id) OR id IN
        (SELECT speaker_id FROM claims_statement_further_speakers WHERE statement_id = key) ORDER BY id FOR SHARE;
    IF EXISTS (
        SELECT 1 FROM claims_speaker other
        WHERE other.kind = 'unnamed' AND other.only_in_id IS DISTINCT FROM source_key AND (
            other.id IN (s.speaker_id, s.on_behalf_of_id, s.relays_id) OR other.id IN
            (SELECT speaker_id FROM claims_statement_further_speakers WHERE statement_id = key))) THEN
        PERFORM claims_break('statement_unnamed_of_this_source', 'This unnamed speaker belongs to another source.');
    END IF;

    FOR a IN SELECT * FROM claims_anchor WHERE statement_id = key FOR SHARE LOOP
        IF a."end" > char_length(captured) THEN
            PERFORM claims_break('anchor_within_capture', 'The passage ends after the end of the captured text.');
        END IF;
        IF a.tier = 'exact' AND a.exact <> substr(captured, a.start + 1, a."end" - a.start) THEN
            PERFORM claims_break('anchor_exact_as_captured',
                'These words do not stand at this place of the captured text.');
        END IF;
        IF a.part = 'quote' THEN
            quotes := quotes + 1;
        ELSIF a.part = 'content' AND a.tier IN ('exact', 'whitespace', 'typography', 'case', 'elided') THEN
            contents := contents + 1;
        END IF;
        IF s.status = 'published' AND a.part = 'quote'
            AND a.tier NOT IN ('exact', 'whitespace', 'typography', 'case', 'elided') AND s.held_since IS NULL THEN
            PERFORM claims_break('statement_published_quotes_found',
                'To publish, every quoted passage must be found in the captured text.');
        END IF;
    END LOOP;
    IF s.mode IN ('indirect', 'narrator') AND quotes > 0 THEN
        PERFORM claims_break('statement_paraphrase_has_no_quote',
            'A paraphrase or the outlet''s own words have no quoted words.');
    END IF;
    IF s.status = 'published' AND s.mode IN ('direct', 'mixed') AND quotes = 0 THEN
        PERFORM claims_break('statement_published_has_quote', 'A published quotation has quoted words.');
    END IF;
    IF s.status = 'published' AND contents = 0 AND s.held_since IS NULL THEN
        PERFORM claims_break('statement_published_has_anchor',
            'A published statement''s content is found in the captured text.');
    END IF;
    -- What a reader is told was found must be what is shown: the content is its passage, the quotations lie in it.
    IF s.status = 'published' AND s.held_since IS NULL AND EXISTS (
        SELECT 1 FROM claims_anchor WHERE statement_id = key AND part = 'content' AND tier = 'exact'
            AND CASE WHEN contents = 1 THEN exact <> s.content ELSE strpos(s.content, exact) = 0 END) THEN
        PERFORM claims_break('statement_content_as_anchored',
            'A published statement''s content is the passage it is anchored to.');
    END IF;
    IF s.status = 'published' AND s.held_since IS NULL AND EXISTS (
        SELECT 1 FROM claims_anchor q WHERE q.statement_id = key AND q.part = 'quote' AND NOT EXISTS (
            SELECT 1 FROM claims_anchor c WHERE c.statement_id = key AND c.part = 'content'
                AND c.start <= q.start AND q."end" <= c."end")) THEN
        PERFORM claims_break('statement_quotes_in_content',
            'A published statement''s quoted words lie within its content.');
    END IF;

    PERFORM 1 FROM claims_position WHERE statement_id = key FOR SHARE;
    IF EXISTS (SELECT 1 FROM claims_position
               WHERE statement_id = key AND words <> '' AND strpos(s.content, words) = 0) THEN
        PERFORM claims_break('position_words_in_content', 'These words do not stand in the statement''s content.');
    END IF;
END $$;
"""

CHECK_CONTRADICTION = """
CREATE FUNCTION claims_voices(statement bigint) RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT array_agg(voice) FROM (
        SELECT speaker_id AS voice FROM claims_statement WHERE id = statement
        UNION SELECT speaker_id FROM claims_statement_further_speakers WHERE statement_id = statement
        UNION SELECT body.id FROM claims_statement s JOIN claims_speaker body ON body.id = s.on_behalf_of_id
            WHERE s.id = statement AND body.kind <> 'government'
    ) AS voices
$$;

CREATE FUNCTION claims_check_contradiction(key bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    c claims_contradiction;
    one claims_statement;
    other claims_statement;
BEGIN
    SELECT * INTO c FROM claims_contradiction WHERE id = key FOR SHARE;
    IF NOT FOUND THEN RETURN; END IF;
    -- In the order of their keys, so that two checks at once do not wait for each other.
    PERFORM 1 FROM claims_statement WHERE id IN (c.first_id, c.second_id) ORDER BY id FOR SHARE;
    SELECT * INTO one FROM claims_statement WHERE id = c.first_id;
    SELECT * INTO other FROM claims_statement WHERE id = c.second_id;

    IF c.first_words <> '' AND strpos(one.content, c.first_words) = 0 THEN
        PERFORM claims_break('contradiction_first_words_in_content', 'These words do not stand in the first account.');
    END IF;
    IF c.second_words <> '' AND strpos(other.content, c.second_words) = 0 THEN
        PERFORM claims_break('contradiction_second_words_in_content',
            'These words do not stand in the second account.');
    END IF;
    IF c.status = 'published' AND (one.status <> 'published' OR other.status <> 'published') THEN
        PERFORM claims_break('contradiction_published_statements',
            'A published pair has both statements published.');
    END IF;
    IF c.status <> 'withdrawn' THEN
        PERFORM 1 FROM claims_position
            WHERE question_id = c.question_id AND statement_id IN (c.first_id, c.second_id) FOR SHARE;
        IF (SELECT count(DISTINCT statement_id) FROM claims_position
            WHERE question_id = c.question_id AND statement_id IN (c.first_id, c.second_id)) < 2 THEN
            PERFORM claims_break('contradiction_both_hold_positions',
                'Both statements need a position on this question.');
        END IF;
    END IF;
    IF c.pattern IN ('reversal', 'self_contradiction') THEN
        PERFORM 1 FROM claims_statement_further_speakers WHERE statement_id IN (c.first_id, c.second_id) FOR SHARE;
        PERFORM 1 FROM claims_speaker WHERE id IN (one.on_behalf_of_id, other.on_behalf_of_id) ORDER BY id FOR SHARE;
        IF NOT claims_voices(c.first_id) && claims_voices(c.second_id) THEN
            PERFORM claims_break('contradiction_one_voice',
                'A reversal or self-contradiction needs one voice: a shared speaker or body below government.');
        END IF;
    END IF;
    IF c.pattern = 'reversal' AND (
        one.precision = 'unknown' OR other.precision = 'unknown'
        OR daterange(one.said_from, one.said_to, '[]') && daterange(other.said_from, other.said_to, '[]')) THEN
        PERFORM claims_break('contradiction_reversal_in_time',
            'A reversal needs both statements dated, at times that do not overlap.');
    END IF;
END $$;

CREATE FUNCTION claims_check_pairs_of(statement bigint) RETURNS void LANGUAGE sql AS $$
    SELECT claims_check_contradiction(id) FROM claims_contradiction
    WHERE first_id = statement OR second_id = statement ORDER BY id
$$;
"""

TRIGGER_FUNCTIONS = """
CREATE FUNCTION claims_statement_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM claims_check_statement(NEW.id);
    PERFORM claims_check_pairs_of(NEW.id);
    RETURN NULL;
END $$;

CREATE FUNCTION claims_part_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM claims_check_statement(OLD.statement_id);
        PERFORM claims_check_pairs_of(OLD.statement_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM claims_check_statement(NEW.statement_id);
        IF TG_OP = 'UPDATE' THEN PERFORM claims_check_pairs_of(NEW.statement_id); END IF;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION claims_contradiction_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM claims_check_contradiction(NEW.id);
    RETURN NULL;
END $$;

CREATE FUNCTION claims_speaker_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    above bigint := NEW.id;
    seen bigint[] := '{}';
BEGIN
    -- Each is locked on the way up: of two transactions that make one the other's parent, one waits and sees the circle.
    LOOP
        seen := seen || above;
        SELECT parent_id INTO above FROM claims_speaker WHERE id = above FOR SHARE;
        EXIT WHEN above IS NULL;
        IF above = ANY (seen) THEN
            PERFORM claims_break('speaker_parents_end', 'These bodies belong to each other in a circle.');
        END IF;
    END LOOP;
    IF TG_OP = 'UPDATE' THEN
        PERFORM claims_check_statement(id) FROM claims_statement WHERE speaker_id = NEW.id ORDER BY id;
        PERFORM claims_check_statement(id), claims_check_pairs_of(id) FROM claims_statement
            WHERE on_behalf_of_id = NEW.id OR relays_id = NEW.id ORDER BY id;
        PERFORM claims_check_statement(statement_id) FROM claims_statement_further_speakers
            WHERE speaker_id = NEW.id ORDER BY statement_id;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION claims_source_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM claims_check_statement(s.id) FROM claims_statement s JOIN sources_capture c ON c.id = s.capture_id
        WHERE c.source_id = NEW.id ORDER BY s.id;
    RETURN NULL;
END $$;
"""

TRIGGERS = """
CREATE CONSTRAINT TRIGGER statement_inserted AFTER INSERT ON claims_statement DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION claims_statement_changed();
CREATE CONSTRAINT TRIGGER statement_updated AFTER UPDATE ON claims_statement DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION claims_statement_changed();
CREATE CONSTRAINT TRIGGER anchor_written AFTER INSERT OR DELETE ON claims_anchor DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION claims_part_changed();
CREATE CONSTRAINT TRIGGER anchor_updated AFTER UPDATE ON claims_anchor DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION claims_part_changed();
CREATE CONSTRAINT TRIGGER position_written AFTER INSERT OR DELETE ON claims_position DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION claims_part_changed();
CREATE CONSTRAINT TRIGGER position_updated AFTER UPDATE ON claims_position DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION claims_part_changed();
CREATE CONSTRAINT TRIGGER further_speaker_written AFTER INSERT OR UPDATE OR DELETE ON claims_statement_further_speakers
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION claims_part_changed();
CREATE CONSTRAINT TRIGGER contradiction_inserted AFTER INSERT ON claims_contradiction DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION claims_contradiction_changed();
CREATE CONSTRAINT TRIGGER contradiction_updated AFTER UPDATE ON claims_contradiction DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION claims_contradiction_changed();
CREATE CONSTRAINT TRIGGER speaker_inserted AFTER INSERT ON claims_speaker DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION claims_speaker_changed();
CREATE CONSTRAINT TRIGGER speaker_updated AFTER UPDATE OF kind, outlet_id, only_in_id, parent_id ON claims_speaker
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION claims_speaker_changed();
CREATE CONSTRAINT TRIGGER source_outlet_changed AFTER UPDATE OF outlet_id ON sources_source
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.outlet_id IS DISTINCT FROM NEW.outlet_id) EXECUTE FUNCTION claims_source_changed();
ALTER TABLE claims_statement_in_reply_to
    ADD CONSTRAINT statement_reply_to_another CHECK (from_statement_id <> to_statement_id);
"""

HOLD = """
-- A later failed check or a retracted source refuses nothing: it takes what rests on it from readers, in the same
-- transaction, until an editor decides (claims/services.py, release).
CREATE FUNCTION claims_hold_statement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE claims_statement SET held_since = now(),
        held_reason = 'A check no longer finds these words in the captured text: “' || NEW.exact || '”'
        WHERE id = NEW.statement_id AND status = 'published' AND held_since IS NULL;
    RETURN NULL;
END $$;

CREATE FUNCTION claims_hold_of_source() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE claims_statement s SET held_since = now(), held_reason = 'The source was retracted by its publisher.'
        FROM sources_capture c
        WHERE c.source_id = NEW.id AND s.capture_id = c.id AND s.status = 'published' AND s.held_since IS NULL;
    RETURN NULL;
END $$;

CREATE FUNCTION claims_hold_pairs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE claims_contradiction SET held_since = now(), held_reason = NEW.held_reason
        WHERE (first_id = NEW.id OR second_id = NEW.id) AND status = 'published' AND held_since IS NULL;
    RETURN NULL;
END $$;

CREATE TRIGGER anchor_lost AFTER UPDATE OF tier ON claims_anchor FOR EACH ROW
    WHEN (OLD.tier IN ('exact', 'whitespace', 'typography', 'case', 'elided')
        AND NEW.tier NOT IN ('exact', 'whitespace', 'typography', 'case', 'elided')
        AND NEW.part IN ('content', 'quote'))
    EXECUTE FUNCTION claims_hold_statement();
CREATE TRIGGER source_retracted AFTER UPDATE OF state ON sources_source FOR EACH ROW
    WHEN (OLD.state <> 'retracted' AND NEW.state = 'retracted') EXECUTE FUNCTION claims_hold_of_source();
CREATE TRIGGER statement_held AFTER UPDATE OF held_since ON claims_statement FOR EACH ROW
    WHEN (OLD.held_since IS NULL AND NEW.held_since IS NOT NULL) EXECUTE FUNCTION claims_hold_pairs();
"""

LET_GO = """
DROP FUNCTION claims_hold_statement() CASCADE;
DROP FUNCTION claims_hold_of_source() CASCADE;
DROP FUNCTION claims_hold_pairs() CASCADE;
"""

UNDO = """
ALTER TABLE claims_statement_in_reply_to DROP CONSTRAINT statement_reply_to_another;
DROP FUNCTION claims_statement_changed() CASCADE;
DROP FUNCTION claims_part_changed() CASCADE;
DROP FUNCTION claims_contradiction_changed() CASCADE;
DROP FUNCTION claims_speaker_changed() CASCADE;
DROP FUNCTION claims_source_changed() CASCADE;
DROP FUNCTION claims_check_pairs_of(bigint);
DROP FUNCTION claims_check_contradiction(bigint);
DROP FUNCTION claims_voices(bigint);
DROP FUNCTION claims_check_statement(bigint);
DROP FUNCTION claims_break(text, text);
"""

GENERATED = {"statement": "'search'"}
COUNT_VERSIONS = "".join(
    f"CREATE TRIGGER count_version BEFORE UPDATE ON claims_{table} "
    f"FOR EACH ROW EXECUTE FUNCTION rashomon_count_version({GENERATED.get(table, '')});\n"
    for table in VERSIONED
)
FORGET_VERSIONS = "".join(f"DROP TRIGGER count_version ON claims_{table};\n" for table in VERSIONED)


class Migration(migrations.Migration):
    dependencies = [("claims", "0001_initial"), ("sources", "0002_keep_captures_count_versions")]
    operations = [
        migrations.RunSQL(
            BREAK_RULE + CHECK_STATEMENT + CHECK_CONTRADICTION + TRIGGER_FUNCTIONS + TRIGGERS,
            UNDO,
        ),
        migrations.RunSQL(HOLD, LET_GO),
        migrations.RunSQL(COUNT_VERSIONS, FORGET_VERSIONS),
    ]
