"""Writes svm_golden.json: decision values of scikit-learn's SVC, for the tests of lib/features/svm.ts.

Run: pip install scikit-learn==1.9.1 && python3 svm_golden.py
"""
import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.svm import SVC

random = np.random.default_rng(11)
centres = np.array([[0, 0, 0, 0], [1.2, 0.4, 0, 0], [0, 1.3, 0.8, 0]])


def sample(n):
    labels = random.integers(0, 3, n)
    return np.round(centres[labels] + random.normal(0, 0.7, (n, 4)), 6), labels


train, labels = sample(45)
test, _ = sample(15)
train_kernel, test_kernel = rbf_kernel(train, train, gamma=0.4), rbf_kernel(test, train, gamma=0.4)

cases = []
for name, settings, weights in [
    ("linear", {"kernel": {"kind": "linear"}, "C": 1}, None),
    ("linear, small C", {"kernel": {"kind": "linear"}, "C": 0.03125}, None),
    ("polynomial", {"kernel": {"kind": "polynomial", "gamma": 0.5, "degree": 3, "coef0": 1}, "C": 0.5}, None),
    ("rbf", {"kernel": {"kind": "rbf", "gamma": 0.4}, "C": 8}, None),
    ("rbf, weighted", {"kernel": {"kind": "rbf", "gamma": 0.4}, "C": 0.5}, [1, 2.5, 0.5]),
    ("precomputed", {"kernel": {"kind": "precomputed"}, "C": 2}, None),
]:
    kernel = dict(settings["kernel"])
    kind = kernel.pop("kind")
    model = SVC(
        kernel={"polynomial": "poly"}.get(kind, kind), C=settings["C"], tol=1e-9, **kernel,
        class_weight=None if weights is None else dict(enumerate(weights)),
        decision_function_shape="ovo", break_ties=False)
    x, x_test = (train_kernel, test_kernel) if kind == "precomputed" else (train, test)
    model.fit(x, labels)
    pairs = model.decision_function(x_test)
    model.decision_function_shape = "ovr"
    cases.append({
        "name": name,
        "options": settings if weights is None else {**settings, "classWeights": weights},
        "decisions": pairs.tolist(),
        "scores": model.decision_function(x_test).tolist(),
    })

golden = {
    "madeWith": {"scikit-learn": sklearn.__version__},
    "train": train.tolist(),
    "labels": labels.tolist(),
    "test": test.tolist(),
    "trainKernel": train_kernel.tolist(),
    "testKernel": test_kernel.tolist(),
    "cases": cases,
}
Path(__file__).with_name("svm_golden.json").write_text(json.dumps(golden) + "\n")
