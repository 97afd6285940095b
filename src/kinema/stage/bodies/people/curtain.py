"""A head of hair as a curtain: a sheet hung along a line of roots, with locks laid on and under it.

The line runs from one temple over the hairline to the parting, back along it, about the crown and down the other side.
Neighbours on it stay neighbours all the way down, so the sheet is one smooth surface that shines as one; the locks are
read off the same surface and so never cut through it.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d

from kinema.buffers.scene_frame import F32, F64, I32, Material
from kinema.stage.bodies.people.body import Body
from kinema.stage.bodies.people.piece import Piece
from kinema.stage.bodies.people.scalp import Roots, hairline, roots_near
from kinema.stage.bodies.people.skinning import SKIN_JOINTS, smooth_normals, triangles
from kinema.stage.bodies.people.strands import PARTING, STRIPS
from kinema.stage.bodies.people.tresses import Tresses, cleared, resampled

# on the unmorphed base mesh, metres
TEMPLE = 0.062  # from the midline to where the hairline's curtain begins
CROWN = (-0.002, 0.833)  # how far ahead and how high hair parts to the back
BEHIND = 0.004  # metres behind the hairline that the curtain begins, where the cap is not yet full
FRONT = 0.150  # ahead of every forehead
SHEET_TILE = 0.10  # metres across which the sheet's texture repeats
STRIP_LIFT = 0.0013  # metres of a parting's strip above the scalp
SMOOTH = 0.45  # how far the normals of a sheet are those of a whole head of hair
TIPPED = 0.07  # radians by which the scales of locks differ
FILLING = 13  # tresses at either side of the neck
FILLS = 0.86  # of the curtain's length to which they reach
INSIDE = 0.010  # metres that they lie within the curtain at least
ROOTED = 0.09  # share of a tress that lies in the shade of others
APART = 0.070  # metres between the tips of neighbours beyond which they are no sheet any more


def parting(part: float) -> F64:
    """Places (N, 3) on the base mesh from the hairline to the crown where hair is parted, so many metres right of the
    middle, and a little towards it further back."""
    low = float(hairline(np.array([part]))[0])
    t = np.linspace(0, 1, 12)[1:]
    arch = np.sin(t * np.pi * 0.5)
    ahead = FRONT + (CROWN[0] - FRONT) * t
    return np.stack([part * (1 - 0.6 * t), ahead, low + (CROWN[1] - low) * arch], 1)


def parting_strip(body: Body, part: float, look: Material) -> Piece:
    """The scalp that shows along a parting, over the cap and under the first hairs."""
    line = parting(part)
    half = np.array([PARTING / 2, 0.0, 0.0])
    sides = [roots_near(body, line + side * half) for side in (-1.0, 1.0)]
    normals = np.stack([side.normals for side in sides], 1).reshape(-1, 3)
    points = np.stack([side.points for side in sides], 1).reshape(-1, 3) + STRIP_LIFT * normals
    v = np.linspace(0.98, 0.02, len(line))
    uv = np.stack([np.tile([0.02, 0.98], len(line)), np.repeat(v, 2)], 1)
    faces = strip_faces(1, len(line))
    flat = points.astype(np.float32)
    if (smooth_normals(flat, faces) * normals).sum() < 0:
        faces = np.ascontiguousarray(faces[:, ::-1])
    return Piece(
        "parting", flat, faces, hair_weights(body, flat), look, uv=uv.astype(np.float32),
        normals=normals.astype(np.float32),
    )  # fmt: skip


def parted_roots(body: Body, part: float, back: float, count: int) -> tuple[Roots, F64]:
    """Roots along the line for hair that is parted so many metres right of the middle, and how it is combed (N, 3).

    back: 0 falls to the sides from the parting, 1 is combed back from the forehead.
    """
    places, comb = [], []
    for side in (-1.0, 1.0):
        x = part + (side * TEMPLE - part) * np.linspace(1, 0, 9)
        line = np.stack([x, np.full(9, FRONT), hairline(x) + BEHIND], 1)
        inwards = np.linspace(0.0, 1.0, 9)[:, None]
        swept = np.array([[side * 0.75, -0.7 - 1.1 * back, -0.35]]) * (1 - inwards)
        swept = swept + np.array([[side, -0.25 - 0.9 * back, -0.2]]) * inwards
        top = parting(part)
        t = np.linspace(0, 1, len(top) + 1)[1:]
        falls = np.stack([np.full(len(top), side), -0.25 - 0.9 * back * (1 - t), -0.2 - 0.2 * t], 1)
        turn = np.linspace(0, np.pi / 2, 10)[1:]
        round_ = np.stack([side * 0.016 * np.cos(turn), CROWN[0] - 0.02 * np.sin(turn), np.full(9, CROWN[1])], 1)
        fans = np.stack([side * np.cos(turn), -0.25 - 0.75 * np.sin(turn), np.full(9, -0.4)], 1)
        places.append(np.concatenate([line, top, round_]))
        comb.append(np.concatenate([swept, falls, fans]))
    line = np.concatenate([places[0], places[1][-2::-1]])
    combed = np.concatenate([comb[0], comb[1][-2::-1]])
    even = np.linspace(0, len(line) - 1, count)

    def spread(values: F64) -> F64:
        smooth = gaussian_filter1d(values, 0.7, axis=0, mode="nearest")
        return np.stack([np.interp(even, np.arange(len(values)), smooth[:, k]) for k in range(3)], 1)

    return roots_near(body, spread(line)), spread(combed)


def evened(tresses: Tresses, over: float) -> Tresses:
    """Neighbours brought into line with each other over so many of them."""
    return Tresses(
        *(gaussian_filter1d(part, over, axis=0, mode="nearest") for part in (tresses.paths, tresses.outward))
    )


def fringe_roots(body: Body, count: int) -> tuple[Roots, F64]:
    """Roots a finger's breadth behind the hairline for hair that falls over the forehead, and its combing (N, 3)."""
    x = np.linspace(-0.056, 0.056, count)
    places = np.stack([x, np.full(count, 0.118), hairline(x) + 0.032], 1)
    comb = np.stack([x * 9, np.full(count, 1.1), np.full(count, -0.35)], 1)
    return roots_near(body, places), comb


