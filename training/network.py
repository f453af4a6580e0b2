"""The network that is trained: a BERT-like encoder, anchor taggers, and heads that read roles per anchor.

An *anchor* is a stretch of pieces that a frame hangs on: the cue of an attribution, the words that name
an event. For each anchor a small pair network scores every piece of the window for each role. The heads
run in numpy at run time (`stillon.extraction.heads`); names of parameters are shared with it. The network
comes in two shapes: the student that is shipped, and the teacher that it learns from.
"""

from __future__ import annotations

import importlib.util
import math
from dataclasses import dataclass
from pathlib import Path

import torch
from lessons import Labels
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

MATCH = 64  # width of the product that matches a piece to its anchor, per role
BUCKETS = 17  # distance of a piece from the anchor, signed, logarithmic: see `distance_buckets`
RELATIVE, FARTHEST = 32, 128  # buckets of MPNet's relative positions, and where they end
LINKED, PAIRED, ASKED = 192, 96, 4
"""Width of the features of anchors and statements, of those of a pair, and attentions over a statement."""
PLACES = 29
"""How far two places of an article lie apart, signed and logarithmic; the title; one inside the other: `apart`."""
WORDS = 30522  # BERT's lower-case vocabulary, which both shapes share


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Sizes of an encoder, and whether its attention knows relative positions (MPNet) or not (BERT)."""

    hidden: int
    layers: int
    feed: int
    heads: int = 12
    eps: float = 1e-12
    relative: bool = False


STUDENT = Shape(hidden=384, layers=6, feed=1536)
"""all-MiniLM-L6-v2: 22.7 M parameters."""
TEACHER = Shape(hidden=768, layers=12, feed=3072, eps=1e-5, relative=True)
"""all-mpnet-base-v2: 109 M parameters."""
SHAPES = {"student": STUDENT, "teacher": TEACHER}


def distance_buckets(first: Tensor, last: Tensor, length: int) -> Tensor:
    """Bucket 0 to 16 of each piece's distance from anchors [first, last]: 8 is inside."""
    place = torch.arange(length, device=first.device)[None, :]
    before, after = (first[:, None] - place).clamp(min=0), (place - last[:, None]).clamp(min=0)
    step = torch.log2((before + after).clamp(min=1).float()).floor().long().clamp(max=7) + 1
    return torch.where(before > 0, 8 - step, torch.where(after > 0, 8 + step, torch.full_like(step, 8)))


def relative_buckets(length: int, device: torch.device) -> Tensor:
    """Bucket of each pair of places as MPNet (and T5, from which it has them) counts them, (length, length)."""
    place = torch.arange(length, device=device)
    away = place[:, None] - place[None, :]  # negative: the key lies ahead
    half, exact = RELATIVE // 2, RELATIVE // 4
    far = away.abs()
    log = torch.log(far.clamp(min=1).float() / exact) / math.log(FARTHEST / exact) * (half - exact)
    step = torch.where(far < exact, far, (exact + log.long()).clamp(max=half - 1))
    return step + (away < 0).long() * half


