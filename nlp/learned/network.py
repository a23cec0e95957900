"""The network: each word sees some thirty words around it; heads read clients, pairs and the message from that.

Everything is a few thin layers, so that a message takes about a millisecond on one core.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from thinc.api import HashEmbed, Linear, Maxout, Relu, chain, concatenate

from billing.record import record
from nlp.blas import blas
from nlp.learned.seen import PAIR, Floats, Ids

Back = Callable[[Floats], Any]
Layer = Any
"""A layer of thinc, whose types for arrays are its own and not NumPy's."""

WIDTH = 64
REACH = (1, 2, 4, 8)
STATUSES = 6
RESTS = 4
SPANS = 3
COUNTS = 16
RISKS = 4
SPOTS = 6


@record
class Batch:
    """Scenes after one another. Tokens of scene n are [cuts[n], cuts[n + 1]). `mentions`: first and last token and
    client of each mention; clients are numbered through the batch. `pair_*`: one row for each word and candidate.
    """

    ids: Ids
    floats: Floats
    cuts: NDArray[np.int64]
    mention_spots: tuple[NDArray[np.int64], ...]
    mention_client: NDArray[np.int64]
    clients: int
    client_extra: Floats
    pair_word: NDArray[np.int64]
    pair_name: NDArray[np.int64]
    pair_client: NDArray[np.int64]
    pair_extra: Floats
    counts: Floats


@record
class Read:
    """What one network makes of a batch, as in `Outputs`, and what it saw in each word."""

    hidden: Floats
    status: Floats
    owner: Floats
    spans: Floats
    risk: Floats


@record
class Outputs:
    """Scores before softmax or sigmoid: C x STATUSES, scenes x RESTS, pairs, T x SPANS."""

    status: Floats
    rest: Floats
    owner: Floats
    spans: Floats
    risk: Floats


def _embedding() -> Layer:
    tables = ((24, 2500, 0), (8, 1000, 1), (8, 1000, 2), (6, 300, 3), (8, 100, 4))
    return concatenate(*(HashEmbed(width, rows, column=column, seed=column) for width, rows, column in tables))


