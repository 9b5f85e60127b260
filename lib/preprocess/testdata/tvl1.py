"""Writes tvl1.json and tvl1.bin: OpenCV's DualTVL1 flow and medianBlur, for the tests of tvl1.ts.

Run: pip install opencv-contrib-python-headless==5.0.0.93 numpy && python3 tvl1.py
(OpenCV 4 rounds positions to 1/32 pixel in remap: other numbers.)
"""
import json
from pathlib import Path

import cv2
import numpy as np

cv2.setNumThreads(1)
assert cv2.__version__ == "5.0.0", cv2.__version__
arrays, blob = {}, bytearray()


def keep(name, array):
    """Appends an array to the binary file, aligned to four bytes, and notes where it is."""
    blob.extend(bytes(-len(blob) % 4))
    arrays[name] = {"type": array.dtype.name, "shape": list(array.shape), "offset": len(blob)}
    blob.extend(array.astype(array.dtype.newbyteorder("<")).tobytes())


def pair(width, height, seed):
    """Two 8-bit images of a sum of waves, moved by a sum of Gaussian bumps and a drift: the truth."""
    random = np.random.default_rng(seed)
    waves = [
        (f * np.cos(a), f * np.sin(a), p, m / (0.3 + f))
        for f, a, p, m in zip(
            random.uniform(0.05, 1, 80), random.uniform(0, 2 * np.pi, 80),
            random.uniform(0, 2 * np.pi, 80), random.normal(size=80))
    ]
    bumps = [
        [round(float(v), 3) for v in (
            width * random.uniform(0.2, 0.8), height * random.uniform(0.2, 0.8),
            min(width, height) * random.uniform(0.1, 0.18), *random.uniform(-1.6, 1.6, 2))]
        for _ in range(3)
    ]
    drift = [0.2, -0.15]
    y, x = np.mgrid[0:height, 0:width].astype(float)
    u, v = np.full_like(x, drift[0]), np.full_like(x, drift[1])
    for cx, cy, s, du, dv in bumps:
        bump = np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * s * s))
        u += du * bump
        v += dv * bump
    grey = lambda x, y: sum(m * np.sin(a * x + b * y + p) for a, b, p, m in waves)
    first, second = grey(x + u, y + v), grey(x, y)
    centre, spread = second.mean(), second.std()
    image = lambda g: np.clip(np.round(128 + 42 * (g - centre) / spread), 0, 255).astype(np.uint8)
    return image(first), image(second), {"bumps": bumps, "drift": drift}


def flow(first, second, options, initial=None):
    solver = cv2.optflow.createOptFlow_DualTVL1()
    names = {"nscales": "ScalesNumber", "warps": "WarpingsNumber"}
    for name, value in options.items():
        getattr(solver, "set" + names.get(name, name[0].upper() + name[1:]))(value)
    solver.setUseInitialFlow(initial is not None)
    # Planes of 0..1, as tvl1() takes them.
    as_float = lambda image: image.astype(np.float32) / np.float32(255)
    field = solver.calc(as_float(first), as_float(second), initial)
    return np.ascontiguousarray(np.moveaxis(field, -1, 0))


fixed = {"epsilon": 0.0, "nscales": 3, "warps": 3, "outerIterations": 2, "innerIterations": 10}
cases = []
for name, size, options, with_initial in [
    ("5×5 median", (45, 38), {}, False),
    ("3×3 median, other weights", (38, 33), {"innerIterations": 4, "medianFiltering": 3, "lambda": 0.2, "theta": 0.25, "tau": 0.2, "scaleStep": 0.7}, False),
    ("initial flow, no median", (36, 40), {"innerIterations": 5, "medianFiltering": 1}, True),
    ("gamma", (33, 30), {"innerIterations": 5, "gamma": 0.4}, False),
]:
    options = {**fixed, **options}
    # After many iterations rounding alone decides on which side of the threshold a few pixels fall, in
    # OpenCV's own versions too. Scenes and iterations are such that none does: what is compared is the
    # method, not luck. The default settings, which do have such pixels, are compared by statistics.
    seed = 200 + len(cases)
    first, second, _ = pair(*size, seed)
    initial = None
    if with_initial:
        initial = np.random.default_rng(7).normal(0, 1, (size[1], size[0], 2))
        initial = cv2.GaussianBlur(initial, (0, 0), 4).astype(np.float32) * 4
        keep(f"{name}.initial", np.ascontiguousarray(np.moveaxis(initial, -1, 0)))
    keep(f"{name}.first", first)
    keep(f"{name}.second", second)
    keep(f"{name}.flow", flow(first, second, options, None if initial is None else initial.copy()))
    cases.append({"name": name, "options": options, "initial": with_initial})

defaults = []
for seed, size in [(1, (72, 64)), (2, (64, 71)), (3, (67, 66))]:
    first, second, truth = pair(*size, seed)
    keep(f"default {seed}.first", first)
    keep(f"default {seed}.second", second)
    # In 1/4096 pixel: enough for means.
    field = flow(first, second, {})
    assert np.abs(field).max() < 7.9
    keep(f"default {seed}.flow", np.round(field * 4096).astype(np.int16))
    defaults.append({"name": f"default {seed}", **truth})

noise = np.random.default_rng(5).normal(size=(19, 23)).astype(np.float32)
noise[4:9] = np.round(noise[4:9]) + 0.0  # ties, but not -0 beside 0
keep("median.input", noise)
keep("median.3", cv2.medianBlur(noise, 3))
keep("median.5", cv2.medianBlur(noise, 5))

here = Path(__file__)
here.with_suffix(".bin").write_bytes(blob)
here.with_suffix(".json").write_text(json.dumps(
    {"opencv": cv2.__version__, "cases": cases, "defaults": defaults, "arrays": arrays},
    ensure_ascii=False, indent=2) + "\n")
