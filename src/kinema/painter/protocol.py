"""The painter protocol: chunks in, linear light out, with a state of fixed size carried from one to the next."""

from __future__ import annotations

from typing import Protocol

from kinema.buffers.chunk import F32, Chunk

State = dict[str, F32]  # named arrays of fixed shapes; empty before a take's first chunk


class Painter(Protocol):
    """An engine that turns a chunk's buffers into light."""

    name: str

    def paint(self, chunk: Chunk, state: State) -> tuple[F32, State]:
        """Linear radiance (T, H, W, 3) for a chunk, translucent layers not laid over it, and the state for the next.

        A chunk whose first_frame is 0 begins a new take: the state given with it is ignored.
        """
        ...
