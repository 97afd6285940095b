"""What is sewn on garments: lapels, collars, zips, buttons, belts, pockets, and scarves about the neck."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial import cKDTree

from kinema.buffers.scene_frame import F32, F64, Material
from kinema.stage.bodies.people.body import Body, body_count
from kinema.stage.bodies.people.cuts import Cut, gap, level_height, neckline
from kinema.stage.bodies.people.drape import hull_support
from kinema.stage.bodies.people.fabric import TILE
from kinema.stage.bodies.people.garments import torso_hull
from kinema.stage.bodies.people.piece import Piece
from kinema.stage.bodies.people.skinning import smooth_normals, triangles

LAPEL = 0.075  # metres that a lapel is broad at the collarbone
CORNER = 0.022  # metres by which a lapel's upper corner is rounded
MEETS = 0.03  # radians from the middle to where a closed collar's ends are sewn on
POINTED = 0.24  # radians by which these part over its fall
PARTING = (0.0, 0.0, 0.0, 0.1, 0.35, 0.7, 1.0)  # shares of that, row by row from the neckline over the fold down
ENDING = 5  # columns over which a collar rises from its ends


@dataclass(frozen=True, eq=False)
class Cloth:
    """A finished shell to sew on: what lies on it takes its place, its slope and its weights."""

    piece: Piece
    normals: F32
    tree: cKDTree

    @classmethod
    def of(cls, piece: Piece, body: Body) -> Cloth:
        """Ready for sewing on: the outside of it, without what hems turn in."""
        normals = piece.normals if piece.normals is not None else smooth_normals(piece.points, piece.faces, piece.same)
        skin = body.points[: body_count()]
        _, nearest = cKDTree(skin).query(piece.points)
        outside = ((body.normals[nearest] * normals).sum(1) > 0.2) | (
            body.points[nearest, 2] > body.landmarks["chin"][2]
        )
        outer = replace(piece, points=piece.points[outside], weights=piece.weights[outside], faces=piece.faces[:0])
        return cls(outer, normals[outside], cKDTree(outer.points))

    def lay(self, points: F64, off: float | F64) -> tuple[F64, F32]:
        """Points (N, 3) pushed out until they are `off` metres above the cloth, and weights (N, S) for them."""
        _, rows = self.tree.query(points, 4)
        place, normal = self.piece.points[rows].mean(1), self.normals[rows].mean(1)
        normal = normal / np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-9)
        height = ((points - place) * normal).sum(1)
        return points + normal * (off - height)[:, None], self.piece.weights[rows].mean(1)


def grid_piece(name: str, points: F64, weights: F32, material: Material, tile: float = TILE) -> Piece:
    """A sheet from a grid of points (R, C, 3), its uv in tiles of cloth; faces look along rows x columns."""
    rows, columns = points.shape[:2]
    index = np.arange(rows * columns).reshape(rows, columns)
    quads = np.stack([index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]], -1).reshape(-1, 4)
    down = np.concatenate([np.zeros((1, columns)), np.linalg.norm(np.diff(points, axis=0), axis=2).cumsum(0)])
    across = np.concatenate([np.zeros((rows, 1)), np.linalg.norm(np.diff(points, axis=1), axis=2).cumsum(1)], 1)
    uv = (np.stack([across, -down], -1) / tile).reshape(-1, 2).astype(np.float32)
    return Piece(
        name, points.reshape(-1, 3).astype(np.float32), triangles(quads.astype(np.int32)), weights, material, uv=uv
    )


def slab(name: str, points: F64, outward: F64, weights: F32, thickness: float, material: Material) -> Piece:
    """A sheet (R, C, 3) made solid: its back lies `thickness` behind it, and its rim is closed."""
    rows, columns = points.shape[:2]
    back = points - outward * thickness
    front_grid = np.concatenate([back[:, :1], points, back[:, -1:]], 1)
    front_grid = np.concatenate([front_grid[:1] * 0, front_grid, front_grid[:1] * 0])
    front_grid[0, 1:-1], front_grid[-1, 1:-1] = back[0], back[-1]
    front_grid[0, 0], front_grid[0, -1] = back[0, 0], back[0, -1]
    front_grid[-1, 0], front_grid[-1, -1] = back[-1, 0], back[-1, -1]
    spread = np.pad(weights.reshape(rows, columns, -1), ((1, 1), (1, 1), (0, 0)), mode="edge")
    return grid_piece(name, front_grid, spread.reshape(-1, weights.shape[-1]), material)


def front_edge(body: Body, cloth: Cloth, cut: Cut, side: float, heights: F64, inward: float = 0.0) -> F64:
    """The opening's edge (N, 3) of an open garment at heights, on one side (-1 left, 1 right), on the cloth."""
    assert cut.open is not None
    out = gap(cut.open, heights, level_height(body, cut.bottom), level_height(body, cut.top)) - inward
    ahead = np.full(len(heights), body.landmarks["chest"][1] + 0.12)
    edge = np.stack([side * out, ahead, heights], 1)
    for _ in range(4):
        laid, _ = cloth.lay(edge, 0.0)
        edge[:, 1] = laid[:, 1]
    edge[2:-2, 1] = (edge[:-4, 1] + edge[1:-3, 1] + edge[2:-2, 1] + edge[3:-1, 1] + edge[4:, 1]) / 5
    return edge


