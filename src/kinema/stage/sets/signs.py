"""Lit signs: box faces printed on shared sheets, and how much light a face gives away."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from kinema.buffers.scene_frame import U8, Colour, Material, Texture
from kinema.stage.colours import decoded
from kinema.stage.sets.assembly import Span
from kinema.stage.sets.lettering import blend, words, write
from kinema.stage.sets.street_style import Scheme, Style, pick
from kinema.stage.sets.textures import Rgb

PIXELS = 104  # per metre of sign: a letter 0.7 m wide, 8 m away, is about as sharp as a 720p picture shows it
GAP = 3
LATIN = 0.2  # share of tall faces in Latin letters where most are not


@dataclass(frozen=True, eq=False)
class Print:
    """A printed face: its sheet's material, where on the sheet it is, and its mean radiance."""

    material: Material
    uv: Span
    glow: Colour


@dataclass(eq=False)
class Sheet:
    """Pictures packed on pages of one square texture each, shelf by shelf; emission scales what they radiate; faded:
    how far sun and dust have bleached them, 0 to 1."""

    key: str
    emission: float
    size: int = 1024
    roughness: float = 0.35
    faded: float = 0.0
    _pages: list[tuple[U8, Material]] = field(default_factory=list)
    _shelves: list[list[int]] = field(default_factory=list)  # page, top, height, filled width

    def put(self, picture: U8) -> Print:
        """Add a picture (H, W, 3), sRGB; it must fit a page."""
        if self.faded:
            grey = picture.mean(axis=2, keepdims=True) * 0.7 + 0.3 * 176.0
            picture = np.asarray(picture + self.faded * (grey - picture), np.uint8)
        height, width = picture.shape[:2]
        if max(height, width) > self.size:
            raise ValueError(f"a picture must fit a page of {self.size} pixels (got {width} x {height})")
        page, top, left = self._room(width + GAP, height + GAP)
        image, material = self._pages[page]
        image[top : top + height, left : left + width] = picture
        h, w = image.shape[:2]
        uv = ((left + 0.5) / w, 1 - (top + height - 0.5) / h, (left + width - 0.5) / w, 1 - (top + 0.5) / h)
        return Print(material, uv, mean_light(picture, self.emission))

    def _room(self, width: int, height: int) -> tuple[int, int, int]:
        """(page, top, left) of a free place, on the tightest shelf there is or on a new one."""
        fits = [s for s in self._shelves if height <= s[2] <= 1.35 * height and s[3] + width <= self.size + GAP]
        shelf = min(fits, key=lambda s: s[2]) if fits else self._new_shelf(height)
        page, top, _, left = shelf
        shelf[3] += width
        return page, top, left

    def _new_shelf(self, height: int) -> list[int]:
        used = [sum(s[2] for s in self._shelves if s[0] == page) for page in range(len(self._pages))]
        page = next((k for k, filled in enumerate(used) if filled + height <= self.size + GAP), len(used))
        if page == len(used):
            image = np.zeros((self.size, self.size, 3), np.uint8)
            texture = Texture(f"{self.key}_{page}", albedo=image, emission=image)
            level = (self.emission,) * 3
            self._pages.append(
                (image, Material(self.key, (0.75,) * 3, self.roughness, emission=level, texture=texture))
            )
            used.append(0)
        shelf = [page, used[page], height, 0]
        self._shelves.append(shelf)
        return shelf


@dataclass(eq=False)
class Deck:
    """A style's words and colours dealt by lot: none comes again before all the others of its list were shown."""

    style: Style
    rng: np.random.Generator
    _left: dict[str, list[Any]] = field(default_factory=dict)

    def word(self, kind: str, room: float | None = None) -> str:
        """The next word of a list; with room, of those left the one whose number of letters is nearest to it."""
        left = self._pile(kind, words()[self.style.name][kind])
        if room is None:
            return str(left.pop())
        choice = min(left[-12:], key=lambda word: abs(len(word) - room))
        left.remove(choice)
        return str(choice)

    def scheme(self) -> Scheme:
        """The next sign colours, each as often as its weight says."""
        pack = [scheme for scheme in self.style.signs for _ in range(scheme.weight)]
        scheme: Scheme = self._pile("schemes", pack).pop()
        return scheme

    def _pile(self, kind: str, items: list[Any]) -> list[Any]:
        if not self._left.get(kind):
            self._left[kind] = [items[k] for k in self.rng.permutation(len(items))]
        return self._left[kind]


def mean_light(picture: U8, emission: float) -> Colour:
    """Mean radiance (linear) of a picture (H, W, 3) in sRGB that emits so much."""
    mean = decoded(picture[::3, ::3].reshape(-1, 3)).mean(axis=0, dtype=np.float64) * emission
    return float(mean[0]), float(mean[1]), float(mean[2])


