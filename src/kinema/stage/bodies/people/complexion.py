"""Complexion: skin, make-up, brows and lips, painted on a face and read onto the skin of the body."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import map_coordinates

from kinema.buffers.scene_frame import F32, F64, U8, Colour, Texture
from kinema.stage.bodies.people.brows import INNER, OUTER, brow_half, brow_lean, brow_line
from kinema.stage.bodies.people.canvas import Canvas, canvas
from kinema.stage.bodies.people.maps import eight_bit
from kinema.stage.bodies.people.scalp import hair_depth, hair_shadow, scalp_share
from kinema.stage.bodies.people.wrinkles import PARTS
from kinema.stage.colours import encoded

Maps = tuple[F32, F32, F32]  # albedo (..., 3), relief and roughness (...)
UNEVEN = 0.52  # how blotched young skin is, of what old skin is
SHAVEN = np.array([0.010, 0.013, 0.016], np.float32)  # bluish: hair that is seen through skin
TEXELS = 1024  # side of a face's texture: 2.5 to the millimetre about the eyes
FEW_TEXELS = 128  # that of a face seen from some metres away only: the size of its features then


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


def skin_colours(paint: Paint, base: F32, nails: U8) -> F32:
    """Linear colours (V, 3) of skin at places on the base mesh (V, 3)."""
    skin, blood = np.array(paint.skin), np.array(paint.blood)
    flush = _flush(base)[:, None]
    colours = skin * (1 - flush) + blood * flush
    nail = (nails.astype(np.float32) / 255)[:, None]
    colours = colours * (1 - nail) + (blood * 0.55 + 0.3 * np.ones(3)) * nail
    hair = (scalp_share(base) * paint.scalp)[:, None]
    return np.asarray(colours * (1 - hair) + np.array(paint.hair) * hair, np.float32)


def _bell(distance: F32 | F64, width: float) -> F32:
    return np.asarray(np.exp(-((distance / width) ** 2)), np.float32)


def _flush(base: F32) -> F32:
    """How much blood shows, 0 to 1, at places on the base mesh (..., 3): cheeks, nose, ears, chin."""
    x, y, z = np.abs(base[..., 0]), base[..., 1], base[..., 2]
    cheek = 0.38 * _bell(np.sqrt((x - 0.046) ** 2 + ((z - 0.695) * 1.2) ** 2), 0.024)
    nose = 0.38 * _bell(np.sqrt(x**2 + (z - 0.692) ** 2 + (y - 0.165) ** 2), 0.018)
    ear = 0.50 * _bell(np.sqrt((x - 0.083) ** 2 + (y - 0.03) ** 2 + ((z - 0.715) * 0.7) ** 2), 0.022)
    chin = 0.12 * _bell(np.sqrt(x**2 + (z - 0.63) ** 2 + (y - 0.14) ** 2), 0.02)
    return np.asarray(cheek + nose + ear + chin, np.float32)


def lip_depth(base: F32) -> F32:
    """Metres that places (..., 3) on the base mesh's lips lie behind the line where these part."""
    return np.asarray(0.1546 - 20.5 * base[..., 0] ** 2 - base[..., 1], np.float32)


def face_texture(paint: Paint, key: str) -> Texture:
    """The face's maps: albedo, relief and roughness, painted over the base mesh's window of uv."""
    albedo, height, roughness = _painted(canvas(TEXELS), paint)
    digest = hashlib.sha256(repr(paint).encode()).hexdigest()[:12]
    return Texture(
        f"face-{key}-{digest}",
        albedo=encoded(albedo),
        height=eight_bit(height),
        roughness=eight_bit(roughness),
    )


def far_face_texture(paint: Paint, key: str) -> Texture:
    """The face for the middle distance: a small map, its features drawn stronger, as a stage make-up does."""
    red, green, blue = (0.5 * (skin + blood) for skin, blood in zip(paint.skin, paint.blood, strict=True))
    bold = replace(
        paint,
        blood=(red, green, blue),
        brow=1.5 * paint.brow,
        liner=max(paint.liner, 0.6),
        shadow=max(paint.shadow, 0.35),
        freckles=0.0,
    )
    window = canvas(FEW_TEXELS)
    albedo = _painted(window, bold)[0] * _deepened(window.base)[..., None]
    digest = hashlib.sha256(repr(paint).encode()).hexdigest()[:12]
    return Texture(f"far-face-{key}-{digest}", albedo=encoded(albedo))


