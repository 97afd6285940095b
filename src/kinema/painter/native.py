"""The native painter: a diffusion bridge from the preview to the path-traced frame, run by OpenVINO on the CPU."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from kinema.buffers.chunk import F32, Chunk
from kinema.painter.features import MOST, Seen, factor_for, remembered, seen, spread
from kinema.painter.protocol import State
from kinema.painter.weights import FOLDER, NETWORK, checked

GRAIN = 32  # the network's sides are multiples of this
PREVIOUS = "previous"


class NativePainter:
    """Paints frame after frame; a frame sees the one before as it was painted, moved along by the motion vectors.

    steps: 1 or 2 evaluations of the network a frame, the number it was trained for unless given; 0 is the preview.
    Raises: MissingExtra, WeightsDamaged when made without sound weights.
    """

    name = "native"

    def __init__(self, steps: int | None = None, folder: Path = FOLDER) -> None:
        manifest = checked(folder)
        self.steps = int(manifest.get("steps", 1)) if steps is None else steps
        self._file = folder / NETWORK
        self._ready: tuple[tuple[int, int], Any] | None = None

    def paint(self, chunk: Chunk, state: State) -> tuple[F32, State]:
        """See Painter.paint. State: previous (h, w, 3), the ratio painted last, at working size."""
        if self.steps == 0:
            return chunk.preview, {}
        frames, height, _ = chunk.shape
        factor = factor_for(height)
        ratio = None if chunk.first_frame == 0 else state.get(PREVIOUS)
        painted = np.empty_like(chunk.preview)
        for index in range(frames):
            view = seen(chunk, index, factor)
            ratio = self._ratio(view, ratio)
            spread(chunk, index, view, ratio, factor, painted[index])
        return painted, {PREVIOUS: np.asarray(ratio, np.float32)}

    def _ratio(self, view: Seen, previous: F32 | None) -> F32:
        """The painted light against the preview's (h, w, 3), in the units of features.encoded."""
        h, w = view.valid.shape
        memory = np.zeros((4, h, w), np.float32) if previous is None else remembered(previous, view)
        guides, memory = _padded(view.guides), _padded(memory)
        ratio = np.zeros((1, 3, *guides.shape[2:]), np.float32)
        request = self._request(guides.shape[2], guides.shape[3])
        for step in range(self.steps):
            time = np.full((1, 1, 1, 1), step / self.steps, np.float32)
            given = {"guides": guides, "noisy": ratio * time, "time": time, "previous": memory}
            ratio = request.infer(given)[0].astype(np.float32)
        found: F32 = np.ascontiguousarray(np.clip(ratio[0, :, :h, :w], -MOST, MOST).transpose(1, 2, 0))
        return found

    def _request(self, height: int, width: int) -> Any:
        """The network compiled for one size, on one thread: the other core stages the next frames meanwhile."""
        if self._ready is None or self._ready[0] != (height, width):
            import openvino

            core = openvino.Core()
            model = core.read_model(self._file)
            sizes = {"guides": height, "noisy": height, "previous": height}
            model.reshape({name: [1, model.input(name).partial_shape[1], height, width] for name in sizes})
            compiled = core.compile_model(model, "CPU", {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": 1})
            self._ready = (height, width), compiled.create_infer_request()
        return self._ready[1]


def _padded(image: F32) -> F32:
    """(C, h, w) to (1, C, h', w'), both sides multiples of GRAIN, the edge repeated."""
    _, h, w = image.shape
    return np.pad(image, ((0, 0), (0, -h % GRAIN), (0, -w % GRAIN)), mode="edge")[None]
