"""Gaits as numbers: the table of ways to walk, and one person's own mixture of gait, build, manner and chance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.schema.tables import parsed
from kinema.stage.chance import chance

GRAVITY = 9.81
ADDED = ("chin", "bounce", "arm_bias", "crouch")  # what words shift; all else they scale
MOST_SAG = 0.015  # of the leg: how much lower than its gait alone the words on one person let it ride together
REFERENCE_LEG = 0.9  # metres, hip to sole, for which the table's cadences hold
VARIED = {
    "froude": 0.16, "cadence": 0.07, "arm": 0.28, "sway": 0.22, "toe_out": 0.3, "width": 0.15, "elbow": 0.25,
    "turn": 0.2, "list": 0.2, "counter": 0.25, "nod": 0.3, "arm_out": 0.15, "strike": 0.15,
    "surge": 0.2, "duty": 0.015, "lean": 0.3, "stagger": 1.2,
}  # fmt: skip
STANCES = (0.75, 1.35)  # of a gait's own: how wide apart the feet are of one who stands


@dataclass(frozen=True)
class Gait:
    """One row of gaits.yaml, as its head explains; angles in degrees, lengths in shares of the leg."""

    froude: float
    cadence: float
    duty: float
    width: float
    behind: float
    stance: float
    stagger: float
    toe_out: float
    strike: float
    leave: float
    clearance: float
    crouch: float
    turn: float
    list: float
    sway: float
    surge: float
    counter: float
    lean: float
    bounce: float
    arm: float
    arm_bias: float
    elbow: float
    elbow_swing: float
    arm_out: float
    chin: float
    nod: float

    def speed(self, leg: float) -> float:
        """Natural speed (m/s) of a leg of that length: sqrt(Fr g L), Alexander 1976."""
        return float(np.sqrt(self.froude * GRAVITY * leg))

    def row(self) -> F64:
        """The numbers in the order of the fields, for sampling over time."""
        return np.array([getattr(self, field.name) for field in fields(self)], float)


COLUMN = {field.name: index for index, field in enumerate(fields(Gait))}


@cache
def gait_table() -> Mapping[str, Any]:
    """The whole of gaits.yaml."""
    table: dict[str, Any] = parsed(files(__package__).joinpath("gaits.yaml").read_text("utf-8"))
    return table


def own_gait(kind: str, build: str, manners: Iterable[str], seed: int, subject: str) -> Gait:
    """The gait of one person: the row `kind`, changed by build and manners, varied a little by chance.

    Words the table does not know are left out: they may be meant for the face or for another part. KeyError for an
    unknown kind.
    """
    table = gait_table()
    values = {name: float(value) for name, value in table["gaits"][kind].items()}
    rows = [table["builds"].get(build, {})] + [table["manners"].get(manner, {}) for manner in manners]
    for row in rows:
        for name, change in row.items():
            values[name] = values[name] + change if name in ADDED else values[name] * change
    values["crouch"] = min(values["crouch"], table["gaits"][kind]["crouch"] + MOST_SAG)
    luck = chance(seed, subject, "gait")
    for name, share in VARIED.items():
        values[name] *= float(np.clip(1.0 + share * luck.normal() * 0.6, 1.0 - share, 1.0 + share))
    values["stagger"] *= 1.0 if luck.random() < 0.5 else -1.0  # positive: the right foot ahead
    values["stance"] *= float(chance(seed, subject, "stance").uniform(*STANCES))
    return Gait(**values)


def cadence_at(speed: F64, cadence: F64, natural: F64, leg: float) -> F64:
    """Steps per second at a speed (m/s): grows as its square root, so step length does too (Grieve & Gear 1966).

    Never below three quarters of the natural: whoever starts or stops still steps at a person's pace.
    """
    pace = cadence * np.sqrt(REFERENCE_LEG / leg)
    result: F64 = pace * np.maximum(np.sqrt(np.maximum(speed, 0.0) / natural), 0.78)
    return result
