"""Writes golden.json: scores and gradients of PyTorch for the networks, without dropout.

Run: python3 golden.py   (needs torch)

Parameters are not stored: both sides draw them from the generator of lib/blocks/testdata, in the order
listed here, times a scale that keeps activations near 1. Of each gradient the norm and every n-th value
are stored.
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

sys.path.insert(0, str(here))
import deep_rows as deep  # noqa: E402


def stst_net(x, p):
    """Layers of the authors' PyTorch code, the three streams side by side."""
    streams = []
    start = 0
    for filters in (3, 5, 8):
        own = slice(start, start + filters)
        y = F.relu(F.conv2d(first(x), kernel(p["conv.kernel"][..., own]), p["conv.bias"][own], padding=2))
        zeros, ones = torch.zeros(filters), torch.ones(filters)
        y = F.batch_norm(y, zeros, ones, p["norm.gamma"][own], p["norm.beta"][own], True)
        streams.append(F.max_pool2d(y, 3, 3, 1))
        start += filters
    y = last(F.avg_pool2d(torch.cat(streams, 1), 2)).flatten(1)
    return F.linear(y, p["scores.kernel"], p["scores.bias"])


def off_apex_net(x, p):
    streams = []
    for channel, name in enumerate("uv"):
        y = first(x[..., channel : channel + 1])
        for i in (1, 2):
            part = f"streams.{name}.conv{i}."
            y = F.conv2d(y, kernel(p[part + "kernel"]), p[part + "bias"], padding=2)
            y = F.max_pool2d(F.relu(y), 2)
        streams.append(last(y).flatten(1))
    y = torch.cat(streams, 1)
    for name in ("dense1", "dense2"):
        y = F.relu(F.linear(y, p[name + ".kernel"], p[name + ".bias"]))
    return F.linear(y, p["scores.kernel"], p["scores.bias"])


shapes = {
    "stst-net": {
        "conv.kernel": (3, 3, 3, 16),
        "conv.bias": (16,),
        "norm.gamma": (16,),
        "norm.beta": (16,),
        "scores.kernel": (3, 400),
        "scores.bias": (3,),
    },
    "off-apex-net": {
        **{
            f"streams.{s}.{layer}": shape
            for s in "uv"
            for layer, shape in {
                "conv1.kernel": (5, 5, 1, 6),
                "conv1.bias": (6,),
                "conv2.kernel": (5, 5, 6, 16),
                "conv2.bias": (16,),
            }.items()
        },
        "dense1.kernel": (1024, 1568),
        "dense1.bias": (1024,),
        "dense2.kernel": (1024, 1024),
        "dense2.bias": (1024,),
        "scores.kernel": (3, 1024),
        "scores.bias": (3,),
    },
}


def scale(shape):
    # Capsules have a matrix [in, out] each.
    fan_in = math.prod(shape[:-1]) if len(shape) > 3 else shape[-1] if len(shape) == 2 else shape[-2:][0]
    return round(math.sqrt(24 / fan_in), 3) if len(shape) > 1 else 1.0


def record(shapes, f, input=(28, 28, 3), loss_of=F.cross_entropy):
    draw = Lcg(7)
    x = draw(4, *input) + 0.5
    p = {key: (draw(*s) * scale(s)).requires_grad_() for key, s in shapes.items()}
    scores = f(x, p)
    loss = loss_of(scores, torch.tensor([0, 1, 2, 1]))
    loss.backward()
    gradients = {}
    for key, leaf in p.items():
        step = max(1, leaf.numel() // 16)
        sampled = [round(v, 9) for v in leaf.grad.flatten()[::step].tolist()]
        gradients[key] = {
            "shape": list(leaf.shape),
            "scale": scale(leaf.shape),
            "step": step,
            "norm": leaf.grad.norm().item(),
            "values": sampled,
        }
    given = {} if input == (28, 28, 3) else {"input": list(input)}
    return {**given, "scores": scores.tolist(), "loss": loss.item(), "gradients": gradients}


golden = {
    "torch": torch.__version__,
    "stst-net": record(shapes["stst-net"], stst_net),
    "off-apex-net": record(shapes["off-apex-net"], off_apex_net),
    "c3d": record(deep.c3d_shapes(1), deep.c3d(True), (16, 28, 28, 2)),
    "squ-c3d": record(deep.c3d_shapes(3), deep.c3d(False), (3, 28, 28, 2)),
    "dual-inception": record(deep.dual_inception_shapes, deep.dual_inception),
    "capsule-net": record(deep.capsule_shapes(36), deep.capsule_net, (72, 72, 1), deep.margin_loss),
    **{f"rcn-{v.lower()}": record(deep.rcn_shapes(v), deep.rcn(v)) for v in "ASWPCF"},
    # Blocks of one patch, as published, and of four.
    "htnet": record(deep.htnet_shapes([1, 1, 2]), deep.htnet([1, 1, 2])),
    "htnet-2": record(deep.htnet_shapes([2, 1]), deep.htnet([2, 1])),
    "strcn": record(deep.strcn_shapes(), deep.strcn),
}
(here / "golden.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
