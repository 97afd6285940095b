"""The dragon's head and its lower jaw, looking along +y, the neck's middle at the origin; the jaw hangs at HINGE."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.stage.bodies.dragon.colours import Dress
from kinema.stage.geometry import sdf, solids
from kinema.stage.geometry.meshing import mesh_parts
from kinema.stage.geometry.outlines import circle
from kinema.stage.geometry.solids import Part, Solid

HINGE = np.array([0.0, -0.02, -0.04])
EYE = np.array([0.205, 0.235, 0.335])


def head_parts(dress: Dress, rng: np.random.Generator) -> list[Part]:
    """Everything above the hinge: skull, eyes, brows, nose, upper teeth, horns, ears, whiskers, fins and mane."""
    parts = [
        Part(solids.scale_uv(_melted(_skull(), 0.022, 2000), 6.5), dress.scales),
        Part(_melted(_gilding(), 0.018, 1700), dress.gilt),
    ]
    parts.append(Part(_melted(_muzzle(), 0.022, 900), dress.skin))
    parts += [*_eyes(dress), *_teeth(dress, upper=True), *_horns(dress), *_ears(dress), *_whiskers(dress)]
    parts += [*_cheek_fins(dress), *_mane(dress, rng), *_brow_fur(dress, rng), *_baubles(dress), *_palate(dress)]
    return parts


def jaw_parts(dress: Dress, rng: np.random.Generator) -> list[Part]:
    """The lower jaw about its hinge: lip, teeth, tongue and beard."""
    jaw = [
        _cone((0, -0.02, -0.02), (0, 0.50, -0.075), 0.15, 0.10, 1.5, 0.05),
        _ball((0, 0.52, -0.07), (0.155, 0.10, 0.075), 0.06),
        _ball((0, 0.25, -0.14), (0.14, 0.30, 0.06), 0.05),
        _ball((0, 0.28, 0.05), (0.15, 0.42, 0.075), 0.03, carve=True),
    ]
    lip = [_cone(a, b, 0.026, 0.026, 1.0, 0.02) for a, b in _lip_line(0.165, 0.545, -0.012)]
    parts = [Part(_melted(jaw, 0.02, 1300), dress.skin), Part(_melted(lip, 0.016, 700), dress.gilt)]
    parts += _teeth(dress, upper=False)
    along = np.linspace(0, 1, 9)
    tongue = np.stack([np.zeros(9), 0.02 + 0.60 * along, -0.03 + 0.06 * np.sin(3.0 * along)], axis=1)
    width = np.array([0.09, 0.10, 0.105, 0.10, 0.095, 0.085, 0.07, 0.045, 0.012])
    parts.append(Part(solids.sweep(circle(1.0, 10) * [1.0, 0.28], tongue, width), dress.tongue))
    parts += _beard(dress, rng)
    return parts


def _ball(
    centre: tuple[float, float, float], radii: tuple[float, float, float], blend: float, carve: bool = False
) -> sdf.Part:
    return sdf.Part(sdf.Ellipsoid(centre, radii), "head", blend=blend, carve=carve)


def _cone(
    a: tuple[float, float, float], b: tuple[float, float, float], ra: float, rb: float, squash: float, blend: float
) -> sdf.Part:
    return sdf.Part(sdf.Cone(a, b, ra, rb, squash), "head", blend=blend)


def _twin(part: sdf.Part) -> list[sdf.Part]:
    """A part and its mirror image across the middle."""
    shape = part.shape
    if isinstance(shape, sdf.Ellipsoid):
        x, y, z = shape.centre
        other: sdf.Shape = sdf.Ellipsoid((-x, y, z), shape.radii)
    elif isinstance(shape, sdf.Cone):
        (ax, ay, az), (bx, by, bz) = shape.a, shape.b
        other = sdf.Cone((-ax, ay, az), (-bx, by, bz), shape.ra, shape.rb, shape.squash)
    else:
        raise TypeError(f"no mirror image is known of a {type(shape).__name__}")
    return [part, sdf.Part(other, part.bone, part.paint, part.blend, part.carve)]


def _melted(parts: list[sdf.Part], cell: float, triangles: int) -> Solid:
    """A distance model as a solid."""
    positions, _, faces = mesh_parts(parts, cell, triangles)
    return solids.projected_uv(positions.astype(np.float64), faces)


def _skull() -> list[sdf.Part]:
    return [
        _ball((0, -0.14, 0.15), (0.29, 0.34, 0.27), 0.0),
        *_twin(_ball((0.21, 0.02, 0.04), (0.15, 0.24, 0.15), 0.08)),
        _cone((0, 0.12, 0.17), (0, 0.55, 0.15), 0.20, 0.14, 1.15, 0.10),
        *_twin(_ball((0.20, 0.10, 0.31), (0.145, 0.14, 0.135), 0.07)),
        _ball((0, 0.24, 0.40), (0.11, 0.16, 0.10), 0.06),
        _ball((0, 0.32, -0.10), (0.20, 0.62, 0.14), 0.05, carve=True),
    ]


def _muzzle() -> list[sdf.Part]:
    """The lacquered end of the snout and the pouches of the lip."""
    return [
        _ball((0, 0.62, 0.15), (0.205, 0.13, 0.105), 0.0),
        *_twin(_ball((0.135, 0.55, 0.11), (0.10, 0.17, 0.075), 0.05)),
        _ball((0, 0.32, -0.10), (0.20, 0.62, 0.14), 0.03, carve=True),
    ]


def _gilding() -> list[sdf.Part]:
    """Nose, brows, the curl of the upper lip and ridges along the snout."""
    parts = [
        _ball((0, 0.68, 0.265), (0.13, 0.10, 0.075), 0.0),
        *_twin(_ball((0.125, 0.69, 0.225), (0.075, 0.085, 0.07), 0.03)),
        *_twin(sdf.Part(sdf.Ellipsoid((0.135, 0.775, 0.225), (0.035, 0.05, 0.03)), "head", blend=0.02, carve=True)),
    ]
    brow = [(0.06, 0.36, 0.47), (0.17, 0.38, 0.51), (0.30, 0.28, 0.52), (0.42, 0.10, 0.57)]
    for (a, b), ra, rb in zip(pairwise(brow), (0.055, 0.065, 0.05), (0.065, 0.05, 0.012), strict=True):
        parts += _twin(_cone(a, b, ra, rb, 1.0, 0.03))
    parts += [_cone(a, b, 0.03, 0.03, 1.0, 0.02) for a, b in _lip_line(0.215, 0.70, 0.055)]
    for k, y in enumerate(np.linspace(0.36, 0.58, 4)):
        parts.append(_ball((0, float(y), 0.345 - 0.02 * k), (0.075 - 0.008 * k, 0.04, 0.045), 0.01))
    return parts


def _lip_line(
    width: float, front: float, z: float
) -> list[tuple[tuple[float, float, float], tuple[float, float, float]]]:
    """Segments of a mouth's rim from hinge around the front and back, rising at the corners."""
    turn = np.linspace(-1, 1, 13)
    x = width * np.sign(turn) * np.minimum(np.abs(turn) * 1.9, 1.0) ** 0.7
    y = front - (front + 0.02) * np.clip(np.abs(turn) - 0.25, 0, 1) / 0.75
    rise = z + 0.05 * np.clip(np.abs(turn) - 0.6, 0, 1) - 0.025 * np.cos(turn * 7.0) * (np.abs(turn) < 0.7)
    points = [(float(a), float(b), float(c)) for a, b, c in zip(x, y, rise, strict=True)]
    return list(pairwise(points))


