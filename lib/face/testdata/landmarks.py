"""Writes the golden vectors of the landmark tests with dlib itself.

    pip install dlib-bin==20.0.1 scikit-image==0.26.0 numpy
    python landmarks.py path/to/shape_predictor_68_face_landmarks.dat

- face.png: 256 × 256 grey cut-out of scikit-image's `astronaut` (NASA, public domain).
- tiny.dat: a shape predictor with 5 points, trained here on a drawn pattern.
- landmarks.json: what dlib finds with tiny.dat on the pattern, and with the published model on
  face.png, each in several boxes, some of which reach over the border.
"""
import json
import pathlib
import sys

import dlib
import numpy as np
import skimage.data
import skimage.io

here = pathlib.Path(__file__).parent


def pattern(width, height):
    """Integers only, so that any language draws the same."""
    x, y = np.arange(width), np.arange(height)[:, None]
    return ((x * x // 5 + y * y // 7 + x * y // 3) % 256).astype(np.uint8)


def colour(grey):
    """Three channels with a sum that does not always divide by three."""
    g = grey.astype(int)
    return np.stack([g, g // 2, 255 - g * g // 255], axis=2).astype(np.uint8)


def found(predictor, image, boxes):
    rows = []
    for left, top, right, bottom in boxes:
        parts = predictor(image, dlib.rectangle(left, top, right, bottom)).parts()
        rows.append({"box": [left, top, right, bottom], "points": [v for p in parts for v in (p.x, p.y)]})
    return rows


def train_tiny(image):
    random = np.random.default_rng(7)
    objects = []
    for _ in range(24):
        x, y = random.integers(0, 60, 2)
        side = int(random.integers(24, 40))
        box = dlib.rectangle(int(x), int(y), int(x) + side, int(y) + side)
        shares = np.array([[0.2, 0.3], [0.8, 0.3], [0.5, 0.5], [0.3, 0.8], [0.7, 0.8]])
        points = [x, y] + side * (shares + random.normal(0, 0.06, shares.shape))
        objects.append(dlib.full_object_detection(box, [dlib.point(int(a), int(b)) for a, b in points]))
    options = dlib.shape_predictor_training_options()
    options.cascade_depth = 3
    options.tree_depth = 3
    options.num_trees_per_cascade_level = 12
    options.feature_pool_size = 40
    options.num_test_splits = 8
    options.oversampling_amount = 6
    options.random_seed = "fleeting"
    options.num_threads = 1
    return dlib.train_shape_predictor([image], [objects], options)


face = skimage.color.rgb2gray(skimage.data.astronaut()[0:256, 96:352])
face = np.round(face * 255).astype(np.uint8)
skimage.io.imsave(here / "face.png", face, check_contrast=False)

drawn = pattern(97, 83)
tiny = train_tiny(drawn)
tiny.save(str(here / "tiny.dat"))
small = [(10, 12, 41, 43), (0, 0, 30, 30), (-9, -14, 25, 20), (70, 55, 110, 95), (20, 5, 60, 70)]

model = dlib.shape_predictor(sys.argv[1])
detected = dlib.get_frontal_face_detector()(face, 0)[0]
l, t, r, b = detected.left(), detected.top(), detected.right(), detected.bottom()
boxes = [(l, t, r, b), (l - 6, t + 3, r - 2, b + 7), (l + 5, t - 8, r + 12, b - 3), (l - 20, t - 20, r + 20, b + 20)]
boxes += [(-30, -25, 60, 65), (200, 190, 280, 275), (100, 100, 120, 120)]
golden = {
    "dlib": dlib.__version__,
    "tiny": {"grey": found(tiny, drawn, small), "colour": found(tiny, colour(drawn), small)},
    "face": {"grey": found(model, face, boxes), "colour": found(model, colour(face), boxes)},
}
(here / "landmarks.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
