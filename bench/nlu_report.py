"""How well people are understood, on held-out data only: `make nlu-report`.

Writes docs/understanding.md, docs/images/confusion.svg and bench/understanding.json; a test refuses figures that fall by
more than noise below the last (tests/nlu/test_figures.py).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import yaml

from backend.domain.policy import Band
from backend.knowledge.retrieval import Retrieval
from bench.confusion import picture
from bench.office import nlu_process
from bench.talk import Talk, open_office
from bot.dialogue.conversation import ACT
from bot.models import MODELS, current_model, train_if_needed
from bot.nlu.client import RasaClient
from bot.policy_lines import NLU_DATA
from tests.support.servers import ROOT, TOKEN
from tests.support.shelf import retrieval as trained_retrieval

HELD_OUT = NLU_DATA / "heldout"
FIGURES = ROOT / "bench" / "understanding.json"
Figures = dict[str, tuple[float, int]]  # name → (share, of how many)
Row = Sequence[object]


def held_out(name: str) -> Any:
    return yaml.safe_load((HELD_OUT / f"{name}.yml").read_text("utf-8"))


def all_judged() -> dict[str, Any]:
    """The sets of three people who never saw the training data, by kind."""
    sets = [held_out("judged"), held_out("judged_later"), held_out("judged_blind")]
    return {kind: [row for each in sets for row in each.get(kind, ())] for kind in sets[1]}


def ask_all(url: str, texts: Sequence[str]) -> list[Any]:
    """The model's reading of each text."""

    async def run() -> list[Any]:
        client = RasaClient(url, TOKEN, limit_s=60)
        readings = [await client.parse(text) for text in texts]
        await client.close()
        return readings

    return asyncio.run(run())


def intents(url: str) -> tuple[Figures, list[Row], Counter[tuple[str, str]], list[Row]]:
    """Figures, per-intent rows, confusions and the out-of-scope curve."""
    rows = [(name, text) for name, texts in held_out("intents").items() for text in texts]
    read = [
        (name, str(intent), confidence)
        for (name, _), (intent, confidence, _, _) in zip(rows, ask_all(url, [text for _, text in rows]), strict=True)
    ]
    confused = Counter((meant, got) for meant, got, _ in read if meant != got)
    table: list[Row] = []
    for name in sorted({meant for meant, _, _ in read}):
        right = sum(meant == got == name for meant, got, _ in read)
        said, held = sum(got == name for _, got, _ in read), sum(meant == name for meant, _, _ in read)
        table.append((name, f"{right / said if said else 0:.2f}", f"{right / held:.2f}", held))
    inside = [row for row in read if row[0] != "out_of_scope"]
    outside = [row for row in read if row[0] == "out_of_scope"]
    curve: list[Row] = []
    for line in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7):
        right = sum(meant == got and sure >= line for meant, got, sure in inside) / len(inside)
        wrong = sum(meant != got and sure >= line for meant, got, sure in inside) / len(inside)
        away = sum(got == "out_of_scope" or sure < line for _, got, sure in outside) / len(outside)
        curve.append((line, f"{right:.3f}", f"{wrong:.3f}", f"{1 - right - wrong:.3f}", f"{away:.3f}"))
    figures: Figures = {
        "intent accuracy": (sum(meant == got for meant, got, _ in read) / len(read), len(read)),
        "out of scope rejected": (
            sum(got == "out_of_scope" or sure < ACT for _, got, sure in outside) / len(outside),
            len(outside),
        ),
    }
    return figures, table, confused, curve


def entities(url: str) -> Figures:
    """Exact spans of topic and holder."""
    rows = held_out("entities")
    meant = [{(item["name"], item["value"]) for item in row["entities"]} for row in rows]
    got = [
        {(found.name, found.value) for found in reading[3] if found.name in {"topic", "holder"}}
        for reading in ask_all(url, [row["text"] for row in rows])
    ]
    right = sum(len(wanted & found) for wanted, found in zip(meant, got, strict=True))
    said, held = sum(map(len, got)), sum(map(len, meant))
    return {"entity F1": (2 * right / (said + held) if said + held else 0.0, held)}


