"""Timing: a plot laid out on the scenes' clocks, every step as long as it needs or as the wanted length allows."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from kinema.director.plot import LEAD_IN
from kinema.director.steps import Move, Plot, Step

GRID = 24  # cuts and beats fall on twenty-fourths of a second where there is room
LONE_STEP = Fraction(12)  # seconds for a film of one action
TRAVEL_STEP = Fraction(20)  # ... when the action goes somewhere, or is a dance
OUTRO = Fraction(2)  # seconds to look back at the end of a story
STORY_STEPS = 3


@dataclass(frozen=True, eq=False)
class Slot:
    """A step with its time on the scene's clock."""

    step: Step
    start: Fraction
    end: Fraction

    @property
    def seconds(self) -> Fraction:
        """How long it lasts."""
        return self.end - self.start


@dataclass(frozen=True, eq=False)
class SceneTimes:
    """One scene's slots, from 0 to its duration."""

    slots: tuple[Slot, ...]
    duration: Fraction


def natural_seconds(plot: Plot) -> Fraction:
    """The length a plot wants: unhurried steps, time to arrive and to look back."""
    steps = plot.steps
    if len(steps) == 1:
        row = steps[0].moves[0].row
        return TRAVEL_STEP if row is not None and (row.travel or row.id == "dance") else LONE_STEP
    return max(LONE_STEP, Fraction(round(sum(_weights(plot), Fraction(0)))))


def _weights(plot: Plot) -> list[Fraction]:
    weights = [step.seconds for step in plot.steps]
    first = plot.steps[0]
    if all(move.present for move in first.moves):
        weights[0] = LEAD_IN
    elif len(weights) >= STORY_STEPS:
        weights[0] += LEAD_IN
    if len(weights) >= STORY_STEPS:
        weights[-1] += OUTRO
    return weights


def lay_out(plot: Plot, seconds: Fraction) -> list[SceneTimes]:
    """The steps of every scene in order, scaled so that all scenes together last that many seconds of scene time."""
    weights = _weights(plot)
    total = sum(weights, Fraction(0))
    marks = [Fraction(0)]
    for weight in weights:
        marks.append(marks[-1] + weight * seconds / total)
    marks = _on_grid(marks)
    scenes: list[SceneTimes] = []
    for place in range(max(step.place for step in plot.steps) + 1):
        inside = [k for k, step in enumerate(plot.steps) if step.place == place]
        zero = marks[inside[0]]
        slots = tuple(Slot(plot.steps[k], marks[k] - zero, marks[k + 1] - zero) for k in inside)
        scenes.append(SceneTimes(slots, slots[-1].end))
    return scenes


def _on_grid(marks: list[Fraction]) -> list[Fraction]:
    rounded = [marks[0], *[Fraction(round(mark * GRID), GRID) for mark in marks[1:-1]], marks[-1]]
    room = all(a < b for a, b in pairwise(rounded))
    return rounded if room else marks


def span_of(move: Move, slot: Slot, scene: SceneTimes) -> tuple[Fraction, Fraction]:
    """When a move begins and ends: sustained ones last until their subject does something else."""
    if not (move.sustained or move.present):
        return slot.start, slot.end
    following = [
        other.start
        for other in scene.slots
        if other.start > slot.start and any(m.subject is move.subject for m in other.step.moves)
    ]
    return slot.start, min(following, default=scene.duration)
