"""A workshop: what every built street has while it is built, its chance, its share of the night's light, its lamps."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from kinema.buffers.scene_frame import Colour, Lamp, Surface
from kinema.stage.chance import chance
from kinema.stage.sets.assembly import Assembly, Frame
from kinema.stage.setting import Box


@dataclass(eq=False)
class Workshop:
    """Parts draw lots from it and add their lamps to it. power: share of the night's electric light.

    lamps: what is gathered with its neighbours, for there are too many · alone: what stays itself, for its pool of
    light
    """

    seed: int
    power: float
    lamps: list[Lamp] = field(default_factory=list, kw_only=True)
    alone: list[Lamp] = field(default_factory=list, kw_only=True)

    def rng(self, subject: str, purpose: str) -> np.random.Generator:
        """Chance for a part."""
        return chance(self.seed, subject, purpose)

    def shine(
        self,
        frame: Frame,
        at: tuple[float, float, float],
        glow: Colour,
        area: float,
        radius: float,
        way: tuple[float, float, float] | None = None,
    ) -> None:
        """Add the lamp of an emitting face: glow is its mean radiance, area in square metres."""
        self.lamps.append(lamp(frame, at, glow, area, radius, way))


@dataclass(frozen=True, eq=False)
class Standing:
    """What of a street stands still: its surfaces, its lamps, and the space its houses fill."""

    surfaces: tuple[Surface, ...]
    lamps: tuple[Lamp, ...]
    solids: tuple[Box, ...]


def at_power(colour: Colour, power: float) -> Colour:
    """A lamp's radiance at a share of the night's light."""
    red, green, blue = colour
    return red * power, green * power, blue * power


def lamp(
    frame: Frame,
    at: tuple[float, float, float],
    glow: Colour,
    area: float,
    radius: float,
    way: tuple[float, float, float] | None = None,
) -> Lamp:
    """The lamp an emitting face stands for: a Lambertian face of radiance L and area A shows white L A / pi at 1 m."""
    red, green, blue = (float(c) * area / np.pi for c in glow)
    normal = frame.way(way) if way else None
    return Lamp(frame.place(*at), (red, green, blue), radius, normal, None, stands_for_surface=True)


def dimmer(one: Lamp, share: float) -> Lamp:
    """A lamp with a share of its light."""
    return replace(one, colour=at_power(one.colour, share))


def still(pieces: list[Assembly], ground: list[Assembly]) -> tuple[Surface, ...]:
    """Finished pieces as surfaces; those that lie on the ground cast no shadow."""
    built = [piece.surface() for piece in pieces if not piece.empty]
    return (*built, *(piece.surface(casts_shadow=False) for piece in ground))
