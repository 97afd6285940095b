from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from kinema.schema.storyboard import Place, Subject
from kinema.stage.blocking.crowd import (
    Course,
    by_turns,
    carried,
    course_of,
    held_by,
    occasion,
    peopled,
    rings,
    spectators,
    walkers,
)
from kinema.stage.blocking.roles import Part, Role
from kinema.stage.blocking.rules import Rule, rules
from kinema.stage.casting import bodies
from kinema.stage.cue import Cue, Mark, Path
from samples.boards import board
from samples.puppets import plain_setting


def crowd(count):
    subject = Subject(id="crowd", concept="pedestrian")
    return [Role(f"crowd#{k + 1}", subject, "person", k, count) for k in range(count)]


def street(*xs):
    """Lanes along y at xs, every other one the other way."""
    lanes = {}
    for k, x in enumerate(xs):
        line = np.array([[x, -120.0, 0.0], [x, 120.0, 0.0]])
        lanes[f"crowd_{k}"] = Path(line if k % 2 == 0 else line[::-1])
    return plain_setting(paths={**plain_setting().paths, **lanes})


def course(speed, seconds):
    times = np.arange(0.0, seconds + 0.5, 0.5)
    return Course(np.stack([0 * times, -20.0 + speed * times, 0 * times], axis=1))


def places(homes, time, speed):
    return np.array([home.lane.at(home.along + speed * home.pace * time)[0] for home in homes])


def test_many_walkers_stay_about_the_lead_all_the_time():
    homes = walkers(crowd(24), street(-3.0, -2.0, 2.0, 3.0), course(1.2, 40.0), 1.3, 40.0, 1)
    for time in (0.0, 20.0, 40.0):
        off = places(homes, time, 1.3)[:, 1] - (-20.0 + 1.2 * time)
        assert ((off > -26.0) & (off < 12.0)).sum() >= 14


def test_walkers_go_both_ways_and_nobody_walks_into_another():
    homes = walkers(crowd(24), street(-3.0, -2.0, 2.0, 3.0), course(1.2, 40.0), 1.3, 40.0, 1)
    headings = [np.sign(home.lane.points[-1, 1] - home.lane.points[0, 1]) for home in homes]
    assert {-1.0, 1.0} == set(headings)
    for time in np.arange(0.0, 40.0, 2.0):
        here = places(homes, time, 1.3)
        gaps = np.linalg.norm(here[:, None] - here[None], axis=2) + 9.0 * np.eye(len(here))
        assert gaps.min() > 0.6


def test_some_walk_two_abreast_where_lanes_leave_room_and_meet_nobody():
    homes = walkers(crowd(40), street(-4.3, -3.1, -1.9, 1.9, 3.1, 4.3), course(1.2, 40.0), 1.3, 40.0, 1)
    aside = [round(abs(float(home.lane.points[0, 0])), 2) for home in homes]
    assert {1.63, 2.17} < set(aside)
    for time in np.arange(0.0, 40.0, 2.0):
        here = places(homes, time, 1.3)
        gaps = np.linalg.norm(here[:, None] - here[None], axis=2) + 9.0 * np.eye(len(here))
        assert gaps.min() > 0.5


def test_those_who_met_the_lead_before_the_beginning_are_still_to_be_seen_behind_it():
    homes = walkers(crowd(40), street(-3.0, -2.0, 2.0, 3.0), course(1.2, 40.0), 1.3, 40.0, 1)
    against = [home for home in homes if home.lane.points[-1, 1] < home.lane.points[0, 1]]
    off = places(against, 0.0, 1.3)[:, 1] + 20.0
    assert ((off < 0.0) & (off > -40.0)).sum() >= 3


def test_nobody_stays_beside_the_lead():
    homes = walkers(crowd(40), street(-3.0, -2.0, 2.0, 3.0), course(1.2, 40.0), 1.3, 40.0, 1)
    paces = [home.pace * 1.3 / 1.2 for home in homes if home.lane.points[-1, 1] > home.lane.points[0, 1]]
    assert min(abs(pace - 1.0) for pace in paces) > 0.08


def test_the_leads_are_followed_along_their_path():
    path = Path(np.array([[0.0, 0.0, 0.0], [0.0, 50.0, 0.0]]))
    role = Role("man", Subject(id="man", concept="man"), "person", 0, 1)
    part = Part(role, (Cue("walk", 0.0, 20.0, Mark((0.0, 0.0, 0.0)), path, 5.0, 1.5),), (None,), (None,), 0.0)
    way = course_of([part], plain_setting(), 20.0)
    assert way.at(4.0) == pytest.approx([0.0, 11.0, 0.0])
    assert way.speed == pytest.approx(1.5)


