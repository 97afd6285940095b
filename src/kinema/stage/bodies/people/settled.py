"""Skirts that nobody watches closely: their cloth come to rest once, when they are made, and posed so ever after.

A crowd's skirts are not swung in time. Cut as a cone they would stand about their wearers like bells; their own cloth,
let fall about the body at rest, tells how they hang.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.stage.bodies.people.cloth import Cloth, Ways, swung, woven
from kinema.stage.bodies.people.drape import HIPS, LEGS, LIP, Drape, hull_support, hung, sampled
from kinema.stage.bodies.people.skeleton import Skeleton
from kinema.stage.bodies.people.skinning import joints_at

THIGH = (0, 1)  # balls of a leg, as Inside counts them
SLACK = 1.15  # times as far as it hangs a stride draws cloth out before it takes from the sides; folds hold the rest
SECONDS, RATE = 1.5, 48  # how long cloth is given to come to rest, and in how many samples a second


def cloth_of(drape: Drape, skeleton: Skeleton) -> Cloth:
    """The cloth of a drape, as long as it is cut."""
    rest = drape.rings(skeleton, _still(skeleton))
    return woven(rest[: drape.rows], drape.drop[: drape.rows], drape.facing)


def settled(drape: Drape, fine: Drape, skeleton: Skeleton) -> Drape:
    """The drape with the shape that its cloth takes about the body at rest.

    fine: the same skirt as it is made for close by, since a coarse net is too stiff to fall.
    """
    turns, places = joints_at(skeleton, _still(skeleton))
    rest = drape.posed(turns, places, drape.rows)
    fallen = sampled(_fallen(fine, skeleton, turns, places), drape.rows, len(drape.facing))
    middles = _middles(rest, drape.support[: drape.rows], drape.facing)
    around = np.stack([np.cos(drape.facing), np.sin(drape.facing)], -1)
    away = fallen[..., :2] - middles[:, None]
    support = np.stack([hull_support(ring, drape.facing) for ring in away])
    folds = np.einsum("rsi,si->rs", away, around) - support
    sunk = (rest - fallen)[..., 2].mean(1)
    support = np.concatenate([support, support[-1] + drape.support[-LIP:] - drape.support[-LIP - 1]])
    folds = np.concatenate([folds, np.repeat(folds[-1:], LIP, 0)])
    drop = drape.drop + np.concatenate([sunk, np.repeat(sunk[-1:], LIP)])
    girth = np.minimum(drape.girth, SLACK * support.mean(1))
    leg = _legs(drape, turns, places)
    return hung(replace(drape, support=support, folds=folds, drop=drop, leg=leg, girth=girth), skeleton)


def _legs(drape: Drape, turns: F64, places: F64) -> F64:
    """Radius (R,) about each leg that is clear of it also between the few columns of a coarse skirt."""
    balls, bones = drape.inside.legs(turns[None], places[None])[0, 0], places[LEGS[0]]
    wide = drape.inside.radii.copy()
    for ball in THIGH:  # mostly ahead of its bone, which is what the leg is posed by
        at = [np.interp(-balls[ball, 2], -bones[:, 2], bones[:, axis]) for axis in (0, 1)]
        wide[ball] += 0.7 * float(np.hypot(*(balls[ball, :2] - at)))
    result: F64 = np.maximum(drape.leg, np.interp(drape.drop, bones[0, 2] - balls[:, 2], wide))
    return result


def _still(skeleton: Skeleton) -> F64:
    return np.tile(np.eye(3), (len(skeleton.names), 1, 1))


def _fallen(drape: Drape, skeleton: Skeleton, turns: F64, places: F64) -> F64:
    """The cloth's points (R, S, 3) after a while about a body that does not move."""
    cloth, rest = cloth_of(drape, skeleton), drape.posed(turns, places, drape.rows)
    count = round(SECONDS * RATE)

    def always(values: F64) -> F64:
        return np.repeat(values[None], count, 0)

    begins = np.full(count, -1, np.int32)
    begins[0] = 0
    ways = Ways(
        begins, rest[None].copy(), always(rest[: cloth.held]), always(drape.inside.legs(turns[None], places[None])[0]),
        always(places[LEGS[:, 0]].mean(0)), always(turns[HIPS]),
    )  # fmt: skip
    points, _ = swung(cloth, drape.inside, ways, None, 1.0 / RATE)
    return np.asarray(points[-1], np.float64)


def _middles(rest: F64, support: F64, facing: F64) -> F64:
    """The rings' middles (R, 2), from which their cloth at rest (R, S, 3) reaches as far as support (R, S)."""
    around = np.stack([np.cos(facing), np.sin(facing)], -1)
    reach = np.stack([hull_support(ring, facing) for ring in rest[..., :2]])  # (R, S)
    # what lies off the origin reaches farther by the cosine of the way
    return np.asarray(2.0 * np.einsum("rs,si->ri", reach - support, around) / len(facing))
