"""A trained network as OpenVINO IR in half precision, sealed with its manifest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openvino
import torch

from kinema.painter.features import GUIDES
from kinema.painter.weights import NETWORK, write_manifest
from kinema.training.unet import UNet

SIZE = (96, 160)  # of the traced example; the painter reshapes it


def export(network: UNet, folder: Path, steps: int, facts: dict[str, Any]) -> None:
    """Write bridge.xml, bridge.bin and manifest.json. steps: evaluations a frame; facts: for the manifest."""
    height, width = SIZE
    example = {
        "guides": torch.zeros(1, GUIDES, height, width), "noisy": torch.zeros(1, 3, height, width),
        "time": torch.zeros(1, 1, 1, 1), "previous": torch.zeros(1, 4, height, width),
    }  # fmt: skip
    network = network.eval().float()
    model = openvino.convert_model(network, example_input=example)
    for port, name in zip(model.inputs, example, strict=True):
        port.get_tensor().set_names({name})
    model.outputs[0].get_tensor().set_names({"ratio"})
    folder.mkdir(parents=True, exist_ok=True)
    openvino.save_model(model, folder / NETWORK, compress_to_fp16=True)
    names = (NETWORK, Path(NETWORK).with_suffix(".bin").name)
    write_manifest(folder, names, {"steps": steps, **facts})
