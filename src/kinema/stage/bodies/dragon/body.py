"""The dragon's body as cloth on a line: each vertex knows how far behind the head it hangs, and where around."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F32, F64, I32, Mesh
from kinema.stage.bodies.dragon.colours import Dress

AROUND = 16  # faces around the hoops
STEP = 0.11  # metres between two hoops
SCALE = 0.17  # metres that two scales take, across and along
BELLY = 0.27  # share of the girth that the belly's cloth takes


@dataclass(frozen=True, eq=False)
class Body:
    """A mesh in its own frame, (right, back, up) of each vertex (V, 3), and its normals in the same frame.

    rows (V,): which of the line's samples a vertex hangs on; behind (M,): metres behind the head of each sample.
    """

    mesh: Mesh
    behind: F64
    rows: I32
    offsets: F32
    normals: F32

    def posed(self, line: F64, flutter: F64) -> tuple[F32, F32]:
        """Positions and normals (V, 3) on a line (M, 3); flutter (M,) lifts fringes and fin tips sideways, metres."""
        forward = -np.gradient(line, self.behind, axis=0)
        forward /= np.linalg.norm(forward, axis=1, keepdims=True)
        right = np.cross(forward, [0.0, 0.0, 1.0])
        right /= np.maximum(np.linalg.norm(right, axis=1, keepdims=True), 1e-6)
        up = np.cross(right, forward)
        frame = np.stack([right, forward, up], axis=1).astype(np.float32)  # (M, 3, 3): rows are the axes
        offsets = self.offsets.copy()
        loose = np.clip(np.abs(offsets[:, 2]) - 0.36, 0.0, 0.25) * 2.0
        offsets[:, 0] += loose * flutter.astype(np.float32)[self.rows]
        axes = frame[self.rows]
        positions = line.astype(np.float32)[self.rows] + np.einsum("vk,vkj->vj", offsets, axes)
        return positions, np.einsum("vk,vkj->vj", self.normals, axes)


def girth(behind: F64, length: float) -> F64:
    """Radius of the hoops (m) along the body: thick behind the head, tapering over the last third."""
    share = behind / length
    return np.asarray(0.31 - 0.08 * np.exp(-behind / 0.7) - 0.20 * np.clip((share - 0.6) / 0.4, 0, 1) ** 1.5)


def build(key: str, length: float, dress: Dress) -> Body:
    """Hoops of scaled cloth with a belly of another cloth, a serrated fin, fringes along both sides and a tail."""
    behind = np.arange(0.0, length + STEP / 2, STEP)
    radius = girth(behind, length)
    sheets = [_tube(behind, radius, False), _tube(behind, radius, True), _fin(behind, radius, length)]
    sheets += [_fringe(behind, radius, side) for side in (-1.0, 1.0)]
    sheets += _tail(behind, length)
    materials = (dress.scales, dress.belly, dress.fin, dress.fringe, dress.mane)
    index = [0, 1, 2, 3, 3, *([2, 4] * 4)][: len(sheets)]
    rows, offsets, normals, uv, colours, faces, kind = [], [], [], [], [], [], []
    start = 0
    for sheet, material in zip(sheets, index, strict=True):
        rows.append(sheet.rows.ravel())
        offsets.append(sheet.offsets.reshape(-1, 3))
        normals.append(_normals(sheet, behind).reshape(-1, 3))
        uv.append(sheet.uv.reshape(-1, 2))
        colours.append(sheet.colours.reshape(-1, 3))
        faces.append(_grid(*sheet.rows.shape) + start)
        kind.append(np.full(len(faces[-1]), material, np.int32))
        start += sheet.rows.size
    bent = np.concatenate(rows).astype(np.int32)
    offset = np.concatenate(offsets).astype(np.float32)
    normal = np.concatenate(normals).astype(np.float32)
    mesh = Mesh(
        key,
        np.concatenate(faces).astype(np.int32),
        (offset - np.stack([0 * behind, behind, 0 * behind], 1).astype(np.float32)[bent]).astype(np.float32),
        normal,
        materials,
        np.concatenate(kind),
        np.concatenate(uv).astype(np.float32),
        np.concatenate(colours).astype(np.float32),
    )
    return Body(mesh, behind, bent, offset, normal)


@dataclass(frozen=True, eq=False)
class _Sheet:
    """A grid of vertices (A, B): rows of the line, offsets from it, uv and colours."""

    rows: I32
    offsets: F64
    uv: F64
    colours: F64


def _tube(behind: F64, radius: F64, belly: bool) -> _Sheet:
    """The back and flanks, or the belly between them; hoops stand out a little, cloth sinks between."""
    edge = np.pi * (1 - BELLY)
    turn = np.linspace(edge, 2 * np.pi - edge, 8) if belly else np.linspace(-edge, edge, AROUND + 1)
    puff = 1.0 + 0.028 * np.cos(2 * np.pi * behind / (4 * STEP))
    x = (radius * puff)[:, None] * np.sin(turn)
    z = (radius * puff)[:, None] * np.cos(turn) * np.where(np.cos(turn) < 0, 0.92, 1.05)
    offsets = np.stack([x, np.zeros_like(x), z], axis=-1)
    u = np.broadcast_to(turn / (2 * np.pi) * round(2 * np.pi * radius.max() / SCALE), x.shape)
    v = np.broadcast_to(-behind[:, None] / SCALE, x.shape)
    shade = np.clip(0.8 + 0.25 * np.cos(turn), 0.55, 1.0)
    colours = np.broadcast_to(shade[None, :, None], (*x.shape, 3)).copy()
    if belly:
        stripes = 0.72 + 0.28 * np.clip(3 * np.sin(2 * np.pi * behind / (2 * STEP)), -1, 1)
        colours = np.broadcast_to(stripes[:, None, None] * np.array([1.0, 0.95, 0.9]), (*x.shape, 3)).copy()
    return _Sheet(_rows(behind, x.shape[1]), offsets, np.stack([u, v], axis=-1), colours)


def _fin(behind: F64, radius: F64, length: float) -> _Sheet:
    """A flame-edged crest: teeth leaning back, dark at the root and bright at the tips."""
    tooth = 4  # hoops a tooth
    phase = (np.arange(len(behind)) % tooth) / tooth
    share = behind / length
    tall = (0.10 + 0.17 * (1 - phase) ** 1.3) * np.clip((behind + 0.4) / 1.2, 0.3, 1) * (1.0 - 0.45 * share)
    low = radius * 1.02
    levels = np.array([0.0, 0.45, 1.0])
    z = low[:, None] + tall[:, None] * levels
    back = -0.16 * levels[None] ** 1.5 * np.ones_like(z)
    offsets = np.stack([np.zeros_like(z), back, z], axis=-1)
    tint = np.array([[0.35, 0.3, 0.3], [0.8, 0.8, 0.8], [1.0, 1.0, 1.0]])
    colours = np.broadcast_to(tint[None], (*z.shape, 3)).copy()
    return _Sheet(_rows(behind, 3), offsets, np.zeros((*z.shape, 2)), colours)


def _fringe(behind: F64, radius: F64, side: float) -> _Sheet:
    """Silk hanging along a flank, in scallops of yellow with green and red tips."""
    turn = np.pi * (1 - BELLY) * side
    x, z = radius * 1.01 * np.sin(turn), radius * np.cos(turn) * 0.95
    drop = 0.09 + 0.09 * np.abs(np.sin(np.pi * behind / (5 * STEP)))
    levels = np.array([-0.12, 0.35, 1.0])
    offsets = np.stack(
        [x[:, None] + side * 0.05 * levels, np.zeros((len(behind), 3)), z[:, None] - drop[:, None] * levels], axis=-1
    )
    alternate = (np.floor(behind / (5 * STEP)).astype(int) % 2)[:, None]
    tip = np.where(alternate == 0, np.array([[0.9, 0.10, 0.10]]), np.array([[0.15, 0.75, 0.4]]))
    gold = np.broadcast_to(np.array([1.0, 0.95, 0.8]), tip.shape)
    colours = np.stack([gold, gold, tip], axis=1)
    return _Sheet(_rows(behind, 3), offsets, np.zeros((len(behind), 3, 2)), colours)


def _tail(behind: F64, length: float) -> list[_Sheet]:
    """Flames fanning up and back from the end of the body."""
    last = len(behind) - 1
    sheets = []
    for k in range(8):
        turn, long = -0.9 + 0.26 * k, 0.62 + 0.28 * np.sin(2.2 * k)
        along = np.linspace(0, 1, 6)
        middle = np.stack(
            [0.16 * np.sin(2.4 * k) * along, -long * np.cos(turn) * along, long * np.sin(turn + 0.5 * along) * along], 1
        )
        wide = 0.075 * np.array([0.8, 1.0, 0.95, 0.7, 0.4, 0.02])
        across = np.stack([0.4 + 0 * along, np.sin(turn) + 0 * along, np.cos(turn) + 0 * along], axis=1)
        offsets = middle[:, None] + np.array([-1.0, 0.0, 1.0])[None, :, None] * (wide[:, None] * across)[:, None]
        shade = np.linspace(0.5, 1.0, 6)[:, None, None] * np.ones((1, 3, 3))
        sheets.append(_Sheet(np.full((6, 3), last, np.int32), offsets, np.zeros((6, 3, 2)), shade))
    return sheets


def _rows(behind: F64, across: int) -> I32:
    return np.broadcast_to(np.arange(len(behind), dtype=np.int32)[:, None], (len(behind), across)).copy()


def _grid(along: int, across: int) -> I32:
    """Triangles of a grid whose rows run backwards and columns clockwise seen from ahead, facing out."""
    index = np.arange(along * across, dtype=np.int32).reshape(along, across)
    a, b, c, d = index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]
    return np.concatenate([np.stack([a, c, b], -1).reshape(-1, 3), np.stack([a, d, c], -1).reshape(-1, 3)])


def _normals(sheet: _Sheet, behind: F64) -> F64:
    """Unit normals of a sheet on a straight line, to the side its faces face."""
    place = sheet.offsets + np.stack([0 * behind, -behind, 0 * behind], axis=1)[sheet.rows]
    along, across = np.gradient(place, axis=0), np.gradient(place, axis=1)
    normal = np.cross(along, across)
    return np.asarray(normal / np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-9))
