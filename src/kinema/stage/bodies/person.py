"""A person of the cast: an appearance, and a performance that moves it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Literal

import numpy as np

from kinema.buffers.event import Event
from kinema.buffers.scene_frame import F64, Camera, Lamp, Particles, Surface
from kinema.schema.storyboard import Subject
from kinema.stage.actor import Part, Region
from kinema.stage.beforehand import Order
from kinema.stage.bodies.people.appearance import appearance
from kinema.stage.bodies.people.figure import Figure
from kinema.stage.bodies.people.model import PersonModel
from kinema.stage.bodies.people.person import dress
from kinema.stage.bodies.people.skeleton import FACE_UNITS, PersonPose
from kinema.stage.bodies.people.trailing import Trailing
from kinema.stage.cue import Cue
from kinema.stage.motion.action_table import action_table
from kinema.stage.motion.actions.moment import Hands
from kinema.stage.motion.footsteps import Ground
from kinema.stage.motion.instant import Instant
from kinema.stage.motion.performance import Performance
from kinema.stage.motion.posture import FACE_COLUMNS
from kinema.stage.motion.rig import Rig

STEADY = np.arange(-12, 13, 3) / 24.0  # seconds around a moment over which a region is averaged: about a stride
SAMPLES = {"hero": 48, "extra": 24}  # a second; frames between them are interpolated

SWINGS = 90.0  # pixels that a metre takes on the picture: who is known from so near has skirts and bags that swing
SHADOW = 14.0  # metres that a low sun draws somebody out to
HEELED = 0.7  # share of a sole's height cut out under the arch, from which on a shoe stands on a heel
# anchor -> joint, and the offset from it at rest as shares of stature (right, ahead, up)
ANCHORS: dict[str, tuple[str, tuple[float, float, float]]] = {
    "head": ("head", (0.0, 0.012, 0.042)),
    "face": ("head", (0.0, 0.055, 0.03)),
    "mouth": ("head", (0.0, 0.062, 0.0)),
    "neck": ("neck", (0.0, 0.0, 0.0)),
    "chest": ("chest", (0.0, 0.03, 0.03)),
    "back": ("chest", (0.0, -0.07, 0.03)),
    "belly": ("spine", (0.0, 0.06, 0.0)),
    "hip": ("hips", (0.0, 0.0, 0.0)),
    "shoulder_left": ("upper_arm_left", (0.0, 0.0, 0.0)),
    "shoulder_right": ("upper_arm_right", (0.0, 0.0, 0.0)),
    "knee_left": ("lower_leg_left", (0.0, 0.0, 0.0)),
    "knee_right": ("lower_leg_right", (0.0, 0.0, 0.0)),
    "foot_left": ("foot_left", (0.0, 0.0, 0.0)),
    "foot_right": ("foot_right", (0.0, 0.0, 0.0)),
}


class Person:
    """Implements kinema.stage.actor.Actor for one person."""

    def __init__(self, subject: Subject, figure: Figure, performance: Performance) -> None:
        self.id = subject.id
        self.figure = figure
        self.height = figure.frame.height
        self.performance = performance

    @property
    def model(self) -> PersonModel:
        """The body, as fine as it is known."""
        return self.figure[0]

    @property
    def trailing(self) -> Trailing | None:
        """What swings about it, one for all threads: nothing about one who is never seen from near."""
        with self.figure.lock:
            return self._trailing

    @cached_property
    def _trailing(self) -> Trailing | None:
        drapes = self.figure.drapes() if self.figure.levels[0].pixels >= SWINGS else ()
        swings = drapes or (self.performance.burdens and self.figure.levels[0].pixels >= SWINGS)
        return Trailing(self.performance, drapes) if swings else None

    def orders(self) -> list[Order]:
        """See Prepared."""
        return self.figure.orders()

    def pose(self, time: float) -> PersonPose:
        """What the body does at a time (s)."""
        now = self.performance.at(time)
        weights = np.clip(now.numbers[FACE_COLUMNS], 0.0, 1.0)
        face = {unit: float(weight) for unit, weight in zip(FACE_UNITS, weights, strict=True)}
        return PersonPose(now.root_place, now.root_yaw, now.rotations, face)

    def place(self, time: float) -> F64:
        """The ground under the hips (3,), without posing the rest."""
        return self.performance.place(time)

    def surfaces(self, time: float) -> list[Surface]:
        """Posed surfaces, as fine as they are known."""
        return self._posed(self.model, time)

    def seen(self, time: float, camera: Camera) -> list[Surface]:
        """Posed surfaces, as fine as a camera can tell: by where the body was at the last full second, so that its
        gait does not change the level to and fro. None of one too far outside the picture to throw a shadow in."""
        if _far_outside(self.place(time), camera):
            return []
        root = self.performance.at(float(np.floor(time))).root_place
        away = float(np.linalg.norm(root + np.array([0.0, 0.0, 0.8 * self.height]) - camera.position))
        return self._posed(
            self.figure.shown(camera.focal / max(away, 0.1)), time, np.asarray(camera.position, np.float64)
        )

    def _posed(self, model: PersonModel, time: float, eye: F64 | None = None) -> list[Surface]:
        trail = self.trailing.at(time) if self.trailing else None
        return model.surfaces(self.pose(time), np.eye(4), eye=eye, trail=trail)

    def frame(self, time: float, name: str) -> F64:
        """A named place with its axes (4, 4) in the world, for things to be fastened to. KeyError if none is so called.

        Any anchor or joint. `hand_left` and `hand_right` are the middle of the grip: z points from the fingers to the
        wrist, y to the thumb's side; the others have the joint's axes (right, ahead, up, when standing straight).
        """
        return self._frame(self.performance.at(time), name)

    def _frame(self, now: Instant, name: str) -> F64:
        rig = self.performance.rig
        result = np.eye(4)
        if name in ("hand_left", "hand_right"):
            row = rig.row[name]
            side = 0 if name == "hand_left" else 1
            result[:3, 3], result[:3, :3] = rig.palm(now.places[row], now.turns[row], side)
            return result
        if name in ANCHORS:
            joint, offset = ANCHORS[name]
        elif name in rig.row:
            joint, offset = name, (0.0, 0.0, 0.0)
        else:
            raise KeyError(name)
        row = rig.row[joint]
        result[:3, :3] = now.turns[row]
        result[:3, 3] = now.places[row] + now.turns[row] @ (np.array(offset) * self.height)
        return result

    def anchor(self, time: float, name: str) -> F64:
        """A named point (3,): the names of ANCHORS, the joints', eyes, feet, grip, whole, hand_left and hand_right."""
        now = self.performance.at(time)
        pairs = {
            "eyes": ("eye_left", "eye_right"),
            "feet": ("foot_left", "foot_right"),
            "grip": ("hand_left", "hand_right"),
        }
        if name in pairs:
            first, second = (self._frame(now, part)[:3, 3] for part in pairs[name])
            middle: F64 = 0.5 * (first + second)
            if name == "feet":
                middle[2] -= self.performance.rig.sole.ankle
            return middle
        if name in ("whole", "centre", "middle"):
            return np.array(self._region(now, "whole").centre)
        return self._frame(now, name)[:3, 3].copy()

    def region(self, time: float, part: Part) -> Region:
        """The box that shows a part, averaged over a stride so that a camera does not nod with each step."""
        regions = [self._region(self.performance.at(time + shift), part) for shift in STEADY]
        centre = np.mean([region.centre for region in regions], 0)
        height, width = np.mean([(region.height, region.width) for region in regions], 0)
        return Region((float(centre[0]), float(centre[1]), float(centre[2])), float(height), float(width))

    def _region(self, now: Instant, part: Part) -> Region:
        stature = self.height
        head = self._frame(now, "head")[:3, 3]
        if part == "head":
            return _region(head - np.array([0.0, 0.0, 0.022 * stature]), 0.17 * stature, 0.13 * stature)
        row = self.performance.rig.row
        if part == "upper":
            return _region(0.55 * head + 0.45 * now.places[row["spine"]], 0.46 * stature, 0.34 * stature)
        feet = 0.5 * (now.places[row["foot_left"]] + now.places[row["foot_right"]])
        feet[2] -= self.performance.rig.sole.ankle
        top = head + np.array([0.0, 0.0, 0.075 * stature])
        low = np.minimum(np.minimum(feet, top), now.places[row["hips"]] - np.array([0.0, 0.0, 0.1]))
        high = np.maximum(np.maximum(feet, top), now.places[row["hips"]])
        across = float(np.hypot(*(high - low)[:2]))
        return _region(0.5 * (low + high), float(high[2] - low[2]), across + 0.3 * stature)

    def facing(self, time: float) -> float:
        """Yaw of the hips' way, steadied over a stride; of one who lies on the back, towards the feet."""
        way = np.zeros(2)
        row = self.performance.rig.row["hips"]
        for shift in STEADY[::2]:
            now = self.performance.at(time + shift)
            ahead = now.turns[row][:2, 1]
            root = np.array([-np.sin(now.root_yaw), np.cos(now.root_yaw)])
            way += ahead if np.hypot(*ahead) > 0.6 else root
        return float(np.arctan2(-way[0], way[1]))

    def particles(self, time: float) -> list[Particles]:
        """None."""
        return []

    def lamps(self, time: float) -> list[Lamp]:
        """None."""
        return []

    def events(self, start: float, end: float) -> list[Event]:
        """Footsteps in [start, end)."""
        return self.performance.events(start, end)