def backlit(shape: tuple[int, int], colour: Rgb, tubes: int = 1) -> U8:
    """A translucent panel (H, W, 3) lit by upright fluorescent tubes behind it: brighter over each."""
    height, width = shape
    x = (np.arange(width) + 0.5) / width
    across = 0.86 + 0.14 * np.abs(np.sin(np.pi * tubes * x)) ** 0.7
    y = (np.arange(height) + 0.5) / height
    along = 1.0 - 0.22 * np.abs(2.0 * y - 1.0) ** 6
    return np.asarray(np.clip(along[:, None, None] * across[None, :, None] * np.array(colour), 0, 255), np.uint8)


def pixels(metres: tuple[float, float]) -> tuple[int, int]:
    """(width, height) in pixels of a face in metres."""
    return max(16, round(metres[0] * PIXELS)), max(16, round(metres[1] * PIXELS))


def pictogram(rng: np.random.Generator, size: int, ink: Rgb, ground: Rgb) -> U8:
    """A small round emblem (size, size, 3): a cup, a fish, an arrow, a star, waves or a bowl."""
    scale = 4
    page = Image.new("RGB", (100 * scale, 100 * scale), ground)
    draw = ImageDraw.Draw(page)

    def at(*points: float) -> list[float]:
        return [value * scale for value in points]

    kind = pick(rng, ("cup", "fish", "arrow", "star", "waves", "bowl"))
    if kind == "cup":
        draw.rectangle(at(26, 40, 62, 82), ink)
        draw.arc(at(52, 46, 80, 72), -90, 90, ink, 7 * scale)
        draw.line(at(36, 14, 36, 32), ink, 6 * scale)
        draw.line(at(52, 14, 52, 32), ink, 6 * scale)
    elif kind == "fish":
        draw.ellipse(at(10, 30, 70, 70), ink)
        draw.polygon(at(62, 50, 92, 26, 92, 74), ink)
        draw.ellipse(at(22, 42, 30, 50), ground)
    elif kind == "arrow":
        draw.polygon(at(10, 38, 52, 38, 52, 16, 92, 50, 52, 84, 52, 62, 10, 62), ink)
    elif kind == "star":
        turn = np.arange(10) * np.pi / 5
        reach = np.where(np.arange(10) % 2, 18.0, 44.0)
        draw.polygon(at(*np.stack([50 + reach * np.sin(turn), 50 - reach * np.cos(turn)], axis=1).ravel()), ink)
    elif kind == "waves":
        for k in range(3):
            for side in (0, 40):
                draw.arc(at(8 + side, 18 + 24 * k, 52 + side, 52 + 24 * k), 180, 360, ink, 7 * scale)
    else:
        draw.pieslice(at(12, 22, 88, 98), 0, 180, ink)
        draw.line(at(56, 10, 92, 52), ink, 5 * scale)
        draw.line(at(70, 8, 96, 48), ink, 5 * scale)
    return np.asarray(page.resize((size, size), Image.Resampling.LANCZOS))


def frame_line(page: NDArray[Any], colour: Rgb, inset: int, width: int) -> None:
    """Draw a rectangle's outline inside the edge of page (H, W, 3)."""
    page[inset : inset + width, inset:-inset] = colour
    page[-inset - width : -inset, inset:-inset] = colour
    page[inset:-inset, inset : inset + width] = colour
    page[inset:-inset, -inset - width : -inset] = colour


