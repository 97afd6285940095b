"""What a face and a foot need beyond flesh: ears, eyes with lids, nose, tongue, teeth, whiskers and claws."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.stage.bodies.quadruped.palette import Palette
from kinema.stage.bodies.quadruped.piece import Piece, grid_faces, rigid
from kinema.stage.bodies.quadruped.skeleton import SIDES, Skeleton, pitch
from kinema.stage.bodies.quadruped.species import Species

SKIN, EYE, WET, WHISKER = 1, 2, 3, 5
SHORT = 0.055  # metres, of one the size of a wolf: whiskers up to there are bristles
JOINTS = 6  # pairs of vertices along a whisker
EAR_THICK = 0.16  # of its half width, in the middle
RIM = 0.35  # of that, towards the rim


@dataclass(frozen=True, eq=False)
class Face:
    """A builder's view of the head: what every feature needs to place itself."""

    species: Species
    skeleton: Skeleton
    palette: Palette

    def at(self, points: F64) -> F64:
        """Head space (N, 3) to the rest pose."""
        return np.asarray(self.skeleton["head"].head + self.species.scale * points @ self.skeleton.turn.T)

    def in_jaw(self, points: F64) -> F64:
        """Points (N, 3) on the shut jaw, in head space, to the rest pose with its mouth open."""
        hinge = np.array([0.0, *self.species.head.hinge])
        return self.at((points - hinge) @ pitch(-self.species.head.gape).T + hinge)

    def piece(self, points: F64, faces, colours: F64, bone: str, material: int, flip: bool = False) -> Piece:  # type: ignore[no-untyped-def]
        """A rigid piece; colours (3,) or (N, 3)."""
        colours = np.broadcast_to(colours, points.shape)
        index = self.skeleton.index[bone]
        return rigid(points.astype(np.float32), faces, colours, index, len(self.skeleton.bones), material, flip)


# A left antler about its burr, as shares of its height: main beam, then tines, each from root to tip
BEAM = ((0.0, 0.0, 0.0), (0.16, -0.16, 0.24), (0.38, -0.22, 0.52), (0.44, -0.06, 0.80), (0.34, 0.06, 1.0))
TINES = (
    ((0.03, -0.03, 0.05), (0.06, 0.18, 0.07), (0.06, 0.30, 0.20)),
    ((0.24, -0.19, 0.34), (0.30, 0.00, 0.38), (0.32, 0.08, 0.50)),
    ((0.41, -0.19, 0.62), (0.52, -0.22, 0.78), (0.54, -0.18, 0.92)),
    ((0.43, -0.08, 0.78), (0.52, 0.04, 0.90), (0.53, 0.10, 1.0)),
)
BONE = np.array([0.24, 0.17, 0.11])


def antlers(face: Face) -> Iterator[Piece]:
    """A beam and its tines either side of the crown, paler towards the tips."""
    high, (x, y, z) = face.species.antlers, face.species.ear.at
    for _, sign in SIDES:
        burr = np.array([sign * 0.55 * x, y + 0.02, z + 0.012])
        for bar, thick in ((BEAM, 0.030), *((tine, 0.017) for tine in TINES)):
            line = burr + high * np.array(bar) * np.array([sign, 1.0, 1.0])
            steps = np.linspace(0.0, len(line) - 1.0, 3 * len(line) - 2)
            curve = np.stack([np.interp(steps, np.arange(len(line)), column) for column in line.T], 1)
            along = np.gradient(curve, axis=0)
            side = np.cross(along, [0.3, 1.0, 0.2])
            side /= np.linalg.norm(side, axis=1, keepdims=True)
            other = np.cross(along / np.linalg.norm(along, axis=1, keepdims=True), side)
            phi = np.linspace(0, 2 * np.pi, 6, endpoint=False)[None, :, None]
            share = np.linspace(0.0, 1.0, len(curve))[:, None, None]
            ring = high * thick * (1.0 - 0.85 * share**2) * (np.cos(phi) * side[:, None] + np.sin(phi) * other[:, None])
            colours = BONE * (0.8 + 1.1 * share) + 0 * ring
            yield face.piece(
                face.at((curve[:, None] + ring).reshape(-1, 3)), grid_faces(len(curve), 6, wrap=True),
                colours.reshape(-1, 3), "head", SKIN,
            )  # fmt: skip


