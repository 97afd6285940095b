"""Plot: the events of a reading become steps, what happens one after the other and what happens at the same time."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from kinema.director.lexicon import lexicon
from kinema.director.reading import UNKNOWN_ACT, Entity, Event, Reading
from kinema.director.rides import drives, find_rides
from kinema.director.rows import Action, Concept, Template, TemplateBeat
from kinema.director.scenes import find_scenes
from kinema.director.steps import Move, Plot, Step
from kinema.schema.storyboard import Note

ACTED = ("act", "find", "want")
ALIVE = ("person", "quadruped")
LEAD_IN = Fraction(3)  # seconds to see a state (someone sleeps) before something disturbs it


def plot(reading: Reading) -> Plot:
    """The plot of a reading; entities it needs and the prompt left out join the cast with a note."""
    plotter = _Plotter(reading)
    for event in reading.events:
        plotter.establish(event.clause)
        plotter.tell(event)
    plotter.establish(len(reading.sentences))
    plotter.people_the_background()
    plotter.end()
    plotter.idle()
    plotter.go_on()
    plotter.close_gaps()
    return plotter.plot


def _is_deed(event: Event) -> bool:
    return event.row.kind in ACTED or event.row.id == UNKNOWN_ACT.id


class _Plotter:
    """Turns events to moves one after the other."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.plot = Plot()
        self.told: list[str] = []
        self.place = 0
        self.clause = 0  # that is being told
        self.established: set[int] = set()  # shots of a list that only show somebody
        self.rides = find_rides(reading)
        acting = {e.clause for e in reading.events if _is_deed(e) and not e.present}
        self.plot.scenes = find_scenes(reading, acting, self.rides.cuts)

    def tell(self, event: Event) -> None:
        """Add what an event means to the plot."""
        row = event.row
        self.clause = event.clause
        if row.id == UNKNOWN_ACT.id:
            self._stand_by(event)
        if row.id == "unseen" and any(e.family in ALIVE and not e.row.crowd for e in event.subjects):
            self.reading.notes.append(Note(kind="not_understood", text="cannot be shown yet", words=event.word))
        if row.kind not in ACTED:
            return
        if event.targets and row.with_object:
            row = lexicon().row("actions", row.with_object)
        self.place = max(self.place, self.plot.scene_of(event.clause))
        self._ride(event)
        subjects = self._able(event, row)
        if not subjects:
            return
        self.told.append(row.id)
        template = self._template(row, event, subjects[0])
        if template is not None:
            self._expand(template, event, subjects[0])
        else:
            self._plain(row, event, subjects)
        if row.pursues:
            self._run_away(row, event, subjects)

    def establish(self, clause: int) -> None:
        """Shots of a list that end before this clause, and in which nobody does anything, show somebody at rest."""
        reading = self.reading
        for begin, end in pairwise([*reading.listed, len(reading.sentences)]):
            told = any(begin <= event.clause < end and event.row.kind in ACTED for event in reading.events)
            if end > clause or told or begin in self.established:
                continue
            self.established.add(begin)
            framed = [word.framed for word in reading.camera if begin <= word.clause < end and word.framed]
            named = [entity for entity in reading.entities if begin <= entity.clause < end]
            shown = next((entity for entity in (*framed, *named) if entity.row.idle), None)
            if shown is not None:
                self.place = max(self.place, self.plot.scene_of(begin))
                move = self._idle_move(shown)
                move.place, move.clause = self.place, begin
                self.plot.steps.append(Step([move], self.place))

    def _ride(self, event: Event) -> None:
        """Write down who is inside a vehicle in this scene; one that is got into or out of waits."""
        self.plot.inside.setdefault(self.place, {}).update(self.rides.inside.get(id(event), {}))
        vehicle = self.rides.meant.get(id(event))
        if vehicle is None or not (event.row.boards or event.row.alights):
            return
        text = "getting in and out of a vehicle is not seen; shown before and after it"
        self.reading.notes.append(Note(kind="assumed", text=text, words=event.word))
        event.targets = event.targets or ([vehicle] if event.row.object == "target" else [])
        last = self.plot.last_by(vehicle)
        if last is None or last.place != self.place:
            row: Action = lexicon().row("actions", "park")
            waiting = Move(vehicle, row.stage[vehicle.family], row.seconds, row, place=self.place, sustained=True)
            self.plot.ambient.append(waiting)

    def _run_away(self, row: Action, event: Event, subjects: list[Entity]) -> None:
        """Whoever is chased runs, whoever is followed goes on as before, else as the one behind."""
        for target in event.targets:
            if target in subjects or target.family not in row.stage:
                continue
            last = self.plot.last_by(target)
            going = last.row if last is not None and last.row is not None and last.row.travel else row
            move = Move(target, going.stage[target.family], row.seconds, going, sustained=True)
            self._add([move], sequence=False)

    def _stand_by(self, event: Event) -> None:
        """Whoever does what cannot be shown does meanwhile what its kind does."""
        self.place = max(self.place, self.plot.scene_of(event.clause))
        moves = [self._idle_move(entity) for entity in event.subjects if entity.row.idle]
        if moves:
            self._add(moves, sequence=False)

    def _idle_move(self, entity: Entity) -> Move:
        row: Action = lexicon().row("actions", entity.row.idle or "stand")
        return Move(entity, row.stage[entity.family], row.seconds, row, sustained=True)

    def _able(self, event: Event, row: Action) -> list[Entity]:
        """Those of the subjects whose bodies can do it; a driver's car drives for him."""
        if not row.stage:
            return []
        subjects = event.subjects or [e for e in self.reading.entities if e.family in row.stage and not e.row.crowd][:1]
        if not subjects and any(o.crowd and "person" in row.stage for o in self.reading.occasions):
            return []  # the crowd of the occasion does it
        riding = [e for e in subjects if self.rides.vehicle(event, e) is not None]
        able = [e for e in subjects if e.family in row.stage and e not in riding]
        driven = [vehicle for e in riding if (vehicle := self.rides.vehicle(event, e)) and vehicle.family in row.stage]
        if not able and (driven or (riding and row.stage.keys() & {e.family for e in riding})):
            text = "inside a vehicle, where nobody is seen"
            self.reading.notes += [Note(kind="assumed", text=text, words=e.word) for e in riding if e.word]
            return list(dict.fromkeys(driven))[:1] if drives(event) else []
        if not able:
            text = f"a {subjects[0].row.id} cannot do this" if subjects else "nobody here can do this"
            self.reading.notes.append(Note(kind="not_understood", text=text, words=event.word))
        return able

    def _template(self, row: Action, event: Event, subject: Entity) -> Template | None:
        target = event.targets[0] if event.targets else None
        for template in lexicon().templates:
            if template.verb != row.id or template.subject != subject.family:
                continue
            if template.only and subject.row.stage not in template.only:
                continue
            if template.target and (target is None or target.family != template.target):
                continue
            if template.source and event.source is None:
                continue
            if template.cause and not self._causer(subject, template.cause):
                continue
            return template
        return None

    def _causer(self, subject: Entity, family: str) -> Entity | None:
        return next(
            (e for e in self.reading.entities if e.family == family and e is not subject and not e.row.crowd), None
        )

    def _plain(self, row: Action, event: Event, subjects: list[Entity]) -> None:
        moves = [self._move(row, event, subject) for subject in subjects]
        for move in moves:
            move.present = event.present
        if event.present and self.plot.steps:
            moves = [move for move in moves if not self._already_present(move)]
        sequence = event.connective is not None and event.connective.sequence
        later = event.connective is not None and event.connective.id == "until"
        if moves:
            self._add(moves, sequence, later)

    def _already_present(self, move: Move) -> bool:
        return any(
            m.subject is move.subject and m.action == move.action for step in self.plot.steps for m in step.moves
        )

    def _move(self, row: Action, event: Event, subject: Entity) -> Move:
        target = next((e for e in event.targets if e is not subject), None)
        thing = event.things[0] if event.things else None
        manners = [*event.manners, *([row.manner] if row.manner else [])]
        if row.object == "target" and target is None:
            target, thing = thing, None
        if row.kind == "want" and target is None:  # demanding is done to whoever was just dealt with
            last = self.plot.last_by(subject)
            target = last.target if last else None
        cause = self.plot.last_done_to(subject) if row.reaction else None
        action, long = row.stage[subject.family], row.sustained
        return Move(subject, action, row.seconds, row, target, thing, manners, because=cause, sustained=long)

    def _expand(self, template: Template, event: Event, subject: Entity) -> None:
        made: list[Move | None] = []
        roles = self._roles(template, event, subject)
        later = event.connective is not None and event.connective.id == "until"
        for beat in template.beats:
            who = roles.get(beat.who)
            if who is None:
                made.append(None)
                continue
            move = self._template_move(beat, who, roles, made)
            made.append(move)
            if move.present and self._already_present(move):
                continue
            if beat.beside:
                self.plot.steps[-1].moves.append(move)
            else:
                self._add([move], sequence=True, later=later)
            later = False

    def _template_move(
        self, beat: TemplateBeat, who: Entity, roles: dict[str, Entity | None], made: list[Move | None]
    ) -> Move:
        target = roles.get(beat.target) if beat.target else None
        instrument = roles.get(beat.instrument) if beat.instrument else None
        row = next((r for r in lexicon().tables["actions"] if isinstance(r, Action) and r.id == beat.action), None)
        move = Move(who, beat.action, beat.seconds, row, target, instrument, present=beat.present)
        if isinstance(beat.because, int):
            move.because = made[beat.because]
        elif beat.because == "cause":
            move.because = self.plot.last_done_to(who)
        move.sustained = row.sustained if row else False
        return move

    def _roles(self, template: Template, event: Event, subject: Entity) -> dict[str, Entity | None]:
        last = self.plot.last_by(subject)
        roles: dict[str, Entity | None] = {
            "subject": subject,
            "target": event.targets[0] if event.targets else None,
            "instrument": event.things[0] if event.things else None,
            "source": event.source,
            "last_target": (last.target if last else None) or self._other(subject),
            "cause": self._causer(subject, template.cause) if template.cause else None,
        }
        if any("food" in (beat.target, beat.instrument) for beat in template.beats):
            roles["food"] = self._food(event)
        return roles

    def _other(self, subject: Entity) -> Entity | None:
        return next(
            (e for e in self.reading.entities if e is not subject and e.family in ("person", "quadruped")), None
        )

    def _food(self, event: Event) -> Entity:
        for entity in (*event.things, *self.reading.entities):
            if entity.row.food:
                return entity
        row: Concept = lexicon().row("concepts", "treats")
        entity = Entity(row)
        self.reading.entities.append(entity)
        self.reading.notes.append(Note(kind="assumed", text="what is eaten is not named; treats are shown", words=""))
        return entity

    # ---- putting moves in order

    def _add(self, moves: list[Move], sequence: bool, later: bool = False) -> None:
        moves = [move for move in moves if not self._merge(move)]
        for move in moves:
            move.place, move.clause = self.place, self.clause
        behind = not sequence and self._has_lead()
        crowd = [m for m in moves if m.subject.row.crowd and m.sustained and behind]
        self.plot.ambient += crowd
        moves = [m for m in moves if m not in crowd]
        if not moves:
            return
        here = [step for step in self.plot.steps if step.place == self.place]
        last = here[-1] if here else None
        if last is not None and moves[0].present:
            unseen = self.plot.last_by(moves[0].subject) is None
            (here[0] if unseen else last).moves += moves
        elif last is not None and self._beside(last, moves, sequence):
            last.moves += moves
        else:
            self.plot.steps.append(Step(moves, self.place, later))

    def _has_lead(self) -> bool:
        return any(not e.row.crowd and e.family != "prop" for e in self.reading.entities)

    def _listed_apart(self, clause: int) -> bool:
        """Whether another shot of a list tells that clause than the one being told."""
        listed = self.reading.listed
        return bisect_right(listed, clause) != bisect_right(listed, self.clause)

    def _beside(self, step: Step, moves: list[Move], sequence: bool) -> bool:
        """Whether moves go on at the same time as a step: other subjects, all of it sustained, no word of order."""
        busy = {id(move.subject) for move in step.moves}
        if all(move.present for move in step.moves) or self._listed_apart(step.clause):
            return False
        return (
            not sequence
            and all(id(move.subject) not in busy for move in moves)
            and all(move.sustained for move in (*step.moves, *moves))
        )

    def _merge(self, move: Move) -> bool:
        """Saying it again says how, not that it happens twice."""
        last = self.plot.last_by(move.subject)
        if last is None or last.place != self.place or last.action != move.action:
            return False
        if last.target is not move.target and last.target is not None and move.target is not None:
            return False
        just_now = last in self.plot.steps[-1].moves
        same_gift = move.instrument is not None and move.instrument is last.instrument
        if not (last.sustained or just_now or same_gift):
            return False
        last.target = last.target or move.target
        last.manners += [name for name in move.manners if name not in last.manners]
        return True

    # ---- what the prompt leaves to the director

    def people_the_background(self) -> None:
        """Crowds that occasions and busy streets bring along."""
        crowds = [e for e in self.reading.entities if e.row.crowd]
        for occasion in self.reading.occasions:
            if occasion.crowd and not crowds:
                row: Concept = lexicon().row("concepts", occasion.crowd.concept)
                entity = Entity(row, occasion.crowd.count, plural=True)
                crowds.append(entity)
                self.reading.entities.append(entity)
                self.plot.ambient.append(Move(entity, occasion.crowd.action, Fraction(1), sustained=True))
        for feature in self.reading.features:
            if feature.crowd and not crowds:
                row = lexicon().row("concepts", feature.crowd)
                crowds.append(Entity(row, row.count, plural=True))
                self.reading.entities.append(crowds[-1])

    def end(self) -> None:
        """Close story patterns with their last beat."""
        for ending in lexicon().endings:
            if ending.after not in self.told or ending.if_done not in self.told:
                continue
            if self.told.index(ending.if_done) > self.told.index(ending.after):
                continue
            everyone = [e for e in self.reading.entities if e.family == ending.subject]
            first = next((m for s in self.plot.steps for m in s.moves if m.action == ending.action), None)
            row: Action = lexicon().row("actions", ending.action)
            manners = list(first.manners) if first else []
            moves = [Move(e, ending.action, ending.seconds, row, manners=[*manners, "together"]) for e in everyone]
            self.plot.steps.append(Step(moves, self.place))

    def go_on(self) -> None:
        """What went on before an hour gave way to another, or before somebody got into a car, still does."""
        for place, scene in enumerate(self.plot.scenes):
            if place == 0 or not scene.goes_on:
                continue
            before = [step for step in self.plot.steps if step.place < place]
            if before and not any(step.place == place for step in self.plot.steps):
                again = [replace(m, place=place, clause=scene.clause) for m in before[-1].moves if m.sustained]
                at = self.plot.steps.index(before[-1]) + 1
                self.plot.steps[at:at] = [Step(again, place)] if again else []
            here = {id(move.subject) for step in self.plot.steps if step.place == place for move in step.moves}
            gone = self.plot.inside.get(place, {})
            background = [m for m in self.plot.ambient if m.place == place - 1 and id(m.subject) not in {*here, *gone}]
            self.plot.ambient += [replace(move, place=place) for move in background]

    def close_gaps(self) -> None:
        """Scenes in which nothing can be shown are left out."""
        told = sorted({step.place for step in self.plot.steps})
        number = {place: told.index(place) for place in told}
        self.plot.scenes = [self.plot.scenes[place] for place in told]
        for step in self.plot.steps:
            step.place = number[step.place]
        for move in self.plot.ambient:
            move.place = number.get(move.place, 0)
        self.plot.inside = {number[place]: held for place, held in self.plot.inside.items() if place in number}

    def idle(self) -> None:
        """Whoever was given nothing to do does what its kind does."""
        busy = {id(m.subject) for s in self.plot.steps for m in s.moves} | {id(m.subject) for m in self.plot.ambient}
        for entity in self.reading.entities:
            if id(entity) in busy or entity.row.idle is None or self.rides.ever(entity) is not None:
                continue
            move = self._idle_move(entity)
            if (entity.row.crowd and self._has_lead()) or self.plot.steps:
                self.plot.ambient.append(move)
            else:
                self.plot.steps.append(Step([move], self.place))