def lapels(body: Body, cloth: Cloth, cut: Cut, material: Material) -> list[Piece]:
    """Turned-back fronts: narrow at the waist, widest at the collarbone, with a notch."""
    pieces = []
    for side in (-1.0, 1.0):
        grid, weights = _lapel_sheet(body, cloth, cut, side)
        order = -1 if side > 0 else 1
        outward = np.broadcast_to(np.array([0.0, 1.0, 0.0]), grid.shape)
        flat = weights[::order].reshape(-1, weights.shape[-1])
        pieces.append(_outward(slab("lapel", grid[::order], outward, flat, 0.004, material)))
    return pieces


def _lapel_sheet(body: Body, cloth: Cloth, cut: Cut, side: float) -> tuple[F64, F32]:
    """Places (T, 7, 3) of a lapel from the waist up and from the opening's edge out, and their weights (T, 7, S)."""
    low = level_height(body, 4.0) + 0.02
    high = level_height(body, cut.top) - cut.front + 0.010
    t = 1 - np.linspace(1, 0, 16) ** 1.8  # closest at the top, which is round
    spread = np.array([-0.14, 0.0, 0.14, 0.45, 0.78, 0.93, 1.0])
    edge = front_edge(body, cloth, cut, side, low + (high - low) * t)
    pull = CORNER * (1 - _rounded(1 - t, (high - low) / CORNER))
    edge[:, 0] += side * pull
    reach = LAPEL * np.clip(t * 1.15, 0.04, 1) ** 0.8 - pull
    points = np.repeat(edge[:, None], len(spread), 1)
    points[..., 0] += side * reach[:, None] * spread
    points[..., 2] += reach[:, None] * np.clip(spread, 0, 1) * (0.20 - 0.75 * t[:, None] ** 6)
    bulge = np.array([-0.006, 0.006, 0.012, 0.014, 0.011, 0.008, 0.0055])
    laid, weights = cloth.lay(points.reshape(-1, 3), np.tile(bulge, len(t)))
    return laid.reshape(points.shape), weights.reshape(*points.shape[:2], -1)


def _rounded(away: F64, steep: float) -> F64:
    """Share (N,) of its full size that something has so far from where it ends in a quarter circle."""
    return np.asarray(np.sqrt(1 - (1 - np.clip(away * steep, 0, 1)) ** 2))


def _outward(piece: Piece, axis: int = 1) -> Piece:
    """Faces turned to look out: the sheet's middle faces ahead."""
    normals = smooth_normals(piece.points, piece.faces)
    flip = normals[:, axis].mean() < -0.02
    faces = piece.faces[:, ::-1] if flip else piece.faces
    return replace(piece, faces=np.ascontiguousarray(faces))


def collar(body: Body, cloth: Cloth, cut: Cut, material: Material, stand: float = 0.028, fall: float = 0.045) -> Piece:
    """A band sewn to the neckline that stands and folds over; open in front by as much as the garment is."""
    angle, base = _neckline_ring(body, cloth, cut)
    directions = np.stack([np.sin(angle), np.cos(angle)], 1)  # 0 is ahead, turning right
    columns = np.arange(len(angle))
    ends = np.minimum(columns, columns[::-1]) + 0.1
    full = np.ones(len(angle)) if cut.open is None else _rounded(ends, 1 / ENDING)
    tall = (1.0 - 0.45 * np.clip(np.cos(angle), 0, 1) ** 2) * full
    profile = np.array([[0.001, -0.006], [-0.004, 0.45 * stand], [-0.004, 0.9 * stand], [0.002, stand + 0.004],
                        [0.009, 0.85 * stand], [0.015, stand - 0.55 * fall], [0.022, stand - fall]])  # fmt: skip
    rows = [
        np.column_stack([base[:, :2] + directions * out * full[:, None], base[:, 2] + up * tall]) for out, up in profile
    ]
    if cut.open is None:
        rows = [_parted(angle, row, share) for row, share in zip(rows, PARTING, strict=True)]
    points = np.stack(rows)[::-1]
    flat, weights = points.reshape(-1, 3), cloth.lay(points.reshape(-1, 3), 0.0)[1]
    # the fall lies on the cloth, never in it
    laid, _ = cloth.lay(flat, 0.006)
    low = (np.arange(len(profile))[::-1] >= 5).repeat(len(angle))
    lifted = np.where(
        (
            low
            & (
                (
                    (laid - flat)
                    * np.repeat(directions[None], len(profile), 0).reshape(-1, 2)[:, [0, 1, 1]]
                    * (1, 1, 0)
                ).sum(1)
                > 0
            )
        )[:, None],
        laid,
        flat,
    )
    points = lifted.reshape(points.shape)
    outward = np.broadcast_to(np.column_stack([directions, np.zeros(len(angle))])[None], points.shape)
    return _outward_from(slab("collar", points, outward, weights, 0.0022, material), body.landmarks["neck"])