def features(face: Face, hero: bool) -> list[Piece]:
    """Every feature of a head and its feet; far bodies do without teeth, whiskers and claws."""
    pieces = [*_ears(face, hero), *_eyes(face, hero), _nose(face), _tongue(face)]
    if face.species.antlers:
        pieces += antlers(face)
    if hero:
        pieces += [*_teeth(face), *_whiskers(face), *_claws(face)]
    return pieces


def eye_frame(species: Species, sign: float) -> F64:
    """Rows: corner axis (inner to outer on the right), forward, up of an eye, in head space."""
    eye = species.eye
    turn, rise, roll = np.radians(eye.turn), np.radians(eye.rise), np.radians(eye.slant)
    forward = np.array([sign * np.sin(turn) * np.cos(rise), np.cos(turn) * np.cos(rise), np.sin(rise)])
    corner = np.cross(forward, [0.0, 0.0, 1.0])
    corner /= np.linalg.norm(corner)
    up = np.cross(corner, forward)
    # A slant lifts the outer corner: outward is +corner on the right and -corner on the left.
    tilted = np.cos(roll) * corner + sign * np.sin(roll) * up
    return np.stack([tilted, forward, np.cross(tilted, forward)])


def _ears(face: Face, hero: bool) -> Iterator[Piece]:
    """Each ear one closed shell, back and inside sharing a rounded rim, its rows closer together towards the tip."""
    ear, (rows, columns) = face.species.ear, (8, 9) if hero else (5, 6)
    v = -0.22 + 1.22 * np.sin(np.linspace(0.0, np.pi / 2, rows))[:, None]
    u = np.sin(np.linspace(-np.pi / 2, np.pi / 2, columns))[None, :]  # closer together towards the rim
    t = np.clip(v, 0.0, 1.0)
    width = (
        ear.width
        * (1.0 + 1.6 * np.minimum(v, 0.0))
        * ((1 - ear.round) * (1 - t**1.45) + ear.round * np.sqrt(1 - t**2) + 0.02)
    )
    ahead = ear.cup * width * (u**2 - 0.75) - 0.012 * np.sin(np.pi * t) * (1 - u**2)
    thick = (RIM + (1 - RIM) * np.sqrt(1 - u**2)) * (1 - 0.7 * t**3) * EAR_THICK * ear.width * (np.abs(u) < 1)
    for side, sign in SIDES:
        across, front, up = _ear_axes(face.species, sign)
        base = np.array([sign * ear.at[0], ear.at[1], ear.at[2]])
        leaf = base + v[..., None] * ear.height * up + (u * width)[..., None] * across + ahead[..., None] * front
        inner = leaf + thick[..., None] * front
        shell = np.concatenate([leaf, inner[:, -2:0:-1]], axis=1)  # (rows, 2 * columns - 2, 3)
        outside, inside = _ear_colours(face.palette, u, t)
        colours = np.concatenate([outside, inside[:, -2:0:-1]], axis=1)
        faces = grid_faces(rows, shell.shape[1], wrap=True)
        yield face.piece(face.at(shell.reshape(-1, 3)), faces, colours.reshape(-1, 3), f"ear_{side}", SKIN)


def _ear_axes(species: Species, sign: float) -> tuple[F64, F64, F64]:
    """Unit directions (3,) across an ear, out of its opening, and to its tip, in head space."""
    spread, lean, turn = (np.radians(a) for a in (species.ear.spread, species.ear.lean, species.ear.turn))
    up = np.array([sign * np.sin(spread), np.sin(lean), np.cos(spread)])
    up /= np.linalg.norm(up)
    front = np.array([sign * np.sin(turn), np.cos(turn), 0.0])
    front -= (front @ up) * up
    front /= np.linalg.norm(front)
    return np.cross(front, up), front, up


