"""Pictures of hair: strands that differ, locks that run out, a parting that shows the scalp."""

import numpy as np

from kinema.stage.bodies.people.appearance import HAIRS
from kinema.stage.bodies.people.strands import STRIPS, hair_material, lock_texture, parting_material, sheet_texture
from kinema.stage.colours import decoded, from_hex


def test_neighbouring_wisps_differ_in_tone_far_more_than_a_wisp_does_along_itself() -> None:
    albedo = sheet_texture().albedo
    assert albedo is not None
    tone = decoded(albedo)[180:330].mean(2)  # where neither root nor tip changes it
    assert tone.std(1).mean() > 0.15 * tone.mean()
    assert tone.std(1).mean() > 1.5 * tone.std(0).mean()


def test_locks_are_whole_at_first_and_taper_to_points() -> None:
    alpha = lock_texture().alpha
    assert alpha is not None
    covered = (alpha > 127).reshape(len(alpha), STRIPS, -1).mean(2)  # (S, STRIPS)
    assert (covered[150] > 0.5).all()
    assert (covered[-8:] == 0.0).all()
    assert (covered[int(0.85 * len(alpha))] < 0.55 * covered[150]).all()


def test_hair_keeps_its_colour_in_the_mean() -> None:
    brown = (0.05, 0.022, 0.01)
    material, albedo = hair_material("sheet", brown, sheet_texture()), sheet_texture().albedo
    assert albedo is not None
    mean = np.array(material.albedo) * decoded(albedo).mean((0, 1))
    np.testing.assert_allclose(mean, brown, rtol=0.12)


def test_white_hair_is_white_and_blonde_hair_keeps_its_hue() -> None:
    albedo = sheet_texture().albedo
    assert albedo is not None
    shade = decoded(albedo).mean((0, 1))
    white, pale, blonde = from_hex(HAIRS["white"]), (0.8, 0.8, 0.8), (0.80, 0.60, 0.32)
    means = [np.array(hair_material("sheet", colour, sheet_texture()).albedo) * shade for colour in (white, pale)]
    assert all(mean.min() > 0.62 and mean.max() < 0.8 for mean in means)
    tinted = hair_material("sheet", blonde, sheet_texture()).albedo
    assert max(tinted) <= 1.0
    np.testing.assert_allclose(np.array(tinted) / tinted[0], np.array(blonde) / blonde[0])


def test_a_parting_shows_skin_in_its_middle_and_hair_at_its_sides() -> None:
    texture = parting_material((0.6, 0.4, 0.3), (0.02, 0.012, 0.01)).texture
    assert texture is not None
    assert texture.albedo is not None
    tone = decoded(texture.albedo).mean(2)
    middle = tone.shape[1] // 2
    assert tone[:, middle - 1 : middle + 1].mean() > 4 * tone[:, :20].mean()
