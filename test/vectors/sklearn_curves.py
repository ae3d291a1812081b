"""
The training curves of scikit-learn's example plot_mlp_training_curves for iris and digits, as its MLPClassifier
draws them: loss after every epoch of seven ways to learn, with the initial weights and the order of the samples in
every epoch, which are the same for all seven. Arrays are in base64, little-endian: float32 weights, uint16 orders,
uint8 pixels.
"""

import base64
import json
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn import datasets
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import MinMaxScaler
from sklearn.utils import shuffle

RATE = dict(solver="sgd", learning_rate_init=0.2)
WAYS = {
    "constant": dict(learning_rate="constant", momentum=0, **RATE),
    "constant, momentum": dict(learning_rate="constant", momentum=0.9, nesterovs_momentum=False, **RATE),
    "constant, Nesterov": dict(learning_rate="constant", momentum=0.9, nesterovs_momentum=True, **RATE),
    "inverse": dict(learning_rate="invscaling", momentum=0, **RATE),
    "inverse, Nesterov": dict(learning_rate="invscaling", momentum=0.9, nesterovs_momentum=True, **RATE),
    "inverse, momentum": dict(learning_rate="invscaling", momentum=0.9, nesterovs_momentum=False, **RATE),
    "adam": dict(solver="adam", learning_rate_init=0.01),
}
DATA = {"iris": (datasets.load_iris(), 400), "digits": (datasets.load_digits(), 15)}


class Recorded(MLPClassifier):
    """Keeps what it begins with; weights are rounded to what float32 holds."""

    def _initialize(self, y, layer_units, dtype):
        super()._initialize(y, layer_units, dtype)
        self.coefs_ = [w.astype(np.float32).astype(np.float64) for w in self.coefs_]
        self.intercepts_ = [b.astype(np.float32).astype(np.float64) for b in self.intercepts_]
        self.began_ = [a.copy() for pair in zip(self.coefs_, self.intercepts_) for a in pair]
        # what _fit_stochastic does with this generator from here on is to shuffle the rows before every epoch
        self.generator_ = np.random.RandomState()
        self.generator_.set_state(self._random_state.get_state())


def packed(array, kind):
    return base64.b64encode(np.ascontiguousarray(array, dtype=kind).tobytes()).decode()


def record(name):
    data, epochs = DATA[name]
    inputs = MinMaxScaler().fit_transform(data.data)
    curves = {}
    for way, options in WAYS.items():
        network = Recorded(random_state=0, max_iter=epochs, **options)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            network.fit(inputs, data.target)
        curves[way] = [float(f"{loss:.7g}") for loss in network.loss_curve_]
    order = np.arange(len(inputs))
    orders = []
    for _ in range(max(len(curve) for curve in curves.values())):
        order = shuffle(order, random_state=network.generator_)
        orders.append(order)
    weights = {
        f"layers.{i // 2}.{('weight', 'bias')[i % 2]}": packed(array, "<f4") for i, array in enumerate(network.began_)
    }
    return {
        "rows": len(inputs),
        "columns": inputs.shape[1],
        "classes": len(set(data.target)),
        "batch": min(200, len(inputs)),
        "labels": "".join(str(label) for label in data.target),
        # before scaling: tenths of a centimetre and sixteenths of black, so that bytes hold them
        "values": packed(np.rint(data.data * (10 if name == "iris" else 1)), "u1"),
        # where one batch is all rows, their order means nothing
        "orders": packed(orders, "<u2") if len(inputs) > 200 else None,
        "weights": weights,
        "curves": curves,
    }


content = {"sklearn": sklearn.__version__, **{name: record(name) for name in DATA}}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(content) + "\n")
