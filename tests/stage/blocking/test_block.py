from itertools import pairwise

import numpy as np
import pytest

from kinema.schema.errors import UnknownConcept
from kinema.stage.blocking.block import block
from kinema.stage.blocking.roles import roles
from kinema.stage.blocking.rules import rules
from kinema.stage.casting import bodies
from kinema.stage.cue import Mark, Path
from samples.boards import board
from samples.puppets import plain_setting


def parts(setting, cast, beats, duration=20, relations=()):
    scenes = [{"id": "s1", "place": {"set": "field"}, "duration": duration}]
    half = duration / 2
    shots = [
        {"id": str("ab"[k]), "scene": "s1", "start": k * half, "offset": k * half, "duration": half}
        | {"framing": {"subject": cast[0]["id"]}}
        for k in range(2)
    ]
    beats = [{"id": f"b{k}", "scene": "s1", **beat} for k, beat in enumerate(beats)]
    story = board(scenes=scenes, cast=cast, beats=beats, shots=shots, relations=relations)
    blocked, _ = block(story, story.scenes[0], setting, roles(story, bodies()), seed=1)
    return {part.role.id: part for part in blocked}


def beat(subject, action, start, end, **more):
    return {"subject": subject, "action": action, "start": start, "end": end, **more}


MAN = {"id": "man", "concept": "man"}
CAT = {"id": "cat", "concept": "cat"}


def test_cues_leave_no_gap_and_do_not_overlap():
    part = parts(plain_setting(), [MAN], [beat("man", "walk", 3, 8), beat("man", "wave", 10, 12)])["man"]
    assert [cue.action for cue in part.cues] == ["stand", "walk", "stand", "wave", "stand"]
    assert part.cues[0].start == 0.0
    assert part.cues[-1].end >= 20.0
    assert all(a.end == b.start for a, b in zip(part.cues, part.cues[1:], strict=False))


def test_a_walk_follows_the_main_path_and_goes_on_where_it_stopped():
    part = parts(plain_setting(), [MAN], [beat("man", "walk", 0, 10), beat("man", "walk", 12, 20)])["man"]
    first, _, second, _ = part.cues
    assert first.path is second.path
    assert second.path_start == pytest.approx(first.path_start + 10 * first.speed)


def test_nobody_runs_past_the_end_of_a_path():
    short = {"main": Path(np.array([[0.0, 0.0, 0.0], [0.0, 5.0, 0.0]]))}
    part = parts(plain_setting(paths=short), [MAN], [beat("man", "walk", 0, 20)])["man"]
    assert part.cues[0].path_start + part.cues[0].speed * 20 <= 5.0 + 1e-9


def test_one_goes_to_a_distant_mark_before_acting_there_and_jumps_up_a_step():
    marks = {"bedside": Mark((2.0, 0.0, 0.0)), "on_bed_chest": Mark((0.0, 2.0, 0.6)), "bed": Mark((0.0, 2.2, 0.6))}
    setting = plain_setting(marks={**plain_setting().marks, **marks})
    cast = [CAT, MAN]
    beats = [beat("man", "sleep", 0, 20), beat("cat", "meow", 0, 4), beat("cat", "knead", 8, 12, target="man")]
    cat = parts(setting, cast, beats)["cat"]
    assert [cue.action for cue in cat.cues] == ["meow", "look", "jump", "knead", "look"]
    assert cat.cues[0].mark.position == (2.0, 0.0, 0.0)
    assert cat.cues[3].mark.position == (0.0, 2.0, 0.6)
    assert cat.targets[3] == "man"


def test_one_comes_for_what_is_offered_as_soon_as_it_is_held_out_and_watches_it():
    marks = {"bed": Mark((0.0, 2.2, 0.6)), "by_hand": Mark((0.0, 1.6, 0.6)), "on_bed_chest": Mark((0.2, 2.4, 0.6))}
    setting = plain_setting(marks={**plain_setting().marks, **marks})
    cast = [CAT, MAN, {"id": "treats", "concept": "treats"}]
    beats = [
        beat("man", "sleep", 0, 10),
        beat("cat", "knead", 2, 6, target="man"),
        beat("man", "give", 10, 15, target="cat", instrument="treats"),
        beat("cat", "eat", 15, 20, target="treats"),
    ]
    cat = parts(setting, cast, beats)["cat"]
    k = [cue.action for cue in cat.cues].index("eat")
    watching, eating = cat.cues[k - 1], cat.cues[k]
    assert (watching.action, cat.targets[k - 1]) == ("look", "treats")
    assert watching.mark == eating.mark == marks["by_hand"]
    assert 10.0 <= watching.start < 13.0
    assert eating.start == pytest.approx(15.0)


