"""What dlib finds in the onset frames of the generated clips (dlib-bin 20.0.1, and the 68-point model
of PyPI's face-recognition-models 0.3.0). Run from the repository's root:

    deno run -A lib/data/synthetic/testdata/onset_frames.ts |
      python3 lib/data/synthetic/testdata/dlib_points.py shape_predictor_68_face_landmarks.dat \
      > lib/data/synthetic/testdata/dlib_points.json

Checks every clip; keeps the points of each person's first clip.
"""
import hashlib
import json
import sys

import dlib
import numpy as np

detect = dlib.get_frontal_face_detector()
predict = dlib.shape_predictor(sys.argv[1])
kept, errors, scores, missed = {}, [], [], 0
while line := sys.stdin.buffer.readline():
    head = json.loads(line)
    size = head["width"] * head["height"] * 3
    data = sys.stdin.buffer.read(size)
    frame = np.frombuffer(data, np.uint8).reshape(head["height"], head["width"], 3)
    boxes, found, _ = detect.run(frame, 0, 0)
    if len(boxes) != 1:
        missed += 1
        continue
    points = np.array([(p.x, p.y) for p in predict(frame, boxes[0]).parts()])
    truth = np.array(head["landmarks"]).reshape(68, 2)
    eyes = np.hypot(*(truth[36] - truth[45]))
    errors.append(float(np.hypot(*(points - truth).T).mean() / eyes))
    scores.append(found[0])
    kept.setdefault(f"{head['set']}/{head['subject']}", {
        "name": head["name"],
        "sha256": hashlib.sha256(data).hexdigest(),
        "points": " ".join(map(str, points.ravel())),
    })
print(f"missed {missed}, NME mean {np.mean(errors):.4f} most {max(errors):.4f}, "
      f"score least {min(scores):.2f}", file=sys.stderr)
print(json.dumps(kept, indent=2))
