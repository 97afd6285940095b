import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinema.buffers.scene_frame import Lamp, Material
from kinema.stage.chance import chance
from kinema.stage.sets.assembly import Assembly, Frame
from kinema.stage.sets.lettering import font, outlines, words, write
from kinema.stage.sets.neon import SHAPES, Rhythm
from kinema.stage.sets.screens import FRAMES, SCENE, programme, screen
from kinema.stage.sets.signs import Deck, Sheet
from kinema.stage.sets.street_kit import front, gathered
from kinema.stage.sets.street_style import styles
from kinema.stage.sets.textures import asphalt, fractal, noise
from kinema.stage.sets.workshop import lamp

PLAIN = Material("plain")


def volume(assembly: Assembly) -> float:
    """Signed volume inside a closed mesh; positive when its faces look outwards."""
    mesh = assembly.mesh()
    p = mesh.positions[mesh.faces].astype(np.float64)
    return float(np.einsum("ij,ij->i", p[:, 0], np.cross(p[:, 1], p[:, 2])).sum() / 6.0)


@given(st.floats(-3.0, 3.0), st.floats(0.1, 4.0), st.floats(0.1, 4.0))
def test_a_box_in_any_frame_has_its_volume(yaw, width, height):
    assembly = Assembly("box")
    assembly.box(Frame((1.0, -2.0, 0.5), yaw), (0, 0, 0), (width, 2.0, height), PLAIN)
    assert volume(assembly) == pytest.approx(2.0 * width * height, rel=1e-3)


def test_a_panel_faces_whoever_looks_along_the_frame():
    for yaw in (0.0, 1.0, np.pi / 2, -2.0):
        assembly = Assembly("panel")
        assembly.panel(Frame(yaw=yaw), (0, 0), (1, 1), 0.0, PLAIN)
        look = np.array([-np.sin(yaw), np.cos(yaw), 0.0])
        np.testing.assert_allclose(assembly.mesh().normals, np.broadcast_to(-look, (4, 3)), atol=1e-6)


def test_rounds_face_outwards():
    turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    ring = Assembly("ring")
    ring.tube(Frame(), np.stack([np.cos(turn), 0 * turn, np.sin(turn)], axis=1), 0.1, PLAIN, 12, closed=True)
    assert volume(ring) == pytest.approx(2 * np.pi**2 * 0.01, rel=0.08)
    can = Assembly("can")
    can.lathe(Frame(), [(0.0, 0.0), (1.0, 0.001), (1.0, 2.0), (0.0, 2.001)], PLAIN, 48)
    assert volume(can) == pytest.approx(2.0 * np.pi, rel=0.02)


def test_noise_has_no_seam():
    field = noise(chance(1, "a", "b"), (64, 64), 16.0)
    inner = np.abs(np.diff(field, axis=1)).max()
    assert np.abs(field[:, 0] - field[:, -1]).max() <= 1.5 * inner
    assert 0.0 <= field.min() < 0.1
    assert 0.9 < field.max() <= 1.0


def test_fractal_noise_is_finer_than_one_octave():
    rough, smooth = fractal(chance(1, "a", "b"), (64, 64), 32.0), noise(chance(1, "a", "b"), (64, 64), 32.0)
    assert np.abs(np.diff(rough, 2)).mean() > 1.3 * np.abs(np.diff(smooth, 2)).mean()


def test_a_wet_road_is_darker_and_has_puddles():
    dry, wet = (asphalt(1, "road", w, 128).material.texture for w in (False, True))
    assert wet.albedo.mean() < 0.8 * dry.albedo.mean()
    puddles = (wet.roughness < 30).mean()
    assert 0.15 < puddles < 0.6
    assert (dry.roughness > 150).all()


@pytest.mark.parametrize(
    ("section", "faces"),
    [
        ("tokyo", ("heavy_ja", "sans_ja", "brush_ja")),
        ("chinese", ("sans_zh", "brush_zh")),
        ("festival", ("sans_zh", "brush_zh")),
        ("european", ("script", "heavy_ja", "sans_ja")),
    ],
)
def test_every_word_can_be_written(section, faces):
    def letters(tree: object) -> set[str]:
        if isinstance(tree, str):
            return set(tree)
        return set().union(*map(letters, tree.values() if isinstance(tree, dict) else tree))  # type: ignore[call-overload]

    for face in faces:
        pen = font(face, 40)
        missing = np.asarray(pen.getmask("\uffff"))
        lacking = [c for c in letters(words()[section]) - {" "} if np.array_equal(np.asarray(pen.getmask(c)), missing)]
        assert lacking == []


def test_letters_fill_their_box():
    mask = write("酒", "heavy_ja", (80, 80))
    rows, columns = np.nonzero(mask > 127)
    assert mask.shape == (80, 80)
    assert max(np.ptp(rows), np.ptp(columns)) > 65


def test_downwards_sets_one_letter_under_another():
    mask = write("酒場", "sans_ja", (40, 200), downwards=True) > 127
    rows = np.nonzero(mask.any(axis=1))[0]
    assert np.ptp(rows) > 60
    across = write("酒場", "sans_ja", (200, 40)) > 127
    assert np.ptp(np.nonzero(across.any(axis=0))[0]) > 60


