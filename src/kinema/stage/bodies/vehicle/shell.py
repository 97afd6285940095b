"""A vehicle's sheet metal: rings of panel about the body and the cabin, with real openings for wheels and windows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F64, I32
from kinema.stage.bodies.vehicle.species import Plan, Species
from kinema.stage.geometry import solids
from kinema.stage.geometry.outlines import inset
from kinema.stage.geometry.solids import Solid

ARC = 7  # points of a corner
Ring = F64  # (N + 1, 2), closed, counter-clockwise from above, starting on the right side


def outline(plan: Plan) -> Ring:
    """The plan's outline, every plan with the same number of points in the same order, so that two can be lofted."""
    x = plan.width / 2
    corners = [
        (np.array([x - plan.front_radius, plan.front - plan.front_radius]), plan.front_radius, 0.0),
        (np.array([-x + plan.front_radius, plan.front - plan.front_radius]), plan.front_radius, np.pi / 2),
        (np.array([-x + plan.rear_radius, plan.rear + plan.rear_radius]), plan.rear_radius, np.pi),
        (np.array([x - plan.rear_radius, plan.rear + plan.rear_radius]), plan.rear_radius, 1.5 * np.pi),
    ]
    arcs = [
        c + r * np.stack([np.cos(a), np.sin(a)], 1) for c, r, s in corners for a in [s + np.linspace(0, np.pi / 2, ARC)]
    ]
    edges = []
    for k, arc in enumerate(arcs):
        start = arcs[k - 1][-1]
        line = start + np.linspace(0, 1, 61)[1:-1, None] * (arc[0] - start)
        edges += [_bowed(line, plan) if k in (0, 2) else line, arc]
    # the first edge runs forward along the right side; close the ring at its first corner
    ring = np.concatenate([arcs[-1][-1:], *edges])
    return ring


def _bowed(line: F64, plan: Plan) -> F64:
    bulge = np.sin(np.pi * np.linspace(0, 1, len(line) + 2)[1:-1]) * plan.bow
    return np.stack([line[:, 0] + np.sign(line[:, 0]) * bulge, line[:, 1]], axis=1)


@dataclass(frozen=True, eq=False)
class Skin:
    """A closed wall of panel. at(s, v) is a point: s metres around its foot, v from 0 (foot) to 1 (top)."""

    levels: F64  # (K,) values of v
    rings: F64  # (K, N + 1, 3)
    marks: F64  # (N + 1,) metres around

    def at(self, s: F64, v: F64, depth: float = 0.0) -> F64:
        """Points (..., 3) on the skin, sunk by a depth (m) into the body; s wraps around."""
        s, v = np.broadcast_arrays(np.mod(s, self.marks[-1]), np.clip(v, 0.0, 1.0))
        column = np.clip(np.searchsorted(self.marks, s, side="right") - 1, 0, len(self.marks) - 2)
        across = ((s - self.marks[column]) / (self.marks[column + 1] - self.marks[column]))[..., None]
        row = np.clip(np.searchsorted(self.levels, v, side="right") - 1, 0, len(self.levels) - 2)
        up = ((v - self.levels[row]) / (self.levels[row + 1] - self.levels[row]))[..., None]
        r = self.rings
        low = r[row, column] * (1 - across) + r[row, column + 1] * across
        high = r[row + 1, column] * (1 - across) + r[row + 1, column + 1] * across
        points = low * (1 - up) + high * up
        return np.asarray(points - depth * self.outward(s) if depth else points)

    def outward(self, s: F64) -> F64:
        """Horizontal unit normals (..., 3) of the foot."""
        eps = 0.02
        ahead, behind = (self._foot(np.mod(s + e, self.marks[-1])) for e in (eps, -eps))
        t = ahead - behind
        n = np.stack([t[..., 1], -t[..., 0], np.zeros_like(t[..., 0])], axis=-1)
        return np.asarray(n / np.linalg.norm(n, axis=-1, keepdims=True))

    def _foot(self, s: F64) -> F64:
        return np.stack([np.interp(s, self.marks, self.rings[0, :, k]) for k in (0, 1)], axis=-1)

    def station(self, side: str, coordinate: float) -> float:
        """Metres around to the place on a side (right, left, front, rear) with that y (or x, at the ends)."""
        foot = self.rings[0]
        n = len(self.marks)
        quarter = {"right": 0, "front": 1, "left": 2, "rear": 3}[side]
        low, high = quarter * (n - 1) // 4, (quarter + 1) * (n - 1) // 4
        axis = 1 if side in ("right", "left") else 0
        # the ring's quarters begin at the start of each straight edge
        values, marks = foot[low : high + 1, axis], self.marks[low : high + 1]
        order = np.argsort(values, kind="stable")
        return float(np.interp(coordinate, values[order], marks[order]))


def body_skin(row: Species) -> Skin:
    """The lower body from sill to belt, with the profile of the row."""
    plan = outline(row.plan)
    levels = np.array([v for v, _ in row.profile])
    rings = []
    for v, depth in row.profile:
        flat = np.concatenate([drawn := inset(plan[:-1], depth), drawn[:1]])
        rings.append(np.column_stack([flat, row.sill + v * (top_of(row, plan[:, 1]) - row.sill)]))
    return Skin(levels, np.array(rings), _around(plan))


