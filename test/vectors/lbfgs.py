"""
Minima found by scikit-learn and SciPy in float64: of a logistic regression (one output, no penalty), and of least
squares whose columns differ in size by a factor of 100, so that plain descent takes thousands of steps.
"""

import json
import pathlib

import numpy as np
import scipy.optimize
import sklearn
from sklearn.linear_model import LogisticRegression

ROWS, COLUMNS = 80, 4
draws = np.random.RandomState(5)


def float32(values):
    return values.astype(np.float32).astype(np.float64)


inputs = float32(draws.normal(size=(ROWS, COLUMNS)))
noisy = inputs @ [1.5, -2, 0.5, 0] + 0.3 + draws.logistic(size=ROWS)
classes = (noisy > 0).astype(int)
logistic = LogisticRegression(penalty=None, tol=1e-12, max_iter=10_000).fit(inputs, classes)


def cross_entropy(theta):
    z = inputs @ theta[:-1] + theta[-1]
    return np.mean(np.logaddexp(0, z) - classes * z)


minimum = scipy.optimize.minimize(cross_entropy, np.zeros(COLUMNS + 1), method="BFGS", options=dict(gtol=1e-9))
assert np.allclose(minimum.x, [*logistic.coef_[0], logistic.intercept_[0]], atol=1e-5), minimum.x

scales = np.array([1, 10, 0.1, 3])
scaled = float32(inputs * scales)
numbers = float32(scaled @ [2, -0.3, 5, 1] - 1 + 0.1 * draws.normal(size=ROWS))
columns = np.column_stack([scaled, np.ones(ROWS)])
squares, *_ = np.linalg.lstsq(columns, numbers, rcond=None)


def numbers_of(array):
    return [float(f"{value:.12g}") for value in np.ravel(array)]


content = {
    "sklearn": sklearn.__version__,
    "rows": ROWS,
    "columns": COLUMNS,
    "logistic": {
        "inputs": numbers_of(inputs),
        "targets": classes.tolist(),
        "weight": numbers_of(logistic.coef_),
        "bias": numbers_of(logistic.intercept_),
        "loss": cross_entropy(np.append(logistic.coef_[0], logistic.intercept_)),
    },
    "squares": {
        "inputs": numbers_of(scaled),
        "targets": numbers_of(numbers),
        "weight": numbers_of(squares[:-1]),
        "bias": numbers_of(squares[-1:]),
        "loss": float(np.mean((columns @ squares - numbers) ** 2)),
    },
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(content) + "\n")
