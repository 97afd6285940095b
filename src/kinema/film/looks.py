"""Looks: what finishing does to light, one preset function a medium."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from kinema.buffers.scene_frame import Colour
from kinema.schema.storyboard import Look


@dataclass(frozen=True)
class Finish:
    """Amounts for the finishing passes. Colours are linear, fractions of 1 unless said.

    exposure: stops · contrast: slope of the tone curve at mid grey · gains: white balance · shadows, highlights: added
    tints · bloom: share of light scattered by the lens · halation: red share of it · grain: standard deviation at
    mid grey in 8-bit steps · weave: picture unsteadiness in pixels at 720 lines · ink: what fills silhouettes,
    None leaves the picture as it is · ink_reach: metres of air that bring land out of the ink · rim: share of the light
    behind a silhouette that grazes its outline
    """

    exposure: float = 0.0
    contrast: float = 1.0
    saturation: float = 1.12
    gains: Colour = (1.0, 1.0, 1.0)
    shadows: Colour = (0.0, 0.0, 0.0)
    highlights: Colour = (0.0, 0.0, 0.0)
    bloom: float = 0.06
    halation: float = 0.0
    grain: float = 0.6
    vignette: float = 0.12
    weave: float = 0.0
    ink: Colour | None = None
    ink_reach: float = 60.0
    rim: float = 0.0


def natural() -> Finish:
    """What a clean digital camera would give."""
    return Finish()


def film() -> Finish:
    """A colour negative, printed: soft shoulder, warm light, cool shade, halation, grain and a gate that breathes."""
    return Finish(
        contrast=1.06,
        saturation=0.96,
        shadows=(-0.004, 0.003, 0.010),
        highlights=(0.030, 0.010, -0.022),
        bloom=0.08,
        halation=0.05,
        grain=3.2,
        vignette=0.24,
        weave=0.35,
    )


def silhouette() -> Finish:
    """Shadow play: figures and what is near in ink with a fine rim, the far land and the sky in their own light."""
    return Finish(
        contrast=1.16,
        saturation=1.15,
        bloom=0.13,
        grain=1.2,
        vignette=0.30,
        ink=(0.0030, 0.0034, 0.0060),
        ink_reach=70.0,
        rim=1.7,
    )


MEDIA: dict[str, Callable[[], Finish]] = {"natural": natural, "film": film, "silhouette": silhouette}
GRADES: dict[str, Colour] = {"neutral": (1.0, 1.0, 1.0), "warm": (1.10, 1.0, 0.84), "cool": (0.91, 1.0, 1.12)}


def finish_for(look: Look) -> Finish:
    """The preset of a storyboard's look."""
    preset = MEDIA[look.medium]()
    return replace(preset, gains=GRADES[look.grade])
