"""
Metrics of scikit-learn in float64: four classes and their probabilities, scores with ties among them, numbers with two outputs.
Where several averages exist, each. One class is never predicted, so a share is 0 of 0. Of equal probabilities scikit-learn ranks the last
class first and we the first one: there are none.
"""

import json
import pathlib
import random

import numpy as np
import sklearn
from sklearn import metrics

ROWS = 60
CLASSES = 4
draws = random.Random(3)

labels = [draws.randrange(CLASSES) for _ in range(ROWS)]
# class 2 is never predicted
predicted = [label if draws.random() < 0.6 and label != 2 else draws.choice([0, 1, 3]) for label in labels]
binary = [int(draws.random() < 0.4) for _ in range(ROWS)]
# sixteenths: ties, and exact in float32
scores = [(draws.randrange(12) + 4 * label) / 16 for label in binary]
guesses = [int(score > 0.5) for score in scores]
probabilities = []
for label in labels:
    weights = [draws.uniform(1, 9) + 5 * (j == label) for j in range(CLASSES)]
    probabilities.append([weight / sum(weights) for weight in weights])
values = [[draws.gauss(0, 3), draws.gauss(2, 1)] for _ in range(ROWS)]
predictions = [[a + draws.gauss(0, 1), b + draws.gauss(0, 0.5)] for a, b in values]

AVERAGED = {
    "precision": metrics.precision_score,
    "recall": metrics.recall_score,
    "f1": metrics.f1_score,
}


def averages(function):
    several = {name: function(labels, predicted, average=name, zero_division=0) for name in ["macro", "micro"]}
    return {
        "binary": function(binary, guesses),
        "positive0": function(binary, guesses, pos_label=0),
        **several,
    }


content = {
    "sklearn": sklearn.__version__,
    "labels": labels,
    "predicted": predicted,
    "binary": binary,
    "guesses": guesses,
    "scores": scores,
    "probabilities": [share for row in probabilities for share in row],
    "values": [entry for row in values for entry in row],
    "predictions": [entry for row in predictions for entry in row],
    "expected": {
        "accuracy": metrics.accuracy_score(labels, predicted),
        "confusionMatrix": metrics.confusion_matrix(labels, predicted).ravel().tolist(),
        **{name: averages(function) for name, function in AVERAGED.items()},
        "topK": [
            metrics.top_k_accuracy_score(labels, np.array(probabilities), k=k, labels=range(CLASSES))
            for k in range(1, CLASSES)
        ],
        "rocAuc": metrics.roc_auc_score(binary, scores),
        "logLoss": metrics.log_loss(labels, probabilities),
        "binaryLogLoss": metrics.log_loss(binary, [(8 * score + 1) / 20 for score in scores]),
        "meanAbsoluteError": metrics.mean_absolute_error(values, predictions),
        "rootMeanSquaredError": metrics.mean_squared_error(values, predictions, squared=False),
        "firstRootMeanSquaredError": metrics.mean_squared_error(
            [v[0] for v in values], [p[0] for p in predictions], squared=False
        ),
        "r2": metrics.r2_score(values, predictions),
        "firstR2": metrics.r2_score([v[0] for v in values], [p[0] for p in predictions]),
    },
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(content, allow_nan=False) + "\n")