def cabin_skin(row: Species) -> Skin:
    """The glasshouse from belt to gutter."""
    foot, head = outline(row.cabin.belt), outline(row.cabin.gutter)
    low = top_of(row, foot[:, 1]) - 0.012
    rings = [np.column_stack([foot, low]), np.column_stack([head, np.full(len(head), row.belt + row.cabin.height)])]
    return Skin(np.array([0.0, 1.0]), np.array(rings), _around(foot))


def top_of(row: Species, y: F64) -> F64:
    """Height (m) of the body's top edge along y: the belt, falling towards nose and tail."""
    ahead = np.clip((y - row.nose.start) / (row.plan.front - row.nose.start), 0, 1)
    behind = np.clip((row.tail.start - y) / max(row.tail.start - row.plan.rear, 1e-6), 0, 1)
    return np.asarray(row.belt - row.nose.drop * ahead**2 - row.tail.drop * behind**2)


def _around(ring: Ring) -> F64:
    return np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(ring, axis=0), axis=1))])


def panel(
    skin: Skin, s: F64, low: F64 | float, high: F64 | float, levels: F64 | None = None, depth: float = 0.0
) -> Solid:
    """Panel over stations s (S,) between two heights (S,) or numbers; above zero depth it is the lining."""
    low, high = np.broadcast_to(low, s.shape), np.broadcast_to(high, s.shape)
    steps = np.array([0.0, 1.0]) if levels is None else levels
    # rows follow the levels where they lie between low and high, so that panels meet without cracks
    v = np.clip(steps[:, None], low[None], high[None]) if levels is not None else low + steps[:, None] * (high - low)
    sections = skin.at(np.broadcast_to(s, v.shape), v, depth)
    return solids.loft(sections[:, ::-1] if depth > 0 else sections)


def body(row: Species, skin: Skin) -> Solid:
    """The lower body with its wheel arches open."""
    s = _stations(skin, 0.55, [e for edges in arch_spans(row, skin) for e in edges])
    low = np.zeros_like(s)
    for side in ("right", "left"):
        for axle in (row.wheel.front, row.wheel.rear):
            low = np.maximum(low, arch_height(row, skin, side, axle, s))
    return panel(skin, s, low, 1.0, skin.levels)


def arch_spans(row: Species, skin: Skin) -> list[F64]:
    """Stations of each wheel arch, dense along its curve."""
    turn = np.cos(np.linspace(0, np.pi, 13)) * row.arch.radius
    turn = np.concatenate([[turn[0] - 1e-5], turn, [turn[-1] + 1e-5]])
    return [
        np.sort([skin.station(side, axle + t) for t in turn])
        for side in ("right", "left")
        for axle in (row.wheel.front, row.wheel.rear)
    ]


def arch_height(row: Species, skin: Skin, side: str, axle: float, s: F64) -> F64:
    """Part of the height (S,) up to which a wheel arch is open at stations s; 0 away from it."""
    foot = skin.at(s, np.zeros_like(s))
    on_side = (foot[:, 0] > 0) == (side == "right")
    away = np.abs(foot[:, 1] - axle)
    inside = on_side & (away < row.arch.radius)
    z = row.wheel.radius + np.sqrt(np.maximum(row.arch.radius**2 - away**2, 0.0))
    v = (z - row.sill) / (top_of(row, foot[:, 1]) - row.sill)
    return np.asarray(np.where(inside, np.clip(v, 0.0, 0.99), 0.0))


def deck(row: Species, skin: Skin) -> Solid:
    """The lid of the lower body: bonnet, boot and what the cabin stands on, gently crowned."""
    top = skin.rings[-1, :-1]
    quarter = len(top) // 4
    right = np.concatenate([top[-ARC + 1 :], top[: quarter + 1]])  # from the rear corner forward to the front one
    t = np.linspace(-1, 1, 7)
    crown = 0.035 * (1 - t**4)
    ends = np.clip((right[:, 1] - right[0, 1]) / 0.3, 0, 1) * np.clip((right[-1, 1] - right[:, 1]) / 0.3, 0, 1)
    x = right[:, :1] * t
    y = np.broadcast_to(right[:, 1:2], x.shape)
    z = right[:, 2:] + crown * np.sqrt(ends)[:, None]
    return solids.loft(np.stack([x, y, z], axis=2)[_bends(right)])


