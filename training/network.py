"""The network that is trained: one small BERT encoder, anchor taggers, and heads that read roles per anchor.

An *anchor* is a stretch of pieces that a frame hangs on: the cue of an attribution, the words that name
an event. For each anchor a small pair network scores every piece of the window for each role. The heads
run in numpy at run time (`stillon.extraction.heads`); names of parameters are shared with it.
"""

from __future__ import annotations

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

HIDDEN, LAYERS, HEADS, FEED = 384, 6, 12, 1536
MATCH = 64  # width of the product that matches a piece to its anchor, per role
BUCKETS = 17  # distance of a piece from the anchor, signed, logarithmic: see `distance_buckets`


def distance_buckets(first: Tensor, last: Tensor, length: int) -> Tensor:
    """Bucket 0 to 16 of each piece's distance from anchors [first, last]: 8 is inside."""
    place = torch.arange(length)[None, :]
    before, after = (first[:, None] - place).clamp(min=0), (place - last[:, None]).clamp(min=0)
    step = torch.log2((before + after).clamp(min=1).float()).floor().long().clamp(max=7) + 1
    return torch.where(before > 0, 8 - step, torch.where(after > 0, 8 + step, torch.full_like(step, 8)))


class Layer(nn.Module):
    """One transformer layer of BERT."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(HIDDEN, HIDDEN) for _ in range(4))
        self.up, self.down = nn.Linear(HIDDEN, FEED), nn.Linear(FEED, HIDDEN)
        self.norm1, self.norm2 = nn.LayerNorm(HIDDEN, eps=1e-12), nn.LayerNorm(HIDDEN, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, h: Tensor, bias: Tensor) -> Tensor:
        batch, length, _ = h.shape
        split = lambda x: x.view(batch, length, HEADS, HIDDEN // HEADS).transpose(1, 2)  # noqa: E731
        q, k, v = split(self.query(h)), split(self.key(h)), split(self.value(h))
        mixed = functional.scaled_dot_product_attention(q, k, v, attn_mask=bias)
        mixed = mixed.transpose(1, 2).reshape(batch, length, HIDDEN)
        h = self.norm1(h + self.dropout(self.out(mixed)))
        return self.norm2(h + self.dropout(self.down(functional.gelu(self.up(h)))))


class Encoder(nn.Module):
    """BERT with feature embeddings for case, quotation and segment added to its input."""

    def __init__(self, vocabulary: int = 30522, dropout: float = 0.1) -> None:
        super().__init__()
        self.word = nn.Embedding(vocabulary, HIDDEN)
        self.position = nn.Embedding(512, HIDDEN)
        self.case, self.quote, self.segment = nn.Embedding(4, HIDDEN), nn.Embedding(3, HIDDEN), nn.Embedding(2, HIDDEN)
        for table in (self.case, self.quote, self.segment):
            nn.init.normal_(table.weight, std=0.01)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.dropout = nn.Dropout(dropout)

    def forward(self, ids: Tensor, case: Tensor, quote: Tensor, segment: Tensor, mask: Tensor) -> Tensor:
        place = torch.arange(ids.shape[1], device=ids.device)[None, :]
        h = self.word(ids) + self.position(place) + self.case(case) + self.quote(quote) + self.segment(segment)
        h = self.dropout(self.norm(h))
        bias = (1.0 - mask.to(h.dtype))[:, None, None, :] * -10000.0
        for layer in self.layers:
            h = layer(h, bias)
        return h

    def load_minilm(self, path: str) -> None:
        """Weights of all-MiniLM-L6-v2 from its safetensors file."""
        given = load_file(path)
        own = {
            "word.weight": "embeddings.word_embeddings.weight",
            "position.weight": "embeddings.position_embeddings.weight",
            "norm.weight": "embeddings.LayerNorm.weight",
            "norm.bias": "embeddings.LayerNorm.bias",
        }
        parts = {
            "query": "attention.self.query",
            "key": "attention.self.key",
            "value": "attention.self.value",
            "out": "attention.output.dense",
            "norm1": "attention.output.LayerNorm",
            "up": "intermediate.dense",
            "down": "output.dense",
            "norm2": "output.LayerNorm",
        }
        for i in range(LAYERS):
            for mine, theirs in parts.items():
                for p in ("weight", "bias"):
                    own[f"layers.{i}.{mine}.{p}"] = f"encoder.layer.{i}.{theirs}.{p}"
        state = self.state_dict()
        for mine, theirs in own.items():
            state[mine] = given[theirs]
        state["position.weight"] = given["embeddings.position_embeddings.weight"]
        state["word.weight"] = (
            given["embeddings.word_embeddings.weight"] + given["embeddings.token_type_embeddings.weight"][0]
        )
        self.load_state_dict(state)


class PairHead(nn.Module):
    """Scores of every piece for each role of an anchor: v · relu(A a + B h + E[distance] + c) + (Q a) · (K h) / 8."""

    def __init__(self, roles: int, width: int) -> None:
        super().__init__()
        self.anchor, self.piece = nn.Linear(HIDDEN, width), nn.Linear(HIDDEN, width, bias=False)
        self.distance = nn.Embedding(BUCKETS, width)
        nn.init.normal_(self.distance.weight, std=0.1)
        self.role = nn.Linear(width, roles)
        self.ask, self.answer = (nn.Linear(HIDDEN, roles * MATCH, bias=False) for _ in range(2))
        nn.init.zeros_(self.answer.weight)

    def forward(self, anchor: Tensor, pieces: Tensor, window: Tensor, buckets: Tensor) -> Tensor:
        """(anchors, HIDDEN), (windows, length, HIDDEN), window of each anchor -> (anchors, length, roles)."""
        mixed = self.anchor(anchor)[:, None, :] + self.piece(pieces)[window] + self.distance(buckets)
        ask = self.ask(anchor).view(len(anchor), -1, MATCH)
        answer = self.answer(pieces).view(*pieces.shape[:2], -1, MATCH)[window]
        return self.role(torch.relu(mixed)) + torch.einsum("krm,ktrm->ktr", ask, answer) / 8.0


class Network(nn.Module):
    """Encoder and all heads."""

    def __init__(self, statuses: int, kinds: int, event_roles: int) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.cue_tag, self.event_tag = nn.Linear(HIDDEN, 3), nn.Linear(HIDDEN, 3)
        self.said = PairHead(2, 192)  # source, content
        self.role = PairHead(event_roles + 1, 256)  # the roles, and the attention of the status
        self.status_in = nn.Linear(3 * HIDDEN, 256)
        self.status, self.kind, self.hedged = nn.Linear(256, statuses), nn.Linear(256, kinds), nn.Linear(256, 1)
        self.dropout = nn.Dropout(0.1)

    def status_features(self, anchor: Tensor, roles: Tensor, scope: Tensor, pieces: Tensor, window: Tensor) -> Tensor:
        """What status, kind and hedge are read from: the anchor, its attended context, and its cue."""
        context = pieces[window]
        attention = torch.softmax(roles[..., -1].masked_fill(~scope, -1e4), dim=-1)
        cue = torch.sigmoid(roles[..., 0]) * scope
        cue = cue / (cue.sum(-1, keepdim=True) + 1.0)
        seen = torch.einsum("kt,kth->kh", attention, context)
        marked = torch.einsum("kt,kth->kh", cue, context)
        return self.dropout(torch.relu(self.status_in(torch.cat([anchor, seen, marked], dim=-1))))
