"""Skin and face: painted head, eyes that catch light, lashes, teeth and tongue."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, gaussian_filter, map_coordinates, zoom
from scipy.spatial import cKDTree

from kinema.buffers.compiled import kernel
from kinema.buffers.scene_frame import F32, F64, I32, U8, Colour, Material, Texture
from kinema.stage.bodies.people.body import Body, archive, body_count
from kinema.stage.bodies.people.piece import Piece, dense_weights, rigid
from kinema.stage.bodies.people.scalp import hair_shadow, scalp_share
from kinema.stage.bodies.people.skeleton import FACE_UNITS
from kinema.stage.bodies.people.skinning import triangles
from kinema.stage.cache import kept
from kinema.stage.chance import chance

LID_UNITS = ("look_down", "look_up")
TEXELS = 1024  # side of a face's texture: 2.5 to the millimetre about the eyes
FEW_TEXELS = 256  # side of the map that faces without a texture are painted from
UNITS = (*FACE_UNITS, *LID_UNITS)


@dataclass(frozen=True)
class Paint:
    """What a face is painted with; colours linear.

    lipstick: None leaves the lips bare · liner, shadow: eye make-up 0 to 1 · stubble: beard shadow 0 to 1 ·
    brow: thickness of the eyebrows, 1 is common · age: 0 young to 1 old · freckles: 0 to 1
    """

    skin: Colour
    blood: Colour
    lips: Colour
    hair: Colour
    lipstick: Colour | None = None
    liner: float = 0.0
    shadow: float = 0.0
    stubble: float = 0.0
    brow: float = 1.0
    age: float = 0.0
    freckles: float = 0.0
    scalp: float = 0.0
    iris: Colour = (0.12, 0.06, 0.03)


@dataclass(frozen=True, eq=False)
class _Window:
    """The face's texels: which body corners they lie between, and where that is on the unmorphed base mesh.

    inside (S, S): texel belongs to the face · base (S, S, 3) metres · lips, eyelids (S, S) 0 to 1 ·
    lid (S, S): metres to the nearest lash root · near: 0 at the lips' parting
    """

    inside: NDArray[np.bool_]
    base: F32
    lips: F32
    lid: F32
    lower_lid: F32


@dataclass(frozen=True, eq=False)
class _Canvas:
    """What paint goes by, for a whole map or for a row of its texels: arrays of one shape, places (..., 3).

    base, lips, lid, lower_lid: as in the window · noises: name -> (...) of unit deviation · hairs (S, S): a whole image
    """

    base: F32
    lips: F32
    lid: F32
    lower_lid: F32
    noises: dict[str, F32]
    hairs: F32

    def at(self, rows: I32, columns: I32) -> _Canvas:
        """Only some texels (N,)."""
        base, lips, lid, lower = (part[rows, columns] for part in (self.base, self.lips, self.lid, self.lower_lid))
        noises = {name: image[rows, columns] for name, image in self.noises.items()}
        return _Canvas(base, lips, lid, lower, noises, self.hairs)


def face_quads() -> NDArray[np.bool_]:
    """(Q,) of the body's quads: those whose uv lie in the face's window."""
    baked = archive()
    low, high = baked.face_window[:2], baked.face_window[2:]
    uv = baked.uv[baked.group("body")]
    return np.asarray(((uv >= low) & (uv <= high)).all((1, 2)))


def window_uv(uv: F32) -> F32:
    """From the whole layout of uv (V, 2) to the face's own texture."""
    low, high = archive().face_window[:2], archive().face_window[2:]
    return np.asarray((uv - low) / (high - low), np.float32)


@cache
def _window(size: int) -> _Window:
    return kept("face window", size, lambda: _charted(size))


