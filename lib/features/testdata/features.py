"""Writes features.json: kernels, standardised features and whitened principal components by
scikit-learn, for the tests of kernels.ts, standardise.ts and wpca.ts.

Run: pip install numpy scikit-learn && python3 features.py
"""
import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.decomposition import PCA
from sklearn.metrics.pairwise import chi2_kernel, linear_kernel, polynomial_kernel, rbf_kernel
from sklearn.preprocessing import StandardScaler

random = np.random.default_rng(3)
# Histograms of 30 bins, some of them empty, one column always 0.
counts = random.integers(0, 9, (12, 30)) * (random.random((12, 30)) > 0.2)
counts[:, 7] = 0
rows = np.round(counts / counts.sum(1, keepdims=True), 6)
train, test = rows[:8], rows[8:]

pca = PCA(whiten=True).fit(train)
scaler = StandardScaler().fit(train)
golden = {
    "madeWith": {"scikit-learn": sklearn.__version__},
    "train": train.tolist(),
    "test": test.tolist(),
    "kernels": [
        {"kernel": {"kind": "linear"}, "values": linear_kernel(test, train).tolist()},
        {"kernel": {"kind": "polynomial", "gamma": 2, "degree": 6, "coef0": 0.5},
         "values": polynomial_kernel(test, train, gamma=2, degree=6, coef0=0.5).tolist()},
        {"kernel": {"kind": "rbf", "gamma": 3}, "values": rbf_kernel(test, train, gamma=3).tolist()},
        {"kernel": {"kind": "chi-square", "gamma": 0.7},
         "values": chi2_kernel(test, train, gamma=0.7).tolist()},
    ],
    "scale": 1 / (train.shape[1] * train.var()),
    "standardised": {"train": scaler.transform(train).tolist(), "test": scaler.transform(test).tolist()},
    # Without the last component: eight samples have seven.
    "whitened": {"train": pca.transform(train)[:, :7].tolist(), "test": pca.transform(test)[:, :7].tolist()},
}
Path(__file__).with_name("features.json").write_text(json.dumps(golden) + "\n")
