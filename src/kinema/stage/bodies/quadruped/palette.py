"""An animal's colours: the species' row, bent towards what the storyboard asks for, linear Rec.709."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F64, Colour
from kinema.stage.bodies.quadruped.species import Species
from kinema.stage.colours import colour, from_hex

COAT = ("back", "side", "belly", "legs", "face", "mark")


@dataclass(frozen=True, eq=False)
class Palette:
    """Linear colours (3,)."""

    back: F64
    side: F64
    belly: F64
    legs: F64
    face: F64
    mark: F64
    nose: F64
    inner_ear: F64
    iris: F64

    @property
    def rim(self) -> F64:
        """The dark line around an eye and along the lips."""
        return np.full(3, 0.012)

    @property
    def lid(self) -> F64:
        """Short fur around the eye."""
        return 0.25 * self.face + 0.50 * self.side

    @property
    def ear_back(self) -> F64:
        """The outside of an ear."""
        return 0.6 * self.side + 0.4 * self.back

    @property
    def whisker(self) -> F64:
        """Pale on all but pale coats would vanish against the sky, so a light grey."""
        return np.full(3, 0.72)


DULL, WARM = 0.25, np.array([1.10, 1.0, 0.84])  # how far hair's colour lies towards a warm grey of the same light
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


def linear(hexes: str) -> F64:
    """An sRGB colour such as '#7a6a58' to linear (3,)."""
    return np.array(from_hex(hexes))


def palette(species: Species, asked: Mapping[str, str]) -> Palette:
    """The row's colours; asked['body'] recolours the coat keeping its lights and darks, 'eyes' the iris."""
    coat = species.coat
    tones = {name: linear(getattr(coat, name)) for name in COAT}
    if "body" in asked:
        tones = _recoloured(tones, _as_fur(np.asarray(colour(asked["body"]))))
    tones = {name: np.clip(tone, 0.004, 0.95) for name, tone in tones.items()}
    iris = np.asarray(colour(asked["eyes"])) if "eyes" in asked else linear(species.eye.iris)
    return Palette(**tones, nose=linear(coat.nose), inner_ear=linear(coat.inner_ear), iris=iris)


def tint(warmth: float) -> Colour:
    """What makes members of one pack differ, by warmth in [-1, 1]: browner and darker, or greyer and lighter."""
    shade = 1.0 - 0.26 * warmth
    return shade * (1.0 + 0.05 * warmth), shade, shade * (1.0 - 0.07 * warmth)


def _as_fur(paint: F64) -> F64:
    """A colour as hair has it: never as pure as paint, and warm where it is pale."""
    return np.asarray((1.0 - DULL) * paint + DULL * (paint @ LUMINANCE) * WARM)


def _recoloured(tones: Mapping[str, F64], body: F64) -> dict[str, F64]:
    """The asked colour, darker where the coat was darker than its side and lighter where it was lighter."""
    light = {name: float(tone.mean()) for name, tone in tones.items()}
    contrast = 0.45
    return {name: np.clip(body * (light[name] / light["side"]) ** contrast, 0.006, 0.9) for name in tones}
