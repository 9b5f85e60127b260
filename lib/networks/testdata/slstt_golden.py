"""Writes slstt_golden.json: outputs and gradients of PyTorch for SLSTT with both aggregators, and how many
parameters it has at the paper's size.

Run: python3 slstt_golden.py && deno fmt slstt_golden.json   (needs torch)

Everything as in lib/blocks/testdata/transformer_golden.py: the twin is made of PyTorch's own encoder
layers, LayerNorm, LSTM of several layers and Linear.
"""

import json
import sys
from pathlib import Path

import torch
from torch import nn

here = Path(__file__).parent
sys.path.insert(0, str(here.parent.parent / "blocks" / "testdata"))
from transformer_golden import PatchEmbedding, TransformerBlock, record  # noqa: E402


class Slstt(nn.Module):
    def __init__(self, side, channels, classes, aggregator, patch, width, depth, heads, layers, units):
        super().__init__()
        self.embedding = PatchEmbedding(patch, width, channels, (side // patch) ** 2)
        self.blocks = nn.ModuleList(TransformerBlock(width, heads, 4 * width) for _ in range(depth))
        self.norm = nn.LayerNorm(width, eps=1e-6)
        self.aggregator = aggregator
        if aggregator == "lstm":
            self.lstm = nn.LSTM(width, units, num_layers=layers, batch_first=True)
            self.hidden = nn.Linear(units, units // 2)
            self.scores = nn.Linear(units // 2, classes)
        else:
            self.scores = nn.Linear(width, classes)
        self.names = dict(self.pairs(depth, layers))

    def pairs(self, depth, layers):
        for ours, theirs in PatchEmbedding.names.items():
            yield f"encoder.embedding.{ours}", f"embedding.{theirs}"
        for i in range(depth):
            for ours, theirs in TransformerBlock.names.items():
                yield f"encoder.block{i + 1}.{ours}", f"blocks.{i}.{theirs}"
        yield from (("norm.gamma", "norm.weight"), ("norm.beta", "norm.bias"))
        dense = ["scores"]
        if self.aggregator == "lstm":
            dense.append("hidden")
            for i in range(layers):
                for ours, theirs in (("input", "ih"), ("recurrent", "hh")):
                    yield f"lstm{i + 1}.{ours}.kernel", f"lstm.weight_{theirs}_l{i}"
                    yield f"lstm{i + 1}.{ours}.bias", f"lstm.bias_{theirs}_l{i}"
        for name in dense:
            yield f"{name}.kernel", f"{name}.weight"
            yield f"{name}.bias", f"{name}.bias"

    def forward(self, x):
        y = self.embedding(x)
        frames = y.flatten(0, 1)
        for block in self.blocks:
            frames = block(frames)
        token = self.norm(frames)[:, 0].unflatten(0, y.shape[:2])
        if self.aggregator == "lstm":
            return self.scores(torch.relu(self.hidden(self.lstm(token)[0][:, -1])))
        # As the authors: each frame is scored, then the scores are averaged.
        return self.scores(token).mean(1)


small = dict(side=8, channels=3, classes=3, patch=4, width=8, depth=2, heads=2, layers=2, units=6)
paper = dict(side=384, channels=3, classes=3, patch=16, width=768, depth=12, heads=12, layers=3, units=512)


def parameters(aggregator):
    with torch.device("meta"):
        module = Slstt(aggregator=aggregator, **paper)
    return sum(p.numel() for p in module.parameters())


if __name__ == "__main__":
    aggregators = ("lstm", "mean")
    golden = {
        "torch": torch.__version__,
        "networks": {a: record(Slstt(aggregator=a, **small), (4, 3, 8, 8, 3), 16) for a in aggregators},
        "parameters": {a: parameters(a) for a in aggregators},
    }
    (here / "slstt_golden.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
