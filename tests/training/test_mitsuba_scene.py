"""The path tracer must mean by a scene frame what the raster means by it."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("mitsuba")

from kinema.buffers.scene_frame import Fog, KeyLight, Lamp, Material, Mesh, Sky, Surface, Texture
from kinema.painter.fog import haze
from kinema.painter.pathtrace import PathTracer
from kinema.stage.preview.pack import empty_slot
from kinema.stage.preview.render import Renderer
from reference.worlds import AHEAD, DOWN, OVERHEAD, box, camera, flat, frame, moved

SMALL = {"width": 16, "height": 12}
WHITE = Material("white", (0.9, 0.9, 0.9), 0.95)
SIX = {
    "north": ((0, 1, 0), (0.9, 0.1, 0.1)), "east": ((1, 0, 0), (0.1, 0.9, 0.1)), "south": ((0, -1, 0), (0.1, 0.1, 0.9)),
    "west": ((-1, 0, 0), (0.9, 0.9, 0.1)), "up": ((0, 0, 1), (0.1, 0.9, 0.9)), "down": ((0, 0, -1), (0.9, 0.1, 0.9)),
}  # fmt: skip


def six_skies() -> Sky:
    """A sky of one colour in each of six directions: north is column 0, east a quarter turn on, row 0 the zenith."""
    columns = np.indices((64, 128))[1]
    around = (columns / 128 * 4 + 0.5).astype(int) % 4
    image = np.array([SIX[name][1] for name in ("north", "east", "south", "west")], np.float32)[around]
    image[:12] = SIX["up"][1]
    image[-12:] = SIX["down"][1]
    return Sky("six", image)


def looking(forward):
    forward = np.array(forward, float)
    right = np.cross(forward, [0, 0, 1]) if abs(forward[2]) < 0.5 else np.array([1.0, 0, 0])
    return np.stack([right, np.cross(forward, right), forward])


def traced(scene, samples=64):
    return PathTracer(samples).picture(scene, 0)


@pytest.mark.parametrize("name", SIX)
def test_sky_lies_where_the_raster_has_it(name):
    forward, colour = SIX[name]
    eye = camera((0, 0, 2), looking(forward), **SMALL)
    np.testing.assert_allclose(traced(frame((), eye, sky=six_skies()), 4)[6, 8], colour, atol=0.02)


def test_white_in_key_light_is_one():
    card = Surface(flat(4.0, Material("white", (1.0, 1.0, 1.0), 0.9)), np.eye(4))
    shown = traced(frame((card,), camera((0, 0, 3), DOWN, **SMALL), key_light=OVERHEAD))
    assert shown[3:9, 4:12].mean() == pytest.approx(1.0, rel=0.1)


def test_lamp_at_one_metre_gives_its_colour():
    card = Surface(flat(2.0, WHITE), np.eye(4))
    for lamp in (Lamp((0, 0, 1), (0.6, 0.3, 0.2)), Lamp((0, 0, 1), (0.6, 0.3, 0.2), normal=(0.0, 0.0, -1.0))):
        shown = traced(frame((card,), camera((0, 0, 3), DOWN, width=64, height=48), lamps=(lamp,)), 32)
        np.testing.assert_allclose(shown[22:26, 30:34].mean((0, 1)), 0.9 * np.array([0.6, 0.3, 0.2]), rtol=0.12)


def test_lamp_with_a_face_lights_by_the_cosine():
    card = Surface(flat(8.0, WHITE), np.eye(4))
    lamp = Lamp((0, 0, 1), (1.0, 1.0, 1.0), normal=(0.0, 0.0, -1.0))
    shown = traced(frame((card,), camera((0, 0, 4), DOWN, width=64, height=48), lamps=(lamp,)), 64)
    beside = shown[22:26, 47:49].mean()  # a metre aside: 45 degrees from both normals, twice the distance squared
    assert beside == pytest.approx(0.9 * 0.25, rel=0.2)


def test_lamp_standing_for_a_glowing_surface_is_not_doubled():
    glowing = Surface(flat(0.5, Material("glow", (0.0, 0.0, 0.0), 1.0, emission=(3.0, 2.0, 1.0))), moved(z=1.0))
    lamp = Lamp((0, 0, 1), (100.0, 100.0, 100.0), 0.2, stands_for_surface=True)
    shown = traced(frame((glowing,), camera((0, 0, 2), DOWN, **SMALL), lamps=(lamp,)), 16)
    np.testing.assert_allclose(shown[6, 8], (3.0, 2.0, 1.0), rtol=1e-3)


def test_a_small_lamp_gives_what_its_glowing_surface_lacks():
    """A faint cube in place of a bright lamp lights the floor as the lamp would; one bright enough, by itself."""
    floor = Surface(flat(8.0, WHITE), np.eye(4))
    lamp = Lamp((0.0, 0.0, 1.0), (0.8, 0.8, 0.8), 0.1, stands_for_surface=True)
    eye = camera((0.0, 0.0, 3.0), DOWN, 64, 48)
    wanted = traced(frame((floor,), eye, lamps=(replace(lamp, stands_for_surface=False),)), 64)[16:32, :8].mean()
    for radiance in (0.1, 0.8 * np.pi / 0.06):  # a quarter of the cube's 0.24 square metres is seen from anywhere
        glow = Material(f"glow {radiance}", (0.0, 0.0, 0.0), 1.0, emission=(radiance,) * 3)
        shade = Surface(box(0.2, glow, f"shade {radiance}"), moved(z=1.0))
        shown = traced(frame((floor, shade), eye, lamps=(lamp,)), 64)
        assert shown[16:32, :8].mean() == pytest.approx(wanted, rel=0.35)


def test_texture_stands_upright():
    image = np.zeros((16, 16, 3), np.uint8)
    image[:8] = 255  # the top rows, towards v = 1, lie at +Y
    card = flat(2.0, Material("halves", (0.9, 0.9, 0.9), 0.9, texture=Texture("halves", albedo=image)))
    shown = traced(frame((Surface(card, np.eye(4)),), camera((0, 0, 2), DOWN, **SMALL), key_light=OVERHEAD), 16)
    assert shown[1:5].mean() > 5 * shown[7:11].mean()


def test_vertex_colours_multiply_the_map():
    base = flat(2.0)
    colours = np.array([[0.2] * 3, [0.8] * 3, [0.8] * 3, [0.2] * 3], np.float32)  # dark at -X, bright at +X
    half = Texture("half", albedo=np.full((4, 4, 3), 188, np.uint8))  # linear 0.5
    matter = Material("m", (1.0, 1.0, 1.0), 0.9, texture=half)
    mesh = Mesh("tinted", base.faces, base.positions, base.normals, (matter,), uv=base.uv, colours=colours)
    white = Sky("white", np.ones((4, 8, 3), np.float32))
    shown = traced(frame((Surface(mesh, np.eye(4)),), camera((0, 0, 2), DOWN, width=64, height=48), sky=white))
    left, middle, right = shown[20:28, 16:18].mean(), shown[20:28, 31:33].mean(), shown[20:28, 46:48].mean()
    assert middle / left == pytest.approx(0.5 / 0.35, rel=0.1)
    assert right / middle == pytest.approx(0.65 / 0.5, rel=0.1)


def test_glass_is_left_to_the_layer():
    glass = Surface(flat(2.0, Material("glass", (0.1, 0.1, 0.1), 0.1, opacity=0.5)), moved(z=1.0))
    card = Surface(flat(4.0, WHITE), np.eye(4))
    eye = camera((0, 0, 3), DOWN, **SMALL)
    with_glass, without = (traced(frame(s, eye, key_light=OVERHEAD), 16) for s in ((glass, card), (card,)))
    np.testing.assert_allclose(with_glass, without, rtol=1e-4)


def test_light_passes_what_a_mask_cuts_out():
    alpha = np.zeros((4, 4), np.uint8)
    leaf = Surface(flat(3.0, Material("leaf", texture=Texture("none", alpha=alpha))), moved(z=1.0))
    card = Surface(flat(4.0, WHITE), np.eye(4))
    scene = frame((leaf, card), camera((0, 0, 3), DOWN, **SMALL), key_light=OVERHEAD)
    assert traced(scene, 16)[6, 8].mean() == pytest.approx(0.9, rel=0.1)


def test_preview_and_path_tracer_agree_on_a_lit_plane():
    ground = Surface(flat(60.0, Material("earth", (0.4, 0.3, 0.2), 0.9)), np.eye(4))
    sky = Sky("even", np.full((16, 32, 3), 0.3, np.float32))
    sun = KeyLight((0.48, 0.0, 0.877), (1.0, 0.9, 0.8))
    scene = frame((ground,), camera((0, 0, 2), DOWN, **SMALL), sky=sky, key_light=sun)
    slot = empty_slot(12, 16)
    Renderer().fill(scene, slot)
    np.testing.assert_allclose(traced(scene).mean((0, 1)), slot["preview"].mean((0, 1)), rtol=0.1)


def test_a_painted_scene_has_its_fog_and_its_seeds_noise():
    """A black wall in fog shows the fog's veil alone; another seed, other noise on a lit one."""
    black, white = (Material(name, (c, c, c), 1.0) for name, c in (("black", 0.0), ("white", 0.8)))
    eye = camera((0.0, 0.0, 0.0), AHEAD, 32, 24)
    for matter, fog in ((black, Fog(0.1)), (white, None)):
        wall = Surface(box(40.0, matter, matter.name), moved(y=30.0))
        scene = frame((wall,), eye, fog=fog, sky=six_skies())
        chunk = next(Renderer().render([scene]))
        painted = {seed: PathTracer(4, seed).paint_scenes([scene], chunk)[0] for seed in (1, 2)}
        if fog is not None:
            np.testing.assert_allclose(painted[1][12, 16], haze(scene, chunk.depth[0]).veil[12, 16], rtol=0.05)
        else:
            assert not np.array_equal(painted[1], painted[2])
