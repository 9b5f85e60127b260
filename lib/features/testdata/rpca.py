"""Writes rpca.json: robust PCA of two small matrices by the inexact augmented Lagrange multiplier method
with NumPy's singular value decomposition, for the test of rpca.ts.

Run: pip install numpy && python3 rpca.py
"""
import json
from pathlib import Path

import numpy as np


def robust_pca(d, weight=None, tolerance=1e-7, most=500):
    """Lin, Chen, Ma (2010), algorithm 5: returns low rank, sparse, rank, iterations."""
    weight = weight or 1 / np.sqrt(max(d.shape))
    spectral, norm = np.linalg.norm(d, 2), np.linalg.norm(d)
    y = d / max(spectral, np.abs(d).max() / weight)
    e = np.zeros_like(d)
    first = penalty = 1.25 / spectral
    for iteration in range(1, most + 1):
        u, s, v = np.linalg.svd(d - e + y / penalty, full_matrices=False)
        s = np.maximum(s - 1 / penalty, 0)
        a = (u * s) @ v
        t = d - a + y / penalty
        e = np.sign(t) * np.maximum(np.abs(t) - weight / penalty, 0)
        rest = d - a - e
        y += penalty * rest
        penalty = min(1.5 * penalty, 1e7 * first)
        if np.linalg.norm(rest) < tolerance * norm:
            break
    return a, e, int((s > 0).sum()), iteration


if __name__ == "__main__":
    random = np.random.default_rng(6)

    def case(rows, columns, rank, share):
        low = random.standard_normal((rows, rank)) @ random.standard_normal((rank, columns))
        spikes = 5 * random.uniform(-1, 1, low.shape) * (random.random(low.shape) < share)
        data = np.round(low + spikes, 4)
        a, e, found, iterations = robust_pca(data)
        return {"rows": rows, "rank": found, "iterations": iterations, "data": data.ravel().tolist(),
                "lowRank": np.round(a, 9).ravel().tolist(), "sparse": np.round(e, 9).ravel().tolist()}

    golden = {"madeWith": {"numpy": np.__version__}, "cases": [case(12, 70, 2, 0.05), case(9, 40, 6, 0.3)]}
    Path(__file__).with_name("rpca.json").write_text(json.dumps(golden) + "\n")