def sheet(body: Body, tresses: Tresses, look: Material) -> Piece:
    """The tresses (N, P) as one surface, open where neighbours part ways."""
    paths = tresses.paths
    count, points = paths.shape[:2]
    width = np.linalg.norm(np.diff(paths, axis=0), axis=2)  # (N - 1, P)
    index = np.arange(count * points).reshape(count, points)
    quads = np.stack([index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]], -1)
    whole = np.maximum(width[:, :-1], width[:, 1:]) < APART
    across = np.concatenate([[0.0], np.cumsum(np.median(width, 1))]) / SHEET_TILE
    run = lengthwise(paths)
    down = 1 - run * 0.996 - 0.002
    uv = np.stack(np.broadcast_arrays(across[:, None], down[None]), -1).reshape(-1, 2).astype(np.float32)
    faces = triangles(quads[whole].astype(np.int32))
    flat = paths.reshape(-1, 3).astype(np.float32)
    faces, normals = facing(flat, faces, tresses.outward.reshape(-1, 3))
    shade = depth_shade(run)
    tone = 1.0 + 0.10 * np.sin(across * 4.1 + 2.0 * np.sin(across * 1.7))
    colours = np.repeat((tone[:, None] * shade).reshape(-1, 1), 3, 1).astype(np.float32)
    along = along_paths(paths).reshape(-1, 3)
    return Piece(
        "hair_sheet", flat, faces, hair_weights(body, flat), look, uv=uv, colours=colours, normals=normals, along=along
    )