class Network:
    """Layers and how they are joined. `extra`: numbers for each client besides its mentions."""

    def __init__(self, width: int, extra: int) -> None:
        with blas():
            self._build(width, extra)

    def _build(self, width: int, extra: int) -> None:
        self._sizes = (width, extra)
        self.lexical: Layer = _embedding()
        self.mix: Layer = Maxout(WIDTH, 54 + width, nP=2, normalize=True)
        self.blocks: list[Layer] = [Maxout(WIDTH, 3 * WIDTH, nP=2, normalize=True) for _ in REACH]
        self.status: Layer = chain(Maxout(WIDTH, SPOTS * WIDTH + extra, nP=2, normalize=True), Linear(STATUSES, WIDTH))
        self.rest: Layer = chain(Relu(32, 2 * WIDTH + COUNTS), Linear(RESTS, 32))
        self.pair_word: Layer = Linear(48, WIDTH)
        self.pair_name: Layer = Linear(48, WIDTH)
        self.pair_extra: Layer = Linear(48, PAIR)
        self.owner: Layer = Linear(1, 48)
        self.spans: Layer = Linear(SPANS, WIDTH)
        self.risk: Layer = Linear(RISKS, WIDTH)

    @property
    def layers(self) -> list[Layer]:
        return [
            self.lexical,
            self.mix,
            *self.blocks,
            self.status,
            self.rest,
            self.pair_word,
            self.pair_name,
            self.pair_extra,
            self.owner,
            self.spans,
            self.risk,
        ]

    def initialize(self) -> None:
        for layer in self.layers:
            layer.initialize()
        for layer in (self.pair_word, self.pair_name, self.pair_extra, self.owner):
            limit = (6 / (layer.get_dim("nI") + layer.get_dim("nO"))) ** 0.5
            shape = layer.get_param("W").shape
            weights = np.random.uniform(-limit, limit, shape)  # noqa: NPY002 - the dice that thinc seeds
            layer.set_param("W", weights.astype(np.float32))

    def copy(self) -> "Network":
        """The same layers with weights of their own."""
        other = Network(*self._sizes)
        other.initialize()
        for mine, its in zip(self.layers, other.layers, strict=True):
            for node, twin in zip(mine.walk(), its.walk(), strict=True):
                for name in node.param_names:
                    twin.set_param(name, node.get_param(name).copy())
        return other

    def run(self, batch: Batch, drop: float = 0.0) -> tuple[Outputs, Callable[[Outputs], None]]:
        """The scores, and how to send their gradients back. `drop`: share of numbers hidden in training."""
        train = drop > 0
        hidden, back_words = self._words(batch, drop)
        status, back_status = self._status(batch, hidden, train=train, drop=drop)
        rest, back_rest = self._rest(batch, hidden, train=train)
        owner, back_owner = self._owner(batch, hidden, train=train, drop=drop)
        spans, back_spans = self.spans(hidden, is_train=train)
        risk, back_risk = self.risk(hidden, is_train=train)

        def back(d: Outputs) -> None:
            dh = back_spans(d.spans) + back_risk(d.risk)
            dh += back_owner(d.owner)
            dh += back_status(d.status)
            dh += back_rest(d.rest)
            back_words(dh)

        return Outputs(status=status, rest=rest, owner=owner, spans=spans, risk=risk), back

    def read(self, batch: Batch) -> Read:
        """Without training; the rest is read afterwards, when it is known who came (`rest_of`)."""
        hidden, _ = self._words(batch, 0)
        none = np.zeros((0, STATUSES), dtype=np.float32)
        return Read(
            hidden=hidden,
            status=self._status(batch, hidden, train=False, drop=0)[0] if batch.clients else none,
            owner=self._owner(batch, hidden, train=False, drop=0)[0] if batch.clients else none[:, 0],
            spans=self.spans.predict(hidden),
            risk=self.risk.predict(hidden),
        )

    def rest_of(self, batch: Batch, hidden: Floats) -> Floats:
        return self._rest(batch, hidden, train=False)[0]

    # ---- words -----------------------------------------------------------------------------------------------------

    def _words(self, batch: Batch, drop: float) -> tuple[Floats, Back]:
        train = drop > 0
        lexical, back_lexical = self.lexical(batch.ids, is_train=train)
        joined = np.concatenate([lexical, batch.floats], axis=1)
        joined, back_drop = _dropped(joined, drop)
        hidden, back_mix = self.mix(joined, is_train=train)
        message = np.repeat(np.arange(len(batch.cuts) - 1), np.diff(batch.cuts))
        backs = []
        for reach, block in zip(REACH, self.blocks, strict=True):
            around, back_around = _around(hidden, message, reach)
            around, back_hide = _dropped(around, drop)
            out, back_block = block(around, is_train=train)
            backs.append((back_around, back_hide, back_block))
            hidden = hidden + out

        def back(dh: Floats) -> None:
            for back_around, back_hide, back_block in reversed(backs):
                dh = dh + back_around(back_hide(back_block(dh)))
            dj = back_drop(back_mix(dh))
            back_lexical(np.ascontiguousarray(dj[:, : lexical.shape[1]]))

        return hidden, back

    # ---- heads -----------------------------------------------------------------------------------------------------

    def _status(self, batch: Batch, hidden: Floats, *, train: bool, drop: float) -> tuple[Floats, Back]:
        places = batch.mention_spots
        seen = np.concatenate([hidden[p] for p in places] + [batch.client_extra[batch.mention_client]], axis=1)
        seen, back_drop = _dropped(seen, drop)
        scores, back_status = self.status(seen, is_train=train)
        total = _summed(scores, batch.mention_client, batch.clients)

        def back(d: Floats) -> Floats:
            ds = back_drop(back_status(d[batch.mention_client]))
            dh = np.zeros_like(hidden)
            for n, place in enumerate(places):
                np.add.at(dh, place, ds[:, n * WIDTH : (n + 1) * WIDTH])
            return dh

        return total, back

    def _rest(self, batch: Batch, hidden: Floats, *, train: bool) -> tuple[Floats, Back]:
        size = len(batch.cuts) - 1
        top = np.stack([hidden[a:b].argmax(axis=0) + a for a, b in zip(batch.cuts, batch.cuts[1:], strict=False)])
        peak = hidden[top, np.arange(WIDTH)]
        mean = np.stack([hidden[a:b].mean(axis=0) for a, b in zip(batch.cuts, batch.cuts[1:], strict=False)])
        scores, back_rest = self.rest(np.concatenate([peak, mean, batch.counts], axis=1), is_train=train)

        def back(d: Floats) -> Floats:
            dx = back_rest(d)
            dh = np.zeros_like(hidden)
            for n in range(size):
                a, b = batch.cuts[n], batch.cuts[n + 1]
                dh[a:b] += dx[n, WIDTH : 2 * WIDTH] / (b - a)
                dh[top[n], np.arange(WIDTH)] += dx[n, :WIDTH]
            return dh

        return scores, back

    def _owner(self, batch: Batch, hidden: Floats, *, train: bool, drop: float) -> tuple[Floats, Back]:
        words, back_word = self.pair_word(hidden, is_train=train)
        names, back_name = self.pair_name(hidden, is_train=train)
        extra, back_extra = self.pair_extra(batch.pair_extra, is_train=train)
        joined = words[batch.pair_word] + names[batch.pair_name] + extra
        live = joined > 0
        joined, back_drop = _dropped(joined * live, drop / 2)
        scores, back_owner = self.owner(joined, is_train=train)

        def back(d: Floats) -> Floats:
            dj = back_drop(back_owner(d[:, None])) * live
            back_extra(dj)
            dw, dn = np.zeros_like(words), np.zeros_like(names)
            np.add.at(dw, batch.pair_word, dj)
            np.add.at(dn, batch.pair_name, dj)
            dh: Floats = back_word(dw) + back_name(dn)
            return dh

        return scores[:, 0], back


