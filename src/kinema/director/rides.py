"""Rides: who is inside a vehicle during which events, and so not to be seen; getting in and out part scenes."""

from __future__ import annotations

from dataclasses import dataclass, field

from kinema.director.lexicon import lexicon
from kinema.director.reading import Entity, Event, Reading
from kinema.director.rows import Concept
from kinema.schema.storyboard import Note

AT_THE_WHEEL = ("driv", "drove", "驾", "开车", "开着", "自驾", "飙车")  # what is done with a car even if none is named
ITS_OWN_CAR = ("车",)  # 上车: the verb names it
RIDERS = ("person", "quadruped")


@dataclass
class Rides:
    """Whom the vehicles hold during an event, by its id and the rider's, and the clauses at which scenes begin."""

    inside: dict[int, dict[int, Entity]] = field(default_factory=dict)
    cuts: set[int] = field(default_factory=set)
    meant: dict[int, Entity] = field(default_factory=dict)  # by event, the vehicle it is about

    def vehicle(self, event: Event, rider: Entity) -> Entity | None:
        """The vehicle somebody is inside of during an event."""
        return self.inside.get(id(event), {}).get(id(rider))

    def ever(self, rider: Entity) -> Entity | None:
        """A vehicle somebody is inside of at any time."""
        return next((held[id(rider)] for held in self.inside.values() if id(rider) in held), None)


def find_rides(reading: Reading) -> Rides:
    """Follow everybody in and out; a car that is only implied joins the cast with a note."""
    rides = Rides()
    within = {id(b.subject): b.object for b in reading.bonds if b.kind == "in" and b.object.family == "vehicle"}
    entering: dict[int, Entity] = {}
    seen: set[int] = set()
    for event in reading.events:
        if event.row.kind not in ("act", "find"):
            continue
        if entering:
            within |= entering
            rides.cuts.add(event.clause)
            entering = {}
        if event.row.with_vehicle and any(target.family == "vehicle" for target in event.targets):
            event.row = lexicon().row("actions", event.row.with_vehicle)  # jumps into the car
        if event.source is not None and event.source.family == "vehicle" and event.row.travel:
            event.row = event.row.model_copy(update={"alights": True})  # steps out of the car
        riders = [e for e in event.subjects if e.family in RIDERS]
        vehicle = _meant(event, riders, within, reading)
        if vehicle is not None:
            rides.meant[id(event)] = vehicle
        if vehicle is not None and event.row.boards:
            entering = {id(rider): vehicle for rider in riders}
        elif vehicle is not None and event.row.alights:
            left = [within.pop(id(rider), None) for rider in riders]
            if any(left) and rides.inside:
                rides.cuts.add(event.clause)
        elif vehicle is not None:
            if seen & {id(rider) for rider in riders} - set(within):
                rides.cuts.add(event.clause)
            within |= {id(rider): vehicle for rider in riders}
        rides.inside[id(event)] = dict(within)
        seen |= {id(rider) for rider in riders}
    if not rides.inside:
        rides.inside[0] = within
    return rides


def drives(event: Event) -> bool:
    """Only vehicles can do it."""
    return "vehicle" in event.row.stage and "person" not in event.row.stage


def _meant(event: Event, riders: list[Entity], within: dict[int, Entity], reading: Reading) -> Entity | None:
    """The vehicle that somebody gets into, out of, or drives; None when it is about none."""
    row = event.row
    if not riders or not (row.boards or row.alights or drives(event)):
        return None
    if drives(event) and riders[0].family != "person":
        return None
    named = next((e for e in (event.source, *event.targets) if e is not None and e.family == "vehicle"), None)
    if named or event.targets or event.things:
        return named
    held = within.get(id(riders[0]))
    implied = any(event.word.startswith(word) for word in AT_THE_WHEEL) or any(c in event.word for c in ITS_OWN_CAR)
    if held or (drives(event) and not implied):
        return held
    here = any(word.clause == event.clause for word in reading.sets)
    last = next((e for e in reversed(reading.entities) if e.family == "vehicle"), None)
    if (last and not here) or not implied:
        return None if here else last
    return last or _cast_car(reading, event.word)


def _cast_car(reading: Reading, word: str) -> Entity:
    row: Concept = lexicon().row("concepts", "car")
    entity = Entity(row, word=word)
    reading.entities.append(entity)
    reading.notes.append(Note(kind="assumed", text="the vehicle is not named; a car is shown", words=word))
    return entity