def _ear_colours(palette: Palette, u: F64, t: F64) -> tuple[F64, F64]:
    """Back and inside (R, C, 3) of an ear, both fading into one fur at the rim."""
    edge = np.clip((np.abs(u) - 0.6) * 2.5 + (t - 0.7) * 2, 0, 1)[..., None]
    back = palette.ear_back * (1 - 0.6 * edge) + palette.mark * 0.6 * edge
    pit = np.clip((1 - np.abs(u) * 1.15) * (1 - t * 0.8) * 1.6, 0, 1)[..., None]
    shade = palette.inner_ear * (0.45 + 0.55 * (1 - pit)) * pit + palette.face * 0.85 * (1 - pit)
    rim = np.clip((np.abs(u) - 0.80) / 0.20, 0, 1)[..., None] + 0 * edge
    return back, shade * (1 - rim) + back * rim


def _ball(frame: F64, angles: F64, around: int, radius: float) -> F64:
    """Rings (R, A, 3) at polar angles (R, A) or (R,) around the frame's forward axis."""
    phi = np.linspace(0, 2 * np.pi, around, endpoint=False)
    theta = np.broadcast_to(angles if angles.ndim == 2 else angles[:, None], (len(angles), around))
    local = np.stack([np.sin(theta) * np.cos(phi), np.cos(theta), np.sin(theta) * np.sin(phi)], -1)
    return np.asarray(radius * local @ frame)


def _eyes(face: Face, hero: bool) -> Iterator[Piece]:
    eye, around = face.species.eye, 16 if hero else 8
    phi = np.linspace(0, 2 * np.pi, around, endpoint=False)
    iris = np.radians(58)
    narrow = {"round": 1.0, "wide": 1.0, "slit": 0.44}[eye.pupil]
    pupil = iris * eye.pupil_size / np.hypot(np.cos(phi) / narrow, np.sin(phi))
    pupil = pupil if eye.pupil != "slit" else np.minimum(pupil * 1.55, iris * 0.9)
    rings = [0 * phi + 0.001, pupil * 0.97, pupil * 1.06, (pupil + iris) / 2, 0 * phi + iris * 0.86, 0 * phi + iris]
    rings += [0 * phi + iris * 1.05, 0 * phi + 1.4, 0 * phi + 2.0]
    palette = face.palette
    black, white = np.full(3, 0.006), np.full(3, 0.10)  # hardly any white shows in an animal's eye
    shades = [
        black,
        black,
        palette.iris * 0.75,
        palette.iris,
        palette.iris * 0.7,
        palette.iris * 0.25,
        black * 3,
        white * 0.4,
        white * 0.2,
    ]
    colours = np.repeat(np.stack(shades)[:, None], around, 1).reshape(-1, 3)
    for side, sign in SIDES:
        centre = np.array([sign * eye.at[0], eye.at[1], eye.at[2]])
        frame = eye_frame(face.species, sign)
        ball = centre + _ball(frame, np.stack(rings), around, eye.radius)
        faces = grid_faces(len(rings), around, wrap=True)
        yield face.piece(face.at(ball.reshape(-1, 3)), faces, colours, "head", EYE)
        if hero:
            yield _catchlight(face, centre, eye.radius)
        yield from _lids(face, side, centre, frame)


def _catchlight(face: Face, centre: F64, radius: float) -> Piece:
    """A small window of sky painted on the eye, above its middle: eyes without one look dead in flat light."""
    forward = np.array([0.30 * np.sign(centre[0]) + 0.12, 0.90, 0.24])
    forward /= np.linalg.norm(forward)
    corner = np.cross(forward, [0.0, 0.0, 1.0])
    corner /= np.linalg.norm(corner)
    frame = np.stack([corner, forward, np.cross(corner, forward)])
    spot = centre + _ball(frame, np.array([0.001, 0.13]), 10, radius * 1.02)
    return face.piece(face.at(spot.reshape(-1, 3)), grid_faces(2, 10, wrap=True), np.full(3, 0.9), "head", EYE)