def test_partners_stand_face_to_face_where_the_set_has_no_mark_for_it():
    beats = [beat("man", "stand", 0, 20), beat("cat", "nuzzle", 5, 9, target="man")]
    cat = parts(plain_setting(), [MAN, CAT], beats)["cat"]
    nuzzle = next(cue for cue in cat.cues if cue.action == "nuzzle")
    here = np.array(nuzzle.mark.position)
    assert np.linalg.norm(here) == pytest.approx(0.63, abs=0.05)
    towards = np.array([-np.sin(nuzzle.mark.yaw), np.cos(nuzzle.mark.yaw), 0.0])
    assert np.allclose(towards, -here / np.linalg.norm(here), atol=0.05)


def test_company_at_one_mark_stands_side_by_side():
    everyone = parts(plain_setting(), [MAN, {"id": "woman", "concept": "woman"}], [])
    places = [np.array(part.cues[0].mark.position) for part in everyone.values()]
    assert np.linalg.norm(places[0] - places[1]) > 0.8


def ahead(mark):
    return np.array([-np.sin(mark.yaw), np.cos(mark.yaw)])


def test_a_few_who_talk_stand_in_a_ring():
    people = [{"id": "friends", "concept": "woman", "count": 3}]
    many = parts(plain_setting(), people, [beat("friends", "stand", 0, 6), beat("friends", "talk", 6, 20)])
    marks = [part.cues[-2].mark for part in many.values()]
    here = np.array([mark.position[:2] for mark in marks])
    for k, mark in enumerate(marks):
        ways = np.delete(here, k, 0) - here[k]
        assert (np.linalg.norm(ways, axis=1) > 0.5).all()
        assert (np.linalg.norm(ways, axis=1) < 1.1).all()
        assert (ways @ ahead(mark) > 0.0).all()


def test_who_talks_to_somebody_stands_before_him_and_several_do_beside_each_other():
    people = [{"id": "women", "concept": "woman", "count": 2}, MAN]
    many = parts(plain_setting(), people, [beat("women", "talk", 0, 20, target="man")])
    first, second, man = (part.cues[0].mark for part in many.values())
    to_man = np.array(man.position[:2]) - np.array(first.position[:2])
    assert np.linalg.norm(to_man) == pytest.approx(0.9, abs=0.05)
    assert to_man @ ahead(first) > 0.8
    assert -to_man @ ahead(man) > 0.8
    assert np.linalg.norm(np.subtract(first.position, second.position)) > 0.4


def test_relations_place_one_beside_the_other():
    cast = [MAN, {"id": "woman", "concept": "woman"}]
    relation = {"subject": "woman", "kind": "left_of", "object": "man", "scene": "s1"}
    placed = parts(plain_setting(), cast, [], relations=[relation])
    assert placed["woman"].cues[0].mark.position[0] < placed["man"].cues[0].mark.position[0] - 1.0


def test_a_crowd_is_spread_over_its_lanes():
    lanes = {
        f"crowd_{side}": Path(np.array([[x, -40.0, 0.0], [x, 40.0, 0.0]])) for side, x in (("l", -4.0), ("r", 4.0))
    }
    setting = plain_setting(paths={**plain_setting().paths, **lanes})
    crowd = [{"id": "crowd", "concept": "pedestrian", "count": 12}]
    found = parts(setting, crowd, [beat("crowd", "walk", 0, 20)])
    walking = {name: part for name, part in found.items() if part.role.family == "person"}
    xs = np.array([part.cues[0].mark.position[0] for part in walking.values()])
    assert len(walking) == 12
    assert (xs < 0).sum() == 6
    assert all(part.cues[0].path_start + 20 * part.cues[0].speed <= 80.0 for part in walking.values())


