"""How long it takes to search 100,000 kept copies for a quotation; makes the copies in the database it is given.

    DATABASE_URL=… SECRET_KEY=… .venv/bin/python manage.py shell --no-imports \
        --command 'import runpy; runpy.run_path("tests/measure_search.py", run_name="__main__")'

The copies are synthetic: about 600 words each, drawn by Zipf's law from 40,000 with a seed, so that common words stand
in nearly all of them. Use a database of its own: captures are never deleted.
"""

import random
import statistics
import time

from django.db import connection

from sources.finding import find_in_captures, keep_folds, word_numbers
from sources.folding import VERSION, fold
from sources.kept_text import digest
from sources.models import Capture, CaptureIndex, Outlet, Source
from sources.records import new_ref

COPIES = 100_000
WORDS = 600


def vocabulary(chance: random.Random) -> list[str]:
    letters = "etaoinshrdlucmfwypvbgk"
    return ["".join(chance.choices(letters, k=chance.randint(2, 11))) for _ in range(40_000)]


def make(chance: random.Random) -> None:
    """All copies by COPY, with what keep_folds would make of each."""
    words = vocabulary(chance)
    weights = [0.0]
    for rank in range(len(words)):
        weights.append(weights[-1] + 1 / (rank + 2.7))
    outlet = Outlet.objects.create(name="Bench", slug=f"bench-{new_ref()}")
    source = Source.objects.create(title="Bench", outlet=outlet)
    done = Capture.objects.count()
    while done < COPIES:
        rows = []
        for _ in range(1000):
            drawn = chance.choices(words, cum_weights=weights[1:], k=WORDS)
            rows.append(" ".join(drawn).replace(" at ", ". “At ").replace(" in ", ",” in ") + f" {new_ref()}")
        Capture.objects.bulk_create([Capture(source=source, text=text) for text in rows])
        indexes = []
        for capture in Capture.objects.order_by("-pk")[:1000]:
            folded = fold(capture.text)
            indexes.append(
                CaptureIndex(
                    capture=capture,
                    fold_version=VERSION,
                    of_sha256=digest(capture.text),
                    folded=folded.text,
                    runs=folded.to_json()["runs"],
                    words=sorted(word_numbers(folded.text)),
                )
            )
        CaptureIndex.objects.bulk_update(indexes, ["fold_version", "of_sha256", "folded", "runs", "words"])
        done += 1000
        print(done, flush=True)


def main() -> None:
    chance = random.Random(20240815)
    make(chance)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE sources_captureindex")
    keep_folds()
    keys = chance.sample(list(Capture.objects.values_list("pk", flat=True)), 50)
    for length in (4, 8, 16, 30):
        taken = []
        for key in keys:
            text = Capture.objects.get(pk=key).text.split()
            at = chance.randrange(1, WORDS - length)
            quotation = " ".join(text[at : at + length])
            began = time.perf_counter()
            found = find_in_captures(quotation)
            taken.append(time.perf_counter() - began)
            if not any(place.capture.pk == key for place in found) and len(found) < 20:
                print("MISSED", quotation)
        taken.sort()
        print(f"{length} words: median {statistics.median(taken) * 1000:.1f} ms, p95 {taken[47] * 1000:.1f} ms")


if __name__ == "__main__":
    main()