def retrieval(index: Retrieval) -> tuple[Figures, list[Row]]:
    """Top-1, top-3 and what each band comes to, by the kind of question."""
    policy, judged = held_out("policy"), all_judged()
    sets: dict[str, list[tuple[list[str], str]]] = {
        kind: [([name], question) for name, kinds in policy.items() for question in kinds[kind]]
        for kind in ("ordinary", "hard")
    }
    sets["colloquial"] = [(row["entries"], row["question"]) for row in judged["asked"]]
    figures: Figures = {}
    table: list[Row] = []
    for kind, rows in sets.items():
        ranked = [[hit.entry.id for hit in index.rank(question)] for _, question in rows]
        answers = [index.ask(question) for _, question in rows]
        names = [[hit.entry.id for hit in answer.hits] for answer in answers]
        first = sum(
            found[:1] != [] and found[0] in meant for (meant, _), found in zip(rows, ranked, strict=True)
        ) / len(rows)
        third = sum(bool(set(found) & set(meant)) for (meant, _), found in zip(rows, ranked, strict=True)) / len(rows)
        told = [answer.band is Band.ANSWER for answer in answers]
        good = [bool(set(found) & set(meant)) for (meant, _), found in zip(rows, names, strict=True)]
        at_once = sum(was and fine for was, fine in zip(told, good, strict=True)) / len(rows)
        wrong = sum(was and not fine for was, fine in zip(told, good, strict=True)) / len(rows)
        offered = sum(
            not was and fine and answer.band is Band.CHOICES
            for was, fine, answer in zip(told, good, answers, strict=True)
        ) / len(rows)
        table.append(
            (kind, len(rows), *(f"{share:.3f}" for share in (first, third, at_once, at_once + offered, wrong)))
        )
        figures |= {f"{kind} top-1": (first, len(rows)), f"{kind} top-3": (third, len(rows))}
    return figures, table


def talk() -> tuple[Figures, list[Row]]:
    """The colloquial questions and their variants through the whole conversation."""
    judged = all_judged()
    figures: Figures = {}
    table: list[Row] = []

    def measure(kind: str, rows: list[tuple[list[str], list[str]]]) -> None:
        at_once = offered = wrong = 0
        for said, meant in rows:
            follower = Talk(office)
            for text in said:
                follower.say(text)
            hit = bool(set(follower.entries) & set(meant))
            at_once += hit
            offered += not hit and bool(set(follower.choices) & set(meant))
            wrong += bool(follower.entries) and not hit
        count = len(rows)
        table.append(
            (kind, count, f"{at_once / count:.3f}", f"{(at_once + offered) / count:.3f}", f"{wrong / count:.3f}")
        )
        figures[f"talk {kind} at once"] = (at_once / count, count)
        figures[f"talk {kind} at once or by choice"] = ((at_once + offered) / count, count)

    with open_office() as office:
        measure("colloquial", [([row["question"]], row["entries"]) for row in judged["asked"]])
        for kind in ("traditional", "pinyin", "typos"):
            measure(kind, [([row["question"]], row["entries"]) for row in judged[kind]])
            measure(f"{kind}, clean", [([row["clean"]], row["entries"]) for row in judged[kind]])
        measure("follow-ups", [([row["first"], row["then"]], row["entries"]) for row in judged["follow_ups"]])

        def measure_pairs(kind: str, rows: list[tuple[list[str], list[list[str]]]]) -> None:
            both = offered = 0
            for said, meant in rows:
                told: set[str] = set()
                reached: set[str] = set()
                for text in said:
                    follower = Talk(office)
                    follower.say(text)
                    told.update(follower.entries)
                    reached.update(follower.entries, follower.choices)
                both += all(told & set(each) for each in meant)
                offered += all(reached & set(each) for each in meant)
            count = len(rows)
            table.append((kind, count, f"{both / count:.3f}", f"{offered / count:.3f}", ""))
            figures[f"talk {kind} answered"] = (both / count, count)

        pairs = judged["two_in_one"]
        measure_pairs("two in one, both", [([row["question"]], row["entries"]) for row in pairs])
        halved = [row for row in pairs if "clean" in row]
        measure_pairs(
            "two in one where halves are known, both", [([row["question"]], row["entries"]) for row in halved]
        )
        measure_pairs("the halves one at a time, both", [(row["clean"], row["entries"]) for row in halved])
        foreign = 0
        for text in judged["hostile"]:
            follower = Talk(office)
            follower.say(text)
            foreign += bool(follower.entries or follower.state.shown)
        table.append(
            (
                "foreign or hostile, nothing shown",
                len(judged["hostile"]),
                f"{1 - foreign / len(judged['hostile']):.3f}",
                "",
                "",
            )
        )
    return figures, table


