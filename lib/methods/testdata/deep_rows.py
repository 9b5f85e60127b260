"""The networks of the deep rows in PyTorch, as functions of named parameters; golden.py records them.

Written from the articles and cards, not from the TypeScript: images are channels first inside.
"""

import torch
from torch.nn import functional as F


def first(t):
    return t.movedim(-1, 1)


def last(t):
    return t.movedim(1, -1)


def kernel(t):
    """[...window, in, out] to [out, in, ...window]."""
    return t.movedim((-1, -2), (0, 1))


def norm(y, p, part):
    """Batch norm with the batch's own statistics."""
    channels = y.shape[1]
    zeros, ones = torch.zeros(channels), torch.ones(channels)
    return F.batch_norm(y, zeros, ones, p[part + ".gamma"], p[part + ".beta"], True)


def conv_shapes(part, window, inputs, outputs, bias=True):
    shapes = {f"{part}.kernel": (*window, inputs, outputs)}
    return {**shapes, f"{part}.bias": (outputs,)} if bias else shapes


def norm_shapes(part, channels):
    return {f"{part}.gamma": (channels,), f"{part}.beta": (channels,)}


def dense_shapes(part, inputs, outputs):
    return {f"{part}.kernel": (outputs, inputs), f"{part}.bias": (outputs,)}


# C3D, an eighth of a quarter as wide

c3d_width, c3d_hidden = 4, 16
c3d_layers = {"1": (2, 1), "2": (1, 2), "3a": (2, 4), "3b": (4, 4), "4a": (4, 8), "4b": (8, 8), "5a": (8, 8), "5b": (8, 8)}


def c3d_shapes(last_side):
    shapes = {}
    for name, (inputs, outputs) in c3d_layers.items():
        of = 2 if name == "1" else inputs * c3d_width
        shapes |= conv_shapes(f"conv{name}", (3, 3, 3), of, outputs * c3d_width)
    features = last_side * 8 * c3d_width
    return {
        **shapes,
        **dense_shapes("fc6", features, c3d_hidden),
        **dense_shapes("fc7", c3d_hidden, c3d_hidden),
        **dense_shapes("fc8", c3d_hidden, 3),
    }


def c3d(pool_time):
    t = 2 if pool_time else 1
    pools = {"1": (1, 2, 2), "2": (t, 2, 2), "3b": (t, 2, 2), "4b": (t, 2, 2)}

    def apply(x, p):
        y = first(x)
        for name in c3d_layers:
            part = f"conv{name}"
            y = F.relu(F.conv3d(y, kernel(p[part + ".kernel"]), p[part + ".bias"], padding=1))
            if name in pools:
                y = F.max_pool3d(y, pools[name])
        y = F.max_pool3d(y, (t, 2, 2), padding=(0, 1, 1))
        y = last(y).flatten(1)
        for name in ("fc6", "fc7"):
            y = F.relu(F.linear(y, p[name + ".kernel"], p[name + ".bias"]))
        return F.linear(y, p["fc8.kernel"], p["fc8.bias"])

    return apply


# Dual-Inception

inception_convs = {"one": None, "three.reduce": 1, "three.conv": 3, "five.reduce": 1, "five.conv": 5, "pool.conv": 1}


def inception_shapes(part, inputs, n):
    def of(branch, k, channels):
        return conv_shapes(f"{part}.{branch}.conv", (k, k), channels, n)

    return {
        **of("one", 1, inputs),
        **of("three.reduce", 1, inputs),
        **of("three.conv", 3, n),
        **of("five.reduce", 1, inputs),
        **of("five.conv", 5, n),
        **of("pool.conv", 1, inputs),
    }


dual_inception_shapes = {
    **{
        name: shape
        for s in "uv"
        for i, (inputs, n) in {1: (3, 6), 2: (24, 16)}.items()
        for name, shape in inception_shapes(f"streams.{s}.inception{i}", inputs, n).items()
    },
    **dense_shapes("dense", 6272, 1024),
    **dense_shapes("scores", 1024, 3),
}


def dual_inception(x, p):
    def conv(y, part, padding):
        return F.relu(F.conv2d(y, kernel(p[part + ".conv.kernel"]), p[part + ".conv.bias"], padding=padding))

    streams = []
    for channel, name in enumerate("uv"):
        y = first(x[..., channel : channel + 1]).repeat(1, 3, 1, 1)
        for i in (1, 2):
            part = f"streams.{name}.inception{i}."
            y = torch.cat([
                conv(y, part + "one", 0),
                conv(conv(y, part + "three.reduce", 0), part + "three.conv", 1),
                conv(conv(y, part + "five.reduce", 0), part + "five.conv", 2),
                conv(F.max_pool2d(y, 3, 1, 1), part + "pool.conv", 0),
            ], 1)
            y = F.max_pool2d(y, 2)
        streams.append(last(y).flatten(1))
    y = F.relu(F.linear(torch.cat(streams, 1), p["dense.kernel"], p["dense.bias"]))
    return F.linear(y, p["scores.kernel"], p["scores.bias"])


