"""The quadruped actor: any species of the table performing its cues."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from kinema.buffers.event import Event
from kinema.buffers.scene_frame import F64, Camera, Lamp, Particles, Surface
from kinema.schema.storyboard import Subject
from kinema.stage.actor import Part, Region
from kinema.stage.bodies.quadruped.gait import Ground, hip_height
from kinema.stage.bodies.quadruped.gaze import looks_along
from kinema.stage.bodies.quadruped.model import Body, Detail, build_body
from kinema.stage.bodies.quadruped.palette import palette, tint
from kinema.stage.bodies.quadruped.piece import F32
from kinema.stage.bodies.quadruped.pose import Pose
from kinema.stage.bodies.quadruped.rig import Bones, Rig
from kinema.stage.bodies.quadruped.score import Stretch, compose, pose_at, stretch_at
from kinema.stage.bodies.quadruped.species import species
from kinema.stage.bodies.quadruped.whiskers import turn_to
from kinema.stage.chance import chance
from kinema.stage.cue import Cue

SIZES = {"small": 0.86, "medium": 1.0, "large": 1.14}
# How far members of one kind differ: size, and how brown or grey the coat is.
VARIETY = 0.09
TOUCH_WITH = {"paw": "paw_right", "knead": "paw_right", "nuzzle": "mouth", "greet": "mouth", "eat": "mouth"}
TREAD, SEAT = 0.42, 0.75  # of the hip height: how broad a dent one paw makes in soft ground, and a rump
RUMP, SITS = 0.24, 0.12  # of it: from the hips' joint down to the skin, and over its paws up to where a rump weighs
STEP_STRENGTH = {"walk": 0.15, "trot": 0.3, "run": 0.6}


@dataclass(frozen=True, eq=False)
class Quadruped:
    """An animal with a score. Every method is a pure function of the scene's clock."""

    id: str
    body: Body
    rig: Rig
    stretches: tuple[Stretch, ...]
    solve: Callable[[float], tuple[Pose, Bones]]

    def surfaces(self, time: float) -> list[Surface]:
        """The skinned mesh, standing at the root."""
        pose, bones = self.solve(time)
        transform = np.eye(4)
        transform[:3, 3] = pose.root
        positions, normals = skinned(self.body, bones, pose.root)
        return [Surface(self.body.mesh, transform, positions=positions, normals=normals)]

    def seen(self, time: float, camera: Camera) -> list[Surface]:
        """The same, its whiskers turned to a camera and as thick as it takes to see them whole."""
        (whole,) = self.surfaces(time)
        assert whole.positions is not None
        assert whole.normals is not None
        eye = camera.position - whole.transform[:3, 3]
        turn_to(eye, camera.focal, self.body.whiskers, whole.positions, whole.normals)
        return [whole]

    def region(self, time: float, part: Part) -> Region:
        """whole: the animal from nose to paws · upper: head, neck and shoulders · head: ears to chin."""
        pose, bones = self.solve(time)
        skeleton = self.rig.skeleton
        nose, skull = bones.carry("head", skeleton["head"].tail), bones.carry("head", skeleton["head"].head)
        head = float(np.linalg.norm(nose - skull))
        ear = self.rig.species.ear.height * self.rig.species.scale * self.rig.size
        if part == "head":
            centre = 0.45 * nose + 0.55 * skull + np.array([0, 0, 0.35 * ear])
            return Region(_tuple(centre), 1.15 * (head + 0.8 * ear), 1.25 * head)
        if part == "upper":
            chest = bones.carry("chest", skeleton["chest"].head)
            points = np.stack([nose, skull + np.array([0, 0, ear]), chest, chest - [0, 0, 0.4 * hip_height(self.rig)]])
        else:
            rump = bones.carry("hips", skeleton["hips"].head)
            points = np.stack([nose, skull + np.array([0, 0, ear]), rump, *pose.feet])
        low, high = points.min(0), points.max(0)
        wide = max(float(np.linalg.norm((high - low)[:2])), 0.5 * hip_height(self.rig))
        return Region(_tuple((low + high) / 2), float(high[2] - low[2]) * 1.05, wide)

    def anchor(self, time: float, name: str) -> F64:
        """head, eyes, mouth, muzzle, neck, chest, back, hip, paw_left, paw_right, tail, feet, touch (what
        it touches with, while it does); else KeyError."""
        pose, bones = self.solve(time)
        if name == "touch":
            name = TOUCH_WITH[stretch_at(self.stretches, time).cue.action]
        if name == "feet":
            return np.asarray(pose.feet.mean(0))
        bone, point = _anchors(self.rig)[name]
        return bones.carry(bone, point)

    def bears(self, time: float) -> F64:
        """Its paws on what is under them, and its rump when it sits (4 or 5, 4): places and how broad each is (m)."""
        (pose, bones), h = self.solve(time), hip_height(self.rig)
        paws = np.concatenate([pose.feet, np.full((4, 1), TREAD * h)], 1)
        x, y, z = bones.carry("hips", self.rig.skeleton["hips"].head)
        floor = float(pose.root[2])
        if z - RUMP * h > floor + SITS * h:
            return paws
        return np.concatenate([paws, [[x, y, max(z - RUMP * h, floor - 0.1 * h), SEAT * h]]])

    def facing(self, time: float) -> float:
        """Yaw of the head, which is where an animal looks."""
        _, bones = self.solve(time)
        ahead = looks_along(bones)
        flat = float(np.hypot(ahead[0], ahead[1]))
        return float(np.arctan2(-ahead[0], ahead[1])) if flat > 0.35 else self.solve(time)[0].yaw

    def particles(self, time: float) -> list[Particles]:
        """None."""
        return []

    def lamps(self, time: float) -> list[Lamp]:
        """None."""
        return []

    def events(self, start: float, end: float) -> list[Event]:
        """Footfalls in [start, end)."""
        found = []
        for stretch in self.stretches:
            low, high = max(start, stretch.cue.start), min(end, stretch.cue.end)
            if stretch.moving is None or low >= high:
                continue
            strength = STEP_STRENGTH[stretch.moving.gait]
            landings = stretch.moving.landings(low, high)
            found += [Event("step", when, _tuple(place), strength, self.id) for when, _, place in landings]
        return found