def _around(hidden: Floats, message: NDArray[np.int64], reach: int) -> tuple[Floats, Back]:
    """Each word with the words `reach` before and after it in the same message; zeros where there are none."""
    size, width = hidden.shape
    same = (message[reach:] == message[:-reach])[:, None] if size > reach else np.zeros((0, 1), dtype=bool)
    out = np.zeros((size, 3 * width), dtype=np.float32)
    out[:, width : 2 * width] = hidden
    if size > reach:
        out[reach:, :width] = hidden[:-reach] * same
        out[:-reach, 2 * width :] = hidden[reach:] * same

    def back(d: Floats) -> Floats:
        dh = d[:, width : 2 * width].copy()
        if size > reach:
            dh[:-reach] += d[reach:, :width] * same
            dh[reach:] += d[:-reach, 2 * width :] * same
        return dh

    return out, back


def _dropped(x: Floats, drop: float) -> tuple[Floats, Back]:
    if not drop:
        return x, lambda d: d
    thrown = np.random.bytes(x.size)  # noqa: NPY002 - the dice that thinc seeds
    dice = np.frombuffer(thrown, dtype=np.uint8).reshape(x.shape)
    mask = (dice >= drop * 256).astype(np.float32) / np.float32(1 - drop)
    return x * mask, lambda d: d * mask


def _summed(scores: Floats, group: NDArray[np.int64], size: int) -> Floats:
    total = np.zeros((size, scores.shape[1]), dtype=np.float32)
    np.add.at(total, group, scores)
    return total


# ---- files -------------------------------------------------------------------------------------------------------


def save(networks: Sequence[Network], folder: Path) -> None:
    """Weights in half precision, in the order of the layers, their nodes and their names."""
    arrays = {f"{n}.{key}": value.astype(np.float16) for n, net in enumerate(networks) for key, value in _weights(net)}
    np.savez_compressed(folder / "weights.npz", **arrays)  # type: ignore[arg-type]


def load(folder: Path, width: int, extra: int) -> tuple[Network, ...]:
    """The networks that `save` wrote. Raises OSError if there are none."""
    networks: list[Network] = []
    with np.load(folder / "weights.npz") as file:
        while f"{len(networks)}.1.1.W" in file:
            net = Network(width, extra)
            net.initialize()
            for layer_number, layer in enumerate(net.layers):
                for node_number, node in enumerate(layer.walk()):
                    for name in node.param_names:
                        node.set_param(
                            name, file[f"{len(networks)}.{layer_number}.{node_number}.{name}"].astype(np.float32)
                        )
            networks.append(net)
    return tuple(networks)


def _weights(net: Network) -> Iterator[tuple[str, Floats]]:
    for layer_number, layer in enumerate(net.layers):
        for node_number, node in enumerate(layer.walk()):
            for name in node.param_names:
                yield f"{layer_number}.{node_number}.{name}", node.get_param(name)
