"""What a street is dressed with for the new year: lanterns, lamps, lines of flags, fans, firecrackers and scraps."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import Mesh
from kinema.stage.sets.assembly import Assembly, Frame
from kinema.stage.sets.facades import corners_of
from kinema.stage.sets.festival_kit import Fair, script
from kinema.stage.sets.lanterns import hang, skin_area
from kinema.stage.sets.street_furniture import sagging
from kinema.stage.sets.street_style import pick
from kinema.stage.sets.workshop import at_power, lamp


def lantern_string(fair: Fair, number: int, y: float, half: float, height: float) -> Mesh:
    """A cable across the street with lanterns along it; its own mesh, about the cable's ends, so that it can sway."""
    rng = fair.rng(f"string {number}", "lanterns")
    piece = Assembly(f"lantern_string_{fair.seed}_{number}")
    here = Frame()
    line = sagging((-half, 0.0, 0.0), (half, 0.0, 0.0), 0.55, 12)
    piece.tube(here, line, 0.014, fair.paints["dark"], 3)
    count = 6 if number % 2 else 5
    for k, t in enumerate(np.linspace(0.12, 0.88, count)):
        x = float(-half + 2.0 * half * t)
        z = float(np.interp(x, line[:, 0], line[:, 2]))
        skin = fair.skins[3] if rng.random() < 0.12 else fair.skins[int(rng.integers(3))]
        size = float(rng.uniform(0.95, 1.2)) * (1.15 if k == count // 2 else 1.0)
        spot = Frame((x, 0.0, z), float(rng.uniform(0.0, 2.0)))
        hang(piece, spot, skin, fair.paints["gold"], fair.paints["tassel"], size, True, 8)
    for side in (-0.35, 0.35):  # nearer the middle than their lanterns: they light the faces that look there
        fair.shine(
            Frame((side * half, y, height - 1.0)), (0.0, 0.0, 0.0), fair.glow, 0.5 * count * skin_area(1.1, True), 1.6
        )
    return piece.mesh()


def flags(fair: Fair, assembly: Assembly, y: float, half: float, height: float) -> None:
    """A line of little pennants in red and gold."""
    rng = fair.rng(f"flags {y:.1f}", "flags")
    line = sagging((-half, y, height), (half, y, height - float(rng.uniform(-0.4, 0.4))), 0.7, 24)
    assembly.tube(Frame(), line, 0.008, fair.paints["dark"], 3)
    for k in range(len(line) - 1):
        a, b = line[k] * 0.85 + line[k + 1] * 0.15, line[k] * 0.15 + line[k + 1] * 0.85
        tip = (a + b) / 2 - (0, float(rng.uniform(-0.06, 0.06)), 0.32)
        cloth = fair.paints["gold_cloth" if k % 3 == 1 else "red_cloth"]
        assembly.quads(Frame(), [[tip, (tip + b) / 2, b, a], [a, b, (tip + b) / 2, tip]], cloth)


def palace_lamp(fair: Fair, assembly: Assembly, frame: Frame) -> None:
    """A six-sided silk lamp with a little roof on a red post, 3.2 m tall: the street's own light."""
    assembly.lathe(
        frame, [(0.17, 0.0), (0.17, 0.22), (0.08, 0.3), (0.065, 2.4), (0.12, 2.46)], fair.paints["column"], 8
    )
    assembly.lathe(frame, [(0.17, 2.46), (0.23, 2.52), (0.25, 2.95), (0.22, 3.0)], fair.paints["silk"], 6)
    for turn in np.arange(6) * np.pi / 3:
        x, y = 0.245 * np.cos(turn), 0.245 * np.sin(turn)
        assembly.tube(frame, [(0.8 * x, 0.8 * y, 2.44), (x, y, 2.72), (x, y, 3.0)], 0.014, fair.paints["wood"], 3)
    assembly.lathe(frame, [(0.42, 3.02), (0.4, 3.0), (0.2, 3.14), (0.07, 3.3), (0.001, 3.42)], fair.paints["ridge"], 6)
    fair.alone.append(lamp(frame, (0.0, 0.0, 2.75), at_power(script().radiance.silk, fair.power), 1.5, 0.3))


def firecrackers(fair: Fair, assembly: Assembly, frame: Frame, tall: float = 2.6) -> None:
    """A long plait of firecrackers hanging from the frame's origin."""
    assembly.tube(frame, [(0, 0, 0), (0, 0, -tall)], 0.012, fair.paints["dark"], 3)
    pitch = np.arange(0.1, tall, 0.105)
    for k, drop in enumerate(pitch):
        for way in (-1.0, 1.0):
            turn = 0.5 * k
            tip = (way * 0.1 * np.cos(turn), way * 0.1 * np.sin(turn), -drop - 0.075)
            assembly.tube(frame, [(0.0, 0.0, -drop), tip], 0.022, fair.paints["cracker"], 3)
    assembly.lathe(frame.inner(0, 0, -0.02), [(0.1, -0.05), (0.1, 0.07), (0.001, 0.1)], fair.paints["gold"], 6)


def fan(fair: Fair, assembly: Assembly, frame: Frame, size: float, number: int) -> None:
    """A pleated paper rosette on a wall, facing the viewer."""
    turn = np.linspace(0, 2 * np.pi, 19)
    for ring, (inner, outer) in enumerate(((0.0, 0.55), (0.55, 1.0))):
        paint = fair.paints[("gold_cloth", "red_cloth")[(ring + number) % 2]]
        depth = np.where(np.arange(19) % 2, -0.05, -0.01) * size - 0.02 * (1 - ring)
        edge = [np.stack([r * size * np.cos(turn), depth, r * size * np.sin(turn)], axis=1) for r in (inner, outer)]
        quads = [(edge[0][k], edge[1][k], edge[1][k + 1], edge[0][k + 1]) for k in range(18)]
        assembly.quads(frame, np.array(quads), paint)


def scraps(fair: Fair, assembly: Assembly, half: float, length: float, count: int = 450) -> None:
    """Red paper of burnt firecrackers strewn over the paving, thicker along the sides."""
    rng = fair.rng("scraps", "paving")
    x = half * np.sign(rng.uniform(-1, 1, count)) * rng.beta(2.2, 1.3, count)
    y, turn = rng.uniform(-length, length, count), rng.uniform(0, np.pi, count)
    size = rng.uniform(0.012, 0.035, (count, 1))
    a = np.stack([np.cos(turn), np.sin(turn), 0 * turn], axis=1) * size
    b = np.stack([-np.sin(turn), np.cos(turn), 0 * turn], axis=1) * size * 0.6
    middle = np.stack([x, y, np.full(count, 0.006)], axis=1)
    corners = np.stack([middle - a - b, middle + a - b, middle + a + b, middle - a + b], axis=1)
    gold = rng.random(count) < 0.18
    assembly.quads(Frame(), corners[~gold], fair.paints["scrap"])
    assembly.quads(Frame(), corners[gold], fair.paints["gold_cloth"])


def welcome_banner(fair: Fair, assembly: Assembly, y: float, half: float, height: float) -> None:
    """Square paper cards on a line across the street, one blessing after another."""
    rng = fair.rng(f"cards {y:.1f}", "cards")
    line = sagging((-half, y, height), (half, y, height), 0.4, 10)
    assembly.tube(Frame(), line, 0.01, fair.paints["dark"], 3)
    for k in range(1, 10):
        shown, (x, _, z) = pick(rng, fair.diamonds), line[k]
        s = 0.3
        corners = [(x, y, z - 2 * s - 0.05), (x + s, y, z - s - 0.05), (x, y, z - 0.05), (x - s, y, z - s - 0.05)]
        uv = corners_of(shown.uv)
        assembly.quads(Frame(), corners, shown.material, uv)
        assembly.quads(
            Frame((0, 2 * y, 0), np.pi),
            [(-px, py, pz) for px, py, pz in (corners[0], corners[3], corners[2], corners[1])],
            shown.material,
            uv,
        )
