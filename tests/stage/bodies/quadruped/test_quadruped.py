import numpy as np
import pytest

from kinema.buffers.scene_frame import Material, Surface
from kinema.schema.errors import UnknownConcept
from kinema.schema.storyboard import Subject
from kinema.stage.actor import Region
from kinema.stage.bodies.quadruped.actor import perform
from kinema.stage.bodies.quadruped.features import Face, _ears, _lids, eye_frame
from kinema.stage.bodies.quadruped.palette import palette
from kinema.stage.bodies.quadruped.pawing import pawed
from kinema.stage.bodies.quadruped.pose import smooth
from kinema.stage.bodies.quadruped.score import ACTIONS
from kinema.stage.bodies.quadruped.shape import body_parts
from kinema.stage.bodies.quadruped.skeleton import build_skeleton
from kinema.stage.bodies.quadruped.species import species, table
from kinema.stage.cue import Cue, Mark, Path
from kinema.stage.geometry import solids
from kinema.stage.geometry.sdf import field

FRAME = 1 / 24
HERE = Mark((0.0, 0.0, 0.0))
BENT = Path(np.array([[0.0, 0, 0], [0, 6, 0], [3, 12, 0], [3, 30, 0]]))


def flat(points):
    return np.zeros(len(points))


def hilly(points):
    return 0.15 * np.sin(points[:, 0]) + 0.1 * points[:, 1]


def actor(concept="wolf", *cues, ground=flat, seed=1, subject="lupa", **attributes):
    cues = cues or (Cue("stand", 0, 5, HERE),)
    return perform(Subject(id=subject, concept=concept, **attributes), cues, ground, seed, "extra")


@pytest.fixture(scope="module", autouse=True)
def _own_cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


def test_the_table_holds_and_an_unknown_animal_is_named():
    assert {"wolf", "cat", "dog"} <= set(table())
    with pytest.raises(UnknownConcept, match="griffin"):
        species("griffin")


@pytest.mark.parametrize("name", sorted(table()))
def test_every_species_stands_on_the_ground_on_four_feet(name):
    animal = actor(name)
    surface = animal.surfaces(1.0)[0]
    world = surface.positions + surface.transform[:3, 3]
    assert abs(world[:, 2].min()) < 0.02 * world[:, 2].max()
    assert animal.anchor(1.0, "muzzle")[1] > animal.anchor(1.0, "tail")[1] + 0.5 * animal.region(1.0, "whole").width
    assert animal.anchor(1.0, "head")[2] > animal.anchor(1.0, "chest")[2]
    lengths = np.linalg.norm(surface.normals, axis=1)
    assert np.percentile(np.abs(lengths - 1), 99) < 0.2
    assert np.allclose(animal.body.weights.sum(1), 1.0, atol=1e-4)


def test_the_left_paw_is_on_the_left():
    animal = actor()
    assert animal.anchor(0.0, "paw_left")[0] < -0.03 < 0.03 < animal.anchor(0.0, "paw_right")[0]


def test_a_mark_places_and_turns_the_animal():
    animal = actor("wolf", Cue("stand", 0, 5, Mark((4.0, 2.0, 0.0), np.pi / 2)))
    assert np.allclose(animal.anchor(1.0, "feet"), [4, 2, 0], atol=0.1)
    assert animal.facing(1.0) == pytest.approx(np.pi / 2, abs=0.2)
    assert animal.anchor(1.0, "muzzle")[0] < 3.6


def test_a_mark_above_the_ground_is_kept():
    assert actor("cat", Cue("sit", 0, 5, Mark((0, 0, 0.6)))).anchor(2.0, "feet")[2] == pytest.approx(0.6, abs=0.02)


@pytest.mark.parametrize("gait", ["walk", "trot", "run"])
@pytest.mark.parametrize("name", ["wolf", "cat", "dog"])
@pytest.mark.parametrize("ground", [flat, hilly])
def test_standing_paws_do_not_slide(name, gait, ground):
    animal = actor(name, Cue(gait, 0, 4, HERE, path=BENT), ground=ground)
    run = animal.stretches[0].moving
    bones = [f"{which}_paw_{side}" for which in ("fore", "hind") for side in ("left", "right")]
    slides = []
    for k in range(24, 72):
        before, after = k * FRAME, (k + 1) * FRAME
        standing = (
            (run.steps(before)[2] == 0) & (run.steps(after)[2] == 0) & (run.phase(after) - run.phase(before) < 0.2)
        )
        for foot in np.flatnonzero(standing):
            index = animal.rig.skeleton.index[bones[foot]]
            moved = animal.solve(after)[1].heads[index] - animal.solve(before)[1].heads[index]
            slides.append(np.linalg.norm(moved))
    assert len(slides) > 20
    assert max(slides) < 0.003


