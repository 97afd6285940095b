"""Skies: where light comes from, how bright it is, and that nothing depends on anything but place and seed."""

import numpy as np
import pytest
from pydantic import ValidationError

from kinema.schema.storyboard import Place
from kinema.stage.families import SETS
from kinema.stage.sets.sky import (
    build_sky,
    fog_for,
    hour_of,
    hours,
    key_light,
    luminary,
    moon_direction,
    own_hours,
    sun_direction,
    told_hours,
)

DAY = {"elevation": 33.0, "azimuth": 236.0, "key": 1.5, "sky": 2.5, "haze": 0.9}
LUMA = np.array([0.2126, 0.7152, 0.0722])


def place(**changes):
    return Place(**({"set": "mountain_road", "hour": "day"} | changes))


def brightest(image):
    row, column = np.unravel_index(np.argmax(image @ LUMA), image.shape[:2])
    elevation = np.pi / 2 - (row + 0.5) / image.shape[0] * np.pi
    azimuth = (column + 0.5) / image.shape[1] * 2 * np.pi
    return np.array([np.sin(azimuth) * np.cos(elevation), np.cos(azimuth) * np.cos(elevation), np.sin(elevation)])


def test_hours_cover_the_storyboard():
    assert set(hours()) == {"dawn", "morning", "day", "evening", "night"}


def test_a_set_may_have_an_hour_of_its_own_checked_as_the_others():
    assert own_hours()["festival_street", "evening"].elevation == 3.0
    assert {name for name, _ in own_hours()} <= set(SETS)
    assert hour_of(place(set="festival_street", hour="evening")).haze == 1.4
    assert hour_of(place(set="mountain", hour="evening")).haze == 1.2
    with pytest.raises(ValidationError):
        told_hours({"hours": {"day": DAY}, "sets": {"bedroom": {"day": {"elevation": 95.0}}}})
    with pytest.raises(ValidationError):
        told_hours({"hours": {"day": DAY}, "sets": {"bedroom": {"day": {"colour": 1.0}}}})


def test_the_blue_hour_is_lit_from_behind_those_who_come_and_bluer_than_a_plain_evening():
    light = key_light(place(set="festival_street", hour="evening"))
    assert light is not None
    assert light.direction[1] < 0.0 < light.direction[2]
    assert light.colour[2] > light.colour[0]
    towns = ("festival_street", "city_street")
    skies = [build_sky(place(set=name, hour="evening"), 1)[0].image[:200] for name in towns]
    festival, town = (sky[..., 2].mean() / sky[..., 0].mean() for sky in skies)
    assert festival > 1.3 * town


def test_a_clear_day_is_blue_above_and_pale_at_the_horizon():
    sky, key = build_sky(place(), 1)
    upper = sky.image[: sky.image.shape[0] // 2]
    assert sky.image.dtype == np.float32
    assert sky.image.shape[1] == 2 * sky.image.shape[0]
    assert 0.15 < float((upper @ LUMA).mean()) < 0.6
    overhead, low = upper[60].mean(0), upper[-20].mean(0)
    assert overhead[2] / overhead[0] > 1.5 * low[2] / low[0]
    assert key is not None
    assert key.colour[0] == pytest.approx(1.57, abs=0.12)


def test_the_moon_is_where_it_is_said_to_be():
    there = place(set="mountain", hour="night", features=("moon",))
    sky, key = build_sky(there, 2)
    assert float(brightest(sky.image) @ moon_direction(there)) > np.cos(np.radians(3.0))
    assert key is not None
    assert key.direction == pytest.approx(tuple(moon_direction(there)))
    without, _ = build_sky(place(set="mountain", hour="night"), 2)
    lit, unlit = ((image @ LUMA > 0.5).sum() for image in (sky.image, without.image))
    assert lit > 2000
    assert lit > 3 * unlit


@pytest.mark.parametrize("hour", ["dawn", "morning", "day", "evening"])
def test_sunlight_is_warmer_the_lower_the_sun(hour):
    light = key_light(place(hour=hour))
    noon = key_light(place(hour="day"))
    assert light is not None
    assert noon is not None
    assert light.direction == pytest.approx(tuple(sun_direction(place(hour=hour))))
    assert light.colour[0] / light.colour[2] >= noon.colour[0] / noon.colour[2]


def test_closed_weather_softens_the_key_and_thickens_the_air():
    clear, rain = key_light(place()), key_light(place(weather="rain"))
    assert clear is not None
    assert rain is not None
    assert rain.angular_radius > 10 * clear.angular_radius
    thin, thick = fog_for(place()), fog_for(place(weather="fog"))
    assert thin is not None
    assert thick is not None
    assert thick.density > 20 * thin.density


def test_a_street_at_night_has_no_key_light_and_a_room_no_fog():
    assert key_light(place(set="city_street", hour="night")) is None
    assert fog_for(place(set="bedroom")) is None


def test_same_place_and_seed_give_the_same_bytes():
    there = place(hour="evening", weather="snow")
    assert build_sky(there, 5)[0].image.tobytes() == build_sky(there, 5)[0].image.tobytes()
    assert build_sky(there, 5)[0].image.tobytes() != build_sky(there, 6)[0].image.tobytes()


@pytest.mark.parametrize("hour", ["dawn", "morning", "day", "evening"])
@pytest.mark.parametrize("name", ["city_street", "festival_street"])
def test_the_sun_shines_along_a_street(name, hour):
    """Walls on either side as high as a street is wide shade less than a third of it."""
    x, y, z = sun_direction(place(set=name, hour=hour))
    assert abs(x) / z < 0.33
    assert y > 0
    sky, key = build_sky(place(set=name, hour=hour), 1)
    assert key is not None
    if (name, hour) != ("festival_street", "evening"):  # whose key is the light left when the sun gives none
        assert key.direction == pytest.approx((x, y, z))
    upper = sky.image[: sky.image.shape[0] // 2] @ LUMA
    half = upper.shape[1] // 2
    ahead = np.concatenate([upper[:, : half // 2], upper[:, -half // 2 :]], axis=1)
    assert ahead.mean() > upper[:, half // 2 : -half // 2].mean()  # the sky is bright where the sun is


def test_noon_stands_high_over_a_street():
    assert np.degrees(np.arcsin(sun_direction(place(set="city_street"))[2])) == pytest.approx(50.0)
    assert np.degrees(np.arcsin(sun_direction(place())[2])) == pytest.approx(33.0)


def test_only_a_place_with_a_moon_has_a_luminary():
    assert luminary(place(set="mountain", hour="night")) is None
    lit = luminary(place(set="mountain", hour="night", features=("moon",)))
    assert lit is not None
    assert lit.direction == pytest.approx(tuple(moon_direction(place())))
    assert 0.03 < lit.radius < 0.08
