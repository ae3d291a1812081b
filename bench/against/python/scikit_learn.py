"""scikit-learn's `MLPClassifier`, fed by `partial_fit`: whole passes over the data where so many steps are asked for, in batches, in order."""

from peer import serve, set_blas_threads


def start():
    import numpy
    import sklearn
    from sklearn.neural_network import MLPClassifier

    def train(problem):
        set_blas_threads(problem["threads"])
        sizes, batch = problem["sizes"], problem["batch"]
        inputs = problem["inputs"].reshape(-1, sizes[0])
        labels = problem["labels"]
        held = problem["held"]["inputs"].reshape(-1, sizes[0])
        model = MLPClassifier(
            hidden_layer_sizes=sizes[1:-1],
            activation="relu",
            solver="sgd",
            alpha=0,
            batch_size=batch,
            learning_rate_init=problem["learningRate"],
            momentum=0,
            shuffle=False,
        )
        model.partial_fit(inputs[:batch], labels[:batch], classes=numpy.arange(sizes[-1]))  # makes the arrays
        for layer, weight, bias in zip(problem["layers"], model.coefs_, model.intercepts_):
            weight[...] = layer["weight"].reshape(weight.shape)
            bias[...] = layer["bias"]
        steps = len(labels) // batch
        done = 0

        def run(times):
            nonlocal done
            end = done + times
            while done < end:
                first = done % steps
                last = min(steps, first + end - done)
                rows = slice(first * batch, last * batch)
                model.partial_fit(inputs[rows], labels[rows])
                done += last - first

        def outputs():  # probabilities' logarithms stand for logits
            return numpy.log(model.predict_proba(held))

        return "softmaxCrossEntropy", run, outputs

    return sklearn.__version__, {"train": train}


serve(start)
