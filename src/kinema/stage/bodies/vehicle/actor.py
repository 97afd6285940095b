"""A vehicle as a member of the cast: performs the cues drive and park."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kinema.buffers.event import Event
from kinema.buffers.scene_frame import F64, Lamp, Particles, Surface
from kinema.schema.storyboard import Subject
from kinema.stage.actor import Part, Region
from kinema.stage.bodies.vehicle.build import Model, model
from kinema.stage.bodies.vehicle.drive import Drive, Ground, drive_of
from kinema.stage.bodies.vehicle.dust import Dust
from kinema.stage.bodies.vehicle.species import Species, named
from kinema.stage.chance import chance
from kinema.stage.colours import colour
from kinema.stage.cue import Cue

SIZES = {"small": 0.9, "medium": 1.0, "large": 1.12}


class Vehicle:
    """An actor on four wheels; see the Actor protocol."""

    def __init__(self, subject: str, shape: Model, drive: Drive, dust: Dust) -> None:
        self.id = subject
        self._model = shape
        self._drive = drive
        self._dust = dust
        self._spots = spots(shape.row)

    def surfaces(self, time: float) -> list[Surface]:
        """Chassis, glass, wheels front right, front left, rear right, rear left, and a driver if it ever drives."""
        pose = self._drive.pose(time)
        body = [Surface(self._model.chassis, pose.chassis), Surface(self._model.glass, pose.chassis)]
        wheels = [Surface(self._model.wheel, wheel) for wheel in pose.wheels]
        return [*body, *wheels, *([Surface(self._model.driver, pose.chassis)] if self._drive.driven else [])]

    def region(self, time: float, part: Part) -> Region:
        """The whole; its upper half with the rack; or its tail, the face that a following camera sees."""
        row, scale = self._model.row, self._drive.scale
        top = self._spots["roof"][2]
        spot, height, width = {
            "whole": ((0.0, 0.0, top / 2), top, 0.55 * (row.plan.front - row.plan.rear)),
            "upper": ((0.0, -0.2, 0.72 * top), 0.6 * top, row.plan.width),
            "head": ((0.0, row.plan.rear, 0.5 * top), 0.8 * top, row.plan.width),
        }[part]
        x, y, z = self._place(time, spot)
        return Region((float(x), float(y), float(z)), height * scale, width * scale)

    def anchor(self, time: float, name: str) -> F64:
        """centre, front, rear, roof, driver, tail, exhaust, wheel_front_right and so on. KeyError if none."""
        return self._place(time, self._spots[name])

    def facing(self, time: float) -> float:
        """The chassis' yaw."""
        return self._drive.pose(time).yaw

    def particles(self, time: float) -> list[Particles]:
        """Dust from the rear wheels."""
        return self._dust.at(time)

    def lamps(self, time: float) -> list[Lamp]:
        """None: its lamps glow, but light nothing by day."""
        return []

    def events(self, start: float, end: float) -> list[Event]:
        """None: tyres roll."""
        return []

    def _place(self, time: float, spot: tuple[float, float, float]) -> F64:
        return np.asarray((self._drive.pose(time).chassis @ np.array([*spot, 1.0]))[:3])


def perform(subject: Subject, cues: Sequence[Cue], ground: Ground, seed: int, dust: float | None = None) -> Vehicle:
    """The subject's vehicle playing its cues.

    dust: 0 where the ground is wet, above 1 in a dust bowl; None: as on dry dirt, but none where the way is paved.

    Colours: body, roof_rack, wheels. Raises KeyError for a concept without a row.
    """
    name, row = named(subject.concept)
    plate = chance(seed, subject.id, "plate")
    letters = (
        "".join(plate.choice(list("ABCDEFGHJKLMNPRSTVWXYZ"), 3)) + " " + "".join(plate.choice(list("0123456789"), 3))
    )
    body = colour(subject.colours.get("body", row.paint))
    rack = colour(subject.colours.get("roof_rack", subject.colours.get("rack", "black")))
    rim = colour(subject.colours.get("wheels", "white" if row.wheel.style == "steel" else "silver"))
    shape = model(name, row, body, rack, rim, letters)
    drive = drive_of(row, SIZES[subject.size], subject.id, cues, ground, seed)
    if dust is None:
        dust = 0.0 if drive.paved else 1.0
    return Vehicle(subject.id, shape, drive, Dust(drive, subject.id, seed, dust))


def spots(row: Species) -> dict[str, tuple[float, float, float]]:
    """Named points in the vehicle's own frame (m)."""
    size, middle = row.wheel, row.sill + 0.5 * (row.belt - row.sill)
    top = row.belt + row.cabin.height + row.cabin.roof + (0.22 if row.rack else 0.0)
    wheels = {
        f"wheel_{end}_{side}": (sign * size.track / 2, y, size.radius)
        for end, y in (("front", size.front), ("rear", size.rear))
        for side, sign in (("right", 1.0), ("left", -1.0))
    }
    return {
        "centre": (0.0, 0.0, row.belt - 0.1),
        "front": (0.0, row.plan.front, middle),
        "rear": (0.0, row.plan.rear, middle),
        "tail": (0.0, row.plan.rear, row.lamps.tail_z),
        "head": (0.0, row.plan.front, row.lamps.head_z),
        "roof": (0.0, -0.5, top),
        "driver": (-0.36, row.cabin.belt.front - 0.75, row.belt + 0.4 * row.cabin.height),
        "exhaust": (-0.46, row.plan.rear, size.radius),
        **wheels,
    }
