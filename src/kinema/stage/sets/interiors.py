"""What is seen through windows and shop fronts: small pictures of rooms, lit from within (sRGB, to be emitted)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from kinema.buffers.scene_frame import F32, U8
from kinema.stage.sets.lettering import blend, write
from kinema.stage.sets.street_style import Style, pick
from kinema.stage.sets.textures import Rgb

WINDOW = 112  # pixels of a window picture
SHOP = (416, 224)  # pixels of a shop's back wall, about 4.6 m by 2.5 m
WARM: tuple[Rgb, ...] = ((255, 196, 120), (255, 178, 96), (255, 214, 150), (255, 160, 90))
COOL: tuple[Rgb, ...] = ((226, 238, 255), (200, 228, 255), (236, 246, 250))
SCREEN: tuple[Rgb, ...] = ((70, 110, 190), (96, 84, 190), (60, 140, 170))  # a room with a screen on and no lamp
SKINS: tuple[Rgb, ...] = ((244, 202, 168), (226, 174, 136), (184, 130, 94), (134, 92, 66))
HAIRS: tuple[Rgb, ...] = ((58, 44, 38), (88, 58, 38), (164, 116, 70), (46, 42, 44), (136, 130, 124))
TOPS: tuple[Rgb, ...] = (
    (202, 70, 58), (76, 112, 160), (236, 226, 204), (88, 140, 110), (226, 174, 84), (130, 96, 140), (246, 244, 238),
    (110, 122, 136), (214, 138, 132),
)  # fmt: skip


def scaled(colour: Rgb, share: float) -> Rgb:
    """A colour made darker or lighter."""
    red, green, blue = (int(np.clip(c * share, 0, 255)) for c in colour)
    return red, green, blue


def lit_from_above(size: tuple[int, int], colour: Rgb, foot: float = 0.45) -> Image.Image:
    """An empty wall, brightest near the ceiling."""
    width, height = size
    fall = np.linspace(1.0, foot, height)[:, None, None] * np.array(colour)
    side = 1.0 - 0.25 * np.abs(np.linspace(-1, 1, width)) ** 3
    return Image.fromarray((fall * side[None, :, None]).astype(np.uint8))


def shadow(draw: ImageDraw.ImageDraw, x: float, foot: float, tall: float, colour: Rgb) -> None:
    """A person's shadow on paper: head, shoulders, body."""
    head = tall * 0.075
    draw.ellipse((x - head, foot - tall, x + head, foot - tall + 2.3 * head), colour)
    draw.rounded_rectangle((x - 2.3 * head, foot - tall + 2.5 * head, x + 2.3 * head, foot), 1.6 * head, colour)


def figure(
    draw: ImageDraw.ImageDraw, rng: np.random.Generator, x: float, foot: float, tall: float, light: float = 1.0
) -> None:
    """Somebody in a lit room, from the front or from behind: head and hair, a coloured top, arms a shade darker."""
    head, skin = tall * 0.062, scaled(pick(rng, SKINS), light)
    top, hair = scaled(pick(rng, TOPS), light), scaled(pick(rng, HAIRS), light)
    chin, wide = foot - tall + 2.5 * head, 2.15 * head
    draw.rectangle((x - 0.45 * head, chin - 0.5 * head, x + 0.45 * head, chin + 0.6 * head), scaled(skin, 0.8))
    for side in (-1, 1):
        draw.line((x + side * 1.9 * head, chin + 1.1 * head, x + side * 2.5 * head, foot), scaled(top, 0.72), int(head))
    draw.polygon(
        (x - wide, chin + 1.3 * head, x - 0.8 * head, chin + 0.3 * head, x + 0.8 * head, chin + 0.3 * head,
         x + wide, chin + 1.3 * head, x + 1.7 * head, foot, x - 1.7 * head, foot), top,
    )  # fmt: skip
    draw.polygon(
        (x + 0.5 * head, chin + 0.5 * head, x + wide, chin + 1.3 * head, x + 1.7 * head, foot), scaled(top, 0.86)
    )
    box = (x - head, foot - tall, x + head, foot - tall + 2.6 * head)
    draw.ellipse(box, skin)
    if rng.random() < 0.6:  # from behind
        draw.ellipse(box, hair)
        return
    draw.chord(box, 188, 352, hair)
    eyes, mouth = foot - tall + 1.35 * head, foot - tall + 2.0 * head
    for side in (-1, 1):
        draw.line(
            (x + side * 0.55 * head, eyes, x + side * 0.25 * head, eyes), scaled(hair, 0.6), max(1, int(0.16 * head))
        )
    draw.line((x - 0.25 * head, mouth, x + 0.25 * head, mouth), scaled(skin, 0.62), 1)


