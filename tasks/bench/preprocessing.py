"""The Python side of the preprocessing bench: see serve.py. The jobs are the functions below.

Images and clips are files of raw little-endian numbers, so that everybody gets the same ones.
"""
import sys
from pathlib import Path

# An isolated Python does not look beside the program; and nothing is left there.
sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent))
from serve import elapsed, find_libraries, serve

LIBRARIES = {"numpy": "NumPy", "scipy": "SciPy", "cv2": "OpenCV", "dlib": "dlib"}
found, missing = find_libraries(LIBRARIES)
np, cv2, dlib = found.get("numpy"), found.get("cv2"), found.get("dlib")
if "scipy" in found:
    import scipy.fft
    import scipy.ndimage
if cv2:
    cv2.setNumThreads(1)


def flow(job):
    """DualTVL1OpticalFlow with its defaults between two 8-bit images; writes u and v interleaved."""
    images = [np.fromfile(job[name], np.uint8).reshape(job["side"], -1) for name in ("from", "to")]
    # A new object each time: it lowers its own number of scales for good.
    tvl1 = cv2.optflow.DualTVL1OpticalFlow_create()
    ms, result = elapsed(lambda: tvl1.calc(*images, None))
    result.tofile(job["out"])
    return {"ms": ms}


KERNEL = [1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16]


def smooth(image, gain):
    kernel = np.array(KERNEL, np.float32) * np.float32(gain)
    for axis in (0, 1):
        image = scipy.ndimage.correlate1d(image, kernel, axis, mode="mirror")
    return image


def scipy_down(image):
    return smooth(image, 1)[::2, ::2]


def scipy_up(image, shape):
    spread = np.zeros(shape, np.float32)
    spread[::2, ::2] = image
    return smooth(spread, 2)


def cv_down(image):
    return cv2.pyrDown(image)


def cv_up(image, shape):
    return cv2.pyrUp(image, dstsize=(shape[1], shape[0]))


PYRAMIDS = {"scipy": (scipy_down, scipy_up), "cv2": (cv_down, cv_up)}


def ideal_band(levels, job):
    """Keeps the frequencies from low to high, by Fourier transforms over time."""
    frames = len(levels)
    frequency = scipy.fft.rfftfreq(frames, 1 / job["fps"])
    inside = (frequency >= job["low"]) & (frequency <= job["high"])
    spectrum = scipy.fft.rfft(levels, axis=0)
    spectrum[~inside] = 0
    return scipy.fft.irfft(spectrum, n=frames, axis=0)


def iir_band(levels, job):
    """The difference of two low passes that begin with the first frame."""
    fast, slow = levels[0].copy(), levels[0].copy()
    band = np.zeros_like(levels)
    for t in range(1, len(levels)):
        fast += np.float32(job["fast"]) * (levels[t] - fast)
        slow += np.float32(job["slow"]) * (levels[t] - slow)
        band[t] = fast - slow
    return band


BANDS = {"ideal": ideal_band, "iir": iir_band}


def magnify(job):
    """Eulerian video magnification on a Laplacian pyramid; writes the magnified clip."""
    clip = np.fromfile(job["clip"], np.float32).reshape(job["shape"])
    ms, result = elapsed(lambda: magnified(clip, job))
    result.tofile(job["out"])
    return {"ms": ms}


def magnified(clip, job):
    """Adds to each frame the band of each pyramid level times job["alphas"], finest level first."""
    down, up = PYRAMIDS[job["pyramid"]]
    alphas = job["alphas"]
    pyramids = [[] for _ in alphas]
    for frame in clip:
        for level in range(len(alphas) - 1):
            coarser = down(frame)
            if alphas[level]:
                pyramids[level].append(frame - up(coarser, frame.shape))
            frame = coarser
        if alphas[-1]:
            pyramids[-1].append(frame)
    bands = [np.float32(alpha) * BANDS[job["filter"]](np.stack(levels), job) if alpha else None
             for alpha, levels in zip(alphas, pyramids)]
    shapes = [clip.shape[1:]]
    for _ in alphas[1:]:
        shapes.append(tuple((side + 1) // 2 for side in shapes[-1]))
    result = np.empty_like(clip)
    for t, frame in enumerate(clip):
        motion = None
        for band, shape in zip(reversed(bands), reversed(shapes)):
            if motion is not None:
                motion = up(motion, shape)
            if band is not None:
                motion = band[t] if motion is None else motion + band[t]
        result[t] = frame if motion is None else frame + motion
    return result


def decode(job):
    """cv2.imdecode of colour files in memory; milliseconds a frame. Writes the first one as RGB."""
    files = [np.fromfile(name, np.uint8) for name in job["files"]]
    ms, frames = elapsed(lambda: [cv2.imdecode(file, cv2.IMREAD_UNCHANGED) for file in files])
    cv2.cvtColor(frames[0], cv2.COLOR_BGR2RGB).tofile(job["out"])
    return {"ms": ms / len(files)}


detector, predictors = None, {}


def face(job):
    """dlib's frontal face detector, not upsampled, and its 68 points on an RGB frame."""
    global detector
    detector = detector or dlib.get_frontal_face_detector()
    model = job["model"]
    predictor = predictors[model] = predictors.get(model) or dlib.shape_predictor(model)
    frame = np.fromfile(job["frame"], np.uint8).reshape(job["height"], job["width"], 3)
    found_ms, boxes = elapsed(lambda: detector(frame, 0))
    if not boxes:
        return {"error": "dlib found no face"}
    box = boxes[0]
    points_ms, shape = elapsed(lambda: predictor(frame, box))
    return {"ms": found_ms + points_ms, "points_ms": points_ms,
            "box": [box.left(), box.top(), box.right(), box.bottom()],
            "points": [value for point in shape.parts() for value in (point.x, point.y)]}


versions = {title: found[module].__version__ for module, title in LIBRARIES.items() if module in found}
serve(versions, missing, (flow, magnify, decode, face))