def test_outlines_are_as_tall_as_asked():
    points = np.concatenate(outlines("BAR", "heavy_ja", 0.5))
    assert np.ptp(points[:, 1]) == pytest.approx(0.5, rel=0.1)


def test_neon_shapes_fit_a_unit_square():
    for shape in SHAPES.values():
        for line in shape():
            assert line.shape[1] == 2
            assert np.abs(line).max() <= 0.56


def test_rhythms_stay_within_bounds_and_change():
    times = np.arange(0.0, 40.0, 0.05)
    for kind in ("pulse", "blink", "flicker", "chase"):
        levels = [Rhythm(kind, 0.3).level(t) for t in times]
        assert min(levels) >= 0.0
        assert max(levels) <= 1.0
        assert max(levels) - min(levels) > 0.3
    assert {Rhythm("steady").level(t) for t in times} == {1.0}


def test_a_deck_repeats_no_word_before_all_were_shown():
    style = styles()["tokyo"]
    deck = Deck(style, chance(1, "deck", "words"))
    count = len(words()["tokyo"]["fascia"])
    assert len({deck.word("fascia") for _ in range(count)}) == count


def test_a_sheet_shows_what_was_put_on_it():
    sheet = Sheet("sheet", 2.0, size=64)
    red = np.zeros((20, 30, 3), np.uint8)
    red[..., 0] = 255
    shown = sheet.put(red)
    assert shown.glow == pytest.approx((2.0, 0.0, 0.0))
    u0, v0, u1, v1 = shown.uv
    page = shown.material.texture.albedo
    row, column = int((1 - (v0 + v1) / 2) * 64), int((u0 + u1) / 2 * 64)
    assert tuple(page[row, column]) == (255, 0, 0)


def test_pictures_on_a_sheet_do_not_overlap():
    sheet = Sheet("sheet", 1.0, size=128)
    shown = [sheet.put(np.full((30, 40, 3), value, np.uint8)) for value in range(10, 250, 20)]
    for value, one in zip(range(10, 250, 20), shown, strict=True):
        u0, v0, u1, v1 = one.uv
        page = one.material.texture.albedo
        part = page[int((1 - v1) * 128) : int((1 - v0) * 128) + 1, int(u0 * 128) : int(u1 * 128) + 1]
        assert (part == value).all()


def test_too_large_a_picture_is_refused():
    with pytest.raises(ValueError, match="must fit a page of 64"):
        Sheet("sheet", 1.0, size=64).put(np.zeros((10, 70, 3), np.uint8))


def test_a_screen_loops_without_a_jump():
    pictures = programme(2, "wall", styles()["tokyo"], (3.0, 4.0))
    assert len(pictures) == FRAMES
    steps = [np.abs(pictures[k].astype(int) - pictures[k - 1]).mean() for k in range(FRAMES)]
    assert steps[0] <= 2.0 * max(steps[1:])
    assert max(steps) > 0.5


def test_a_screens_word_stands_long_enough_to_be_read():
    wall = screen(2, "wall", styles()["tokyo"], [Frame()], (3.0, 4.0), 1.0)
    scenes = [wall.picture(t) // SCENE for t in np.arange(0.0, 18.0, 0.125)]
    changes = np.flatnonzero(np.diff(scenes)) + 1
    assert set(scenes) == {0, 1}
    assert np.diff(changes).min() * 0.125 >= 4.0
    assert len({wall.picture(t) for t in np.arange(0.0, 1.5, 0.125)}) == SCENE  # while its ground moves


def test_fronts_are_darker_above_the_streets_lights_and_glow_by_night_only():
    style = styles()["tokyo"]
    for number in range(len(style.walls)):
        night, day = front(1, number, style, 1.0), front(1, number, style, 0.12)
        assert 0.0 < sum(night.high.material.emission) < 0.7 * sum(night.low.material.emission)
        assert sum(day.low.material.emission) == sum(day.high.material.emission) == 0.0


def test_a_lamp_is_as_bright_as_the_face_it_stands_for():
    # a face of radiance 1 and pi square metres shows white as 1 at one metre
    one = lamp(Frame((1.0, 2.0, 3.0)), (0.0, 0.0, 0.0), (1.0, 0.5, 0.0), np.pi, 0.3, (0.0, -1.0, 0.0))
    assert one.colour == pytest.approx((1.0, 0.5, 0.0))
    assert one.normal == pytest.approx((0.0, -1.0, 0.0))


def test_gathering_lamps_keeps_the_light():
    many = [Lamp((x, y, z), (1.0, 0.5, 0.2)) for x in (-6.0, 6.0) for y in range(0, 24, 2) for z in (2.0, 7.0)]
    few = gathered(many, 6.0)
    assert len(few) == 16
    np.testing.assert_allclose(
        np.sum([one.colour for one in few], axis=0), np.sum([one.colour for one in many], axis=0)
    )
    assert {np.sign(one.position[0]) for one in few} == {-1.0, 1.0}
