"""
Ten full-batch steps of every optimizer in PyTorch, float64: a network of 5-7-4-3 units, tanh, relu, softmax
cross-entropy, 8 rows. `loss` is the one whose gradient the step followed, so it precedes the update;
`parameters` follow it. Options have this project's names; where one is left out, the defaults of both must
agree. Weight decay is PyTorch's: weightDecay * parameter is added to the gradient, biases included.
"""

import torch
import torch.nn.functional as F

from foreign import flat, forward, generator, normals, parameters, write

SIZES = [5, 7, 4, 3]
ACTIVATIONS = ["tanh", "relu"]
ROWS = 8
STEPS = 10
# Keeps every hidden sum of every run 1e-3 from the corner of relu, which is asserted below.
SEED = 1289

RUNS = [
    ("sgd", dict(learningRate=0.1, momentum=0, nesterov=False, weightDecay=0)),
    ("sgd", dict(learningRate=0.1, momentum=0.9, nesterov=False, weightDecay=0)),
    ("sgd", dict(learningRate=0.1, momentum=0.9, nesterov=True, weightDecay=0)),
    ("sgd", dict(learningRate=0.1, momentum=0.9, nesterov=False, weightDecay=0.01)),
    ("sgd", dict(learningRate=0.1, momentum=0, nesterov=False, weightDecay=0.01)),
    ("adam", dict(learningRate=0.01, beta1=0.9, beta2=0.999, epsilon=1e-8, weightDecay=0)),
    ("adam", dict(learningRate=0.01, beta1=0.8, beta2=0.9, epsilon=1e-6, weightDecay=0.01)),
    # beta2 so small that the largest variance is often not the last one
    ("adam", dict(learningRate=0.01, beta1=0.5, beta2=0.3, amsgrad=True)),
    ("adamW", dict()),
    ("adamW", dict(learningRate=0.01, beta1=0.8, beta2=0.3, epsilon=1e-6, weightDecay=0.1, amsgrad=True)),
    ("adamax", dict()),
    ("adamax", dict(learningRate=0.01, beta1=0.8, beta2=0.9, epsilon=1e-6, weightDecay=0.01)),
    ("nadam", dict()),
    ("nadam", dict(learningRate=0.01, beta1=0.8, beta2=0.9, epsilon=1e-6, weightDecay=0.01, momentumDecay=0.1)),
    ("adagrad", dict()),
    ("adagrad", dict(learningRate=0.05, initialSum=0.1, epsilon=1e-6, weightDecay=0.01)),
    ("adadelta", dict()),
    ("adadelta", dict(learningRate=2, rho=0.8, epsilon=1e-4, weightDecay=0.01)),
    ("rmsprop", dict()),
    ("rmsprop", dict(learningRate=0.01, alpha=0.9, epsilon=1e-6, weightDecay=0.01, centered=True)),
    ("rmsprop", dict(learningRate=0.002, alpha=0.9, momentum=0.9, centered=True)),
    ("rprop", dict()),
    ("rprop", dict(learningRate=0.1, decrease=0.3, increase=1.5, minStep=0.02, maxStep=0.2)),
]

class NAdam(torch.optim.Optimizer):
    """PyTorch's formula since 2.0. Before, it counted the last momentum twice (its pull request 92699)."""

    def __init__(self, tensors, lr=2e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, momentum_decay=4e-3):
        super().__init__(tensors, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, psi=momentum_decay))
        self.steps = 0
        self.product = 1.0

    @torch.no_grad()
    def step(self):
        self.steps += 1
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            now, after = (beta1 * (1 - 0.5 * 0.96 ** (t * group["psi"])) for t in (self.steps, self.steps + 1))
            self.product *= now
            for tensor in group["params"]:
                state = self.state[tensor]
                slope = tensor.grad + group["weight_decay"] * tensor
                state["m"] = beta1 * state.get("m", 0) + (1 - beta1) * slope
                state["v"] = beta2 * state.get("v", 0) + (1 - beta2) * slope**2
                root = (state["v"] / (1 - beta2**self.steps)).sqrt() + group["eps"]
                ahead = after * state["m"] / (1 - self.product * after)
                tensor -= group["lr"] * ((1 - now) * slope / (1 - self.product) + ahead) / root


CLASSES = {
    "sgd": torch.optim.SGD,
    "adam": torch.optim.Adam,
    "adamW": torch.optim.AdamW,
    "adamax": torch.optim.Adamax,
    "nadam": NAdam,
    "adagrad": torch.optim.Adagrad,
    "adadelta": torch.optim.Adadelta,
    "rmsprop": torch.optim.RMSprop,
    "rprop": torch.optim.Rprop,
}
# What PyTorch calls our options, and those that it takes in pairs.
NAMES = {
    "learningRate": "lr",
    "weightDecay": "weight_decay",
    "epsilon": "eps",
    "initialSum": "initial_accumulator_value",
    "momentumDecay": "momentum_decay",
}
PAIRS = {"betas": ("beta1", "beta2"), "etas": ("decrease", "increase"), "step_sizes": ("minStep", "maxStep")}


def optimizer(algorithm, options, tensors):
    paired = {ours for pair in PAIRS.values() for ours in pair}
    arguments = {NAMES.get(name, name): value for name, value in options.items() if name not in paired}
    for theirs, (first, second) in PAIRS.items():
        if first in options:
            arguments[theirs] = (options[first], options[second])
    return CLASSES[algorithm](tensors, **arguments)


def rounded(values):
    """Ten digits of each, three more than float32 has."""
    return [float(f"{value:.10g}") for value in values]


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
        after = {name: rounded(flat(value)) for name, value in values.items()}
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
