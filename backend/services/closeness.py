"""Of hits that hold the same words, those come first that say them together: in the title, or in one sentence.

The index counts words, not where they stand. Its order is moved a little, never overturned; a word that was typed by itself
counts as it stands (“上片 下片”), however the dictionary cuts it, so that words of a sentence somebody remembers find it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from backend.domain.listings import Listing
from backend.search.index import Page
from backend.search.tokens import plain
from backend.search.wanted import covered
from backend.store.listings import Shelved

TOGETHER = 0.5  # of its fit, what a patent gains that says everything in one sentence
LISTED = 1.0  # what a word counts that was typed by itself
BESIDE = 0.5  # what a word counts that is not insisted on
_END = re.compile("[。；;！？!?\n]")


def closest_first(shown: Sequence[Shelved], hits: Page) -> list[Shelved]:
    """The hits in the order of their fit, what they gain by saying the words together included."""
    fit = dict(zip(hits.numbers, hits.scores, strict=True))
    return sorted(shown, key=lambda shelved: -fit[shelved.listing.number] * _gain(shelved.listing, hits))


def _gain(listing: Listing, hits: Page) -> float:
    """1 for a patent whose sentences each hold nothing that was asked for, up to 1 + TOGETHER."""
    weighed = list(zip(hits.groups, _weights(hits), strict=True))
    whole = sum(weight for _, weight in weighed) + LISTED * len(hits.listed)
    if not whole:
        return 1.0
    best = max(
        sum(weight * covered(sentence, group) for group, weight in weighed)
        + LISTED * sum(word in sentence for word in hits.listed)
        for sentence in _sentences(listing)
    )
    return 1 + TOGETHER * best / whole


def _weights(hits: Page) -> list[float]:
    """As rare as each word is, beside the rarest, so that a rare one counts more."""
    rarest = max(hits.weights, default=0.0) or 1.0
    return [weight / rarest or BESIDE for weight in hits.weights]


def _sentences(listing: Listing) -> list[str]:
    own = f"{listing.title}\n{listing.abstract}\n{listing.scenes}\n{listing.claims}"
    return _END.split(plain(own))
