"""A survey: questions as data, asked of two sides. What is told of it are counts, and none that points at somebody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

FEWEST = 5  # a smaller count is not told


class SurveySide(StrEnum):
    HOLDER = "holder"
    FIRM = "firm"


class QuestionKind(StrEnum):
    ONE = "one"
    SEVERAL = "several"
    WORDS = "words"  # never tallied, told only without whose they are


@dataclass(frozen=True, slots=True)
class SurveyOption:
    id: str
    label: str


@dataclass(frozen=True, slots=True)
class SurveyQuestion:
    """`optional` ones may be passed over."""

    id: str
    kind: QuestionKind
    ask: str
    options: tuple[SurveyOption, ...] = ()
    optional: bool = False

    def label(self, option_id: str) -> str:
        return next((option.label for option in self.options if option.id == option_id), option_id)


@dataclass(frozen=True, slots=True)
class Survey:
    """`id` names survey and version: another version is answered anew."""

    id: str
    title: str
    purpose: str
    sides: Mapping[SurveySide, tuple[SurveyQuestion, ...]]

    def fits(self, side: SurveySide, answers: Mapping[str, object]) -> bool:
        """Whether these are whole answers of this side: known options only, nothing missing that is asked of everybody."""
        questions = {question.id: question for question in self.sides[side]}
        if not set(answers) <= set(questions):
            return False
        return all(_fits(question, answers.get(question.id)) for question in questions.values())


def _fits(question: SurveyQuestion, value: object) -> bool:
    if value in {None, ""} if not isinstance(value, list) else not value:
        return question.optional
    known = {option.id for option in question.options}
    match question.kind:
        case QuestionKind.ONE:
            return value in known
        case QuestionKind.SEVERAL:
            return isinstance(value, list) and set(value) <= known and len(set(value)) == len(value)
        case QuestionKind.WORDS:
            return isinstance(value, str)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one question by option. None is a count that is not told; `n` is how many answered, None where too few."""

    question: SurveyQuestion
    n: int | None
    counts: tuple[tuple[SurveyOption, int | None], ...]


def tally(question: SurveyQuestion, sets: Sequence[Mapping[str, object]]) -> Tally:
    """A count below five is hidden, and where exactly one is hidden that could be reckoned from the rest, the next smallest too."""
    answered = [given for answers in sets if (given := answers.get(question.id))]
    if len(answered) < FEWEST:
        return Tally(question, None, tuple((option, None) for option in question.options))
    counts = {option.id: 0 for option in question.options}
    for given in answered:
        for option_id in given if isinstance(given, list) else [given]:
            if option_id in counts:
                counts[str(option_id)] += 1
    hidden = {option_id for option_id, count in counts.items() if 0 < count < FEWEST}
    if len(hidden) == 1 and question.kind is QuestionKind.ONE:
        others = [option_id for option_id in counts if option_id not in hidden and counts[option_id]]
        hidden |= {min(others, key=lambda option_id: counts[option_id])} if others else set()
    shown = tuple((option, None if option.id in hidden else counts[option.id]) for option in question.options)
    return Tally(question, len(answered), shown)
