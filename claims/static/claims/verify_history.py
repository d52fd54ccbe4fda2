"""Check a public history against checkpoints that were kept elsewhere.

    python verify_history.py history.jsonl checkpoint.txt [older_checkpoint.txt …]

history.jsonl is /export/history.jsonl of the site. A checkpoint is /export/checkpoint.txt as it was at any time before:
fetch it first and the history after it, and keep it where nobody of the site can change it. The history may have grown
since; what a checkpoint covers must be the same events in the same order. With several checkpoints you see between
which two a history parts from them. Exits with 1 and says line by line what is wrong.

Each line is an event: the SHA-256 of its leaf and, of what readers may see, the leaf itself. The hashes form the tree
of RFC 6962, section 2.1; a checkpoint is the body of a C2SP tlog-checkpoint: origin, number of events, root. Needs
Python 3.8 or newer and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def faults(line: dict[str, Any], text: bytes) -> Iterator[str]:
    """What is wrong with a line, taken by itself."""
    if canonical(line) + b"\n" != text or not set(line) <= {"leaf", "event", "shown"}:
        yield "is not written as the site writes it"
    if "event" in line and sha256(b"\0" + canonical(line["event"])).hex() != line["leaf"]:
        yield "tells another event than the one that was sealed"
    digests = line.get("event", {}).get("state", {})
    for key, shown in line.get("shown", {}).items():
        salt = bytes.fromhex(shown["salt"])
        if sha256(salt + canonical(shown["row"])).hex() != digests.get(sha256(salt + key.encode()).hex()):
            yield f"shows another row {key} than the one that was sealed"


def read_checkpoint(path: str) -> tuple[int, bytes, str]:
    origin, size, root = Path(path).read_text(encoding="utf-8").split("\n")[:3]
    return int(size), base64.b64decode(root, validate=True), f"{path} ({origin}, {int(size)} events)"


def root_of(peaks: list[bytes]) -> bytes:
    root = peaks[-1] if peaks else sha256(b"")
    for peak in reversed(peaks[:-1]):
        root = sha256(b"\1" + peak + root)
    return root


def check(history: BinaryIO, checkpoints: list[tuple[int, bytes, str]]) -> Iterator[str | int]:
    """Yield each fault in a sentence, and the number of lines last. Constant memory."""
    waiting, size, agreed = sorted(checkpoints), 0, 0
    peaks: list[bytes] = []
    while True:
        while waiting and waiting[0][0] == size:
            _, root, name = waiting.pop(0)
            if root_of(peaks) != root:
                yield f"{name} does not fit: of lines {agreed + 1} to {size} one was changed, moved, added or left out"
            else:
                agreed = size
        text = history.readline()
        if not text:
            break
        node, rest, size = b"", size, size + 1
        try:
            line = json.loads(text)
            node = bytes.fromhex(line["leaf"])
            yield from (f"line {size} {fault}" for fault in faults(line, text))
        except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
            yield f"line {size} cannot be read"
        while rest & 1:
            node, rest = sha256(b"\1" + peaks.pop() + node), rest >> 1
        peaks.append(node)
    yield from (f"{name} does not fit: there are only {size} lines, so the end was cut off" for *_, name in waiting)
    yield size


def main(history: str, *checkpoints: str) -> int:
    wrong = 0
    with Path(history).open("rb") as file:
        for found in check(file, [read_checkpoint(path) for path in checkpoints]):
            if isinstance(found, str):
                wrong += 1
                print(found)
    print(f"{found} lines:", f"WRONG, {wrong} faults" if wrong else "as the checkpoints say")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) > 2 else __doc__)