# CapsuleNet, a quarter as wide, with small kernels

capsule_width, capsule_kernel = 8, 3


def unit_shapes(part, inputs, outputs, shortcut):
    return {
        **conv_shapes(f"{part}.sum.body.conv1", (3, 3), inputs, outputs, False),
        **norm_shapes(f"{part}.sum.body.norm1", outputs),
        **conv_shapes(f"{part}.sum.body.conv2", (3, 3), outputs, outputs, False),
        **norm_shapes(f"{part}.sum.body.norm2", outputs),
        **(
            {
                **conv_shapes(f"{part}.sum.shortcut.conv", (1, 1), inputs, outputs, False),
                **norm_shapes(f"{part}.sum.shortcut.norm", outputs),
            }
            if shortcut
            else {}
        ),
    }


def capsule_shapes(capsules):
    w, k = capsule_width, capsule_kernel
    shapes = {**conv_shapes("conv1", (7, 7), 1, w, False), **norm_shapes("norm1", w)}
    for i, (inputs, outputs) in enumerate([(w, w), (w, 2 * w), (2 * w, 4 * w)], 1):
        shapes |= unit_shapes(f"layer{i}.unit1", inputs, outputs, inputs != outputs)
        shapes |= unit_shapes(f"layer{i}.unit2", outputs, outputs, False)
    return {
        **shapes,
        **conv_shapes("conv2", (k, k), 4 * w, 4 * w),
        **conv_shapes("primary", (k, k), 4 * w, 4 * w),
        "routed.votes": (capsules, 8, 3 * 16),
    }


def squash(s):
    length = s.norm(dim=-1, keepdim=True)
    return length**2 / (1 + length**2) * s / (length + 1e-8)


def capsule_net(x, p):
    def unit(y, part, stride):
        part += ".sum."
        z = F.conv2d(y, kernel(p[part + "body.conv1.kernel"]), stride=stride, padding=1)
        z = F.relu(norm(z, p, part + "body.norm1"))
        z = norm(F.conv2d(z, kernel(p[part + "body.conv2.kernel"]), padding=1), p, part + "body.norm2")
        if part + "shortcut.conv.kernel" in p:
            y = F.conv2d(y, kernel(p[part + "shortcut.conv.kernel"]), stride=stride)
            y = norm(y, p, part + "shortcut.norm")
        return F.relu(z + y)

    y = F.relu(norm(F.conv2d(first(x), kernel(p["conv1.kernel"]), stride=2, padding=3), p, "norm1"))
    for i, stride in ((1, 1), (2, 2), (3, 2)):
        y = unit(y, f"layer{i}.unit1", stride)
        y = unit(y, f"layer{i}.unit2", 1)
    y = F.relu(F.conv2d(y, kernel(p["conv2.kernel"]), p["conv2.bias"]))
    y = last(F.conv2d(y, kernel(p["primary.kernel"]), p["primary.bias"], stride=2))
    u = squash(y.reshape(y.shape[0], -1, 8))
    # [batch, classes, inputs, 16]
    votes = torch.einsum("bnd,ndkm->bknm", u, p["routed.votes"].reshape(-1, 8, 3, 16))
    logits = torch.zeros(votes.shape[:3])
    for turn in range(3):
        shares = torch.softmax(logits, 1)
        # Only the last sum hands gradients on.
        hat = votes if turn == 2 else votes.detach()
        v = squash((shares[..., None] * hat).sum(2))
        logits = logits + (hat * v[:, :, None]).sum(-1).detach()
    return v.norm(dim=-1)


def margin_loss(lengths, labels):
    truth = F.one_hot(labels, lengths.shape[1])
    missing = F.relu(0.99 - lengths) ** 2
    wrong = F.relu(lengths - 0.01) ** 2
    return (truth * missing + 0.5 * (1 - truth) * wrong).sum(1).mean()


# RCN, an eighth as wide

rcn_width, rcn_cells = 8, 5
rcn_streams = {
    "P": {"near": (2, 1), "far": (2, 3)},
    **{v: {"near": (2, 1), "middle": (4, 2), "far": (4, 3)} for v in "WCF"},
}


