"""Coats: what colour the fur has at any point of the body, from the region it belongs to and the species' pattern."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.stage.bodies.quadruped.palette import Palette
from kinema.stage.bodies.quadruped.piece import F32
from kinema.stage.bodies.quadruped.skeleton import Skeleton, pitch
from kinema.stage.bodies.quadruped.species import Species
from kinema.stage.chance import chance
from kinema.stage.geometry.sdf import Part, distances

REGIONS = ("torso", "neck", "leg", "paw", "tail", "head", "muzzle", "jaw", "hoof")
MOUTH = np.array([0.16, 0.035, 0.035])


@dataclass(frozen=True, eq=False)
class Place:
    """Where points are on an animal. All (N,) but points, normals, head, jaw (N, 3); shares sum to one.

    height: 0 at the belly line to 1 at the back · along_tail: 0 root to 1 tip · head, jaw: in head space, row's scale
    """

    points: F32
    normals: F32
    share: dict[str, F32]
    height: F32
    along_tail: F32
    head: F64
    jaw: F64
    noise: F32
    fine: F32


def step(low: float, high: float, x: F32 | F64) -> F64:
    """A smooth rise from 0 at low to 1 at high (either order)."""
    t = np.clip((np.asarray(x, float) - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t))


def mix(a: F64, b: F64, t: F64) -> F64:
    """Colours (N, 3) or (3,) from a to b by t (N,)."""
    return np.asarray(a + (b - a) * t[:, None])


def wobble(points: F32 | F64, wavelength: float, purpose: str) -> F32:
    """Soft noise about -1 to 1 at points (N, 3): a few waves in random directions, the same for every body."""
    random = chance(0, "coat", purpose)
    directions = random.normal(size=(7, 3))
    directions *= (random.uniform(0.7, 1.6, (7, 1)) * 2 * np.pi / wavelength) / np.linalg.norm(directions, axis=1)[
        :, None
    ]
    return np.asarray(np.sin(points @ directions.T + random.uniform(0, 6.3, 7)).sum(1) / 3.2, np.float32)


def locate(species: Species, skeleton: Skeleton, parts: tuple[Part, ...], points: F32, normals: F32) -> Place:
    """Coordinates of points (N, 3) at rest for the patterns to paint by."""
    s = species.scale
    away = distances(parts, points)
    near = np.exp(-np.maximum(away - away.min(1, keepdims=True), 0.0) / np.float32(0.010 * s))
    share = {name: np.zeros(len(points), np.float32) for name in REGIONS}
    for part, weight in zip(parts, near.T, strict=True):
        share[part.paint] = np.maximum(share[part.paint], weight)
    total = np.maximum(np.sum(list(share.values()), axis=0), np.float32(1e-6))
    share = {name: np.asarray(value / total, np.float32) for name, value in share.items()}
    y, z = points[:, 1] / s, points[:, 2] / s
    stations = np.array(species.torso)
    top, bottom = (np.interp(y, stations[:, 0], stations[:, k]) for k in (1, 2))
    tail = np.array(species.tail.points)
    reach = np.linalg.norm(points[:, None, 1:] / s - tail[None], axis=2)
    along = (np.exp(-reach / 0.03) @ np.linspace(0, 1, len(tail))) / np.maximum(np.exp(-reach / 0.03).sum(1), 1e-9)
    head = (points - skeleton["head"].head) @ skeleton.turn / s
    hinge = np.array([0.0, *species.head.hinge])
    jaw = (head - hinge) @ pitch(-species.head.gape) + hinge
    size = 1.0 if species.scale > 0.7 else species.scale
    noise, fine = wobble(points, 0.16 * size, "blotches"), wobble(points, 0.035 * size, "flecks")
    return Place(points, normals, share, (z - bottom) / (top - bottom), along, head, jaw, noise, fine)


def coat(species: Species, colours: Palette, place: Place) -> F32:
    """Colours (N, 3) of the skin and the roots of the fur."""
    painted = PATTERNS[species.coat.pattern](species, colours, place)
    painted = _mouth(species, colours, place, painted)
    hoof = place.share["hoof"].astype(float)
    painted = mix(painted, np.full(3, 0.03), hoof)
    return np.asarray(np.clip(painted * (1 + 0.10 * place.fine[:, None]), 0.003, 0.95), np.float32)


def _mouth(species: Species, colours: Palette, place: Place, painted: F64) -> F64:
    """Dark lips along the seam, and the red inside of the mouth on the faces that meet when it shuts."""
    head = species.head
    y0, z0, h0, w0 = head.muzzle[0]
    y1, z1, h1, w1 = head.muzzle[1]
    t = np.clip((place.head[:, 1] - y0) / (y1 - y0), 0, 1.1)
    middle, high, wide = z0 + (z1 - z0) * t, h0 + (h1 - h0) * t, w0 + (w1 - w0) * t
    front = step(y0 + 0.10 * (y1 - y0), y0 + 0.3 * (y1 - y0), place.head[:, 1])
    up = (place.head[:, 2] - middle) / high
    across = np.abs(place.head[:, 0]) / wide
    upper = place.share["muzzle"] * front
    lips = upper * step(-0.52, -0.68, up)
    inside = upper * step(-0.70, -0.86, up) * step(0.68, 0.5, across)
    j0, jz0, jh0, jw0 = head.jaw[0]
    j1, jz1, jh1, jw1 = head.jaw[1]
    s = np.clip((place.jaw[:, 1] - j0) / (j1 - j0), 0, 1.1)
    level = (place.jaw[:, 2] - (jz0 + (jz1 - jz0) * s)) / (jh0 + (jh1 - jh0) * s)
    lower = place.share["jaw"] * step(j0 + 0.1 * (j1 - j0), j0 + 0.3 * (j1 - j0), place.jaw[:, 1])
    # The groove from the nose to the mouth.
    groove = upper * step(0.075, 0.03, across) * step(0.1, -0.05, up) * step(y1, y1 + 0.4 * h1, place.head[:, 1])
    dark = np.maximum(np.maximum(lips, 0.8 * groove), lower * step(0.25, 0.5, level))
    painted = mix(painted, colours.rim * 1.5, dark)
    floor = lower * step(0.55, 0.75, level) * step(0.72, 0.52, np.abs(place.head[:, 0]) / (jw0 + (jw1 - jw0) * s))
    return mix(painted, MOUTH, np.maximum(inside, floor))


def _face(species: Species, place: Place) -> dict[str, F64]:
    """Shares (N,) of the parts of a face, by head space: cheeks, brow, bridge of the nose, chin and eyes' surround."""
    x, y, z = place.head.T
    r = species.head.skull[1]
    eye = np.array(species.eye.at)
    on = (place.share["head"] + place.share["muzzle"] + place.share["jaw"]).astype(float)
    muzzle = (place.share["muzzle"] + place.share["jaw"]).astype(float)
    away = np.linalg.norm(
        place.head - np.array([1, 1, 1]) * np.stack([np.sign(x) * eye[0], 0 * y + eye[1], 0 * z + eye[2]], 1), axis=1
    )
    bridge = muzzle * step(
        species.head.muzzle[1][1] + 0.010, species.head.muzzle[1][1] + species.head.muzzle[1][2] * 0.9, z
    )
    cheeks = on * step(eye[2] - 0.10 * r[2], eye[2] - 0.75 * r[2], z)
    return {
        "on": on,
        "muzzle": muzzle,
        "cheeks": cheeks,
        "bridge": bridge * step(0.55, 0.25, np.abs(x) / r[0]),
        "eyes": on * step(species.eye.radius * 2.6, species.eye.radius * 1.4, away),
        "brow": on * step(eye[2] + 0.1 * r[2], eye[2] + 0.5 * r[2], z),
    }