def perform(subject: Subject, cues: Sequence[Cue], ground: Ground, seed: int, detail: Detail = "hero") -> Quadruped:
    """A member of the cast ready to be filmed: the subject's concept names its species, the seed its size and shade.

    Raises UnknownConcept for an unknown species or colour, ValueError for an unknown action.
    """
    row = species(subject.concept)
    random = chance(seed, subject.id, "looks")
    size = SIZES[subject.size] * (1.0 + float(random.uniform(-VARIETY, VARIETY)))
    body = _body(row.name, tuple(sorted(subject.colours.items())), round(float(random.uniform(-1, 1)), 1), detail)
    fore, hind = chance(seed, subject.id, "stance").uniform(0.0, 2.0 * np.pi, 2)
    rig = Rig(row, body.skeleton, size, (float(fore), float(hind)))
    stretches = compose(rig, cues, ground, seed, subject.id)

    @lru_cache(maxsize=8)
    def solve(time: float) -> tuple[Pose, Bones]:
        pose = pose_at(stretches, time)
        return pose, rig.solve(pose)

    return Quadruped(subject.id, body, rig, stretches, solve)


@lru_cache(maxsize=16)
def _body(name: str, colours: tuple[tuple[str, str], ...], warmth: float, detail: Detail) -> Body:
    row = species(name)
    return build_body(row, palette(row, dict(colours)), detail, tint(warmth))


def skinned(body: Body, bones: Bones, origin: F64) -> tuple[F32, F32]:
    """Positions and normals (V, 3) of the posed mesh, relative to an origin (3,)."""
    matrices = bones.matrices()
    matrices[:, :, 3] -= origin
    m = matrices.astype(np.float32)
    flat = np.concatenate([m[:, :, :3].reshape(-1, 9), m[:, :, 3]], 1)
    blended = np.take(np.ascontiguousarray((body.blend @ flat).T), body.sharer, axis=1)  # (12, V)
    x, y, z = np.ascontiguousarray(body.mesh.positions.T)
    nx, ny, nz = np.ascontiguousarray(body.mesh.normals.T) * np.float32(1.0 / bones.rig.size)
    positions, normals = np.empty_like(body.mesh.positions), np.empty_like(body.mesh.normals)
    for k in range(3):
        a, b, c = blended[3 * k : 3 * k + 3]
        positions[:, k] = a * x + b * y + c * z + blended[9 + k]
        normals[:, k] = a * nx + b * ny + c * nz
    return positions, normals


@lru_cache(maxsize=32)
def _anchors(rig: Rig) -> Mapping[str, tuple[str, F64]]:
    bones, row = rig.skeleton, rig.species
    s = row.scale
    eye = np.array([0.0, row.eye.at[1], row.eye.at[2]]) * s
    nose = np.array([0.0, row.head.muzzle[1][0] + row.head.muzzle[1][2], row.head.muzzle[1][1]]) * s
    breast = row.torso[-1]
    middle = row.torso[len(row.torso) // 2]

    def in_head(point: F64) -> F64:
        return np.asarray(bones["head"].head + bones.turn @ point)

    return {
        "head": ("head", in_head(np.array(row.head.skull[0]) * s)),
        "eyes": ("head", in_head(eye)),
        "muzzle": ("head", in_head(nose)),
        "mouth": ("head", in_head(nose - [0, 0.02 * s, 0.03 * s])),
        "neck": ("neck_low", bones["neck_low"].tail),
        "chest": ("chest", np.array([0.0, breast[0], (breast[1] + breast[2]) / 2]) * s),
        "back": ("loin", np.array([0.0, middle[0], middle[1]]) * s),
        "hip": ("hips", bones["hips"].head),
        "paw_left": ("fore_paw_left", bones["fore_paw_left"].tail),
        "paw_right": ("fore_paw_right", bones["fore_paw_right"].tail),
        "tail": ("tail_4", bones["tail_4"].tail),
    }


def _tuple(point: F64) -> tuple[float, float, float]:
    return float(point[0]), float(point[1]), float(point[2])