def _both(solid: Solid) -> Solid:
    return solids.merge([solid, solids.scaled(solid, (-1.0, 1.0, 1.0))])


def _aimed(solid: Solid, place: F64, yaw: float, pitch: float) -> Solid:
    """A solid made to look along +y, turned and put in its place."""
    return solids.moved(solids.turned(solids.turned(solid, "x", pitch), "z", yaw), place)


def _eyes(dress: Dress) -> list[Part]:
    """Bulging eyes in gilt rims, looking ahead and a little out."""
    ball = solids.sphere(0.115, 16, 8)
    ring = solids.turned(
        solids.lathe(np.array([(0.085, 0.075), (0.098, 0.088), (0.112, 0.072), (0.112, 0.05)]), 24), "x", -np.pi / 2
    )
    iris = solids.turned(solids.lathe(np.array([(0.078, 0.086), (0.060, 0.102), (0.0, 0.116)]), 20), "x", -np.pi / 2)
    pupil = solids.turned(solids.lathe(np.array([(0.043, 0.112), (0.03, 0.118), (0.0, 0.121)]), 16), "x", -np.pi / 2)
    glint = solids.moved(solids.sphere(0.013, 8, 6), (0.03, 0.115, 0.035))
    lid = solids.lathe(np.array([(0.127, -0.02), (0.122, 0.03), (0.10, 0.075), (0.06, 0.11), (0.0, 0.127)]), 24)
    lid = solids.turned(lid, "x", 0.42)
    looks = [(ball, dress.white), (ring, dress.black), (iris, dress.iris), (pupil, dress.black), (glint, dress.white)]
    parts = [Part(_both(_aimed(solid, EYE, -0.35, 0.05)), material) for solid, material in looks]
    return [*parts, Part(_both(_aimed(lid, EYE, -0.35, 0.05)), dress.skin)]


