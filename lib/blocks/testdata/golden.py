"""Writes golden.json: outputs and gradients of PyTorch for the blocks.

Run: python3 golden.py   (needs torch)

All arrays have channels last, as in the library. Parameters and inputs are not stored: both sides draw
them from the same linear congruential generator, in the order they are listed here.
"""

import json
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)


class Lcg:
    """Numerical Recipes' generator; values in [-0.5, 0.5)."""

    def __init__(self, seed):
        self.x = seed

    def __call__(self, *shape):
        n = int(torch.tensor(shape).prod())
        values = []
        for _ in range(n):
            self.x = (1664525 * self.x + 1013904223) % 2**32
            values.append(self.x / 2**32 - 0.5)
        return torch.tensor(values).reshape(shape)


def first(t):
    """Channels last to channels first."""
    return t.movedim(-1, 1)


def last(t):
    return t.movedim(1, -1)


def kernel(t):
    """[...window, in, out] to [out, in, ...window]."""
    return t.movedim((-1, -2), (0, 1))


def case(shape, params, f, prepare=lambda x: x):
    """One record: f(x, parameters) is scored by a sum with fixed weights."""
    draw = Lcg(1)
    x = prepare(draw(*shape)).requires_grad_()
    leaves = {name: draw(*s).requires_grad_() for name, s in params.items()}
    y = f(x, leaves)
    (y * draw(*y.shape)).sum().backward()
    flat = lambda t: [round(v, 7) for v in t.detach().flatten().tolist()]
    return {
        "input": list(shape),
        "params": {name: list(s) for name, s in params.items()},
        "outputShape": list(y.shape),
        "output": flat(y),
        "inputGradient": flat(x.grad),
        "gradients": {name: flat(leaf.grad) for name, leaf in leaves.items()},
    }


def conv(f, **options):
    return lambda x, p: last(f(first(x), kernel(p["kernel"]), p.get("bias"), **options))


def norm(training):
    def apply(x, p):
        channels = x.shape[-1]
        mean, variance = torch.zeros(channels), torch.ones(channels)
        y = F.batch_norm(first(x), mean, variance, p["gamma"], p["beta"], training, 0.1, 1e-5)
        norm.running = [mean.tolist(), variance.tolist()]
        return last(y)

    return apply


def pool(f, *args, **options):
    return lambda x, p: last(f(first(x), *args, **options))


def block(x, p):
    y = conv(F.conv2d, padding=1)(x, {"kernel": p["body.conv.kernel"], "bias": p["body.conv.bias"]})
    y = torch.relu(norm(True)(y, {"gamma": p["body.norm.gamma"], "beta": p["body.norm.beta"]}))
    return y + conv(F.conv2d)(x, {"kernel": p["shortcut.kernel"]})


def ties(x):
    """Few different values, so that windows have several maxima."""
    return (x * 4).round() / 4


k2 = {"kernel": (3, 3, 3, 4), "bias": (4,)}
k3 = {"kernel": (3, 3, 3, 2, 3), "bias": (3,)}
bn = {"gamma": (3,), "beta": (3,)}
cases = {
    "conv2d strides 2, padding 1": case((2, 6, 5, 3), k2, conv(F.conv2d, stride=2, padding=1)),
    "conv2d same": case((2, 5, 6, 3), k2, conv(F.conv2d, padding="same")),
    "conv2d valid, no bias": case((2, 5, 4, 3), {"kernel": (3, 3, 3, 4)}, conv(F.conv2d)),
    "conv2d 3x1, padding (2, 0)": case(
        (2, 4, 3, 2), {"kernel": (3, 1, 2, 2), "bias": (2,)}, conv(F.conv2d, padding=(2, 0))
    ),
    "conv3d strides (1, 2, 2), padding 1": case(
        (2, 3, 5, 4, 2), k3, conv(F.conv3d, stride=(1, 2, 2), padding=1)
    ),
    "conv3d same": case((1, 3, 4, 3, 2), k3, conv(F.conv3d, padding="same")),
    "dense": case((3, 5), {"kernel": (4, 5), "bias": (4,)}, lambda x, p: F.linear(x, p["kernel"], p["bias"])),
    "batchNorm 2d": case((2, 4, 3, 3), bn, norm(True)),
    "batchNorm 2d, not training": case((2, 4, 3, 3), bn, norm(False)),
    "batchNorm 3d": case((2, 2, 3, 3, 3), bn, norm(True)),
    "batchNorm of features": case((5, 3), bn, norm(True)),
    "relu": case((3, 7), {}, lambda x, p: torch.relu(x), ties),
    "maxPool2d 3, padding 1": case((2, 8, 7, 3), {}, pool(F.max_pool2d, 3, 3, 1), ties),
    "maxPool2d 3, strides 2, padding 1": case((2, 8, 7, 3), {}, pool(F.max_pool2d, 3, 2, 1), ties),
    "maxPool2d 2": case((2, 6, 5, 3), {}, pool(F.max_pool2d, 2), ties),
    "maxPool3d 3, strides 2, padding 1": case((1, 4, 5, 4, 2), {}, pool(F.max_pool3d, 3, 2, 1), ties),
    "maxPool2d 3, strides 2, no ties": case((2, 6, 7, 3), {}, pool(F.max_pool2d, 3, 2)),
    "maxPool3d 2, no ties": case((1, 4, 5, 4, 2), {}, pool(F.max_pool3d, 2)),
    "avgPool2d 2": case((2, 6, 5, 3), {}, pool(F.avg_pool2d, 2)),
    "avgPool2d 3, strides 2, padding 1": case((2, 6, 5, 3), {}, pool(F.avg_pool2d, 3, 2, 1)),
    "avgPool3d (1, 2, 2)": case((1, 3, 4, 4, 2), {}, pool(F.avg_pool3d, (1, 2, 2))),
    "residual": case(
        (2, 4, 4, 2),
        {
            "body.conv.kernel": (3, 3, 2, 3),
            "body.conv.bias": (3,),
            "body.norm.gamma": (3,),
            "body.norm.beta": (3,),
            "shortcut.kernel": (1, 1, 2, 3),
        },
        block,
    ),
}
case((2, 4, 3, 3), bn, norm(True))
running = dict(zip(["mean", "variance"], norm.running))


if __name__ == "__main__":
    golden = {"torch": torch.__version__, "running": running, "cases": cases}
    (Path(__file__).parent / "golden.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
