"""Writes stages.json: crops, resized images, interpolated clips and key frames by OpenCV, SciPy and
NumPy, for the tests.

Run: pip install opencv-contrib-python-headless==5.0.0.93 numpy scipy && python3 stages.py
"""
import json
from pathlib import Path

import cv2
import numpy as np
from scipy import ndimage


def rounded(array):
    return [float(f"{x:.7g}") for x in np.asarray(array, np.float64).ravel()]


def texture(height, width, seed):
    """A plane of 0..1 with structure down to two pixels."""
    random = np.random.default_rng(seed)
    return np.round(random.uniform(0, 1, (height, width)), 4).astype(np.float32)


def resized(seed, old, new, how):
    plane = texture(old[0], int(np.prod(old[1:])), seed).reshape(old)
    result = cv2.resize(plane, new[::-1], interpolation=how)
    return {"shape": old, "to": new, "plane": rounded(plane), "result": rounded(result)}


def crop(seed, size, side, extra):
    """A square turned by an angle, cut out by warpAffine without shrinking."""
    height, width = 28, 34
    plane = texture(height, width, seed)
    x, y, angle = 16.3, 13.6, 0.2
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


def shares(step):
    """How much of each pixel a square of this side covers, by counting fine strips of it."""
    strips = np.round((np.arange(400_000) + 0.5) / 400_000 * step - step / 2).astype(int)
    radius = strips.max()
    return np.array([(strips == k).mean() for k in range(-radius, radius + 1)])


def shrunk_crop(seed, x, y, angle, size, side, extra):
    """A square cut out with shrinking: means over squares of a result pixel, read bilinearly."""
    height, width, beyond = 30, 36, 60
    plane = texture(height, width, seed)
    step, out = size / side, side + 2 * extra
    means = np.pad(plane.astype(np.float64), beyond, mode="edge")
    for axis in (0, 1):
        means = ndimage.correlate1d(means, shares(step), axis=axis, mode="nearest")
    down, across = step * (np.mgrid[0:out, 0:out] - (out - 1) / 2)
    px = x + np.cos(angle) * across - np.sin(angle) * down
    py = y + np.sin(angle) * across + np.cos(angle) * down
    result = ndimage.map_coordinates(means, [py + beyond, px + beyond], order=1, mode="nearest")
    return {
        "shape": [height, width], "plane": rounded(plane), "x": x, "y": y, "angle": angle,
        "size": size, "side": side, "extra": extra, "result": rounded(result),
    }


def key_frames(frames, rows, count):
    """Frames nearest to equal shares of the summed change of some rows."""
    changes = np.abs(np.diff(frames[:, rows, :], axis=0)).mean(axis=(1, 2))
    share = np.concatenate([[0], np.cumsum(changes)]) / changes.sum()
    chosen = [0]
    for i in range(1, count - 1):
        free = np.arange(chosen[-1] + 1, len(frames) - (count - 1 - i))
        chosen.append(int(free[np.argmin(np.abs(share[free] - i / (count - 1)))]))
    return chosen + [len(frames) - 1]


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
long_clip = np.random.default_rng(8).uniform(0, 1, (24, 5, 6)).round(3)
uneven = np.random.default_rng(9).normal(size=(24, 6, 5)) * np.linspace(0.1, 2, 24)[:, None, None] ** 2
uneven = uneven.cumsum(axis=0).round(3)
json.dump({
    "resize": [
        resized(1, [12, 9], [5, 4], cv2.INTER_AREA),
        resized(2, [28, 28], [7, 14], cv2.INTER_AREA),
        resized(3, [5, 7], [9, 16], cv2.INTER_LINEAR),
        resized(10, [19, 17, 3], [8, 7], cv2.INTER_AREA),
        resized(11, [6, 5, 2], [11, 15], cv2.INTER_LINEAR),
    ],
    "crop": [crop(4, 20, 20, 0), crop(6, 15, 24, 3)],
    "shrunkCrop": [
        shrunk_crop(12, 17.3, 14.8, 0.21, 26, 10, 2),
        shrunk_crop(13, 18.0, 15.0, -0.4, 34, 9, 0),
        # Mostly outside of the plane.
        shrunk_crop(14, 2.0, 27.0, 0.3, 44, 7, 2),
    ],
    "tim": [
        {
            "shape": list(given.shape),
            "clip": rounded(given),
            "results": [{"frames": n, "result": rounded(tim(given, n))} for n in counts],
        }
        for given, counts in ((clip, (3, 7, 10, 16)), (long_clip, (10, 17)))
    ],
    "keyFrames": {
        "shape": list(uneven.shape),
        "clip": rounded(uneven),
        "results": [
            {"rows": rows, "count": count, "chosen": key_frames(uneven, rows, count)}
            for rows, count in (([2], 5), ([0, 3, 5], 9), ([1, 4], 17), ([2, 3], 23))
        ],
    },
}, (Path(__file__).parent / "stages.json").open("w"))
