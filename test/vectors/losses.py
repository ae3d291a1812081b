"""
Losses of PyTorch in float64 at outputs z of 8 x 4, and their gradients with respect to z: means over the rows, of sums or means over
a row's outputs as our names say. Weighted ones are PyTorch's own for classes; for samples the sum of w times the loss over the sum
of w.
"""

import torch
import torch.nn.functional as F

from foreign import flat, float32, generator, normals, write

ROWS, OUTPUTS = 8, 4
draws = generator(5)
z = normals(draws, ROWS, OUTPUTS, scale=2)
classes = torch.tensor([draws.randrange(OUTPUTS) for _ in range(ROWS)])
# sixteenths: rows sum to 1 exactly, some with zeros
shares = float32([[4, 4, 4, 4], [16, 0, 0, 0], [1, 2, 3, 10], [0, 8, 8, 0], [5, 5, 5, 1], [2, 2, 2, 10], [0, 0, 1, 15], [7, 1, 7, 1]]) / 16
yes = float32([[draws.randint(0, 1) for _ in range(OUTPUTS)] for _ in range(ROWS)])
numbers = normals(draws, ROWS, OUTPUTS)
halves = numbers[:, : OUTPUTS // 2]
counts = float32([[draws.randrange(6) for _ in range(OUTPUTS)] for _ in range(ROWS)])
class_weights = float32([0.5, 2, 1, 3])
sample_weights = float32([1, 0.25, 0, 4, 2, 0.5, 1, 3])


def weighted(each):
    return (each * sample_weights).sum() / sample_weights.sum()


def gaussian(z):
    means, logs = z[:, : OUTPUTS // 2], z[:, OUTPUTS // 2 :]
    return F.gaussian_nll_loss(means, halves, logs.exp(), eps=1e-6, reduction="sum") / ROWS


# description, targets, weights, loss
CASES = [
    ("softmaxCrossEntropy", classes, {}, lambda z: F.cross_entropy(z, classes)),
    ("softmaxCrossEntropy", shares, {}, lambda z: F.cross_entropy(z, shares)),
    (
        {"name": "softmaxCrossEntropy", "labelSmoothing": 0.1},
        classes,
        {},
        lambda z: F.cross_entropy(z, classes, label_smoothing=0.1),
    ),
    (
        {"name": "softmaxCrossEntropy", "labelSmoothing": 0.25},
        shares,
        {},
        lambda z: F.cross_entropy(z, shares, label_smoothing=0.25),
    ),
    (
        "softmaxCrossEntropy",
        classes,
        {"classWeights": class_weights},
        lambda z: F.cross_entropy(z, classes, weight=class_weights),
    ),
    (
        "softmaxCrossEntropy",
        classes,
        {"sampleWeights": sample_weights},
        lambda z: weighted(F.cross_entropy(z, classes, reduction="none")),
    ),
    ("klDivergence", shares, {}, lambda z: F.kl_div(F.log_softmax(z, 1), shares, reduction="batchmean")),
    ("multiclassHinge", classes, {}, lambda z: OUTPUTS * F.multi_margin_loss(z, classes)),
    ("sigmoidCrossEntropy", yes, {}, lambda z: OUTPUTS * F.binary_cross_entropy_with_logits(z, yes)),
    ("hinge", yes, {}, lambda z: OUTPUTS * F.relu(1 - (2 * yes - 1) * z).mean()),
    ("meanSquaredError", numbers, {}, lambda z: F.mse_loss(z, numbers)),
    (
        "meanSquaredError",
        numbers,
        {"sampleWeights": sample_weights},
        lambda z: weighted(F.mse_loss(z, numbers, reduction="none").mean(1)),
    ),
    ("meanAbsoluteError", numbers, {}, lambda z: F.l1_loss(z, numbers)),
    ("huber", numbers, {}, lambda z: F.huber_loss(z, numbers)),
    ({"name": "huber", "delta": 0.5}, numbers, {}, lambda z: F.huber_loss(z, numbers, delta=0.5)),
    ("poisson", counts, {}, lambda z: OUTPUTS * F.poisson_nll_loss(z, counts)),
    ("gaussian", halves, {}, gaussian),
]


def case(description, targets, weights, loss):
    values = z.clone().requires_grad_()
    value = loss(values)
    value.backward()
    return {
        "loss": description,
        "targets": flat(targets),
        "weights": {name: flat(tensor) for name, tensor in weights.items()},
        "value": value.item(),
        "gradient": flat(values.grad),
    }


write(__file__, {"rows": ROWS, "outputs": OUTPUTS, "z": flat(z), "cases": [case(*each) for each in CASES]})