def _far_outside(place: F64, camera: Camera) -> bool:
    """Whether a place (3,) is more than SHADOW metres out of what a camera sees."""
    right, down, ahead = camera.rotation @ (place - camera.position)
    reach = np.array([camera.width, camera.height]) / (2.0 * camera.focal)
    aside = (np.abs([right, down]) - reach * ahead) / np.hypot(1.0, reach)
    return bool(ahead < -SHADOW or (aside > SHADOW).any())


def _region(centre: F64, height: float, width: float) -> Region:
    return Region((float(centre[0]), float(centre[1]), float(centre[2])), height, width)


def perform(
    subject: Subject,
    cues: Sequence[Cue],
    ground: Ground,
    seed: int,
    detail: Literal["hero", "extra"] = "hero",
    hands: Hands | None = None,
) -> Person:
    """A person who looks like the subject and acts the cues (sorted, at least one).

    ground: height (m) at (N, 2) points · hands: where both hands are held at a time, for one who carries a pole.
    Raises UnknownConcept for actions and garments it lacks.
    """
    table = action_table()
    burdened = not any(cue.action in table and table[cue.action].both_hands for cue in cues)
    looks = appearance(subject, seed, 0, burdened)
    figure = dress(looks, seed, f"{subject.id}-0", detail)
    skirted = any("skirt" in worn.row for worn in looks.outfit)
    heeled = any(worn.row.get("shoe", {}).get("arch", 0.0) > HEELED for worn in looks.outfit)
    aged = looks.physique.ages.get("old", 0.0) > 0.5
    grown = "woman" if looks.physique.sex == "female" else "man"
    burdens = tuple(
        str(w.row["how"]) for w in looks.outfit if w.row["form"] in ("bag", "held") and w.row["how"] != "back"
    )
    performance = Performance(
        Rig(figure.frame.skeleton),
        cues,
        ground,
        seed,
        subject.id,
        build="child" if looks.physique.ages.get("child", 0.0) > 0.5 else grown,
        words=(
            *subject.traits,
            *(word for word, so in (("skirted", skirted), ("heeled", heeled), ("aged", aged)) if so),
        ),
        feeling=subject.feeling,
        hands=hands,
        burdens=burdens,
        rate=SAMPLES[detail],
    )
    return Person(subject, figure, performance)