def test_what_is_taken_from_under_the_pillow_is_hidden_until_the_hand_has_it():
    marks = {**plain_setting().marks, "bed": Mark((0.0, 2.0, 0.5)), "under_pillow": Mark((0.0, 2.9, 0.6))}
    cast = [MAN, {"id": "treats", "concept": "treats"}, {"id": "pillow", "concept": "pillow"}]
    relation = {"subject": "treats", "kind": "under", "object": "pillow", "scene": "s1"}
    beats = [beat("man", "sleep", 0, 5), beat("man", "reach", 5, 10, target="pillow", instrument="treats")]
    treats = parts(plain_setting(marks=marks), cast, beats, relations=[relation])["treats"]
    assert [(cue.action, cue.start) for cue in treats.cues] == [("hidden", 0.0), ("held", 6.2)]
    assert treats.targets == (None, "man")
    assert treats.cues[0].mark.position == (0.0, 2.9, 0.6)


def test_those_who_come_later_are_there_from_the_shot_they_come_in():
    cast = [{"id": "wolf", "concept": "wolf"}, {"id": "pack", "concept": "wolf", "count": 3}]
    beats = [beat("wolf", "howl", 0, 12), beat("pack", "stand", 12, 20)]
    part = parts(plain_setting(), cast, beats)["pack#2"]
    assert part.entrance == 10.0


def test_a_way_too_long_for_its_beat_is_skipped_at_a_cut():
    marks = {**plain_setting().marks, "peak": Mark((0.0, 90.0, 0.0))}
    cast = [{"id": "wolf", "concept": "wolf"}, {"id": "other", "concept": "wolf"}]
    beats = [beat("other", "howl", 0, 20), beat("wolf", "stand", 0, 10), beat("wolf", "walk", 10, 14, target="other")]
    wolf = parts(plain_setting(marks=marks), cast, beats)["wolf"]
    walk = next(cue for cue in wolf.cues if cue.action == "walk")
    assert walk.path.points[0][1] == pytest.approx(90 - 4 - 1.6, abs=0.1)
    assert walk.path.points[-1][1] == pytest.approx(90 - 1.6, abs=0.1)


def test_unknown_concepts_and_actions_are_named_with_what_is_known():
    with pytest.raises(UnknownConcept, match="no body is known for 'griffin'"):
        parts(plain_setting(), [{"id": "g", "concept": "griffin"}], [])
    with pytest.raises(UnknownConcept, match="a cat cannot drive"):
        parts(plain_setting(), [CAT], [beat("cat", "drive", 0, 5)])


def test_every_bodies_the_casting_table_has_rules():
    assert {body.family for body in bodies().values()} == set(rules())


def bed_setting():
    marks = {
        "bed": Mark((0.2, 1.2, 0.54)),
        "bedside": Mark((-1.3, 1.0, 0.0)),
        "on_bed_side": Mark((-0.4, 1.1, 0.6)),
        "by_hand": Mark((0.1, 0.7, 0.8)),
        "under_pillow": Mark((0.5, 1.7, 0.58)),
    }
    return plain_setting(marks={**plain_setting().marks, **marks})


def test_nobody_is_shifted_off_a_bed():
    cast = [MAN, {"id": "woman", "concept": "woman"}]
    both = parts(bed_setting(), cast, [beat("man", "sleep", 0, 20), beat("woman", "sleep", 0, 20)])
    places = [both[name].cues[0].mark.position for name in ("man", "woman")]
    assert places[0] == (0.2, 1.2, 0.54)
    assert places[1][2] == 0.54
    assert 0.3 < abs(places[1][0] - places[0][0]) < 0.7


def test_a_leap_onto_the_bed_happens_within_its_beat():
    beats = [beat("man", "sleep", 0, 20), beat("cat", "jump", 2, 6, target="man")]
    cat = parts(bed_setting(), [MAN, CAT], beats)["cat"]
    assert [cue.action for cue in cat.cues] == ["stand", "jump", "stand"]
    assert cat.cues[0].mark.position == (-1.3, 1.0, 0.0)
    assert 2.0 <= cat.cues[1].start < cat.cues[1].end <= 6.0
    assert cat.cues[2].mark.position == (-0.4, 1.1, 0.6)


