import numpy as np
import pytest

from kinema.schema.storyboard import Subject
from kinema.stage.bodies.vehicle import concepts, perform
from kinema.stage.bodies.vehicle.dust import Dust
from kinema.stage.bodies.vehicle.species import named
from kinema.stage.colours import colour
from kinema.stage.cue import Cue, Mark, Path

STRAIGHT = Path(np.array([[0.0, 0.0, 0.0], [0.0, 200.0, 0.0]]))
SUV = Subject(id="suv", concept="suv", colours={"body": "white", "roof_rack": "black"})
CORNERS = ("wheel_front_right", "wheel_front_left", "wheel_rear_right", "wheel_rear_left")


def flat(points):
    return np.zeros(len(points))


def dirt(points):
    return 0.01 * np.sin(3.0 * points[:, 0] + 2.0 * points[:, 1])


def drive(**more):
    return Cue("drive", 0.0, 10.0, Mark((0, 0, 0)), more.pop("path", STRAIGHT), **{"speed": 10.0, **more})


def spin(transform):
    """How far a wheel has rolled, as the angle of its own z axis in the plane of travel."""
    z = transform[:3, 2]
    return np.arctan2(z[1], z[2])


@pytest.mark.parametrize("concept", ["suv", "car", "jeep", "taxi"])
def test_every_concept_stands_on_its_wheels(concept):
    actor = perform(Subject(id="a", concept=concept), [Cue("park", 0, 1, Mark((3, 4, 0), 0.5))], flat, 1)
    low = min((s.mesh.positions @ s.transform[:3, :3].T + s.transform[:3, 3])[:, 2].min() for s in actor.surfaces(0.5))
    assert low == pytest.approx(0.0, abs=0.02)
    assert actor.facing(0.5) == pytest.approx(0.5, abs=1e-3)
    assert actor.anchor(0.5, "centre")[:2] == pytest.approx([3, 4], abs=0.05)


def test_concepts_name_rows():
    assert {"suv", "car"} <= concepts()
    with pytest.raises(KeyError, match="known"):
        named("submarine")


def test_wheels_roll_as_far_as_the_road():
    actor = perform(SUV, [drive()], flat, 1)
    radius = named("suv")[1].wheel.radius
    step = 0.05 * 10.0 / radius
    before, after = (actor.surfaces(t)[2].transform for t in (3.0, 3.05))
    turned = (spin(after) - spin(before) + np.pi) % (2 * np.pi) - np.pi
    assert abs(turned) == pytest.approx(step, rel=0.02)
    # the top of the wheel runs forward
    point = np.array([0.0, 0.0, radius, 1.0])
    inverse = np.linalg.inv(before)
    on_top = before[:3, 3] + [0, 0, radius]
    local = inverse @ np.array([*on_top, 1.0])
    assert local[:3] @ local[:3] == pytest.approx(point[:3] @ point[:3], rel=1e-6)
    assert (after @ local)[1] - on_top[1] > 0.5


def test_speed_and_path_start_set_the_place():
    actor = perform(SUV, [drive(path_start=20.0)], flat, 1)
    assert actor.anchor(0.0, "centre")[1] == pytest.approx(20.0, abs=0.3)
    assert actor.anchor(4.0, "centre")[1] == pytest.approx(60.0, abs=0.5)


def test_chassis_takes_the_slope():
    actor = perform(SUV, [drive(speed=2.0)], lambda p: 0.3 * p[:, 1], 1)
    transform = actor.surfaces(3.0)[0].transform
    assert transform[2, 1] / transform[1, 1] == pytest.approx(0.3, abs=0.03)
    for name in CORNERS:
        _, y, z = actor.anchor(3.0, name)
        assert z == pytest.approx(0.3 * y + 0.4, abs=0.12)


