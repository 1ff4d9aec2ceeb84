"""The trained half of retrieval: a linear classifier over the features of a question, served with numpy alone.

It is trained at build time from the entries' phrasings and, as “nothing of ours”, from everything else people say to the
office (bot/models.py starts that, in the environment that has scikit-learn).
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from backend.knowledge.hashed import Numbers, hashes, places

LARGEST, TINY = 127, 1e-9
NOTHING = ""  # the label of what no entry answers
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Likelihood:
    """`entries` sums to 1 over the entries, in the order of `Classifier.labels`; `nothing` is the chance of none."""

    entries: Floats
    nothing: float


@dataclass(frozen=True, slots=True)
class Halves:
    """A text cut in two at each of some places. `left` and `right` have a row a cut and a column an entry, as `Likelihood`
    has; `ours` is how likely the less likely half asks of any of them; `whole` is the text uncut.
    """

    left: Floats
    right: Floats
    ours: Floats
    whole: Floats


class Classifier:
    """Multinomial logistic regression on tf-idf. `coefficients` has one row a feature, one column a label."""

    def __init__(
        self, *, labels: list[str], features: Iterable[bytes], idf: Floats, coefficients: Floats, intercept: Floats
    ) -> None:
        nothing = labels.index(NOTHING)
        order = [*(column for column in range(len(labels)) if column != nothing), nothing]
        self.labels = [labels[column] for column in order[:-1]]
        numbers = np.fromiter(map(hash, features), np.int64, len(idf))  # of the bytes, as `hashes` makes them
        by_hash = np.argsort(numbers)
        self._hashes = numbers[by_hash]
        self._idf = idf[by_hash].astype(np.float32)
        ordered = coefficients[by_hash][:, order].astype(np.float32)
        self._scale = np.maximum(np.abs(ordered).max(axis=1), TINY) / LARGEST  # one number a feature, a byte a label
        self._coefficients = np.rint(ordered / self._scale[:, None]).astype(np.int8)
        self._intercept = intercept[order].astype(np.float32)

    @classmethod
    def load(cls, path: Path) -> Classifier:
        with np.load(path, allow_pickle=False) as held:
            return cls(
                labels=[str(label) for label in held["labels"]],
                features=(line.rstrip(b"\n") for line in io.BytesIO(held["features"].tobytes())),
                idf=held["idf"],
                coefficients=held["coefficients"],
                intercept=held["intercept"],
            )

    def read(self, features: list[str]) -> Likelihood:
        """How likely each entry is meant, given that one is; and how likely none is."""
        rows = places(self._hashes, hashes(features))
        rows, counts = np.unique(rows[rows >= 0], return_counts=True)
        entries, ours = self._likelihoods(counts[None, :].astype(np.float32), rows)
        return Likelihood(entries[0], 1 - float(ours[0]))

    def read_halves(self, placed: Sequence[tuple[str, int, int]], cuts: Sequence[int]) -> Halves:
        """Both sides of every cut in one product: a feature that a cut goes through counts on neither side."""
        found = places(self._hashes, hashes([feature for feature, _, _ in placed]))
        spans = np.array([(begins, ends) for _, begins, ends in placed], dtype=np.int64).reshape(-1, 2)
        begins, ends = spans[found >= 0].T
        rows, at = np.unique(found[found >= 0], return_inverse=True)
        middles = np.asarray(cuts)[:, None]
        inside = np.concatenate((ends <= middles, begins >= middles, np.ones((1, len(at)), bool)))
        counts = np.zeros((len(inside), len(rows)), np.float32)
        np.add.at(counts.T, at, inside.T.astype(np.float32))
        entries, ours = self._likelihoods(counts, rows)
        count = len(cuts)
        both = np.minimum(ours[:count], ours[count:-1])
        return Halves(entries[:count], entries[count:-1], both, entries[-1])

    def _likelihoods(self, counts: Floats, rows: Numbers) -> tuple[Floats, Floats]:
        """For each text (a row of counts) the entries' shares, and how likely any of them is meant."""
        weights = np.where(counts > 0, 1 + np.log(np.maximum(counts, 1)), 0) * self._idf[rows]
        lengths = np.sqrt((weights**2).sum(axis=1, keepdims=True))
        counted = weights / np.where(lengths > 0, lengths, 1) * self._scale[rows]
        scores = counted.astype(np.float32) @ self._coefficients[rows].astype(np.float32) + self._intercept
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        ours = shares[:, :-1].sum(axis=1)
        return shares[:, :-1] / np.where(ours > 0, ours, 1)[:, None], ours
