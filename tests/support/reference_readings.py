"""Readings in Rasa's environment: python -m tests.support.reference_readings WHOSE MODEL < texts.json > readings.json

WHOSE is `rasa` (as Rasa itself runs the graph, one text at a time), `single` or `grouped` (our process). Each needs its
own run: a second model in one process reads its words into the same jieba and changes how it cuts.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from bot.nlu.rasa_process.serve import MOST_TOGETHER, Model


def rasas_own(model: Path, texts: list[str]) -> list[dict[str, Any]]:
    from rasa.core.channels.channel import UserMessage
    from rasa.engine.loader import load_predict_graph_runner
    from rasa.engine.runner.dask import DaskGraphRunner
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.shared.core.trackers import DialogueStateTracker

    with tempfile.TemporaryDirectory() as folder:
        metadata, graph = load_predict_graph_runner(Path(folder), model, LocalModelStorage, DaskGraphRunner)
        tracker = DialogueStateTracker.from_events("nobody", [])
        readings = []
        for text in texts:
            inputs = {"__message__": [UserMessage(text=text)], "__tracker__": tracker}
            (message,) = graph.run(inputs=inputs, targets=[metadata.nlu_target])[metadata.nlu_target]
            readings.append(message.as_dict(only_output_properties=True))
        return readings


def brief(reading: dict[str, Any]) -> list[Any]:
    ranking = [[row["name"], round(float(row["confidence"]), 9)] for row in reading["intent_ranking"]]
    found = [[entity["entity"], entity["value"], entity["start"], entity["end"]] for entity in reading["entities"]]
    return [reading["intent"]["name"], ranking, found]


def ours(path: Path, texts: list[str], together: int) -> list[dict[str, Any]]:
    model = Model(path)
    return [reading for at in range(0, len(texts), together) for reading in model.parse(texts[at : at + together])]


def main() -> None:
    whose, path = sys.argv[1], Path(sys.argv[2])
    texts: list[str] = json.load(sys.stdin)
    together = {"single": 1, "grouped": MOST_TOGETHER}.get(whose, 0)
    readings = ours(path, texts, together) if together else rasas_own(path, texts)
    json.dump([brief(reading) for reading in readings], sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
