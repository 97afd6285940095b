"""What happens in the world at an instant: what sound, marks and the physics report are made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

EventKind = Literal["step", "contact", "impact", "splash"]


@dataclass(frozen=True)
class Event:
    """A contact with time (s, scene clock), place (m, world) and strength (0 to 1)."""

    kind: EventKind
    time: float
    position: tuple[float, float, float]
    strength: float
    subject: str
