"""Writes golden.json: metrics by scikit-learn and binomial tests by SciPy, for the tests of lib/protocol.

Run: pip install scikit-learn==1.9.1 && python3 golden.py
"""
import json
import warnings
from pathlib import Path

import numpy as np
import scipy
import sklearn
from scipy.stats import binomtest
from sklearn.metrics import (accuracy_score, balanced_accuracy_score, confusion_matrix, f1_score,
                             precision_recall_fscore_support)

warnings.filterwarnings("ignore")
random = np.random.default_rng(7)


def case(truth, predicted, classes):
    labels = list(range(classes))
    precision, recall, f1, support = precision_recall_fscore_support(
        truth, predicted, labels=labels, zero_division=np.nan)
    listed = lambda values: [None if np.isnan(v) else float(v) for v in values]
    return {
        "classes": classes,
        "truth": [int(v) for v in truth],
        "predicted": [int(v) for v in predicted],
        "confusion": confusion_matrix(truth, predicted, labels=labels).tolist(),
        "accuracy": accuracy_score(truth, predicted),
        "precision": listed(precision),
        "recall": listed(recall),
        "f1": listed(f1),
        "support": support.tolist(),
        "uf1": f1_score(truth, predicted, average="macro"),
        "uar": balanced_accuracy_score(truth, predicted),
    }


metrics = []
for classes, n, absent in [(3, 40, []), (5, 60, []), (2, 9, []), (4, 30, [2]), (4, 12, [0, 3])]:
    present = [c for c in range(classes) if c not in absent]
    truth = random.choice(present, n)
    predicted = np.where(random.random(n) < 0.5, truth, random.choice(present, n))
    metrics.append(case(truth, predicted, classes))
# A class that is predicted but never true, and one that is true but never predicted.
metrics.append(case([0, 0, 1, 1, 3], [0, 2, 1, 2, 0], 4))

pairs = [(0, 0), (0, 5), (3, 3), (10, 2), (2, 10), (7, 15), (120, 80), (700, 640), (3000, 2500), (2000, 0)]
mcnemar = [{"b": b, "c": c, "p": 1.0 if b + c == 0 else binomtest(b, b + c).pvalue} for b, c in pairs]

made_with = {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__}
golden = {"madeWith": made_with, "metrics": metrics, "mcnemar": mcnemar}
Path(__file__).with_name("golden.json").write_text(json.dumps(golden) + "\n")