def _body(colours: Palette, place: Place, saddle: tuple[float, float], pale: tuple[float, float]) -> F64:
    """Countershading of trunk, neck, legs and tail: dark back over a coloured side over a pale belly."""
    h = place.height + 0.10 * place.noise + 0.04 * place.fine
    trunk = mix(mix(colours.belly, colours.side, step(*pale, h)), colours.back, step(*saddle, h))
    legs = (place.share["leg"] + place.share["paw"]).astype(float)
    low = legs * step(0.12, -0.18, place.height + 0.05 * place.noise)
    painted = mix(trunk, colours.legs, low)
    return mix(painted, 0.75 * colours.side + 0.25 * colours.back, place.share["tail"].astype(float))


def _wolf(species: Species, colours: Palette, place: Place) -> F64:
    painted = _body(colours, place, (0.52, 0.95), (0.02, 0.42))
    neck = place.share["neck"].astype(float)
    throat = neck * step(0.2, -0.5, place.normals[:, 2] - 0.4 * place.normals[:, 1])
    painted = mix(painted, colours.belly, 0.8 * throat)
    grizzle = step(0.1, 0.9, place.fine + 0.4 * place.noise) * step(0.25, 0.8, place.height)
    painted = mix(painted, colours.mark, 0.45 * grizzle * (1 - place.share["leg"]))
    face = _face(species, place)
    painted = mix(painted, 0.85 * colours.side + 0.15 * colours.face, face["on"])
    painted = mix(painted, colours.back, 0.8 * face["brow"])
    painted = mix(painted, colours.face, np.maximum(face["cheeks"], 0.85 * face["muzzle"]))
    painted = mix(painted, 0.45 * colours.side + 0.55 * colours.back, 0.95 * face["bridge"])
    painted = mix(painted, colours.face, 0.55 * face["eyes"])
    tail = place.share["tail"].astype(float)
    above = step(-0.3, 0.6, -place.normals[:, 1] * 0.9 + place.normals[:, 2] * 0.5)
    painted = mix(painted, mix(colours.side, colours.back, above), tail)
    return mix(painted, colours.mark, tail * step(0.72, 0.95, place.along_tail + 0.05 * place.fine))


