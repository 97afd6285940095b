"""The sky of a place: its image, its sun or moon, and the colour of its air."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.ndimage import gaussian_filter, map_coordinates

from kinema.buffers.scene_frame import F32, Colour, Fog, KeyLight, Sky
from kinema.schema.document import Document
from kinema.schema.storyboard import Place
from kinema.schema.tables import parsed
from kinema.stage.cache import kept
from kinema.stage.sets import clouds
from kinema.stage.sets.atmosphere import GROUND_ALBEDO, Atmosphere
from kinema.stage.sets.directions import F64, angles, rays, toward
from kinema.stage.sets.heavens import MOON_RADIUS, hang_moon, night
from kinema.stage.sets.noise import smooth
from kinema.stage.setting import Luminary

LUMA = np.array([0.2126, 0.7152, 0.0722])
BALANCE = np.array([0.95, 1.0, 1.13])  # a camera set for daylight: takes out most of the air's own warmth at noon
LIT_AT_NIGHT = frozenset({"city_street", "festival_street"})  # towns glow, and hide the stars
CLOSED = frozenset({"rain", "snow", "fog"})
AXES = {"city_street": 0.0, "festival_street": 0.0}  # azimuth (degrees) leads walk along in sets between walls
HIGH_SUN, HIGH = 30.0, 50.0  # degrees: a sun that stands higher than the first is raised to the second between walls
SPREAD = 3.6  # the sun's height over its way across the walls: a quarter of a street as wide as high lies in shade
# Of the computed sky's colour. Full, finishing (which adds a tenth) makes noon a postcard's blue, and what the sky
# alone lights, snow and far ranges in shade, as blue as the sky.
SATURATION = 0.96
AFTER_RADIUS = 0.15  # radians: a patch of sky is no point
FILL = 1.4  # gain on the sky between walls, which hide most of it


class Afterlight(Document):
    """Where the light that is left comes from, when the sun gives none, and its colour; see hours.yaml."""

    elevation: float = Field(gt=0, lt=90)
    azimuth: float
    colour: Colour


class Hour(Document):
    """A row of hours.yaml; see there."""

    elevation: float = Field(gt=0, lt=90)
    azimuth: float
    key: float = Field(gt=0)
    sky: float = Field(gt=0)
    haze: float = Field(gt=0)
    tint: Colour = (1.0, 1.0, 1.0)
    after: Afterlight | None = None


@functools.cache
def hours() -> Mapping[str, Hour]:
    """hours.yaml, checked."""
    return {name: Hour(**row) for name, row in _table()["hours"].items()}


@functools.cache
def own_hours() -> Mapping[tuple[str, str], Hour]:
    """Hours as a set has them, by set and hour."""
    return told_hours(_table())


def told_hours(table: Mapping[str, Any]) -> dict[tuple[str, str], Hour]:
    """What a table of hours.yaml's form has under `sets`, each with the rest of its hour. Raises: ValidationError."""
    return {
        (name, hour): Hour(**table["hours"][hour] | changes)
        for name, changed in table["sets"].items()
        for hour, changes in changed.items()
    }


def _table() -> dict[str, dict[str, Any]]:
    return dict(parsed(resources.files(__package__).joinpath("hours.yaml").read_text("utf-8")))


def hour_of(place: Place) -> Hour:
    """The hour as it falls on a place: between walls the sun stands along them, or all would lie in their shade.

    Leads walk along the axis and are seen from their right front: it stands ahead of them and to their right.
    """
    hour, axis = own_hours().get((place.set, place.hour), hours()[place.hour]), AXES.get(place.set)
    if axis is None or place.hour == "night":
        return hour
    elevation = max(hour.elevation, HIGH) if hour.elevation > HIGH_SUN else hour.elevation
    aside = float(np.degrees(np.arcsin(min(np.tan(np.radians(elevation)) / SPREAD, 0.5))))
    between = {"elevation": elevation, "azimuth": axis + aside, "sky": FILL * hour.sky}
    return Hour(**hour.model_dump() | between)


def sun_direction(place: Place) -> F64:
    """Unit vector (3,) towards the sun; at night towards where the moon is or would be."""
    hour = hour_of(place)
    return toward(hour.elevation, hour.azimuth)