def roof(row: Species, skin: Skin) -> Solid:
    """The roof over the gutter: a lip, a rounded edge and a shallow crown."""
    edge = skin.rings[-1]
    middle = np.array([0.0, (edge[:, 1].min() + edge[:, 1].max()) / 2, edge[0, 2]])
    lip, rise = row.cabin.lip, row.cabin.roof
    rows = [
        (-lip, -0.004),
        (-lip, 0.014),
        (0.002, 0.018),
        (0.02, 0.42 * rise),
        (0.075, 0.76 * rise),
    ]
    rings = []
    for depth, z in rows:
        flat = inset(edge[:-1, :2], depth)
        rings.append(np.column_stack([np.concatenate([flat, flat[:1]]), np.full(len(edge), edge[0, 2] + z)]))
    last = rings[-1]
    for part, z in ((0.88, 0.86), (0.62, 0.96), (0.0, 1.0)):
        ring = middle + (last - middle) * [part, part, 1.0]
        ring[:, 2] = edge[0, 2] + z * rise
        rings.append(ring)
    return solids.loft(np.array(rings)[:, _bends(edge[:, :2])])


def _bends(line: F64) -> I32:
    """Which points of a line (N, 2) are worth keeping: its ends, its corners, one in fifteen between."""
    bend = np.abs(np.diff(line, 2, axis=0, prepend=0, append=0)).sum(axis=1) > 2e-3
    bend[::15] = bend[[0, -1]] = True
    return np.flatnonzero(bend).astype(np.int32)


def _stations(skin: Skin, step: float, more: list[float]) -> F64:
    """Stations all the way round: at every corner point, every step along the edges, and the ones asked for."""
    bend = np.abs(np.diff(skin.rings[0, :, :2], 2, axis=0, prepend=0, append=0)).sum(axis=1) > 2e-3
    coarse = np.arange(0.0, skin.marks[-1], step)
    s = np.unique(np.concatenate([skin.marks[bend], coarse, [0.0, skin.marks[-1] - 1e-9], np.asarray(more)]))
    keep = np.concatenate([[True], np.diff(s) > 1e-6])
    return np.asarray(s[keep])


@dataclass(frozen=True)
class Opening:
    """A window in a skin: stations and heights of its edges, and the radius of its corners (m)."""

    start: float
    end: float
    low: float
    high: float
    radius: float

    def heights(self, s: F64, rise: float) -> tuple[F64, F64]:
        """Lower and upper edge (v) at stations within; rise is the skin's height in metres."""
        edge = np.clip(np.minimum(s - self.start, self.end - s), 0.0, self.radius)
        cut = (self.radius - np.sqrt(np.maximum(self.radius**2 - (self.radius - edge) ** 2, 0.0))) / rise
        return self.low + cut, self.high - cut

    def stations(self) -> F64:
        """Stations across it, dense in the corners."""
        bend = self.radius * (1 - np.cos(np.linspace(0, np.pi / 2, 5)))
        straight = np.linspace(self.start + self.radius, self.end - self.radius, 4)[1:-1]
        return np.concatenate([self.start + bend, straight, self.end - bend[::-1]])

    def loop(self, skin: Skin, rise: float, depth: float = 0.0) -> F64:
        """Its rim (N, 3), counter-clockwise from outside, closed by the caller."""
        s = self.stations()
        low, high = self.heights(s, rise)
        around = np.concatenate([s, s[::-1]])
        return skin.at(around, np.concatenate([low, high[::-1]]), depth)


def openings(row: Species, skin: Skin) -> list[Opening]:
    """Every window around the cabin in the order of its stations, those of the right side mirrored to the left."""
    found = []
    for side, a, b, low, high, radius in row.windows:
        for face in (side, "left") if side == "right" else (side,):
            ends = sorted(skin.station(face, c) for c in (a, b))
            found.append(Opening(ends[0], ends[1], low, high, radius))
    return sorted(found, key=lambda o: o.start)


def cabin(row: Species, skin: Skin, windows: list[Opening], depth: float = 0.0) -> Solid:
    """The cabin's wall with its windows open; a depth above zero gives its lining instead."""
    s = _stations(skin, 0.5, [])
    pieces = []
    ends = [*windows[1:], windows[0]]
    for window, following in zip(windows, ends, strict=True):
        across = window.stations()
        low, high = window.heights(across, row.cabin.height)
        pieces += [panel(skin, across, 0.0, low, depth=depth), panel(skin, across, high, 1.0, depth=depth)]
        stop = following.start + (skin.marks[-1] if following.start < window.end else 0.0)
        between = s + np.where(s < window.end, skin.marks[-1], 0.0)
        between = np.sort(between[(between > window.end + 0.01) & (between < stop - 0.01)])
        pillar = np.concatenate([[window.end], between, [stop]])
        pieces.append(panel(skin, pillar, 0.0, 1.0, np.linspace(0, 1, 3), depth))
    return solids.merge(pieces)


def reveal(window: Opening, skin: Skin, rise: float, depth: float) -> Solid:
    """The edge of the sheet seen in a window's rim, from the skin inwards."""
    loops = [window.loop(skin, rise), window.loop(skin, rise, depth)]
    return solids.loft(np.array([np.concatenate([loop, loop[:1]]) for loop in loops]))


def pane(window: Opening, skin: Skin, rise: float, depth: float) -> Solid:
    """The glass in a window: two curves joined by strips, so that it follows the skin."""
    s = window.stations()
    low, high = window.heights(s, rise)
    return solids.loft(np.array([skin.at(s, low, depth), skin.at(s, high, depth)]))
