"""What is worn on the head: glasses and hats."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
from scipy.ndimage import gaussian_filter

from kinema.buffers.scene_frame import F64, Colour, Material, Texture
from kinema.stage.bodies.people.body import Body, archive, body_count, site
from kinema.stage.bodies.people.fabric import fabric
from kinema.stage.bodies.people.piece import Piece, rigid
from kinema.stage.bodies.people.skinning import smooth_normals
from kinema.stage.bodies.people.tailoring import grid_piece
from kinema.stage.chance import chance
from kinema.stage.colours import encoded

# places on the unmorphed base mesh
NOSE_BRIDGE = (0.0, 0.1500, 0.7250)
EAR_TOP = (0.0790, 0.0330, 0.7330)
BULGE = 0.34  # slope of a dark lens at its rim, so that it mirrors what is to the sides


def tube_about(curve: F64, radius: float | F64, columns: int = 8) -> F64:
    """A round tube (R, C + 1, 3) about a curve (R, 3); radius in metres, one or one per row."""
    tangent = np.gradient(curve, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    # one helper for the whole of it, along which it runs least, so that the tube is never wrung
    helper = np.eye(3)[[int(np.argmin(np.abs(tangent).max(0)))]]
    side = np.cross(tangent, helper)
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    upward = np.cross(side, tangent)
    phi = np.linspace(0, 2 * np.pi, columns + 1)
    r = np.broadcast_to(np.asarray(radius, np.float64), (len(curve),))[:, None, None]
    return np.asarray(
        curve[:, None] + r * (side[:, None] * np.cos(phi)[:, None] + upward[:, None] * np.sin(phi)[:, None])
    )


def solid(name: str, grid: F64, joint: str, material: Material) -> Piece:
    """A grid of points as a piece that follows one joint."""
    piece = grid_piece(name, grid, rigid(joint, grid.shape[0] * grid.shape[1]), material)
    a, b, c = (piece.points[piece.faces[:, k]] - piece.points.mean(0) for k in range(3))
    if (a * np.cross(b, c)).sum() < 0:  # inside out
        piece = replace(piece, faces=np.ascontiguousarray(piece.faces[:, ::-1]))
    return piece


def glasses(body: Body, frame: Colour, dark: bool) -> list[Piece]:
    """Two lenses in a frame, resting on the nose and hooked over the ears."""
    metal = Material("glasses-frame", albedo=frame, roughness=0.22)
    lens = (
        Material("sunglass-lens", albedo=(0.55, 0.52, 0.50), roughness=0.13, metallic=1.0, texture=lens_texture())
        if dark
        else Material("lens", albedo=(0.02, 0.02, 0.02), roughness=0.03, opacity=0.12)
    )
    eyes = {side: body.landmarks[f"eye_{side}"] for side in ("left", "right")}
    bridge = site(body, NOSE_BRIDGE)
    half_width, half_height = (0.0275, 0.0212) if dark else (0.0255, 0.0205)
    pieces = []
    hinges = []
    drop = 0.003 if dark else 0.001
    front = _wrap(body, half_height, drop)
    for side, out in (("left", -1.0), ("right", 1.0)):
        middle = np.array([out * (abs(eyes[side][0]) + 0.0035), 0.0, eyes[side][2] - drop])
        phi = np.linspace(0, 2 * np.pi, 33)
        outline = _lens_outline(phi, half_width, half_height, out)
        rings = [outline * k for k in (0.001, 0.5, 1.0)]
        grid = np.stack([_on_wrap(middle, ring, front) for ring in rings])
        if dark:
            piece = solid("lens", grid, "head", lens)
            lean = np.gradient(front[1], front[0])
            slope = np.interp(np.abs(piece.points[:, 0]), front[0], lean) * np.sign(piece.points[:, 0])
            spread = (piece.points[:, [0, 2]] - middle[[0, 2]]) / (half_width, half_height)  # -1 to 1 over the lens
            bulge = BULGE * spread
            facing = np.stack([bulge[:, 0] - slope, np.ones_like(slope), bulge[:, 1] - 0.10], 1)
            facing /= np.linalg.norm(facing, axis=1, keepdims=True)
            uv = (0.5 + 0.46 * spread + (out * 0.03, 0.0)).astype(np.float32)  # each eye's side sees a little more
            pieces.append(_facing_ahead(replace(piece, normals=facing.astype(np.float32), uv=uv)))
        rim = _on_wrap(middle, outline, front)
        pieces.append(solid("rim", tube_about(rim, 0.0019 if dark else 0.0011), "head", metal))
        corner = _on_wrap(middle, np.array([[out * half_width * 0.99, half_height * 0.45]]), front)[0]
        hinges.append(corner)
        inner = _on_wrap(middle, np.array([[-out * half_width * 0.96, half_height * 0.25]]), front)[0]
        ear = site(body, (out * EAR_TOP[0], EAR_TOP[1], EAR_TOP[2]))
        pieces.append(solid("temple", _temple(corner, ear, out, 0.0022 if dark else 0.0014), "head", metal))
        pieces.append(solid("bridge", tube_about(_bridge(inner, bridge), 0.0019 if dark else 0.0012), "head", metal))
    return pieces


@cache
def lens_texture() -> Texture:
    """How much a coated lens mirrors: dark above and below, and between them a horizon with tall bright things.

    What is bright there takes its light from the scene, so a street at night and a beach both look mirrored.
    """
    size = 256
    lot = chance(0, "lens", "reflection")
    up, across = np.meshgrid(np.linspace(1, -1, size), np.linspace(-1, 1, size), indexing="ij")
    bent = across * (1 + 0.22 * up**2)  # a bulging mirror draws uprights together at its rim
    level = -0.10 + 0.06 * across**2  # the horizon bends too
    image = (0.020 + 0.030 * np.clip(0.2 - up, 0, 1))[..., None] * np.array([1.0, 0.85, 0.75])
    image = image + 0.06 * np.exp(-(((up - level) / 0.12) ** 2))[..., None]
    for _ in range(15):
        at, broad = lot.uniform(-0.95, 0.95), lot.uniform(0.02, 0.09)
        high = level + lot.uniform(0.08, 0.60) * (0.35 + abs(at))
        column = np.exp(-(((bent - at) / broad) ** 2))
        inside = np.clip((up - level) / 0.05, 0, 1) * np.clip((high - up) / 0.12, 0, 1)
        tint = np.array([1.0, lot.uniform(0.45, 1.0), lot.uniform(0.3, 0.95)]) * lot.uniform(0.15, 0.75)
        # wet ground and pavements give it back, fainter
        below = np.clip((level - up) / 0.03, 0, 1) * np.clip((up - level + 0.75) / 0.6, 0, 1) ** 2
        image += (column * (inside + 0.22 * below))[..., None] * tint
    for _ in range(12):
        x, y, wide = lot.uniform(-0.8, 0.8), lot.uniform(0.05, 0.6), lot.uniform(0.025, 0.06)
        disc = np.clip((wide - np.hypot(bent - x, up - y)) / 0.02, 0, 1)
        image += disc[..., None] * np.array([1.0, lot.uniform(0.6, 1.0), lot.uniform(0.4, 1.0)]) * lot.uniform(0.2, 0.8)
    # a broad soft light above and beside whoever looks, and the sheen of the rim
    pane = np.clip(1.6 - np.abs(bent + 0.42) / 0.16, 0, 1) * np.clip(1.6 - np.abs(up - 0.52 + 0.1 * bent) / 0.14, 0, 1)
    rim = np.clip(np.hypot(across, up) - 0.80, 0, 0.3) ** 2
    image += (0.38 * pane + 1.6 * rim)[..., None] * np.array([1.0, 0.95, 0.9])
    return Texture("sunglass-lens", albedo=encoded(gaussian_filter(image, (2.2, 2.0, 0)).astype(np.float32)))


def _lens_outline(phi: F64, half_width: float, half_height: float, out: float) -> F64:
    """Right and up offsets (N, 2) of a softly squared lens, fuller below on the outside."""
    c, s = np.cos(phi), np.sin(phi)
    power = 2.6
    r = (np.abs(c) ** power + np.abs(s) ** power) ** (-1 / power)
    x, z = r * c * half_width, r * s * half_height
    x = x * (1 + 0.06 * np.sign(x * out) * np.abs(x) / half_width)
    return np.stack([x, z + 0.10 * np.abs(x) * np.sign(x * out) * (z > 0)], 1)


def _wrap(body: Body, half_height: float, drop: float) -> F64:
    """Where lenses stand: how far ahead (2, N) they are at distances from the midline, curving back round the face.

    A thumb's breadth before the eyes, or as much further as brow and cheek ask.
    """
    points = body.points[: body_count()].astype(np.float64)
    eye = body.landmarks["eye_left"]
    out, up = np.abs(points[:, 0]), points[:, 2] - (eye[2] - drop)
    x = np.linspace(0, 0.09, 19)
    ahead = eye[1] + 0.0205 - (x**2 - eye[0] ** 2) / (2 * 0.085)
    near = (np.abs(up) < half_height * 0.9) & (out > 0.017) & (out < 0.058) & (points[:, 1] > eye[1] - 0.03)
    lack = points[near, 1] + 0.002 - np.interp(out[near], x, ahead)
    return np.stack([x, ahead + max(float(lack.max()), 0.0)])


def _on_wrap(middle: F64, offsets: F64, front: F64) -> F64:
    x, z = middle[0] + offsets[:, 0], middle[2] + offsets[:, 1]
    return np.stack([x, np.interp(np.abs(x), front[0], front[1]) + 0.10 * (z - middle[2]), z], 1)


def _temple(corner: F64, ear: F64, out: float, radius: float) -> F64:
    """From the hinge back over the ear, then down behind it."""
    over = ear + np.array([out * 0.003, 0.0, 0.004])
    side = np.array([corner[0] + out * 0.004, corner[1] - 0.012, corner[2]])
    behind = over + np.array([-out * 0.002, -0.026, -0.016])
    bends = np.stack([corner, side, over * 0.5 + side * 0.5 + (out * 0.002, 0, 0), over, behind])
    t = np.linspace(0, 4, 17)
    curve = np.stack([np.interp(t, range(5), bends[:, k]) for k in range(3)], 1)
    curve[1:-1] = (curve[:-2] + 2 * curve[1:-1] + curve[2:]) / 4
    return tube_about(curve, radius, 6)


def _bridge(inner: F64, nose: F64) -> F64:
    t = np.linspace(0, 1, 7)[:, None]
    middle = np.array([0.0, max(inner[1], nose[1]) + 0.002, inner[2] + 0.002])
    return np.asarray(inner * (1 - t) + middle * t + np.array([0, 0.002, 0.002]) * np.sin(np.pi * t / 2))


def _facing_ahead(piece: Piece) -> Piece:
    normals = smooth_normals(piece.points, piece.faces)
    faces = piece.faces if normals[:, 1].mean() > 0 else np.ascontiguousarray(piece.faces[:, ::-1])
    return replace(piece, faces=faces)


def hat(body: Body, material: Material, shape: str = "felt") -> list[Piece]:
    """What is worn on the head: a felt hat with a ribbon and a brim that dips ahead, a cap with a peak, or a beanie."""
    head, middle = _hatband(body)
    radii = (head.max(0) - head.min(0))[:2] / 2 + (0.010 if shape == "felt" else 0.013)
    phi = np.linspace(0, 2 * np.pi, 49)
    ring = np.stack([np.cos(phi) * radii[0], np.sin(phi) * radii[1]], 1)
    low, profile = CROWNS[shape]
    top = body.height + 0.018
    rows = []
    for scale, height in profile:
        z = middle[2] + low + (top - middle[2] - low) * height
        pinch = 1 - (0.12 if shape == "felt" else 0.0) * height * np.clip(np.sin(phi), 0, 1) ** 2
        rows.append(
            np.column_stack([middle[:2] + ring * scale * np.stack([pinch, np.ones_like(pinch)], 1), np.full(49, z)])
        )
    crown = solid("hat", np.stack(rows)[::-1], "head", material)
    if shape == "beanie":
        return [crown]
    if shape == "cap":
        return [crown, _peak(middle, ring, material)]
    return [crown, *_brim(middle, ring, radii, material)]


# metres from the brow up to a hat's edge, and its outline from there to the top: shares of the head's width and height
CROWNS = {
    "felt": (0.0, ((1.0, 0.0), (1.0, 0.25), (0.97, 0.55), (0.92, 0.85), (0.80, 1.0), (0.5, 0.97), (0.02, 0.86))),
    "cap": (0.0, ((1.0, 0.0), (1.01, 0.3), (0.98, 0.6), (0.85, 0.9), (0.5, 1.1), (0.02, 1.16))),
    "beanie": (
        -0.014,
        ((1.03, 0.0), (1.06, 0.06), (1.06, 0.24), (1.0, 0.27), (0.99, 0.6), (0.84, 0.95), (0.5, 1.17), (0.02, 1.25)),
    ),
}


def _hatband(body: Body) -> tuple[F64, F64]:
    """The points (N, 3) of the head that a hat's edge goes round, and their middle (3,)."""
    base = archive().points[: body_count()]
    head = body.points[: body_count()][(base[:, 2] > 0.775) & (base[:, 2] < 0.785)].astype(np.float64)
    return head, (head.max(0) + head.min(0)) / 2


