"""PyTorch as its tutorials use it: `nn.Sequential` of `nn.Linear`, `F.cross_entropy`, `optim.SGD`, batches that are tensors beforehand."""

from peer import serve, set_blas_threads


def start():
    import torch
    from torch import nn
    from torch.nn import functional as F

    def network(problem):
        torch.set_num_threads(problem["threads"])
        set_blas_threads(problem["threads"])
        modules = []
        for layer in problem["layers"]:
            linear = nn.Linear(layer["inputs"], layer["units"])
            with torch.no_grad():
                linear.weight.copy_(torch.from_numpy(layer["weight"].reshape(layer["inputs"], layer["units"])).T)
                linear.bias.copy_(torch.from_numpy(layer["bias"]))
            modules += [linear, nn.ReLU()]
        return nn.Sequential(*modules[:-1])  # the last layer gives logits

    def train(problem):
        model = network(problem)
        optimizer = torch.optim.SGD(model.parameters(), lr=problem["learningRate"])
        width, batch = problem["sizes"][0], problem["batch"]
        inputs = torch.from_numpy(problem["inputs"].reshape(-1, width)).split(batch)
        labels = torch.from_numpy(problem["labels"]).long().split(batch)
        held = torch.from_numpy(problem["held"]["inputs"].reshape(-1, width))
        done = 0

        def run(times):
            nonlocal done
            for step in range(done, done + times):
                at = step % len(inputs)
                loss = F.cross_entropy(model(inputs[at]), labels[at])
                optimizer.zero_grad(set_to_none=True)
                loss.backward()
                optimizer.step()
            done += times

        def outputs():
            with torch.no_grad():
                return model(held).numpy()

        return "softmaxCrossEntropy", run, outputs

    def infer(problem):
        model = network(problem).eval()
        rows = problem["inputs"].reshape(problem["batch"], -1)
        logits = None

        def run(times):
            nonlocal logits
            with torch.inference_mode():
                for _ in range(times):
                    logits = model(torch.from_numpy(rows)).numpy()

        return None, run, lambda: logits

    return torch.__version__, {"train": train, "infer": infer}


serve(start)
