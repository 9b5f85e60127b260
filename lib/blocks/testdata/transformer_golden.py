"""Writes transformer_golden.json: outputs and gradients of PyTorch's own modules for the blocks of
transformers and for LSTM.

Run: python3 transformer_golden.py && deno fmt transformer_golden.json   (needs torch)

As in multi_scale_golden.py both sides draw inputs and parameters from one generator, the parameters in
the order of their names in the library, and of long arrays every n-th value and the norm are stored.
PyTorch's modules are taken as they are: MultiheadAttention, TransformerEncoderLayer, LSTM, LayerNorm,
GELU, Conv2d. They compute in double precision.
"""

import json
import math
from pathlib import Path

import torch
from torch import nn

from golden import Lcg
from multi_scale_golden import sampled


class SelfAttention(nn.Module):
    names = {
        "out.bias": "attention.out_proj.bias",
        "out.kernel": "attention.out_proj.weight",
        "qkv.bias": "attention.in_proj_bias",
        "qkv.kernel": "attention.in_proj_weight",
    }

    def __init__(self, width, heads):
        super().__init__()
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)

    def forward(self, x):
        shape = x.shape
        x = x.flatten(0, -3)
        return self.attention(x, x, x, need_weights=False)[0].reshape(shape)


class Lstm(nn.Module):
    names = {
        "input.bias": "lstm.bias_ih_l0",
        "input.kernel": "lstm.weight_ih_l0",
        "recurrent.bias": "lstm.bias_hh_l0",
        "recurrent.kernel": "lstm.weight_hh_l0",
    }

    def __init__(self, features, units):
        super().__init__()
        self.lstm = nn.LSTM(features, units, batch_first=True)

    def forward(self, x):
        return self.lstm(x)[0]


class LayerNorm(nn.LayerNorm):
    names = {"beta": "bias", "gamma": "weight"}


class Gelu(nn.GELU):
    names = {}


class TransformerBlock(nn.TransformerEncoderLayer):
    """PyTorch's encoder layer with the normalisations before the parts."""

    names = {
        "attention.out.bias": "self_attn.out_proj.bias",
        "attention.out.kernel": "self_attn.out_proj.weight",
        "attention.qkv.bias": "self_attn.in_proj_bias",
        "attention.qkv.kernel": "self_attn.in_proj_weight",
        "mlp.fc1.bias": "linear1.bias",
        "mlp.fc1.kernel": "linear1.weight",
        "mlp.fc2.bias": "linear2.bias",
        "mlp.fc2.kernel": "linear2.weight",
        "norm1.beta": "norm1.bias",
        "norm1.gamma": "norm1.weight",
        "norm2.beta": "norm2.bias",
        "norm2.gamma": "norm2.weight",
    }

    def __init__(self, width, heads, hidden):
        activation = nn.GELU(approximate="tanh")
        super().__init__(width, heads, hidden, 0, activation, 1e-6, batch_first=True, norm_first=True)


class PatchEmbedding(nn.Module):
    names = {
        "patches.bias": "conv.bias",
        "patches.kernel": "conv.weight",
        "tokens.class": "token",
        "tokens.position": "position",
    }

    def __init__(self, patch, width, channels, patches):
        super().__init__()
        self.conv = nn.Conv2d(channels, width, patch, patch)
        self.token = nn.Parameter(torch.empty(width))
        self.position = nn.Parameter(torch.empty(patches + 1, width))

    def forward(self, x):
        frames = x.flatten(0, 1)
        y = self.conv(frames.permute(0, 3, 1, 2)).flatten(2).transpose(1, 2)
        y = torch.cat((self.token.expand(len(y), 1, -1), y), 1) + self.position
        return y.unflatten(0, x.shape[:2])


def layout(t):
    """A parameter, or its gradient, in the library's layout."""
    return t.permute(2, 3, 1, 0) if t.dim() == 4 else t


def scale(name, shape):
    if len(shape) == 1 or name.endswith("position"):
        return 1.0
    fan_in = shape[-1] if len(shape) == 2 else math.prod(shape[:-1])
    return round(math.sqrt(24 / fan_in), 3)


def record(module, shape, count=32, seed=3):
    """One record: the output is scored by a sum with drawn weights."""
    module = module.double().train()
    draw = Lcg(seed)
    x = draw(*shape).requires_grad_()
    named = dict(module.named_parameters())
    assert sorted(named) == sorted(module.names.values())
    params = {}
    for key, name in sorted(module.names.items()):
        view = layout(named[name].data)
        size = list(view.shape)
        offset = 1.0 if key.endswith("gamma") else 0.0
        params[key] = {"shape": size, "scale": scale(key, size), "offset": offset}
        view.copy_(draw(*size) * scale(key, size) + offset)
    y = module(x)
    (y * draw(*y.shape)).sum().backward()
    for key, name in module.names.items():
        params[key].update(sampled(layout(named[name].grad), 8))
    return {
        "seed": seed,
        "inputs": [list(shape)],
        "outputShape": list(y.shape),
        "output": sampled(y, count),
        "inputGradients": [sampled(x.grad, count)],
        "params": params,
    }


if __name__ == "__main__":
    blocks = {
        "layerNorm": record(LayerNorm(6, eps=1e-6), (3, 4, 6)),
        "gelu": record(Gelu(approximate="tanh"), (3, 40)),
        "selfAttention, 4 heads": record(SelfAttention(8, 4), (3, 5, 8)),
        "selfAttention, sequences of frames": record(SelfAttention(6, 1), (2, 3, 4, 6)),
        "lstm": record(Lstm(5, 4), (3, 6, 5)),
        "lstm, one step": record(Lstm(5, 4), (2, 1, 5)),
        "patchEmbedding": record(PatchEmbedding(3, 5, 2, 6), (2, 2, 6, 9, 2)),
        "transformerBlock": record(TransformerBlock(8, 2, 12), (3, 5, 8)),
    }
    text = json.dumps({"torch": torch.__version__, "blocks": blocks}, separators=(",", ":")) + "\n"
    (Path(__file__).parent / "transformer_golden.json").write_text(text)
