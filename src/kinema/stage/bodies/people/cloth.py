"""Cloth that swings: a skirt as points held together by threads, driven by the hips and legs inside it.

Extended position-based dynamics in small steps (Macklin et al. 2016, 2019): every step moves the points freely, then
satisfies each thread once and pushes the points out of the body. Tethers to the waistband (Kim et al. 2012) keep long
cloth from stretching.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.compiled import helper, kernel
from kinema.buffers.scene_frame import F32, F64, I32
from kinema.stage.bodies.people.skeleton import JOINTS

BALLS = np.array(
    [
        [list(JOINTS).index(f"{name}_{side}") for name in ("upper_leg", "lower_leg", "lower_leg", "foot")]
        for side in ("left", "right")
    ]
)
STEPS = 4  # a sample
GRAVITY = 9.81
HELD = 0.015  # metres below the hip joints down to which cloth moves with the hips
TETHER = 1.015  # of its length that cloth may stretch from the waistband down
SEAT = 0.15  # metres from the middle of the seat up and down to its ends
RUB = 0.25  # share of its slip along a leg that cloth loses in a step
SOFT = np.array([0.0, 4e-6, 4e-4, 2e-4, 8e-4])  # per kg: threads down, around, aslant, folds around, folds down
DRAG = 0.8  # 1/s, against the air
AHEAD = 7.0  # 1/s, against the air that cloth goes into with its outside; what is inside a skirt goes along with it
CALM = 1.0  # 1/s, against the hips' own way: what bends and rubs in cloth
SLOW = 0.3  # m/s of the hips at which half of that is felt
SETTLING, SETTLED = 9.0, 20  # that many 1/s instead, for so many samples after it was put somewhere


@dataclass(frozen=True, eq=False)
class Inside:
    """The body as cloth feels it: each leg a chain of four balls (upper thigh, knee, calf, ankle), the seat an
    ellipsoid.

    offsets (2, 4, 3): of the balls from their joints, left and right · radii (4,) ·
    seat (2, 3): its middle from between the hip joints, and half its size; all metres, clothes beneath and all
    """

    offsets: F64
    radii: F64
    seat: F64

    def legs(self, turns: F64, places: F64) -> F64:
        """Where the balls are (T, 2, 4, 3), of joints with turns (T, J, 3, 3) at places (T, J, 3)."""
        return np.asarray(places[:, BALLS] + np.einsum("tsbij,sbj->tsbi", turns[:, BALLS], self.offsets))


@dataclass(frozen=True, eq=False)
class Cloth:
    """What does not change of a skirt of R rings of S points, of which the first `held` move with the hips.

    down (R - 1, S), around (R, S), aslant (R - 1, S, 2), over (R, S), under (R - 2, S): lengths of threads (m) to the
    ring below, the next column, both diagonals, the column after next, the ring after next · tether (R, S) ·
    facing (S,): as in Drape
    """

    held: int
    down: F64
    around: F64
    aslant: F64
    over: F64
    under: F64
    tether: F64
    facing: F64


def woven(rest: F64, drop: F64, facing: F64) -> Cloth:
    """The cloth of a skirt that hangs so at rest (R, S, 3), its rings so far below the hip joints (R,)."""

    def apart(a: F64, b: F64) -> F64:
        return np.asarray(np.linalg.norm(a - b, axis=-1))

    after = np.roll(rest, -1, 1)
    down = apart(rest[:-1], rest[1:])
    held = max(int((drop < HELD).sum()), 2)
    from_band = np.concatenate([np.zeros((held, rest.shape[1])), np.cumsum(down[held - 1 :], 0)])
    aslant = np.stack([apart(rest[:-1], after[1:]), apart(after[:-1], rest[1:])], -1)
    over, under = apart(rest, np.roll(rest, -2, 1)), apart(rest[:-2], rest[2:])
    return Cloth(held, down, apart(rest, after), aslant, over, under, from_band * TETHER, facing)


@dataclass(frozen=True, eq=False)
class Ways:
    """How the body goes that cloth hangs on, at T samples, in the world.

    begins (T,): row of starts (G, R, S, 3) that the cloth is put into at a sample, or -1 where it goes on ·
    band (T, held, S, 3): what moves with the hips · legs (T, 2, 4, 3): as Inside gives them ·
    seats (T, 3): between the hip joints · turns (T, 3, 3): of the hips
    """

    begins: I32
    starts: F64
    band: F64
    legs: F64
    seats: F64
    turns: F64


@dataclass(frozen=True, eq=False)
class State:
    """Cloth at an instant: points, speeds (R, S, 3) in m and m/s, and since (1,) how many samples it goes on."""

    points: F64
    speeds: F64
    since: I32


def swung(cloth: Cloth, inside: Inside, ways: Ways, state: State | None, seconds: float) -> tuple[F32, State]:
    """The cloth's points (T, R, S, 3) at samples so many seconds apart, and its state at the last of them.

    state: at the first of them; none needed where that is a begin.
    """
    shape = (len(ways.begins), *cloth.tether.shape, 3)
    out = np.empty(shape, np.float32)
    if state is None:
        state = State(np.zeros(shape[1:]), np.zeros(shape[1:]), np.zeros(1, np.int32))
    after = State(state.points.copy(), state.speeds.copy(), state.since.copy())
    _swung(
        ways.begins, ways.starts, ways.band, ways.legs, ways.seats, ways.turns, cloth.facing, seconds / STEPS,
        cloth.held, cloth.down, cloth.around, cloth.aslant, cloth.over, cloth.under, cloth.tether, inside.radii,
        inside.seat, after.points, after.speeds, after.since, out,
    )  # fmt: skip
    return out, after


@kernel
def _swung(  # type: ignore[no-untyped-def]
    begins, starts, band, legs, seats, turns, facing, dt, held, down, around, aslant, over, under, tether, radii,
    pelvis, here, speed, since, out,
):  # fmt: skip
    rows, columns = tether.shape
    before, outward = np.empty((rows, columns, 3)), np.zeros((rows, columns, 3))
    leg, leg_before, seat = np.empty((2, 4, 3)), np.empty((2, 4, 3)), np.empty(3)
    soft = SOFT / (dt * dt)
    bones = _near(down, held, legs[0])
    way = np.zeros(3)
    for i in range(len(begins)):
        if begins[i] >= 0:
            since[0] = 0
            here[:] = starts[begins[i]]
            speed[:] = 0.0
            if i + 1 < len(begins) and begins[i + 1] < 0:
                for k in range(3):
                    speed[:, :, k] = (seats[i + 1, k] - seats[i, k]) / (dt * STEPS)
        elif i > 0:
            since[0] += 1
            calm = SETTLING if since[0] <= SETTLED else CALM
            for k in range(3):
                way[k] = (seats[i, k] - seats[i - 1, k]) / STEPS * calm
            _in_the_wind(here, held, (seats[i] - seats[i - 1]) / (STEPS * dt), turns[i], facing, outward)
            for n in range(STEPS):
                f = (n + 1.0) / STEPS
                g = n / STEPS
                for k in range(3):
                    seat[k] = seats[i - 1, k] * (1.0 - f) + seats[i, k] * f
                    for side in range(2):
                        for j in range(4):
                            leg[side, j, k] = legs[i - 1, side, j, k] * (1.0 - f) + legs[i, side, j, k] * f
                            leg_before[side, j, k] = legs[i - 1, side, j, k] * (1.0 - g) + legs[i, side, j, k] * g
                before[:] = here
                for r in range(held):
                    for s in range(columns):
                        for k in range(3):
                            here[r, s, k] = band[i - 1, r, s, k] * (1.0 - f) + band[i, r, s, k] * f
                _fallen(here, speed, outward, held, calm, way, dt)
                _threads(here, held, down, around, aslant, over, under, tether, soft)
                _pushed(here, before, held, leg, leg_before, radii, bones, seat, turns[i], pelvis, facing)
                for r in range(held, rows):
                    for s in range(columns):
                        for k in range(3):
                            speed[r, s, k] = (here[r, s, k] - before[r, s, k]) / dt
        for r in range(rows):
            for s in range(columns):
                for k in range(3):
                    out[i, r, s, k] = here[r, s, k]


@helper
def _in_the_wind(here, held, gone, turn, facing, outward):  # type: ignore[no-untyped-def]
    """Writes the way out of a skirt (R, S, 3), as long as a point lies ahead where the hips go (m/s), 1 at most; what
    lies behind or aside is in their lee."""
    rows, columns = here.shape[0], here.shape[1]
    pace = np.sqrt(gone[0] ** 2 + gone[1] ** 2 + gone[2] ** 2) + SLOW
    for s in range(columns):
        after, share = s + 1 if s + 1 < columns else 0, 0.0
        for k in range(3):
            share += gone[k] / pace * (turn[k, 0] * np.cos(facing[s]) + turn[k, 1] * np.sin(facing[s]))
        if share <= 0.0:
            outward[:, s] = 0.0
            continue
        for r in range(held, rows):
            above, below, length = r - 1, min(r + 1, rows - 1), 1e-18
            for k in range(3):
                i, j = (k + 1) % 3, (k + 2) % 3
                outward[r, s, k] = (here[below, s, i] - here[above, s, i]) * (here[r, after, j] - here[r, s - 1, j]) - (
                    here[below, s, j] - here[above, s, j]
                ) * (here[r, after, i] - here[r, s - 1, i])
                length += outward[r, s, k] ** 2
            for k in range(3):
                outward[r, s, k] *= share / np.sqrt(length)


@helper
def _fallen(here, speed, outward, held, calm, way, dt):  # type: ignore[no-untyped-def]
    """Moves what is not held freely for a step: on with its speed, against the air, down."""
    rows, columns = here.shape[0], here.shape[1]
    for r in range(held, rows):
        for s in range(columns):
            into = 0.0
            for k in range(3):
                into += speed[r, s, k] * outward[r, s, k]
            into = max(into, 0.0) * AHEAD * dt
            for k in range(3):
                kept = speed[r, s, k] * (1.0 - (DRAG + calm) * dt) - into * outward[r, s, k]
                here[r, s, k] += (kept + way[k]) * dt
            here[r, s, 2] -= GRAVITY * dt * dt


@helper
def _pull(here, r, s, q, t, held, length, soft):  # type: ignore[no-untyped-def]
    """Brings two points to a thread's length, or part of the way if it is soft."""
    first = 0.0 if r < held else 1.0
    second = 0.0 if q < held else 1.0
    if first + second > 0.0:
        x, y, z = here[q, t, 0] - here[r, s, 0], here[q, t, 1] - here[r, s, 1], here[q, t, 2] - here[r, s, 2]
        distance = np.sqrt(x * x + y * y + z * z) + 1e-12
        share = (distance - length) / (distance * (first + second + soft))
        x, y, z = x * share, y * share, z * share
        here[r, s, 0] += first * x
        here[r, s, 1] += first * y
        here[r, s, 2] += first * z
        here[q, t, 0] -= second * x
        here[q, t, 1] -= second * y
        here[q, t, 2] -= second * z