def test_without_leads_a_crowd_is_about_the_centre():
    assert course_of([], plain_setting(), 10.0).at(7.0) == pytest.approx([0.0, 0.0, 0.0])


def test_spectators_leave_the_way_free_and_look_at_it():
    homes = spectators(crowd(20), street(-3.5, -1.0, 1.0, 3.5), course(1.0, 20.0), 1)
    for home in homes:
        x, y, _ = home.mark.position
        assert 3.0 < abs(x) < 4.6
        assert -28.0 < y < 12.0
        assert -np.sin(home.mark.yaw) * -np.sign(x) > 0.0
    assert {np.sign(home.mark.position[0]) for home in homes} == {-1.0, 1.0}


def test_spectators_stand_in_groups_without_standing_in_each_other():
    here = np.array([h.mark.position for h in spectators(crowd(20), street(-3.5, 3.5), course(1.0, 20.0), 1)])
    gaps = np.linalg.norm(here[:, None] - here[None], axis=2) + 9.0 * np.eye(len(here))
    assert gaps.min() > 0.5
    assert np.median(gaps.min(axis=1)) < 1.3


@pytest.mark.parametrize("count", [1, 2, 3, 5, 11])
def test_people_who_talk_stand_in_rings_and_face_each_other(count):
    homes = rings(crowd(count), street(-3.5, 3.5), course(1.0, 20.0), 1)
    here = np.array([home.mark.position[:2] for home in homes])
    assert len(here) == count
    gaps = np.linalg.norm(here[:, None] - here[None], axis=2) + 9.0 * np.eye(count)
    near = (gaps < 1.3) & (gaps > 0.5)
    for k, home in enumerate(homes):
        mates = here[near[k]] - here[k]
        assert len(mates) in (range(1) if count == 1 else range(1, 4))
        ahead = np.array([-np.sin(home.mark.yaw), np.cos(home.mark.yaw)])
        assert (mates @ ahead > 0.0).all()


def test_members_of_a_crowd_take_turns_of_their_own():
    rule = Rule(mix={"cheer": 1.0, "clap": 1.0, "look": 1.0})
    turns = [by_turns(role, rule, 0.0, 30.0, 1) for role in crowd(6)]
    for own in turns:
        assert own[0][1] == 0.0
        assert own[-1][2] == 30.0
        assert all(a[2] == b[1] for a, b in pairwise(own))
        assert {action for action, _, _ in own} <= set(rule.mix)
    assert len({tuple(own) for own in turns}) == 6


def test_who_holds_something_keeps_the_hand_for_it():
    rule = Rule(mix={"cheer": 8.0, "wave": 1.0, "look": 1.0}, carries={"lantern": 1.0})
    role = crowd(1)[0]
    assert {action for action, _, _ in by_turns(role, rule, 0.0, 60.0, 1, "lantern")} <= {"wave", "look"}
    assert "cheer" in {action for action, _, _ in by_turns(role, rule, 0.0, 60.0, 1)}


def test_who_holds_something_does_what_there_is_to_do_when_all_of_it_takes_both_hands():
    rule = Rule(mix={"clap": 1.0})
    assert {action for action, _, _ in by_turns(crowd(1)[0], rule, 0.0, 20.0, 1, "lantern")} == {"clap"}


def test_a_share_of_a_crowd_holds_something():
    rule = Rule(carries={"lantern": 0.3})
    assert 5 <= sum(carried(role, rule, 1) == "lantern" for role in crowd(40)) <= 20


def test_what_is_held_follows_its_holder():
    holder = Part(crowd(2)[1], (Cue("look", 0.0, 9.0, Mark((1.0, 2.0, 0.0))),), (None,), (None,), 0.0)
    part = held_by(holder, "lantern", 9.0, 1)
    assert part.targets == ("crowd#2",)
    assert part.role.subject.concept == "lantern"
    assert part.cues[0].action == "held"


def test_all_that_crowds_may_hold_has_a_body():
    for family in rules().values():
        for rule in family.values():
            assert set(rule.carries) <= set(bodies())


def lingering():
    """A street with room to stand at both sides."""
    lines = {f"stay_{x}": Path(np.array([[x, -120.0, 0.0], [x, 120.0, 0.0]])) for x in (-6.0, 6.0)}
    setting = street(-3.0, -2.0, 2.0, 3.0)
    return replace(setting, paths={**setting.paths, **lines})