class Layer(nn.Module):
    """One transformer layer of BERT."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        width, self.heads = shape.hidden, shape.heads
        self.query, self.key, self.value, self.out = (nn.Linear(width, width) for _ in range(4))
        self.up, self.down = nn.Linear(width, shape.feed), nn.Linear(shape.feed, width)
        self.norm1, self.norm2 = nn.LayerNorm(width, eps=shape.eps), nn.LayerNorm(width, eps=shape.eps)
        self.dropout = nn.Dropout(dropout)

    def forward(self, h: Tensor, bias: Tensor) -> Tensor:
        batch, length, width = h.shape
        split = lambda x: x.view(batch, length, self.heads, width // self.heads).transpose(1, 2)  # noqa: E731
        q, k, v = split(self.query(h)), split(self.key(h)), split(self.value(h))
        mixed = functional.scaled_dot_product_attention(q, k, v, attn_mask=bias.to(q.dtype))
        mixed = mixed.transpose(1, 2).reshape(batch, length, width)
        h = self.norm1(h + self.dropout(self.out(mixed)))
        return self.norm2(h + self.dropout(self.down(functional.gelu(self.up(h)))))


class Encoder(nn.Module):
    """BERT or MPNet with feature embeddings for case, quotation and segment added to its input."""

    def __init__(self, shape: Shape, dropout: float = 0.1) -> None:
        super().__init__()
        width = shape.hidden
        self.word, self.position = nn.Embedding(WORDS, width), nn.Embedding(512, width)
        self.case, self.quote, self.segment = nn.Embedding(4, width), nn.Embedding(3, width), nn.Embedding(2, width)
        for table in (self.case, self.quote, self.segment):
            nn.init.normal_(table.weight, std=0.01)
        self.norm = nn.LayerNorm(width, eps=shape.eps)
        self.layers = nn.ModuleList(Layer(shape, dropout) for _ in range(shape.layers))
        self.relative = nn.Embedding(RELATIVE, shape.heads) if shape.relative else None
        self.dropout = nn.Dropout(dropout)

    def forward(self, ids: Tensor, case: Tensor, quote: Tensor, segment: Tensor, mask: Tensor) -> Tensor:
        place = torch.arange(ids.shape[1], device=ids.device)
        h = self.word(ids) + self.position(place[None, :])
        h = h + self.case(case) + self.quote(quote) + self.segment(segment)
        h = self.dropout(self.norm(h))
        bias = (1.0 - mask.to(h.dtype))[:, None, None, :] * -10000.0
        if self.relative is not None:
            buckets = relative_buckets(ids.shape[1], ids.device)
            bias = bias + self.relative(buckets).permute(2, 0, 1)[None]
        for layer in self.layers:
            h = layer(h, bias)
        return h


class PairHead(nn.Module):
    """Scores of every piece for each role of an anchor: v · relu(A a + B h + E[distance] + c) + (Q a) · (K h) / 8."""

    def __init__(self, hidden: int, roles: int, width: int) -> None:
        super().__init__()
        self.anchor, self.piece = nn.Linear(hidden, width), nn.Linear(hidden, width, bias=False)
        self.distance = nn.Embedding(BUCKETS, width)
        nn.init.normal_(self.distance.weight, std=0.1)
        self.role = nn.Linear(width, roles)
        self.ask, self.answer = (nn.Linear(hidden, roles * MATCH, bias=False) for _ in range(2))
        nn.init.zeros_(self.answer.weight)

    def forward(self, anchor: Tensor, pieces: Tensor, window: Tensor, buckets: Tensor) -> Tensor:
        """(anchors, hidden), (windows, length, hidden), window of each anchor -> (anchors, length, roles)."""
        mixed = self.anchor(anchor)[:, None, :] + self.piece(pieces)[window] + self.distance(buckets)
        ask = self.ask(anchor).view(len(anchor), -1, MATCH)
        answer = self.answer(pieces).view(*pieces.shape[:2], -1, MATCH)[window]
        return self.role(torch.relu(mixed)) + torch.einsum("krm,ktrm->ktr", ask, answer) / 8.0


class Links(nn.Module):
    """Which anchors of an article name one event, of which a statement speaks, and what it claims."""

    def __init__(self, hidden: int, claims: int) -> None:
        super().__init__()
        self.mark_in, self.spoken_in = nn.Linear(6 * hidden, LINKED), nn.Linear((ASKED + 1) * hidden, LINKED)
        self.spoken_ask = nn.Linear(hidden, ASKED)
        self.each, self.both, self.apart = (nn.Linear(LINKED, PAIRED, bias=b) for b in (True, False, False))
        self.away = nn.Embedding(PLACES, PAIRED)
        self.same = nn.Linear(PAIRED, 1)
        self.told, self.of, self.match = (nn.Linear(LINKED, PAIRED, bias=b) for b in (True, False, False))
        self.near = nn.Embedding(PLACES, PAIRED)
        self.about, self.nobody = nn.Linear(PAIRED, 1), nn.Linear(LINKED, 1)
        self.claim = nn.Linear(LINKED, claims)
        for table in (self.away, self.near):
            nn.init.normal_(table.weight, std=0.1)
        self.dropout = nn.Dropout(0.2)

    def spoken(self, hidden: Tensor, inside: Tensor) -> Tensor:
        """Features of statements out of the states of their windows, (statements, length, hidden), and their pieces."""
        attention = self.spoken_ask(hidden).masked_fill(~inside[..., None], -1e4).softmax(1)
        seen = torch.einsum("stk,sth->skh", attention, hidden).flatten(1)
        mean = (hidden * inside[..., None]).sum(1) / inside.sum(1, keepdim=True)
        return self.dropout(torch.relu(self.spoken_in(self.dropout(torch.cat([seen, mean], dim=1)))))

    def marks(self, read: Tensor) -> Tensor:
        """Features of anchors."""
        return self.dropout(torch.relu(self.mark_in(self.dropout(read))))

    def one(self, first: Tensor, second: Tensor, away: Tensor) -> Tensor:
        """Log-odds that pairs of anchors name one event."""
        mixed = self.each(first) + self.each(second) + self.both(first * second) + self.apart((first - second).abs())
        return self.same(torch.relu(mixed + self.away(away)))[:, 0]

    def spoken_of(self, statement: Tensor, mark: Tensor, near: Tensor) -> Tensor:
        """How well statements fit anchors, pair by pair."""
        mixed = self.told(statement) + self.of(mark) + self.match(statement * mark)
        return self.about(torch.relu(mixed + self.near(near)))[:, 0]


class Network(nn.Module):
    """Encoder and all heads."""

    def __init__(self, shape: Shape, *, statuses: int, kinds: int, event_roles: int) -> None:
        super().__init__()
        self.encoder = Encoder(shape)
        self.cue_tag, self.event_tag = nn.Linear(shape.hidden, 3), nn.Linear(shape.hidden, 3)
        self.said = PairHead(shape.hidden, 2, 192)  # source, content
        self.role = PairHead(shape.hidden, event_roles + 1, 256)  # the roles, and the attention of the status
        self.status_in = nn.Linear(3 * shape.hidden, 256)
        self.status, self.kind, self.hedged = nn.Linear(256, statuses), nn.Linear(256, kinds), nn.Linear(256, 1)
        self.links = Links(shape.hidden, statuses)
        self.dropout = nn.Dropout(0.1)

    def read_for_links(self, anchor: Tensor, roles: Tensor, scope: Tensor, pieces: Tensor, window: Tensor) -> Tensor:
        """What marks are made of: the anchor, its attended context, its cue, and who, where and when."""
        context = pieces[window]
        attention = torch.softmax(roles[..., -1].float().masked_fill(~scope, -1e4), dim=-1)
        shares = [attention]
        for role in range(4):
            share = torch.sigmoid(roles[..., role].float()) * scope
            shares.append(share / (share.sum(-1, keepdim=True) + 1.0))
        seen = torch.einsum("ktr,kth->krh", torch.stack(shares, dim=-1).to(context.dtype), context)
        return torch.cat([anchor, seen.flatten(1)], dim=-1)

    def status_features(self, anchor: Tensor, roles: Tensor, scope: Tensor, pieces: Tensor, window: Tensor) -> Tensor:
        """What status, kind and hedge are read from: the anchor, its attended context, and its cue."""
        context = pieces[window]
        attention = torch.softmax(roles[..., -1].float().masked_fill(~scope, -1e4), dim=-1)
        cue = torch.sigmoid(roles[..., 0].float()) * scope
        cue = cue / (cue.sum(-1, keepdim=True) + 1.0)
        seen = torch.einsum("kt,kth->kh", attention.to(context.dtype), context)
        marked = torch.einsum("kt,kth->kh", cue.to(context.dtype), context)
        return self.dropout(torch.relu(self.status_in(torch.cat([anchor, seen, marked], dim=-1))))


def new_network(shape: Shape, labels: Labels) -> Network:
    """A network with an output for each label."""
    return Network(shape, statuses=len(labels.statuses), kinds=len(labels.kinds), event_roles=len(labels.roles))


def load_checkpoint(path: Path) -> dict[str, Tensor]:
    """The parameters of a checkpoint, which holds them as halves, as floats."""
    return {key: value.float() for key, value in torch.load(path).items()}


def package_folder(name: str) -> Path:
    """Where an installed package lies."""
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0])


def base_state(shape: Shape, path: Path) -> dict[str, Tensor]:
    """Parameters of the encoder out of the safetensors file of all-MiniLM-L6-v2 or all-mpnet-base-v2."""
    given = load_file(path)
    parts = _MPNET if shape.relative else _BERT
    state = {f"encoder.norm.{p}": given[f"embeddings.LayerNorm.{p}"] for p in ("weight", "bias")}
    for i in range(shape.layers):
        for mine, theirs in parts.items():
            for p in ("weight", "bias"):
                state[f"encoder.layers.{i}.{mine}.{p}"] = given[f"encoder.layer.{i}.{theirs}.{p}"]
    words, places = (given[f"embeddings.{kind}_embeddings.weight"] for kind in ("word", "position"))
    if shape.relative:  # its own five marks around BERT's words, and two places for padding
        own = words[4 : 4 + WORDS].clone()
        for bert, mpnet in {0: 1, 100: 3, 101: 0, 102: 2}.items():  # padding, unknown, beginning, end
            own[bert] = words[mpnet]
        words, places = own, places[2:514]
        state["encoder.relative.weight"] = given["encoder.relative_attention_bias.weight"]
    else:
        words = words + given["embeddings.token_type_embeddings.weight"][0]
    return {**state, "encoder.word.weight": words, "encoder.position.weight": places}


_SHARED = {"up": "intermediate.dense", "down": "output.dense", "norm2": "output.LayerNorm"}
_BERT = {
    **{mine: f"attention.self.{mine}" for mine in ("query", "key", "value")},
    "out": "attention.output.dense",
    "norm1": "attention.output.LayerNorm",
    **_SHARED,
}
_MPNET = {
    **{mine: f"attention.attn.{mine[0]}" for mine in ("query", "key", "value", "out")},
    "norm1": "attention.LayerNorm",
    **_SHARED,
}
