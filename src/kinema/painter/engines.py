"""Which painter answers to which name, and what it needs."""

from __future__ import annotations

from kinema.painter.preview import PreviewPainter
from kinema.painter.protocol import Painter
from kinema.schema.errors import MissingExtra
from kinema.schema.request import PainterName


def painter_for(name: PainterName) -> Painter:
    """The painter of that name; auto is whatever won on held-out worlds (docs/log.md says which).

    Raises: MissingExtra when its weights or packages are not installed.
    """
    if name in ("auto", "preview"):
        return PreviewPainter()
    raise MissingExtra(f"the painter {name!r} is not in this version yet; try --painter preview")
