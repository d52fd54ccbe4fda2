"""Search that folds accents, Arabic letter forms and quote marks, and knows English and Arabic word forms.

`claims_search_form` brings a text to one spelling. `claims_word_form` takes off the Arabic prefixes and endings that the
light stemmer “light10” takes off (Larkey, Ballesteros and Connell, Light Stemming for Arabic Information Retrieval,
2007); PostgreSQL's own Arabic stemmer parts محادثات from المحادثات. The configuration `claims_words` brings words of
ASCII letters to their English stem. It has no stop words, so that every phrase is found. `claims_query` passes over small words where none is put in quotation marks and another is
asked for.
"""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

import claims.searching

# After NFKD an accent or hamza is a mark of its own. What is left of the Arabic letters that are written in two ways:
# ى ی → ي, ة ھ → ه, ک → ك. Dashes and points that are not ASCII part words, as ASCII ones do.
FORM = """
CREATE FUNCTION claims_search_form(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN
    lower(translate(
        regexp_replace(
            regexp_replace(normalize(words, NFKD), '[\u0300-\u036f\u0640\u064b-\u065f\u0670\u00ad\u200b-\u200f\u2060\ufeff]', '', 'g'),
            '[\u2012-\u2015\u2026\u060c\u061b\u061f\u06d4\u00b7]', ' ', 'g'),
        '\u0649\u06cc\u0629\u06be\u06a9\u2018\u2019\u201a\u201b\u02bc\u2032\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u2010\u2011',
        '\u064a\u064a\u0647\u0647\u0643''''''''''''\"\"\"\"\"\"\"--'));
"""
WORDS = """
CREATE FUNCTION claims_word_form(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN
    regexp_replace(
        regexp_replace(
            regexp_replace(claims_search_form(words), '\\m(?:و?(?:ال|بال|كال|فال)|لل|و(?=[ء-ي]{3}))(?=[ء-ي]{2})', '', 'g'),
            '([ء-ي]{2})(?:ها|ان|ات|ون|ين|يه|ه)\\M', '\\1', 'g'),
        '([ء-ي]{2})ي\\M', '\\1', 'g');
CREATE TEXT SEARCH DICTIONARY claims_english (TEMPLATE = snowball, Language = english);
CREATE TEXT SEARCH CONFIGURATION claims_words (COPY = pg_catalog.simple);
ALTER TEXT SEARCH CONFIGURATION claims_words
    ALTER MAPPING FOR asciiword, asciihword, hword_asciipart WITH claims_english;
CREATE TEXT SEARCH CONFIGURATION claims_telling_words (COPY = claims_words);
ALTER TEXT SEARCH CONFIGURATION claims_telling_words
    ALTER MAPPING FOR asciiword, asciihword, hword_asciipart WITH english_stem;
CREATE FUNCTION claims_query(words text) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN
    CASE WHEN claims_search_form(words) LIKE '%"%'
            OR numnode(websearch_to_tsquery('claims_telling_words', claims_word_form(words))) = 0
        THEN websearch_to_tsquery('claims_words', claims_word_form(words))
        ELSE websearch_to_tsquery('claims_telling_words', claims_word_form(words)) END;
"""
# querytree leaves out what is excluded; any one of the rest makes a word worth marking.
FOUND = """
CREATE FUNCTION claims_words_found(content text, query tsquery) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE COST 1000
AS $$
    SELECT coalesce(array_agg(DISTINCT word[1]), '{}') FROM (
        SELECT regexp_replace(nullif(querytree(query), 'T'), '&|<->|<[0-9]+>', '|', 'g')::tsquery AS terms
    ) looked_for, regexp_matches(content, '[[:alnum:]\u0300-\u036f\u0640\u064b-\u065f\u0670]+', 'g') word
    WHERE to_tsvector('public.claims_words', public.claims_word_form(word[1])) @@ terms
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0011_views_of_the_past")]
    operations = [
        TrigramExtension(),
        migrations.RunSQL(FORM, "DROP FUNCTION claims_search_form(text)"),
        migrations.RunSQL(
            WORDS,
            "DROP FUNCTION claims_query(text); DROP TEXT SEARCH CONFIGURATION claims_words, claims_telling_words; "
            "DROP TEXT SEARCH DICTIONARY claims_english; DROP FUNCTION claims_word_form(text)",
        ),
        migrations.RunSQL(FOUND, "DROP FUNCTION claims_words_found(text, tsquery)"),
        migrations.RunSQL(
            "SELECT rashomon_untrack('claims_statement')",
            "SELECT rashomon_track('claims_statement', 'statement', 'id', hidden => 'search')",
        ),
        migrations.RemoveIndex("statement", "statement_search"),
        migrations.RemoveField("statement", "search"),
        migrations.AddField(
            "statement",
            "search",
            models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.SearchVector(
                    claims.searching.WordForm("content"), config="claims_words"
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
                serialize=False,
            ),
        ),
        migrations.AddIndex(
            "statement", django.contrib.postgres.indexes.GinIndex(fields=["search"], name="statement_search")
        ),
        migrations.RunSQL(
            "SELECT rashomon_track('claims_statement', 'statement', 'id', hidden => 'search')",
            "SELECT rashomon_untrack('claims_statement')",
        ),
        migrations.AddIndex(
            "translation",
            django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.SearchVector(claims.searching.WordForm("text"), config="claims_words"),
                name="translation_search",
            ),
        ),
        migrations.AddIndex(
            "speaker",
            django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(claims.searching.SearchForm("name"), name="gin_trgm_ops"),
                name="speaker_search",
            ),
        ),
        migrations.AddIndex(
            "speakername",
            django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(claims.searching.SearchForm("text"), name="gin_trgm_ops"),
                name="speakername_search",
            ),
        ),
    ]