@helper
def _threads(here, held, down, around, aslant, over, under, tether, soft):  # type: ignore[no-untyped-def]
    """Satisfies every thread once, ring by ring; of one kind in one ring no two share a point, so none waits."""
    rows, columns = tether.shape
    for r in range(held - 1, rows):
        if r >= held:
            for odd in range(2):
                for s in range(odd, columns, 2):
                    _pull(here, r, s, r, s + 1 if s + 1 < columns else 0, held, around[r, s], soft[1])
            for pair in range(2):
                for s in range(columns):
                    if (s >> 1) & 1 == pair:
                        _pull(here, r, s, r, s + 2 if s + 2 < columns else s + 2 - columns, held, over[r, s], soft[3])
        if r + 1 < rows:
            for s in range(columns):
                _pull(here, r, s, r + 1, s, held, down[r, s], soft[0])
            for s in range(columns):
                _pull(here, r, s, r + 1, s + 1 if s + 1 < columns else 0, held, aslant[r, s, 0], soft[2])
            for s in range(columns):
                _pull(here, r, s + 1 if s + 1 < columns else 0, r + 1, s, held, aslant[r, s, 1], soft[2])
        if r + 2 < rows:
            for s in range(columns):
                _pull(here, r, s, r + 2, s, held, under[r, s], soft[4])
    for r in range(held, rows):
        for s in range(columns):
            x, y, z = (here[r, s, 0] - here[held - 1, s, 0], here[r, s, 1] - here[held - 1, s, 1],
                       here[r, s, 2] - here[held - 1, s, 2])  # fmt: skip
            distance = np.sqrt(x * x + y * y + z * z) + 1e-12
            if distance > tether[r, s]:
                share = 1.0 - tether[r, s] / distance
                here[r, s, 0] -= x * share
                here[r, s, 1] -= y * share
                here[r, s, 2] -= z * share


