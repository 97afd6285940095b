"""Skirts: cloth rings that hang from the waist and are pushed about by the legs inside them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from kinema.buffers.compiled import helper, kernel
from kinema.buffers.scene_frame import F32, F64, I32, Mesh
from kinema.stage.bodies.people.cloth import Inside
from kinema.stage.bodies.people.skeleton import JOINTS, Skeleton
from kinema.stage.bodies.people.skinning import joints_at

SIDES = ("left", "right")
DEEPER = 0.7  # of what a normal differs from its neighbours
LIP = 2  # rings of the hem's inside, the last ones
BEND = 0.09  # metres along the leg over which a skirt rounds a hip or a knee
ROUND = 0.02  # metres over which cloth goes from hanging to taut
MOST_LENT = 0.4  # of what cloth reaches, the most that it comes nearer for a stride
KICK = 0.3  # of their way that strides throw cloth farther than the legs go, from the knees down
KNEE = 0.4  # metres from hip to knee, about
LEVEL = 0.6  # how far from across the legs to level the rings of one who stands are
LYING, UPRIGHT = 0.3, 0.8  # a thigh's cosine to the plumb line at which rings follow it alone, and as of one who stands
HELD = 0.10  # metres that legs push less about the hips, where the cloth's own shape holds
HIPS = list(JOINTS).index("hips")
LEGS = np.array([[list(JOINTS).index(f"{n}_{s}") for n in ("upper_leg", "lower_leg", "foot")] for s in SIDES])


@dataclass(frozen=True, eq=False)
class Drape:
    """A tube of R rings of S columns; a column is a direction its cloth faces, so no pose can fold the rings.

    mesh: as it hangs at rest · drop (R,): metres down the legs from the hips' height, negative above ·
    facing (S,): radians from right (+X) towards ahead (+Y) · support (R, S): how far the cloth reaches so at rest,
    from the ring's middle · leg (R,): radius of cloth about each leg · folds (R, S): metres outwards when it hangs free
    · offset (R, 2): the ring's middle at rest, right and ahead of the midline · inside: the body it swings about ·
    girth (R,): metres that the cloth reaches in the mean over all directions when it is stretched round, so that
    2 pi times as much is its length (Cauchy)
    """

    mesh: Mesh
    drop: F64
    facing: F64
    support: F64
    leg: F64
    folds: F64
    offset: F64
    inside: Inside
    girth: F64

    @property
    def rows(self) -> int:
        """Rings of the cloth itself, without the hem's inside."""
        return len(self.drop) - LIP

    def hang(self, skeleton: Skeleton, rotations: F64) -> tuple[F32, F32]:
        """Positions and normals (R * (S + 1), 3) in the body's own space for a pose's rotations (J, 3, 3)."""
        return closed(self.rings(skeleton, rotations))

    def rings(self, skeleton: Skeleton, rotations: F64) -> F64:
        """Points (R, S, 3) of the posed rings.

        Each ring is the hull of its cloth at rest and of a circle about each leg, drawn from the hull's support
        function s: the point that faces u is s u + s' u', so it encloses both whatever the legs do. Cloth does not
        stretch: what a stride draws out ahead and behind is taken from the sides.
        """
        return self.posed(*joints_at(skeleton, rotations), len(self.drop))

    def posed(self, turns: F64, places: F64, count: int) -> F64:
        """The upper rings (count, S, 3) about joints with turns (J, 3, 3) at places (J, 3), wherever those are."""
        points = np.empty((count, len(self.facing), 3))
        _hung(
            turns[HIPS], places[HIPS], places[LEGS], self.drop[:count], self.facing, self.support[:count],
            self.leg[:count], self.folds[:count], self.offset[:count], self.girth[:count], points,
        )  # fmt: skip
        return points

    def laid(self, cloth: F64) -> tuple[F32, F32]:
        """Positions and normals as hang gives them, of cloth (Q, P, 3) that lies elsewhere, however fine."""
        rings = sampled(cloth, self.rows, len(self.facing))
        down = rings[-1] - rings[-2]
        down = down / np.maximum(np.linalg.norm(down, axis=-1, keepdims=True), 1e-9)
        inward = np.roll(rings[-1], -1, 0) - np.roll(rings[-1], 1, 0)
        inward = np.cross(inward, down)
        inward = inward / np.maximum(np.linalg.norm(inward, axis=-1, keepdims=True), 1e-9)
        depth = self.drop[self.rows :] - self.drop[self.rows - 1]  # negative: the inside goes up again
        lip = [rings[-1] + down * depth[k] + inward * (0.003 * (k + 1)) for k in range(LIP)]
        positions, normals = closed(np.concatenate([rings, np.stack(lip)]))
        return positions, _deepened(normals.reshape(-1, len(self.facing) + 1, 3))


