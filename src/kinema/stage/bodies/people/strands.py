"""Strands of hair as textures: sheets that fray at their ends, locks that run out to a point, and the cap's thin edge.

In every one the strands run along v, from the root at v = 1 to the tip at v = 0. A close-up of a film shows a
millimetre to a pixel, so what tells hair from a ribbon is how wisps of two to five of them differ: in tone, in shine,
and in how they lean. Relief across them scatters a highlight sideways, which is what makes hair shine in bands.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.ndimage import map_coordinates

from kinema.buffers.scene_frame import F32, Colour, Material, Texture
from kinema.stage.bodies.people.maps import drawn_out, eight_bit
from kinema.stage.chance import chance
from kinema.stage.colours import encoded

# Texels are to be about as long as broad where they lie, or the raster takes too fine a level of them and strands are
# broken up into beads: rows along hair of half a metre, columns across SHEET_TILE, and across a lock.
ROWS, COLUMNS, LOCK_COLUMNS = 512, 192, 40
STRIPS = 4  # variants of a lock side by side in the texture
RELIEF, SHORT_RELIEF = 0.0005, 0.0004  # metres of the strands' relief; short hair's locks are narrower
ROUGHNESS = 0.42
LOOSE = 0.12  # how much rougher hair is where it hangs free and strands no longer lie side by side
SHADY = 0.35  # how much rougher it is at the roots, which no light gets to
MATT = 0.28  # how much rougher short hair is
METALLIC = 0.2  # a hair shines in its own colour where light has gone through it
CROPPED = 0.14  # of the length of strands on a cap, where they are short
SHORTER = 4  # times that short locks are shorter than long ones
HAIRS_ON_CARD = 3
MEAN = 0.66  # of the strands' shade, which the colour is divided by
ROOTS, TIPS = 0.70, 1.22  # shade of what is young and lies deep, and of what the sun has bleached
PALEST = 1.0  # albedo of the whitest strand: hair is at most as pale as MEAN
PARTED = 0.0001  # metres from the middle of a parting to where hairs begin to cover it
PARTING = 0.009  # metres across the strip that a parting's picture covers


def hair_material(kind: str, colour: Colour, texture: Texture, relief: float = RELIEF) -> Material:
    """Hair of a colour, darker where no strand could be so pale, but of its hue."""
    gain = min(1.0 / MEAN, PALEST / max(colour))
    red, green, blue = (channel * gain for channel in colour)
    return Material(
        f"hair-{kind}-{_tone(colour)}", albedo=(red, green, blue), roughness=ROUGHNESS, metallic=METALLIC,
        bump=relief, texture=texture,
    )  # fmt: skip


def _tone(colour: Colour) -> str:
    return "-".join(f"{channel:.3f}" for channel in colour)


def _noise(purpose: str, along: float, across: float, columns: int, swerve: float) -> F32:
    """Streaks (ROWS, columns) of unit deviation that run down the rows and swerve a little, once in so many."""
    shape = (ROWS, columns)
    image = drawn_out(chance(0, "hair", purpose).standard_normal(shape).astype(np.float32), along, across)
    drift = drawn_out(chance(0, "hair", f"{purpose} drift").standard_normal(shape).astype(np.float32), swerve, 17.0)
    rows, place = np.mgrid[:ROWS, :columns].astype(np.float32)
    return np.asarray(map_coordinates(image, [rows, place + 2.6 * drift], order=1, mode="wrap"), np.float32)


@cache
def _fibres(columns: int = COLUMNS, swerve: float = 45.0, run: float = 1.0) -> tuple[F32, F32, F32]:
    """Single hairs, wisps of some, and tresses of many (ROWS, columns), each of unit deviation; run: times as long."""
    return (
        _noise("fibres", 120.0 * run, 1.1, columns, swerve),
        _noise("wisps", 130.0 * run, 2.1, columns, swerve),
        _noise("tresses", 150.0 * run, 5.0, columns, swerve),
    )


def _along() -> F32:
    return np.linspace(0, 1, ROWS, dtype=np.float32)[:, None]  # row 0 is v = 1, the root


def _shades(strands: tuple[F32, F32, F32]) -> F32:
    """Tone (ROWS, columns, 3): dark ones have more of the hair's colour, roots are deeper, tips paler."""
    fibres, wisps, tresses = strands
    strand = MEAN * (1.0 + 0.15 * fibres + 0.20 * wisps + 0.17 * tresses)
    down = np.interp(_along(), (0.0, 0.3, 0.75, 1.0), (ROOTS, 0.98, 1.03, TIPS))
    tone = np.clip(strand * down, 0.2, 1.0)[..., None]
    return np.asarray(MEAN * (tone / MEAN) ** np.array([0.88, 1.0, 1.14]), np.float32).clip(0.0, 1.0)