def test_walking_covers_the_ground_and_stops_at_the_end():
    animal = actor("wolf", Cue("walk", 0, 20, HERE, path=Path(np.array([[0.0, 0, 0], [0, 8, 0]])), speed=1.2))
    assert animal.anchor(19.0, "hip")[1] == pytest.approx(8 + animal.anchor(0.0, "hip")[1], abs=0.1)
    assert np.allclose(animal.anchor(18.0, "paw_left"), animal.anchor(19.0, "paw_left"), atol=1e-6)


def test_footfalls_are_on_the_ground_in_order_and_inside_the_window():
    animal = actor("wolf", Cue("walk", 0, 6, HERE, path=BENT))
    steps = animal.events(1.0, 4.0)
    times = [step.time for step in steps]
    assert times == sorted(times)
    assert 1.0 <= times[0] < times[-1] < 4.0
    assert 8 <= len(steps) <= 18
    assert max(abs(step.position[2]) for step in steps) < 0.005
    assert actor("wolf", Cue("sit", 0, 6, HERE)).events(0.0, 6.0) == []


def test_the_howl_points_the_open_mouth_at_the_sky():
    animal = actor("wolf", Cue("howl", 0, 6, HERE))

    def rise(time):
        line = animal.anchor(time, "muzzle") - animal.anchor(time, "head")
        return np.degrees(np.arctan2(line[2], np.hypot(*line[:2])))

    assert rise(0.0) < 20
    assert rise(2.8) > 50
    assert animal.solve(2.8)[0].jaw[0] > 10 > animal.solve(0.2)[0].jaw[0]


def test_the_howl_of_a_sitting_wolf_stays_sitting():
    animal = actor("wolf", Cue("sit", 0, 3, HERE), Cue("howl", 3, 9, HERE))
    assert animal.anchor(6.0, "hip")[2] == pytest.approx(animal.anchor(2.9, "hip")[2], abs=0.05)
    assert animal.anchor(6.0, "hip")[2] < 0.5 * actor().anchor(1.0, "hip")[2]


def test_looking_turns_the_face_to_the_target():
    other = actor("dog", Cue("stand", 0, 5, Mark((-3.0, 2.5, 0.0))), subject="rex")
    animal = actor("wolf", Cue("look", 0, 5, HERE, target=other))
    line = other.anchor(3.0, "eyes") - animal.anchor(3.0, "head")
    assert animal.facing(3.0) == pytest.approx(np.arctan2(-line[0], line[1]), abs=0.25)


@pytest.mark.parametrize("apart", [1.1, 1.75, 2.3])
def test_two_wolves_bring_their_muzzles_together(apart):
    ahead = actor("wolf", Cue("stand", 0, 6, Mark((0.0, apart, 0.0), np.pi)), subject="friend")
    animal = actor("wolf", Cue("nuzzle", 0, 6, HERE, target=ahead))
    gaps = [np.linalg.norm(animal.anchor(t, "muzzle") - ahead.anchor(t, "muzzle")) for t in np.arange(2, 5, 0.25)]
    assert min(gaps) < 0.12
    assert max(gaps) < 0.35


def test_a_jump_leaves_the_floor_and_lands_on_the_bed():
    animal = actor(
        "cat",
        Cue("stand", 0, 1, HERE),
        Cue("jump", 1, 2.4, Mark((0.0, 1.0, 0.55))),
        Cue("stand", 2.4, 5, Mark((0.0, 1.0, 0.55))),
    )
    assert animal.anchor(0.5, "feet")[2] == pytest.approx(0.0, abs=0.02)
    assert max(animal.anchor(t, "feet")[2] for t in np.arange(1, 2.4, 0.05)) > 0.6
    assert np.allclose(animal.anchor(4.0, "feet")[1:], [1.0, 0.55], atol=0.06)


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_every_action_moves_without_a_jump(action):
    other = actor("dog", Cue("stand", 0, 9, Mark((0.0, 1.2, 0.0), np.pi)), subject="rex")
    path = BENT if action in ("walk", "trot", "run", "stroll", "search") else None
    middle = Cue(action, 1.5, 5, Mark((0.0, 1.5, 0.0)) if action == "jump" else HERE, path=path, target=other)
    last = Mark((0.0, 1.5, 0.0)) if action == "jump" else HERE
    cues = [Cue("stand", 0, 1.5, HERE), middle] + ([] if path else [Cue("stand", 5, 8, last)])
    animal = actor("wolf", *cues)
    nose = np.array([animal.anchor(t, "muzzle") for t in np.arange(0.5, 4.9 if path else 7.5, FRAME)])
    speed = np.linalg.norm(np.diff(nose, axis=0), axis=1) / FRAME
    assert np.isfinite(nose).all()
    assert speed.max() < (14 if action == "run" else 9)
    assert np.abs(np.diff(speed)).max() < (5.0 if action == "jump" else 3.0)


