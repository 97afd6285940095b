"""What a street is dressed with for the new year: lanterns, stalls, fans, firecrackers, scraps, and what flies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F32, F64, Mesh, Particles
from kinema.schema.storyboard import Place
from kinema.stage.chance import chance
from kinema.stage.sets.assembly import Assembly, Frame
from kinema.stage.sets.facades import corners_of
from kinema.stage.sets.festival_kit import SILK, Fair
from kinema.stage.sets.lanterns import hang, skin_area
from kinema.stage.sets.street_furniture import sagging
from kinema.stage.sets.street_style import pick
from kinema.stage.sets.weather import weather_particles
from kinema.stage.sets.workshop import at_power, lamp

# radiance of fireworks by burst: gold, rose, jade, ice
FIREWORKS = ((1.0, 0.55, 0.16), (1.0, 0.16, 0.3), (0.25, 1.0, 0.5), (0.45, 0.7, 1.0))
BURST_EVERY, SPARKS = 1.6, 90  # seconds from one burst to the next; each lasts for two of these
DARK = 0.9  # share of the night's light from which fireworks are lit
CONFETTI = ((0.75, 0.03, 0.02), (0.85, 0.5, 0.06), (0.85, 0.2, 0.25), (0.8, 0.75, 0.65), (0.7, 0.1, 0.02))


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
    for side in (-0.5, 0.5):
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
    fair.alone.append(lamp(frame, (0.0, 0.0, 2.75), at_power(SILK, fair.power), 0.6, 0.3))


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


@dataclass(frozen=True, eq=False)
class Air:
    """What drifts over the street: confetti falling and embers rising, each a fixed path repeated in time."""

    place: Place
    seed: int
    half: float
    length: float
    power: float

    def at(self, time: float, eye: F64) -> tuple[Particles, ...]:
        """Confetti, embers, fireworks far off when it is dark enough, and the weather around the eye."""
        seen = self.power >= DARK and self.place.weather in ("clear", "cloudy")
        bursts = (self._fireworks(time),) if seen else ()
        falling = weather_particles(self.place, time, eye, self.seed)
        return self._confetti(time), self._embers(time), *bursts, *falling

    def _fireworks(self, time: float) -> Particles:
        """Bursts over the roofs beyond either end, one after another: sparks that slow down, sink and go out."""
        newest = int(np.floor(time / BURST_EVERY))
        bursts = [self._burst(number, time - number * BURST_EVERY) for number in (newest - 1, newest)]
        places, speeds, emission = (np.concatenate(parts) for parts in zip(*bursts, strict=True))
        count = len(places)
        return Particles(
            "spark", places.astype(np.float32), speeds.astype(np.float32), np.full(count, 0.34, np.float32),
            np.zeros((count, 3), np.float32), np.ones(count, np.float32), emission.astype(np.float32),
        )  # fmt: skip

    def _burst(self, number: int, age: float) -> tuple[F64, F64, F64]:
        """Places, velocities and light (N, 3) of one burst at an age in seconds, less than two BURST_EVERY."""
        rng = chance(self.seed, f"burst {number}", "firework")
        end = 1.0 if number % 2 else -1.0
        middle = np.array([rng.uniform(-48.0, 48.0), end * rng.uniform(150.0, 190.0), rng.uniform(52.0, 78.0)])
        ways = rng.normal(0.0, 1.0, (SPARKS, 3))
        ways *= rng.uniform(0.86, 1.0, (SPARKS, 1)) / np.linalg.norm(ways, axis=1, keepdims=True)
        reach, slowing = rng.uniform(13.0, 19.0), 1.7
        gone, sinking = 1.0 - np.exp(-slowing * age), np.array([0.0, 0.0, -1.6])
        places = middle + ways * reach * gone + sinking * age**2
        speeds = ways * reach * slowing * (1.0 - gone) + 2.0 * sinking * age
        colour = np.array(FIREWORKS[int(rng.integers(len(FIREWORKS)))])
        dying = max(0.0, 1.0 - age / (1.9 * BURST_EVERY)) ** 1.6
        glitter = 0.6 + 0.4 * np.sin(17.0 * age + rng.uniform(0.0, 6.3, (SPARKS, 1)))
        return places, speeds, (12.0 * dying * glitter + 40.0 * np.exp(-9.0 * age)) * colour

    def _confetti(self, time: float) -> Particles:
        count, top = 900, 8.5
        rng = chance(self.seed, "confetti", "start")
        start = rng.random((count, 3)) * (2.0 * self.half, 2.0 * self.length, top)
        fall, phase = rng.uniform(0.45, 0.9, count), rng.uniform(0, 2 * np.pi, (count, 2))
        swing = rng.uniform(0.15, 0.45, count)
        z = (start[:, 2] - fall * time) % top
        x = start[:, 0] - self.half + swing * np.sin(1.9 * time + phase[:, 0])
        y = start[:, 1] - self.length + swing * np.cos(1.5 * time + phase[:, 1])
        speed = [1.9 * swing * np.cos(1.9 * time + phase[:, 0]), -1.5 * swing * np.sin(1.5 * time + phase[:, 1]), -fall]
        colours = np.array(CONFETTI)[rng.integers(len(CONFETTI), size=count)]
        return Particles(
            "flake", _f32([x, y, z]), _f32(speed), rng.uniform(0.014, 0.028, count).astype(np.float32),
            colours.astype(np.float32), np.ones(count, np.float32), np.zeros((count, 3), np.float32),
        )  # fmt: skip

    def _embers(self, time: float) -> Particles:
        count, top = 200, 7.0
        rng = chance(self.seed, "embers", "start")
        start = rng.random((count, 3)) * (2.0, 2.0 * self.length, top)
        rise, phase = rng.uniform(0.5, 1.3, count), rng.uniform(0, 2 * np.pi, count)
        side = np.where(rng.random(count) < 0.5, -1.0, 1.0)
        age = (start[:, 2] + rise * time) % top
        x = side * (self.half - 0.4 - start[:, 0]) + 0.35 * np.sin(1.3 * age + phase) - side * 0.12 * age
        y = start[:, 1] - self.length + 0.3 * np.cos(1.1 * age + phase)
        speed = [
            rise * (0.455 * np.cos(1.3 * age + phase) - side * 0.12),
            -0.33 * rise * np.sin(1.1 * age + phase),
            rise,
        ]
        fade = np.clip(1.0 - age / top, 0.0, 1.0) * (0.6 + 0.4 * np.sin(9.0 * time + 7.0 * phase))
        emission = fade[:, None] * np.array([7.0, 2.6, 0.5]) * (0.3 + 0.7 * self.power)
        return Particles(
            "spark", _f32([x, y, age + 0.3]), _f32(speed), rng.uniform(0.006, 0.014, count).astype(np.float32),
            np.zeros((count, 3), np.float32), np.clip(fade, 0, 1).astype(np.float32), emission.astype(np.float32),
        )  # fmt: skip


def _f32(columns: list[F64]) -> F32:
    return np.stack(columns, axis=1).astype(np.float32)