def noise(share: float, count: int) -> float:
    """Two standard errors of a share: what may fall without anything having become worse."""
    return 2 * math.sqrt(max(share * (1 - share), 0.25 / count) / count)


def markdown(head: Row, rows: Sequence[Row]) -> str:
    lines = ["| " + " | ".join(map(str, head)) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(map(str, row)) + " |" for row in rows)])


def report(*, diet: bool, say: Callable[[str], None]) -> None:
    train_if_needed()
    sections = [
        f"# How well people are understood\n\n{time.strftime('%Y-%m-%d')}, on held-out data only (`make nlu-report`).\n"
    ]
    figures: Figures = {}
    pipelines = {"shipped (logistic regression, CRF)": current_model()}
    if diet:
        pipelines["DIET, 30 epochs"] = _diet_model(say)
    beside: list[Row] = []
    for name, model in pipelines.items():
        with nlu_process(model) as (port, _):
            found, table, confused, curve = intents(f"http://127.0.0.1:{port}")
            found |= entities(f"http://127.0.0.1:{port}")
        beside.append(
            (name, *(f"{found[key][0]:.3f}" for key in ("intent accuracy", "out of scope rejected", "entity F1")))
        )
        say(f"{name}: {found}")
        if model == current_model():
            figures |= found
            picture(confused, sorted(held_out("intents")), ROOT / "docs" / "images" / "confusion.svg")
            worst = [(meant, got, count) for (meant, got), count in confused.most_common(10)]
            parts = (
                ("Out-of-scope curve", ("line", "right", "wrong", "asked back", "out of scope rejected"), curve),
                ("Ten worst confusions", ("meant", "taken for", "times"), worst),
                ("By intent", ("intent", "precision", "recall", "utterances"), table),
            )
    sections.append(
        "## Pipelines\n\n"
        + markdown(("pipeline", "intent accuracy", "out of scope rejected at 0.40", "entity F1"), beside)
    )
    found, table_of = retrieval(trained_retrieval())
    figures |= found
    sections.append(
        "## Retrieval alone\n\n"
        + markdown(
            ("questions", "count", "top-1", "top-3", "right at once", "right at once or by choice", "wrong at once"),
            table_of,
        )
    )
    found, table_of = talk()
    figures |= found
    sections.append(
        "## The whole conversation, one message each\n\n"
        + markdown(("messages", "count", "right at once", "right at once or by choice", "wrong answer"), table_of)
    )
    sections += [f"## {title}\n\n{markdown(head, rows)}" for title, head, rows in parts]
    sections.append("![Confusions](images/confusion.svg)\n")
    (ROOT / "docs" / "understanding.md").write_text("\n\n".join(sections), "utf-8")
    FIGURES.write_text(json.dumps(figures, indent=1, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")
    for name, (share, count) in figures.items():
        say(f"{name}: {share:.3f} of {count}")


def _diet_model(say: Callable[[str], None]) -> Path:
    from bot.models import train_to

    model = MODELS / f"diet-{current_model().name}"
    if not model.exists():
        say("training DIET: some minutes")
        train_to(model, config="bench/diet.yml")
    return model


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--diet", action="store_true", help="train and measure DIET beside the shipped pipeline")
    report(diet=options.parse_args().diet, say=lambda line: print(line, flush=True))


if __name__ == "__main__":
    main()