def _teeth(dress: Dress, upper: bool) -> list[Part]:
    sign = -1.0 if upper else 1.0
    width, front, z = (0.20, 0.68, 0.035) if upper else (0.15, 0.53, 0.0)
    places = []
    for a, b in _lip_line(width, front, z):
        places += [np.array(a), 0.5 * (np.array(a) + np.array(b))]
    teeth = []
    for place in places:
        if abs(place[0]) < 0.02 or place[1] < 0.12:
            continue
        fang = 0.10 < abs(place[0]) < (0.17 if upper else 0.13) and place[1] > front - 0.12
        tall, wide = (0.13, 0.032) if fang else (0.06, 0.024)
        along = np.linspace(0, 1, 5)
        curve = np.stack(
            [place[0] * (1 - 0.1 * along), place[1] - 0.03 * along**2, place[2] + sign * tall * along], axis=1
        )
        shape = wide * np.array([1.0, 0.95, 0.75, 0.45, 0.05])
        teeth.append(solids.sweep(circle(1.0, 5), curve, shape, up=(0, 1, 0), caps=False))
    return [Part(solids.merge(teeth), dress.white)]


def _horns(dress: Dress) -> list[Part]:
    """Antlers sweeping back, ringed with green, with one branch each."""
    main = _smooth(
        np.array(
            [(0.15, -0.08, 0.36), (0.24, -0.20, 0.55), (0.33, -0.38, 0.70), (0.36, -0.58, 0.78), (0.42, -0.74, 0.92)]
        ),
        13,
    )
    thick = 0.058 * np.linspace(1.0, 0.18, 13) * (1 + 0.10 * np.sin(np.linspace(0, 16, 13)))
    branch = _smooth(np.array([(0.30, -0.32, 0.66), (0.40, -0.30, 0.76), (0.44, -0.34, 0.90)]), 7)
    twig = _smooth(np.array([(0.355, -0.56, 0.77), (0.30, -0.66, 0.86), (0.26, -0.68, 0.96)]), 6)
    horns = [solids.tube(main, thick, 10), solids.tube(branch, np.linspace(0.036, 0.008, 7), 8, up=(0, 1, 0))]
    horns.append(solids.tube(twig, np.linspace(0.028, 0.007, 6), 8, up=(0, 1, 0)))
    bands = [solids.tube(main[k - 1 : k + 1], thick[k - 1 : k + 1] * 1.22, 10) for k in (2, 5, 8)]
    return [Part(_both(solids.merge(horns)), dress.gilt), Part(_both(solids.merge(bands)), dress.leaf)]


def _ears(dress: Dress) -> list[Part]:
    shape = [(0, 0), (0.09, 0.06), (0.12, 0.18), (0.07, 0.32), (0.0, 0.40), (-0.07, 0.30), (-0.10, 0.16), (-0.07, 0.05)]
    outer = solids.extrude(np.array(shape) * 0.9, 0.03, bevel=0.01)
    inner = solids.moved(
        solids.extrude(np.array(shape) * 0.62 + np.array([0.0, 0.04]), 0.02, bevel=0.006), (0, 0, 0.02)
    )
    parts = []
    for solid, material in ((outer, dress.leaf), (inner, dress.tongue)):
        # drawn in xy: stand it up facing forward, lean it out and back
        ear = solids.turned(solids.turned(solids.turned(solid, "x", np.pi / 2), "z", np.pi), "y", 1.05)
        parts.append(Part(_both(solids.moved(solids.turned(ear, "z", -0.35), (0.27, -0.16, 0.26))), material))
    return parts


