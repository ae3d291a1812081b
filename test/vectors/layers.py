"""
Layers beyond dense ones, from PyTorch in float64: a network of 4-6-LAYER-2 units, tanh after the first dense layer, squared error over 7
rows. For each: loss, outputs and every gradient as in prediction; then five steps of gradient descent on all rows, rate 0.1, and what parameters, running
statistics, loss and outputs are after them. Where torch has the layer, torch's is used.
"""

import itertools

import torch
import torch.nn.functional as F

from foreign import flat, generator, normals, write

INPUTS, HIDDEN, OUTPUTS, ROWS, STEPS, RATE = 4, 6, 2, 7, 5, 0.1
NAME = "layers.1."


def pair_products(x, values, training):
    return torch.stack([x[:, i] * x[:, j] for i, j in itertools.combinations(range(x.shape[1]), 2)], 1)


def polynomial(x, values, training):
    products = []
    for degree in (1, 2, 3):
        for factors in itertools.combinations_with_replacement(range(x.shape[1]), degree):
            products.append(x[:, list(factors)].prod(1))
    return torch.stack(products, 1)


def weighted(x, values):
    return x @ values[NAME + "weight"] + values[NAME + "bias"]


def maxout(x, values, training):
    z = weighted(x, values)
    return z.reshape(len(x), 3, 5).max(1).values


def rbf(x, values, training):
    return torch.exp(-((0.7 * torch.cdist(x, values[NAME + "centres"], compute_mode="donot_use_mm_for_euclid_dist")) ** 2))


def power_products(x, values, training):
    z = (x.abs() + 0.25).unsqueeze(2)
    return (z ** values[NAME + "weight"].unsqueeze(0)).prod(1)


def batch_normalization(x, values, training):
    mean, variance = values[NAME + "runningMean"], values[NAME + "runningVariance"]
    return F.batch_norm(x, mean, variance, values[NAME + "scale"], values[NAME + "bias"], training, 0.3, 1e-4)


def layer_normalization(x, values, training):
    return F.layer_norm(x, [HIDDEN], values[NAME + "scale"], values[NAME + "bias"], 1e-4)


# layer, columns of its output, shapes of what it learns, shapes of what it keeps
LAYERS = {
    "maxout": (maxout, 5, {"weight": (HIDDEN, 15), "bias": (15,)}, {}),
    "glu": (lambda x, values, training: F.glu(weighted(x, values)), 5, {"weight": (HIDDEN, 10), "bias": (10,)}, {}),
    "pairProducts": (pair_products, 15, {}, {}),
    "polynomial": (polynomial, 83, {}, {}),
    "powerProducts": (power_products, 5, {"weight": (HIDDEN, 5)}, {}),
    "rbf": (rbf, 5, {"centres": (5, HIDDEN)}, {}),
    "rbf, fixed": (rbf, 5, {}, {"centres": (5, HIDDEN)}),
    "batchNormalization": (
        batch_normalization,
        HIDDEN,
        {"scale": (HIDDEN,), "bias": (HIDDEN,)},
        {"runningMean": (HIDDEN,), "runningVariance": (HIDDEN,)},
    ),
    "layerNormalization": (layer_normalization, HIDDEN, {"scale": (HIDDEN,), "bias": (HIDDEN,)}, {}),
}


def run(draws, layer, width, learned, kept):
    matrices = {
        "layers.0.weight": normals(draws, INPUTS, HIDDEN, scale=0.5),
        "layers.0.bias": normals(draws, HIDDEN, scale=0.3),
        **{NAME + name: normals(draws, *shape, scale=0.5) for name, shape in learned.items()},
        "layers.2.weight": normals(draws, width, OUTPUTS, scale=width**-0.5),
        "layers.2.bias": normals(draws, OUTPUTS, scale=0.3),
    }
    statistics = {NAME + name: normals(draws, *shape, scale=0.5).abs() for name, shape in kept.items()}
    inputs, targets = normals(draws, ROWS, INPUTS), normals(draws, ROWS, OUTPUTS)
    values = {name: value.clone().requires_grad_() for name, value in matrices.items()}
    state = {name: value.clone() for name, value in statistics.items()}

    def outputs(x, training):
        hidden = torch.tanh(x @ values["layers.0.weight"] + values["layers.0.bias"])
        return layer(hidden, {**values, **state}, training) @ values["layers.2.weight"] + values["layers.2.bias"]

    def point():
        x = inputs.clone().requires_grad_()
        predictions = outputs(x, False)
        loss = F.mse_loss(predictions, targets)
        gradients = torch.autograd.grad(loss, [x, *values.values()])
        return {
            "value": loss.item(),
            "outputs": flat(predictions),
            "inputGradients": flat(gradients[0]),
            "gradients": {name: flat(slope) for name, slope in zip(values, gradients[1:])},
        }

    before = point()
    losses = []
    for _ in range(STEPS):
        loss = F.mse_loss(outputs(inputs, True), targets)
        losses.append(loss.item())
        slopes = torch.autograd.grad(loss, list(values.values()))
        with torch.no_grad():
            for value, slope in zip(values.values(), slopes):
                value -= RATE * slope
    return {
        "inputs": flat(inputs),
        "targets": flat(targets),
        "parameters": {name: flat(value) for name, value in {**matrices, **statistics}.items()},
        "before": before,
        "losses": losses,
        "trained": {name: flat(value) for name, value in {**values, **state}.items()},
        "after": point(),
    }


draws = generator(4)
write(
    __file__,
    {
        "rows": ROWS,
        "steps": STEPS,
        "rate": RATE,
        "layers": {name: run(draws, *spec) for name, spec in LAYERS.items()},
    },
)