def _charted(size: int) -> _Window:
    baked = archive()
    rows = triangles(baked.group("body")[face_quads()])
    base = baked.points[: body_count()]
    texels = window_uv(baked.uv) * (size, -size) + (0, size)
    inside = np.zeros((size, size), bool)
    place = np.zeros((size, size, 3), np.float32)
    _fill(texels[rows].astype(np.float64), base[baked.corners[rows]].astype(np.float64), inside, place)
    place = _grown(inside, place)
    upper, lower = (np.concatenate([baked.points[curve.roots] for curve in curves]) for curves in lash_curves())
    flat = place.reshape(-1, 3)
    distances = [cKDTree(_dense_curve(x)).query(flat, distance_upper_bound=0.02)[0] for x in (upper, lower)]
    lid, lower_lid = (np.minimum(d, 0.02).astype(np.float32).reshape(size, size) for d in distances)
    mask = zoom(baked.masks["lips"].astype(np.float32) / 255, size / len(baked.masks["lips"]), order=1)
    return _Window(inside, place, gaussian_filter(mask, size / 512), lid, lower_lid)


def _dense_curve(points: F32) -> F32:
    half = len(points) // 2
    steps = np.linspace(0, 1, 8)[:, None, None]
    runs = [points[:half], points[half:]]
    return np.concatenate([(run[:-1] * (1 - steps) + run[1:] * steps).reshape(-1, 3) for run in runs]).astype(
        np.float32
    )


@kernel
def _fill(texels: F64, places: F64, inside: NDArray[np.bool_], place: F32) -> None:
    """Writes the interpolated places (F, 3, 3) of triangles (F, 3, 2) into the map; slack closes the seams."""
    size = len(inside)
    for f in range(len(texels)):
        (x0, y0), (x1, y1), (x2, y2) = texels[f, 0], texels[f, 1], texels[f, 2]
        area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        if abs(area) < 1e-9:
            continue
        for row in range(max(int(min(y0, y1, y2)), 0), min(int(max(y0, y1, y2)) + 2, size)):
            for column in range(max(int(min(x0, x1, x2)), 0), min(int(max(x0, x1, x2)) + 2, size)):
                x, y = column + 0.5, row + 0.5
                first = ((x1 - x) * (y2 - y) - (x2 - x) * (y1 - y)) / area
                second = ((x2 - x) * (y0 - y) - (x0 - x) * (y2 - y)) / area
                third = 1.0 - first - second
                if first > -0.02 and second > -0.02 and third > -0.02:
                    inside[row, column] = True
                    a, b, c = places[f]
                    for k in range(3):
                        place[row, column, k] = first * a[k] + second * b[k] + third * c[k]


def _grown(inside: NDArray[np.bool_], place: F32) -> F32:
    """Fills texels outside the face with the nearest inside, so that filtering never reads a hole."""
    rows, columns = distance_transform_edt(~inside, return_distances=False, return_indices=True)
    return np.asarray(place[rows, columns], np.float32)


def skin_pieces(body: Body, paint: Paint, bare: NDArray[np.bool_], key: str, fine: bool = True) -> list[Piece]:
    """The body's skin where it shows, and the painted face.

    bare (K,): points of the archive that no garment covers · fine: with a texture for the face, else it is painted on
    the vertices.
    """
    baked = archive()
    quads = baked.group("body")
    shown = bare[baked.corners[quads]].any(1)
    face = face_quads()
    texture = face_texture(paint, key) if fine else None
    skin = Material("skin", roughness=0.52, subsurface=0.55)
    painted = Material("face", roughness=0.5, subsurface=0.55, bump=0.00022, texture=texture)
    pieces = []
    for name, material, rows in (("skin", skin, shown & ~face), ("face", painted, shown & face)):
        piece = _corner_piece(body, name, quads[rows], material)
        if name == "skin":
            used = np.unique(quads[rows])
            colours = skin_colours(paint, baked.points[baked.corners[used]], baked.nails[used])
            colours[inside_mouth(baked.uv[used])] = (0.035, 0.007, 0.006)
            piece = replace(piece, colours=colours)
        else:
            uv = window_uv(baked.uv[np.unique(quads[rows])])
            piece = replace(piece, uv=uv, colours=None if fine else face_colours(paint, uv))
        pieces.append(piece)
    return pieces


