"""Bags that are carried: in the hand, or in the crook of the arm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F64, Material
from kinema.stage.bodies.people.accessories import solid, tube_about
from kinema.stage.bodies.people.body import Body, body_count
from kinema.stage.bodies.people.fabric import fabric
from kinema.stage.bodies.people.piece import Piece
from kinema.stage.bodies.people.skinning import LOAD, grip_at

BRASS = (0.95, 0.70, 0.30)
SLEEVE = 0.052  # metres from a forearm's bones to the top of handles that lie on its sleeve
GRIP = 0.004  # metres that handles rise above the middle of the fist that holds them


@dataclass(frozen=True)
class Hang:
    """How a bag hangs at rest: the joint it follows, the place its handles are held at (3,), its axes (3, 3) - depth,
    length and down, one a row -, metres from there down to its top, and up to the top of its handles."""

    joint: str
    place: F64
    axes: F64
    drop: float
    rise: float


def hang_of(body: Body, how: str) -> Hang:
    """Where a bag hangs: on the left side in the `hand` or the `crook`, or on the `back`. KeyError for another way."""
    return {"hand": _in_hand, "crook": _in_crook, "back": _on_back}[how](body)


def _in_hand(body: Body) -> Hang:
    """Under the fist, its length along the knuckles."""
    place = np.empty(3)
    grip_at(body.skeleton.place("hand_left"), body.skeleton.place("fingers_left"), place)
    return Hang("grip", place, np.diag([1.0, 1.0, -1.0]), 0.115, GRIP)


def _in_crook(body: Body) -> Hang:
    """Across the forearm, so that its broad side faces ahead."""
    elbow, hand = body.skeleton.place("lower_arm_left"), body.skeleton.place("hand_left")
    axes = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, -1.0]])
    return Hang("load", elbow + LOAD * (hand - elbow), axes, 0.085, SLEEVE)


def _on_back(body: Body) -> Hang:
    """Between the shoulder blades, its broad side to them."""
    chest = body.points[: body_count()].astype(np.float64)
    shoulder = body.landmarks["upper_arm_left"]
    near = (np.abs(chest[:, 2] - shoulder[2] + 0.12) < 0.05) & (np.abs(chest[:, 0]) < 0.08)
    axes = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, -1.0]])
    place = np.array([0.0, chest[near, 1].min() - 0.105, shoulder[2] + 0.015])
    return Hang("chest", place, axes, 0.0, 0.0)


def bag(body: Body, material: Material, how: str, size: tuple[float, float, float], plain: bool = False) -> list[Piece]:
    """A handbag with a flap, a brass clasp and two handles; size: length, depth and height in metres.

    plain: a paper bag, with thin handles and nothing else, or a backpack on its straps.
    """
    hang = hang_of(body, how)
    length, depth, height = size
    if how == "back":
        return _backpack(body, hang, material, size)
    brass = fabric("steel", BRASS)
    middle = np.array([0.0, 0.0, hang.drop + height / 2])

    def put(name: str, grid: F64, made_of: Material) -> Piece:
        return solid(name, grid @ hang.axes + hang.place, hang.joint, made_of)

    if plain:
        handles = [tube_about(_handle(hang, offset, length), 0.003) for offset in (-0.3 * depth, 0.3 * depth)]
        sack = _cushion(length, depth, height) * (0.93, 1.0, 1.0) + middle
        return [put("bag", sack, material), *(put("bag_handle", handle, material) for handle in handles)]
    flap = _cushion(length * 1.01, depth * 1.06, height * 0.55, low=False) - [0.0, 0.0, height * 0.235]
    pieces = [put("bag", _cushion(length, depth, height) + middle, material), put("bag_flap", flap + middle, material)]
    for offset in (-0.22 * depth, 0.22 * depth):
        pieces.append(put("bag_handle", tube_about(_handle(hang, offset, length), 0.0062), material))
        pieces += [put("bag_ring", _ring(offset, end * length, hang.drop), brass) for end in (-0.30, 0.30)]
    for face in (-1.0, 1.0):
        out = face * depth * 0.59
        plate = _cushion(0.012, 0.19 * length, 0.15 * height) + middle + [out, 0.0, 0.05 * height]
        edge = _bar(length) + middle + [face * depth * 0.585, 0.0, -0.005 * height]
        pieces += [put("bag_clasp", plate, brass), put("bag_edge", edge, brass)]
    return pieces


def _backpack(body: Body, hang: Hang, material: Material, size: tuple[float, float, float]) -> list[Piece]:
    """A rucksack with a pocket and two straps over the shoulders."""
    length, depth, height = size
    sack = _cushion(length, depth, height) + np.array([-0.02, 0.0, height / 2])
    outside = np.array([-0.5 * depth - 0.02, 0.0, 0.66 * height])
    pocket = _cushion(0.8 * length, 0.5 * depth, 0.45 * height) + outside
    pieces = [solid("bag", grid @ hang.axes + hang.place, hang.joint, material) for grid in (sack, pocket)]
    shoulder, chest = body.landmarks["upper_arm_left"], body.points[: body_count()].astype(np.float64)
    front = chest[np.abs(chest[:, 2] - shoulder[2] + 0.12) < 0.05, 1].max()
    for side in (-1.0, 1.0):
        x = side * 0.62 * abs(shoulder[0])
        back, top = hang.place[1] + 0.06, shoulder[2] + 0.075
        bends = np.array(
            [(x, back, shoulder[2] - 0.02), (x, shoulder[1], top), (x, front + 0.025, shoulder[2] - 0.06),
             (1.1 * x, front + 0.03, shoulder[2] - 0.2), (1.5 * x, back + 0.06, shoulder[2] - 0.36)]
        )  # fmt: skip
        t = np.linspace(0, 4, 13)
        curve = np.stack([np.interp(t, range(5), bends[:, k]) for k in range(3)], 1)
        curve[1:-1] = (curve[:-2] + 2 * curve[1:-1] + curve[2:]) / 4
        pieces.append(solid("bag_strap", tube_about(curve, 0.017, 6), hang.joint, material))
    return pieces


def _handle(hang: Hang, offset: float, length: float) -> F64:
    """An arch (R, 3) from the bag's top over what holds it."""
    t = np.linspace(0, np.pi, 25)
    foot = hang.drop + 0.012
    steep = np.sin(t) ** 0.75
    return np.stack([offset * (1 - steep), np.cos(t) * length * 0.30, foot - steep * (foot + hang.rise)], 1)