def _lids(face: Face, side: str, centre: F64, frame: F64) -> Iterator[Piece]:
    """Two caps around the corner axis; the upper one rides the lid bone and swings down to shut, so it goes on far
    behind the brow: what shuts must still reach up there."""
    eye, palette = face.species.eye, face.palette
    psi = np.radians(np.linspace(-88, 88, 9))[None, :]
    upper = np.radians(np.array([eye.open * 0.62, eye.open * 0.62 + 5, eye.open * 0.62 + 20, 75, 115, 165]))[:, None]
    lower = np.radians(np.array([-eye.open * 0.72, -eye.open * 0.72 - 4, -eye.open * 0.72 - 18, -80, -115]))[:, None]
    for theta, bone, flip in ((upper, f"lid_{side}", False), (lower, "head", True)):
        swell = np.array([1.03, 1.07, 1.09, 1.08, 1.07, 1.05])[: len(theta), None]
        local = np.stack([np.sin(psi) + 0 * theta, np.cos(psi) * np.cos(theta), np.cos(psi) * np.sin(theta)], -1)
        points = centre + eye.radius * swell[..., None] * (local @ frame)
        shade = np.stack([palette.rim, palette.rim, palette.lid * 0.8, *[palette.lid] * (len(theta) - 3)])
        colours = np.repeat(shade[:, None], psi.shape[1], 1)
        faces = grid_faces(len(theta), psi.shape[1])
        yield face.piece(face.at(points.reshape(-1, 3)), faces, colours.reshape(-1, 3), bone, SKIN, flip)


def _nose(face: Face) -> Piece:
    """A rounded wedge over the muzzle's end with two nostrils sunk into it."""
    head = face.species.head
    wide, long, high = head.nose
    ball = _ball(np.eye(3), np.linspace(0.001, 2.3, 9), 16, 1.0).reshape(-1, 3)
    x, y, z = ball.T
    taper = 0.78 + 0.22 * np.clip(z + 0.4, 0, 1)
    points = np.stack([wide * x * taper, long * y * (1 - 0.12 * np.clip(-z, 0, 1)), high * z], -1)
    pit = np.exp(-(((np.abs(x) - 0.52) / 0.20) ** 2) - ((z + 0.12 - 0.25 * (np.abs(x) - 0.5)) / 0.17) ** 2) * (y > 0.2)
    cleft = np.exp(-((x / 0.06) ** 2)) * (z < 0.15) * (y > 0)
    points[:, 1] -= long * (0.45 * pit + 0.10 * cleft)
    tip_y, tip_z, radius, _ = head.muzzle[1]
    end = np.array([0.0, tip_y + 0.92 * radius - 0.55 * long, tip_z + 0.36 * radius])
    colours = face.palette.nose * (1 - 0.9 * np.clip(pit + 0.5 * cleft, 0, 1))[:, None]
    return face.piece(face.at(points + end), grid_faces(9, 16, wrap=True), colours, "head", WET)


def _tongue(face: Face) -> Piece:
    y0, z0, high, wide = face.species.head.jaw[0]
    y1, z1, tip_high, tip_wide = face.species.head.jaw[1]
    along = np.linspace(0.0, 1.0, 8)[:, None]
    phi = np.linspace(0, 2 * np.pi, 12, endpoint=False)[None, :]
    breadth = 0.62 * (wide + (tip_wide * 0.9 - wide) * along) * np.sqrt(np.clip(1 - along**4, 0.0, 1))
    y = y0 + (y1 - y0) * 0.88 * along + 0 * phi
    middle = z0 + high * 0.75 + (z1 + tip_high * 0.9 - z0 - high * 0.75) * along
    groove = -0.25 * np.exp(-((np.cos(phi) / 0.25) ** 2)) * (np.sin(phi) > 0)
    points = np.stack([breadth * np.cos(phi), y, middle + 0.30 * breadth * (np.sin(phi) + groove)], -1)
    colours = np.array([0.42, 0.13, 0.13]) * (0.55 + 0.45 * along[..., None]) + 0 * points
    points = face.in_jaw(points.reshape(-1, 3))
    return face.piece(points, grid_faces(8, 12, wrap=True), colours.reshape(-1, 3), "jaw", WET, flip=True)


def _spike(base: F64, tip: F64, radius: float) -> F64:
    """A curved-in cone (3, 5, 3) from base to tip."""
    axis = tip - base
    side = np.cross(axis, [1.0, 0.31, 0.17])
    side /= np.linalg.norm(side)
    other = np.cross(axis, side) / np.linalg.norm(axis)
    phi = np.linspace(0, 2 * np.pi, 5, endpoint=False)[None, :, None]
    t = np.array([0.0, 0.6, 1.0])[:, None, None]
    return np.asarray(
        base
        + axis * t
        + radius * np.array([1.0, 0.7, 0.03])[:, None, None] * (np.cos(phi) * side + np.sin(phi) * other)
    )