def inside_mouth(uv: F32) -> NDArray[np.bool_]:
    """Which corners (V,) line the mouth: an island of the uv layout of its own."""
    return np.asarray((uv[:, 0] > 0.75) & (uv[:, 0] < 0.93) & (uv[:, 1] < 0.15))


def _corner_piece(body: Body, name: str, quads: I32, material: Material) -> Piece:
    """Quads (Q, 4) of corners as a piece, with the face units that move them."""
    baked = archive()
    used, compact = np.unique(quads, return_inverse=True)
    owners = baked.corners[used]
    units = {unit: unit_delta(unit)[owners] for unit in UNITS}
    return Piece(
        name,
        body.points[owners],
        triangles(compact.reshape(-1, 4).astype(np.int32)),
        dense_weights()[owners],
        material,
        uv=baked.uv[used],
        normals=body.normals[owners],
        same=owners,
        units={unit: delta for unit, delta in units.items() if np.abs(delta).max(initial=0) > 0},
    )


@cache
def unit_delta(unit: str) -> F32:
    """How a face unit moves the archive's points (K, 3), in metres. Heads are never turned at rest, so this holds."""
    baked = archive()
    count = len(baked.points) - len(baked.landmarks)
    return baked.deltas[f"unit_{unit}"][:count].astype(np.float32) * np.float32(1e-4)


def skin_colours(paint: Paint, base: F32, nails: U8) -> F32:
    """Linear colours (V, 3) of skin at places on the base mesh (V, 3)."""
    skin, blood = np.array(paint.skin), np.array(paint.blood)
    flush = _flush(base)[:, None]
    colours = skin * (1 - flush) + blood * flush
    nail = (nails.astype(np.float32) / 255)[:, None]
    colours = colours * (1 - nail) + (blood * 0.55 + 0.3 * np.ones(3)) * nail
    hair = (scalp_share(base) * paint.scalp)[:, None]
    return np.asarray(colours * (1 - hair) + np.array(paint.hair) * hair, np.float32)


def _bell(distance: F32, width: float) -> F32:
    return np.asarray(np.exp(-((distance / width) ** 2)), np.float32)


def _flush(base: F32) -> F32:
    """How much blood shows, 0 to 1, at places on the base mesh (..., 3): cheeks, nose, ears, chin."""
    x, y, z = np.abs(base[..., 0]), base[..., 1], base[..., 2]
    cheek = 0.30 * _bell(np.sqrt((x - 0.046) ** 2 + ((z - 0.695) * 1.2) ** 2), 0.024)
    nose = 0.30 * _bell(np.sqrt(x**2 + (z - 0.692) ** 2 + (y - 0.165) ** 2), 0.018)
    ear = 0.35 * _bell(np.sqrt((x - 0.083) ** 2 + (y - 0.03) ** 2 + ((z - 0.715) * 0.7) ** 2), 0.022)
    chin = 0.12 * _bell(np.sqrt(x**2 + (z - 0.63) ** 2 + (y - 0.14) ** 2), 0.02)
    return np.asarray(cheek + nose + ear + chin, np.float32)


def _noise(key: str, sigma: float, size: int) -> F32:
    """A fixed noise image (S, S) of unit deviation; sigma is in texels of a texture of 1024."""
    image = chance(0, "face", key).standard_normal((size, size)).astype(np.float32)
    image = gaussian_filter(image, sigma * size / 1024, mode="wrap")
    return np.asarray(image / image.std(), np.float32)


@cache
def _noises(size: int) -> dict[str, F32]:
    return kept("face noises", size, lambda: _drawn(size))


def _drawn(size: int) -> dict[str, F32]:
    return {
        "pores": _noise("pores", 1.1, size),
        "blotch": _noise("blotch", 14.0, size),
        "blotch_fine": _noise("blotch_fine", 4.0, size),
        "freckles": _noise("freckles", 2.2, size),
        "lip_lines": _noise("lip_lines", 1.3, size),
        "hairs": _noise("hairs", 0.9, size),
    }


@cache
def _canvas(size: int) -> _Canvas:
    window, noises = _window(size), _noises(size)
    return _Canvas(window.base, window.lips, window.lid, window.lower_lid, noises, noises["hairs"])


