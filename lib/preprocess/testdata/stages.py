"""Writes stages.json: crops, resized planes and interpolated clips by OpenCV and NumPy, for the tests.

Run: pip install opencv-contrib-python-headless==5.0.0.93 numpy && python3 stages.py
"""
import json
from pathlib import Path

import cv2
import numpy as np


def rounded(array):
    return [float(f"{x:.7g}") for x in np.asarray(array, np.float64).ravel()]


def texture(height, width, seed):
    """A plane of 0..1 with structure down to two pixels."""
    random = np.random.default_rng(seed)
    return np.round(random.uniform(0, 1, (height, width)), 4).astype(np.float32)


def resized(seed, old, new, how):
    plane = texture(*old, seed)
    result = cv2.resize(plane, new[::-1], interpolation=how)
    return {"shape": old, "to": new, "plane": rounded(plane), "result": rounded(result)}


def crop(seed, size, side, extra):
    """A square turned by an angle, cut out by warpAffine without shrinking."""
    height, width = 40, 50
    plane = texture(height, width, seed)
    x, y, angle = 24.3, 19.6, 0.2
    # Output pixel (c, r) shows the frame at centre + rotation · step · (c - middle, r - middle).
    step, middle = size / side, extra + (side - 1) / 2
    cos, sin = np.cos(angle) * step, np.sin(angle) * step
    matrix = np.array([
        [cos, -sin, x - cos * middle + sin * middle],
        [sin, cos, y - sin * middle - cos * middle],
    ])
    out = side + 2 * extra
    result = cv2.warpAffine(
        plane, matrix, (out, out), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return {
        "shape": [height, width], "plane": rounded(plane), "x": x, "y": y, "angle": angle,
        "size": size, "side": side, "extra": extra, "result": rounded(result),
    }


def tim(frames, count):
    """The temporal interpolation model as published: by a singular value decomposition."""
    n = frames.shape[0]
    x = frames.reshape(n, -1).T.astype(np.float64)
    mean = x.mean(axis=1, keepdims=True)
    u, s, vt = np.linalg.svd(x - mean, full_matrices=False)
    u, q = u[:, : n - 1], s[: n - 1, None] * vt[: n - 1]
    curve = lambda k, t: np.sin(np.pi * k * t + np.pi * (n - k) / (2 * n))
    places = np.arange(1, n + 1) / n
    laplacian = np.diag([1] + [2] * (n - 2) + [1]).astype(float)
    laplacian -= np.diag(np.ones(n - 1), 1) + np.diag(np.ones(n - 1), -1)
    vectors = np.linalg.eigh(laplacian)[1][:, 1:]
    w = np.linalg.solve(q @ q.T, q @ vectors)
    ks = np.arange(1, n)
    m = (q[:, 0] @ w) / curve(ks, places[0])
    frames_out = []
    for i in range(count):
        t = 1 / n + (i / (count - 1)) * (1 - 1 / n)
        a = np.linalg.solve(w.T, m * curve(ks, t))
        frames_out.append(u @ a + mean[:, 0])
    return np.array(frames_out)


clip = np.random.default_rng(5).uniform(0, 1, (7, 4, 5)).round(4)
json.dump({
    "resize": [
        resized(1, [12, 9], [5, 4], cv2.INTER_AREA),
        resized(2, [28, 28], [7, 14], cv2.INTER_AREA),
        resized(3, [5, 7], [9, 16], cv2.INTER_LINEAR),
    ],
    "crop": [crop(4, 20, 20, 0), crop(6, 15, 24, 3)],
    "tim": {
        "shape": list(clip.shape),
        "clip": rounded(clip),
        "results": [{"frames": n, "result": rounded(tim(clip, n))} for n in (3, 7, 10, 16)],
    },
}, (Path(__file__).parent / "stages.json").open("w"))