def _deepened(base: F32) -> F32:
    """Shade (...) of what lies deep in a face: sockets, under nose, lip and chin."""
    x, z = np.abs(base[..., 0]), base[..., 2]
    deep = 0.34 * _bell(np.sqrt(((x - 0.029) / 1.5) ** 2 + (z - 0.7345) ** 2), 0.0115)
    deep = deep + 0.22 * _bell(np.sqrt((x / 1.4) ** 2 + (z - 0.6795) ** 2), 0.0075)
    deep = deep + 0.20 * _bell(np.sqrt((x / 1.8) ** 2 + (z - 0.646) ** 2), 0.006)
    deep = deep + 0.30 * np.clip((0.628 - z) / 0.03, 0, 1) + 0.12 * np.clip((x - 0.056) / 0.02, 0, 1)
    return np.asarray(1.0 - deep, np.float32)


def _painted(window: Canvas, paint: Paint) -> tuple[F32, F32, F32]:
    """Linear albedo (..., 3), relief (...) and roughness (...); each feature is painted in its own part of the map."""
    albedo, height, roughness = _bared(window, paint)
    for feature, (wide, low, high) in FEATURES:
        spot = window.around(wide, low, high)
        parts = feature(albedo[spot], height[spot], roughness[spot], window.at(*spot), paint)
        albedo[spot], height[spot], roughness[spot] = parts
    if paint.scalp > 0:
        spot = window.holding(lambda x, y, z: hair_shadow(np.stack([x, y, z], -1)) > 0)
        albedo[spot] = _rooted(albedo[spot], window.at(*spot), paint)
    return albedo, height, roughness


def _bared(window: Canvas, paint: Paint) -> tuple[F32, F32, F32]:
    """Skin with nothing on it: blotches of blood under it, pores, and shine where it is oily."""
    noises = window.noises
    x, z = np.abs(window.base[..., 0]), window.base[..., 2]
    skin, blood = np.array(paint.skin, np.float32), np.array(paint.blood, np.float32)
    worn = np.float32(UNEVEN + (1.0 - UNEVEN) * paint.age)
    fine = worn * noises["blotch_fine"]
    flush = np.clip(_flush(window.base) * (1.35 + 0.30 * noises["blotch"] + 0.10 * fine) + 0.04 * fine, 0, 1)
    albedo = skin + flush[..., None] * (blood - skin)
    uneven = 0.03 * noises["blotch"] + 0.025 * noises["pores"] + 0.045 * worn * noises["patch"]
    albedo *= (1 + uneven)[..., None]
    albedo *= 1 + fine[..., None] * np.array([-0.006, -0.030, -0.036], np.float32)
    albedo *= (1 - 0.5 * np.clip(noises["freckles"] - 3.2, 0, 1))[..., None]  # a mole here and there
    albedo *= _modelled(window.base)
    cheekbone = _bell(np.sqrt(((x - 0.043) * 0.7) ** 2 + (z - 0.714) ** 2), 0.009)
    oily = _bell(np.sqrt((x / 1.5) ** 2 + (z - 0.765) ** 2), 0.02) + _bell(x, 0.011) + 0.6 * cheekbone
    roughness = 0.59 - 0.14 * np.clip(oily, 0, 1.1) + 0.03 * fine + 0.05 * noises["pores"] + 0.02 * noises["patch"]
    coarse = 0.45 + 0.55 * _bell(np.sqrt((x / 1.7) ** 2 + (z - 0.69) ** 2), 0.026)
    height = 0.5 + 0.12 * coarse * noises["pores"] + 0.04 * fine
    return albedo, height, roughness


