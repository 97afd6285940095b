"""Actors: whatever of the cast stands, moves and is looked at. A family of bodies implements this protocol."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

import numpy as np

from kinema.buffers.event import Event
from kinema.buffers.scene_frame import F64, Camera, Lamp, Particles, Surface
from kinema.stage.beforehand import Order

Part = Literal["whole", "upper", "head"]


@dataclass(frozen=True)
class Region:
    """What a camera frames: the middle of a part of a subject (3,) and its extent in metres."""

    centre: tuple[float, float, float]
    height: float
    width: float


class Actor(Protocol):
    """One member of the cast. Every method is a pure function of the scene's clock, in seconds."""

    id: str

    def surfaces(self, time: float) -> list[Surface]:
        """Posed surfaces, always the same number in the same order, so that motion can be had from two calls."""
        ...

    def region(self, time: float, part: Part) -> Region:
        """The box a camera should hold to show that part."""
        ...

    def anchor(self, time: float, name: str) -> F64:
        """A named point (3,): head, eyes, chest, hip, hand_left, hand_right, feet, mouth, back ... KeyError if none."""
        ...

    def facing(self, time: float) -> float:
        """Yaw in radians of the way it looks: 0 is +Y, counter-clockwise from above."""
        ...

    def particles(self, time: float) -> list[Particles]:
        """Dust, breath, sparks that the subject makes."""
        ...

    def lamps(self, time: float) -> list[Lamp]:
        """Lights it carries."""
        ...

    def events(self, start: float, end: float) -> list[Event]:
        """Contacts in [start, end)."""
        ...


@runtime_checkable
class Passing(Protocol):
    """An actor of whom it is cheap to say where it goes."""

    def place(self, time: float) -> F64:
        """Where it is (3,) at a time, to a hand's breadth."""
        ...


@runtime_checkable
class Graded(Protocol):
    """An actor that has fewer triangles where a camera cannot tell more apart."""

    def seen(self, time: float, camera: Camera) -> list[Surface]:
        """Posed surfaces for a camera; their number may change with its distance."""
        ...


@runtime_checkable
class Prepared(Protocol):
    """An actor whose shapes are made when they are first seen, unless they were made beforehand."""

    def orders(self) -> list[Order]:
        """What makes them in another process, those for close by first."""
        ...


@runtime_checkable
class Heavy(Protocol):
    """An actor that soft ground gives way to."""

    def bears(self, time: float) -> F64:
        """Where it weighs on what is under it (N, 4): places and how broad each is (m)."""
        ...


def forward(yaw: float) -> F64:
    """The ground direction (3,) a yaw looks along: 0 is +Y, counter-clockwise from above."""
    return np.array([-np.sin(yaw), np.cos(yaw), 0.0])


def has_anchor(one: Actor, time: float, name: str) -> bool:
    """Whether an actor knows a point by that name: a car has no eyes."""
    try:
        one.anchor(time, name)
    except KeyError:
        return False
    return True
