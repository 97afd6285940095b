"""Who in a crowd the story would not miss."""

import pytest

from kinema.schema.storyboard import Subject
from kinema.stage.blocking.roles import Part, Role, passers
from kinema.stage.cue import Cue, Mark


def part(name, of, target=None, family="person"):
    subject = Subject(id=name.partition("#")[0], concept="pedestrian")
    cue = Cue("walk", 0.0, 4.0, Mark((0.0, 0.0, 0.0), 0.0))
    return Part(Role(name, subject, family, 0, of), (cue,), (target,), (None,), 0.0)


def test_those_who_merely_pass_by_are_not_missed():
    assert passers([part("people#1", 6), part("people#2", 6)]) == ["people#1", "people#2"]


@pytest.mark.parametrize(("of", "family"), [(3, "person"), (6, "quadruped")])
def test_few_people_and_animals_are(of, family):
    assert passers([part("friends#1", of, family=family)]) == []


def test_who_acts_towards_somebody_is_missed():
    assert passers([part("dancers#1", 6, target="queen"), part("dancers#2", 6)]) == ["dancers#2"]


@pytest.mark.parametrize("target", ["people", "people#1"])
def test_whom_somebody_acts_towards_is_missed(target):
    assert "people#1" not in passers([part("people#1", 6), part("woman", 1, target=target)])


def test_what_somebody_holds_does_not_make_them_missed():
    umbrella = part("people#1.umbrella", 1, target="people#1", family="prop")
    assert passers([part("people#1", 6), umbrella]) == ["people#1"]