def depth_shade(run: F64, rooted: float = ROOTED) -> F64:
    """Shade (P,) of hair at shares of its length: little light gets down to the roots."""
    return np.asarray(0.45 + 0.55 * np.clip(run / rooted, 0, 1) ** 0.7)


def lengthwise(paths: F64) -> F64:
    """How far along (P,) the points of paths lie in the mean, 0 at the root to 1 at the tip."""
    steps = np.linalg.norm(np.diff(paths, axis=1), axis=2).mean(0)
    return np.asarray(np.concatenate([[0.0], np.cumsum(steps)]) / steps.sum())


def along_paths(paths: F64) -> F32:
    """The unit way (N, P, 3) that paths run."""
    way = np.gradient(paths, axis=1)
    return np.asarray(way / np.maximum(np.linalg.norm(way, axis=2, keepdims=True), 1e-9), np.float32)


def facing(points: F32, faces: I32, outward: F64, share: float = SMOOTH) -> tuple[I32, F32]:
    """Faces turned the way hair faces, and normals between the sheet's own and, by a share, that way.

    Each is turned by itself: where neighbours cross, the sheet folds over, and what is wound the wrong way round would
    be lit from behind, as a dark patch in the shine."""
    first, second, third = (points[faces[:, k]] for k in range(3))
    away = (np.cross(second - first, third - first) * outward[faces].sum(1)).sum(1) < 0
    faces = np.ascontiguousarray(np.where(away[:, None], faces[:, ::-1], faces))
    own = smooth_normals(points, faces)
    own = np.where((own * outward).sum(1, keepdims=True) < 0, -own, own)
    mixed = (1.0 - share) * own + share * outward
    return faces, np.asarray(mixed / np.linalg.norm(mixed, axis=1, keepdims=True), np.float32)


def filling(body: Body, tresses: Tresses, points: int) -> Tresses:
    """Tresses of so many points, from the eyes down, between the neck and those that fall ahead of the shoulders: a
    head of hair is as thick as a hand there, while its curtain has no thickness at all."""
    eye, chin, neck = (body.landmarks[name] for name in ("eye_left", "chin", "neck"))
    paths, faced = [], []
    for side in (-1.0, 1.0):
        falls = (tresses.paths[:, -1, 1] > neck[1] + 0.02) & (tresses.paths[:, -4, 0] * side > 0.0)
        rows = np.flatnonzero(falls)
        if not len(rows):
            continue
        chosen = rows[np.linspace(0, len(rows) - 1, FILLING).astype(int)]
        path = tresses.paths[chosen] - INSIDE * tresses.outward[chosen]
        # neighbours on the curtain go to different depths, so that they hide what is between them
        share = (0.2 + 0.8 * (np.arange(FILLING) * 5 % FILLING + 0.5) / FILLING)[:, None]
        above, below = eye[2] + 0.04, 0.5 * (eye[2] + chin[2])
        low = np.clip((above - path[..., 2]) / (above - below), 0, 1)
        path[..., 0] -= side * share * low * np.maximum(side * path[..., 0] - 0.040, 0.0)
        path[..., 1] -= low * np.maximum(path[..., 1] - (eye[1] - 0.075), 0.0)
        paths.append(cleared(body, path, 0.004))
        faced.append(0.35 * tresses.outward[chosen] + np.array([0.15 * side, 0.8, 0.0]))
    if not paths:
        return Tresses(tresses.paths[:0], tresses.outward[:0])
    outward, last = np.concatenate(faced), tresses.paths.shape[1] - 1
    whole = Tresses(np.concatenate(paths), outward / np.linalg.norm(outward, axis=2, keepdims=True))
    begin = np.argmax(whole.paths[..., 2] < eye[2], axis=1)[:, None]
    return resampled(whole, begin + (FILLS * last - begin) * np.linspace(0, 1, points))