def _texture(key: str, alpha: F32, strands: tuple[F32, F32, F32], matt: float = 0.0, each: int = 1) -> Texture:
    """The maps of hair; each: of so many rows one is kept, for what is short."""
    fibres, wisps, tresses = strands
    height = 0.5 + 0.10 * fibres + 0.13 * wisps + 0.07 * tresses
    loose = LOOSE * np.clip((_along() - 0.35) / 0.3, 0, 1)
    dull = matt + SHADY * np.clip(1.0 - _along() / 0.06, 0, 1)
    rough = np.clip(ROUGHNESS + dull + loose - 0.07 * wisps + 0.03 * fibres + 0.04 * tresses, 0.24, 0.8)
    return Texture(
        key,
        albedo=encoded(_shades(strands)[::each]),
        alpha=eight_bit(alpha[::each]),
        height=eight_bit(height[::each]),
        roughness=eight_bit(rough[::each]),
    )


@cache
def sheet_texture() -> Texture:
    """A sheet that starts wisp by wisp and, over its last fifth, thins to points of uneven length; u repeats."""
    fibres, wisps, tresses = _fibres()
    start = 0.002 + 0.004 * np.abs(wisps + 0.5 * tresses)
    alpha = np.minimum(_thinning(0.4 * fibres + 0.8 * wisps + 0.4 * tresses, 0.80, 0.975), (_along() - start) * 40.0)
    return _texture("hair-sheet", np.asarray(np.clip(0.5 + alpha, 0, 1), np.float32), _fibres())


def _thinning(strands: F32, begins: float, ends: float) -> F32:
    """Cover (ROWS, columns), more than 0 where there is hair: gaps open between the strands' crests, which are left
    as ever finer points; from and to such a share of the length."""
    crest = np.interp(_along(), (0.0, begins, ends, 1.0), (3.5, 2.2, -1.9, -9.0))
    return np.asarray(0.35 * (strands + crest), np.float32)


@cache
def lock_texture(short: bool = False) -> Texture:
    """Locks beside each other, each many strands that lie together to past its middle, then part and run out to
    points; short hair lies less in order and shines less."""
    return _locks("hair-short-lock", True, MATT, SHORTER) if short else _locks("hair-lock", False)


@cache
def laid_texture() -> Texture:
    """Locks that lie on other hair, and taper to both ends."""
    return _locks("hair-laid", True)


def _locks(key: str, tapered: bool, matt: float = 0.0, each: int = 1) -> Texture:
    strips = [_tuft(chance(0, "hair", f"lock {k}"), k, tapered) for k in range(STRIPS)]
    return _texture(key, np.concatenate(strips, 1), _fibres(STRIPS * LOCK_COLUMNS), matt, each)


def _tuft(lot: np.random.Generator, number: int, tapered: bool) -> F32:
    """Coverage (ROWS, LOCK_COLUMNS) of one lock: uneven sides that fray, strands of uneven length; tapered: in few
    and broad ones that part early on and begin unevenly too, or locks would lie on each other like tiles."""
    own = slice(number * LOCK_COLUMNS, (number + 1) * LOCK_COLUMNS)
    fibres, wisps, tresses = (part[:, own] for part in _fibres(STRIPS * LOCK_COLUMNS))
    along, across = _along(), np.linspace(-1, 1, LOCK_COLUMNS, dtype=np.float32)[None]
    middle = 0.10 * along * np.sin(lot.uniform(2, 4) * along + lot.uniform(0, 6))
    half = np.interp(along, (0.0, 0.02, 0.3, 0.7, 1.0), (0.60, 0.86, 0.90, 0.84, 0.50)) * lot.uniform(0.92, 1.0)
    strands = 0.4 * fibres + 0.5 * wisps + 0.8 * tresses if tapered else 0.4 * fibres + 0.9 * wisps + 0.4 * tresses
    sides = 4.0 * (half + (0.04 + 0.10 * along) * strands - np.abs(across - middle))
    begins = lot.uniform(0.25, 0.4) if tapered else lot.uniform(0.6, 0.7)
    tips = _thinning(strands - 1.2 * across**2, begins, lot.uniform(0.94, 0.98))
    roots = 20.0 * (along - 0.09 * np.abs(strands) - 0.05 * across**2) if tapered else np.inf
    return np.asarray(np.clip(0.5 + np.minimum(np.minimum(sides, tips), roots), 0, 1), np.float32)


