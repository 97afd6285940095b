"""Settings: a place built, lit and dressed, with the paths and marks that blocking may use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F64, Fog, KeyLight, Lamp, Particles, Sky, Surface
from kinema.stage.actor import Actor
from kinema.stage.cue import Mark, Path


@dataclass(frozen=True, eq=False)
class Moving:
    """What changes in a setting with time or the eye: surfaces (like ones in a steady order), particles, lamps.

    hung: surfaces overhead that are taken down, one by one, in shots whose camera would come too near them
    """

    surfaces: tuple[Surface, ...] = ()
    particles: tuple[Particles, ...] = ()
    lamps: tuple[Lamp, ...] = ()
    hung: tuple[Surface, ...] = ()


@dataclass(frozen=True)
class Box:
    """A solid for cameras and walkers to keep out of: lower and upper corners (m)."""

    low: tuple[float, float, float]
    high: tuple[float, float, float]


@dataclass(frozen=True)
class Luminary:
    """A disc in the sky that pictures are to show whole: unit vector towards it, its radius in radians."""

    direction: tuple[float, float, float]
    radius: float


def nothing_moves(time: float, eye: F64) -> Moving:
    """A still setting."""
    return Moving()


def nothing_yields(time: float, company: Sequence[Actor]) -> tuple[Surface, ...]:
    """A hard setting."""
    return ()


def flat_ground(points: F64) -> F64:
    """Height zero everywhere: (N, 2) -> (N,)."""
    return np.zeros(len(points))


@dataclass(frozen=True, eq=False)
class Setting:
    """A built place.

    surfaces, lamps: what stands still · moving(time, eye): what does not (eye (3,) is the camera, so that rain can
    fall around it) · soft(time, company): what gives way to those who are there, always as many surfaces ·
    ground: height in metres at (N, 2) · paths and marks by name; every setting has the path `main` and the marks
    `centre`, `left`, `right`, `far` · room: boxes a camera must stay inside of (empty: open air) ·
    solids: boxes it must stay out of · eyecatchers: boxes of what is too bright or too upright to stand right behind
    whoever is filmed · mirror_height: z of wet ground or water that mirrors ·
    vista: yaw in which the picture is best (towards the moon, the window), None where every way is as good ·
    luminary: the disc in the sky that figures should stand before, where there is one ·
    passers: how many people go about there when the storyboard names no crowd; they need lanes (paths `crowd...`)
    """

    surfaces: tuple[Surface, ...]
    sky: Sky
    paths: Mapping[str, Path]
    marks: Mapping[str, Mark]
    key_light: KeyLight | None = None
    lamps: tuple[Lamp, ...] = ()
    fog: Fog | None = None
    mirror_height: float | None = None
    ground: Callable[[F64], F64] = flat_ground
    moving: Callable[[float, F64], Moving] = nothing_moves
    soft: Callable[[float, Sequence[Actor]], tuple[Surface, ...]] = nothing_yields
    room: tuple[Box, ...] = ()
    solids: tuple[Box, ...] = ()
    eyecatchers: tuple[Box, ...] = ()
    vista: float | None = None
    luminary: Luminary | None = None
    passers: int = 0