def rcn_shapes(variant):
    w = rcn_width
    if variant in "AS":
        stem = {**conv_shapes("stem.conv", (5, 5), 3, w), **norm_shapes("stem.norm", w)}
    else:
        stem = {}
        for name, (share, _) in rcn_streams[variant].items():
            stem |= conv_shapes(f"stem.{name}.conv", (3, 3), 3, w // share)
            stem |= norm_shapes(f"stem.{name}.norm", w // share)
    return {
        **stem,
        **conv_shapes("body.forward.conv", (1, 1), w, w),
        **norm_shapes("body.forward.norm", w),
        **conv_shapes("body.turn.conv", (3, 3), w, w),
        **norm_shapes("body.turn.norm", w),
        **dense_shapes("scores", w * rcn_cells**2, 3),
    }


def rcn(variant):
    def attention(y, p, own_channels):
        y = F.adaptive_avg_pool2d(y, rcn_cells)
        weights = p["scores.kernel"].reshape(3, rcn_width, rcn_cells, rcn_cells)
        if not own_channels:
            weights = weights.mean(1, keepdim=True)
        maps = []
        for one in weights:
            cam = (one * y).mean(1, keepdim=True)
            cam = cam - cam.amin((2, 3), keepdim=True)
            maps.append(cam / cam.amax((2, 3), keepdim=True))
        return torch.cat(maps, 1).mean(1, keepdim=True)

    def spread(y, map):
        return y * F.interpolate(map, y.shape[2:])

    def stem(x, p):
        if variant in "AS":
            y = F.conv2d(x, kernel(p["stem.conv.kernel"]), p["stem.conv.bias"])
            return F.max_pool2d(F.relu(norm(y, p, "stem.norm")), 2)
        parts = []
        for name, (_, dilation) in rcn_streams[variant].items():
            part = f"stem.{name}."
            stride = 1 if variant == "P" else 3
            y = F.conv2d(x, kernel(p[part + "conv.kernel"]), p[part + "conv.bias"], stride, dilation, dilation)
            y = norm(F.relu(y), p, part + "norm")
            parts.append(F.max_pool2d(y, 3, 3, 1) if variant == "P" else y)
        return torch.cat(parts, 1)

    def unit(y, p, name, padding):
        y = F.conv2d(y, kernel(p[f"body.{name}.conv.kernel"]), p[f"body.{name}.conv.bias"], padding=padding)
        return F.relu(norm(y, p, f"body.{name}.norm"))

    def apply(x, p):
        x = first(x)
        begun = stem(x, p)
        y = spread(begun, attention(x, p, False)) if variant == "C" else begun
        a = unit(y, p, "forward", 0)
        if variant == "F":
            a = spread(a, attention(y, p, True))
        if variant in "AW":
            z = unit(y + a, p, "turn", 1)
            z = unit(y + z, p, "turn", 1)
        else:
            b = unit(y + a, p, "turn", 1)
            c = unit(y + a + b, p, "turn", 1)
            z = unit(y + a + b + c, p, "turn", 1)
        z = F.adaptive_avg_pool2d(F.max_pool2d(z, 2), rcn_cells)
        if variant in "AP":
            z = z * attention(begun, p, True)
        return F.linear(z.flatten(1), p["scores.kernel"], p["scores.bias"])

    return apply


# HTNet, with few features

htnet_width, htnet_heads = 8, 3


def htnet_shapes(layers, side=28, patch=7):
    shapes = conv_shapes("patches", (patch, patch), 3, htnet_width)
    grid = side // patch
    for level, depth in enumerate(layers):
        width, heads = htnet_width * 2**level, htnet_heads * 2**level
        inner = width // heads * heads
        own = grid // 2 ** (len(layers) - 1)
        here = f"level{level + 1}"
        shapes[f"{here}.place.position"] = (own, own)
        for i in range(depth):
            part = f"{here}.layer{i + 1}"
            shapes |= norm_shapes(f"{part}.attention.body.norm", width)
            shapes[f"{part}.attention.body.attend.qkv.kernel"] = (width, 3 * inner)
            shapes |= conv_shapes(f"{part}.attention.body.attend.out", (1, 1), inner, width)
            shapes |= norm_shapes(f"{part}.mlp.body.norm", width)
            shapes |= conv_shapes(f"{part}.mlp.body.fc1", (1, 1), width, 4 * width)
            shapes |= conv_shapes(f"{part}.mlp.body.fc2", (1, 1), 4 * width, width)
        if level < len(layers) - 1:
            shapes |= conv_shapes(f"halve{level + 1}.conv", (3, 3), width, 2 * width)
            shapes |= norm_shapes(f"halve{level + 1}.norm", 2 * width)
    last_width = htnet_width * 2 ** (len(layers) - 1)
    return {**shapes, **norm_shapes("norm", last_width), **dense_shapes("scores", last_width, 3)}


def htnet(layers, patch=7):
    """Blocks are computed one by one, channels last."""

    def layer_norm(y, p, part):
        return F.layer_norm(y, y.shape[-1:], p[part + ".gamma"], p[part + ".beta"], 1e-5)

    def linear(y, p, part):
        return y @ p[part + ".kernel"][0, 0] + p[part + ".bias"]

    def attention(tokens, p, part, heads):
        """[batch, tokens, width]; a head at a time."""
        q, k, v = (tokens @ p[part + ".qkv.kernel"]).chunk(3, -1)
        share = q.shape[-1] // heads
        mixed = []
        for h in range(heads):
            own = slice(h * share, (h + 1) * share)
            weights = torch.softmax(q[..., own] @ k[..., own].transpose(1, 2) / share**0.5, -1)
            mixed.append(weights @ v[..., own])
        return linear(torch.cat(mixed, -1), p, part + ".out")

    def block(y, p, here, heads, depth):
        b, h, w, c = y.shape
        y = (y + p[here + ".place.position"][..., None]).reshape(b, h * w, c)
        for i in range(depth):
            part = f"{here}.layer{i + 1}"
            at = part + ".attention.body"
            y = y + attention(layer_norm(y, p, at + ".norm"), p, at + ".attend", heads)
            at = part + ".mlp.body"
            # Their GELU is exact; ours is the approximation of its first publication.
            hidden = F.gelu(linear(layer_norm(y, p, at + ".norm"), p, at + ".fc1"), approximate="tanh")
            y = y + linear(hidden, p, at + ".fc2")
        return y.reshape(b, h, w, c)

    def apply(x, p):
        y = last(F.conv2d(first(x), kernel(p["patches.kernel"]), p["patches.bias"], stride=patch))
        for level, depth in enumerate(layers):
            here = f"level{level + 1}"
            blocks = 2 ** (len(layers) - 1 - level)
            own = y.shape[1] // blocks
            rows = [
                torch.cat(
                    [
                        block(part, p, here, htnet_heads * 2**level, depth)
                        for part in row.split(own, 2)
                    ],
                    2,
                )
                for row in y.split(own, 1)
            ]
            y = torch.cat(rows, 1)
            if level < len(layers) - 1:
                part = f"halve{level + 1}"
                y = last(F.conv2d(first(y), kernel(p[part + ".conv.kernel"]), p[part + ".conv.bias"], padding=1))
                y = last(F.max_pool2d(first(layer_norm(y, p, part + ".norm")), 3, 2, 1))
        y = layer_norm(y, p, "norm").mean((1, 2))
        return F.linear(y, p["scores.kernel"], p["scores.bias"])

    return apply


# STRCN, an eighth of an eighth as wide

strcn_width = 4


def strcn_shapes():
    w = strcn_width
    shapes = {**conv_shapes("conv", (3, 3), 3, w, False), **norm_shapes("norm", w)}
    for i in (2, 3, 4):
        inputs, outputs = w * 2 ** (i - 2), w * 2 ** (i - 1)
        shapes |= conv_shapes(f"group{i}.forward", (3, 3), inputs, outputs, False)
        shapes |= conv_shapes(f"group{i}.again", (3, 3), outputs, outputs, False)
        for t in range(3):
            shapes |= norm_shapes(f"group{i}.norm{t}", outputs)
    return {**shapes, **dense_shapes("scores", 8 * w, 3)}


def strcn(x, p):
    def conv(y, part):
        return F.conv2d(y, kernel(p[part + ".kernel"]), padding=1)

    y = F.max_pool2d(F.relu(norm(conv(first(x), "conv"), p, "norm")), 2)
    for i in (2, 3, 4):
        part = f"group{i}."
        seen = conv(y, part + "forward")
        y = F.relu(norm(seen, p, part + "norm0"))
        y = F.relu(norm(seen + conv(y, part + "again"), p, part + "norm1"))
        y = F.relu(norm(seen + conv(y, part + "again"), p, part + "norm2"))
        y = F.max_pool2d(y, 2)
    return F.linear(y.mean((2, 3)), p["scores.kernel"], p["scores.bias"])
