"""The other end of python.js: reads a line of JSON, works, answers with a line. Between two lines the process waits for input.

Not here: the libraries. A script imports its own inside `start`, so that one that is not installed is reported as missing.
"""

import ctypes
import json
import sys


def answer(**fields):
    print(json.dumps(fields), flush=True)


def loaded(value):
    """The problem with arrays in place of their files' names."""
    import numpy

    if isinstance(value, list):
        return [loaded(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "file" in value:
        return numpy.fromfile(value["file"], value["type"])
    return {key: loaded(item) for key, item in value.items()}


def openblas():
    """The library that NumPy and PyTorch multiply with."""
    try:
        return ctypes.CDLL("libopenblas.so.0")
    except OSError as error:
        raise ModuleNotFoundError("libopenblas.so.0", name="libopenblas.so.0") from error


def set_blas_threads(threads):
    openblas().openblas_set_num_threads(threads)


def serve(start):
    """`start()` gives the version and the factories: a factory makes of a problem (objective, run(times), outputs())."""
    try:
        version, factories = start()
    except ModuleNotFoundError as error:
        answer(missing=error.name)
        return
    answer(version=version)
    for line in sys.stdin:
        request = json.loads(line)
        if "make" in request:
            objective, run, outputs = factories[request["make"]](loaded(request["problem"]))
            answer(objective=objective)
        elif "run" in request:
            run(request["run"])
            answer()
        else:
            outputs().astype("float32").tofile(request["outputs"])
            answer()