def _teeth(face: Face) -> Iterator[Piece]:
    """Canines and a few smaller teeth behind and between them, above and below."""
    head, ivory = face.species.head, np.array([0.78, 0.72, 0.58])
    if face.species.temper == "ungulate":  # no fangs
        return
    y0, z0, high0, wide0 = head.muzzle[0]
    y1, z1, high, wide = head.muzzle[1]
    size = high * 0.38
    faces = grid_faces(3, 5, wrap=True)
    back = (y1 - y0) * 0.22
    row = [(0.56, 0.10, 1.0), (0.38, 0.62 * high / max(back, 1e-6), 0.35), (0.14, 0.72 * high / max(back, 1e-6), 0.30)]
    row += [(0.74, -0.9, 0.42), (0.80, -1.7, 0.45), (0.84, -2.4, 0.5)]
    for sign in (-1.0, 1.0):
        for out, ahead, tall in row:
            x, y = sign * wide * out, y1 + back * ahead
            t = np.clip((y1 - y) / (y1 - y0), 0.0, 1.0)
            x *= 1 + t * (wide0 / wide - 1)
            gum = z1 + (z0 - z1) * t - (high + (high0 - high) * t) * 0.50
            top = np.array([x, y, gum])
            points = _spike(top, top + np.array([0.0, 0.08 * size, -size * tall]), size * 0.30 * max(tall, 0.5))
            yield face.piece(face.at(points.reshape(-1, 3)), faces, ivory, "head", WET, flip=True)
    jy, jz, jhigh, jwide = head.jaw[1]
    for sign in (-1.0, 1.0):
        base = np.array([sign * jwide * 0.50, jy - jhigh * 0.1, jz + jhigh * 0.5])
        points = _spike(base, base + np.array([0.0, 0.15 * size, size * 0.75]), size * 0.26)
        yield face.piece(face.in_jaw(points.reshape(-1, 3)), faces, ivory, "jaw", WET, flip=True)


def _whiskers(face: Face) -> Iterator[Piece]:
    head, length = face.species.head, face.species.whiskers
    y1, z1, high, wide = head.muzzle[1]
    t = np.linspace(0, 1, JOINTS)[:, None]
    shade = face.palette.whisker if length > SHORT else face.palette.rim  # dogs have dark bristles
    for sign in (-1.0, 1.0):
        for k in range(9 if length > 0 else 0):
            row, column = k % 3, k // 3
            root = np.array(
                [sign * wide * (0.80 + 0.1 * column), y1 - wide * 0.28 * column, z1 + high * (0.12 - 0.28 * row)]
            )
            out = np.array([sign * 1.0, 0.35 - 0.38 * column, 0.24 - 0.22 * row])
            reach = length * (0.72 + 0.14 * column)
            line = root + out / np.linalg.norm(out) * reach * t + np.array([0, -0.22, -0.20]) * reach * t**2
            thin = 0.0005 * (1 - 0.85 * t) * np.array([0.0, 0.35, 1.0])
            points = np.stack([line - thin, line + thin], 1).reshape(-1, 3)
            yield face.piece(face.at(points), grid_faces(JOINTS, 2), shade, "head", WHISKER, flip=sign > 0)


def _claws(face: Face) -> Iterator[Piece]:
    species = face.species
    if species.hooves or species.whiskers > SHORT:  # hooves have none, cats sheathe theirs
        return
    for which, leg in (("fore", species.fore), ("hind", species.hind)):
        for side, sign in SIDES:
            y, _ = leg.joints[4]
            radius = leg.radii[4]
            for spread in (-0.72, -0.25, 0.25, 0.72):
                ahead = y + radius * (0.42 - 0.30 * (abs(spread) > 0.5))
                base = np.array([sign * leg.x + spread * radius * 1.05, ahead, radius * 0.48])
                spike = _spike(base, base + np.array([0.0, 0.30, -0.42]) * radius, radius * 0.14) * species.scale
                bone = f"{which}_paw_{side}"
                yield face.piece(
                    spike.reshape(-1, 3), grid_faces(3, 5, wrap=True), np.full(3, 0.03), bone, WET, flip=True
                )
