"""
What the programs here share: numbers both sides can hold, a perceptron in PyTorch, the file at the end.

Every random number comes from Python's own generator, the same on every machine, and is rounded to float32
before use. Everything after that is float64. No layer of torch.nn is used: parameters have this project's names
and layout, so that nothing needs to be transposed on reading.
"""

import json
import math
import pathlib
import random

import torch
import torch.nn.functional as F

ACTIVATIONS = {
    "identity": lambda z: z,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
    "leakyRelu": lambda z: F.leaky_relu(z, 0.01),
    # PyTorch's default would become the identity above 20; 700 is where exp leaves float64.
    "softplus": lambda z: F.softplus(z, threshold=700),
}


def float32(values):
    """A float64 tensor of the float32 numbers nearest to `values`."""
    return torch.tensor(values, dtype=torch.float32).double()


def normals(generator, *shape, scale=1.0):
    count = math.prod(shape)
    return float32([generator.gauss(0, scale) for _ in range(count)]).reshape(shape)


def parameters(generator, sizes):
    """layers.i.weight [inputs x units] and layers.i.bias [units]; no bias is zero, so that none can hide."""
    made = {}
    for i, (inputs, units) in enumerate(zip(sizes, sizes[1:])):
        made[f"layers.{i}.weight"] = normals(generator, inputs, units, scale=inputs**-0.5)
        made[f"layers.{i}.bias"] = normals(generator, units, scale=0.3)
    return made


def forward(values, inputs, activations):
    """
    Logits [rows x outputs], and the least distance of a hidden sum from 0, where the ramps have their corner:
    float32 and float64 must not stand on different sides of it.
    """
    margin = math.inf
    for i in range(len(activations) + 1):
        inputs = inputs @ values[f"layers.{i}.weight"] + values[f"layers.{i}.bias"]
        if i < len(activations):
            margin = min(margin, inputs.abs().min().item())
            inputs = ACTIVATIONS[activations[i]](inputs)
    return inputs, margin


def flat(tensor):
    """The numbers, row-major."""
    return tensor.detach().reshape(-1).tolist()


def generator(seed):
    return random.Random(seed)


def write(program, content):
    """program.json beside program.py, every number with all digits of its float64."""
    path = pathlib.Path(program).with_suffix(".json")
    path.write_text(json.dumps({"torch": torch.__version__, **content}, allow_nan=False) + "\n")