@kernel
def _hung(hips, place, legs, drop, facing, support, leg, folds, offset, girth, points):  # type: ignore[no-untyped-def]
    """Writes the posed rings; legs (2, 3, 3): hip, knee and foot of each side."""
    rows, columns = support.shape
    reach, taut, pushed, aslant = np.empty((4, columns))
    cosine, sine = np.cos(facing), np.sin(facing)
    step = facing[1] - facing[0]
    crossing, tangent = np.empty((2, 3)), np.empty((2, 3))
    right, ahead, down, middle = np.empty(3), np.empty(3), np.empty(3), np.empty(3)
    level = LEVEL * min(max((hips[2, 2] - 0.6) / 0.3, 0.0), 1.0) * _standing(legs)
    for r in range(rows):
        for side in range(2):
            _down_the_leg(legs[side], drop[r], crossing[side], tangent[side])
        _framed(hips, place, legs, drop[r], level, crossing, tangent, down, right, ahead, middle)
        kick = 1.0 + level * KICK * min(max(drop[r] / KNEE, 0.0), 1.0)
        held = HELD * (1.0 - min(max(drop[r] / BEND, 0.0), 1.0))
        for s in range(columns):
            reach[s] = -1e9
        for side in range(2):
            x, y = 0.0, 0.0
            if drop[r] > -BEND:
                for k in range(3):
                    x += (crossing[side, k] - middle[k]) * right[k]
                    y += (crossing[side, k] - middle[k]) * ahead[k]
                x, y = x - offset[r, 0], kick * y - offset[r, 1]
            for s in range(columns):
                push = x * cosine[s] + y * sine[s] + leg[r] - held
                if push > reach[s]:
                    reach[s], pushed[s], aslant[s] = push, push, y * cosine[s] - x * sine[s]
        lent = _lent(reach, support[r], girth[r])
        for s in range(columns):
            own = support[r, s] - lent
            pull = min(max((reach[s] - own) / ROUND, -12.0), 12.0)
            taut[s] = pull
            reach[s] = own + ROUND * np.log1p(np.exp(pull))  # a smooth maximum
        for k in range(3):
            middle[k] += right[k] * offset[r, 0] + ahead[k] * offset[r, 1]
        for s in range(columns):
            # the derivative of the smooth maximum, so that a few columns do as well as many
            share = 1.0 / (1.0 + np.exp(-taut[s]))
            own = (support[r, (s + 1) % columns] - support[r, s - 1]) / (2.0 * step)
            slope = share * aslant[s] + (1.0 - share) * own
            slope = min(max(slope, -0.8 * reach[s]), 0.8 * reach[s])
            # folds are pulled out where the cloth is taut; they are too sharp for a hull, so they ride on it
            out = max(reach[s] + folds[r, s] * (0.5 + 0.5 / (1.0 + np.exp(taut[s] * 1.2))), pushed[s])
            x, y = out * cosine[s] - slope * sine[s], out * sine[s] + slope * cosine[s]
            for k in range(3):
                points[r, s, k] = middle[k] + x * right[k] + y * ahead[k]