@helper
def _near(down, held, legs):  # type: ignore[no-untyped-def]
    """First and last bone (0 thigh, 1 and 2 shin) that each ring can touch, and whether the seat (R, 3)."""
    rows = len(down) + 1
    near = np.zeros((rows, 3), np.int64)
    # the balls of a thigh are not all of it: two thirds
    thigh = np.sqrt(((legs[0, 1] - legs[0, 0]) ** 2).sum())
    drop = 0.0
    for r in range(held, rows):
        drop += down[r - 1].mean()
        near[r, 0] = 0 if drop < 2.2 * thigh else 1
        near[r, 1] = 0 if drop < 0.8 * thigh else (1 if drop < 1.3 * thigh else 2)
        near[r, 2] = 1 if drop < 2.0 * SEAT else 0
    return near


@helper
def _pushed(  # type: ignore[no-untyped-def]
    here, before, held, leg, leg_before, radii, bones, seat, turn, pelvis, facing
):  # fmt: skip
    """Points out of the seat and of both legs; what touches a leg is dragged along a little."""
    rows, columns = here.shape[0], here.shape[1]
    d, c, moved = np.empty(3), np.empty(3), np.empty(3)
    ways, scales = np.empty((2, 3, 3)), np.empty((2, 3))
    for side in range(2):
        for bone in range(3):
            length = 1e-12
            for k in range(3):
                ways[side, bone, k] = leg[side, bone + 1, k] - leg[side, bone, k]
                length += ways[side, bone, k] ** 2
            scales[side, bone] = 1.0 / length
    for r in range(held, rows):
        for s in range(columns):
            inside = 1.0 - bones[r, 2]
            for k in range(3 * bones[r, 2]):
                local = -pelvis[0, k]
                for j in range(3):
                    local += turn[j, k] * (here[r, s, j] - seat[j])
                d[k] = local / pelvis[1, k]
                inside += d[k] * d[k]
            inside = np.sqrt(inside)
            if 1e-6 < inside < 1.0:
                for k in range(3):
                    d[k] = pelvis[0, k] + d[k] * pelvis[1, k] / inside
                for j in range(3):
                    here[r, s, j] = seat[j] + turn[j, 0] * d[0] + turn[j, 1] * d[1] + turn[j, 2] * d[2]
            for side in range(2):
                for bone in range(bones[r, 0], bones[r, 1] + 1):
                    along, distance = 0.0, 0.0
                    for k in range(3):
                        along += ways[side, bone, k] * (here[r, s, k] - leg[side, bone, k])
                    t = min(max(along * scales[side, bone], 0.0), 1.0)
                    for k in range(3):
                        c[k] = leg[side, bone, k] + t * ways[side, bone, k]
                        d[k] = here[r, s, k] - c[k]
                        distance += d[k] * d[k]
                    radius = radii[bone] * (1.0 - t) + radii[bone + 1] * t
                    if distance >= radius * radius:
                        continue
                    distance = np.sqrt(distance)
                    if distance < 0.5 * radius:  # deep inside the nearest way out may be the wrong one
                        share = 1.0 - 2.0 * distance / radius
                        for k in range(3):
                            out = turn[k, 0] * np.cos(facing[s]) + turn[k, 1] * np.sin(facing[s])
                            d[k] += share * radius * out
                        distance = np.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]) + 1e-9
                    slip = 0.0
                    for k in range(3):
                        d[k] /= distance
                        here[r, s, k] = c[k] + d[k] * radius
                        bone_moved = (leg[side, bone, k] - leg_before[side, bone, k]) * (1.0 - t) + (
                            leg[side, bone + 1, k] - leg_before[side, bone + 1, k]
                        ) * t
                        moved[k] = here[r, s, k] - before[r, s, k] - bone_moved
                        slip += moved[k] * d[k]
                    for k in range(3):
                        here[r, s, k] -= RUB * (moved[k] - slip * d[k])
