"""Writes magnify.json: Eulerian magnification by NumPy and SciPy, for the tests of magnify.ts.

Run: pip install numpy scipy && python3 magnify.py
"""
import json
from pathlib import Path

import numpy as np
import scipy.fft
import scipy.ndimage

kernel = np.array([1, 4, 6, 4, 1]) / 16
alpha, cutoff, fps = 12.0, 16.0, 100.0


def blurred(plane, factor):
    for axis in (0, 1):
        plane = scipy.ndimage.correlate1d(plane, factor * kernel, axis, mode="mirror")
    return plane


def down(plane):
    return blurred(plane, 1)[::2, ::2]


def up(plane, shape):
    wide = np.zeros(shape)
    wide[::2, ::2] = plane
    return blurred(wide, 2)


def magnified(clip, levels, band):
    frames, height, width = clip.shape
    pyramids = []
    for frame in clip:
        gaussian = [frame]
        for _ in range(levels - 1):
            gaussian.append(down(gaussian[-1]))
        pyramids.append([
            plane - up(gaussian[k + 1], plane.shape) if k + 1 < levels else plane
            for k, plane in enumerate(gaussian)
        ])
    delta = cutoff / 8 / (1 + alpha)
    wavelength = np.hypot(width, height) / 3  # of the coarsest level; half of it for each finer one
    filtered = [None] * levels
    for k in range(1, levels - 1):
        factor = min(alpha, wavelength / 2 ** (levels - 1 - k) / (8 * delta) - 1)
        filtered[k] = factor * band(np.stack([pyramid[k] for pyramid in pyramids]))
    result = clip.copy()
    for t in range(frames):
        change = np.zeros_like(pyramids[t][-1])
        for k in range(levels - 2, -1, -1):
            change = up(change, pyramids[t][k].shape)
            if filtered[k] is not None:
                change = change + filtered[k][t]
        result[t] += change
    return result


def ideal(low, high):
    def band(planes):
        hertz = scipy.fft.rfftfreq(len(planes), 1 / fps)
        mask = ((hertz >= low) & (hertz <= high))[:, None, None]
        return scipy.fft.irfft(scipy.fft.rfft(planes, axis=0) * mask, n=len(planes), axis=0)
    return band


def iir(planes):
    fast, slow = planes[0], planes[0]
    result = []
    for plane in planes:
        fast = fast + 0.4 * (plane - fast)
        slow = slow + 0.05 * (plane - slow)
        result.append(fast - slow)
    return np.stack(result)


random = np.random.default_rng(3)
cases = []
for frames, height, width, levels in ((8, 32, 32, 4), (9, 35, 33, 4)):
    clip = random.uniform(0, 1, (frames, height, width)).round(2)
    for name, band in (("ideal", ideal(10, 30)), ("iir", iir)):
        result = magnified(clip, levels, band)
        # One frame in five, and the clip once for both filters, to keep the file small.
        cases.append({
            "filter": name, "shape": clip.shape, "levels": levels,
            "clip": [round(float(x), 2) for x in clip.ravel()] if name == "ideal" else None,
            "shown": list(range(0, frames, 5)),
            "result": [round(float(x), 7) for x in result[::5].ravel()],
        })
json.dump({"alpha": alpha, "fps": fps, "lowHz": 10, "highHz": 30, "cases": cases},
          (Path(__file__).parent / "magnify.json").open("w"))