def face_texture(paint: Paint, key: str) -> Texture:
    """The face's maps: albedo, relief and roughness, painted over the base mesh's window of uv."""
    albedo, height, roughness = _painted(_canvas(TEXELS), paint)
    digest = hashlib.sha256(repr(paint).encode()).hexdigest()[:12]
    return Texture(
        f"face-{key}-{digest}",
        albedo=_encoded(albedo),
        height=_bytes(height),
        roughness=_bytes(roughness),
    )


def face_colours(paint: Paint, uv: F32) -> F32:
    """Linear colours (V, 3) of a face at uv (V, 2) of its own texture, for the middle distance."""
    rows, columns = texel(uv, FEW_TEXELS, FEW_TEXELS)
    return decoded(_encoded(_painted(_canvas(FEW_TEXELS).at(rows, columns), paint)[0]))


def _painted(window: _Canvas, paint: Paint) -> tuple[F32, F32, F32]:
    """Linear albedo (..., 3), relief (...) and roughness (...)."""
    noises = window.noises
    x, y, z = np.abs(window.base[..., 0]), window.base[..., 1], window.base[..., 2]
    skin, blood = np.array(paint.skin, np.float32), np.array(paint.blood, np.float32)
    flush = np.clip(_flush(window.base) * (1 + 0.25 * noises["blotch"]) + 0.04 * noises["blotch_fine"], 0, 1)
    albedo = skin + flush[..., None] * (blood - skin)
    albedo *= (1 + 0.018 * noises["blotch"] + 0.012 * noises["pores"])[..., None]
    roughness = 0.50 - 0.07 * _bell(np.sqrt((x / 1.5) ** 2 + (z - 0.765) ** 2), 0.02) - 0.08 * _bell(x, 0.01)
    height = 0.5 + 0.10 * noises["pores"]

    albedo = _shade_eyes(albedo, window, paint)
    nostril = _bell(np.sqrt((x - 0.0098) ** 2 + ((z - 0.6855) * 1.3) ** 2 + ((y - 0.152) * 0.8) ** 2), 0.0052)
    albedo *= (1 - 0.75 * nostril)[..., None]
    albedo = _freckled(albedo, window, paint)
    albedo = _stubbled(albedo, window, paint)
    albedo, height = _browed(albedo, height, window, paint)
    albedo, height, roughness = _lipped(albedo, height, roughness, window, paint)
    hair = hair_shadow(window.base) * paint.scalp
    albedo = albedo * (1 - hair[..., None]) + np.array(paint.hair) * hair[..., None]
    return albedo, height, roughness


def _shade_eyes(albedo: F32, window: _Canvas, paint: Paint) -> F32:
    x, z = np.abs(window.base[..., 0]), window.base[..., 2]
    under = _bell(np.sqrt(((x - 0.030) / 1.5) ** 2 + (z - 0.716) ** 2), 0.0065) * (0.16 + 0.25 * paint.age)
    albedo = albedo * (1 - under[..., None] * np.array([0.7, 1.0, 0.85], np.float32))
    socket = _bell(np.sqrt(((x - 0.033) / 1.7) ** 2 + (z - 0.738) ** 2), 0.0075)
    tint = np.array([0.25, 0.12, 0.10], np.float32) * 0.5
    shadow = (socket * paint.shadow * 0.7)[..., None]
    albedo = albedo * (1 - shadow) + tint * shadow
    albedo = albedo * (1 - 0.10 * socket[..., None])
    # the lids' rims: pink and wet, then a line of make-up or of lash roots
    rim = _bell(np.minimum(window.lid, window.lower_lid), 0.0012)[..., None]
    albedo = albedo * (1 - 0.4 * rim) + np.array(paint.blood, np.float32) * 0.7 * 0.4 * rim
    upper = _bell(window.lid, 0.0010 + 0.0009 * paint.liner) * (0.55 + 0.4 * paint.liner)
    lower = _bell(window.lower_lid, 0.0009) * (0.25 + 0.45 * paint.liner)
    line = np.clip(np.maximum(upper, lower), 0, 1)[..., None]
    return np.asarray(albedo * (1 - line) + np.array([0.012, 0.009, 0.008], np.float32) * line, np.float32)