def _rooted(albedo: F32, window: Canvas, paint: Paint) -> F32:
    """The hairline: fine short hairs, ever denser, that run back from the face."""
    base = window.base
    around = np.arctan2(base[..., 0], base[..., 2] - 0.70) * np.float32(0.085)
    depth = np.asarray(hair_depth(base), np.float32)
    fine = _looked_up(window.hairs, depth / 0.0035, (around + 0.10 * depth) / 0.00042)
    wisps = _looked_up(window.hairs, depth / 0.0070 + 300.0, (around - 0.15 * depth) / 0.0014)
    full = hair_shadow(base) * paint.scalp
    amount = np.clip(full + (0.15 * fine + 0.08 * wisps) * np.sqrt(np.clip(full * (1.05 - full), 0, 1)) * 1.6, 0, 0.97)
    return np.asarray(albedo + (np.array(paint.hair, np.float32) * 0.8 - albedo) * amount[..., None], np.float32)


def _modelled(base: F32) -> F32:
    """Shade of bare skin (..., 3) by place: deeper in the folds and hollows of a face, redder across its middle,
    yellower on the forehead and cooler along the jaw, so that it has shape in flat light too."""
    x, y, z = np.abs(base[..., 0]), base[..., 1], base[..., 2]
    deep = 0.14 * _bell(np.sqrt((x / 1.9) ** 2 + (z - 0.6465) ** 2), 0.0058)  # under the lower lip
    deep = deep + 0.17 * _bell(np.sqrt((x - 0.0165) ** 2 + (z - 0.6875) ** 2), 0.0055)  # beside the nostrils
    deep = deep + 0.06 * _bell(x, 0.0032) * _bell(z - 0.6735, 0.006)
    deep = deep + 0.11 * _bell(np.sqrt(((x - 0.052) / 1.1) ** 2 + (z - 0.670) ** 2), 0.017)  # hollow of the cheek
    deep = deep + 0.10 * np.clip((x - 0.052) / 0.022, 0, 1) + 0.16 * np.clip((0.634 - z) / 0.02, 0, 1)
    deep = deep - 0.05 * _bell(np.sqrt(((x - 0.043) * 0.7) ** 2 + (z - 0.714) ** 2), 0.010)
    warm = _bell(z - 0.700, 0.022) * np.clip((y - 0.06) / 0.04, 0, 1)
    jaw = np.clip((0.668 - z) / 0.03, 0, 1)
    tint = np.stack([0.03 * warm - 0.015 * jaw, -0.035 * warm + 0.008 * (1 - warm), -0.03 * warm + 0.02 * jaw], -1)
    return np.asarray((1 - deep)[..., None] * (1 + tint), np.float32)


def _aged(albedo: F32, height: F32, roughness: F32, window: Canvas, paint: Paint) -> Maps:
    """Lines in relief, darker and redder than the skin beside them, and the spots of old age."""
    deep = np.zeros(height.shape, np.float32)
    for lines, (wide, low, high) in PARTS:
        spot = window.around(wide, low, high)
        deep[spot] = np.maximum(deep[spot], lines(window.base[spot], paint.age))
    deep *= 0.16 + 0.84 * paint.age
    albedo = albedo * (1 - deep[..., None] * np.array([0.26, 0.36, 0.36], np.float32))
    spots = 0.30 * paint.age * np.clip(window.noises["freckles"] + 0.7 * window.noises["blotch"] - 1.9, 0, 1)
    albedo = np.asarray(albedo * (1 - spots[..., None] * np.array([0.6, 0.9, 1.0])), np.float32)
    return albedo, height - 0.34 * deep, roughness + 0.10 * deep


def _nosed(albedo: F32, height: F32, roughness: F32, window: Canvas, paint: Paint) -> Maps:
    x, y, z = np.abs(window.base[..., 0]), window.base[..., 1], window.base[..., 2]
    nostril = _bell(np.sqrt((x - 0.0098) ** 2 + ((z - 0.6855) * 1.3) ** 2 + ((y - 0.152) * 0.8) ** 2), 0.0052)
    return albedo * (1 - 0.75 * nostril)[..., None], height, roughness


