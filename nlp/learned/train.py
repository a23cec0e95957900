"""Trains the learned part: `python -m nlp.learned.train`, from the repository's root; minutes on two cores.

The same labels and the same machine give the same weights, bit for bit: seeds are fixed, one thread is used, and
weights are kept in half precision.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from thinc.api import Adam, Optimizer, fix_random_seed

from nlp.learned.judge import MODEL
from nlp.learned.labelled import cases_in, rosters_in
from nlp.learned.lessons import Lesson, gradients, lesson_of
from nlp.learned.lexicon import Lexicon
from nlp.learned.network import Network, save
from nlp.learned.seen import SEEN
from nlp.learned.views import EXTRA, batch_of
from nlp.pipeline import Pipeline

SEEDS = (1, 2)
EPOCHS = 25
BATCH = 8
RATE = 0.003
DROP = 0.35
WITHOUT_RULES = 0.3
"""The share of scenes in which the network does not see what the rules found, so that it can do without."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--corpus", type=Path, default=Path("tests/corpus"), help="training/*.jsonl, dev.jsonl, practices/*.json"
    )
    parser.add_argument("--to", type=Path, default=MODEL, help="the folder that the weights are written to")
    arguments = parser.parse_args()
    files = [*sorted((arguments.corpus / "training").glob("*.jsonl")), arguments.corpus / "dev.jsonl"]
    lessons = lessons_in(files, arguments.corpus / "practices")
    save([trained(lessons, seed) for seed in SEEDS], arguments.to)


def lessons_in(files: list[Path], practices: Path) -> list[Lesson]:
    pipeline, lexicon, rosters = Pipeline(), Lexicon(MODEL / "words.npz"), rosters_in(practices)
    return [lesson_of(case, pipeline, lexicon) for path in files for case in cases_in(path, rosters)]


def trained(lessons: list[Lesson], seed: int, epochs: int = EPOCHS) -> Network:
    """A network with the averages of its weights over the whole training."""
    fix_random_seed(seed)
    network = Network(SEEN, EXTRA)
    network.initialize()
    dice = np.random.RandomState(seed)
    optimizer = Adam(RATE, L2=1e-4, grad_clip=1.0, use_averages=True)
    steps = epochs * -(-len(lessons) // BATCH)
    step = 0
    for _ in range(epochs):
        order = dice.permutation(len(lessons))
        for first in range(0, len(order), BATCH):
            step += 1
            optimizer.learn_rate = RATE * min(1.0, step / 50) * max(0.05, 1 - step / steps)
            _learn(network, [lessons[i] for i in order[first : first + BATCH]], optimizer, dice)
    with ExitStack() as averaged:
        for layer in network.layers:
            averaged.enter_context(layer.use_params(optimizer.averages))
        return network.copy()


def _learn(network: Network, lessons: list[Lesson], optimizer: Optimizer, dice: np.random.RandomState) -> None:
    shown = [bool(dice.random_sample() > WITHOUT_RULES) for _ in lessons]
    counts = [
        x.counts if s else np.where(np.arange(len(x.counts)) < 12, x.counts, 0)
        for x, s in zip(lessons, shown, strict=True)
    ]
    batch = batch_of([x.view for x in lessons], [c.astype(np.float32) for c in counts], shown)
    out, back = network.run(batch, DROP)
    back(gradients(lessons, batch, out))
    for layer in network.layers:
        layer.finish_update(optimizer)


if __name__ == "__main__":
    main()
