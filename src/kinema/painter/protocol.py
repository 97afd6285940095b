"""The painter protocols: chunks or scene frames in, linear light out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from kinema.buffers.chunk import F32, Chunk
from kinema.buffers.scene_frame import SceneFrame

State = dict[str, F32]  # named arrays of fixed shapes; empty before a take's first chunk


class Painter(Protocol):
    """An engine that turns a chunk's buffers into light."""

    name: str

    def paint(self, chunk: Chunk, state: State) -> tuple[F32, State]:
        """Linear radiance (T, H, W, 3) for a chunk, translucent layers not laid over it, and the state for the next.

        A chunk whose first_frame is 0 begins a new take: the state given with it is ignored.
        """
        ...


class ScenePainter(Protocol):
    """An engine that needs the scene itself beside its buffers."""

    name: str

    def paint_scenes(self, frames: Sequence[SceneFrame], chunk: Chunk) -> F32:
        """Linear radiance (T, H, W, 3) of a chunk's frames, fog in it, translucent layers not laid over it; chunk: the
        buffers of the same frames."""
        ...