def upright_face(rng: np.random.Generator, style: Style, deck: Deck, metres: tuple[float, float]) -> U8:
    """A tall face: a word downwards, and now and then a kicker above, an emblem below, a border."""
    scheme = deck.scheme()
    width, height = pixels(metres)
    page = backlit((height, width), scheme.ground, 1).astype(np.float32)
    top, bottom, margin = round(0.03 * height), round(0.03 * height), round(0.12 * width)
    if rng.random() < 0.5:
        band = round(0.34 * width)
        page[:band] = backlit((band, width), scheme.accent)
        text = write(deck.word("kicker"), style.face(rng, "plain"), (width - margin, round(band * 0.66)))
        blend(page, text, scheme.ground, (margin // 2, round(band * 0.17)))
        top += band
    if rng.random() < 0.55:
        side = round(0.7 * width)
        disc = pictogram(rng, side, scheme.accent, scheme.ground)
        page[height - side - bottom : height - bottom, (width - side) // 2 : (width - side) // 2 + side] = disc
        bottom += side + round(0.03 * height)
    role = pick(rng, ("heavy", "heavy", "plain", "brush") if style.columns else ("heavy", "plain"))
    kind = "latin" if style.columns and rng.random() < LATIN else "vertical"
    word = deck.word(kind, 1.05 * (height - top - bottom) / width)
    room = (width - 2 * margin, height - top - bottom - margin)
    blend(page, write(word, style.face(rng, role), room, True, 0.04), scheme.ink, (margin, top + margin // 2))
    if rng.random() < 0.5:
        frame_line(page, scheme.accent, 3, 3)
    return page.astype(np.uint8)


def fascia_face(rng: np.random.Generator, style: Style, deck: Deck, metres: tuple[float, float]) -> U8:
    """A wide face over a shop: its name across, an emblem at one end, sometimes a band of accent."""
    scheme = deck.scheme()
    width, height = pixels(metres)
    page = backlit((height, width), scheme.ground, 1).astype(np.float32)
    page *= (0.84 + 0.16 * np.sin(np.linspace(0, np.pi, height)) ** 0.6)[:, None, None]
    left, margin = round(0.1 * height), round(0.14 * height)
    if rng.random() < 0.35:
        page[-round(0.12 * height) :] = scheme.accent
    if rng.random() < 0.7:
        side = round(0.72 * height)
        page[margin : margin + side, left : left + side] = pictogram(rng, side, scheme.accent, scheme.ground)
        left += side + margin
    role, kind = pick(rng, (("heavy", "fascia"), ("plain", "fascia"), ("brush", "fascia"), ("script", "script")))
    text = write(deck.word(kind), style.face(rng, role), (width - left - margin, height - 2 * margin), False, 0.03)
    blend(page, text, scheme.ink, (left, margin))
    return page.astype(np.uint8)


def tenant_face(rng: np.random.Generator, style: Style, deck: Deck, metres: tuple[float, float]) -> U8:
    """A ladder of small plates, one for every floor, each in colours of its own."""
    width, height = pixels(metres)
    rows = max(3, round(height / width / 0.42))
    page = np.full((height, width, 3), 16, np.float32)
    edges = np.linspace(0, height, rows + 1).astype(int)
    for k in range(rows):
        top, tall = edges[k] + 2, edges[k + 1] - edges[k] - 4
        scheme = deck.scheme()
        page[top : top + tall, 3:-3] = backlit((tall, width - 6), scheme.ground)
        number = round(0.24 * width)
        floor = write(f"{rows - k}F", style.face(rng, "plain"), (number - 8, round(tall * 0.5)))
        blend(page, floor, scheme.accent, (7, top + round(tall * 0.25)))
        name = write(deck.word("tenant"), style.face(rng, "plain"), (width - number - 12, round(tall * 0.66)))
        blend(page, name, scheme.ink, (number + 4, top + round(tall * 0.17)))
    return page.astype(np.uint8)


def poster_face(rng: np.random.Generator, style: Style, deck: Deck, metres: tuple[float, float]) -> U8:
    """A billboard: a low sun over waves of colour, and a word."""
    width, height = pixels(metres)
    scheme = deck.scheme()
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / height
    sky = np.linspace(0.35, 1.0, height)[:, None, None] * np.array(scheme.ground, np.float32)
    page = sky + np.zeros((height, width, 1), np.float32)
    cx, cy = rng.uniform(0.3, 0.7) * width / height, rng.uniform(0.35, 0.6)
    page[np.hypot(x - cx, y - cy) < 0.28] = scheme.accent
    for k in range(4):
        crest = 0.62 + 0.1 * k + 0.04 * np.sin(7.0 * x + 1.7 * k + rng.uniform(0, 6))
        shade = np.array(scheme.ink, np.float32) * (0.75 - 0.16 * k) + np.array(scheme.ground) * (0.2 + 0.12 * k)
        page[y > crest] = shade
    word = deck.word(pick(rng, ("fascia", "latin", "screen")))
    text = write(
        word, style.face(rng, "heavy" if style.columns else "brush"), (round(0.84 * width), round(0.34 * height))
    )
    blend(page, text, scheme.ink, (round(0.08 * width), round(0.1 * height)))
    return np.clip(page, 0, 255).astype(np.uint8)


def arch_face(rng: np.random.Generator, style: Style, scheme: Scheme, metres: tuple[float, float]) -> U8:
    """The board of a street's gate: its name, widely spaced, in a double border."""
    width, height = pixels(metres)
    page = backlit((height, width), scheme.ground, 5).astype(np.float32)
    frame_line(page, scheme.accent, 4, 4)
    frame_line(page, scheme.accent, 12, 2)
    room = (round(0.84 * width), round(0.62 * height))
    name = write(style.word(rng, "street"), style.face(rng, "heavy"), room, False, 0.35 if style.columns else 0.0)
    blend(page, name, scheme.ink, (round(0.08 * width), round(0.19 * height)))
    return page.astype(np.uint8)
