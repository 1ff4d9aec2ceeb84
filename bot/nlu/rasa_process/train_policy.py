"""Train the classifier of policy questions: python -m bot.nlu.rasa_process.train_policy OUTPUT.npz < lines.json

Runs in the Python 3.10 environment, which has scikit-learn; what it writes needs numpy only. `lines` are
[label, [feature, …]] pairs; the application makes the features, so that training and serving cannot differ.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import numpy
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

STRENGTH = 60.0  # inverse of the regularisation; the held-out curve is flat around it
SEEN_TWICE = 2  # a feature of one line only is noise
TOLERANCE = 1e-3
ROUNDS = 50  # three times as many change no held-out answer


def _as_given(features: list[str]) -> list[str]:
    return features


def main() -> None:
    output = Path(sys.argv[1])
    lines = json.load(sys.stdin)
    vectorizer = TfidfVectorizer(analyzer=_as_given, sublinear_tf=True, min_df=SEEN_TWICE)
    matrix = vectorizer.fit_transform([features for _, features in lines])
    model = LogisticRegression(C=STRENGTH, max_iter=ROUNDS, tol=TOLERANCE)
    model.fit(matrix, [label for label, _ in lines])
    scratch = output.with_suffix(".part.npz")
    numpy.savez_compressed(
        scratch,
        labels=numpy.array(model.classes_),
        features=numpy.frombuffer("\n".join(vectorizer.get_feature_names_out()).encode("utf-8"), dtype=numpy.uint8),
        idf=vectorizer.idf_.astype(numpy.float32),
        coefficients=model.coef_.T.astype(numpy.float16),
        intercept=model.intercept_.astype(numpy.float32),
    )
    os.replace(scratch, output)


if __name__ == "__main__":
    main()