def _parted(angle: F64, row: F64, share: float) -> F64:
    """A collar's row (N, 3) whose ends, at angles (N,) about the neck, stay so far back from each other."""
    ahead = np.minimum(angle, 2 * np.pi - angle)
    pull = POINTED * share * np.exp(-((ahead / 0.4) ** 2)) * np.where(angle < np.pi, 1.0, -1.0)
    return np.stack([np.interp(angle + pull, angle, row[:, k]) for k in range(3)], 1)


def _neckline_ring(body: Body, cloth: Cloth, cut: Cut) -> tuple[F64, F64]:
    """Angles (N,) about the neck, 0 ahead and turning right, and the places (N, 3) of the neckline there."""
    neck = body.landmarks["neck"]
    points = cloth.piece.points.astype(np.float64)
    near = (np.abs(points[:, 2] - neckline(body, cut, points)) < 0.012) & (np.abs(points[:, 0]) < 0.13)
    rim = points[near]
    around = np.arctan2(rim[:, 0], rim[:, 1] - neck[1])
    first = MEETS if cut.open is None else float(np.abs(around).min()) + 0.02
    angle = np.linspace(first, 2 * np.pi - first, 48)  # from the right front edge round the back to the left
    apart = np.abs((around[None] - angle[:, None] + np.pi) % (2 * np.pi) - np.pi)
    near_to = np.exp(-((apart / 0.13) ** 2))
    base = (near_to @ rim) / near_to.sum(1, keepdims=True)
    base[:, 2] = neckline(body, cut, base)
    return angle, base


def _outward_from(piece: Piece, centre: F64) -> Piece:
    """Faces turned to look away from a place."""
    normals = smooth_normals(piece.points, piece.faces)
    flip = ((piece.points - centre) * normals).sum(1).mean() < 0
    return replace(piece, faces=np.ascontiguousarray(piece.faces[:, ::-1])) if flip else piece


def _flipped(weights: F32, shape: tuple[int, ...]) -> F32:
    return weights.reshape(shape[0], shape[1], -1)[:, ::-1].reshape(shape[0] * shape[1], -1)


def zips(body: Body, cloth: Cloth, cut: Cut, material: Material) -> list[Piece]:
    """A metal zip down both edges of the opening, up to the lapels."""
    low, high = level_height(body, cut.bottom) + 0.01, level_height(body, 4.0) + 0.06
    heights = np.linspace(low, high, 90)
    pieces = []
    for side in (-1.0, 1.0):
        edge = front_edge(body, cloth, cut, side, heights)
        across = np.array([-0.0015, 0.001, 0.0035]) * side
        points = np.repeat(edge[:, None], 3, 1)
        points[..., 0] += across
        teeth = 0.0022 + 0.0012 * (np.arange(90) % 2)
        laid, weights = cloth.lay(points.reshape(-1, 3), np.repeat(teeth, 3))
        pieces.append(_outward(grid_piece("zip", laid.reshape(points.shape), weights, material)))
    return pieces