@cache
def wisp_texture() -> Texture:
    """Cards of a few single hairs each, well apart, that bend on their way."""
    strips = [_few(chance(0, "hair", f"wisp {k}")) for k in range(STRIPS)]
    return _texture("hair-wisp", np.concatenate(strips, 1), _fibres(STRIPS * LOCK_COLUMNS))


def _few(lot: np.random.Generator) -> F32:
    """Coverage (ROWS, LOCK_COLUMNS) of a card of single hairs."""
    along, across = _along(), np.linspace(-1, 1, LOCK_COLUMNS, dtype=np.float32)[None]
    cover = np.zeros((ROWS, LOCK_COLUMNS), np.float32)
    for middle in np.linspace(-0.6, 0.6, HAIRS_ON_CARD) + lot.normal(0.0, 0.09, HAIRS_ON_CARD):
        bend = middle + 0.16 * along * np.sin(lot.uniform(2, 5) * along + lot.uniform(0, 6.3))
        half = lot.uniform(0.08, 0.13) * np.clip((lot.uniform(0.75, 1.0) - along) / 0.3, 0, 1) ** 0.6
        cover = np.maximum(cover, np.clip(0.5 + (half - np.abs(across - bend)) * 0.5 * LOCK_COLUMNS, 0, 1) * (half > 0))
    return np.asarray(cover, np.float32)


@cache
def cap_texture(short: bool = False) -> Texture:
    """Hair that starts wisp by wisp at the hairline (v = 1) and is soon full; short: each no longer than some mm."""
    fibres, wisps, tresses = strands = _fibres(swerve=250.0)  # it covers a hand's breadth only
    if short:
        strands = _fibres(swerve=250.0 * CROPPED, run=CROPPED)
    start = 0.14 + 0.09 * wisps + 0.06 * fibres + 0.03 * tresses
    alpha = np.clip(0.5 + (_along() - start) * 7.0 + 0.2 * fibres * (_along() < 0.45), 0, 1)
    return _texture(
        f"hair-{'short-' * short}cap", np.where(_along() > 0.5, 1.0, alpha).astype(np.float32), strands, MATT
    )


def parting_material(skin: Colour, hair: Colour) -> Material:
    """The scalp along a parting: skin in the middle, ever more roots of hair to both sides, which run across."""
    _, wisps, _ = _fibres()
    lines, clumps = wisps[:COLUMNS].T[:, :64], wisps[:COLUMNS, :64]
    away = np.abs(np.linspace(-0.5, 0.5, 64, dtype=np.float32))[None] * PARTING
    # hairs leave the scalp at uneven distances, and a few lie over the middle
    full = np.clip((away - PARTED + 0.0005 * lines + 0.0003 * clumps) / 0.0011, 0, 1)
    full = np.maximum(full, np.clip(lines - 1.7, 0, 1) * 0.8)[..., None]
    bare, root = np.array(skin, np.float32) * 0.15, np.array(hair, np.float32) * ROOTS
    albedo = bare * (1 - full) + root * full * (1.0 + 0.25 * lines[..., None])
    name = f"parting-{_tone(skin)}-{_tone(hair)}"
    texture = Texture(name, albedo=encoded(np.clip(albedo, 0, 1).astype(np.float32)))
    return Material(name, albedo=(1.0, 1.0, 1.0), roughness=0.55, subsurface=0.4, texture=texture)