def moon_direction(place: Place) -> F64:
    """Unit vector (3,) towards the moon's middle: into the picture at rest, low enough to stand behind a figure."""
    row = hours()["night"]
    return toward(row.elevation, row.azimuth)


def luminary(place: Place) -> Luminary | None:
    """The moon, where the place shows one."""
    return Luminary(_unit(moon_direction(place)), float(MOON_RADIUS)) if "moon" in place.features else None


def build_sky(place: Place, seed: int) -> tuple[Sky, KeyLight | None]:
    """The sky's image and the light that casts shadows; None where a night has no moon and no open country."""
    told = (place.hour, hour_of(place), place.weather, place.set in LIT_AT_NIGHT, "moon" in place.features, seed)
    upper, haze, light = kept("sky", told, lambda: _upper_half(place, seed))
    image = _with_ground(upper.astype(np.float32), haze, light)
    sky = Sky(f"sky/{place.hour}/{place.weather}/{place.set}/{'moon' in place.features}/{seed}", image)
    return sky, key_light(place)


def _upper_half(place: Place, seed: int) -> tuple[NDArray[np.float16], F32, F32]:
    """What is over the horizon (H / 2, W, 3), and the colours (3,) of haze and of the light on the ground."""
    if place.hour == "night":
        image, haze, light = _night_image(place, seed)
    elif place.weather in CLOSED:
        image, haze, light = _overcast_image(place, seed, 1024)
    else:
        image, haze, light = _clear_image(place, seed, 2048)
    return image.astype(np.float16), haze, light


def key_light(place: Place) -> KeyLight | None:
    """Sunlight after its way through the air; a broad soft light from the zenith's side under closed cloud."""
    hour, town = hour_of(place), place.set in LIT_AT_NIGHT
    closed = place.weather in CLOSED
    if place.hour == "night":
        moon = "moon" in place.features
        if town and not moon:
            return None
        if closed and not moon:
            return KeyLight(_unit((0.2, 0.35, 0.9)), (0.060, 0.076, 0.100), 0.3)
        veiled = 0.6 if closed else 1.0
        return KeyLight(_unit(moon_direction(place)), _scaled(np.array([0.66, 0.83, 1.0]), veiled * hour.key), 0.012)
    tint = _sunlight(place)
    if hour.after is not None and not closed:
        way = toward(hour.after.elevation, hour.after.azimuth)
        return KeyLight(_unit(way), _scaled(np.array(hour.after.colour), hour.key), AFTER_RADIUS)
    if closed:
        lean = sun_direction(place) * 0.5 + np.array([0, 0, 1.0])
        return KeyLight(_unit(lean), _scaled(0.4 * tint + 0.6 * tint.mean(), 0.30 * hour.key), 0.3)
    return KeyLight(_unit(sun_direction(place)), _scaled(tint, hour.key), 0.0047)


def fog_for(place: Place) -> Fog | None:
    """The air between the eye and things: aerial perspective in the open, thicker in weather; None indoors."""
    if place.set in INDOORS:
        return None
    density, height = HAZE["night" if place.hour == "night" else "clear"]
    if place.weather in CLOSED:
        density, height = HAZE[place.weather]
    return Fog(density, height, tuple(float(c) for c in horizon_colour(place)))  # type: ignore[arg-type]


def woodland_air(place: Place) -> Fog | None:
    """Air between trees, full of what the sun lights: its haze is of the sun's own colour, in part."""
    air, key = fog_for(place), key_light(place)
    if air is None or key is None or place.hour == "night" or place.weather in CLOSED:
        return air
    sun = np.array(key.colour) * (sum(air.colour) / sum(key.colour))
    low = float(smooth(0.45, 0.20, np.array(key.direction[2])))  # a low sun's beams show in it
    share = 0.35 + 0.20 * low
    red, green, blue = (1.0 - share) * np.array(air.colour) + share * sun
    return Fog((1.4 + 0.6 * low) * air.density, air.scale_height, (float(red), float(green), float(blue)))


