"""The paper's network and its blocks as PyTorch modules, written from the paper and not from the library.

Modules are named as the library's nodes, so that names of parameters can be translated.
"""

import torch
from torch import nn
from torch.nn import functional as F


class ConvNorm(nn.Module):
    def __init__(self, inputs, filters, kernel, stride=1, rectify=True):
        super().__init__()
        kernel = (kernel,) * 3 if isinstance(kernel, int) else kernel
        padding = tuple(side // 2 for side in kernel)
        self.conv = nn.Conv3d(inputs, filters, kernel, stride, padding, bias=False)
        self.norm = nn.BatchNorm3d(filters)
        self.rectify = rectify

    def forward(self, x):
        y = self.norm(self.conv(x))
        return torch.relu(y) if self.rectify else y


class Unit(nn.Module):
    """A basic unit, or a bottleneck."""

    def __init__(self, inputs, outputs, stride, bottleneck):
        super().__init__()
        if bottleneck:
            self.first = ConvNorm(inputs, outputs // 4, 1)
            self.second = ConvNorm(outputs // 4, outputs // 4, 3, stride)
            self.third = ConvNorm(outputs // 4, outputs, 1, rectify=False)
        else:
            self.first = ConvNorm(inputs, outputs, 3, stride)
            self.second = ConvNorm(outputs, outputs, 3, rectify=False)
            self.third = nn.Identity()
        changes = stride != 1 or inputs != outputs
        self.shortcut = ConvNorm(inputs, outputs, 1, stride, False) if changes else nn.Identity()

    def forward(self, x):
        return torch.relu(self.third(self.second(self.first(x))) + self.shortcut(x))


class TemporalGate(nn.Module):
    def __init__(self, frames, reduction=1):
        super().__init__()
        middle = -(-frames // reduction)
        self.hidden, self.restore = nn.Linear(frames, middle), nn.Linear(middle, frames)

    def forward(self, x):
        score = lambda y: self.restore(torch.relu(self.hidden(y)))
        gate = torch.sigmoid(score(x.mean((1, 3, 4))) + score(x.amax((1, 3, 4))))
        return x * gate[:, None, :, None, None]


class SpatialGate(nn.Module):
    """Its convolution is stored as a flat one of each frame."""

    def __init__(self, side=7):
        super().__init__()
        self.conv = nn.Conv3d(2, 1, (1, side, side), padding=(0, side // 2, side // 2))

    def forward(self, x):
        pair = torch.stack([x.mean(1), x.amax(1)], 1)
        return x * torch.sigmoid(self.conv(pair))


class Attention(nn.Sequential):
    def __init__(self, frames):
        super().__init__()
        self.temporal, self.spatial = TemporalGate(frames), SpatialGate()


class Global(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.point = ConvNorm(channels, channels, 1)

    def forward(self, x):
        return self.point(F.adaptive_avg_pool3d(x, 1))


class Factorised(nn.Sequential):
    def __init__(self, side, channels, filters):
        super().__init__()
        self.across = ConvNorm(channels, channels, (1, 1, side))
        self.down = ConvNorm(channels, channels, (1, side, 1))
        self.along = ConvNorm(channels, filters, (side, 1, 1))


class Fusion(nn.Module):
    def __init__(self, inputs, unweighted=0):
        super().__init__()
        self.weights = nn.Parameter(torch.full((inputs - unweighted,), 1 / inputs))

    def forward(self, *inputs):
        ones = torch.ones(len(inputs) - len(self.weights), dtype=inputs[0].dtype)
        weights = torch.cat([self.weights, ones])
        return sum(w * x.expand_as(inputs[0]) for w, x in zip(weights, inputs))


class Rc(nn.Module):
    def __init__(self, residual):
        super().__init__()
        self.residual = residual

    def forward(self, x):
        k = self.fusion(*self.branches(x))
        return x + k if self.residual else k


class Rc1(Rc):
    def __init__(self, c, residual=False):
        super().__init__(residual)
        inner = max(1, c // 4)
        self.point, self.glob = ConvNorm(c, c, 1), Global(c)
        self.reduce3, self.cube3 = ConvNorm(c, inner, 1), ConvNorm(inner, c, 3)
        self.reduce5, self.cube5a = ConvNorm(c, inner, 1), ConvNorm(inner, inner, 3)
        self.cube5b = ConvNorm(inner, c, 3)
        self.fusion = Fusion(4)

    def branches(self, x):
        return (self.point(x), self.cube3(self.reduce3(x)),
                self.cube5b(self.cube5a(self.reduce5(x))), self.glob(x))


class Rc2(Rc):
    def __init__(self, c, residual=False, stacked=7):
        super().__init__(residual)
        inner = max(1, c // 4)
        self.point, self.glob = ConvNorm(c, c, 1), Global(c)
        self.reduce7, self.large7 = ConvNorm(c, inner, 1), Factorised(7, inner, c)
        self.reduce9, self.large9a = ConvNorm(c, inner, 1), Factorised(stacked, inner, inner)
        self.large9b = Factorised(stacked, inner, c)
        self.fusion = Fusion(4)

    def branches(self, x):
        return (self.point(x), self.large7(self.reduce7(x)),
                self.large9b(self.large9a(self.reduce9(x))), self.glob(x))


class Rc3(Rc):
    def __init__(self, c, residual=False):
        super().__init__(residual)
        inner = max(1, c // 4)
        self.point, self.glob = ConvNorm(c, c, 1), Global(c)
        self.reduceLarge, self.large = ConvNorm(c, inner, 1), Factorised(3, inner, inner)
        self.reduceSmall = ConvNorm(c, inner, 1)
        self.sides = {"Across": (1, 1, 3), "Down": (1, 3, 1), "Along": (3, 1, 1)}
        for branch in ("large", "reduceSmall"):
            for name, kernel in self.sides.items():
                setattr(self, branch + name, ConvNorm(inner, c, kernel))
        self.fusion = Fusion(8, unweighted=1)

    def branches(self, x):
        inner = {"large": self.large(self.reduceLarge(x)), "reduceSmall": self.reduceSmall(x)}
        return (*(getattr(self, branch + name)(y) for branch, y in inner.items() for name in self.sides),
                self.point(x), self.glob(x))


class ChannelAttention(nn.Module):
    def __init__(self, channels, reduction=4):
        super().__init__()
        hidden = max(1, channels // reduction)
        for branch in ("average", "maximum"):
            setattr(self, branch + "Reduce", ConvNorm(channels, hidden, 1))
            setattr(self, branch + "Restore", ConvNorm(hidden, channels, 1, rectify=False))

    def forward(self, x):
        average = self.averageRestore(self.averageReduce(F.adaptive_avg_pool3d(x, 1)))
        maximum = self.maximumRestore(self.maximumReduce(F.adaptive_max_pool3d(x, 1)))
        return torch.sigmoid(average + maximum)


class Affa(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.attention1, self.attention2 = ChannelAttention(channels), ChannelAttention(channels)

    def forward(self, x, y):
        w = self.attention1(x + y)
        z = w * x + (1 - w) * y
        w = self.attention2(z)
        return w * x + (1 - w) * y


class Up(nn.ConvTranspose3d):
    def __init__(self, inputs, outputs):
        super().__init__(inputs, outputs, 3, 2, 1)

    def forward(self, x, like):
        return super().forward(x, output_size=like.shape[2:])


class Head(nn.Module):
    """Without dropout."""

    def __init__(self, channels, classes, hidden):
        super().__init__()
        self.hidden, self.scores = nn.Linear(channels, hidden), nn.Linear(hidden, classes)

    def forward(self, x):
        return self.scores(torch.relu(self.hidden(x.mean((2, 3, 4)))))


class MsResNet3d(nn.Module):
    def __init__(self, frames, classes, width=64, inputs=2, attention=True, spatialMultiScale=True,
                 temporalMultiScale=True, units="basic", stacked=7, residual=False, cascade=False,
                 hidden=128):
        super().__init__()
        self.spatial, self.temporal, self.cascade = spatialMultiScale, temporalMultiScale, cascade
        bottleneck = units == "bottleneck"
        c = [width * 2**i * (4 if bottleneck else 1) for i in range(4)]
        self.block1 = ConvNorm(inputs, width, (3, 7, 7), (1, 2, 2))
        self.attention = Attention(-(-frames // 2)) if attention else nn.Identity()
        before = width
        for stage, depth in enumerate((3, 4, 6, 3)):
            block = nn.Sequential()
            for i in range(depth):
                stride = 2 if i == 0 and stage > 0 else 1
                block.add_module(f"unit{i + 1}", Unit(before, c[stage], stride, bottleneck))
                before = c[stage]
            setattr(self, f"block{stage + 2}", block)
        if self.spatial:
            self.rc1, self.rc3 = Rc1(c[0], residual), Rc3(c[2], residual)
            self.rc2 = Rc2(c[1], residual, stacked)
        self.head1 = Head(c[3], classes, hidden)
        if self.temporal:
            for i, stage in enumerate((2, 1, 0)):
                setattr(self, f"up{stage + 2}", Up(c[stage + 1], c[stage]))
                setattr(self, f"fusion{stage + 2}", Affa(c[stage]))
                setattr(self, f"head{i + 2}", Head(c[stage], classes, hidden))

    def forward(self, x):
        y = self.attention(F.max_pool3d(self.block1(x), 3, 2, 1))
        outputs = []
        for number in (2, 3, 4, 5):
            y = getattr(self, f"block{number}")(y)
            if self.spatial and number < 5:
                y = getattr(self, f"rc{number - 1}")(y)
            outputs.append(y)
        scores = [self.head1(y)]
        if self.temporal:
            above = y
            for i, number in enumerate((4, 3, 2)):
                x = outputs[number - 2]
                fused = getattr(self, f"fusion{number}")(getattr(self, f"up{number}")(above, x), x)
                scores.append(getattr(self, f"head{i + 2}")(fused))
                above = fused if self.cascade else x
        return torch.stack(scores, 1)