def _whiskers(dress: Dress) -> list[Part]:
    """Two long gilt whiskers curling from the nose, and short ones behind."""
    long = [
        (0.14, 0.72, 0.20),
        (0.30, 0.84, 0.19),
        (0.50, 0.88, 0.27),
        (0.66, 0.80, 0.46),
        (0.68, 0.70, 0.66),
        (0.56, 0.64, 0.74),
    ]
    short = [(0.20, 0.58, 0.10), (0.36, 0.62, 0.02), (0.48, 0.52, 0.00), (0.54, 0.40, 0.10)]
    tubes = []
    for points, radius in ((long, 0.022), (short, 0.018)):
        curve = _smooth(np.array(points), 18)
        tubes.append(solids.tube(curve, radius * np.linspace(1.0, 0.25, 18), 6))
    return [Part(_both(solids.merge(tubes)), dress.gilt)]


def _cheek_fins(dress: Dress) -> list[Part]:
    """A fan of flame-shaped fins behind each cheek, gilt in front of green and red."""
    parts = []
    for material, size, back in ((dress.fin, 1.0, 0.0), (dress.leaf, 0.78, 0.035), (dress.gilt, 0.5, 0.06)):
        rays = []
        for turn, length in zip(np.linspace(-1.1, 1.25, 7), (0.34, 0.42, 0.48, 0.52, 0.50, 0.44, 0.36), strict=True):
            along = np.array([0.0, 0.25, 0.55, 0.8, 1.0]) * length * size
            bend = np.stack([along * np.cos(turn), along * np.sin(turn) + 0.25 * along**2, 0.02 * along], axis=1)
            wide = np.array([0.03, 0.06, 0.055, 0.032, 0.004]) * size
            rays.append(solids.sweep(circle(1.0, 4) * [1.0, 0.22], bend, wide, caps=False))
        fan = solids.turned(solids.turned(solids.merge(rays), "x", np.pi / 2), "z", -0.75)
        parts.append(Part(_both(solids.moved(fan, (0.28, -0.06 + back, 0.05))), material))
    return parts


def _mane(dress: Dress, rng: np.random.Generator) -> list[Part]:
    """Tufts around the back of the head, streaming back and out, in two colours."""
    rows: dict[str, list[Solid]] = {"mane": [], "fringe": [], "skin": []}
    for ring, (count, start, length) in enumerate(((24, 0.02, 0.52), (24, -0.10, 0.66), (20, -0.24, 0.66))):
        for k in range(count):
            turn = (k + 0.5 * (ring % 2)) / count * 2 * np.pi
            out = np.array([np.sin(turn), 0.0, np.cos(turn)])
            root = np.array([0.0, start - 0.05, 0.13]) + out * np.array([0.30, 0, 0.28]) * (1.0 - 0.10 * ring)
            long = length * rng.uniform(0.75, 1.15)
            flow = np.array([rng.normal(0, 0.12), -1.0, rng.normal(0, 0.12)])
            along = np.linspace(0, 1, 5)[:, None]
            curve = root + long * (out * (1.0 * along - 0.35 * along**2) + flow * (0.2 * along + 0.6 * along**2))
            curve[:, 2] -= 0.10 * long * along[:, 0] ** 2
            wide = 0.05 * np.array([0.7, 1.0, 0.85, 0.5, 0.03]) * rng.uniform(0.8, 1.2)
            name = ("mane", "fringe", "skin")[(k + ring) % 3]
            rows[name].append(solids.sweep(circle(1.0, 4) * [1.0, 0.4], curve, wide, up=out, caps=False))
    return [Part(solids.merge(tufts), getattr(dress, name)) for name, tufts in rows.items()]