def test_what_is_handed_from_bed_is_eaten_there_and_held_out_all_the_while():
    treats = {"id": "treats", "concept": "treats"}
    beats = [
        beat("man", "sleep", 0, 4),
        beat("cat", "jump", 1, 4),
        beat("man", "give", 6, 10, target="cat", instrument="treats"),
        beat("cat", "eat", 10, 16, target="treats"),
    ]
    blocked = parts(bed_setting(), [MAN, CAT, treats], beats)
    eat = next(cue for cue in blocked["cat"].cues if cue.action == "eat")
    assert eat.mark.position == (0.1, 0.7, 0.8)
    gives = [k for k, cue in enumerate(blocked["man"].cues) if cue.action == "give"]
    assert len(gives) == 1
    assert blocked["man"].targets[gives[0]] == "cat"
    assert blocked["man"].cues[gives[0]].end >= 20.0


def test_handed_food_is_waited_for_on_foot():
    treats = {"id": "treats", "concept": "treats"}
    beats = [
        beat("man", "give", 4, 8, target="cat", instrument="treats"),
        beat("cat", "stand", 0, 4),
        beat("cat", "eat", 8, 14, target="treats"),
    ]
    cat = parts(plain_setting(), [MAN, CAT, treats], beats)["cat"]
    assert {cue.mark.position for cue in cat.cues} == {cat.cues[0].mark.position}


@pytest.mark.parametrize(("concept", "place"), [("cat", "by_hand"), ("dog", "off_hand")])
def test_the_larger_who_is_fed_in_bed_stands_farther_from_the_hand(concept, place):
    marks = {"bed": Mark((0.0, 2.2, 0.6)), "by_hand": Mark((0.0, 1.7, 0.6)), "off_hand": Mark((0.0, 1.3, 0.6))}
    setting = plain_setting(marks={**plain_setting().marks, **marks})
    cast = [{"id": "pet", "concept": concept}, MAN, {"id": "treats", "concept": "treats"}]
    beats = [
        beat("man", "sleep", 0, 5),
        beat("man", "give", 5, 10, target="pet", instrument="treats"),
        beat("pet", "eat", 10, 20, target="treats"),
    ]
    pet = parts(setting, cast, beats)["pet"]
    assert next(cue for cue in pet.cues if cue.action == "eat").mark == marks[place]


def test_a_pack_stays_each_in_its_own_way_but_its_first_stands():
    cast = [{"id": "pack", "concept": "wolf", "count": 6}]
    blocked = parts(plain_setting(), cast, [beat("pack", "stand", 0, 20)])
    assert {cue.action for cue in blocked["pack#1"].cues} == {"stand"}
    others = [tuple(cue.action for cue in blocked[f"pack#{k}"].cues) for k in range(2, 7)]
    assert len(set(others)) > 2
    assert "sit" in {action for one in others for action in one}


def test_a_pack_runs_one_behind_the_other():
    cast = [{"id": "pack", "concept": "wolf", "count": 5}]
    blocked = parts(plain_setting(), cast, [beat("pack", "run", 0, 4)])
    along = [blocked[f"pack#{k}"].cues[0].path_start for k in range(1, 6)]
    assert all(one > other + 1.0 for one, other in pairwise(along))


def test_what_one_carries_is_in_the_hand_from_the_beginning():
    cast = [MAN, {"id": "umbrella", "concept": "umbrella"}]
    carries = [{"subject": "man", "kind": "carries", "object": "umbrella", "scene": "s1"}]
    umbrella = parts(plain_setting(), cast, [beat("man", "walk", 0, 9)], relations=carries)["umbrella"]
    assert [(cue.action, cue.start) for cue in umbrella.cues] == [("held", 0.0)]
    assert umbrella.targets == ("man",)


def test_several_carry_one_each():
    cast = [{"id": "girl", "concept": "girl", "count": 3}, {"id": "lantern", "concept": "lantern", "count": 3}]
    carries = [{"subject": "girl", "kind": "carries", "object": "lantern", "scene": "s1"}]
    found = parts(plain_setting(), cast, [beat("girl", "walk", 0, 9)], relations=carries)
    assert [found[f"lantern#{k}"].targets for k in (1, 2, 3)] == [("girl#1",), ("girl#2",), ("girl#3",)]


