"""
Functions of one number and of one row, from PyTorch in float64, at float32 inputs from ordinary to extreme.
Values beyond float32 are left as float64 has them, infinities included. At a corner the derivative is PyTorch's:
0 for abs and relu, the slope 0.01 for leakyRelu. A row's function has a matrix for a derivative, so what stands
here is `upstream` times that matrix, as backpropagation asks for it.
"""

import torch

from foreign import ACTIVATIONS, flat, float32, generator, write

LEAST = 2.0**-149
LEAST_NORMAL = 2.0**-126
LARGEST = (2 - 2.0**-23) * 2.0**127
MAGNITUDES = [
    *[LEAST, LEAST_NORMAL, 1e-30, 1e-10, 1e-7, 1e-4, 1e-3, 0.01, 0.1, 0.25, 0.3, 0.5, 0.6931472],
    *[0.9999999, 1, 1.0000001, 1.5, 2, 3, 4, 5, 7, 8, 9, 10, 12, 15, 16, 17, 20, 30, 40, 60, 80],
    # float32's exp is subnormal below -87.3, nothing below -104, and too large above 88.7.
    *[86, 87, 87.3, 87.4, 88, 88.5, 88.7, 88.8, 89, 100, 103, 103.9, 104, 105, 127, 128, 150],
    *[1e3, 1e4, 1e10, 1e20, LARGEST],
]
draws = generator(1)
ORDINARY = [draws.uniform(-12, 12) for _ in range(60)]
ANY = [0.0, -0.0, *MAGNITUDES, *(-x for x in MAGNITUDES), *ORDINARY]
# Zero, for its infinities; the forty draws spread over the exponents rather than over the line.
POSITIVE = [0.0, *MAGNITUDES, *(2 ** draws.uniform(-126, 127) for _ in range(40)), *(abs(x) for x in ORDINARY)]

ELEMENTWISE = {
    "exp": (torch.exp, ANY),
    "log": (torch.log, POSITIVE),
    "sqrt": (torch.sqrt, POSITIVE),
    "abs": (torch.abs, ANY),
    "square": (torch.square, ANY),
    **{name: (ACTIVATIONS[name], ANY) for name in ["tanh", "sigmoid", "softplus", "relu", "leakyRelu"]},
}

# Autograd's 1 - y*y and y*(1 - y) lose all digits where y is near 1; these keep them.
EXACT_DERIVATIVES = {
    "tanh": lambda x: torch.cosh(x) ** -2,
    "sigmoid": lambda x: torch.sigmoid(x) * torch.sigmoid(-x),
}

ROWWISE = {
    "softmax": lambda x: torch.softmax(x, 1),
    "logSoftmax": lambda x: torch.log_softmax(x, 1),
    "logSumExp": lambda x: torch.logsumexp(x, 1),
}
ROWS = [
    [0, 0, 0, 0, 0],
    [1, 2, 3, 4, 5],
    [-1e4, -1e4, -1e4, -1e4, -1e4],
    [1e4, 0, -1e4, 9999, 1e4],
    [88, 88, 89, -88, 0],
    [-104, -103, -88, -87, -100],
    [LEAST, -LEAST, LEAST_NORMAL, 0, -0.0],
    [1e30, -1e30, 0, 1, -1],
    [0, -20, -50, -100, -120],
    *[[draws.gauss(0, 3) for _ in range(5)] for _ in range(6)],
]


def differentiate(function, inputs, upstream=None):
    x = float32(inputs).requires_grad_()
    values = function(x)
    upstream = torch.ones_like(values) if upstream is None else upstream
    values.backward(upstream)
    return x.detach(), values, x.grad


def numbers(tensor):
    """flat, with what JSON does not know or JavaScript's writers lose as the strings that Number() reads."""
    strings = {"inf": "Infinity", "-inf": "-Infinity", "-0.0": "-0"}
    return [strings.get(str(x), x) for x in flat(tensor)]


def elementwise(name):
    function, inputs = ELEMENTWISE[name]
    x, values, derivatives = differentiate(function, inputs)
    if name in EXACT_DERIVATIVES:
        exact = EXACT_DERIVATIVES[name](x)
        assert torch.allclose(exact, derivatives, rtol=0, atol=1e-15), name
        derivatives = exact
    return {"inputs": numbers(x), "values": numbers(values), "derivatives": numbers(derivatives)}


def rowwise(name):
    width = 1 if name == "logSumExp" else len(ROWS[0])
    upstream = float32([[((i * 5 + j * 3) % 7 - 2.5) / 4 for j in range(width)] for i in range(len(ROWS))])
    upstream = upstream.squeeze(1) if width == 1 else upstream
    x, values, derivatives = differentiate(ROWWISE[name], ROWS, upstream)
    return {
        "rows": len(ROWS),
        "columns": len(ROWS[0]),
        "inputs": numbers(x),
        "values": numbers(values),
        "upstream": numbers(upstream),
        "derivatives": numbers(derivatives),
    }


write(
    __file__,
    {
        "elementwise": {name: elementwise(name) for name in ELEMENTWISE},
        "rowwise": {name: rowwise(name) for name in ROWWISE},
    },
)