def _shade_eyes(albedo: F32, height: F32, roughness: F32, window: Canvas, paint: Paint) -> Maps:
    x, z = np.abs(window.base[..., 0]), window.base[..., 2]
    # thin skin below the eye, bluish, deepest towards the nose
    hollow = z - (0.7165 - 0.10 * (x - 0.030) + 9.0 * (x - 0.030) ** 2)
    under = _bell(hollow, 0.0048) * _bell(x - 0.027, 0.013) * (0.20 + 0.22 * paint.age)
    albedo = albedo * (1 - under[..., None] * np.array([0.85, 1.0, 0.75], np.float32))
    socket = _bell(np.sqrt(((x - 0.033) / 1.7) ** 2 + (z - 0.738) ** 2), 0.0075)
    tint = np.array([0.25, 0.12, 0.10], np.float32) * 0.5
    shadow = (socket * paint.shadow * 0.7)[..., None]
    albedo = albedo * (1 - shadow) + tint * shadow
    albedo = albedo * (1 - 0.10 * socket[..., None])
    # the lids' rims: pink and wet, then a line of make-up or of lash roots
    rim = _bell(np.minimum(window.lid, window.lower_lid), 0.0012)[..., None]
    albedo = albedo * (1 - 0.4 * rim) + np.array(paint.blood, np.float32) * 0.7 * 0.4 * rim
    upper = _bell(window.lid, 0.0014 + 0.0009 * paint.liner) * (0.52 + 0.45 * paint.liner)
    lower = _bell(window.lower_lid, 0.0009) * (0.25 + 0.45 * paint.liner)
    line = np.clip(np.maximum(upper, lower), 0, 1)[..., None]
    albedo = albedo * (1 - line) + np.array([0.012, 0.009, 0.008], np.float32) * line
    return albedo, height, roughness * (1 - 0.4 * rim[..., 0])


def _freckled(albedo: F32, height: F32, roughness: F32, window: Canvas, paint: Paint) -> Maps:
    if paint.freckles <= 0:
        return albedo, height, roughness
    x, z = np.abs(window.base[..., 0]), window.base[..., 2]
    where = _bell(np.sqrt((x / 1.6) ** 2 + (z - 0.703) ** 2), 0.028) * paint.freckles
    spots = np.clip(window.noises["freckles"] - 1.25, 0, 1) * where
    return albedo * (1 - 0.6 * spots[..., None] * np.array([0.5, 0.8, 1.0], np.float32)), height, roughness


def _stubbled(albedo: F32, height: F32, roughness: F32, window: Canvas, paint: Paint) -> Maps:
    if paint.stubble <= 0:
        return albedo, height, roughness
    x, y, z = np.abs(window.base[..., 0]), window.base[..., 1], window.base[..., 2]
    jaw = np.clip((0.676 - z + 0.35 * np.maximum(x - 0.035, 0)) / 0.012, 0, 1)
    jaw = jaw * np.clip((z - 0.598) / 0.02, 0, 1) * np.clip((y - 0.028) / 0.02, 0, 1)
    lip = _bell(np.sqrt((x / 2.4) ** 2 + (z - 0.677) ** 2), 0.008)
    grain = 0.72 + 0.28 * np.clip(window.noises["hairs"] + 0.5 * window.noises["blotch_fine"], -1.5, 1.2)
    where = (np.maximum(jaw, lip) * paint.stubble * grain * (1 - window.lips))[..., None] * 0.75
    albedo = albedo * (1 - where) + (np.array(paint.hair, np.float32) * 0.6 + SHAVEN) * where
    return albedo, height, roughness + 0.1 * where[..., 0]