def test_same_inputs_same_animal_and_seeds_tell_a_pack_apart():
    one, same, other = actor(seed=1), actor(seed=1), actor(seed=2)
    assert np.array_equal(one.surfaces(1.3)[0].positions, same.surfaces(1.3)[0].positions)
    assert one.body.mesh.key == same.body.mesh.key
    assert one.rig.size != other.rig.size


def test_a_body_colour_is_obeyed():
    white, black = actor("cat", colours={"body": "white"}), actor("cat", colours={"body": "black"})
    assert np.median(white.body.mesh.colours.mean(1)) > 4 * np.median(black.body.mesh.colours.mean(1))


def test_regions_hold_what_they_name():
    animal = actor()
    whole, head = animal.region(1.0, "whole"), animal.region(1.0, "head")
    assert 0.8 < whole.height < 1.4
    assert 1.0 < whole.width < 1.8
    assert 0.2 < head.height < 0.5
    assert head.centre[2] > 0.75


def test_unknown_actions_and_anchors_are_refused():
    with pytest.raises(ValueError, match="knit"):
        actor("wolf", Cue("knit", 0, 1, HERE))
    with pytest.raises(KeyError):
        actor().anchor(0.0, "wing")


def test_smooth_is_clamped_and_rises():
    assert [smooth(t) for t in (-1.0, 0.0, 0.5, 1.0, 2.0)] == pytest.approx([0, 0, 0.5, 1, 1])


class Sleeper:
    """Lies on its side at a place: a box for a body, a shoulder at its top, a head beyond it."""

    id = "sleeper"

    def __init__(self, shoulder):
        self.shoulder = np.array(shoulder)

    def region(self, time, part):
        x, y, z = self.anchor(time, "head") if part == "head" else self.shoulder
        return Region((float(x), float(y), float(z)), 0.25, 0.25)

    def anchor(self, time, name):
        return {"shoulder_right": self.shoulder, "head": self.shoulder + np.array([0.1, 0.28, -0.1])}[name]

    def surfaces(self, time):
        body = solids.moved(solids.box((0.4, 0.8, 0.4)), self.shoulder - np.array([0.0, 0.2, 0.15]))
        return [Surface(solids.mesh("sleeper", [solids.Part(body, Material("cloth"))]), np.eye(4))]


@pytest.mark.parametrize("away", [0.3, 0.5, 0.6])
def test_a_paw_is_laid_on_the_head_of_whoever_it_is_for_from_wherever_the_cat_sits(away):
    sleeper = Sleeper((0.1, away, 0.60))
    head = sleeper.anchor(0.0, "head")
    cat = actor("cat", Cue("paw", 0, 6, Mark((0.0, 0.0, 0.60)), target=sleeper))
    gaps = [np.linalg.norm(cat.anchor(t, "touch") - head) for t in np.arange(1.2, 3.0, FRAME)]
    assert 0.09 < min(gaps) < 0.11  # the joint is this deep under the skin
    assert np.median(gaps) < 0.12  # and it stays there more than it is lifted
    assert cat.anchor(2.0, "feet")[2] < sleeper.shoulder[2] + 0.15


def test_a_paw_from_behind_is_laid_on_the_shoulder_that_is_much_nearer():
    sleeper = Sleeper((0.1, 0.5, 0.60))
    place = pawed(sleeper, 0.0, sleeper.shoulder - np.array([0.0, 0.1, 0.0]))
    np.testing.assert_allclose(place, sleeper.shoulder - np.array([0.0, 0.055, 0.0]), atol=1e-9)


def test_the_place_of_a_touch_is_known_only_while_something_is_touched():
    sleeper = Sleeper((0.1, 0.4, 0.60))
    cat = actor("cat", Cue("paw", 0, 4, Mark((0, 0, 0.6)), target=sleeper), Cue("sit", 4, 8, Mark((0, 0, 0.6))))
    assert np.allclose(cat.anchor(2.0, "touch"), cat.anchor(2.0, "paw_right"))
    with pytest.raises(KeyError):
        cat.anchor(6.0, "touch")


def test_whoever_stepped_nearer_stays_there():
    mark = Mark((0.0, 0.0, 0.6))
    cues = Cue("paw", 0, 4, mark, target=Sleeper((0.0, 0.5, 0.6))), Cue("meow", 4, 8, mark)
    assert actor("cat", *cues).anchor(7.0, "feet")[1] > 0.15


