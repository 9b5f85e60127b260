"""Writes lgccon.json: outputs, joint loss and gradients of PyTorch for LGCcon's network, without dropout.

Run: python3 lgccon.py   (needs torch)

Parameters are not stored: both sides draw them from the generator of lib/blocks/testdata, in the order
listed here, times a scale that keeps activations near 1. Of each gradient the norm and every n-th value
are stored. Written from the description of the layers, not from the library's code: regions are pooled
by slicing out every cell.
"""

import json
import math
import sys
from pathlib import Path

import torch
from torch.nn import functional as F

here = Path(__file__).parent
sys.path.insert(0, str(here.parent.parent / "blocks" / "testdata"))
from golden import Lcg, first, kernel, last  # noqa: E402

BATCH, SIDE, WIDTH, CELLS, HIDDEN, CLASSES = 4, 20, 2, 3, 6, 3
LABELS = torch.tensor([0, 1, 2, 1])
WEIGHTS = torch.tensor([0.5, 1.0, 2.0, 1.5])
CENTRE = 0.3
STAGES = [(2, WIDTH), (2, 2 * WIDTH), (3, 4 * WIDTH)]


def strips():
    yield 0, 225
    for i in range(9):
        start = min(20 * i, 225 - 76)
        yield start, start + 76


def cells(start, end):
    n = end - start
    for p in range(CELLS):
        yield start + p * n // CELLS, start + -(-(p + 1) * n // CELLS)


def pool_region(x, start, end):
    """x: [batch, height, width, channels] to [batch, CELLS, CELLS, channels]."""
    rows = []
    for top, bottom in cells(0, x.shape[1]):
        row = [x[:, top:bottom, left:right].amax((1, 2)) for left, right in cells(start, end)]
        rows.append(torch.stack(row, 1))
    return torch.stack(rows, 1)


def network(x, p):
    y = first(x)
    for stage, (count, _) in enumerate(STAGES, 1):
        for i in range(1, count + 1):
            name = f"conv{stage}_{i}."
            y = F.relu(F.conv2d(y, kernel(p[name + "kernel"]), p[name + "bias"], padding=1))
        if stage < len(STAGES):
            y = F.max_pool2d(y, 2)
    y = last(y)
    features = []
    for start, end in strips():
        a, b = (math.floor(share / 225 * y.shape[2] + 0.5) for share in (start, end))
        z = pool_region(y, a, b).flatten(1)
        for fc in ("fc6", "fc7"):
            z = F.relu(F.linear(z, p[f"connected.{fc}.kernel"], p[f"connected.{fc}.bias"]))
        features.append(z)

    def score(name, zs):
        each = [F.linear(z, p[f"scores.{name}.kernel"], p[f"scores.{name}.bias"]) for z in zs]
        return torch.stack(each).amax(0)

    sure = lambda s: s * F.softmax(s, 1).amax(1, keepdim=True)
    joint = sure(score("global", features[:1])) + sure(score("local", features[1:]))
    centres = p["scores.centres"]
    distances = 0.5 * (joint[:, None] - centres[None]).square().sum(2)
    alone = [score("globalAlone", features[:1]), score("localAlone", features[1:])]
    return torch.stack([joint, *alone, distances], 1)


def joint_loss(y):
    mean = lambda values: (values * WEIGHTS).sum() / WEIGHTS.sum()
    entropy = lambda row: mean(F.cross_entropy(y[:, row], LABELS, reduction="none"))
    distance = mean(y[torch.arange(BATCH), 3, LABELS])
    return entropy(0) + 0.7 * entropy(1) + 0.7 * entropy(2) + CENTRE * distance


def shapes():
    channels = 1
    for stage, (count, width) in enumerate(STAGES, 1):
        for i in range(1, count + 1):
            yield f"conv{stage}_{i}.kernel", (3, 3, channels, width)
            yield f"conv{stage}_{i}.bias", (width,)
            channels = width
    units = CELLS * CELLS * channels
    for fc in ("fc6", "fc7"):
        yield f"connected.{fc}.kernel", (HIDDEN, units)
        yield f"connected.{fc}.bias", (HIDDEN,)
        units = HIDDEN
    for name in ("global", "local", "globalAlone", "localAlone"):
        yield f"scores.{name}.kernel", (CLASSES, HIDDEN)
        yield f"scores.{name}.bias", (CLASSES,)
    yield "scores.centres", (CLASSES, CLASSES)


def scale(shape):
    fan_in = math.prod(shape[:-1]) if len(shape) == 4 else shape[-1]
    return round(math.sqrt(24 / fan_in), 3) if len(shape) > 1 else 1.0


draw = Lcg(7)
x = draw(BATCH, SIDE, SIDE, 1)
p = {name: (draw(*s) * scale(s)).requires_grad_() for name, s in shapes()}
y = network(x, p)
loss = joint_loss(y)
loss.backward()
gradients = {}
for name, leaf in p.items():
    step = max(1, leaf.numel() // 16)
    gradients[name] = {
        "shape": list(leaf.shape),
        "scale": scale(leaf.shape),
        "step": step,
        "norm": leaf.grad.norm().item(),
        "values": [round(v, 9) for v in leaf.grad.flatten()[::step].tolist()],
    }
golden = {
    "torch": torch.__version__,
    "centreWeight": CENTRE,
    "weights": WEIGHTS.tolist(),
    "labels": LABELS.tolist(),
    "outputs": [[[round(v, 8) for v in row] for row in rows] for rows in y.tolist()],
    "loss": loss.item(),
    "gradients": gradients,
}
(here / "lgccon.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
