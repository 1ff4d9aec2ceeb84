"""What Rasa computes for every message and nobody reads, taken out of a loaded graph; the readings stay the same.

Rasa's featurizers make one matrix a word and one a sentence, and glue them with scipy, message by message. Logistic
regression reads the sentence's only and the CRF makes its own, so the matrices of words serve nobody here, and gluing
took half of a parse. A pipeline with any other reader (DIET, dense features) is left as Rasa made it.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy
from scipy.sparse import csr_matrix

READERS = {
    "JiebaTokenizer",
    "RegexFeaturizer",
    "LexicalSyntacticFeaturizer",
    "CountVectorsFeaturizer",
    "LogisticRegressionClassifier",
    "CRFEntityExtractor",
    "RegexEntityExtractor",
    "NLUMessageConverter",
    "RegexMessageHandler",
}


class SentenceRows:
    """The classifier's input: one sparse row a message, the columns in the order Rasa trained them."""

    def __init__(self, featurizers: list[Any]) -> None:
        self._parts: list[tuple[Any, Any, int]] = []
        self._width = 0
        for featurizer in featurizers:
            vectorizer = getattr(featurizer, "vectorizers", {}).get("text")
            self._parts.append((featurizer, vectorizer and vectorizer.build_analyzer(), self._width))
            self._width += len(vectorizer.vocabulary_ if vectorizer else featurizer.known_patterns)

    def of(self, messages: list[Any]) -> csr_matrix:
        columns: list[int] = []
        values: list[float] = []
        ends = [0]
        for message in messages:
            for column, value in self._row(message):
                columns.append(column)
                values.append(value)
            ends.append(len(columns))
        return csr_matrix((numpy.array(values), numpy.array(columns), ends), shape=(len(messages), self._width))

    def _row(self, message: Any) -> list[tuple[int, float]]:
        row: list[tuple[int, float]] = []
        for featurizer, analyze, start in self._parts:
            if analyze is None:
                (sentence,) = (feature.features for feature in message.features if feature.type == "sentence")
                row += ((start + int(column), float(value)) for column, value in zip(sentence.col, sentence.data))
                continue
            words = featurizer._get_processed_message_tokens_by_attribute(message, "text")
            vocabulary = featurizer.vectorizers["text"].vocabulary_
            counted = Counter(vocabulary[gram] for gram in analyze(" ".join(words)) if gram in vocabulary)
            row += sorted((start + column, float(count)) for column, count in counted.items())
        return row


def make_lean(nodes: list[Any]) -> None:
    """Changes the graph's nodes in place; does nothing where a component is not of the kinds above."""
    kinds = [(type(node._component).__name__, node) for node in nodes]
    if not {kind for kind, _ in kinds} <= READERS:
        return
    featurizers = [node._component for kind, node in kinds if kind == "CountVectorsFeaturizer" or _has_patterns(node)]
    for kind, node in kinds:
        if kind == "LogisticRegressionClassifier":
            node._component._create_X = SentenceRows(featurizers).of
            # scikit-learn multiplies with the transpose, and scipy flattens that: stored row by row, the whole matrix,
            # some fifteen megabytes, would be copied at every message
            node._component.clf.coef_ = numpy.asfortranarray(node._component.clf.coef_)
        elif kind in {"CountVectorsFeaturizer", "LexicalSyntacticFeaturizer"}:
            node._fn = _as_they_are


def _has_patterns(node: Any) -> bool:
    return type(node._component).__name__ == "RegexFeaturizer" and bool(node._component.known_patterns)


def _as_they_are(_component: Any, messages: list[Any]) -> list[Any]:
    return messages
