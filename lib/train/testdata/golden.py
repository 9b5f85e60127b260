"""Writes golden.json: parameters after each of five steps of PyTorch's optimisers.

Run: python3 golden.py   (needs torch)
"""

import json
from pathlib import Path

import torch

torch.set_default_dtype(torch.float64)
gradients = [[0.5, -1.0, 0.0, 1e-9], [0.25, 2.0, -0.125, 0.0], [-1.0, 0.5, 4.0, 1.0]]


def steps(optimiser, **options):
    parameter = torch.tensor([1.0, -2.0, 0.5, 0.0], requires_grad=True)
    step = optimiser([parameter], **options)
    after = []
    for i in range(5):
        parameter.grad = torch.tensor(gradients[i % 3])
        step.step()
        after.append(parameter.tolist())
    return after


golden = {
    "torch": torch.__version__,
    "gradients": gradients,
    "adam": steps(torch.optim.Adam, lr=0.1),
    "adam decay": steps(torch.optim.Adam, lr=0.1, weight_decay=0.01),
    "sgd": steps(torch.optim.SGD, lr=0.1, momentum=0.9),
    "sgd decay": steps(torch.optim.SGD, lr=0.1, momentum=0.9, weight_decay=0.01),
}
(Path(__file__).parent / "golden.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