def _ring(across: float, along: float, drop: float) -> F64:
    """A ring that holds one end of a handle."""
    turn = np.linspace(0, 2 * np.pi, 13)
    loop = np.stack([np.full(13, across), along + 0.011 * np.cos(turn), drop + 0.006 + 0.011 * np.sin(turn)], 1)
    return tube_about(loop, 0.0028, 6)


def _bar(length: float) -> F64:
    """A metal edge along the flap's lower end."""
    along = np.linspace(-0.44 * length, 0.44 * length, 9)
    return tube_about(np.stack([np.zeros(9), along, np.zeros(9)], 1), 0.0030, 6)


def _cushion(length: float, depth: float, height: float, low: bool = True) -> F64:
    """A rounded box (R, C, 3) about the origin: x is depth, y is length, z is height; closed above and below."""
    phi = np.linspace(0, 2 * np.pi, 41)
    c, s = np.cos(phi), np.sin(phi)
    power = 7.0
    r = (np.abs(c) ** power + np.abs(s) ** power) ** (-1 / power)
    levels = np.array([-0.5, -0.5, -0.49, -0.44, -0.25, 0.0, 0.25, 0.44, 0.49, 0.5, 0.5])
    scale = np.array([0.02, 0.86, 0.95, 1.0, 1.0, 1.0, 1.0, 1.0, 0.95, 0.86, 0.02])
    if not low:
        scale[-3:] = 1.0
    swell = 1 + 0.10 * np.cos(levels * np.pi)
    x = (r * c)[None] * depth / 2 * (scale * swell)[:, None]
    y = (r * s)[None] * length / 2 * scale[:, None]
    return np.stack([x, y, np.broadcast_to(levels[:, None] * height, x.shape)], -1)