def test_some_of_a_walking_crowd_stand_about_in_pairs_or_at_the_shops():
    homes = walkers(crowd(40), lingering(), course(1.2, 40.0), 1.3, 40.0, 1)
    staying = [home for home in homes if home.mix]
    assert 5 <= len(staying) <= 20
    assert all(home.lane is None and 5.5 < abs(home.mark.position[0]) < 6.5 for home in staying)
    for home in staying:
        if "talk" not in home.mix:  # who looks at a shop turns the back on the road
            assert -np.sin(home.mark.yaw) * np.sign(home.mark.position[0]) > 0.3
    talking = np.array([home.mark.position for home in staying if "talk" in home.mix])
    gaps = np.linalg.norm(talking[:, None] - talking[None], axis=2) + 9.0 * np.eye(len(talking))
    assert len(talking) >= 2
    assert (gaps.min(axis=1) < 0.9).all()
    assert gaps.min() > 0.55


def test_rain_decides_what_is_held():
    rule = Rule(carries={"phone": 1.0}, in_rain={"umbrella": 1.0})
    assert carried(crowd(1)[0], rule, 1) == "phone"
    assert carried(crowd(1)[0], rule, 1, in_rain=True) == "umbrella"


def test_what_is_held_says_what_is_done():
    rule = Rule(mix={"cheer": 1.0, "wave": 1.0}, holding={"phone": {"film": 1.0}})
    assert {action for action, _, _ in by_turns(crowd(1)[0], rule, 0.0, 30.0, 1, "phone")} == {"film"}


def test_places_dress_their_crowds():
    assert occasion(Place(set="festival_street", hour="night")) == "festive"
    assert occasion(Place(set="city_street", weather="rain")) == "rain"
    assert occasion(Place(set="city_street", season="winter")) == "cold"
    assert occasion(Place(set="city_street")) == "everyday"


def told(*features, cast):
    place = {"set": "city_street", "features": features}
    beats = [
        {"id": f"b{k}", "scene": "s1", "subject": one["id"], "action": "walk", "start": 0, "end": 9}
        for k, one in enumerate(cast)
    ]
    shot = {"id": "a", "scene": "s1", "start": 0, "offset": 0, "duration": 9, "framing": {"subject": cast[0]["id"]}}
    return board(scenes=[{"id": "s1", "place": place, "duration": 9}], cast=cast, beats=beats, shots=[shot])


def test_people_go_about_a_street_unless_it_is_empty_or_crowded_already():
    setting = replace(street(-3.0, 3.0), passers=9)
    boy, many = {"id": "boy", "concept": "boy"}, {"id": "many", "concept": "pedestrian", "count": 20}
    story = told(cast=[boy])
    added = peopled(story, story.scenes[0], setting)
    assert [(one.concept, one.count) for one in added.cast] == [("boy", 1), ("pedestrian", 9)]
    assert added.beats[-1].action == "walk"
    danced = story.model_copy(update={"beats": (story.beats[0].model_copy(update={"action": "dance"}),)})
    assert peopled(danced, danced.scenes[0], setting).beats[-1].action == "cheer"
    assert peopled(story, story.scenes[0], street(-3.0, 3.0)) is story
    fuller = told(cast=[boy, {**many, "count": 24}])
    assert [one.count for one in peopled(fuller, fuller.scenes[0], setting).cast] == [1, 33]
    for other in (told("empty", cast=[boy]), told(cast=[many])):
        assert peopled(other, other.scenes[0], setting) is other


def test_nobody_stands_in_another_where_a_lane_is_short():
    short = {f"crowd_{k}": Path(np.array([[x, -26.0, 0.0], [x, 26.0, 0.0]])) for k, x in enumerate((-3.5, 3.5))}
    homes = walkers(crowd(20), plain_setting(paths=short), course(3.4, 12.0), 1.3, 12.0, 1)
    here = np.array([home.mark.position for home in homes])
    gaps = np.linalg.norm(here[:, None] - here[None], axis=2) + 9.0 * np.eye(len(here))
    assert gaps.min() > 0.5


def test_nobody_stands_in_another_where_a_scene_is_longer_than_a_lane():
    short = {f"crowd_{k}": Path(np.array([[x, -26.0, 0.0], [x, 26.0, 0.0]])) for k, x in enumerate((-3.5, 3.5))}
    homes = walkers(crowd(20), plain_setting(paths=short), course(0.0, 64.0), 1.3, 64.0, 1)
    for time in (0.0, 64.0):
        here = places(homes, time, 1.3)
        gaps = np.linalg.norm(here[:, None] - here[None], axis=2) + 9.0 * np.eye(len(here))
        assert gaps.min() > 0.5
        assert np.abs(here[:, 1]).max() <= 26.0


def test_nobody_runs_along_with_a_lead_who_runs():
    homes = walkers(crowd(24), street(-3.0, -2.0, 2.0, 3.0), course(3.4, 12.0), 1.3, 12.0, 1)
    assert max(home.pace for home in homes) < 1.6