def _freckled(albedo: F32, window: _Canvas, paint: Paint) -> F32:
    if paint.freckles <= 0:
        return albedo
    x, z = np.abs(window.base[..., 0]), window.base[..., 2]
    where = _bell(np.sqrt((x / 1.6) ** 2 + (z - 0.703) ** 2), 0.028) * paint.freckles
    spots = np.clip(window.noises["freckles"] - 1.25, 0, 1) * where
    return np.asarray(albedo * (1 - 0.6 * spots[..., None] * np.array([0.5, 0.8, 1.0])), np.float32)


def _stubbled(albedo: F32, window: _Canvas, paint: Paint) -> F32:
    if paint.stubble <= 0:
        return albedo
    x, y, z = np.abs(window.base[..., 0]), window.base[..., 1], window.base[..., 2]
    jaw = np.clip((0.676 - z + 0.35 * np.maximum(x - 0.035, 0)) / 0.012, 0, 1)
    jaw = jaw * np.clip((z - 0.598) / 0.02, 0, 1) * np.clip((y - 0.028) / 0.02, 0, 1)
    lip = _bell(np.sqrt((x / 2.4) ** 2 + (z - 0.677) ** 2), 0.008)
    grain = 0.75 + 0.25 * np.clip(window.noises["hairs"], -1, 1)
    where = (np.maximum(jaw, lip) * paint.stubble * grain * (1 - window.lips))[..., None] * 0.55
    return np.asarray(albedo * (1 - where) + np.array(paint.hair, np.float32) * 0.8 * where, np.float32)


def _browed(albedo: F32, height: F32, window: _Canvas, paint: Paint) -> tuple[F32, F32]:
    """Eyebrows as strokes: a band above the eye, thinning outwards, broken up by fine hairs."""
    x, z = np.abs(window.base[..., 0]), window.base[..., 2]
    along = np.clip((x - 0.0135) / (0.056 - 0.0135), 0, 1)
    middle = 0.7462 + 0.0062 * np.sin(np.pi * along**1.4) - 0.0012 * along
    half = (0.0042 - 0.0030 * along) * paint.brow
    across = (z - middle) / half
    density = (
        np.clip(1.15 - across**2, 0, 1) * np.clip((x - 0.0120) / 0.005, 0, 1) * np.clip((0.0585 - x) / 0.006, 0, 1)
    )
    # hairs stand at the nose's end and lie down outwards: noise drawn out along that lean
    lean = np.radians(62) * (1 - along) ** 1.3 + np.radians(4)
    lengthwise = x * np.cos(lean) + (z - middle) * np.sin(lean)
    crosswise = (z - middle) * np.cos(lean) - x * np.sin(lean)
    strands = 0.5 + 0.45 * _looked_up(window.hairs, lengthwise / 0.0016, crosswise / 0.00017)
    amount = np.clip(density * 1.5 * np.clip(strands + 0.55 * density - 0.25, 0, 1), 0, 0.92)[..., None]
    hair = np.array(paint.hair, np.float32) * 0.6 + np.array(paint.skin, np.float32) * 0.05
    albedo = np.asarray(albedo * (1 - amount) + hair * amount, np.float32)
    return albedo, height + 0.25 * amount[..., 0] * strands


def _looked_up(image: F32, rows: F32, columns: F32) -> F32:
    """An image (S, S) that repeats, read between its texels."""
    return np.asarray(map_coordinates(image, [rows, columns], order=1, mode="wrap"), np.float32)