def strip_faces(count: int, points: int, columns: int = 2) -> I32:
    """Triangles (F, 3) of so many strips, each of rows of points down its length."""
    index = np.arange(count * points * columns).reshape(count, points, columns)
    quads = np.stack([index[:, :-1, :-1], index[:, :-1, 1:], index[:, 1:, 1:], index[:, 1:, :-1]], -1)
    return triangles(quads.reshape(-1, 4).astype(np.int32))


def ribbons(
    body: Body,
    tresses: Tresses,
    width: float,
    look: Material,
    generator: np.random.Generator,
    tone: float = 1.0,
    rooted: float = ROOTED,
) -> Piece:
    """Each tress as a flat ribbon two points wide, tapering, lit much as the hair around it is; tone: of its colour;
    rooted: share of the length from its roots that lies in the shade of the others'."""
    paths, outward = tresses.paths, tresses.outward
    count, points = paths.shape[:2]
    across = np.cross(np.gradient(paths, axis=1), outward)
    across /= np.maximum(np.linalg.norm(across, axis=2, keepdims=True), 1e-9)
    t = np.linspace(0, 1, points)
    taper = (0.45 + 0.55 * np.clip(t * 7, 0, 1)) * (1.0 - 0.3 * t**3)  # a broad root stands off the round head
    half = width / 2 * generator.uniform(0.6, 1.3, (count, 1, 1)) * taper[None, :, None]
    flat = np.stack([paths - across * half, paths + across * half], 2)
    strip = generator.integers(0, STRIPS, count)
    mirrored = np.where(generator.random((count, 1, 1)) < 0.5, [0.98, 0.02], [0.02, 0.98])
    u = (strip.reshape(-1, 1, 1) + mirrored) / STRIPS
    uv = np.stack(np.broadcast_arrays(u, 1 - t[None, :, None] * 0.998 - 0.001), -1)
    faces = strip_faces(count, points)
    shade = tone * generator.uniform(0.82, 1.12, (count, 1, 1, 1)) * depth_shade(t, rooted)[:, None, None]
    shade = shade * (1.0 + generator.normal(0.0, 0.03, (count, 1, 1, 1)) * np.array([1.0, 0.0, -1.0]))
    place = flat.reshape(-1, 3).astype(np.float32)
    faced, along = tipped(outward, along_paths(paths), generator.normal(0.0, TIPPED, (count, 1, 1)))
    return Piece(
        "locks",
        place,
        faces,
        hair_weights(body, place),
        look,
        uv=uv.reshape(-1, 2).astype(np.float32),
        colours=np.broadcast_to(shade, flat.shape).reshape(-1, 3).astype(np.float32),
        normals=np.repeat(faced[:, :, None], 2, 2).reshape(-1, 3).astype(np.float32),
        along=np.repeat(along[:, :, None], 2, 2).reshape(-1, 3).astype(np.float32),
    )


def tipped(facing: F64, along: F64 | F32, angle: F64) -> tuple[F64, F64]:
    """Where hair faces and runs (N, P, 3), tipped up along its way by angles (N, 1, 1): where locks shine each at its
    own height, the band of a highlight breaks up."""
    cosine, sine = np.cos(angle), np.sin(angle)
    return facing * cosine + along * sine, along * cosine - facing * sine


def hair_weights(body: Body, points: F32) -> F32:
    """Hair follows the head; what lies on shoulders and back follows neck and chest."""
    chin, shoulder = float(body.landmarks["chin"][2]), float(body.landmarks["upper_arm_left"][2])
    head = np.clip((points[:, 2] - shoulder) / (chin - shoulder + 0.02), 0, 1)
    weights = np.zeros((len(points), len(SKIN_JOINTS)), np.float32)
    weights[:, SKIN_JOINTS.index("head")] = head**1.5
    rest = 1 - head**1.5
    weights[:, SKIN_JOINTS.index("neck")] = rest * head
    weights[:, SKIN_JOINTS.index("chest")] = rest * (1 - head)
    return weights