def test_one_whose_first_beat_is_later_is_seen_coming_to_where_it_begins():
    way = Path(np.array([[-3.0, -1.0, 0.0], [-1.3, 1.0, 0.0]]))
    marks = {"bedside": Mark((-1.3, 1.0, 0.0)), "on_bed_side": Mark((-0.4, 1.1, 0.6))}
    setting = plain_setting(marks=plain_setting().marks | marks, paths=plain_setting().paths | {"to_bedside": way})
    later = parts(setting, [CAT], [beat("cat", "jump", 2, 5)])["cat"]
    assert [cue.action for cue in later.cues[:2]] == ["walk", "stand"]
    assert later.entrance == 0.0
    assert later.cues[0].end == pytest.approx(2.0)
    assert later.cues[0].path_start + later.cues[0].speed * 2.0 == pytest.approx(way.length)
    at_once = parts(setting, [CAT], [beat("cat", "jump", 0, 3)])["cat"]
    assert "walk" not in [cue.action for cue in at_once.cues]


def test_the_second_of_two_is_not_seen_coming_to_where_the_first_begins():
    way = Path(np.array([[-3.0, -1.0, 0.0], [-1.3, 1.0, 0.0]]))
    marks = plain_setting().marks | {"bedside": Mark((-1.3, 1.0, 0.0))}
    setting = plain_setting(marks=marks, paths=plain_setting().paths | {"to_bedside": way})
    dog = {"id": "dog", "concept": "dog"}
    for part in parts(setting, [CAT, dog], [beat("cat", "meow", 2, 5), beat("dog", "meow", 2, 5)]).values():
        for before, after in pairwise(part.cues):
            if before.path is not None:  # it goes on where it arrived
                arrived = before.path.at(before.path_start + before.speed * (before.end - before.start))[0]
                assert arrived == pytest.approx(after.mark.position, abs=0.05)


def test_a_setting_leads_round_what_stands_in_the_straight_way():
    here, there = Mark((0.0, 2.0, 0.6)), Mark((0.0, 0.5, 0.6))
    led = Path(np.array([here.position, (-0.6, 1.2, 0.6), there.position]))
    marks = plain_setting().marks | {"by_face": here, "on_bed_chest": there}
    setting = plain_setting(marks=marks, paths=plain_setting().paths | {"round": led})
    beats = [beat("man", "sleep", 0, 9), beat("cat", "paw", 0, 3), beat("cat", "knead", 5, 9)]
    cat = parts(setting, [MAN, CAT], beats)["cat"]
    assert next(cue for cue in cat.cues if cue.action == "walk").path is led


@pytest.mark.parametrize(("concept", "targets"), [("lantern", ("girl#2",)), ("pillow", (None,))])
def test_a_thing_for_the_hand_with_no_place_of_its_own_is_in_one(concept, targets):
    cast = [{"id": "girl", "concept": "girl", "count": 3}, {"id": "thing", "concept": concept, "count": 3}]
    assert parts(plain_setting(), cast, [beat("girl", "stand", 0, 9)])["thing#2"].targets == targets


def test_two_things_for_the_hand_are_in_two_hands_and_not_in_one_that_gives():
    cast = [{"id": name, "concept": name} for name in ("woman", "man", "girl", "umbrella", "lantern", "treats")]
    gives = beat("woman", "give", 2, 5, target="man", instrument="treats")
    found = parts(plain_setting(), cast, [gives, beat("man", "stand", 0, 9), beat("girl", "stand", 0, 9)])
    assert [found[name].targets for name in ("umbrella", "lantern")] == [("man",), ("girl",)]


def test_one_of_a_crowd_with_a_thing_of_the_cast_holds_nothing_else():
    cast = [{"id": "people", "concept": "pedestrian", "count": 30}, {"id": "flag", "concept": "flag", "count": 30}]
    lanes = {"crowd_left": Path(np.array([[-4.0, -20.0, 0.0], [-4.0, 40.0, 0.0]]))}
    setting = plain_setting(paths=plain_setting().paths | lanes)
    found = parts(setting, cast, [beat("people", "cheer", 0, 9)])
    holders = [part.targets[0] for part in found.values() if part.role.family == "prop"]
    assert len(holders) == len(set(holders)) == 30
    doing = {cue.action for part in found.values() if part.role.family == "person" for cue in part.cues}
    assert "clap" not in doing
