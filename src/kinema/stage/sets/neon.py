"""Neon: glass tubes bent to letters and shapes, and the rhythms signs run in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from kinema.buffers.scene_frame import F64, Material
from kinema.stage.chance import chance
from kinema.stage.sets.street_style import linear
from kinema.stage.sets.textures import Rgb

Kind = Literal["steady", "pulse", "blink", "flicker", "chase"]
TUBE = 0.028  # radius (m): a little fatter than real glass, so that it does not fall between pixels


@dataclass(frozen=True)
class Rhythm:
    """How a sign's light runs: level(t) is 0 to 1, a pure function of the clock.

    pulse breathes · blink goes on and off · flicker is a failing starter, dark for instants · chase is one of a row
    that lights up in turn; phase is in turns, rate in turns a second.
    """

    kind: Kind
    phase: float = 0.0
    rate: float = 0.5

    def level(self, time: float) -> float:
        """The light at a time, in seconds."""
        turn = (time * self.rate + self.phase) % 1.0
        if self.kind == "pulse":
            return 0.72 + 0.28 * float(np.cos(2.0 * np.pi * turn))
        if self.kind == "blink":
            return 1.0 if turn < 0.62 else 0.12
        if self.kind == "chase":
            return 1.0 if turn < 0.5 else 0.22
        if self.kind == "flicker":
            return self._starter(time)
        return 1.0

    def _starter(self, time: float) -> float:
        """Mostly on; in one spell of 1.6 s out of three it stutters at 12 steps a second."""
        spell = int(np.floor(time / 1.6))
        if chance(spell, f"{self.phase:.4f}", "spell").random() > 0.34:
            return 1.0
        return 0.2 + 0.8 * float(chance(int(np.floor(time * 12.0)), f"{self.phase:.4f}", "flicker").random() > 0.45)


def tube_glass(name: str, colour: Rgb, strength: float) -> Material:
    """Lit glass: saturated gas colour with a paler heart."""
    red, green, blue = linear(colour, strength)
    pale = 0.1 * strength
    return Material(name, (0.35, 0.35, 0.35), roughness=0.2, emission=(red + pale, green + pale, blue + pale))


def dimmed(material: Material, level: float) -> Material:
    """The same material giving only a share of its light."""
    red, green, blue = material.emission
    return replace(material, emission=(red * level, green * level, blue * level))


def _turns(count: int) -> F64:
    return np.linspace(0.0, 2.0 * np.pi, count, endpoint=False)


def circle() -> list[F64]:
    """Two rings, one in the other."""
    t = _turns(28)
    ring = np.stack([np.cos(t), np.sin(t)], axis=1)
    return [ring * 0.5, ring * 0.42]


def star() -> list[F64]:
    """A five-pointed star."""
    t = _turns(10) + np.pi / 2
    reach = np.where(np.arange(10) % 2, 0.21, 0.5)
    return [np.stack([reach * np.cos(t), reach * np.sin(t)], axis=1)]


def heart() -> list[F64]:
    """A heart."""
    t = _turns(30)
    x = 16.0 * np.sin(t) ** 3
    y = 13.0 * np.cos(t) - 5.0 * np.cos(2 * t) - 2.0 * np.cos(3 * t) - np.cos(4 * t)
    return [np.stack([x, y + 2.5], axis=1) / 33.0]


def moon() -> list[F64]:
    """A crescent."""
    a, b = np.linspace(0.35 * np.pi, 1.65 * np.pi, 20), np.linspace(1.56 * np.pi, 0.44 * np.pi, 14)
    outer = 0.5 * np.stack([np.cos(a), np.sin(a)], axis=1)
    inner = 0.42 * np.stack([np.cos(b), np.sin(b)], axis=1) + (0.28, 0.0)
    return [np.concatenate([outer, inner])]


def cup() -> list[F64]:
    """A cup with a handle and two curls of steam."""
    body = np.array([(-0.4, 0.1), (-0.34, -0.42), (0.14, -0.42), (0.2, 0.1)])
    t = np.linspace(-1.2, 1.4, 9)
    handle = np.stack([0.2 + 0.2 * np.cos(t), -0.12 + 0.15 * np.sin(t)], axis=1)
    steam = np.linspace(0.0, 1.0, 9)
    curls = [np.stack([x + 0.05 * np.sin(7.0 * steam), 0.18 + 0.32 * steam], axis=1) for x in (-0.22, 0.02)]
    return [body, *(np.concatenate([line, line[::-1][1:-1]]) for line in (handle, *curls))]


def fish() -> list[F64]:
    """A fish with an eye."""
    t = np.linspace(0.16 * np.pi, 1.84 * np.pi, 22)
    body = np.stack([-0.1 + 0.38 * np.cos(t), 0.22 * np.sin(t)], axis=1)
    tail = np.array([(0.5, -0.22), (0.42, 0.0), (0.5, 0.22)])
    eye = 0.035 * np.stack([np.cos(_turns(8)), np.sin(_turns(8))], axis=1) + (-0.3, 0.06)
    return [np.concatenate([body, tail]), eye]


def arrow() -> list[F64]:
    """An arrow pointing right."""
    return [
        np.array([(-0.5, 0.12), (0.08, 0.12), (0.08, 0.34), (0.5, 0.0), (0.08, -0.34), (0.08, -0.12), (-0.5, -0.12)])
    ]


def glass() -> list[F64]:
    """A cocktail glass with an olive."""
    bowl = np.array(
        [
            (-0.36, 0.42),
            (0.36, 0.42),
            (0.03, 0.0),
            (0.03, -0.4),
            (0.2, -0.46),
            (-0.2, -0.46),
            (-0.03, -0.4),
            (-0.03, 0.0),
        ]
    )
    olive = 0.06 * np.stack([np.cos(_turns(8)), np.sin(_turns(8))], axis=1) + (0.06, 0.28)
    return [bowl, olive]


SHAPES: dict[str, Callable[[], list[F64]]] = {
    "circle": circle,
    "star": star,
    "heart": heart,
    "moon": moon,
    "cup": cup,
    "fish": fish,
    "arrow": arrow,
    "glass": glass,
}
