"""One scene blocked: every role's part, from the scene's beginning to a little past its end."""

from __future__ import annotations

from collections.abc import Sequence

from kinema.schema.storyboard import Beat, Scene, Shot, Storyboard
from kinema.stage.blocking.homes import Home, find_homes
from kinema.stage.blocking.roles import Part, Role
from kinema.stage.blocking.rules import rules
from kinema.stage.blocking.walker import Walker
from kinema.stage.cue import Cue
from kinema.stage.setting import Setting

RUN_ON = 4.0  # seconds a scene goes on for dissolves after its last shot
TAKING = ("reach", "give")  # what a person does to a prop that ends with it in the hand


def block(
    storyboard: Storyboard, scene: Scene, setting: Setting, cast: Sequence[Role], seed: int
) -> tuple[list[Part], dict[str, Home]]:
    """The parts of a scene's roles, and where everybody begins.

    Raises: UnknownConcept when a family cannot do what a beat asks of it.
    """
    beats = sorted((beat for beat in storyboard.beats if beat.scene == scene.id), key=lambda beat: beat.start)
    relations = [relation for relation in storyboard.relations if relation.scene == scene.id]
    shots = [shot for shot in storyboard.shots if shot.scene == scene.id]
    table, end = rules(), float(scene.duration) + RUN_ON
    homes = find_homes(cast, beats, relations, setting, table, seed)
    parts = []
    for role in cast:
        if role.family == "prop":
            hidden = any(r.subject == role.subject.id and r.kind in ("under", "inside") for r in relations)
            parts.append(_prop(role, homes[role.id], beats, hidden or role.subject.concept in setting.marks, end))
            continue
        given = {
            b.instrument: b.subject
            for b in beats
            if b.action == "give" and b.target == role.subject.id and b.instrument
        }
        walker = Walker(role, homes, setting, table, shots, seed, given)
        own = [beat for beat in beats if beat.subject == role.subject.id]
        for beat in own:
            walker.act(beat)
        walker.rest_until(end)
        cues, targets, instruments = tuple(walker.cues), tuple(walker.targets), tuple(walker.instruments)
        parts.append(Part(role, cues, targets, instruments, _entrance(role, own, shots)))
    return parts, homes


def _entrance(role: Role, beats: Sequence[Beat], shots: Sequence[Shot]) -> float:
    """From when a role is there: the shot of its first beat, or the first that means to show it."""
    if not beats or beats[0].start <= 0:
        return 0.0
    begins = float(beats[0].start)
    shown = [float(s.offset) for s in shots if role.subject.id in (s.framing.subject, *s.framing.also)]
    around = [float(s.offset) for s in shots if float(s.offset) <= begins]
    return min([begins, *shown, *around[-1:]])


def _prop(role: Role, home: Home, beats: Sequence[Beat], hidden: bool, end: float) -> Part:
    """A prop rests at home (or is hidden there, or belongs to the set) until someone takes it; then it is held."""
    still = "hidden" if hidden else "rest"
    taken = next((b for b in beats if role.subject.id == b.instrument and b.action in TAKING), None)
    if taken is None:
        return Part(role, (Cue(still, 0.0, end, home.mark),), (None,), (None,), 0.0)
    when = taken.start + (taken.end - taken.start) * 3 / 5 if taken.action == "reach" else taken.start
    at = max(float(when), 0.01)
    cues = (Cue(still, 0.0, at, home.mark), Cue("held", at, end, home.mark))
    return Part(role, cues, (None, taken.subject), (None, None), 0.0)
