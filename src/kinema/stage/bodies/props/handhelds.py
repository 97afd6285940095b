"""What people in a crowd hold: umbrellas, phones and paper flags, light enough for dozens of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kinema.buffers.scene_frame import Colour, Material
from kinema.stage.geometry import solids
from kinema.stage.geometry.solids import Part, Solid

RIBS = 8


def umbrella(colours: Mapping[str, Colour], seed: int) -> list[Part]:
    """An open umbrella, 0.94 m across, its eight panels hollowed between the ribs, on a thin stick with a handle."""
    del seed  # they differ by colour
    cloth = Material("umbrella_cloth", colours.get("body", (0.02, 0.02, 0.03)), 0.5, sheen=0.2, subsurface=0.25)
    metal = Material("umbrella_stick", (0.25, 0.25, 0.26), 0.35, 0.8)
    turn = np.linspace(0.0, 2.0 * np.pi, 4 * RIBS + 1)
    hollow = np.abs(np.cos(0.5 * RIBS * turn))  # 1 at the ribs
    rings = []
    for reach, drop in ((0.012, 0.0), (0.2, 0.03), (0.36, 0.10), (0.47, 0.20)):
        r = reach * (1.0 - 0.07 * (1.0 - hollow))
        z = 0.84 - drop + 0.03 * reach * (1.0 - hollow)
        rings.append(np.stack([r * np.cos(turn), r * np.sin(turn), z], axis=1))
    outer = solids.loft(np.array(rings[::-1]))
    inner = solids.loft(np.array([ring - (0.0, 0.0, 0.006) for ring in rings]))
    stick = solids.tube(np.array([[0.0, 0.0, 0.03], [0.0, 0.0, 0.87]]), 0.006, 5, up=(0, 1, 0))
    bend = np.linspace(0.0, np.pi, 6)
    crook = np.stack([0.0 * bend, 0.03 - 0.03 * np.cos(bend), 0.03 - 0.035 * np.sin(bend)], axis=1)
    grip = Material("umbrella_grip", (0.05, 0.03, 0.02), 0.5)
    return [
        Part(solids.merge([outer, inner]), cloth),
        Part(stick, metal),
        Part(solids.tube(crook, 0.011, 5, up=(1, 0, 0)), grip),
    ]


def phone(colours: Mapping[str, Colour], seed: int) -> list[Part]:
    """A phone standing on its short edge, its lit screen to whoever holds it."""
    del seed
    case = Material("phone_case", colours.get("body", (0.02, 0.02, 0.02)), 0.3)
    screen = Material("phone_screen", (0.05, 0.05, 0.06), 0.15, emission=(0.62, 0.78, 1.0))
    body = solids.box((0.074, 0.009, 0.15), (0.0, 0.0, 0.075))
    return [Part(body, case), Part(solids.box((0.066, 0.001, 0.138), (0.0, -0.0051, 0.075)), screen)]


def flag(colours: Mapping[str, Colour], seed: int) -> list[Part]:
    """A paper flag on a stick, curling as if it were waved, with a gold band."""
    del seed
    paper = Material("flag_paper", colours.get("body", (0.56, 0.02, 0.015)), 0.8, subsurface=0.4)
    gold = Material("flag_gold", (0.80, 0.45, 0.06), 0.6)
    wood = Material("flag_stick", (0.42, 0.28, 0.14), 0.7)
    stick = solids.tube(np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 0.44]]), 0.005, 5, up=(0, 1, 0))
    return [Part(stick, wood), Part(_cloth(0.24, 0.43), paper), Part(_cloth(0.305, 0.365, 0.002), gold)]


def _cloth(low: float, high: float, off: float = 0.0) -> Solid:
    """Both sides of a curling sheet 0.28 m long between two heights, `off` metres thicker than thin."""
    along = np.linspace(0.0, 1.0, 6)
    wave = 0.02 * np.sin(5.0 * along) * along
    front, back = (
        np.array([np.stack([0.28 * along, wave + side * (0.001 + off), np.full(6, z)], axis=1) for z in heights])
        for side, heights in ((-1.0, (low, high)), (1.0, (high, low)))
    )
    return solids.merge([solids.loft(front), solids.loft(back)])