def _lipped(albedo: F32, height: F32, roughness: F32, window: _Canvas, paint: Paint) -> tuple[F32, F32, F32]:
    x, y, z = window.base[..., 0], window.base[..., 1], window.base[..., 2]
    colour = np.array(paint.lipstick or paint.lips, np.float32)
    covering = 0.96 if paint.lipstick else 0.72
    edge = np.clip(window.lips * 1.15, 0, 1)
    amount = (edge * covering)[..., None]
    lines = np.sin(np.asarray(x) / 0.00062 + 1.4 * window.noises["lip_lines"])
    toned = colour * (1 + 0.10 * lines * (0.6 if paint.lipstick else 1.0))[..., None]
    albedo = albedo * (1 - amount) + toned * amount
    # where the lips part it is dark and wet: further in than the rims
    depth = 0.1546 - 20.5 * x**2 - y
    seam = _bell(z - 0.6616, 0.0048) * np.clip(window.lips * 1.6, 0, 1)
    inside = np.clip(depth / 0.0013, 0, 1) * seam
    matt = np.clip((depth + 0.0035) / 0.0025, 0, 1) * seam  # or it would glint along the parting
    albedo = albedo * (1 - 0.93 * inside[..., None])
    height = height * (1 - edge) + (0.5 + 0.16 * lines) * edge
    gloss = 0.26 if paint.lipstick else 0.38
    return albedo, height, (roughness * (1 - edge) + gloss * edge) * (1 - matt) + 0.95 * matt


def texel(uv: F32, height: int, width: int) -> tuple[I32, I32]:
    """Row and column (V,) of the texel that holds each uv (V, 2) of a repeating image."""
    rows = np.clip(((1 - uv[:, 1] % 1) * height).astype(np.int32), 0, height - 1)
    columns = np.clip((uv[:, 0] % 1 * width).astype(np.int32), 0, width - 1)
    return rows, columns


def decoded(image: U8) -> F32:
    """Linear light of sRGB bytes."""
    encoded = image.astype(np.float32) / 255
    return np.asarray(np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4), np.float32)


def _encoded(linear: F32) -> U8:
    clean = np.clip(linear, 0, 1)
    return _bytes(np.where(clean <= 0.0031308, 12.92 * clean, 1.055 * clean ** (1 / 2.4) - 0.055))


def _bytes(values: F32) -> U8:
    return np.asarray(np.clip(values, 0, 1) * 255 + 0.5, np.uint8)


EYE_RINGS, EYE_SIDES, EYE_REACH = 14, 24, np.radians(105)
IRIS = np.radians(28)  # half angle of the iris seen from the eyeball's middle


def eye_pieces(body: Body, paint: Paint) -> list[Piece]:
    """Two eyeballs with a bulging cornea, looking ahead."""
    baked = archive()
    texture = eye_texture(paint.iris)
    material = Material("eye", roughness=0.1, subsurface=0.2, texture=texture)
    pieces = []
    for side in ("left", "right"):
        owners = np.unique(baked.corners[baked.group(f"eye_{side}")])
        points = body.points[owners].astype(np.float64)
        middle = (points.max(0) + points.min(0)) / 2
        radius = float(np.median(np.linalg.norm(points - middle, axis=1)))
        pieces.append(_eyeball(f"eye_{side}", middle, radius, material))
    return pieces


def _eyeball(name: str, middle: NDArray[np.float64], radius: float, material: Material) -> Piece:
    theta = np.linspace(0, 1, EYE_RINGS) ** 1.1 * EYE_REACH
    phi = np.arange(EYE_SIDES) * 2 * np.pi / EYE_SIDES
    t, p = (grid.ravel() for grid in np.meshgrid(theta, phi, indexing="ij"))
    bulge = 1.0 + 0.055 * np.clip(1 - (t / (IRIS * 1.15)) ** 2, 0, 1)
    ball = np.stack([np.sin(t) * np.cos(p), np.cos(t), np.sin(t) * np.sin(p)], 1) * bulge[:, None]
    uv = 0.5 + 0.5 * (t / EYE_REACH)[:, None] * np.stack([np.cos(p), np.sin(p)], 1)
    rows = np.arange((EYE_RINGS - 1) * EYE_SIDES).reshape(EYE_RINGS - 1, EYE_SIDES)
    quads = np.stack([rows, np.roll(rows, -1, 1), np.roll(rows, -1, 1) + EYE_SIDES, rows + EYE_SIDES], -1)
    faces = triangles(quads.reshape(-1, 4).astype(np.int32))
    points = (middle + ball * radius).astype(np.float32)
    # the lids shade the ball from above and at the corners
    shade = 1.0 - 0.55 * np.clip((ball[:, 2] - 0.12) / 0.35, 0, 1) - 0.25 * np.clip((-ball[:, 2] - 0.30) / 0.3, 0, 1)
    shade = shade * (1 - 0.35 * np.clip((np.abs(ball[:, 0]) - 0.35) / 0.4, 0, 1))
    colours = np.repeat(shade[:, None], 3, 1).astype(np.float32)
    weights = rigid(name, len(points))
    return Piece(name, points, faces, weights, material, uv=uv.astype(np.float32), colours=colours)


