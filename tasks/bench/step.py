"""Measures PyTorch's training step: step.py NETWORK STEPS THREADS LAYOUT prints milliseconds as JSON.

The networks are those of networks.ts. LAYOUT is "contiguous" or "channels-last".
"""
import json
import sys
import time

import torch
from torch import nn


class StstNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.streams = nn.ModuleList(
            nn.Sequential(nn.Conv2d(3, f, 3, padding=2), nn.ReLU(), nn.BatchNorm2d(f),
                          nn.MaxPool2d(3, 3, 1), nn.Dropout(0.5)) for f in (3, 5, 8))
        self.head = nn.Sequential(nn.AvgPool2d(2), nn.Flatten(), nn.Linear(400, 3))

    def forward(self, x):
        return self.head(torch.cat([stream(x) for stream in self.streams], 1))


class OffApexNet(nn.Module):
    def __init__(self):
        super().__init__()

        def stream():
            return nn.Sequential(nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
                                 nn.Conv2d(6, 16, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
                                 nn.Flatten())

        self.u, self.v = stream(), stream()
        self.head = nn.Sequential(nn.Linear(1568, 1024), nn.ReLU(), nn.Dropout(0.5),
                                  nn.Linear(1024, 1024), nn.ReLU(), nn.Dropout(0.5),
                                  nn.Linear(1024, 3))

    def forward(self, x):
        return self.head(torch.cat([self.u(x[:, 0:1]), self.v(x[:, 1:2])], 1))


def conv_norm(inputs, filters, kernel, stride):
    padding = [side // 2 for side in kernel]
    return nn.Sequential(nn.Conv3d(inputs, filters, kernel, stride, padding, bias=False),
                         nn.BatchNorm3d(filters))


class BasicBlock(nn.Module):
    def __init__(self, inputs, filters, stride):
        super().__init__()
        self.first = conv_norm(inputs, filters, (3, 3, 3), stride)
        self.second = conv_norm(filters, filters, (3, 3, 3), 1)
        widen = stride > 1
        self.shortcut = conv_norm(inputs, filters, (1, 1, 1), stride) if widen else nn.Identity()

    def forward(self, x):
        return torch.relu(self.second(torch.relu(self.first(x))) + self.shortcut(x))


def residual_3d():
    layers, inputs = [conv_norm(3, 16, (3, 7, 7), (1, 2, 2)), nn.ReLU()], 16
    for stage, (filters, depth) in enumerate(zip((16, 32, 64, 128), (3, 4, 6, 3))):
        for i in range(depth):
            layers.append(BasicBlock(inputs, filters, 2 if i == 0 and stage > 0 else 1))
            inputs = filters
    return nn.Sequential(*layers, nn.AdaptiveAvgPool3d(1), nn.Flatten(), nn.Linear(128, 3))


NETWORKS = {
    "stst-net": (StstNet, (256, 3, 28, 28)),
    "off-apex-net": (OffApexNet, (64, 3, 28, 28)),
    "residual-3d": (residual_3d, (4, 3, 16, 67, 67)),
}
WARM_UP = 5


def main(name, steps, threads, layout):
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    build, shape = NETWORKS[name]
    net, x = build(), torch.rand(shape)
    if layout == "channels-last":
        form = torch.channels_last if len(shape) == 4 else torch.channels_last_3d
        net, x = net.to(memory_format=form), x.to(memory_format=form)
    labels = torch.arange(shape[0]) % 3
    optimiser = torch.optim.Adam(net.parameters(), 1e-3)
    times = []
    for step in range(WARM_UP + steps):
        start = time.perf_counter()
        optimiser.zero_grad()
        loss = nn.functional.cross_entropy(net(x), labels)
        loss.backward()
        optimiser.step()
        loss.item()
        if step >= WARM_UP:
            times.append((time.perf_counter() - start) * 1e3)
    print(json.dumps(times))


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
