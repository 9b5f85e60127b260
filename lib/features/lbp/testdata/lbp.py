"""Writes lbp.json: codes of random volumes by scikit-image, slice by slice, and, for ellipses, which
scikit-image does not have, by SciPy's interpolation.

Run: pip install numpy scipy scikit-image && python3 lbp.py
"""
import json
import warnings
from pathlib import Path

import numpy as np
import scipy
import scipy.ndimage
import skimage
from skimage.feature import local_binary_pattern

warnings.filterwarnings("ignore", message="Applying `local_binary_pattern`")
random = np.random.default_rng(5)
shape = (11, 14, 13)
volumes = {
    "4096 levels": random.integers(0, 4096, shape),
    "256 levels": random.integers(0, 256, shape),
    # Neighbours are often equal here.
    "smooth": np.round(scipy.ndimage.gaussian_filter(random.normal(0, 300, shape), 1.5) + 128).astype(int),
}


def by_slice(volume, axis, neighbours, radius, method):
    """Codes of a plane, [t, y, x]; the third plane's columns are y from the bottom up."""
    slices = np.moveaxis(volume, axis, 0).astype(float)
    if axis == 2:  # [x, t, y]
        slices = slices[:, :, ::-1]
    codes = np.stack([local_binary_pattern(s, neighbours, radius, method) for s in slices])
    if axis == 2:
        codes = codes[:, :, ::-1]
    return np.moveaxis(codes, 0, axis).astype(int)


def text(values):
    return " ".join(map(str, values.ravel()))


def cropped(codes, radii):
    x, y, t = (int(np.ceil(r)) for r in radii)
    return text(codes[t:codes.shape[0] - t, y:codes.shape[1] - y, x:codes.shape[2] - x])


def by_scipy(volume, plane, neighbours, radii):
    rx, ry, rt = radii
    t, y, x = np.indices(volume.shape).astype(float)
    codes = np.zeros(volume.shape, int)
    for p in range(neighbours):
        c, s = np.cos(2 * np.pi * p / neighbours), np.sin(2 * np.pi * p / neighbours)
        at = {
            "xy": (t, y - ry * s, x + rx * c),
            "xt": (t - rt * s, y, x + rx * c),
            "yt": (t - rt * s, y - ry * c, x),
        }[plane]
        at = [np.round(a, 9) for a in at]
        sample = scipy.ndimage.map_coordinates(volume.astype(float), at, order=1, mode="nearest")
        codes += (sample >= volume) << p
    return codes


cases = []
for name, neighbours, radius in [
    ("4096 levels", 4, 1), ("4096 levels", 8, 1), ("4096 levels", 8, 3), ("4096 levels", 16, 2),
    ("256 levels", 8, 1), ("256 levels", 8, 2.5), ("smooth", 4, 1), ("smooth", 8, 1),
]:
    radii = [radius] * 3
    case = {"volume": name, "by": "scikit-image", "neighbours": neighbours, "radii": radii, "codes": {}}
    for plane, axis in [("xy", 0), ("xt", 1), ("yt", 2)]:
        case["codes"][plane] = cropped(by_slice(volumes[name], axis, neighbours, radius, "default"), radii)
    if neighbours == 8 and name == "4096 levels":
        bins = by_slice(volumes[name], 0, neighbours, radius, "nri_uniform")
        case["uniform"] = cropped(bins, radii)
    cases.append(case)
for neighbours, radii in [(8, (2, 1, 3)), (6, (1, 3, 2))]:
    case = {"volume": "4096 levels", "by": "SciPy", "neighbours": neighbours, "radii": radii, "codes": {}}
    for plane in ("xy", "xt", "yt"):
        case["codes"][plane] = cropped(by_scipy(volumes["4096 levels"], plane, neighbours, radii), radii)
    cases.append(case)

golden = {
    "madeWith": {"scikit-image": skimage.__version__, "scipy": scipy.__version__},
    "shape": shape,
    "volumes": {name: text(volume) for name, volume in volumes.items()},
    "cases": cases,
}
Path(__file__).with_name("lbp.json").write_text(json.dumps(golden) + "\n")
