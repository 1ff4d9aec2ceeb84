"""What the classifiers of policy questions learn from: phrasings by entry, what people ask next, and everything else people
say as “nothing”.
"""

from __future__ import annotations

import re
from itertools import cycle

from backend.knowledge.classifier import NOTHING
from backend.knowledge.entries import HOME, load_entries, read_yaml
from backend.knowledge.follow_ups import features, load_follow_ups
from backend.knowledge.words import Words
from backend.search.everyday import office_tokenizer
from backend.search.tokens import Tokenizer
from bot.dialogue.meaning import Intent
from bot.dialogue.topics.policy import LONGEST_FOLLOW_UP
from bot.nlu.spelling import heard_as, load_readings
from bot.settings import ROOT

NLU_DATA = ROOT / "nlu_data"
DICTIONARY = NLU_DATA / "dictionary" / "gazetteer.txt"
BRIEF = 6
_ANNOTATED = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def question_words(tokenizer: Tokenizer) -> Words:
    """How a question is cut, the same for learning and serving."""
    heard = heard_as(load_readings())
    return Words(tokenizer.terms, read_yaml(HOME / "synonyms.yml"), read_yaml(HOME / "foreign.yml"), heard)


def lines_to_learn() -> list[tuple[str, list[str]]]:
    """(entry id, features) of every phrasing; the empty id for what no entry answers."""
    words = question_words(office_tokenizer(DICTIONARY))
    pairs = [(entry.id, text) for entry in load_entries() for text in dict.fromkeys((entry.title, *entry.phrasings))]
    pairs += [(NOTHING, text) for text in _other_wishes()]
    canonical = [(label, words.canonical(text)) for label, text in pairs]
    return [(label, words.features(text)) for label, text in canonical if text]


def follow_ups_to_learn() -> list[tuple[str, list[str]]]:
    """(entry id, features) of what people ask next; the empty id for short wishes of other kinds, after any answer."""
    words = question_words(office_tokenizer(DICTIONARY))
    entries = {entry.id: entry for entry in load_entries()}
    said = load_follow_ups(entries)
    lines = [(each.meant, features(words, each.said, entries[each.before])) for each in said]
    for before, meant in sorted({(each.before, each.meant) for each in said}):
        briefly = sorted(entries[meant].phrasings, key=len)[:BRIEF]  # a whole question may be asked next, too
        lines += [(meant, features(words, text, entries[before])) for text in (entries[meant].title, *briefly)]
    others = [text for text in _other_wishes() if len(text) <= LONGEST_FOLLOW_UP]
    return lines + [
        (NOTHING, features(words, text, before)) for text, before in zip(others, cycle(entries.values()), strict=False)
    ]


def how_people_write() -> list[str]:
    """Every phrasing and every training utterance, as a picture of the words that come."""
    phrasings = [text for entry in load_entries() for text in (entry.title, *entry.phrasings)]
    return phrasings + _utterances(without=None)


def _other_wishes() -> list[str]:
    """Every training utterance that is no question about the rules."""
    return _utterances(without=Intent.ASK_POLICY)


def _utterances(*, without: Intent | None) -> list[str]:
    found: list[str] = []
    for path in sorted(NLU_DATA.glob("*.yml")):
        content = read_yaml(path)
        rows = content.get("nlu", ()) if isinstance(content, dict) else ()  # fallback.yml is a list of keywords
        for row in rows:
            if row.get("intent") and row["intent"] != without:
                lines = [line[2:] for line in row["examples"].splitlines() if line.startswith("- ")]
                found.extend(_ANNOTATED.sub(r"\1", line) for line in lines)
    return found
