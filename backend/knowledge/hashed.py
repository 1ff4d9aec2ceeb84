"""Tables of words by number: a dictionary of strings takes ten times the memory in every web process."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]


def hashes(words: Sequence[str]) -> Numbers:
    """A word as a number of 64 bits: two of a hundred thousand fall together once in a billion processes. The numbers hold
    for this process alone. Of the bytes, because Python gives “填” and “kX”, which look alike in memory, the same.
    """
    return np.fromiter((hash(word.encode()) for word in words), np.int64, len(words))


def places(table: Numbers, wanted: Numbers) -> Numbers:
    """Where in the sorted `table` each wanted number stands; -1 for one that is not there."""
    if not len(table):
        return np.full(len(wanted), -1)
    at = np.minimum(np.searchsorted(table, wanted), len(table) - 1)
    return np.where(table[at] == wanted, at, -1)