@cache
def eye_texture(iris: Colour) -> Texture:
    """Sclera with faint veins, a fibrous iris with a dark rim, and a pupil, over angle from the axis."""
    size = 256
    v, u = np.meshgrid(*[(np.arange(size) + 0.5) / size * 2 - 1] * 2, indexing="ij")
    angle, around = np.hypot(u, v) * EYE_REACH, np.arctan2(-v, u)
    generator = chance(0, "eye", "fibres")
    fibres = np.sin(around * 37 + 3 * np.sin(around * 5)) * 0.5 + np.sin(around * 83 + 2 * np.sin(around * 11)) * 0.5
    rim = angle / IRIS
    colour = (
        np.array(iris)[None, None]
        * (1.0 + 0.35 * fibres[..., None])
        * (0.75 + 0.9 * np.clip(0.75 - rim, 0, 1))[..., None]
    )
    colour = colour * (1 - 0.85 * np.clip((rim - 0.78) / 0.2, 0, 1))[..., None]
    colour = colour * (1 - 0.97 * np.clip((0.40 - rim) / 0.04, 0, 1))[..., None]
    veins = gaussian_filter(generator.standard_normal((size, size)), 2.0)
    veins = np.clip(np.abs(veins / veins.std()) * -8 + 1, 0, 1) * np.clip((rim - 1.5) / 2, 0, 1)
    white = np.array([0.56, 0.52, 0.48]) * (1 - 0.45 * np.clip((rim - 1.3) / 2.0, 0, 1))[..., None]
    white = white * (1 - 0.30 * veins[..., None] * np.array([0.2, 1.0, 1.0]))
    mix = np.clip((rim - 0.97) / 0.08, 0, 1)[..., None]
    albedo = colour * (1 - mix) + white * mix
    rough = 0.06 + 0.12 * np.clip((rim - 1.0) / 0.3, 0, 1)
    name = "-".join(f"{channel:.3f}" for channel in iris)
    return Texture(f"eye-{name}", albedo=_encoded(albedo), roughness=_bytes(rough))


@dataclass(frozen=True, eq=False)
class LashCurve:
    """One lid's lashes: the archive's points along the roots and along the tips (N,), from the nose outwards."""

    roots: I32
    tips: I32


@cache
def lash_curves() -> tuple[tuple[LashCurve, ...], tuple[LashCurve, ...]]:
    """Upper curves and lower curves, left then right, read off the archive's lash helpers."""
    baked = archive()
    upper: list[LashCurve] = []
    lower: list[LashCurve] = []
    for side in ("left", "right"):
        owners = np.unique(baked.corners[baked.group(f"lashes_{side}")])
        places = baked.points[owners]
        middle = baked.points[len(baked.points) - len(baked.landmarks) + baked.landmarks.index(f"eye_{side}")]
        outward = np.abs(places[:, 0])
        for curves, above in ((upper, True), (lower, False)):
            rows = np.flatnonzero((places[:, 2] > middle[2] - 0.0008) == above)
            edges = np.quantile(outward[rows], np.linspace(0, 1, 11))
            bins = np.clip(np.searchsorted(edges, outward[rows], side="right") - 1, 0, 9)
            reach = np.linalg.norm(places[rows] - middle, axis=1)
            roots = [rows[bins == k][np.argmin(reach[bins == k])] for k in range(10)]
            tips = [rows[bins == k][np.argmax(reach[bins == k])] for k in range(10)]
            curves.append(LashCurve(owners[roots].astype(np.int32), owners[tips].astype(np.int32)))
    return tuple(upper), tuple(lower)