def test_an_ear_is_one_shell_whose_rim_is_shared_by_back_and_inside():
    piece, other = _ears(Face(species("cat"), build_skeleton(species("cat")), palette(species("cat"), {})), True)
    edges = np.sort(np.concatenate([piece.faces[:, [0, 1]], piece.faces[:, [1, 2]], piece.faces[:, [2, 0]]]), axis=1)
    _, counts = np.unique(edges, axis=0, return_counts=True)
    assert set(counts) == {1, 2}
    assert (counts == 1).sum() == 2 * 16  # only the foot, in the fur, and the tip's smallest ring are open
    assert len(piece.faces) == len(other.faces)


def test_nobody_stands_square_and_not_all_alike():
    gaps = []
    for x in (0.0, 1.3, 2.9):
        pose, _ = actor("wolf", Cue("stand", 0, 5, Mark((x, 0.0, 0.0)))).solve(1.0)
        gaps.append((pose.feet[0, 1] - pose.feet[1, 1], pose.feet[2, 1] - pose.feet[3, 1]))
    assert max(abs(gap) for pair in gaps for gap in pair) > 0.03
    assert len({round(gap, 3) for gap, _ in gaps}) == 3


def test_those_who_howl_together_do_not_begin_with_one_voice():
    jaws = []
    for name in ("a", "b", "c", "d"):
        one = actor("wolf", Cue("howl", 0, 8, HERE, manner=("together",)), subject=name)
        times = np.arange(0.0, 4.0, FRAME)
        jaws.append(float(times[np.argmax([one.solve(float(t))[0].jaw[0] > 12.0 for t in times])]))
    assert max(jaws) - min(jaws) > 0.15


@pytest.mark.parametrize("name", sorted(table()))
def test_a_lid_that_is_shut_covers_the_eye_from_below_its_middle_to_the_brow(name):
    row, skeleton = species(name), build_skeleton(species(name))
    face, frame = Face(row, skeleton, palette(row, {})), eye_frame(row, -1.0)
    centre = np.array([-row.eye.at[0], *row.eye.at[1:]])
    upper = next(iter(_lids(face, "left", centre, frame)))
    local = (upper.positions - face.at(centre[None])) @ skeleton.turn @ frame.T
    middle = local[np.abs(local[:, 0]) < 0.3 * row.eye.radius * row.scale]
    turn = np.degrees(np.arctan2(middle[:, 2], middle[:, 1])) % 360.0 - 1.25 * row.eye.open
    assert turn.min() < -0.4 * row.eye.open
    assert turn.max() > 80.0


def test_another_seed_and_another_animal_stand_otherwise_at_the_same_mark():
    def ahead(seed, subject):
        feet = actor("wolf", seed=seed, subject=subject).solve(1.0)[0].feet
        return round(float(feet[0, 1] - feet[1, 1]), 3)

    assert len({ahead(seed, "lupa") for seed in range(4)}) == 4
    assert len({ahead(1, name) for name in ("a", "b", "c", "d")}) == 4


@pytest.mark.parametrize("name", ["wolf", "cat", "dog", "fox", "tiger"])
def test_an_eye_is_seen_but_does_not_stand_out_of_the_head_like_a_bead(name):
    kind = species(name)
    eye, forward = kind.eye, eye_frame(kind, 1.0)[1]
    tip = build_skeleton(kind).in_head((np.array(eye.at) + eye.radius * forward) * kind.scale)
    out = field(body_parts(kind, build_skeleton(kind)), np.asarray([tip], np.float32))[0] / kind.scale
    assert 0.25 * eye.radius < out < 0.5 * eye.radius


def test_one_who_calls_to_whom_it_pawed_draws_back():
    mark, sleeper = Mark((0.0, 0.0, 0.6)), Sleeper((0.0, 0.5, 0.6))
    cat = actor("cat", Cue("paw", 0, 4, mark, target=sleeper), Cue("meow", 4, 8, mark, target=sleeper))
    assert cat.anchor(3.0, "feet")[1] > 0.15
    assert abs(cat.anchor(7.0, "feet")[1]) < 0.1


def test_a_rump_weighs_on_what_is_sat_on_and_not_while_standing():
    standing, sitting = (actor("cat", Cue(action, 0, 5, HERE)).bears(2.0) for action in ("stand", "sit"))
    assert (len(standing), len(sitting)) == (4, 5)
    assert sitting[4, 1] < sitting[:2, 1].min()
    assert -0.03 < sitting[4, 2] < 0.03
