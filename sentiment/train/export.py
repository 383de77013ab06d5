"""From trained weights to the shipped file: an ONNX graph with 8-bit weights.

The graph is written out here, operation by operation, in onnxruntime's own fused operations.
Weights are rounded in blocks and activations row by row, so that a text's answers don't
depend on its neighbours in a batch (per-tensor dynamic quantisation would make them).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from sentiment.train.network import Network

_OPSET, _ONNX_IR = 17, 9
_OWN = "com.microsoft"
_BLOCK = 32
_ROW_WISE = 4  # accuracy level of MatMulNBits: int8 activations, one scale a block of a row
_MOST = 127

Floats = NDArray[np.float32]


@dataclass(slots=True)
class _Graph:
    """Nodes and constants, while they are being written."""

    bits: int
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)

    def constant(self, name: str, value: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(value, name))
        return name

    def put(self, kind: str, inputs: list[str], output: str, *, own: bool = False, **settings: str | float) -> str:
        domain = _OWN if own else ""
        self.nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **settings))
        return output

    def linear(self, name: str, source: str, weight: Floats, bias: Floats | None) -> str:
        """Multiply by a rounded matrix [out, in]; add the bias unless a fused operation does."""
        packed, scales = rounded(weight)
        inputs = [
            source,
            self.constant(f"{name}.weight", packed),
            self.constant(f"{name}.scales", scales),
            self.constant(f"{name}.zero", np.zeros(scales.shape, np.int8)),
        ]
        if bias is not None:
            inputs.append(self.constant(f"{name}.bias", bias))
        return self.put("DynamicQuantizeMatMul", inputs, name, own=True)


def rounded(weight: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Round a matrix [out, in] to 8 bits, a scale for each output: (as [in, out], scales)."""
    scales = np.maximum(np.abs(weight).max(axis=1), 1e-8) / _MOST
    whole = np.rint(weight / scales[:, None]).astype(np.int8)
    return np.ascontiguousarray(whole.T), scales.astype(np.float32)


def _weights(network: Network) -> dict[str, Floats]:
    return {name: value.detach().numpy().astype(np.float32) for name, value in network.state_dict().items()}


def write_onnx(network: Network, path: Path, *, bits: int = 8) -> None:
    """Write `network` as a graph: `ids`, `mask` [texts, pieces] → `answers` [texts, pieces, answers].

    Every piece's share is given; a logit of a text is their mean over its mask, plus the bias
    in the file's metadata (`bias`, comma-separated).
    """
    weights, config = _weights(network), network.encoder.config
    graph = _Graph(bits)
    state = _embeddings(graph, weights)
    for layer in range(config.num_hidden_layers):
        state = _layer(graph, weights, f"encoder.encoder.layer.{layer}.", state, config.num_attention_heads)
    head = graph.constant("head", np.ascontiguousarray(weights["head.weight"].T))
    graph.put("MatMul", [state, head], "answers")
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "replies",
            [helper.make_tensor_value_info(name, TensorProto.INT32, ["texts", "pieces"]) for name in ("ids", "mask")],
            [
                helper.make_tensor_value_info(
                    "answers", TensorProto.FLOAT, ["texts", "pieces", weights["head.bias"].size]
                )
            ],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", _OPSET), helper.make_opsetid(_OWN, 1)],
        ir_version=_ONNX_IR,
        producer_name="afterword",
    )
    helper.set_model_props(model, {"bias": ",".join(f"{value:.6f}" for value in weights["head.bias"])})
    onnx.save(model, path)


def _embeddings(graph: _Graph, weights: dict[str, Floats]) -> str:
    """Word (8 bits, a scale each), place and the one segment, normalised."""
    begin = "encoder.embeddings."
    table = weights[f"{begin}word_embeddings.weight"]
    scales = np.maximum(np.abs(table).max(axis=1, keepdims=True), 1e-8) / _MOST
    graph.constant("words.table", np.rint(table / scales).astype(np.int8))
    graph.constant("words.scales", scales.astype(np.float32))
    places = weights[f"{begin}position_embeddings.weight"][:128] + weights[f"{begin}token_type_embeddings.weight"][0]
    graph.constant("places.table", places)
    graph.put("Gather", ["words.table", "ids"], "words.rounded")
    graph.put("Gather", ["words.scales", "ids"], "words.scale")
    graph.put("Cast", ["words.rounded"], "words.float", to=TensorProto.FLOAT)
    graph.put("Mul", ["words.float", "words.scale"], "words.vectors")
    graph.put("Shape", ["ids"], "shape")
    graph.constant("zero", np.array([0], np.int64))
    graph.constant("one", np.array([1], np.int64))
    graph.constant("two", np.array([2], np.int64))
    graph.put("Slice", ["shape", "one", "two", "zero"], "pieces")
    graph.put("Slice", ["places.table", "zero", "pieces", "zero"], "places")
    graph.put("Add", ["words.vectors", "places"], "embedded")
    norm = [
        graph.constant("embedded.norm", weights[f"{begin}LayerNorm.weight"]),
        graph.constant("embedded.norm.bias", weights[f"{begin}LayerNorm.bias"]),
    ]
    return graph.put("LayerNormalization", ["embedded", *norm], "layer.in", axis=-1, epsilon=1e-12)


def _layer(graph: _Graph, weights: dict[str, Floats], begin: str, state: str, heads: int) -> str:
    """Attention and feed-forward of one layer, each with its shortcut and its normalisation."""
    parts = [
        graph.linear(
            f"{begin}{name}",
            state,
            weights[f"{begin}attention.self.{name}.weight"],
            weights[f"{begin}attention.self.{name}.bias"],
        )
        for name in ("query", "key", "value")
    ]
    seen = graph.put("MultiHeadAttention", [*parts, "", "mask"], f"{begin}seen", own=True, num_heads=heads)
    out = graph.linear(f"{begin}out", seen, weights[f"{begin}attention.output.dense.weight"], None)
    state = _joined(graph, f"{begin}attention.output.", weights, out, state)
    wide = graph.linear(f"{begin}wide", state, weights[f"{begin}intermediate.dense.weight"], None)
    bias = graph.constant(f"{begin}wide.bias", weights[f"{begin}intermediate.dense.bias"])
    wide = graph.put("BiasGelu", [wide, bias], f"{begin}bent", own=True)
    narrow = graph.linear(f"{begin}narrow", wide, weights[f"{begin}output.dense.weight"], None)
    return _joined(graph, f"{begin}output.", weights, narrow, state)


def _joined(graph: _Graph, begin: str, weights: dict[str, Floats], part: str, shortcut: str) -> str:
    names = {"norm": "LayerNorm.weight", "norm.bias": "LayerNorm.bias", "bias": "dense.bias"}
    constants = [graph.constant(f"{begin}{short}", weights[f"{begin}{long}"]) for short, long in names.items()]
    return graph.put("SkipLayerNormalization", [part, shortcut, *constants], f"{begin}joined", own=True, epsilon=1e-12)
