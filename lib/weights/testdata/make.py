"""Writes files of torch.save, and beside them what PyTorch computes with their weights.

Run: python3 make.py && deno fmt .   (needs torch)

Each network here has the names, the layouts and the order of operations of the PyTorch copies that people
have on disk: torchvision's ResNet-18, timm's vision transformer, C3D with weights of Sports-1M; all of
them small, with random weights, and with what fleeting puts behind them. Inputs are sin(0.37 i).
"""

import json
from collections import OrderedDict
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

here = Path(__file__).parent
torch.manual_seed(1)


def wave(*shape):
    count = torch.Size(shape).numel()
    return torch.sin(0.37 * torch.arange(count, dtype=torch.float64)).float().reshape(shape)


class BasicBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    """ResNet-18, and CapsuleNet on its first three stages."""

    def __init__(self, w=2, k=3):
        super().__init__()
        self.conv1 = nn.Conv2d(3, w, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(w)
        for i in range(4):
            inputs = w * 2 ** max(0, i - 1)
            stage = nn.Sequential(
                BasicBlock(inputs, w * 2**i, 1 if i == 0 else 2), BasicBlock(w * 2**i, w * 2**i, 1)
            )
            setattr(self, f"layer{i + 1}", stage)
        self.fc = nn.Linear(8 * w, 10)
        self.conv2 = nn.Conv2d(4 * w, 4 * w, k)
        self.primary = nn.Conv2d(4 * w, 4 * w, k, 2)
        self.votes = nn.Parameter(0.2 * torch.randn(1, 8, 48))
        for module in self.modules():
            if isinstance(module, nn.BatchNorm2d):
                nn.init.normal_(module.running_mean, 0, 0.2)
                nn.init.uniform_(module.running_var, 0.5, 2)
                nn.init.uniform_(module.weight, 0.5, 2)
                nn.init.normal_(module.bias, 0, 0.2)

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.layer3(self.layer2(self.layer1(y)))
        y = self.primary(F.relu(self.conv2(y))).permute(0, 2, 3, 1)
        u = squash(y.reshape(y.shape[0], -1, 8))
        votes = torch.einsum("bnd,ndkm->bknm", u, self.votes.reshape(-1, 8, 3, 16))
        logits = torch.zeros(votes.shape[:3])
        for _ in range(3):
            v = squash((torch.softmax(logits, 1)[..., None] * votes).sum(2))
            logits = logits + (votes * v[:, :, None]).sum(-1)
        return v.norm(dim=-1)


def squash(s):
    length = s.norm(dim=-1, keepdim=True)
    return length**2 / (1 + length**2) * s / (length + 1e-8)


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x):
        b, n, w = x.shape
        q, k, v = self.qkv(x).reshape(b, n, 3, self.heads, w // self.heads).permute(2, 0, 3, 1, 4)
        weights = torch.softmax(q @ k.transpose(-2, -1) / (w // self.heads) ** 0.5, -1)
        return self.proj((weights @ v).transpose(1, 2).reshape(b, n, w))


class Mlp(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)

    def forward(self, x):
        # timm's own is exact; fleeting has the approximation of the first publication, up to 5e-4 apart.
        return self.fc2(F.gelu(self.fc1(x), approximate="tanh"))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1 = nn.LayerNorm(width, eps=1e-6)
        self.attn = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width, eps=1e-6)
        self.mlp = Mlp(width)

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class PatchEmbed(nn.Module):
    def __init__(self, width, patch):
        super().__init__()
        self.proj = nn.Conv2d(3, width, patch, patch)

    def forward(self, x):
        return self.proj(x).flatten(2).transpose(1, 2)


class VisionTransformer(nn.Module):
    """A vision transformer as timm has it, and SLSTT's mean of frames behind it."""

    def __init__(self, width=8, depth=2, heads=2, patch=4, patches=4):
        super().__init__()
        self.cls_token = nn.Parameter(torch.randn(1, 1, width))
        self.pos_embed = nn.Parameter(torch.randn(1, 1 + patches, width))
        self.patch_embed = PatchEmbed(width, patch)
        self.blocks = nn.Sequential(*(Block(width, heads) for _ in range(depth)))
        self.norm = nn.LayerNorm(width, eps=1e-6)
        self.head = nn.Linear(width, 3)
        for module in self.modules():
            if isinstance(module, nn.LayerNorm):
                nn.init.uniform_(module.weight, 0.5, 2)
                nn.init.normal_(module.bias, 0, 0.2)

    def forward(self, frames):
        x = self.patch_embed(frames)
        x = torch.cat([self.cls_token.expand(len(x), -1, -1), x], 1) + self.pos_embed
        return self.head(self.norm(self.blocks(x))[:, 0]).mean(0, keepdim=True)


class C3d(nn.Module):
    """C3D as its PyTorch copies have it, for frames of 32 pixels."""

    def __init__(self, w=1, hidden=8):
        super().__init__()
        layers = {"1": (3, w), "2": (w, 2 * w), "3a": (2 * w, 4 * w), "3b": (4 * w, 4 * w)}
        layers |= {"4a": (4 * w, 8 * w), "4b": (8 * w, 8 * w), "5a": (8 * w, 8 * w), "5b": (8 * w, 8 * w)}
        for name, (inputs, outputs) in layers.items():
            setattr(self, f"conv{name}", nn.Conv3d(inputs, outputs, 3, padding=1))
        self.fc6 = nn.Linear(8 * w * 4, hidden)
        self.fc7 = nn.Linear(hidden, hidden)
        self.fc8 = nn.Linear(hidden, 3)

    def forward(self, x):
        y = F.max_pool3d(F.relu(self.conv1(x)), (1, 2, 2))
        y = F.max_pool3d(F.relu(self.conv2(y)), 2)
        y = F.max_pool3d(F.relu(self.conv3b(F.relu(self.conv3a(y)))), 2)
        y = F.max_pool3d(F.relu(self.conv4b(F.relu(self.conv4a(y)))), 2)
        y = F.max_pool3d(F.relu(self.conv5b(F.relu(self.conv5a(y)))), 2, padding=(0, 1, 1))
        y = F.relu(self.fc6(y.flatten(1)))
        return self.fc8(F.relu(self.fc7(y)))


def tiny():
    """What tensors in a file can look like."""
    base = torch.arange(24, dtype=torch.float32)
    return OrderedDict(
        plain=base.reshape(2, 3, 4),
        transposed=base.reshape(4, 6).t(),
        part=base[5:9],
        stepped=base[::5],
        scalar=torch.tensor(2.5),
        empty=torch.zeros(0, 3),
        double=torch.tensor([1 / 3, -1e-3], dtype=torch.float64),
        half=torch.tensor([1 / 3, -65504, 6e-8], dtype=torch.float16),
        brain=torch.tensor([1 / 3, -3e38], dtype=torch.bfloat16),
        learned=nn.Parameter(torch.tensor([1.0, 2.0])),
        num_batches_tracked=torch.tensor(7),
    )


def listed(tensors):
    floats = {name: t for name, t in tensors.items() if t.is_floating_point()}
    return {n: {"shape": list(t.shape), "values": t.detach().float().flatten().tolist()} for n, t in floats.items()}


if __name__ == "__main__":
    resnet, vit, c3d = ResNet().eval(), VisionTransformer().eval(), C3d().eval()
    with torch.no_grad():
        # Three equal channels are what one grey channel is to summed kernels.
        grey = wave(1, 40, 40, 1).permute(0, 3, 1, 2).expand(-1, 3, -1, -1)
        # Kernels that are the mean over three channels see the sum of two as three equal thirds.
        flow = wave(1, 16, 32, 32, 2).permute(0, 4, 1, 2, 3).sum(1, keepdim=True).expand(-1, 3, -1, -1, -1) / 3
        expected = {
            "torch": torch.__version__,
            "resnet18": resnet(grey).flatten().tolist(),
            "vit": vit(wave(3, 8, 8, 3).permute(0, 3, 1, 2)).flatten().tolist(),
            "c3d": c3d(flow).flatten().tolist(),
            "tiny": listed(tiny()),
        }
    torch.save(resnet.state_dict(), here / "resnet18.pth")
    torch.save({"model": vit.state_dict(), "epoch": 3, "args": {"lr": 0.1, "name": "small"}}, here / "vit.pth")
    torch.save({"state_dict": OrderedDict((f"module.{n}", t) for n, t in c3d.state_dict().items())}, here / "c3d.pt")
    torch.save(tiny(), here / "tiny.pt")
    torch.save(tiny(), here / "tiny_before_1.6.pt", _use_new_zipfile_serialization=False)
    torch.save(nn.Linear(1, 1), here / "whole_module.pt")
    (here / "expected.json").write_text(json.dumps(expected) + "\n")
