"""What flies over a festival street: slips of paper, embers, and fireworks beyond its ends."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kinema.buffers.scene_frame import F32, F64, Material, Mesh, Particles, Surface
from kinema.schema.storyboard import Place
from kinema.stage.chance import chance
from kinema.stage.sets.weather import weather_particles

# radiance of fireworks as they open, and that into which all of them die
FIREWORKS = ((4.2, 1.9, 0.4), (4.4, 0.5, 0.8), (0.7, 3.4, 1.5), (2.4, 0.9, 4.2), (4.6, 1.1, 0.25))
EMBER = np.array([2.6, 1.0, 0.22])
BURST_EVERY, SPARKS = 1.6, 48  # seconds from one burst to the next; each lasts for two of these
TRAIL, LAG = 6, 0.06  # pieces of a spark's trail, and the seconds from one to the next
DARK = 0.9  # share of the night's light from which fireworks are lit
SLIPS, TOP = 360, 8.5  # slips of paper in the air, up to so many metres
SLIP = np.array([0.036, 0.012])  # metres: half of a slip's length and width
CLEAR = (1.6, 3.2)  # metres from the eye between which slips come to be seen
SEEN_AWAY = 0.35  # metres over the ground and under the top within which they come and go
PAPERS = ((0.72, 0.02, 0.02), (0.9, 0.55, 0.06), (0.86, 0.16, 0.28), (0.85, 0.8, 0.7), (0.05, 0.4, 0.36))
FACE = np.array([[0, 1, 2], [0, 2, 3]])


@dataclass(frozen=True, eq=False)
class Air:
    """What drifts over the street: confetti falling and embers rising, each a fixed path repeated in time."""

    place: Place
    seed: int
    half: float
    length: float
    power: float

    def particles(self, time: float, eye: F64) -> tuple[Particles, ...]:
        """Embers, fireworks far off when it is dark enough, and the weather around the eye."""
        seen = self.power >= DARK and self.place.weather in ("clear", "cloudy")
        bursts = (self._fireworks(time),) if seen else ()
        return self._embers(time), *bursts, *weather_particles(self.place, time, eye, self.seed)

    def confetti(self, time: float, eye: F64) -> Surface:
        """Slips of paper that tumble down, each turned so that its lit side is seen."""
        rng = chance(self.seed, "confetti", "start")
        start = rng.random((SLIPS, 3)) * (2.0 * self.half, 2.0 * self.length, TOP)
        fall, phase = rng.uniform(0.45, 0.9, SLIPS), rng.uniform(0, 2 * np.pi, (SLIPS, 4))
        swing, spin = rng.uniform(0.15, 0.45, SLIPS), rng.uniform(3.0, 7.5, SLIPS)
        z = (start[:, 2] - fall * time) % TOP
        x = start[:, 0] - self.half + swing * np.sin(1.9 * time + phase[:, 0])
        y = start[:, 1] - self.length + swing * np.cos(1.5 * time + phase[:, 1])
        middle = np.stack([x, y, z], axis=1)
        yaw, roll, dip = phase[:, 2] + 0.5 * time, spin * time + phase[:, 3], 0.5 * np.sin(2.3 * time + phase[:, 0])
        along = np.stack([np.cos(yaw) * np.cos(dip), np.sin(yaw) * np.cos(dip), np.sin(dip)], axis=1)
        level = np.stack([-np.sin(yaw), np.cos(yaw), 0.0 * yaw], axis=1)
        across = np.cos(roll)[:, None] * level + np.sin(roll)[:, None] * np.cross(along, level)
        to_eye = eye - middle
        away = np.linalg.norm(to_eye, axis=1)
        across *= np.where((np.cross(along, across) * to_eye).sum(1) < 0.0, -1.0, 1.0)[:, None]
        least, most = CLEAR
        size = np.clip((away - least) / (most - least), 0.0, 1.0)
        size *= np.clip(np.minimum(z, TOP - z) / SEEN_AWAY, 0.0, 1.0)
        a, b = (way * (half * size)[:, None] for way, half in zip((along, across), SLIP, strict=True))
        corners = np.stack([middle - a - b, middle + a - b, middle + a + b, middle - a + b], axis=1)
        normals = np.repeat(np.cross(along, across), 4, axis=0)
        placed = corners.reshape(-1, 3).astype(np.float32)
        return Surface(self._slips, np.eye(4), 0, 0, placed, normals.astype(np.float32), casts_shadow=False)

    @cached_property
    def _slips(self) -> Mesh:
        """The slips' mesh, all in one place; its colours are what matters."""
        faces = (np.arange(SLIPS)[:, None, None] * 4 + FACE).reshape(-1, 3).astype(np.int32)
        lots = chance(self.seed, "confetti", "paper").integers(len(PAPERS), size=SLIPS)
        colours = np.repeat(np.array(PAPERS, np.float32)[lots], 4, axis=0)
        nowhere = np.zeros((4 * SLIPS, 3), np.float32)
        up = nowhere + np.array([0.0, 0.0, 1.0], np.float32)
        paper = Material("confetti", (1.0, 1.0, 1.0), 0.5, subsurface=0.6)
        return Mesh(f"confetti_{self.seed}", faces, nowhere, up, (paper,), colours=colours)

    def _fireworks(self, time: float) -> Particles:
        """Bursts over the roofs beyond either end, one after another: sparks that slow down, sink and go out."""
        newest = int(np.floor(time / BURST_EVERY))
        parts = [self._burst(number, time - number * BURST_EVERY) for number in (newest - 1, newest)]
        places, speeds, sizes, shown, emission = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        dark = np.zeros((len(places), 3), np.float32)
        return Particles("spark", _f32(places), _f32(speeds), _f32(sizes), dark, _f32(shown), _f32(emission))

    def _burst(self, number: int, age: float) -> tuple[F64, F64, F64, F64, F64]:
        """Places, velocities (N, 3), sizes, opacity (N,) and light (N, 3) of one burst at an age in seconds, less than
        two BURST_EVERY: every spark and its trail."""
        rng = chance(self.seed, f"burst {number}", "firework")
        aside, end = (1.0 if rng.random() < 0.5 else -1.0), (1.0 if number % 2 else -1.0)
        middle = np.array([aside * rng.uniform(11.0, 34.0), end * rng.uniform(150.0, 180.0), rng.uniform(40.0, 52.0)])
        ways = rng.normal(0.0, 1.0, (SPARKS, 3))
        ways *= rng.uniform(0.8, 1.0, (SPARKS, 1)) / np.linalg.norm(ways, axis=1, keepdims=True)
        reach, slowing, sinking = rng.uniform(9.0, 13.0), 1.7, np.array([0.0, 0.0, -rng.uniform(1.2, 2.4)])
        colour = np.array(FIREWORKS[int(rng.integers(len(FIREWORKS)))])
        lag = LAG * np.repeat(np.arange(TRAIL), SPARKS)[:, None]
        then, ways = np.maximum(age - lag, 0.0), np.tile(ways, (TRAIL, 1))
        gone = 1.0 - np.exp(-slowing * then)
        places = middle + ways * reach * gone + sinking * then**2
        speeds = (ways * reach * slowing * (1.0 - gone) + 2.0 * sinking * then) * (age > lag)
        life = np.clip(1.0 - age / (1.9 * BURST_EVERY), 0.0, 1.0)
        left = (1.0 - lag[:, 0] / (TRAIL * LAG)) ** 1.4 * (age >= lag[:, 0])
        glitter = np.tile(0.6 + 0.4 * np.sin(17.0 * age + rng.uniform(0.0, 6.3, SPARKS)), TRAIL)
        burning = life * colour + (1.0 - life) * EMBER
        emission = (1.0 + 5.0 * np.exp(-8.0 * age)) * np.tile(burning, (TRAIL * SPARKS, 1))
        sizes = np.where(lag[:, 0] == 0.0, 0.30, 0.20)
        return places, speeds, sizes, life**0.7 * left * glitter, emission

    def _embers(self, time: float) -> Particles:
        count, top = 200, 7.0
        rng = chance(self.seed, "embers", "start")
        start = rng.random((count, 3)) * (2.0, 2.0 * self.length, top)
        rise, phase = rng.uniform(0.5, 1.3, count), rng.uniform(0, 2 * np.pi, count)
        side = np.where(rng.random(count) < 0.5, -1.0, 1.0)
        age = (start[:, 2] + rise * time) % top
        x = side * (self.half - 0.4 - start[:, 0]) + 0.35 * np.sin(1.3 * age + phase) - side * 0.12 * age
        y = start[:, 1] - self.length + 0.3 * np.cos(1.1 * age + phase)
        aside = rise * (0.455 * np.cos(1.3 * age + phase) - side * 0.12)
        speed = np.stack([aside, -0.33 * rise * np.sin(1.1 * age + phase), rise], axis=1)
        fade = np.clip(1.0 - age / top, 0.0, 1.0) * (0.6 + 0.4 * np.sin(9.0 * time + 7.0 * phase))
        emission = fade[:, None] * np.array([7.0, 2.6, 0.5]) * (0.3 + 0.7 * self.power)
        return Particles(
            "spark", _f32(np.stack([x, y, age + 0.3], axis=1)), _f32(speed), _f32(rng.uniform(0.006, 0.014, count)),
            np.zeros((count, 3), np.float32), _f32(np.clip(fade, 0, 1)), _f32(emission),
        )  # fmt: skip


def _f32(array: F64) -> F32:
    return np.ascontiguousarray(array, np.float32)
