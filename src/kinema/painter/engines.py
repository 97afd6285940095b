"""Which painter answers to which name, and what it needs."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

from kinema.painter.preview import PreviewPainter
from kinema.painter.protocol import Painter, ScenePainter
from kinema.painter.weights import installed, recommended
from kinema.schema.errors import MissingExtra
from kinema.schema.request import PainterName


def painter_for(name: PainterName, say: Callable[[str], None] = lambda sentence: None) -> Painter:
    """The painter of chunks of that name; auto is native when its weights are installed and recommend themselves, else
    the preview, and says so.

    Raises: MissingExtra when its weights or packages are not installed, WeightsDamaged.
    """
    if name == "auto" and not installed():
        say("the native painter's weights are not installed; the film shows the stage's preview")
        name = "preview"
    if name == "auto" and not recommended():
        why = "the native painter's weights do not recommend themselves (see docs/model-card.md)"
        say(f"{why}; the film shows the stage's preview")
        name = "preview"
    if name == "preview":
        return PreviewPainter()
    if name == "pathtrace":
        raise MissingExtra("the path tracer paints scenes, not chunks; this call cannot use it, try --painter preview")
    from kinema.painter.native import NativePainter

    return NativePainter()


def scene_painter_for(name: PainterName, seed: int) -> ScenePainter | None:
    """The painter of scenes of that name, its noise by the film's seed; None when the name is a painter of chunks.

    Raises: MissingExtra when its packages are not installed.
    """
    if name != "pathtrace":
        return None
    if find_spec("mitsuba") is None:
        raise MissingExtra('the painter "pathtrace" needs mitsuba; pip install "kinema[train]"')
    from kinema.painter.pathtrace import PathTracer

    return PathTracer(seed=seed)