@helper
def _standing(legs):  # type: ignore[no-untyped-def]
    """How far a body stands on its legs (2, 3, 3), 0 to 1: as upright as the thigh that is less so."""
    least = 1.0
    for side in range(2):
        away = 0.0
        for k in range(3):
            away += (legs[side, 1, k] - legs[side, 0, k]) ** 2
        upright = (legs[side, 0, 2] - legs[side, 1, 2]) / np.sqrt(away)
        least = min(least, max((upright - LYING) / (UPRIGHT - LYING), 0.0))
    return least


@helper
def _framed(hips, place, legs, drop, level, crossing, tangent, down, right, ahead, middle):  # type: ignore[no-untyped-def]
    """Writes a ring's axes (3,) down, right and ahead, and its middle (3,), where the legs' bones are at crossing
    (2, 3) and go along tangent (2, 3)."""
    free = min(max(drop / BEND * 0.5 + 0.5, 0.0), 1.0)
    for k in range(3):
        down[k] = (tangent[0, k] + tangent[1, k]) * free - hips[k, 2] * (1.0 - free) * 2.0
    _scale(down)
    for k in range(3):
        down[k] *= 1.0 - level * free
    down[2] -= level * free  # cloth hangs, whatever a knee does under it
    _scale(down)
    along = down[0] * hips[0, 0] + down[1] * hips[1, 0] + down[2] * hips[2, 0]
    for k in range(3):
        right[k] = hips[k, 0] - along * down[k]
    _scale(right)
    for k in range(3):
        i, j = (k + 1) % 3, (k + 2) % 3
        ahead[k] = right[i] * down[j] - right[j] * down[i]
        hanging = (crossing[0, k] + crossing[1, k]) / 2
        middle[k] = hanging if drop > 0 else place[k] - hips[k, 2] * drop
    if drop > 0:
        plumb = (legs[0, 0, 2] + legs[1, 0, 2]) / 2 - drop
        middle[2] += level * (plumb - middle[2])


@helper
def _lent(reach, support, girth):  # type: ignore[no-untyped-def]
    """Metres by which cloth comes nearer where no leg pushes (reach (S,)), for where one does."""
    columns = len(support)
    low, high = 0.0, 0.0
    for s in range(columns):
        high = max(high, MOST_LENT * support[s])
    for turn in range(9):
        lent = 0.0 if turn == 0 else (low + high) / 2.0
        total = 0.0
        for s in range(columns):
            total += max(support[s] - lent, reach[s])
        if total <= girth * columns:
            if turn == 0:
                return 0.0
            high = lent
        else:
            low = lent
    return high


@kernel
def _down_the_leg(joints, drop, point, tangent):  # type: ignore[no-untyped-def]
    """The point of a leg's bones so far down from the hip, and the direction there, rounded at the knee."""
    thigh, shin = 0.0, 0.0
    for k in range(3):
        thigh += (joints[1, k] - joints[0, k]) ** 2
        shin += (joints[2, k] - joints[1, k]) ** 2
    thigh, shin = np.sqrt(thigh), np.sqrt(shin)
    share = 1.0 / (1.0 + np.exp(-(drop - thigh) / (BEND * 0.4)))
    for k in range(3):
        upper, lower = (joints[1, k] - joints[0, k]) / thigh, (joints[2, k] - joints[1, k]) / shin
        point[k] = joints[0, k] + upper * min(drop, thigh) + lower * max(drop - thigh, 0.0)
        tangent[k] = upper * (1.0 - share) + lower * share


@kernel
def _scale(vector):  # type: ignore[no-untyped-def]
    """Makes a vector (3,) one long, in place."""
    length = np.sqrt(vector[0] ** 2 + vector[1] ** 2 + vector[2] ** 2)
    for k in range(3):
        vector[k] /= length


def closed(rings: F64) -> tuple[F32, F32]:
    """Rings (R, S, 3) and their normals with the first column repeated as the last, flat: (R * (S + 1), 3) each."""
    rows, columns = rings.shape[:2]
    positions = np.empty((rows, columns + 1, 3), np.float32)
    normals = np.empty_like(positions)
    _closed(rings, positions, normals)
    return positions.reshape(-1, 3), normals.reshape(-1, 3)