HAZE_GLOW, CLOUD_GLOW = (0.36, 0.19, 0.16), (0.13, 0.09, 0.11)
INDOORS = frozenset({"bedroom"})
# density (1/m) and scale height (m)
HAZE = {
    "clear": (0.00034, 300.0),
    "night": (0.0009, 120.0),
    "rain": (0.006, 90.0),
    "snow": (0.008, 90.0),
    "fog": (0.028, 45.0),
}


def horizon_colour(place: Place) -> F64:
    """Mean radiance (3,) of the sky just over the horizon: what distance fades to."""
    if place.hour == "night":
        if place.set in LIT_AT_NIGHT:
            return np.array([0.050, 0.050, 0.084])
        return np.array([0.056, 0.092, 0.152]) if "moon" in place.features else np.array([0.022, 0.04, 0.07])
    if place.weather in CLOSED:
        return _deck(place)[1]
    elevation, azimuth = np.radians(np.array([1.0, 3.0]))[:, None], np.linspace(0, np.pi, 24)[None, :]
    return np.asarray(_clear_radiance(hour_of(place))(elevation, azimuth).mean((0, 1)))


def _unit(vector: F64 | tuple[float, float, float]) -> tuple[float, float, float]:
    v = np.asarray(vector, float)
    v = v / np.linalg.norm(v)
    return float(v[0]), float(v[1]), float(v[2])


def _scaled(tint: F64, luminance: float) -> Colour:
    colour = tint * (luminance / float(LUMA @ tint))
    return float(colour[0]), float(colour[1]), float(colour[2])


def _sunlight(place: Place) -> F64:
    """The sun's colour (3,) at the ground, balanced as a camera would."""
    hour = hour_of(place)
    air = _air(hour.haze)
    through = air.transmittance(np.array(air.altitude), np.array(np.sin(np.radians(hour.elevation))))
    # A low sun keeps some blue: film and eye both adapt, and lit dust around the sun is whiter than its disc.
    return np.asarray(BALANCE * through ** (0.8 if hour.elevation > 8 else 0.62))


@functools.cache
def _air(haze: float) -> Atmosphere:
    return Atmosphere(haze)


class _ClearRadiance:
    """Sky radiance by elevation and azimuth from the sun, looked up in a grid computed once."""

    def __init__(self, hour: Hour) -> None:
        self.rise = np.linspace(0, 1, 72)  # square root of elevation / (pi / 2): fine near the horizon
        self.turn = np.linspace(0, np.pi, 73)
        self.grid = kept("clear sky", hour, lambda: self._graded(hour))

    def _graded(self, hour: Hour) -> F64:
        """Radiance (72, 73, 3) as a photographer prints it."""
        grid = _air(hour.haze).radiance(
            (self.rise**2 * np.pi / 2)[:, None], self.turn[None, :], float(np.radians(hour.elevation))
        )
        # Low light reddens with less yellow in the eye than in three wavelengths: hold back green at dawn and dusk.
        low = float(np.exp(-hour.elevation / 6.0))
        graded = grid * BALANCE * (1 + low * np.array([0.06, -0.16, 0.22])) * hour.sky * np.array(hour.tint)
        luminance: F64 = np.asarray(graded @ LUMA)[..., None]
        graded = luminance + (graded - luminance) * SATURATION
        # Lift the dark zenith and hold back the sun's surround, as a film's shoulder and toe do.
        return np.asarray(graded / luminance * 0.42 * (luminance / 0.42) ** 0.72)

    def __call__(self, elevation: F64 | F32, azimuth: F64 | F32) -> F64:
        e = np.sqrt(np.maximum(np.asarray(elevation, np.float64), 0.0) / (np.pi / 2)) * (len(self.rise) - 1)
        a = np.abs((azimuth + np.pi) % (2 * np.pi) - np.pi) / np.pi * (len(self.turn) - 1)
        at = np.stack(np.broadcast_arrays(e, a))
        return np.stack([map_coordinates(self.grid[..., c], at, order=1, mode="nearest") for c in range(3)], -1)


@functools.cache
def _clear_radiance(hour: Hour) -> _ClearRadiance:
    return _ClearRadiance(hour)


