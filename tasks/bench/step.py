"""PyTorch's side of the training bench, with the networks of networks.ts.

step.py NETWORK [BATCH] first prints its version and the variants of the network as one line of JSON. Then
it answers a line {"variant": name, "threads": n, "steps": n} with {"ms": [milliseconds of each step],
"megabytes": the most memory that the process has had}. With BATCH it opens the last variant only.
"""
import json
import pathlib
import resource
import sys
import time

try:
    import torch
    from torch import nn
except ImportError as error:
    print(json.dumps({"user": True, "error": f"{sys.executable} cannot import torch ({error}). Install "
                      "it there, or leave --python out to have one set up"}))
    sys.exit()


class StstNet(nn.Module):
    """Three streams, as published."""

    def __init__(self):
        super().__init__()
        self.streams = nn.ModuleList(
            nn.Sequential(nn.Conv2d(3, f, 3, padding=2), nn.ReLU(), nn.BatchNorm2d(f),
                          nn.MaxPool2d(3, 3, 1), nn.Dropout(0.5)) for f in (3, 5, 8))
        self.head = nn.Sequential(nn.AvgPool2d(2), nn.Flatten(), nn.Linear(400, 3))

    def forward(self, x):
        return self.head(torch.cat([stream(x) for stream in self.streams], 1))


class StstNetMerged(nn.Sequential):
    """The same function with the three streams computed as one of 16 filters, as ours does."""

    def __init__(self):
        super().__init__(nn.Conv2d(3, 16, 3, padding=2), nn.ReLU(), nn.BatchNorm2d(16),
                         nn.MaxPool2d(3, 3, 1), nn.Dropout(0.5), nn.AvgPool2d(2), nn.Flatten(),
                         nn.Linear(400, 3))


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


def ms_resnet_3d(frames, width):
    """The twin that the golden vectors come from."""
    sys.path.append(str(pathlib.Path(__file__).parents[2] / "lib" / "blocks" / "testdata"))
    from multi_scale_twin import MsResNet3d
    return lambda: MsResNet3d(frames, 3, width)


# Each network: its twins by name, and the shape of a batch.
NETWORKS = {
    "stst-net": ({"three streams": StstNet, "one stream": StstNetMerged}, (256, 3, 28, 28)),
    "off-apex-net": ({"": OffApexNet}, (64, 3, 28, 28)),
    "residual-3d": ({"": residual_3d}, (4, 3, 16, 67, 67)),
    "ms-resnet3d, demo": ({"": ms_resnet_3d(8, 8)}, (8, 2, 8, 32, 32)),
    "ms-resnet3d, 16 × 134 × 134": ({"": ms_resnet_3d(16, 16)}, (2, 2, 16, 134, 134)),
}
LAYOUTS = ("contiguous", "channels-last")


def open_variant(build, shape, layout):
    """A function that does one training step."""
    torch.manual_seed(1)
    net, x = build(), torch.rand(shape)
    if layout == "channels-last":
        form = torch.channels_last if len(shape) == 4 else torch.channels_last_3d
        net, x = net.to(memory_format=form), x.to(memory_format=form)
    labels = torch.arange(shape[0]) % 3
    optimiser = torch.optim.Adam(net.parameters(), 1e-3)

    def step():
        optimiser.zero_grad()
        scores = net(x)
        heads = scores.shape[1] if scores.ndim == 3 else 1
        loss = nn.functional.cross_entropy(scores.flatten(0, -2), labels.repeat_interleave(heads))
        loss.backward()
        optimiser.step()
        loss.item()

    return step


def timed(step):
    start = time.perf_counter()
    step()
    return (time.perf_counter() - start) * 1e3


def most_memory():
    """Of this process up to now; in kilobytes on Linux, in bytes on macOS."""
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def main(name, batch=None):
    twins, shape = NETWORKS[name]
    kinds = [(twin, layout) for twin in twins for layout in LAYOUTS]
    if batch is not None:
        kinds, shape = kinds[-1:], (int(batch), *shape[1:])
    variants = {", ".join(filter(None, (twin, layout))): open_variant(twins[twin], shape, layout)
                for twin, layout in kinds}
    print(json.dumps({"library": f"PyTorch {torch.__version__}", "variants": list(variants)}), flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        torch.set_num_threads(job["threads"])
        step = variants[job["variant"]]
        times = [timed(step) for _ in range(job["steps"])]
        print(json.dumps({"ms": times, "megabytes": most_memory()}), flush=True)


main(*sys.argv[1:])