def buttons(cloth: Cloth, low: float, high: float, count: int, material: Material) -> Piece:
    """A row of buttons down the front, between two heights."""
    heights = np.linspace(low, high, count)
    front = cloth.piece.points[(np.abs(cloth.piece.points[:, 0]) < 0.03) & (cloth.normals[:, 1] > 0.3)]
    places = [front[np.argmin(np.abs(front[:, 2] - z) + np.abs(front[:, 0]))] * (0, 1, 1) for z in heights]
    middles, weights = cloth.lay(np.array(places, np.float64), 0.0015)
    around = np.arange(12) * 2 * np.pi / 12
    rim = np.column_stack([np.cos(around), np.zeros(12), np.sin(around)]) * 0.0055
    disc = np.concatenate([rim, rim * 0.75 + (0, 0.0022, 0), [[0, 0.0016, 0]]])
    index = np.arange(12)
    after = np.roll(index, -1)
    faces = np.concatenate(
        [
            np.stack([index, index + 12, after], 1),
            np.stack([after, index + 12, after + 12], 1),
            np.stack([index + 12, np.full(12, 24), after + 12], 1),
        ]
    )
    points = np.concatenate([middle + disc for middle in middles]).astype(np.float32)
    rows = np.concatenate([faces + 25 * k for k in range(count)]).astype(np.int32)
    return Piece("buttons", points, rows, np.repeat(weights, 25, 0), material)


def belt(body: Body, cloth: Cloth, height: float, width: float, off: float, material: Material) -> Piece:
    """A band about the body at a height."""
    facing = np.linspace(0, 2 * np.pi, 65)
    hull = torso_hull(body, height)
    middle = np.array([0.0, (hull[:, 1].max() + hull[:, 1].min()) / 2])
    reach = hull_support(hull - middle, facing[:-1]) + off
    reach = np.append(reach, reach[0])
    step = facing[1] - facing[0]
    slope = np.gradient(reach, step)
    ring = middle + np.stack(
        [reach * np.cos(facing) - slope * np.sin(facing), reach * np.sin(facing) + slope * np.cos(facing)], 1
    )
    profile = [(-0.004, -0.5), (0.0, -0.5), (0.0015, 0.0), (0.0, 0.5), (-0.004, 0.5)]
    outward = np.stack([np.cos(facing), np.sin(facing)], 1)
    points = np.stack([np.column_stack([ring + outward * o, np.full(65, height + u * width)]) for o, u in profile])
    flat = points.reshape(-1, 3)
    _, rows = cloth.tree.query(flat, 6)
    return grid_piece("belt", points[:, ::-1], _flipped(cloth.piece.weights[rows].mean(1), points.shape), material)


def scarf(body: Body, cloth: Cloth, material: Material) -> list[Piece]:
    """Two thick turns about the neck and an end hanging down in front."""
    neck = body.landmarks["neck"] + (0.0, 0.008, 0.012)
    scale = body.height / 1.65
    t = np.linspace(0, 4 * np.pi, 90)
    lift = 0.012 * np.sin(t * 0.5) + 0.018 * (t / (4 * np.pi))
    core = (
        neck + np.column_stack([0.080 * np.sin(t), 0.088 * np.cos(t), lift - 0.030 * np.clip(np.cos(t), 0, 1)]) * scale
    )
    ring = _rope(core, 0.027 * scale, 12, 0.35)
    z = np.linspace(neck[2] - 0.03, level_height(body, 4.3), 24)
    sway = 0.03 + 0.012 * np.sin(np.linspace(0, 3, 24))
    across = np.linspace(-0.045, 0.045, 9)
    grid = np.stack(np.broadcast_arrays(sway[:, None] + across, np.full((24, 1), 0.3), z[:, None]), -1)
    nearest = np.interp(z, [z[-1], z[0]], [0.12, 0.10])
    grid[..., 1] = neck[1] + nearest[:, None]
    ripple = 0.030 + 0.006 * np.sin(across * 150 + z[:, None] * 12)
    laid, weights = cloth.lay(grid.reshape(-1, 3), ripple.ravel())
    end = _outward(grid_piece("scarf", laid.reshape(grid.shape), weights, material))
    _, about = cloth.lay(ring.reshape(-1, 3), 0.02)
    return [grid_piece("scarf", ring, about, material), end]


def _rope(core: F64, radius: float, columns: int, flat: float) -> F64:
    """A tube (R, C + 1, 3) about a curve (R, 3), flattened, its ends drawn in."""
    tangent = np.gradient(core, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    side = np.cross(tangent, (0.0, 0.0, 1.0))
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    upward = np.cross(side, tangent)
    phi = np.linspace(0, 2 * np.pi, columns + 1)
    wrinkle = 1 + 0.10 * np.sin(3 * phi + np.linspace(0, 40, len(core))[:, None])
    ends = np.minimum(1, np.minimum(np.arange(len(core)), np.arange(len(core))[::-1]) / 3 + 0.1)[:, None]
    r = radius * wrinkle * ends
    return np.asarray(
        core[:, None]
        + side[:, None] * (r * np.cos(phi) * (1 - flat))[..., None]
        + upward[:, None] * (r * np.sin(phi))[..., None]
    )
