"""The trained half of retrieval: a linear classifier over the features of a question, served with numpy alone.

It is trained at build time from the entries' phrasings and, as “nothing of ours”, from everything else people say to the
office (bot/models.py starts that, in the environment that has scikit-learn).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

NOTHING = ""  # the label of what no entry answers
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Likelihood:
    """`entries` sums to 1 over the entries, in the order of `Classifier.labels`; `nothing` is the chance of none."""

    entries: Floats
    nothing: float


class Classifier:
    """Multinomial logistic regression on tf-idf. `coefficients` has one row a feature, one column a label."""

    def __init__(
        self, *, labels: list[str], features: list[str], idf: Floats, coefficients: Floats, intercept: Floats
    ) -> None:
        nothing = labels.index(NOTHING)
        order = [*(column for column in range(len(labels)) if column != nothing), nothing]
        self.labels = [labels[column] for column in order[:-1]]
        self._column = {feature: row for row, feature in enumerate(features)}
        self._idf = idf.astype(np.float32)
        self._coefficients = np.ascontiguousarray(coefficients[:, order])
        self._intercept = intercept[order].astype(np.float32)

    @classmethod
    def load(cls, path: Path) -> Classifier:
        with np.load(path, allow_pickle=False) as held:
            return cls(
                labels=[str(label) for label in held["labels"]],
                features=held["features"].tobytes().decode("utf-8").split("\n"),
                idf=held["idf"],
                coefficients=held["coefficients"],
                intercept=held["intercept"],
            )

    def read(self, features: list[str]) -> Likelihood:
        """How likely each entry is meant, given that one is; and how likely none is."""
        counts = Counter(self._column[feature] for feature in features if feature in self._column)
        rows = np.fromiter(counts, dtype=np.int64, count=len(counts))
        weights = (1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))) * self._idf[rows]
        length = float(np.sqrt((weights**2).sum())) or 1.0
        scores = (weights / length) @ self._coefficients[rows].astype(np.float32) + self._intercept
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        ours = float(shares[:-1].sum()) or 1.0
        return Likelihood(shares[:-1] / ours, float(shares[-1]))
