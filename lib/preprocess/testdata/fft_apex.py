"""Writes fft_apex.json: scores of the 3D-FFT apex spotting by numpy.fft, on small clips of noise.

Run: python3 fft_apex.py   (needs numpy)

Clips are not stored: both sides draw them from the same linear congruential generator. Written from the
description alone: windows of pixels are detrended by numpy.polyfit and transformed by numpy.fft.fftn.
"""

import json
from pathlib import Path

import numpy as np


def noise(seed, shape):
    values = []
    for _ in range(int(np.prod(shape))):
        seed = (1664525 * seed + 1013904223) % 2**32
        values.append(seed / 2**32)
    return np.array(values, dtype=np.float32).astype(np.float64).reshape(shape)


def block_score(windowed, cutoff):
    """The sum of magnitudes of one block in one window, [window, height, width]."""
    t = np.arange(len(windowed))
    flat = windowed.reshape(len(windowed), -1)
    slope, offset = np.polyfit(t, flat, 1)
    rest = (flat - np.outer(t, slope) - offset).reshape(windowed.shape)
    grids = np.meshgrid(*[2 * np.abs(np.fft.fftfreq(n)) for n in rest.shape], indexing="ij")
    passes = np.sqrt(sum(g**2 for g in grids)) >= cutoff
    return np.abs(np.fft.fftn(rest))[passes].sum()


def record(seed, shape, blocks, window, cutoff):
    clip = noise(seed, shape)
    reach = (window - 1) // 2
    padded = np.pad(clip, ((reach, reach), (0, 0), (0, 0)), mode="edge")
    edges = [[int(np.floor(k * n / blocks + 0.5)) for k in range(blocks + 1)] for n in shape[1:]]
    scores = [
        [
            block_score(padded[f : f + window, y0:y1, x0:x1], cutoff)
            for y0, y1 in zip(edges[0], edges[0][1:])
            for x0, x1 in zip(edges[1], edges[1][1:])
        ]
        for f in range(shape[0])
    ]
    return {
        "seed": seed,
        "shape": shape,
        "blocks": blocks,
        "window": window,
        "cutoff": cutoff,
        "scores": np.round(scores, 6).tolist(),
    }


golden = {
    "numpy": np.__version__,
    "records": [
        record(1, [8, 13, 11], 2, 5, 0.3),
        record(2, [6, 12, 20], 3, 7, 0.8),
        record(3, [5, 9, 9], 3, 3, 0),
    ],
}
path = Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