def _stripes(place: Place, spacing: float, sharp: float = 0.35) -> F64:
    """Broken bars across the trunk and rings round legs and tail: (N,) 0 to 1."""
    y, z = place.points[:, 1], place.points[:, 2]
    warp = 0.55 * wobble(place.points, spacing * 5.0, "bend") + 0.25 * wobble(place.points, spacing * 1.8, "break")
    trunk = np.sin(2 * np.pi * (y + 0.25 * z) / spacing + 2.2 * warp) + 0.30 * wobble(
        place.points, spacing * 2.6, "gaps"
    )
    rings = np.sin(2 * np.pi * z / (spacing * 0.85) + 1.1 * warp)
    tail = np.sin(2 * np.pi * place.along_tail * 6.5)
    legs = (place.share["leg"] + place.share["paw"]).astype(float) * step(0.25, 0.0, place.height)
    bars = trunk * (1 - legs) + rings * legs
    bars = bars * (1 - place.share["tail"]) + tail * place.share["tail"]
    return step(0.5 - sharp, 0.5 + sharp, bars)


def _striped(species: Species, colours: Palette, place: Place) -> F64:
    """Tabby and tiger: stripes on the back and sides, fading to the belly; bars on the brow and cheeks."""
    tiger = species.coat.pattern == "tiger"
    spacing = 0.125 * species.scale if tiger else 0.150 * species.scale
    painted = _body(colours, place, (0.75, 1.05), (0.05, 0.35))
    trunk = 1.0 - step(0.05, 0.55, place.share["head"] + place.share["muzzle"] + place.share["jaw"])
    strength = trunk * (0.30 + 0.70 * step(0.05, 0.35, place.height)) * (0.95 if tiger else 0.78)
    low = (place.share["leg"]).astype(float) * step(0.2, 0.0, place.height)
    painted = mix(
        painted,
        colours.mark,
        np.maximum(strength * (1 - low), (0.7 if tiger else 0.5) * low * trunk) * _stripes(place, spacing),
    )
    painted = mix(
        painted,
        colours.mark,
        (0.0 if tiger else 0.75) * trunk * step(0.93, 1.03, place.height) * place.share["torso"],
    )
    paws = place.share["paw"].astype(float)
    painted = mix(painted, colours.face, 0.9 * step(0.3, 0.7, paws) * (0.5 if tiger else 1.0))
    bib = (
        place.share["neck"]
        * step(-0.05, -0.55, place.normals[:, 2] - 0.5 * place.normals[:, 1])
        * step(0.0, 0.4, place.normals[:, 1])
    )
    painted = mix(painted, colours.face, 0.9 * bib.astype(float))
    return _striped_face(species, colours, place, painted)