def lash_piece(body: Body, lushness: float) -> Piece:
    """Lashes as slender curved blades, moving with the lids."""
    parts = [
        _lashes(body, curve, number, length, drop)
        for curves, number, length, drop in zip(
            lash_curves(), (44, 26), (0.85 + 0.35 * lushness, 0.6), (1, -1), strict=True
        )
        for curve in curves
    ]
    points, faces, weights, units = [], [], [], []
    count = 0
    for part_points, part_faces, part_weights, part_units in parts:
        points.append(part_points)
        faces.append(part_faces + count)
        weights.append(part_weights)
        units.append(part_units)
        count += len(part_points)
    material = Material("lashes", albedo=(0.012, 0.010, 0.009), roughness=0.6)
    deltas = {unit: np.concatenate([u[unit] for u in units]) for unit in UNITS}
    return Piece(
        "lashes", np.concatenate(points), np.concatenate(faces), np.concatenate(weights), material, units=deltas
    )


def _lashes(body: Body, curve: LashCurve, number: int, length: float, up: int) -> tuple[F32, I32, F32, dict[str, F32]]:
    generator = chance(0, "lashes", f"{number}")
    t = np.linspace(0.03, 0.97, number) + generator.uniform(-0.008, 0.008, number)
    lengths = length * (0.75 + 0.35 * np.sin(np.pi * np.clip(t, 0, 1) ** 0.7)) * generator.uniform(0.85, 1.1, number)

    def along(values: F32, rows: I32) -> F32:
        at = t * (len(rows) - 1)
        low = np.clip(at.astype(int), 0, len(rows) - 2)
        part = (at - low)[:, None]
        return np.asarray(values[rows[low]] * (1 - part) + values[rows[low + 1]] * part, np.float32)

    root, tip = along(body.points, curve.roots), along(body.points, curve.tips)
    side = along(body.points, curve.roots[[*range(1, 10), 9]]) - root + 1e-6
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    reach = (tip - root) * lengths[:, None]
    lift = np.array([0.0, 0.0, 0.0022 * up])
    middle = root + reach * 0.55 - lift * 0.25
    end = root + reach + lift * 0.45 * lengths[:, None]
    wide, narrow = side * 0.00022, side * 0.00015
    points = np.stack([root - wide, root + wide, middle - narrow, middle + narrow, end], 1).reshape(-1, 3)
    blade = np.array([[0, 1, 2], [1, 3, 2], [2, 3, 4]], np.int32)
    faces = (np.arange(number, dtype=np.int32)[:, None, None] * 5 + blade).reshape(-1, 3)
    weights = np.repeat(along(dense_weights(), curve.roots), 5, 0)
    units = {unit: np.repeat(along(unit_delta(unit), curve.roots), 5, 0) for unit in UNITS}
    return points.astype(np.float32), faces, weights, units


def mouth_pieces(body: Body) -> list[Piece]:
    """Teeth and tongue, seen only when the mouth opens."""
    baked = archive()
    looks = {
        "teeth_upper": Material("teeth", albedo=(0.30, 0.27, 0.22), roughness=0.6, subsurface=0.2),
        "teeth_lower": Material("teeth", albedo=(0.30, 0.27, 0.22), roughness=0.6, subsurface=0.2),
        "tongue": Material("tongue", albedo=(0.14, 0.035, 0.03), roughness=0.35, subsurface=0.4),
    }
    # the source's teeth all but touch the lips, and are as wide as they are
    smaller = np.array([0.76, 1.0, 1.0], np.float32)
    apart = {"teeth_upper": (0, -0.010, 0.004), "teeth_lower": (0, -0.010, -0.004), "tongue": (0, -0.008, -0.002)}
    pieces = [_corner_piece(body, name, baked.group(name), material) for name, material in looks.items()]
    return [replace(p, points=p.points * smaller + np.array(apart[p.name], np.float32)) for p in pieces]
