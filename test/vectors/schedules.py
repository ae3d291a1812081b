"""
Learning rates of PyTorch's schedulers, rate 1 at the beginning: 100 steps of each, or for the plateau 100 epochs
whose losses stand beside. `warmup` is the product of PyTorch's linear ramp and its cosine.
"""

import torch
from torch.optim import lr_scheduler as schedulers

from foreign import generator, write

STEPS = 100


def rates(make, losses=None, rate=1.0):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate, momentum=0.9)
    scheduler = make(optimizer)
    result = []
    for step in range(STEPS):
        result.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step(*([] if losses is None else [losses[step]]))
    return result


draws = generator(3)
# Falls, stays, falls, rises.
losses = [max(0.3, 2 - step / 15) + (step > 70) * step / 100 + 0.02 * draws.random() for step in range(STEPS)]
warm = rates(lambda o: schedulers.LinearLR(o, start_factor=0.25, end_factor=1, total_iters=20))
cosine = rates(lambda o: schedulers.CosineAnnealingLR(o, T_max=STEPS))
write(
    __file__,
    {
        "steps": STEPS,
        "losses": losses,
        "rates": {
            "linear": rates(lambda o: schedulers.LinearLR(o, start_factor=1, end_factor=0, total_iters=STEPS)),
            "cosine": cosine,
            "polynomial": rates(lambda o: schedulers.PolynomialLR(o, total_iters=STEPS, power=2)),
            "step": rates(lambda o: schedulers.StepLR(o, step_size=30, gamma=0.3)),
            "exponential": rates(lambda o: schedulers.ExponentialLR(o, gamma=0.97)),
            "ramp": rates(lambda o: schedulers.LinearLR(o, start_factor=0.2, end_factor=0.8, total_iters=40)),
            "warmup": [a * b for a, b in zip(warm, cosine)],
            "oneCycle": rates(lambda o: schedulers.OneCycleLR(o, max_lr=1, total_steps=STEPS + 1)),
            "plateau": rates(
                lambda o: schedulers.ReduceLROnPlateau(o, factor=0.5, patience=2, threshold=0.01), losses
            ),
        },
    },
)
