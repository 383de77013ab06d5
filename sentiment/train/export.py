"""From trained weights to the shipped file: an ONNX graph with 8-bit weights.

The graph is written out here, operation by operation, as fast as onnxruntime runs them on one
thread: its own fused operations where they are quicker, plain ones where they aren't. Weights
are rounded with one scale for each output (`rounding`), activations as they come with one scale
for all of a text's; hence one text is one run, and its answers don't depend on any neighbour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from sentiment.train.network import Network
from sentiment.train.rounding import MOST, Floats, rounded

_OPSET, _ONNX_IR = 17, 9
_OWN = "com.microsoft"
_TABLE = "encoder.embeddings.word_embeddings.weight"
_NORM = {"norm": "weight", "norm.bias": "bias"}


@dataclass(slots=True)
class _Graph:
    """Nodes and constants, while they are being written."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)

    def constant(self, name: str, value: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(value, name))
        return name

    def put(self, kind: str, inputs: list[str], output: str, *, own: bool = False, **settings: str | float) -> str:
        domain = _OWN if own else ""
        self.nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **settings))
        return output

    def linear(self, name: str, source: str, weight: Floats, bias: Floats | None = None) -> str:
        """Multiply by a rounded matrix [out, in]; add the bias unless what follows does."""
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


def _weights(network: Network) -> dict[str, Floats]:
    return {name: value.detach().numpy().astype(np.float32) for name, value in network.state_dict().items()}


def write_onnx(network: Network, kept: Sequence[int], path: Path) -> None:
    """Write `network` as a graph: `ids` [1, pieces] → `answers` [1, pieces, answers].

    Of its vocabulary the entries `kept` are taken along; they are the ids from now on.

    Every piece's share is given; a logit of the text is their mean, plus the bias in the file's
    metadata (`bias`, comma-separated).
    """
    weights, config = _weights(network), network.encoder.config
    weights[_TABLE] = weights[_TABLE][list(kept)]
    graph = _Graph()
    state = _embeddings(graph, weights)
    for layer in range(config.num_hidden_layers):
        state = _layer(graph, weights, f"encoder.encoder.layer.{layer}.", state, config.num_attention_heads)
    head = graph.constant("head", np.ascontiguousarray(weights["head.weight"].T))
    graph.put("MatMul", [state, head], "answers")
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "replies",
            [helper.make_tensor_value_info("ids", TensorProto.INT32, [1, "pieces"])],
            [helper.make_tensor_value_info("answers", TensorProto.FLOAT, [1, "pieces", weights["head.bias"].size])],
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
    table = weights[_TABLE]
    scales = np.maximum(np.abs(table).max(axis=1, keepdims=True), 1e-8) / MOST
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
    return _normed(graph, begin, weights, "words.vectors", "places")


def _layer(graph: _Graph, weights: dict[str, Floats], begin: str, state: str, heads: int) -> str:
    """Attention and feed-forward of one layer, each with its shortcut and its normalisation."""

    def linear(name: str, source: str, part: str, *, biased: bool = True) -> str:
        bias = weights[f"{begin}{part}.bias"] if biased else None
        return graph.linear(f"{begin}{name}", source, weights[f"{begin}{part}.weight"], bias)

    parts = [linear(name, state, f"attention.self.{name}") for name in ("query", "key", "value")]
    seen = graph.put("MultiHeadAttention", parts, f"{begin}seen", own=True, num_heads=heads)
    out = linear("out", seen, "attention.output.dense")
    state = _normed(graph, f"{begin}attention.output.", weights, out, state)
    wide = linear("wide", state, "intermediate.dense", biased=False)
    bias = graph.constant(f"{begin}wide.bias", weights[f"{begin}intermediate.dense.bias"])
    bent = graph.put("BiasGelu", [wide, bias], f"{begin}bent", own=True)
    return _normed(graph, f"{begin}output.", weights, linear("narrow", bent, "output.dense"), state)


def _normed(graph: _Graph, begin: str, weights: dict[str, Floats], part: str, shortcut: str) -> str:
    """Add the shortcut, then normalise: two plain operations, a fifth of the whole quicker than the fused one."""
    total = graph.put("Add", [part, shortcut], f"{begin}sum")
    norm = [graph.constant(f"{begin}{short}", weights[f"{begin}LayerNorm.{long}"]) for short, long in _NORM.items()]
    return graph.put("LayerNormalization", [total, *norm], f"{begin}joined", axis=-1, epsilon=1e-12)
