"""The preview as a painter: zero steps, the stage's own shading."""

from __future__ import annotations

from kinema.buffers.chunk import F32, Chunk
from kinema.painter.protocol import State


class PreviewPainter:
    """Passes the preview on as it is."""

    name = "preview"

    def paint(self, chunk: Chunk, state: State) -> tuple[F32, State]:
        """See Painter.paint; needs no state."""
        return chunk.preview, {}