def test_pulls_away_then_brakes_along_its_road_and_stays():
    cues = [
        Cue("park", 0, 1, Mark((0, 0, 0))),
        Cue("drive", 1, 9, Mark((0, 0, 0)), STRAIGHT, speed=8.0),
        Cue("park", 9, 14, Mark((0, 48, 0))),
        Cue("park", 14, 16, Mark((0, 48, 0))),
    ]
    actor = perform(SUV, cues, flat, 1)
    times = np.arange(0.0, 16.0, 0.25)
    speed = np.diff([actor.anchor(t, "centre")[1] for t in times]) / 0.25
    assert speed[:3] == pytest.approx(0.0, abs=1e-6)
    assert 0.0 < speed[4] < 1.0
    assert speed.max() == pytest.approx(8.0, abs=0.2)
    assert np.abs(np.diff(speed)).max() < 1.3
    assert speed[-8:] == pytest.approx(0.0, abs=1e-6)


def test_follows_a_bend_nose_first():
    turn = np.linspace(0, np.pi / 2, 40)
    bend = Path(np.stack([-30 * (1 - np.cos(turn)), 30 * np.sin(turn), np.zeros(40)], axis=1))
    actor = perform(SUV, [drive(path=bend, speed=5.0)], flat, 1)
    assert actor.facing(5.0) == pytest.approx(25.0 / 30.0, abs=0.06)
    ahead = actor.anchor(5.0, "front") - actor.anchor(5.0, "rear")
    assert np.arctan2(-ahead[0], ahead[1]) == pytest.approx(actor.facing(5.0), abs=0.03)


def test_is_a_pure_function_of_time():
    one, other = (perform(SUV, [drive()], dirt, 7) for _ in range(2))
    other.surfaces(1.0)
    for a, b in zip(one.surfaces(4.2), other.surfaces(4.2), strict=True):
        assert a.mesh.key == b.mesh.key
        assert np.array_equal(a.transform, b.transform)
    assert np.array_equal(one.particles(4.2)[0].positions, other.particles(4.2)[0].positions)


def test_dust_hangs_behind_the_rear_wheels_and_only_on_dirt():
    actor = perform(SUV, [drive(manner=("fast",))], dirt, 1)
    puffs = actor.particles(5.0)[0]
    assert len(puffs.positions) > 100
    rear = actor.anchor(5.0, "wheel_rear_left")[1]
    assert np.median(puffs.positions[:, 1]) < rear - 3.0
    assert (puffs.positions[:, 2] > 0).all()
    assert ((puffs.opacity >= 0) & (puffs.opacity <= 1)).all()
    young = puffs.positions[:, 1] > rear - 4.0
    assert np.quantile(puffs.positions[young, 2], 0.98) < 1.4
    assert puffs.radii[young].mean() < 0.6 * puffs.radii[~young].mean()
    assert perform(SUV, [drive()], dirt, 1, dust=0.0).particles(5.0) == []
    assert perform(SUV, [drive()], flat, 1).particles(5.0) == []
    assert perform(SUV, [Cue("park", 0, 9, Mark((0, 0, 0)))], dirt, 1).particles(5.0) == []


def test_a_puff_that_eddies_press_to_the_ground_is_no_thicker_for_it(monkeypatch):
    actor = perform(SUV, [drive()], dirt, 1)
    level, pressed = np.zeros(3), np.array([0.0, 0.0, -9.0])
    thick = []
    for drawn in (level, pressed):
        monkeypatch.setattr(Dust, "_drawn", lambda self, way, side, age, drawn=drawn: np.tile(drawn, (len(age), 1)))
        monkeypatch.setattr("kinema.stage.bodies.vehicle.dust.THIN", 1.4 if drawn is pressed else 1e9)
        thick.append(actor.particles(5.0)[0].opacity)
    np.testing.assert_allclose(thick[1], thick[0], rtol=1e-5)  # all on the ground: as if none thinned upwards


def test_a_vehicle_is_light_enough_to_draw():
    meshes = [s.mesh for s in perform(SUV, [drive()], flat, 1).surfaces(0.0)]
    assert sum(len(mesh.faces) for mesh in meshes) < 18_500


def test_colours_are_the_subjects():
    actor = perform(SUV.model_copy(update={"colours": {"body": "red", "roof_rack": "yellow"}}), [drive()], flat, 1)
    materials = {m.name: m.albedo for m in actor.surfaces(0.0)[0].mesh.materials}
    assert materials["paint_suv"] == colour("red")
    assert materials["rack"] == colour("yellow")