def _striped_face(species: Species, colours: Palette, place: Place, painted: F64) -> F64:
    face = _face(species, place)
    x, y, z = (place.head / species.head.skull[1][0]).T
    painted = mix(painted, colours.side, face["on"])
    painted = mix(painted, colours.face, face["muzzle"] * step(0.62, 0.3, face["bridge"]))
    painted = mix(painted, colours.face, (0.85 if species.coat.pattern == "tiger" else 0.40) * face["eyes"])
    brow = face["brow"] * step(0.15, 0.6, np.sin(np.abs(x) * 15.0 + 0.7 + 1.5 * (1.2 - z)))
    eye = np.array(species.eye.at) / species.head.skull[1][0]
    line = z - eye[2] + 0.42 * (eye[1] - y)
    cheek = (
        face["on"]
        * step(eye[0] * 1.12, eye[0] * 1.4, np.abs(x))
        * step(0.35, 0.8, np.cos(line * 10.0))
        * step(0.75, 0.35, np.abs(line))
    )
    painted = mix(painted, colours.mark, 0.85 * np.maximum(brow, cheek))
    chin = place.share["jaw"].astype(float) + face["on"] * step(-0.30, -0.65, z)
    return mix(painted, colours.face, np.clip(chin, 0, 1))


def _shiba(species: Species, colours: Palette, place: Place) -> F64:
    """Red over cream: cheeks, muzzle, chest, belly, inner legs and the tail's underside are pale."""
    painted = _body(colours, place, (0.7, 1.1), (0.08, 0.40))
    neck = place.share["neck"].astype(float)
    chest = step(0.25, 0.75, place.normals[:, 1] - 0.5 * place.normals[:, 2])
    painted = mix(
        painted, colours.belly, np.clip(neck + place.share["torso"], 0, 1) * chest * step(1.15, 0.75, place.height)
    )
    face = _face(species, place)
    painted = mix(painted, colours.side, face["on"])
    painted = mix(
        painted, colours.face, np.clip(1.05 * face["cheeks"] + face["muzzle"] * (1 - 0.9 * face["bridge"]), 0, 1)
    )
    x = np.abs(place.head[:, 0])
    eye = species.eye
    spot = np.exp(
        -(((x - eye.at[0] * 0.8) / 0.012) ** 2) - ((place.head[:, 2] - eye.at[2] - 2.0 * eye.radius) / 0.009) ** 2
    )
    painted = mix(painted, colours.face, 0.9 * spot * face["on"])
    inner = place.share["leg"] * step(-0.1, 0.7, -place.normals[:, 0] * np.sign(place.points[:, 0]))
    painted = mix(painted, colours.belly, 0.8 * inner.astype(float))
    tail = place.share["tail"].astype(float)
    return mix(painted, mix(colours.side, colours.belly, step(-0.2, 0.5, -place.normals[:, 2])), tail)


def _fox(species: Species, colours: Palette, place: Place) -> F64:
    """Red with a white bib, black stockings and a white-tipped brush."""
    painted = _shiba(species, colours, place)
    legs = (place.share["leg"] + place.share["paw"]).astype(float) * step(
        -0.05, -0.45, place.height + 0.05 * place.noise
    )
    painted = mix(painted, colours.mark, legs)
    tail = place.share["tail"].astype(float)
    painted = mix(painted, colours.side, tail)
    return mix(painted, colours.belly, tail * step(0.78, 0.9, place.along_tail + 0.03 * place.fine))


def crest(place: Place) -> F64:
    """Share (N,) of the neck's upper edge, where a mane grows."""
    return place.share["neck"] * step(0.45, 0.72, place.normals[:, 2] - 0.5 * place.normals[:, 1])


def _plain(species: Species, colours: Palette, place: Place) -> F64:
    """One colour shaded from back to belly, with legs and muzzle of their own, mane and tail of one dark."""
    painted = _body(colours, place, (0.6, 1.1), (-0.1, 0.3))
    face = _face(species, place)
    painted = mix(mix(painted, colours.side, face["on"]), colours.face, 0.8 * face["muzzle"])
    if species.coat.mane:
        painted = mix(painted, colours.mark, np.maximum(crest(place), place.share["tail"].astype(float)))
    return painted


PATTERNS: dict[str, Callable[[Species, Palette, Place], F64]] = {
    "wolf": _wolf,
    "tabby": _striped,
    "tiger": _striped,
    "shiba": _shiba,
    "fox": _fox,
    "plain": _plain,
}
