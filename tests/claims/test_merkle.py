"""The tree of RFC 6962: against the vectors of its reference implementation, and against its definition."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.merkle import Note, Tree, leaf_hash, node_hash

# The leaves and roots that implementations of Certificate Transparency (RFC 6962, 9162) test themselves with.
LEAVES = [
    bytes.fromhex(data)
    for data in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
NOTE = "rashomon.example/history\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n"


def definition(leaves):
    """MTH of RFC 6962, section 2.1, as it is written there."""
    if len(leaves) <= 1:
        return leaf_hash(leaves[0]) if leaves else hashlib.sha256(b"").digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(definition(leaves[:split]), definition(leaves[split:]))


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_the_reference_implementation(size):
    tree = Tree()
    for data in LEAVES[:size]:
        tree.append(leaf_hash(data))
    assert tree.root().hex() == ROOTS[size]


@given(st.lists(st.binary(max_size=3), max_size=70), st.integers(0, 70))
def test_tree_that_goes_on_from_its_peaks_is_the_defined_one(leaves, kept):
    tree = Tree()
    for place, data in enumerate(leaves):
        if place == kept:
            tree = Tree.unpack(tree.size, tree.packed)
        tree.append(leaf_hash(data))
    assert (tree.size, tree.root()) == (len(leaves), definition(leaves))
    assert len(tree.peaks) == len(leaves).bit_count()


@pytest.mark.parametrize(("size", "packed"), [(1, b""), (2, bytes(64)), (3, bytes(63)), (0, bytes(32))])
def test_peaks_of_another_size_are_refused(size, packed):
    with pytest.raises(ValueError, match="peaks of 32 bytes"):
        Tree.unpack(size, packed)


def test_checkpoint_has_the_three_lines_of_tlog_checkpoint():
    note = Note("rashomon.example/history", 8, bytes.fromhex(ROOTS[8]))
    assert str(note) == NOTE
    assert Note.read(NOTE) == note
    assert Note.read(f"{NOTE}\n— rashomon.example Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe\n") == note


@pytest.mark.parametrize(
    "text",
    [
        "",
        "rashomon.example/history",
        NOTE.replace("8", "-8", 1),
        NOTE.replace("8", "08", 1),
        NOTE.replace("8", "eight", 1),
        NOTE.replace("rashomon.example/history", ""),
        NOTE.replace("Xcna", ""),
        NOTE.replace("Xcna", "X!na"),
    ],
)
def test_what_is_no_checkpoint_is_refused_in_words(text):
    with pytest.raises(ValueError, match="This is no checkpoint"):
        Note.read(text)