def _browed(albedo: F32, height: F32, roughness: F32, window: Canvas, paint: Paint) -> Maps:
    """Eyebrows as strokes: a band above the eye, thinning outwards, broken up by fine hairs."""
    x, z = np.abs(window.base[..., 0]), window.base[..., 2]
    along = np.clip((x - INNER) / (OUTER - INNER), 0, 1)
    middle, half = brow_line(along), brow_half(along, paint.brow)
    across = (z - middle) / half
    density = (
        np.clip(1.15 - across**2, 0, 1) * np.clip((x - 0.0118) / 0.011, 0, 1) * np.clip((0.0585 - x) / 0.006, 0, 1)
    )
    # hairs stand at the nose's end and lie down outwards: noise drawn out along that lean
    lean = brow_lean(along)
    lengthwise = x * np.cos(lean) + (z - middle) * np.sin(lean)
    crosswise = (z - middle) * np.cos(lean) - x * np.sin(lean)
    strands = 0.5 + 0.45 * _looked_up(window.hairs, lengthwise / 0.0016, crosswise / 0.00017)
    amount = np.clip(density * 1.6 * np.clip(strands + 0.6 * density - 0.22, 0, 1), 0, 0.86)[..., None]
    hair = np.array(paint.hair, np.float32) * 0.6 + np.array(paint.skin, np.float32) * 0.05
    albedo = np.asarray(albedo * (1 - amount) + hair * amount, np.float32)
    return albedo, height + 0.14 * amount[..., 0] * strands, roughness


def _looked_up(image: F32, rows: F32 | F64, columns: F32 | F64) -> F32:
    """An image (S, S) that repeats, read between its texels."""
    return np.asarray(map_coordinates(image, [rows, columns], order=1, mode="wrap"), np.float32)


def _lipped(albedo: F32, height: F32, roughness: F32, window: Canvas, paint: Paint) -> Maps:
    x, z = window.base[..., 0], window.base[..., 2]
    bare = np.array(paint.lips, np.float32)
    colour = bare if paint.lipstick is None else 0.72 * np.array(paint.lipstick, np.float32) + 0.22 * bare
    covering = 0.94 if paint.lipstick else 0.72
    edge = np.clip(window.lips * 1.3 - 0.15, 0, 1)
    amount = (edge * covering)[..., None]
    creases = np.sin(np.asarray(x) / 0.00062 + 1.4 * window.noises["lip_lines"])
    # fuller and lighter in the middle, deeper towards rims and corners
    middle = _bell(x, 0.016) * np.clip(window.lips * 2.2 - 1.0, 0, 1)
    tone = (
        0.74 + 0.34 * middle + 0.09 * creases * (0.7 if paint.lipstick else 1.0) + 0.05 * window.noises["blotch_fine"]
    )
    albedo = albedo * (1 - amount) + (colour * tone[..., None]) * amount
    # where the lips part it is dark and wet: further in than the rims
    depth = lip_depth(window.base)
    seam = _bell(z - 0.6616, 0.0048) * np.clip(window.lips * 1.6, 0, 1)
    inside = np.clip(depth / 0.0013, 0, 1) * seam
    matt = np.clip((depth + 0.0035) / 0.0025, 0, 1) * seam  # or it would glint along the parting
    albedo = albedo + (np.array([0.045, 0.010, 0.009], np.float32) - albedo) * (0.85 * inside[..., None])
    height = height * (1 - edge) + (0.5 + 0.12 * creases) * edge
    gloss = (0.25 if paint.lipstick else 0.38) + 0.05 * window.noises["blotch_fine"]
    return albedo, height, (roughness * (1 - edge) + gloss * edge) * (1 - matt) + 0.95 * matt


# what is painted, in this order, and on which places of the base mesh: how far from the midline, from what height on to
# what height
FEATURES: tuple[tuple[Callable[[F32, F32, F32, Canvas, Paint], Maps], tuple[float, float, float]], ...] = (
    (_aged, (0.070, 0.630, 0.785)),
    (_shade_eyes, (0.060, 0.700, 0.757)),
    (_nosed, (0.022, 0.672, 0.700)),
    (_freckled, (0.080, 0.650, 0.765)),
    (_stubbled, (0.090, 0.585, 0.720)),
    (_browed, (0.062, 0.735, 0.765)),
    (_lipped, (0.036, 0.638, 0.684)),
)