def _clear_image(place: Place, seed: int, width: int) -> tuple[F32, F32, F32]:
    """Blue air with wispy cirrus, or with broken clouds when cloudy; below the horizon, hazy ground."""
    hour, sun = hour_of(place), sun_direction(place)
    elevation, azimuth = angles(width, slice(0, width // 4))
    image = _clear_radiance(hour)(elevation, azimuth - np.float32(np.radians(hour.azimuth))).astype(np.float32)
    haze = horizon_colour(place).astype(np.float32)
    x, y, z = rays(elevation, azimuth)
    forward = np.clip(x * sun[0] + y * sun[1] + z * sun[2], 0, 1) ** 12
    light = np.asarray(_scaled(_sunlight(place), hour.key), np.float32)
    ambient = image.mean((0, 1))
    thin = clouds.cirrus(seed, elevation, azimuth, 0.72)
    glow = light * (0.62 + 0.7 * forward[..., None]) + 0.35 * ambient
    image += (glow - image) * (thin * smooth(0.01, 0.22, z))[..., None] * 0.85
    if place.weather == "cloudy":
        cover, lit = clouds.heaps(seed, elevation, azimuth, sun, 0.5)
        body = light * (lit * (0.75 + 0.5 * forward))[..., None] + ambient * 0.9
        far = smooth(0.0, 0.3, z)[..., None]
        image += (haze * (1 - far) + body * far - image) * (cover * smooth(0.005, 0.09, z))[..., None]
    if "moon" in place.features:
        whole = np.concatenate([image, np.zeros_like(image)])
        hang_moon(whole, seed, moon_direction(place))
        image = np.maximum(image, whole[: width // 4] * 0.5)
    return image, haze, np.asarray(light * hour.sky / 2.5, np.float32)


def _deck(place: Place) -> tuple[F64, F64]:
    """Zenith and horizon colour of a closed cloud deck by day."""
    level = {"dawn": 0.55, "evening": 0.62}.get(place.hour, 1.0)
    sunlight = _sunlight(place)
    tint = np.asarray(sunlight / float(LUMA @ sunlight))
    white = level * (0.75 + 0.25 * tint) * np.array([0.93, 1.0, 1.06])
    zenith, horizon = {"rain": (0.46, 0.30), "snow": (0.66, 0.60), "fog": (0.62, 0.58)}[place.weather]
    return white * zenith, white * horizon


def _overcast_image(place: Place, seed: int, width: int) -> tuple[F32, F32, F32]:
    elevation, azimuth = angles(width, slice(0, width // 4))
    zenith, horizon = (tuple(float(c) for c in colour) for colour in _deck(place))
    image = clouds.overcast(seed, elevation, azimuth, zenith, horizon)  # type: ignore[arg-type]
    return image, np.asarray(horizon, np.float32), np.asarray(zenith, np.float32)


def _night_image(place: Place, seed: int) -> tuple[F32, F32, F32]:
    town, closed = place.set in LIT_AT_NIGHT, place.weather in CLOSED
    moon = moon_direction(place) if "moon" in place.features else None
    # A disc and stars want fine pixels: 11 to a degree; a plain gradient does not.
    width = 1024 if (town or closed) and moon is None else 4096
    image = night(width, seed, moon, town, stars=not town and not closed)
    elevation, azimuth = angles(width, slice(0, width // 4))
    if closed or place.weather == "cloudy":
        deck = (0.056, 0.057, 0.086) if town else (0.034, 0.046, 0.068)
        cover = np.float32(0.5 if moon is not None or not closed else 1.0)  # a moon that was asked for shows through
        ceiling = clouds.overcast(seed, elevation, azimuth, deck, deck)
        image[: width // 4] = image[: width // 4] * (1 - cover) + ceiling * cover
    elif town:
        image[: width // 4] += _town_glow(seed, elevation, azimuth)
    elif moon is not None:
        _thread_mist(image, seed, moon, elevation, azimuth)
    haze = horizon_colour(place).astype(np.float32)
    return image[: width // 4], haze, haze


def _town_glow(seed: int, elevation: F32, azimuth: F32) -> F32:
    """Light (H, W, 3) of a town's lamps on its own haze, over the roofs, and on thin cloud above."""
    over = np.exp(-np.sin(elevation) / 0.16)[..., None] * np.asarray(HAZE_GLOW, np.float32)
    veil = clouds.cirrus(seed, elevation, azimuth, 0.75)[..., None] * np.asarray(CLOUD_GLOW, np.float32)
    return np.asarray(over + veil, np.float32)


def _thread_mist(image: F32, seed: int, moon: F64, elevation: F32, azimuth: F32) -> None:
    """Moonlit haze over the horizon, and thin clouds with silver edges: silhouettes want a luminous ground."""
    width = image.shape[1]
    # brightest under the moon, brighter than the farthest ridges: they stand out dark against it
    under = np.exp(-((((azimuth - np.arctan2(moon[0], moon[1]) + np.pi) % (2 * np.pi) - np.pi) / 0.42) ** 2))
    glow = np.exp(-np.maximum(elevation, 0) / 0.085) * (0.20 + 0.95 * under)
    image[: width // 4] += glow[..., None].astype(np.float32) * np.asarray((0.078, 0.130, 0.215), np.float32)
    shade, silver = (_finer(part, width) for part in _moonlit_clouds(seed, moon))
    image[: width // 4] *= 1.0 - shade[..., None]
    image[: width // 4] += silver[..., None] * np.asarray((0.72, 0.84, 1.0), np.float32)


def _moonlit_clouds(seed: int, moon: F64) -> tuple[F32, F32]:
    """What share of the sky clouds hide, and what they shine with (512, 2048): thin edges pass the moon's light on,
    bodies hold it back; none before the disc itself."""
    small = angles(2048, slice(0, 512))
    x, y, z = rays(*small)
    away = np.maximum(np.arccos(np.clip(x * moon[0] + y * moon[1] + z * moon[2], -1, 1)) - MOON_RADIUS, 0)
    clear = smooth(0.25 * MOON_RADIUS, 2.2 * MOON_RADIUS, away) * smooth(0.0, 0.09, z)
    veil = clouds.cirrus(seed, *small, 0.55) * smooth(0.0, 0.15, z)
    cover, lit = clouds.heaps(seed, *small, moon, 0.34)
    cover = gaussian_filter(cover * clear, (0.7, 2.0), mode="wrap")
    edges = 4 * cover * (1 - cover)
    silver = edges * (0.34 * np.exp(-away / 0.10) + 0.025 * np.exp(-away / 0.35))
    silver += cover * lit * (0.060 * np.exp(-away / 0.30) + 0.022)
    silver += veil * (0.16 * np.exp(-away / 0.16) + 0.05 * np.exp(-away / 0.5) + 0.008)
    return np.asarray(0.4 * cover, np.float32), np.asarray(silver, np.float32)


def _finer(part: F32, width: int) -> F32:
    """A part of the sky's upper half (512, 2048) at (width / 4, width)."""
    tall = width // 2048
    rows = (np.arange(width // 4) + 0.5) / tall - 0.5
    columns = (np.arange(width) + 0.5) / tall - 0.5
    at = np.stack(np.meshgrid(rows, columns, indexing="ij"))
    return np.asarray(map_coordinates(np.pad(part, ((0, 0), (0, 1)), mode="wrap"), at, order=1, mode="nearest"))


def _with_ground(upper: F32, haze: F32, light: F32) -> F32:
    """Melt the horizon into the haze, and fill the lower half: haze near the horizon, sunlit ground at the nadir."""
    half, width = upper.shape[:2]
    elevation, _ = angles(width, slice(0, half))
    melt = (0.6 * np.exp(-((elevation / 0.035) ** 2)))[..., None].astype(np.float32)
    upper = upper * (1 - melt) + haze * melt
    depth = np.linspace(0, 1, half, dtype=np.float32)[:, None, None]
    nadir = (GROUND_ALBEDO * light * 1.2).astype(np.float32)
    down = smooth(0.0, 0.12, depth)
    lower = (upper[-1:] * (1 - down)) + (haze * np.exp(-depth * 9) * 0.8 + nadir * (1 - np.exp(-depth * 9))) * down
    return np.ascontiguousarray(np.concatenate([upper, np.broadcast_to(lower, upper.shape)]), np.float32)
