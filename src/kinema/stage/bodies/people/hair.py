"""Hair: a combed cap on the scalp under layers of locks, each a curved ribbon with ragged, see-through ends."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import numpy as np
import yaml
from scipy.ndimage import gaussian_filter, gaussian_filter1d
from scipy.spatial import cKDTree

from kinema.buffers.scene_frame import F32, F64, I32, U8, Colour, Material, Texture
from kinema.stage.bodies.people.body import Body, archive, body_count, site
from kinema.stage.bodies.people.face import scalp_share
from kinema.stage.bodies.people.piece import Piece, clip, dense_weights
from kinema.stage.bodies.people.skinning import SKIN_JOINTS, smooth_normals, triangles
from kinema.stage.chance import chance

BACK = (0.0, -0.075, 0.755)  # where hair is gathered, on the unmorphed base mesh
STRIPS = 4  # variants of a lock side by side in the texture


@dataclass(frozen=True)
class Hairstyle:
    """One row of hairstyles.yaml, where the fields are explained."""

    length: float
    locks: int
    width: float
    part: float
    lift: float
    wave: float
    turns: int
    back: float
    fringe: float
    gather: str
    cap: float


@cache
def hairstyles() -> dict[str, Hairstyle]:
    """The table of styles: name -> row."""
    text = files("kinema.stage.bodies.people").joinpath("hairstyles.yaml").read_text(encoding="utf-8")
    return {name: Hairstyle(**row) for name, row in yaml.safe_load(text).items()}


def hair_pieces(body: Body, style: Hairstyle, colour: Colour, seed: int, who: str, fine: bool = True) -> list[Piece]:
    """The cap and the locks of a style, bound to head, neck and chest; a few broad locks where it need not be fine."""
    if not style.locks:
        return []
    steps = 13 if style.length > 0.1 else 5
    if not fine:
        style, steps = replace(style, locks=style.locks // 6, width=style.width * 2.4, wave=0.0), steps // 2 + 1
    tone = "-".join(f"{channel:.3f}" for channel in colour)
    cap_look = Material(f"hair-cap-{tone}", albedo=colour, roughness=0.55, bump=0.0002, texture=cap_texture())
    look = Material(f"hair-{tone}", albedo=colour, roughness=0.44, bump=0.00012, texture=lock_texture())
    roots = _roots(body, style, seed, who)
    paths, outward = _grow(body, style, roots, steps, seed, who)
    look = look if fine else replace(look, texture=None, bump=0.0)
    pieces = [_cap(body, style, cap_look), _locks(body, style, paths, outward, look, seed, who)]
    if style.gather == "bun":
        pieces.append(_bun(body, cap_look))
    return pieces


@dataclass(frozen=True, eq=False)
class _Roots:
    """Where locks grow: points, outward normals (N, 3), and base places (N, 3) on the unmorphed mesh."""

    points: F32
    normals: F32
    base: F32


def _head_triangles() -> tuple[I32, F32]:
    """Triangles (F, 3) of points about the scalp, and how much hair grows on each point of the body (K,)."""
    baked = archive()
    faces = triangles(baked.corners[baked.group("body")])
    grows = scalp_share(baked.points[: body_count()])
    return faces[grows[faces].max(1) > 0.02], grows


def _roots(body: Body, style: Hairstyle, seed: int, who: str) -> _Roots:
    """Roots spread evenly over the scalp by area, denser along the hairline's front."""
    generator = chance(seed, who, "hair roots")
    faces, grows = _head_triangles()
    faces = faces[grows[faces].min(1) > 0.45]
    a, b, c = (body.points[faces[:, k]] for k in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    rows = np.sort(generator.choice(len(faces), style.locks, p=area / area.sum()))
    u, v = generator.uniform(size=(2, style.locks, 1)).astype(np.float32)
    flip = (u + v > 1).astype(np.float32)
    u, v = u + flip * (1 - 2 * u), v + flip * (1 - 2 * v)

    def mix(values: F32) -> F32:
        first, second, third = (values[faces[rows, k]] for k in range(3))
        return np.asarray(first * (1 - u - v) + second * u + third * v, np.float32)

    return _Roots(mix(body.points), mix(body.normals), mix(archive().points[: len(body.points)]))


def _grow(body: Body, style: Hairstyle, roots: _Roots, steps: int, seed: int, who: str) -> tuple[F64, F64]:
    """Each lock's path (N, steps + 1, 3) and the direction (N, steps + 1, 3) its broad side faces.

    A lock follows its combing along the scalp, falls where the scalp ends, and slides off whatever it meets.
    """
    generator = chance(seed, who, "hair growth")
    count = len(roots.points)
    around = np.flatnonzero(body.points[: body_count(), 2] > body.landmarks["chest"][2])
    skin, skin_normals = body.points[around].astype(np.float64), body.normals[around].astype(np.float64)
    tree = cKDTree(skin)
    chin = float(body.landmarks["chin"][2])
    neck, nape = float(body.landmarks["neck"][2]), body.landmarks["neck"][:2] + np.array([0.0, -0.01])
    x = roots.base[:, 0]
    side = np.where(x > style.part, 1.0, -1.0)
    front = np.clip((roots.base[:, 1] - 0.02) / 0.06, 0, 1)
    fringe = (front > 0.55) & (np.abs(x) < 0.045) & (generator.uniform(size=count) < style.fringe)
    comb = np.stack([side * (0.9 + 0.3 * front), -style.back * (0.4 + 1.5 * front), np.full(count, -0.45)], 1)
    comb[fringe] = np.stack([x[fringe] * 6, np.full(fringe.sum(), 0.9), np.full(fringe.sum(), -0.5)], 1)
    tie = site(body, BACK) + np.array([0.0, -0.025, 0.0])
    lengths = style.length * generator.uniform(0.86, 1.0, count)
    # a fringe ends above the eyes; shorter where it must not hide the face
    lengths[fringe] = np.clip(lengths[fringe], 0.0, 0.072)
    lift = style.lift * generator.uniform(0.45, 1.05, count) + style.cap
    place = roots.points.astype(np.float64)
    direction = roots.normals * 0.25 + comb
    # short steps where the scalp curves, long ones where hair merely hangs
    paces = np.linspace(0.45, 1.3, steps)
    paces /= paces.sum()
    path, facing = [place], [roots.normals.astype(np.float64)]
    for k in range(steps):
        step = (lengths * paces[k])[:, None]
        distance, nearest = tree.query(place)
        normal = skin_normals[nearest]
        dome = np.clip((normal[:, 2:] + 0.05) / 0.5, 0, 1) * (distance < 0.05)[:, None]
        pull = comb * dome + np.array([0.0, 0.0, -1.0]) * (1.15 - 0.75 * dome)
        if style.gather != "none":
            target = tie - place
            pull = target / np.maximum(np.linalg.norm(target, axis=1, keepdims=True), 1e-6)
        below = np.clip((chin + 0.07 - place[:, 2:]) / 0.09, 0, 1) * 0.55
        pull[:, :2] -= (
            below * (place[:, :2] - nape) / np.maximum(np.linalg.norm(place[:, :2] - nape, axis=1, keepdims=True), 0.02)
        )
        # tresses lie on those beneath: what strays from the head is drawn back to it
        stray = np.clip((distance - lift - 0.008) / 0.02, 0, 1)[:, None] * (place[:, 2:] > chin - 0.04)
        pull += stray * (skin[nearest] - place) / np.maximum(distance, 1e-6)[:, None]
        # on a shoulder hair slides ahead or behind, not down the arm
        resting = np.clip(normal[:, 2:] - 0.25, 0, 1) * (place[:, 2:] < chin) * (distance < 0.06)[:, None]
        pull[:, 1:2] += 2.2 * resting * np.where(place[:, 1:2] > nape[1] + 0.045, 1.0, -1.0)
        keep = 0.55 if k < 2 else 0.35
        direction = direction / np.linalg.norm(direction, axis=1, keepdims=True) * keep + pull
        distance, nearest = tree.query(place + direction * step * 0.5)
        normal = skin_normals[nearest]
        # along the scalp: neither into it nor, while it is near, away from it
        through = (direction * normal).sum(1, keepdims=True) * (distance < 0.03)[:, None]
        direction = direction - normal * np.where(through < 0, through, 0.75 * through)
        direction /= np.maximum(np.linalg.norm(direction, axis=1, keepdims=True), 1e-9)
        place = place + direction * step
        place = _kept_off(place, tree, skin, skin_normals, lift + np.where(place[:, 2] < neck + 0.02, 0.028, 0.0))
        if style.gather == "none":
            place = _off_the_face(body, place, fringe, chin)
        path.append(place)
        _, nearest = tree.query(place)
        facing.append(skin_normals[nearest])
    paths, outward = np.stack(path, 1), np.stack(facing, 1)
    paths[:, 1:] = gaussian_filter1d(paths, 1.1, axis=1, mode="nearest")[:, 1:]
    # a tress shines as part of the whole head of hair: mostly the way its place faces, a little the skin's way
    axis = np.array([0.0, nape[1] + 0.02, 0.0]) + np.array([0.0, 0.0, 1.0]) * np.minimum(
        paths[..., 2:], body.height - 0.11
    )
    radial = paths - axis
    radial /= np.maximum(np.linalg.norm(radial, axis=2, keepdims=True), 1e-9)
    outward = gaussian_filter1d(outward, 2.0, axis=1, mode="nearest") * 0.4 + radial
    outward /= np.maximum(np.linalg.norm(outward, axis=2, keepdims=True), 1e-9)
    return _waved(paths, outward, style, generator), outward


def _kept_off(place: F64, tree: cKDTree, skin: F64, normals: F64, lift: F64) -> F64:
    for _ in range(2):
        _, nearest = tree.query(place)
        depth = ((place - skin[nearest]) * normals[nearest]).sum(1)
        place = place + normals[nearest] * np.maximum(lift - depth, 0)[:, None]
    return place


def _off_the_face(body: Body, place: F64, fringe: F64, chin: float) -> F64:
    """Pushes locks that fall before the face out to its sides."""
    brow = float(body.landmarks["eye_left"][2]) + 0.055
    ahead = float(body.landmarks["eye_left"][1]) - 0.045
    half = np.where(place[:, 2] > brow, 0.0, 0.061 + 0.25 * np.maximum(0, place[:, 1] - ahead))
    before = (place[:, 1] > ahead) & (place[:, 2] > chin - 0.16) & ~fringe.astype(bool)
    short = np.maximum(half - np.abs(place[:, 0]), 0) * before * 0.6
    place = place.copy()
    place[:, 0] += np.where(place[:, 0] >= 0, 1, -1) * short
    return place


def _waved(paths: F64, outward: F64, style: Hairstyle, generator: np.random.Generator) -> F64:
    if not style.wave:
        return paths
    t = np.linspace(0, 1, paths.shape[1])[None, :, None]
    # neighbours wave together, or there would be no waves to see
    around = np.arctan2(paths[:, 0, 0], paths[:, 0, 1])[:, None, None]
    phase = 2.3 * np.sin(around * 2) + 1.7 * np.sin(around * 5 + 1) + generator.uniform(-0.5, 0.5, (len(paths), 1, 1))
    tangent = np.gradient(paths, axis=1)
    across = np.cross(tangent, outward)
    across /= np.maximum(np.linalg.norm(across, axis=2, keepdims=True), 1e-9)
    swing = np.sin(t * style.turns * 2 * np.pi + phase) * style.wave * np.clip(t * 2, 0, 1)
    lift = (1 + np.cos(t * style.turns * 2 * np.pi + phase)) * style.wave * 0.5 * np.clip(t * 2, 0, 1)
    return np.asarray(paths + across * swing + outward * lift)


def _locks(body: Body, style: Hairstyle, paths: F64, outward: F64, look: Material, seed: int, who: str) -> Piece:
    """Ribbons three points wide along the paths, bowed so that they catch light like a tress."""
    generator = chance(seed, who, "hair ribbons")
    count, steps = len(paths), paths.shape[1] - 1
    tangent = np.gradient(paths, axis=1)
    tangent /= np.maximum(np.linalg.norm(tangent, axis=2, keepdims=True), 1e-9)
    across = np.cross(tangent, outward)
    across /= np.maximum(np.linalg.norm(across, axis=2, keepdims=True), 1e-9)
    t = np.linspace(0, 1, steps + 1)
    half = style.width / 2 * generator.uniform(0.7, 1.2, (count, 1, 1)) * (1.0 - 0.35 * t**3)[None, :, None]
    bow = outward * half * 0.35
    points = np.stack([paths - across * half, paths + bow, paths + across * half], 2)
    tilt = np.array([-0.3, 0.0, 0.3])[None, None, :, None]
    normals = outward[:, :, None] + across[:, :, None] * tilt
    normals /= np.linalg.norm(normals, axis=3, keepdims=True)
    strip = generator.integers(0, STRIPS, count)
    u = (strip[:, None, None] + np.array([0.02, 0.5, 0.98])[None, None]) / STRIPS
    uv = np.stack(np.broadcast_arrays(u, 1 - t[None, :, None] * 0.998 - 0.001), -1)
    rows = np.arange(count * (steps + 1) * 3).reshape(count, steps + 1, 3)
    quads = np.stack([rows[:, :-1, :-1], rows[:, :-1, 1:], rows[:, 1:, 1:], rows[:, 1:, :-1]], -1).reshape(-1, 4)
    flat = points.reshape(-1, 3).astype(np.float32)
    shade = generator.uniform(0.85, 1.12, (count, 1, 1, 1)) * np.ones((1, steps + 1, 3, 3))
    shade = shade * (0.7 + 0.3 * np.clip(t * 4, 0, 1))[None, :, None, None]
    return Piece(
        "locks",
        flat,
        triangles(quads.astype(np.int32)),
        _weights(body, flat),
        look,
        uv=uv.reshape(-1, 2).astype(np.float32),
        colours=shade.reshape(-1, 3).astype(np.float32),
        normals=normals.reshape(-1, 3).astype(np.float32),
    )


def _weights(body: Body, points: F32) -> F32:
    """Hair follows the head; what lies on shoulders and back follows neck and chest."""
    chin, shoulder = float(body.landmarks["chin"][2]), float(body.landmarks["upper_arm_left"][2])
    head = np.clip((points[:, 2] - shoulder) / (chin - shoulder + 0.02), 0, 1)
    weights = np.zeros((len(points), len(SKIN_JOINTS)), np.float32)
    weights[:, SKIN_JOINTS.index("head")] = head**1.5
    rest = 1 - head**1.5
    weights[:, SKIN_JOINTS.index("neck")] = rest * head
    weights[:, SKIN_JOINTS.index("chest")] = rest * (1 - head)
    return weights


def _cap(body: Body, style: Hairstyle, look: Material) -> Piece:
    """The scalp itself, lifted, thinning out to nothing at the hairline."""
    faces, grows = _head_triangles()
    used, compact = np.unique(faces, return_inverse=True)
    lift = np.clip((grows[used] - 0.6) / 0.4, 0, 1) * style.cap + 0.0003
    points = body.points[used] + body.normals[used] * lift[:, None]
    points, rows, (weights, base) = clip(
        points,
        compact.reshape(-1, 3).astype(np.int32),
        [dense_weights()[used], archive().points[used]],
        (grows[used] - 0.62).astype(np.float32),
    )
    around = np.arctan2(base[:, 0], base[:, 2] - 0.73)
    uv = np.stack([around * 1.6 + base[:, 0] * 2.0, base[:, 1] * 4.0], 1)
    normals = smooth_normals(points, rows)
    return Piece("hair_cap", points, rows, weights, look, uv=uv.astype(np.float32), normals=normals)


def _bun(body: Body, look: Material) -> Piece:
    """A coil of hair at the back of the head."""
    middle = site(body, BACK) + np.array([0.0, -0.022, 0.004])
    theta, phi = np.meshgrid(np.linspace(0, np.pi, 13), np.linspace(0, 2 * np.pi, 25), indexing="ij")
    swirl = 1 + 0.10 * np.sin(phi * 3 + theta * 5)
    ball = (
        np.stack([np.sin(theta) * np.cos(phi), np.cos(theta) * 0.72, np.sin(theta) * np.sin(phi)], -1)
        * swirl[..., None]
    )
    points = (middle + ball.reshape(-1, 3) * 0.036).astype(np.float32)
    rows = np.arange(13 * 25).reshape(13, 25)
    quads = np.stack([rows[:-1, :-1], rows[:-1, 1:], rows[1:, 1:], rows[1:, :-1]], -1).reshape(-1, 4)
    uv = np.stack([theta * 0.8 + phi * 0.35, phi * 0.3], -1).reshape(-1, 2).astype(np.float32)
    faces = triangles(quads[:, ::-1].astype(np.int32))
    outward = ball.reshape(-1, 3) / np.maximum(np.linalg.norm(ball.reshape(-1, 3), axis=1, keepdims=True), 1e-9)
    return Piece("bun", points, faces, _weights(body, points), look, uv=uv, normals=outward.astype(np.float32))


LOCK_SIZE = 512


@cache
def lock_texture() -> Texture:
    """Strands across four strips: shade, relief, and a coverage that frays at the sides and towards the ends."""
    generator = chance(0, "hair", "strands")
    size = LOCK_SIZE
    strands = generator.standard_normal((size, size)).astype(np.float32)
    fine = gaussian_filter(strands, (60, 1.1), mode="wrap")
    broad = gaussian_filter(generator.standard_normal((size, size)).astype(np.float32), (90, 3.0), mode="wrap")
    fine, broad = fine / fine.std(), broad / broad.std()
    along = np.linspace(0, 1, size, dtype=np.float32)[:, None]  # row 0 is v = 1, the root
    across = (np.arange(size, dtype=np.float32) % (size // STRIPS)) / (size // STRIPS)
    edge = 1 - np.abs(across * 2 - 1)[None]
    reach = 1.25 * np.clip(edge * 5.0, 0, 1) - 0.05 - 2.4 * np.clip(along - 0.55, 0, 1) ** 1.2
    alpha = np.clip(0.5 + (reach + 0.30 * fine * (0.35 + along) + 0.18 * broad) * 2.2, 0, 1)
    alpha *= np.clip(along * 22 + 0.25 * fine, 0, 1)
    shade = np.clip(0.70 + 0.17 * fine + 0.12 * broad, 0.22, 1.0)
    return Texture(
        "hair-lock", albedo=_grey(shade), alpha=_bytes(alpha), height=_bytes(0.5 + 0.13 * fine + 0.1 * broad)
    )


@cache
def cap_texture() -> Texture:
    """Combed strands without gaps."""
    generator = chance(0, "hair", "cap")
    strands = generator.standard_normal((LOCK_SIZE, LOCK_SIZE)).astype(np.float32)
    fine = gaussian_filter(strands, (50, 1.0), mode="wrap")
    broad = gaussian_filter(strands, (70, 5.0), mode="wrap")
    fine, broad = fine / fine.std(), broad / broad.std()
    shade = np.clip(0.66 + 0.06 * fine + 0.08 * broad, 0.2, 1.0)
    return Texture("hair-cap", albedo=_grey(shade), height=_bytes(0.5 + 0.13 * fine + 0.1 * broad))


def _grey(values: F32) -> U8:
    return np.repeat(_bytes(values)[..., None], 3, 2)


def _bytes(values: F32) -> U8:
    return np.asarray(np.clip(values, 0, 1) * 255 + 0.5, np.uint8)
