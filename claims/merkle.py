"""The tree of hashes over the history: RFC 6962, section 2.1, and checkpoints in the text form of C2SP tlog-checkpoint.

Whoever keeps the root of the first n events (32 bytes) can tell later whether these are still the same n events in the
same order. A tree grows by its peaks alone, the roots of its perfect subtrees: n more leaves cost n to 2n hashes, and
what is kept between two passes is at most 32 bytes for each binary digit of its size.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

HASH_BYTES = 32


def leaf_hash(data: bytes) -> bytes:
    """The hash of one leaf, 32 bytes. The 0 in front tells it from an inner node, which no data can then imitate."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees side by side, 32 bytes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree that only grows, as its peaks: the roots of its perfect subtrees, the largest first."""

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)
        if len(self.peaks) != size.bit_count() or any(len(peak) != HASH_BYTES for peak in self.peaks):
            raise ValueError(f"A tree of {size:,} leaves has {size.bit_count()} peaks of {HASH_BYTES} bytes.")

    @classmethod
    def unpack(cls, size: int, packed: bytes) -> Self:
        """The tree whose `packed` peaks were kept. Raises ValueError where they cannot be those of that size."""
        return cls(size, (packed[at : at + HASH_BYTES] for at in range(0, len(packed), HASH_BYTES)))

    @property
    def packed(self) -> bytes:
        return b"".join(self.peaks)

    def append(self, leaf: bytes) -> None:
        """Add the hash of one leaf at the end."""
        node, rest = leaf, self.size
        while rest & 1:
            node, rest = node_hash(self.peaks.pop(), node), rest >> 1
        self.peaks.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The hash over all leaves, 32 bytes; of no leaves that of nothing."""
        if not self.peaks:
            return hashlib.sha256(b"").digest()
        *others, root = self.peaks
        for peak in reversed(others):
            root = node_hash(peak, root)
        return root


@dataclass(frozen=True, slots=True)
class Note:
    """A checkpoint as it travels: of which history, how many events, and their root."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def read(cls, text: str) -> Self:
        """The checkpoint in a text; lines after the third (signatures) are not read. ValueError where there is none."""
        try:
            origin, size, root, *_ = text.split("\n")
            note = cls(origin, int(size), base64.b64decode(root, validate=True))
            if not (origin and size == str(note.size) and note.size >= 0 and len(note.root) == HASH_BYTES):
                raise ValueError
        except (ValueError, binascii.Error):
            raise ValueError(
                "This is no checkpoint. One has three lines: the history's name, a number of events, and a hash in "
                "base64; take it as /export/checkpoint.txt gave it."
            ) from None
        return note
