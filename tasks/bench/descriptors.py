"""The Python side of the descriptors bench: see serve.py. The jobs are the functions below.

Clips and matrices are files of raw little-endian numbers, so that everybody gets the same ones.
"""
import sys
import warnings
from pathlib import Path

# An isolated Python does not look beside the program; and nothing is left there.
sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent))
from serve import elapsed, find_libraries, serve

LIBRARIES = {"numpy": "NumPy", "skimage": "scikit-image", "sklearn": "scikit-learn"}
found, missing = find_libraries(LIBRARIES)
np = found.get("numpy")
if "skimage" in found:
    from skimage.feature import local_binary_pattern
if "sklearn" in found:
    from sklearn.svm import SVC


def blocks_of(shape, counts):
    """The block of each voxel: ends are rounded as half up, as ours are."""
    block = np.zeros((), int)
    for axis, (length, count) in enumerate(zip(shape, counts)):
        starts = np.floor(np.arange(1, count) * length / count + 0.5)
        place = np.searchsorted(starts, np.arange(length), side="right")
        block = block[..., None] * count + place if axis else place
    return block


def lbp_top(job):
    """Histograms of local_binary_pattern, slice by slice in three planes, by block; writes
    [block][plane][code] in double precision."""
    warnings.filterwarnings("ignore", message="Applying `local_binary_pattern`")
    clip = np.fromfile(job["clip"], np.float32).reshape(job["shape"]).astype(float)
    neighbours, radius = job["neighbours"], job["radius"]
    inside = tuple(slice(radius, side - radius) for side in clip.shape)
    block = blocks_of([side - 2 * radius for side in clip.shape], job["blocks"])
    count, bins = int(np.prod(job["blocks"])), 2 ** neighbours
    # The bin of pattern 0 at each voxel; where blocks lie is known before any clip.
    base = (block * bins).ravel()

    def codes(axis):
        slices = np.moveaxis(clip, axis, 0)
        # Only slices whose voxels have all neighbours; columns of the third plane from the bottom up.
        slices = slices[radius:len(slices) - radius, :, ::-1 if axis == 2 else 1]
        result = np.stack([local_binary_pattern(image, neighbours, radius) for image in slices])
        result = result[:, :, ::-1 if axis == 2 else 1]
        result = result[:, radius:result.shape[1] - radius, radius:result.shape[2] - radius]
        return np.moveaxis(result, 0, axis)

    def describe():
        result = np.empty((count, 3, bins))
        for plane, axis in enumerate((0, 1, 2)):
            places = base + codes(axis).astype(int).ravel()
            result[:, plane] = np.bincount(places, minlength=count * bins).reshape(count, bins)
        return result / result.sum(axis=2, keepdims=True)

    ms, result = elapsed(describe)
    result.tofile(job["out"])
    return {"ms": ms}


def svc(job):
    """SVC for each C, trained and applied; writes the decision values of the last one."""
    columns = -1 if job["kernel"] == "linear" else job["train"]
    rows = np.fromfile(job["rows"], np.float64).reshape(job["train"] + job["test"], columns)
    train, test = rows[:job["train"]], rows[job["train"]:]
    machines = [SVC(C=C, kernel=job["kernel"], decision_function_shape="ovo") for C in job["costs"]]
    ms, decisions = elapsed(lambda: [
        machine.fit(train, job["labels"]).decision_function(test) for machine in machines
    ])
    np.array(decisions).tofile(job["out"])
    return {"ms": ms}


def rpca(job):
    """Robust PCA by the inexact augmented Lagrange multiplier method of Lin, Chen and Ma; writes the
    low-rank part."""
    data = np.fromfile(job["matrix"], np.float32).reshape(job["shape"]).astype(float)

    def shrink(values, by):
        return np.sign(values) * np.maximum(np.abs(values) - by, 0)

    def solve():
        weight = job["weight"]
        norm, size = np.linalg.norm(data, 2), np.linalg.norm(data)
        dual = data / max(norm, np.abs(data).max() / weight)
        penalty, limit = 1.25 / norm, 1.25e7 / norm
        low, sparse = np.zeros_like(data), np.zeros_like(data)
        for step in range(1000):
            left, values, right = np.linalg.svd(data - sparse + dual / penalty, full_matrices=False)
            kept = int((values > 1 / penalty).sum())
            low = (left[:, :kept] * (values[:kept] - 1 / penalty)) @ right[:kept]
            sparse = shrink(data - low + dual / penalty, weight / penalty)
            rest = data - low - sparse
            dual = dual + penalty * rest
            penalty = min(1.5 * penalty, limit)
            if np.linalg.norm(rest) < job["tolerance"] * size:
                break
        return low, step + 1

    ms, (low, steps) = elapsed(solve)
    low.tofile(job["out"])
    return {"ms": ms, "steps": steps}


versions = {title: found[module].__version__ for module, title in LIBRARIES.items() if module in found}
serve(versions, missing, (lbp_top, svc, rpca))