def window(rng: np.random.Generator, lit: bool) -> U8:
    """One window (WINDOW, WINDOW, 3): office, flat, blinds, curtains or paper screen, or dark glass."""
    size = (WINDOW, WINDOW)
    if not lit:
        shade = np.linspace(62, 24, WINDOW)[:, None, None] * np.array([0.8, 0.94, 1.12])
        page = Image.fromarray(np.broadcast_to(shade, (WINDOW, WINDOW, 3)).astype(np.uint8))
        if rng.random() < 0.5:
            _folds(page, rng, (40, 37, 36), float(rng.uniform(0.2, 1.0)))
    else:
        kind = pick(rng, ("office", "flat", "blinds", "curtain", "paper", "flat", "curtain", "office", "screen"))
        light = {"office": COOL, "screen": SCREEN}.get(kind, WARM)
        page = lit_from_above(size, pick(rng, light), 0.5)
        _furnish(page, rng, kind)
    _mullions(page, pick(rng, ("two", "two", "one", "four")))
    return np.asarray(page)


def _furnish(page: Image.Image, rng: np.random.Generator, kind: str) -> None:
    draw = ImageDraw.Draw(page)
    n = WINDOW
    if kind == "screen":
        draw.rectangle((0, 0.74 * n, n, n), (18, 20, 34))
        draw.rectangle((0.3 * n, 0.5 * n, 0.66 * n, 0.72 * n), (190, 222, 255))
    elif kind == "office":
        for k in range(3):
            y, inset = 8 + 9 * k, 30 - 11 * k
            draw.rectangle((inset, y, n - inset, y + 3 + k), (255, 255, 255))
        draw.rectangle((0, 0.68 * n, n, n), (70, 72, 80))
        for x in rng.uniform(10, n - 10, 4):
            draw.rectangle((x - 9, 0.55 * n, x + 9, 0.7 * n), (34, 38, 48))
        figure(draw, rng, rng.uniform(20, n - 20), n, 0.62 * n, 0.8)
    elif kind == "flat":
        left = float(rng.uniform(14, n - 40))
        draw.rectangle((left, 0.3 * n, left + 26, 0.52 * n), (120, 74, 50))
        draw.rectangle((left + 3, 0.33 * n, left + 23, 0.49 * n), (206, 150, 96))
        lamp = rng.uniform(20, n - 20)
        draw.line((lamp, 0, lamp, 0.16 * n), (60, 40, 28), 1)
        draw.pieslice((lamp - 13, 0.1 * n, lamp + 13, 0.34 * n), 180, 360, (255, 244, 214))
        draw.rectangle((0, 0.72 * n, n, n), (84, 52, 36))
        draw.ellipse((n - 34, 0.46 * n, n - 10, 0.7 * n), (50, 66, 36))
        if rng.random() < 0.4:
            figure(draw, rng, rng.uniform(24, n - 24), n, 0.66 * n, 0.7)
    elif kind == "blinds":
        drop = rng.uniform(0.45, 1.0) * n
        for row in np.arange(0, drop, 5.0):
            draw.rectangle((0, row, n, row + 2), (150, 112, 72))
    elif kind == "curtain":
        _folds(
            page, rng, pick(rng, ((226, 150, 84), (210, 110, 70), (232, 190, 130), (190, 60, 52))), rng.uniform(0.5, 1)
        )
    else:
        for k in range(1, 6):
            draw.line((k * n / 6, 0, k * n / 6, n), (96, 58, 32), 2)
            draw.line((0, k * n / 6, n, k * n / 6), (96, 58, 32), 2)


