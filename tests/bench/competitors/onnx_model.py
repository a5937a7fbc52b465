# SPDX-FileCopyrightText: 2026 The Anomalens authors
# SPDX-License-Identifier: MIT
"""Writes graphs for onnxruntime-web from float32 weights, layer by layer [outputs x inputs, outputs]:

    python onnx_model.py columns hidden latent weights-file ...     four words a graph; writes <weights-file>.onnx

The input `rows` is n x columns, the output `errors` the mean squared error of each row."""
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 17  # the axes of ReduceMean are still an attribute


def graph(columns, hidden, latent, parameters):
    widths = [columns, hidden, latent, hidden, columns]
    nodes, constants, at, value = [], [], 0, "rows"
    for layer, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
        for name, shape in (("w", (outputs, inputs)), ("b", (outputs,))):
            size = int(np.prod(shape))
            constants.append(numpy_helper.from_array(parameters[at:at + size].reshape(shape), f"{name}{layer}"))
            at += size
        nodes.append(helper.make_node("Gemm", [value, f"w{layer}", f"b{layer}"], [f"y{layer}"], transB=1))
        value = f"y{layer}"
        if layer in (0, 2):
            nodes.append(helper.make_node("Relu", [value], [f"a{layer}"]))
            value = f"a{layer}"
    nodes += [helper.make_node("Sub", [value, "rows"], ["residual"]),
              helper.make_node("Mul", ["residual", "residual"], ["square"]),
              helper.make_node("ReduceMean", ["square"], ["errors"], axes=[1], keepdims=0)]
    rows = helper.make_tensor_value_info("rows", TensorProto.FLOAT, ["n", columns])
    errors = helper.make_tensor_value_info("errors", TensorProto.FLOAT, ["n"])
    assert at == len(parameters)
    return helper.make_graph(nodes, "autoencoder", [rows], [errors], constants)


def main():
    words = sys.argv[1:]
    for at in range(0, len(words), 4):
        *sizes, file = words[at:at + 4]
        made = graph(*map(int, sizes), np.fromfile(file, np.float32))
        model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
        onnx.checker.check_model(model)
        onnx.save(model, f"{file}.onnx")


main()
