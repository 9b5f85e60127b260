"""Writes images.json: small image files and the pixels that OpenCV decodes from them.

    pip install opencv-contrib-python-headless==5.0.0.93 numpy
    python images.py
"""
import base64
import json
import pathlib

import cv2
import numpy as np


def picture(height: int, width: int, channels: int, levels: int) -> np.ndarray:
    rng = np.random.default_rng(7)
    y, x = np.mgrid[:height, :width]
    planes = [
        levels * (0.5 + 0.3 * np.sin(x / (3 + c)) * np.cos(y / (2 + c)) + 0.06 * rng.standard_normal(x.shape))
        for c in range(channels)
    ]
    image = np.clip(np.stack(planes, -1), 0, levels - 1)
    return image.astype(np.uint16 if levels > 256 else np.uint8).squeeze()


colour, grey = picture(19, 30, 3, 256), picture(19, 30, 1, 256)
quality = [cv2.IMWRITE_JPEG_QUALITY, 88]
cases = {
    "colour.jpg": (".jpg", colour, quality),
    "colour, progressive.jpg": (".jpg", colour, quality + [cv2.IMWRITE_JPEG_PROGRESSIVE, 1]),
    "colour, 4:4:4.jpg": (
        ".jpg", colour,
        quality + [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444],
    ),
    "grey.jpg": (".jpg", grey, quality),
    "colour.png": (".png", colour, []),
    "grey.png": (".png", grey, []),
    "colour, 16 bits.png": (".png", picture(9, 14, 3, 65536), []),
    "grey, 16 bits.png": (".png", picture(9, 14, 1, 65536), []),
    "colour.bmp": (".bmp", colour, []),
    "grey.bmp": (".bmp", grey, []),
}
found = {}
for name, (extension, image, parameters) in cases.items():
    _, file = cv2.imencode(extension, image, parameters)
    pixels = cv2.imdecode(file, cv2.IMREAD_UNCHANGED)
    if pixels.ndim == 3:
        pixels = pixels[..., ::-1]
    found[name] = {
        "file": base64.b64encode(file.tobytes()).decode(),
        "shape": list(pixels.shape),
        "bits": pixels.itemsize * 8,
        "pixels": base64.b64encode(np.ascontiguousarray(pixels).tobytes()).decode(),
    }
target = pathlib.Path(__file__).with_name("images.json")
target.write_text(json.dumps(found, indent=2) + "\n")
