"""
Ten full-batch steps of every optimizer in PyTorch, float64: a network of 5-7-4-3 units, tanh, relu, softmax
cross-entropy, 8 rows. `loss` is the one whose gradient the step followed, so it precedes the update;
`parameters` follow it. Weight decay is PyTorch's: weightDecay * parameter is added to the gradient, biases
included.
"""

import torch
import torch.nn.functional as F

from foreign import flat, forward, generator, normals, parameters, write

SIZES = [5, 7, 4, 3]
ACTIVATIONS = ["tanh", "relu"]
ROWS = 8
STEPS = 10
# Keeps every hidden sum of every run 1e-3 from the corner of relu, which is asserted below.
SEED = 78

RUNS = [
    ("sgd", dict(learningRate=0.1, momentum=0, nesterov=False, weightDecay=0)),
    ("sgd", dict(learningRate=0.1, momentum=0.9, nesterov=False, weightDecay=0)),
    ("sgd", dict(learningRate=0.1, momentum=0.9, nesterov=True, weightDecay=0)),
    ("sgd", dict(learningRate=0.1, momentum=0.9, nesterov=False, weightDecay=0.01)),
    ("sgd", dict(learningRate=0.1, momentum=0, nesterov=False, weightDecay=0.01)),
    ("adam", dict(learningRate=0.01, beta1=0.9, beta2=0.999, epsilon=1e-8, weightDecay=0)),
    ("adam", dict(learningRate=0.01, beta1=0.8, beta2=0.9, epsilon=1e-6, weightDecay=0.01)),
]


def optimizer(algorithm, options, tensors):
    common = dict(lr=options["learningRate"], weight_decay=options["weightDecay"])
    if algorithm == "sgd":
        return torch.optim.SGD(tensors, momentum=options["momentum"], nesterov=options["nesterov"], **common)
    betas = (options["beta1"], options["beta2"])
    return torch.optim.Adam(tensors, betas=betas, eps=options["epsilon"], **common)


def run(algorithm, options, initial, inputs, labels):
    values = {name: value.clone().requires_grad_() for name, value in initial.items()}
    update = optimizer(algorithm, options, values.values())
    steps = []
    for _ in range(STEPS):
        update.zero_grad()
        logits, margin = forward(values, inputs, ACTIVATIONS)
        assert margin > 1e-3, margin
        loss = F.cross_entropy(logits, labels)
        loss.backward()
        update.step()
        after = {name: flat(value) for name, value in values.items()}
        steps.append({"loss": loss.item(), "parameters": after})
    return {"algorithm": algorithm, "options": options, "steps": steps}


draws = generator(SEED)
inputs = normals(draws, ROWS, SIZES[0])
labels = torch.tensor([row % SIZES[-1] for row in range(ROWS)])
initial = parameters(draws, SIZES)
write(
    __file__,
    {
        "sizes": SIZES,
        "activations": ACTIVATIONS,
        "rows": ROWS,
        "inputs": flat(inputs),
        "labels": labels.tolist(),
        "initial": {name: flat(value) for name, value in initial.items()},
        "runs": [run(algorithm, options, initial, inputs, labels) for algorithm, options in RUNS],
    },
)
