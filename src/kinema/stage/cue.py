"""Cues: a beat made concrete by blocking, so that a body family can perform it without knowing the plot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kinema.buffers.scene_frame import F64

if TYPE_CHECKING:
    from kinema.stage.actor import Actor


@dataclass(frozen=True, eq=False)
class Path:
    """A polyline on the ground. points (N, 3) metres; distances are along its length."""

    points: F64

    @property
    def length(self) -> float:
        """Metres from first to last point."""
        return float(np.linalg.norm(np.diff(self.points, axis=0), axis=1).sum())

    def at(self, distance: float) -> tuple[F64, float]:
        """The place (3,) after that many metres, and the yaw of travel there; clamped at both ends."""
        steps = np.diff(self.points, axis=0)
        marks = np.concatenate([[0.0], np.cumsum(np.linalg.norm(steps, axis=1))])
        s = float(np.clip(distance, 0.0, marks[-1]))
        place = np.array([np.interp(s, marks, self.points[:, k]) for k in range(3)])
        ahead, behind = min(s + 0.5, marks[-1]), max(s - 0.5, 0.0)
        dx, dy = (
            np.interp(ahead, marks, self.points[:, k]) - np.interp(behind, marks, self.points[:, k]) for k in (0, 1)
        )
        return place, float(np.arctan2(-dx, dy))


@dataclass(frozen=True)
class Mark:
    """A place to be: position (m) and yaw (rad; 0 looks along +Y, counter-clockwise from above)."""

    position: tuple[float, float, float]
    yaw: float = 0.0


@dataclass(frozen=True, eq=False)
class Cue:
    """One action from start to end (s, scene clock) at a mark, or along a path.

    Cues of a subject are sorted, do not overlap, and leave no gap: blocking fills those with `stand` or what the
    subject was last doing. target: who or what it is done to. instrument: what with.
    speed: metres per second along the path, None for the gait's own.
    """

    action: str
    start: float
    end: float
    mark: Mark
    path: Path | None = None
    path_start: float = 0.0
    speed: float | None = None
    target: Actor | None = None
    instrument: Actor | None = None
    manner: tuple[str, ...] = ()