def _brow_fur(dress: Dress, rng: np.random.Generator) -> list[Part]:
    """White fur standing up along the brows and hanging along the cheeks."""
    brow = _smooth(np.array([(0.07, 0.34, 0.50), (0.18, 0.34, 0.55), (0.30, 0.25, 0.56), (0.41, 0.10, 0.59)]), 13)
    cheek = _smooth(np.array([(0.22, 0.40, 0.05), (0.30, 0.20, -0.02), (0.33, 0.02, -0.06), (0.30, -0.14, -0.10)]), 11)
    tufts = []
    for curve, way, long in ((brow, (0.25, -0.9, 0.8), 0.14), (cheek, (0.55, -0.7, -0.75), 0.17)):
        for root in curve:
            flow = np.array(way) + rng.normal(0, 0.18, 3)
            along = np.linspace(0, 1, 4)[:, None]
            points = root + long * rng.uniform(0.8, 1.2) * along * flow
            tufts.append(_tuft(points, 0.022 * np.array([0.9, 1.0, 0.7, 0.03]), (1, 0, 0)))
    return [Part(_both(solids.merge(tufts)), dress.beard)]


def _tuft(curve: F64, radius: F64, up: tuple[int, int, int]) -> Solid:
    """A lock of fur along a curve: three-sided, its root hidden."""
    return solids.sweep(circle(1.0, 3), curve, radius, up, caps=False)


def _beard(dress: Dress, rng: np.random.Generator) -> list[Part]:
    tufts = []
    for y, x in [(y, x) for y in np.linspace(0.10, 0.52, 6) for x in (-0.10, -0.04, 0.04, 0.10)]:
        long = (0.22 + 0.30 * y) * rng.uniform(0.8, 1.15)
        along = np.linspace(0, 1, 6)[:, None]
        root = np.array([x * (1.2 - 0.5 * y), y, -0.15 + 0.05 * y])
        sway = np.array([0.35 * x + rng.normal(0, 0.05), rng.normal(0.10, 0.08), -1.0])
        curve = root + long * along * sway + long * along**2 * np.array([0.0, -0.25, 0.0])
        wide = 0.036 * np.array([0.8, 1.0, 0.9, 0.7, 0.4, 0.03])
        tufts.append(_tuft(curve, wide, (0, 1, 0)))
    return [Part(solids.merge(tufts), dress.beard)]


def _baubles(dress: Dress) -> list[Part]:
    """The mirror on the brow that scares spirits off, pompoms on springs, studs along the cheeks."""
    glass = solids.turned(solids.cylinder(0.075, 0.02, 24, 0.006), "x", -1.05)
    rim = solids.turned(
        solids.lathe(np.array([(0.075, 0.0), (0.098, 0.0), (0.105, 0.02), (0.092, 0.034), (0.072, 0.018)]), 24),
        "x",
        -1.05,
    )
    at = np.array([0.0, 0.26, 0.485])
    parts = [Part(solids.moved(glass, at), dress.mirror), Part(solids.moved(rim, at), dress.gilt)]
    balls, stems = [], []
    for x, y, z in ((0.10, 0.12, 0.66), (0.26, 0.02, 0.70), (0.0, 0.02, 0.74)):
        foot = np.array([x * 0.7, y - 0.05, 0.40])
        ball = np.array([x, y, z])
        stems.append(
            solids.tube(np.array([foot, (foot + ball) / 2 + np.array([0, 0.02, 0]), ball]), 0.008, 5, up=(0, 1, 0))
        )
        balls.append(solids.moved(solids.sphere(0.052, 10, 5), (x, y, z)))
    mirrored = [_both(solids.merge(x)) for x in (balls, stems)]
    return [*parts, Part(mirrored[0], dress.tongue), Part(mirrored[1], dress.gilt)]


def _palate(dress: Dress) -> list[Part]:
    """The roof of the mouth, dark red, and the throat."""
    roof = solids.moved(solids.scaled(solids.sphere(1.0, 16, 8), (0.17, 0.52, 0.05)), (0, 0.18, 0.035))
    throat = solids.moved(solids.scaled(solids.sphere(1.0, 14, 8), (0.17, 0.10, 0.15)), (0, -0.06, -0.03))
    return [Part(solids.merge([roof, throat]), dress.mouth)]


def _smooth(points: F64, count: int) -> F64:
    """A curve (count, 3) through points, bent evenly (Catmull-Rom)."""
    padded = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    t = np.linspace(0, len(points) - 1, count)
    k = np.minimum(t.astype(int), len(points) - 2)
    u = (t - k)[:, None]
    a, b, c, d = (padded[k + j] for j in range(4))
    curve: F64 = 0.5 * (2 * b + (c - a) * u + (2 * a - 5 * b + 4 * c - d) * u**2 + (3 * b - a - 3 * c + d) * u**3)
    return curve
