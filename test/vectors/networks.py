"""
Loss and gradients at one point, from PyTorch in float64, for every pairing of activation and loss: a network
of 4-6-5-3 units, the activation after both hidden layers, a linear last layer, 7 rows. Losses are means over
the rows; sigmoidCrossEntropy comes twice, its outputs summed and averaged within a row; meanSquaredError is the
mean of all entries.
"""

import torch
import torch.nn.functional as F

from foreign import ACTIVATIONS, flat, float32, forward, generator, normals, parameters, write

SIZES = [4, 6, 5, 3]
ROWS = 7
# Keeps every hidden sum 1e-3 from the corner of the ramps, which is asserted below.
SEED = 2



def summed_sigmoid_cross_entropy(logits, targets):
    return F.binary_cross_entropy_with_logits(logits, targets, reduction="sum") / len(logits)


LOSSES = {
    "softmaxCrossEntropy.classes": F.cross_entropy,
    "softmaxCrossEntropy.distributions": F.cross_entropy,
    "sigmoidCrossEntropy.sum": summed_sigmoid_cross_entropy,
    "sigmoidCrossEntropy.mean": F.binary_cross_entropy_with_logits,
    "meanSquaredError": F.mse_loss,
}


def point(activation, loss, initial, inputs, targets):
    values = {name: value.clone().requires_grad_() for name, value in initial.items()}
    rows = inputs.clone().requires_grad_()
    outputs, margin = forward(values, rows, [activation, activation])
    assert margin > 1e-3, margin
    value = LOSSES[loss](outputs, targets)
    value.backward()
    return {
        "activation": activation,
        "loss": loss,
        "value": value.item(),
        "outputs": flat(outputs),
        "gradients": {name: flat(tensor.grad) for name, tensor in values.items()},
        "inputGradients": flat(rows.grad),
    }


draws = generator(SEED)
inputs = normals(draws, ROWS, SIZES[0])
initial = parameters(draws, SIZES)
several = float32([[draws.randint(0, 1) for _ in range(SIZES[-1])] for _ in range(ROWS)])
targets = {
    "softmaxCrossEntropy.classes": torch.tensor([row % SIZES[-1] for row in range(ROWS)]),
    # Sixteenths, so that every row sums to 1 exactly; one of them certain, one uneven, some with a zero.
    "softmaxCrossEntropy.distributions": float32(
        [[16, 0, 0], [5, 5, 6], [1, 2, 13], [0, 8, 8], [7, 0, 9], [4, 11, 1], [2, 12, 2]]
    )
    / 16,
    "sigmoidCrossEntropy.sum": several,
    "sigmoidCrossEntropy.mean": several,
    "meanSquaredError": normals(draws, ROWS, SIZES[-1]),
}
write(
    __file__,
    {
        "sizes": SIZES,
        "rows": ROWS,
        "inputs": flat(inputs),
        "targets": {loss: flat(target) for loss, target in targets.items()},
        "parameters": {name: flat(value) for name, value in initial.items()},
        "points": [
            point(activation, loss, initial, inputs, target)
            for activation in ACTIVATIONS
            for loss, target in targets.items()
        ],
    },
)