@kernel
def _closed(rings, positions, normals):  # type: ignore[no-untyped-def]
    rows, columns = rings.shape[0], rings.shape[1]
    for r in range(rows):
        above, below = max(r - 1, 0), min(r + 1, rows - 1)
        for s in range(columns):
            left, right = s - 1 if s else columns - 1, s + 1 if s + 1 < columns else 0
            ax, ay, az = (rings[below, s, 0] - rings[above, s, 0], rings[below, s, 1] - rings[above, s, 1],
                          rings[below, s, 2] - rings[above, s, 2])  # fmt: skip
            bx, by, bz = (rings[r, right, 0] - rings[r, left, 0], rings[r, right, 1] - rings[r, left, 1],
                          rings[r, right, 2] - rings[r, left, 2])  # fmt: skip
            x, y, z = ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx
            length = max(np.sqrt(x * x + y * y + z * z), 1e-12)
            normals[r, s, 0], normals[r, s, 1], normals[r, s, 2] = x / length, y / length, z / length
            for k in range(3):
                positions[r, s, k] = rings[r, s, k]
        for k in range(3):
            positions[r, columns, k], normals[r, columns, k] = positions[r, 0, k], normals[r, 0, k]


def hung(drape: Drape, skeleton: Skeleton) -> Drape:
    """The drape with its mesh as it hangs on a skeleton at rest."""
    points, normals = drape.hang(skeleton, np.tile(np.eye(3), (len(skeleton.names), 1, 1)))
    return replace(drape, mesh=replace(drape.mesh, positions=points, normals=normals))


def _combed(cloth: F64) -> F64:
    """Cloth (R, S, 3) without what goes to and fro from column to column; broader folds stay as they are."""
    beside = np.roll(cloth, 1, 1) + np.roll(cloth, -1, 1)
    return np.asarray((10.0 * cloth + 4.0 * beside - np.roll(cloth, 2, 1) - np.roll(cloth, -2, 1)) / 16.0)


def _deepened(normals: F32) -> F32:
    """Normals (R, S + 1, 3) turned farther from those around them, flat: cloth folds finer than its net does."""
    ring = normals[:, :-1]
    around = np.mean([np.roll(ring, k, 1) for k in (-4, -2, 2, 4)], 0)
    ring = ring + DEEPER * (ring - around)
    ring /= np.linalg.norm(ring, axis=-1, keepdims=True)
    return np.asarray(np.concatenate([ring, ring[:, :1]], 1).reshape(-1, 3), np.float32)


def sampled(cloth: F64, rows: int, columns: int) -> F64:
    """Cloth (Q, P, 3) as a net (rows, columns, 3) over the same tube, between its points where need be; what zigzags
    from column to column is combed out."""
    cloth = _combed(cloth)
    if cloth.shape[:2] == (rows, columns):
        return cloth
    down = np.linspace(0, len(cloth) - 1, rows)
    low = np.minimum(down.astype(int), len(cloth) - 2)
    part = (down - low)[:, None, None]
    rings = cloth[low] * (1 - part) + cloth[low + 1] * part
    around = np.arange(columns) * (cloth.shape[1] / columns)
    left = around.astype(int)
    share = (around - left)[None, :, None]
    return np.asarray(rings[:, left] * (1 - share) + rings[:, (left + 1) % cloth.shape[1]] * share)


def tube_faces(rings: int, columns: int) -> I32:
    """Triangles (F, 3) of a tube of that many rings of S columns, laid out as `closed` does."""
    rows = np.arange(rings * (columns + 1), dtype=np.int32).reshape(rings, columns + 1)
    quads = np.stack([rows[:-1, :-1], rows[1:, :-1], rows[1:, 1:], rows[:-1, 1:]], -1).reshape(-1, 4)
    return np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]]).astype(np.int32)


def hull_support(points: F64, facing: F64) -> F64:
    """How far points (N, 2) reach in each direction (S,)."""
    directions = np.stack([np.cos(facing), np.sin(facing)])
    return np.asarray((points @ directions).max(0))