def _folds(page: Image.Image, rng: np.random.Generator, colour: Rgb, cover: float) -> None:
    """Curtains drawn from both sides over a share of the width."""
    n = page.width
    x = np.arange(n)
    wave = 0.75 + 0.25 * np.sin(x / n * rng.uniform(40, 70) + rng.uniform(0, 6))
    near = np.minimum(x, n - 1 - x) < 0.5 * n * cover
    pixels = np.asarray(page).astype(np.float32)
    light = pixels.mean(axis=2, keepdims=True) / 200.0
    cloth = wave[None, :, None] * np.array(colour, np.float32) * np.clip(light, 0.3, 1.1)
    page.paste(Image.fromarray(np.clip(np.where(near[None, :, None], cloth, pixels), 0, 255).astype(np.uint8)))


def _mullions(page: Image.Image, kind: str) -> None:
    draw, n, frame = ImageDraw.Draw(page), page.width, (22, 22, 24)
    draw.rectangle((0, 0, n - 1, n - 1), None, frame, 4)
    if kind != "one":
        draw.rectangle((n // 2 - 2, 0, n // 2 + 1, n), frame)
    if kind == "four":
        draw.rectangle((0, n * 0.3, n, n * 0.3 + 3), frame)


def goods(
    draw: ImageDraw.ImageDraw, rng: np.random.Generator, box: tuple[float, float, float, float], rows: int
) -> None:
    """Shelves full of small bright packets."""
    x0, y0, x1, y1 = box
    pitch = (y1 - y0) / rows
    for k in range(rows):
        foot = y0 + (k + 1) * pitch - 3
        x = x0
        while x < x1 - 3:
            run = pick(
                rng,
                (
                    (214, 60, 44),
                    (240, 180, 60),
                    (236, 230, 214),
                    (70, 130, 190),
                    (90, 160, 96),
                    (228, 120, 150),
                    (150, 84, 60),
                ),
            )
            wide, tall = float(rng.uniform(4, 10)), pitch * float(rng.uniform(0.45, 0.8))
            for _ in range(int(rng.integers(2, 5))):
                if x + wide > x1:
                    break
                draw.rectangle((x, foot - tall, x + wide - 1, foot), scaled(run, float(rng.uniform(0.75, 1.0))))
                x += wide
            x += 1
        draw.rectangle((x0, foot, x1, foot + 2), (236, 226, 206))


def store(page: Image.Image, rng: np.random.Generator, style: Style) -> None:
    """A convenience store: white light, shelves to the back."""
    draw, (w, h) = ImageDraw.Draw(page), page.size
    for k in range(4):
        draw.rectangle((20 + 12 * k, 8 + 9 * k, w - 20 - 12 * k, 11 + 9 * k), (255, 255, 250))
    goods(draw, rng, (8, 0.28 * h, w - 8, h), 6)
    for x in rng.uniform(30, w - 30, 3):
        figure(draw, rng, x, h, 0.72 * h)


def counter(page: Image.Image, rng: np.random.Generator, style: Style) -> None:
    """An eating house: paper menus, hanging lamps, backs along the counter."""
    draw, (w, h) = ImageDraw.Draw(page), page.size
    draw.rectangle((0, 0.36 * h, w, 0.62 * h), (124, 66, 34))
    page_array = np.asarray(page).copy().astype(np.float32)
    for k in range(9):
        strip = write(style.word(rng, "menu"), style.face(rng, "plain"), (18, 56), style.columns)
        x = 18 + k * (w - 40) // 9
        page_array[44:104, x : x + 22] = (250, 236, 200)
        blend(page_array, strip, (170, 30, 20), (x + 2, 46))
    page.paste(Image.fromarray(page_array.astype(np.uint8)))
    for x in np.linspace(34, w - 34, 6):
        draw.line((x, 0, x, 22), (50, 30, 20), 2)
        draw.ellipse((x - 13, 18, x + 13, 44), (255, 236, 180))
    draw.rectangle((0, 0.7 * h, w, 0.76 * h), (206, 140, 76))
    for x in np.linspace(30, w - 30, 7) + rng.uniform(-10, 10, 7):
        if rng.random() < 0.75:
            figure(draw, rng, x, h + 16, 0.62 * h, 0.85)


def clothes(page: Image.Image, rng: np.random.Generator, style: Style) -> None:
    """Rails of clothes and figures that wear them."""
    draw, (w, h) = ImageDraw.Draw(page), page.size
    draw.line((16, 0.3 * h, w - 16, 0.3 * h), (90, 70, 54), 3)
    x = 20.0
    while x < w - 24:
        wide = float(rng.uniform(8, 15))
        dye = pick(rng, ((170, 40, 40), (40, 50, 84), (206, 186, 150), (60, 60, 62), (214, 130, 120), (90, 110, 84)))
        draw.polygon(
            (x, 0.36 * h, x + wide / 2, 0.3 * h, x + wide, 0.36 * h, x + wide, 0.66 * h, x, 0.66 * h), scaled(dye, 1.1)
        )
        x += wide + 1
    for x in np.linspace(50, w - 50, 4):
        figure(draw, rng, x, h, 0.66 * h)


def bottles(page: Image.Image, rng: np.random.Generator, style: Style) -> None:
    """A bar: rows of bottles lit from behind, drinkers in front."""
    draw, (w, h) = ImageDraw.Draw(page), page.size
    for row in range(3):
        foot = 0.3 * h + row * 0.16 * h
        draw.rectangle((14, foot - 34, w - 14, foot), (255, 150, 60))
        for x in range(18, w - 20, 11):
            tall = float(rng.uniform(16, 31))
            glass = pick(rng, ((90, 40, 16), (190, 90, 20), (60, 80, 40), (230, 190, 120), (120, 24, 24)))
            draw.rectangle((x, foot - tall * 0.7, x + 6, foot), glass)
            draw.rectangle((x + 2, foot - tall, x + 4, foot), glass)
        draw.rectangle((14, foot, w - 14, foot + 3), (60, 30, 18))
    draw.rectangle((0, 0.74 * h, w, h), (52, 26, 18))
    for x in rng.uniform(30, w - 30, 5):
        figure(draw, rng, x, h + 10, 0.6 * h, 0.75)


def books(page: Image.Image, rng: np.random.Generator, style: Style) -> None:
    """Bookshelves from floor to ceiling."""
    draw, (w, h) = ImageDraw.Draw(page), page.size
    for k in range(5):
        top, foot = 0.06 * h + k * 0.18 * h, 0.06 * h + (k + 1) * 0.18 * h - 5
        x = 12.0
        while x < w - 14:
            wide = float(rng.uniform(3, 8))
            spine = pick(
                rng, ((150, 50, 40), (210, 180, 130), (60, 84, 96), (230, 220, 196), (96, 66, 46), (50, 90, 66))
            )
            draw.rectangle((x, top + rng.uniform(4, 12), x + wide, foot), scaled(spine, 1.05 - 0.09 * k))
            x += wide + 0.6
        draw.rectangle((8, foot, w - 8, foot + 4), (110, 70, 42))
    figure(draw, rng, rng.uniform(60, w - 60), h, 0.66 * h, 0.9)


def flowers(page: Image.Image, rng: np.random.Generator, style: Style) -> None:
    """A florist: buckets of blossom in tiers."""
    draw, (w, h) = ImageDraw.Draw(page), page.size
    for row in range(4):
        foot = 0.42 * h + row * 0.19 * h
        for x in np.arange(18, w - 10, 25.0):
            dye = pick(
                rng, ((240, 70, 110), (255, 180, 60), (250, 240, 230), (190, 90, 190), (226, 40, 40), (255, 140, 150))
            )
            for _ in range(16):
                a, b = x + rng.normal(0, 7), foot - 26 + rng.normal(0, 7)
                draw.ellipse((a - 5, b + 1, a + 4, b + 9), (44, 84, 40))
                draw.ellipse((a - 4, b - 4, a + 3, b + 3), scaled(dye, float(rng.uniform(0.7, 1.05))))
            draw.polygon((x - 9, foot - 16, x + 9, foot - 16, x + 7, foot + 4, x - 7, foot + 4), (120, 124, 120))


def machines(page: Image.Image, rng: np.random.Generator, style: Style) -> None:
    """A games arcade: glowing cabinets."""
    draw, (w, h) = ImageDraw.Draw(page), page.size
    for x in np.arange(10, w - 40, 58.0):
        body = pick(rng, ((224, 40, 90), (90, 50, 190), (250, 140, 30), (30, 120, 190)))
        draw.rounded_rectangle((x, 0.22 * h, x + 50, h), 8, scaled(body, 0.55))
        draw.rounded_rectangle((x + 4, 0.24 * h, x + 46, 0.36 * h), 4, (255, 246, 220))
        draw.rectangle((x + 7, 0.42 * h, x + 43, 0.72 * h), scaled(body, 1.2))
        for _ in range(8):
            a, b = rng.uniform(x + 8, x + 38), rng.uniform(0.45 * h, 0.7 * h)
            draw.ellipse((a, b, a + 6, b + 6), pick(rng, ((255, 240, 120), (255, 255, 255), (255, 120, 160))))
    for x in rng.uniform(30, w - 30, 3):
        figure(draw, rng, x, h, 0.7 * h, 0.6)


ROOMS: dict[str, Callable[[Image.Image, np.random.Generator, Style], None]] = {
    "store": store,
    "counter": counter,
    "clothes": clothes,
    "bottles": bottles,
    "books": books,
    "flowers": flowers,
    "machines": machines,
}


def shop(rng: np.random.Generator, style: Style, trade: str) -> U8:
    """A shop's back wall (SHOP[1], SHOP[0], 3) as that trade has it."""
    light = pick(rng, COOL) if trade in ("store", "clothes") else pick(rng, WARM)
    if trade == "machines":
        light = (150, 60, 130)
    page = lit_from_above(SHOP, light, 0.55)
    ROOMS[trade](page, rng, style)
    return np.asarray(pooled(np.asarray(page.filter(ImageFilter.GaussianBlur(0.6))), rng), np.uint8)


def pooled(page: U8, rng: np.random.Generator) -> F32:
    """A room (H, W, 3) under a few lamps: bright pools on its wall, dusk between them and in its corners."""
    height, width = page.shape[:2]
    x, y = (np.arange(count, dtype=np.float32) / count for count in (width, height))
    spots = (np.arange(4) + rng.uniform(0.25, 0.75, 4)) / 4
    pool = np.exp(-(((x[:, None] - spots) / 0.075) ** 2)).max(axis=1)
    fall = np.exp(-(((y - 0.32) / 0.42) ** 2))
    level = 0.52 + 0.6 * pool[None, :] * fall[:, None] + 0.14 * fall[:, None]
    level = level * (1.0 - 0.35 * np.abs(2.0 * x - 1.0)[None, :] ** 6)
    return np.asarray(np.clip(page * level[..., None], 0.0, 255.0), np.float32)
