"""A figure: one dressed person at falling levels of detail, each made when it is first asked for."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, overload

from kinema.stage.beforehand import Order
from kinema.stage.bodies.people.drape import Drape
from kinema.stage.bodies.people.levels import Level
from kinema.stage.bodies.people.model import PersonModel
from kinema.stage.bodies.people.skeleton import Skeleton


@dataclass(frozen=True, eq=False)
class Frame:
    """What must be known of a body before it is seen."""

    skeleton: Skeleton
    height: float  # metres from sole to crown


class Dresser(Protocol):
    """Who makes what a figure shows. Everything it gives is the same whenever it is asked."""

    def frame(self) -> Frame:
        """The body's frame, on its soles."""
        ...

    def model(self, level: Level) -> PersonModel:
        """The person at a level of detail."""
        ...

    def drapes(self, level: Level) -> tuple[Drape, ...]:
        """What hangs on it at a level."""
        ...

    def order(self, level: Level) -> Order:
        """What makes the same model in another process, and leaves it on the disk."""
        ...


class Figure(Sequence[PersonModel]):
    """The levels of one person, finest first. A level that nobody looks at is never made; threads may ask at once.

    lock: held while anything of the person is made. Whoever holds it waits for no other but the performance's.
    """

    def __init__(self, dresser: Dresser, levels: Sequence[Level]) -> None:
        self.dresser, self.levels = dresser, tuple(levels)
        self.frame = dresser.frame()
        self._made: dict[int, PersonModel] = {}
        self.lock = threading.RLock()

    def __len__(self) -> int:
        return len(self.levels)

    @overload
    def __getitem__(self, index: int) -> PersonModel: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[PersonModel, ...]: ...
    def __getitem__(self, index: int | slice) -> PersonModel | tuple[PersonModel, ...]:
        numbers = range(len(self.levels))[index]
        return tuple(self._model(k) for k in numbers) if isinstance(numbers, range) else self._model(numbers)

    def _model(self, number: int) -> PersonModel:
        with self.lock:
            if number not in self._made:
                self._made[number] = self.dresser.model(self.levels[number])
            return self._made[number]

    def shown(self, pixels: float) -> PersonModel:
        """The level for a picture on which a metre of it takes so many pixels."""
        return self[next((k for k, level in enumerate(self.levels) if pixels >= level.pixels), -1)]

    def drapes(self) -> tuple[Drape, ...]:
        """What hangs on it, as fine as it is known."""
        with self.lock:
            return self.dresser.drapes(self.levels[0])

    def orders(self) -> list[Order]:
        """What makes its levels in another process, the finest first."""
        return [self.dresser.order(level) for level in self.levels]
