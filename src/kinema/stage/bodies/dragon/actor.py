"""A carried dragon as a member of the cast: head, body and pearl, the poles, and the people who dance beneath."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from kinema.buffers.event import Event
from kinema.buffers.scene_frame import F64, Camera, Lamp, Material, Mesh, Particles, Surface
from kinema.schema.storyboard import Garment, Subject
from kinema.stage.actor import Actor, Graded, Part, Prepared, Region
from kinema.stage.beforehand import Order
from kinema.stage.bodies.dragon import body, head
from kinema.stage.bodies.dragon.colours import Dress, dress
from kinema.stage.bodies.dragon.dance import PEARL_AHEAD, Dance, Ground, Stretch, stretches
from kinema.stage.chance import chance
from kinema.stage.cue import Cue, Mark
from kinema.stage.geometry import solids
from kinema.stage.geometry.outlines import circle
from kinema.stage.geometry.solids import rotation
from kinema.stage.geometry.thinning import thinned

Hands = Callable[[float], tuple[F64, F64]]
Bearer = Callable[[Subject, Sequence[Cue], Hands, int], Actor]

LENGTHS = {"small": 8.5, "medium": 12.5, "large": 16.5}
SPACING = 1.55  # metres between two poles
POLE, PEARL_POLE = 1.08, 1.62  # metres: a pole's foot is over the thighs of who walks behind it
IN_PEARL = 0.09  # metres under the pearl's middle that its pole ends, in the ball
UPPER, LOWER = 0.64, 0.28  # where the hands hold, metres up from a pole's foot;
PEARL_UPPER = 0.52  # of the pearl's, so that its bearer's face is over both
# The light that goes with the parade and keeps to the head, metres ahead of it and to its right, and over the ground.
SPOT_AT, SPOT, SPOT_EDGE = (4.6, 2.3, 3.3), (23.0, 18.0, 11.5), 0.85
BEHIND_POLE = 0.30  # metres a bearer walks behind the pole
HEAD_SCALE = 1.12
LEVELS = ((105.0, 1.0), (55.0, 0.4), (0.0, 0.2))  # pixels a metre takes, and of the head's triangles what share then


def _levels(key: str, parts: Sequence[solids.Part]) -> tuple[Mesh, ...]:
    """Parts of the head as meshes, one for each of LEVELS."""
    return tuple(
        solids.mesh(f"{key}/{share}", parts if share == 1.0 else thinned(parts, share), 60.0) for _, share in LEVELS
    )


class Dragon:
    """An actor carried by actors; see the Actor protocol."""

    def __init__(self, subject: Subject, dance: Dance, cloth: body.Body, paint: Dress, seed: int) -> None:
        self.id = subject.id
        self._dance = dance
        self._cloth = cloth
        key = f"dragon/{paint.skin.albedo}/{paint.mane.albedo}/{paint.fin.albedo}"
        self._head = _levels(f"{key}/head", head.head_parts(paint, chance(seed, subject.id, "head")))
        self._jaw = _levels(f"{key}/jaw", head.jaw_parts(paint, chance(seed, subject.id, "jaw")))
        self._pole = pole_mesh(f"{key}/pole", paint, POLE)
        self._staff = pole_mesh(f"{key}/staff", paint, PEARL_POLE)
        self._pearl = pearl_mesh(f"{key}/pearl", paint)
        self._held = np.arange(1.15, cloth.behind[-1] - 0.3, SPACING)
        self._bearers: list[Actor] = []
        # Bearers plan their hands seconds ahead, all of them at the same instants.
        self._stance = lru_cache(maxsize=128)(dance.stance)
        self._poles = lru_cache(maxsize=128)(self._planted)

    def carried_by(self, bearer: Bearer, subject: Subject, seed: int) -> None:
        """Put somebody under the pearl, under the head and under every pole of the body."""
        places = [-PEARL_AHEAD, 0.0, *self._held]
        for k, behind in enumerate(places):
            person = _person(subject, k)
            cues = [_walk(stretch, float(behind) + BEHIND_POLE) for stretch in self._dance.stretches]
            self._bearers.append(bearer(person, cues, self._hands(k), seed))

    def surfaces(self, time: float) -> list[Surface]:
        """Head, jaw, body, pearl, poles, then the bearers."""
        return self._own(time, 0) + [surface for one in self._bearers for surface in one.surfaces(time)]

    def seen(self, time: float, camera: Camera) -> list[Surface]:
        """The same, head and bearers as fine as a camera can tell."""
        shown = (one.seen(time, camera) if isinstance(one, Graded) else one.surfaces(time) for one in self._bearers)
        skull = self._stance(float(np.floor(time))).head[:3, 3]  # so that its dance does not change it to and fro
        pixels = camera.focal / max(float(np.linalg.norm(skull - camera.position)), 0.1)
        level = next(k for k, (least, _) in enumerate(LEVELS) if pixels >= least)
        return self._own(time, level) + [surface for surfaces in shown for surface in surfaces]

    def orders(self) -> list[Order]:
        """See Prepared: the bearers'."""
        return [order for one in self._bearers if isinstance(one, Prepared) for order in one.orders()]

    def _own(self, time: float, level: int) -> list[Surface]:
        stance = self._stance(time)
        flutter = 0.10 * np.sin(9.0 * self._cloth.behind - 7.0 * time) + 0.04 * np.sin(
            17.0 * self._cloth.behind + 3.0 * time
        )
        positions, normals = self._cloth.posed(stance.line, flutter)
        skull = stance.head @ np.diag([HEAD_SCALE] * 3 + [1.0])
        jaw = np.eye(4)
        jaw[:3, :3] = rotation("x", -stance.jaw)
        jaw[:3, 3] = head.HINGE
        made = [
            Surface(self._head[level], skull),
            Surface(self._jaw[level], skull @ jaw),
            Surface(self._cloth.mesh, np.eye(4), positions=positions, normals=normals),
            Surface(self._pearl, stance.pearl),
        ]
        staff, *poles = self._poles(time)
        return [*made, Surface(self._staff, staff), *(Surface(self._pole, frame) for frame in poles)]

    def region(self, time: float, part: Part) -> Region:
        """The whole, from pearl to tail; the front third with the pearl; or the head."""
        stance = self._stance(time)
        centre, height, width = {
            "whole": (stance.line[len(stance.line) // 3] - [0, 0, 0.75], 3.4, 0.62 * float(self._cloth.behind[-1])),
            "upper": (stance.head[:3, 3] - [0, 0, 0.25], 2.2, 3.0),
            "head": (stance.head[:3, 3] + stance.head[:3, 1] * 0.15 + [0, 0, 0.12], 1.25, 1.35),
        }[part]
        return Region((float(centre[0]), float(centre[1]), float(centre[2])), height, width)

    def anchor(self, time: float, name: str) -> F64:
        """head, eyes, mouth, pearl, centre, back, tail, feet. KeyError if none of these."""
        stance = self._stance(time)
        middle = stance.line[len(stance.line) // 2]
        spots = {
            "head": stance.head[:3, 3],
            "eyes": (stance.head @ [0.0, 0.25, 0.38, 1.0])[:3],
            "mouth": (stance.head @ [0.0, 0.7, 0.0, 1.0])[:3],
            "pearl": stance.pearl[:3, 3],
            "centre": middle,
            "back": middle + np.array([0.0, 0.0, 0.3]),
            "tail": stance.line[-1],
            "feet": np.array([*middle[:2], float(self._dance.ground(middle[None, :2])[0])]),
        }
        return np.array(spots[name], float)

    def facing(self, time: float) -> float:
        """The yaw of the road at the head."""
        return self._stance(time).yaw

    def particles(self, time: float) -> list[Particles]:
        """Whatever the bearers make."""
        return [puff for one in self._bearers for puff in one.particles(time)]

    def lamps(self, time: float) -> list[Lamp]:
        """The pearl's glow, and a spotlight on the head."""
        x, y, z = (float(v) for v in self._dance.pearl(time)[:3, 3])
        return [Lamp((x, y, z), (0.95, 0.62, 0.24), 0.14, stands_for_surface=True), self._spot(time)]

    def _spot(self, time: float) -> Lamp:
        """A lamp ahead of the head and above it, that follows the road and not every toss."""
        stance = self._stance(time)
        ahead, right = np.array([[-np.sin(stance.yaw), np.cos(stance.yaw)], [np.cos(stance.yaw), np.sin(stance.yaw)]])
        place = np.append(stance.line[4, :2] + SPOT_AT[0] * ahead + SPOT_AT[1] * right, SPOT_AT[2])
        place[2] += float(self._dance.ground(place[None, :2])[0])
        x, y, z = (float(v) for v in place)
        way = stance.line[4] - place
        a, b, c = (float(v) for v in way / np.linalg.norm(way))
        return Lamp((x, y, z), SPOT, 0.3, (a, b, c), SPOT_EDGE)

    def events(self, start: float, end: float) -> list[Event]:
        """The bearers' steps."""
        found = [event for one in self._bearers for event in one.events(start, end)]
        return sorted(found, key=lambda event: event.time)

    def _planted(self, time: float) -> F64:
        """Frames (K, 4, 4) of the poles, their tops at the origin: pearl, head, then the body's from front to back."""
        stance = self._stance(time)
        rows = np.searchsorted(self._cloth.behind, self._held)
        radius = body.girth(self._held, float(self._cloth.behind[-1]))
        ends = [stance.pearl[:3, 3] - [0, 0, IN_PEARL], stance.head[:3, 3] - [0, 0, 0.02]]
        tops = np.array([*ends, *(stance.line[rows] - np.column_stack([np.zeros((len(rows), 2)), 0.8 * radius]))])
        # each leans so that its foot stays near the road, where its bearer walks
        feet = self._dance.places(time, np.array([-PEARL_AHEAD, 0.0, *self._held]))
        return _hanging(tops, feet, _lengths(len(tops)))

    def _hands(self, k: int) -> Hands:
        """Where the bearer of pole k holds it."""

        def hands(time: float) -> tuple[F64, F64]:
            pole = self._poles(time)[k]
            long, high = (PEARL_POLE, PEARL_UPPER) if k == 0 else (POLE, UPPER)
            upper, lower = (pole[:3, 3] - (long - up) * pole[:3, 2] for up in (high, LOWER))
            return (upper, lower) if k % 2 else (lower, upper)

        return hands


def perform(subject: Subject, cues: Sequence[Cue], ground: Ground, seed: int, bearer: Bearer) -> Dragon:
    """The subject's dragon dancing along its cues; bearer makes each person under it, whose hands hold a pole.

    The middle of the body is where a cue's path or mark says. Colours: body, head, mane, fin; size sets its length.
    """
    length = LENGTHS[subject.size]
    paint = dress(subject)
    key = f"dragon/{paint.skin.albedo}/{paint.fin.albedo}/{paint.mane.albedo}/{length}"
    cloth = body.build(f"{key}/body", length, paint)
    phase = float(chance(seed, subject.id, "phase").uniform(0.0, 2 * np.pi))
    dance = Dance(tuple(stretches(cues, length)), cloth.behind, ground, phase)
    dragon = Dragon(subject, dance, cloth, paint, seed)
    dragon.carried_by(bearer, subject, seed)
    return dragon


def pole_mesh(key: str, paint: Dress, long: float) -> Mesh:
    """A pole so long (m) hanging from the origin, red with a gilt ferrule at the top and a grip."""
    rod = solids.moved(solids.cylinder(0.022, long, 7, 0.004), (0, 0, -long))
    ferrule = solids.moved(solids.cylinder(0.028, 0.10, 8, 0.008), (0, 0, -0.12))
    knob = solids.moved(solids.sphere(0.034, 8, 4), (0, 0, -long))
    return solids.mesh(key, [_part(rod, paint.pole), _part(solids.merge([ferrule, knob]), paint.grip)])


def pearl_mesh(key: str, paint: Dress) -> Mesh:
    """A glowing ball in a gilt cage, with flames licking up around it."""
    ball = solids.sphere(0.12, 20, 12)
    turn = np.linspace(0, 2 * np.pi, 25)
    ring = np.stack([0.135 * np.cos(turn), 0.135 * np.sin(turn), 0 * turn], axis=1)
    cage = [solids.turned(solids.tube(ring, 0.008, 6), "x", a) for a in (0.0, np.pi / 3, 2 * np.pi / 3)]
    flames = []
    for k in range(7):
        along = np.linspace(0, 1, 6)
        curve = np.stack([0.13 + 0.10 * np.sin(2.4 * along), 0.12 * along**2, -0.06 + 0.34 * along], axis=1)
        wide = 0.045 * np.array([0.5, 1.0, 0.9, 0.6, 0.3, 0.02])
        flame = solids.sweep(circle(1.0, 6) * [1.0, 0.35], curve, wide, up=(1, 0, 0))
        flames.append(solids.turned(flame, "z", k * 2 * np.pi / 7))
    return solids.mesh(
        key, [_part(ball, paint.pearl), _part(solids.merge(cage), paint.grip), _part(solids.merge(flames), paint.flame)]
    )


def _lengths(count: int) -> F64:
    """Metres of so many poles: the pearl's, then the others."""
    return np.array([PEARL_POLE, *[POLE] * (count - 1)])


def _hanging(tops: F64, feet: F64, long: F64) -> F64:
    """Frames (K, 4, 4) of poles so long (K,), their tops (K, 3) there, leaning towards places on the road (K, 2)."""
    up = np.column_stack([0.8 * (tops[:, :2] - feet), long])
    up /= np.linalg.norm(up, axis=1, keepdims=True)
    side = np.column_stack([up[:, 2], np.zeros(len(up)), -up[:, 0]])  # y cross up
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    frames = np.tile(np.eye(4), (len(tops), 1, 1))
    frames[:, :3, :3] = np.stack([side, np.cross(up, side), up], axis=2)
    frames[:, :3, 3] = tops
    return frames


def _part(solid: solids.Solid, material: Material) -> solids.Part:
    return solids.Part(solid, material)


def _person(subject: Subject, k: int) -> Subject:
    """A dancer in a sea-green tunic; the pearl's bearer in red, to be told from them."""
    worn = (
        Garment(kind="tunic", colour="crimson" if k == 0 else "teal"),
        Garment(kind="trousers", colour="cream", material="silk"),
        Garment(kind="shoes", colour="black"),
    )
    concept = "woman" if k % 3 == 2 else "man"
    return Subject(id=f"{subject.id}_bearer_{k}", concept=concept, garments=worn, feeling="joyful")


def _walk(stretch: Stretch, behind: float) -> Cue:
    """A bearer's cue on a stretch: on the dragon's own road, so many metres behind its head."""
    cue = stretch.cue
    at = stretch.start_at - behind
    place, yaw = stretch.road.at(at)
    mark = Mark((float(place[0]), float(place[1]), float(place[2])), yaw)
    if stretch.speed == 0:
        return Cue("carry_dragon", cue.start, cue.end, mark, manner=cue.manner)
    return Cue("carry_dragon", cue.start, cue.end, mark, stretch.road, at, stretch.speed, manner=cue.manner)
