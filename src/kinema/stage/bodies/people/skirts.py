"""Skirts and the lower parts of dresses and coats, cut as rings around a body."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from kinema.buffers.scene_frame import F64, Material, Mesh
from kinema.stage.bodies.people.body import Body, body_count
from kinema.stage.bodies.people.cloth import SEAT, Inside
from kinema.stage.bodies.people.cuts import Cover, level_height
from kinema.stage.bodies.people.drape import Drape, hull_support, hung, tube_faces
from kinema.stage.bodies.people.fabric import TILE
from kinema.stage.bodies.people.garments import LEGS, torso_hull
from kinema.stage.bodies.people.piece import dense_weights, share
from kinema.stage.bodies.people.skinning import SKIN_JOINTS
from kinema.stage.chance import chance

# the four balls of a leg: from which joint to which, how far along, and the joint that carries it
BALLS_AT = (
    ("upper_leg", "lower_leg", 0.35, "upper_leg"),
    ("upper_leg", "lower_leg", 1.0, "lower_leg"),
    ("lower_leg", "foot", 0.3, "lower_leg"),
    ("lower_leg", "foot", 0.85, "foot"),
)
KNEECAP = 0.008  # metres that a knee stands out ahead when it bends
HEEL = 0.03  # metres that a heel stands behind the ankle, half of it
CLEAR = 0.014  # metres that cloth keeps off what is inside it, for between its points it is straight
SHAFT = 0.009  # metres that a boot is wider than a calf; twice that about the ankle
HEM = 0.03  # metres of cloth turned in at the hem
STEP = 0.01  # metres of height from one measure of the body to the next
TUCK = 0.014  # metres that cloth lies closer under another garment, and
UNDER = 0.03  # how far under its edge that is all so
EVEN = 0.02  # metres of height over which those are evened out


@dataclass(frozen=True)
class SkirtCut:
    """top, bottom: levels of the body (see cuts.Cut) · ease: metres off the hips · flare: metres it stands out at
    the hem · folds: metres of depth of the folds there · columns, rings: how finely it is made."""

    top: float = 4.0
    bottom: float = 1.2
    ease: float = 0.008
    flare: float = 0.09
    folds: float = 0.016
    columns: int = 96
    rings: int = 30


@dataclass(frozen=True)
class Beneath:
    """What is worn on the legs under a skirt: metres of cloth off the skin, and least radius (m) below the knee."""

    ease: float = 0.0
    straight: float = 0.0


def skirt(
    body: Body, cut: SkirtCut, material: Material, key: str, over: Sequence[Cover] = (), beneath: Beneath | None = None
) -> Drape:
    """A tube from waist to hem with folds that deepen downwards; what garments over it hide lies close to the body."""
    hip = float(body.skeleton.place("upper_leg_left")[2])
    top, bottom = level_height(body, cut.top), level_height(body, cut.bottom)
    heights = np.linspace(top, bottom, cut.rings)
    facing = np.arange(cut.columns) * 2 * np.pi / cut.columns
    support, middles = _rest_supports(body, cut, heights, facing)
    progress = np.clip((hip - heights) / (hip - bottom), 0, 1)
    support = support + (cut.flare * progress**1.1)[:, None]
    support[0] -= 0.004  # tucked under whatever is above it
    support -= _tucks(support, middles, heights, facing, over)
    folds = _folds(facing, progress, cut.folds, key)
    drop, leg = hip - heights, _leg_radii(body, heights) + cut.ease + 0.014
    # the hem is turned in: a lip as thick as cloth, then the inside
    inner = np.array([0.4 * HEM, HEM])
    support = np.concatenate([support, support[-1:] - 0.003, support[-1:] - 0.006])
    folds = np.concatenate([folds, folds[-1:], folds[-1:]])
    drop, leg = np.concatenate([drop, drop[-1] - inner]), np.concatenate([leg, leg[-1:] - 0.003, leg[-1:] - 0.006])
    middles = np.concatenate([middles, middles[-1:], middles[-1:]])
    faces = tube_faces(len(drop), cut.columns)
    around = np.arange(cut.columns + 1) / cut.columns * 2 * np.pi * 0.2 / TILE
    uv = np.stack(np.broadcast_arrays(around[None], -drop[:, None] / TILE), -1).reshape(-1, 2).astype(np.float32)
    empty = np.zeros((len(uv), 3), np.float32)
    inside = inside_of(body, cut.ease, beneath or Beneath())
    girth = (support + folds).mean(1)
    mesh = Mesh(f"skirt-{key}", faces, empty, empty, (material,), uv=uv)
    return hung(Drape(mesh, drop, facing, support, leg, folds, middles, inside, girth), body.skeleton)


def inside_of(body: Body, ease: float, beneath: Beneath) -> Inside:
    """What a skirt with that ease (m) swings about, measured on the body."""
    marks, off = body.landmarks, max(ease, beneath.ease + CLEAR)
    offsets, radii = np.zeros((2, 4, 3)), np.zeros(4)
    for ball, (joint, after, share_, holder) in enumerate(BALLS_AT):
        for side, name in enumerate(("left", "right")):
            top, low = marks[f"{joint}_{name}"], marks[f"{after}_{name}"]
            middle, radii[ball] = _section(body, name, top + (low - top) * share_)
            offsets[side, ball] = middle - marks[f"{holder}_{name}"]
    offsets[:, 1, 1] += KNEECAP
    offsets[:, 3, 1] -= HEEL
    radii += off
    radii[3] += HEEL
    radii[2:] = np.maximum(radii[2:] + np.array([SHAFT, 2.0 * SHAFT]), beneath.straight * body.height / 1.65)
    hull = torso_hull(body, level_height(body, 2.95))
    reach = (hull.max(0) - hull.min(0)) / 2
    middle = (hull.max(0) + hull.min(0)) / 2
    seat = np.array([[middle[0], middle[1], 0.0], [reach[0] + ease, reach[1] + ease, SEAT * body.height / 1.65]])
    return Inside(offsets, radii, seat)


def _section(body: Body, side: str, place: F64) -> tuple[F64, float]:
    """The middle (3,) and the radius of a leg where it passes a place."""
    count = body_count()
    own = share(dense_weights()[:count], *LEGS) > 0.5
    own &= body.points[:count, 0] < 0 if side == "left" else body.points[:count, 0] > 0
    flat = body.points[:count][own & (np.abs(body.points[:count, 2] - place[2]) < 0.025), :2]
    middle = (flat.min(0) + flat.max(0)) / 2
    return np.append(middle, place[2]), float((flat.max(0) - flat.min(0)).mean() / 2)


def _tucks(support: F64, middles: F64, heights: F64, facing: F64, over: Sequence[Cover]) -> F64:
    """Metres (R, S) by which cloth lies closer where a garment over it covers it."""
    around = np.stack([np.cos(facing), np.sin(facing)], -1)
    flat = middles[:, None] + support[..., None] * around
    points = np.concatenate([flat, np.broadcast_to(heights[:, None, None], (*support.shape, 1))], -1).reshape(-1, 3)
    weights = np.zeros((len(points), len(SKIN_JOINTS)), np.float32)
    hidden = np.zeros(support.shape)
    for made in over:
        hidden = np.maximum(hidden, made(points.astype(np.float32), weights).reshape(support.shape))
    return np.asarray(TUCK * np.minimum(hidden / UNDER, 1.0))


def _rest_supports(body: Body, cut: SkirtCut, heights: F64, facing: F64) -> tuple[F64, F64]:
    """How far the cloth reaches at rest (R, S) and each ring's middle (R, 2); below the hips it falls straight.

    Measured every STEP of height whatever the rings, so that a coarse skirt sits where a fine one does.
    """
    widest = level_height(body, 3.0) - 0.01 * body.height
    steps = np.arange(heights[0], min(widest, heights[-1]) - STEP, -STEP)
    supports, middles = [], []
    for height in steps:
        hull = torso_hull(body, max(float(height), widest))
        middle = np.array([0.0, (hull[:, 1].max() + hull[:, 1].min()) / 2])
        reach = hull_support(hull - middle, facing)
        supports.append(gaussian_filter1d(reach, len(facing) / 36, mode="wrap") + cut.ease)
        middles.append(middle)
    support, middle = (
        gaussian_filter1d(np.stack(rows), EVEN / STEP, axis=0, mode="nearest") for rows in (supports, middles)
    )
    # round off what is narrow below the widest: cloth hangs from the hips
    order = np.maximum.accumulate(support, 0)
    falls = np.clip((level_height(body, 3.5) - steps) / 0.08, 0, 1)[:, None]
    support = support * (1 - falls) + order * falls
    at = np.interp(-heights, -steps, np.arange(len(steps)))
    low = np.minimum(at.astype(np.int64), len(steps) - 2)
    part = (at - low)[:, None]
    return support[low] * (1 - part) + support[low + 1] * part, middle[low] * (1 - part) + middle[low + 1] * part


def _leg_radii(body: Body, heights: F64) -> F64:
    """Radius (R,) of a bare leg at heights, thigh to ankle."""
    levels = [level_height(body, level) for level in (0.8, 1.2, 1.7, 2.0, 2.4, 2.9)]
    radii = np.array([0.060, 0.058, 0.064, 0.060, 0.072, 0.086]) * (body.height / 1.65)
    return np.asarray(np.interp(heights, levels, radii))


def _folds(facing: F64, progress: F64, depth: float, key: str) -> F64:
    """Metres outwards (R, S): a few uneven waves that run down the cloth and grow towards the hem."""
    generator = chance(0, "skirt", key)
    total = np.zeros((len(progress), len(facing)))
    for waves, strength in ((4, 0.7), (5, 0.8), (7, 0.7), (9, 0.35)):
        phase, drift = generator.uniform(0, 2 * np.pi), generator.uniform(-0.9, 0.9)
        wave = np.cos(waves * facing[None] + phase + drift * progress[:, None] * 2)
        total += strength * (1 - 1.25 * np.abs(wave) ** 1.6 + 0.3 * wave)  # narrow crests, wide hollows
    return (total / 1.3 * depth * (progress**0.8)[:, None]) + 0.3 * depth * progress[:, None]