def _peak(middle: F64, ring: F64, material: Material) -> Piece:
    """A cap's peak: a bent tongue ahead of its edge."""
    front = ring[4:21]  # from well right of ahead to well left of it
    along = np.linspace(-1.0, 1.0, len(front))
    out = 0.075 * np.clip(1.0 - along**4, 0.0, 1.0)
    rows = []
    for share, drop in ((0.0, 0.004), (0.5, 0.002), (1.0, -0.008), (1.0, -0.012), (0.4, -0.004)):
        place = np.column_stack([front[:, 0], front[:, 1] + share * out])
        rows.append(np.column_stack([middle[:2] + place, middle[2] + drop - 0.012 * along**2 * share]))
    return solid("hat_brim", np.stack(rows)[::-1], "head", material)


def _brim(middle: F64, ring: F64, radii: F64, material: Material, brim: float = 0.055) -> list[Piece]:
    """A felt hat's brim, and the ribbon over it."""
    phi = np.linspace(0, 2 * np.pi, 49)
    rows = []
    for reach, drop in (
        (0.0, 0.004),
        (0.35, 0.003),
        (0.7, -0.001),
        (1.0, -0.004),
        (1.0, -0.007),
        (0.5, -0.003),
        (0.0, -0.002),
    ):
        out = 1 + brim * reach / radii.mean()
        dip = -0.010 * reach * np.sin(phi) + 0.006 * reach * np.cos(2 * phi)
        rows.append(np.column_stack([middle[:2] + ring * out, middle[2] + drop + dip]))
    rim = solid("hat_brim", np.stack(rows)[::-1], "head", material)
    band = np.stack([np.column_stack([middle[:2] + ring * 1.015, np.full(49, middle[2] + z)]) for z in (0.003, 0.03)])
    ribbon = solid("hat_ribbon", band[::-1], "head", fabric("silk", (0.01, 0.01, 0.01)))
    return [rim, ribbon]
