"""Make the gallery: small sheets of a few prompts in both languages, by the same code that makes films.

Run: python recipes/gallery.py docs/gallery
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

from kinema.buffers.chunk import U8
from kinema.film.files import write_whole
from kinema.film.sheet import sheet, spread
from kinema.schema.asking import film_request
from kinema.schema.tables import parsed
from kinema.studio import Studio

FRAMES, COLUMNS, WIDTH = 8, 4, 320
STRIP = {"street_en": 0.35, "wolf_en": 0.1, "cat_en": 0.25, "road_en": 0.6, "newyear_en": 0.7}  # share of each film


def gallery_sheet(prompt: str) -> U8:
    """Eight stills of a film, evenly spread (rows, columns, 3)."""
    studio = Studio(film_request(prompt=prompt))
    return sheet([studio.still(frame) for frame in spread(studio.total, FRAMES)], COLUMNS, WIDTH)


def strip(prompts: dict[str, str]) -> U8:
    """One still of each of a few films, side by side (h, w, 3)."""
    stills = []
    for name, share in STRIP.items():
        studio = Studio(film_request(prompt=prompts[name]))
        stills.append(studio.still(int(share * studio.total)))
    return sheet(stills, len(stills), WIDTH)


def main(folder: Path) -> None:
    """Write one JPEG a prompt, and their texts."""
    prompts: dict[str, str] = parsed(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray(strip(prompts)).save(folder / "strip.jpg", quality=88, optimize=True)
    for name, prompt in prompts.items():
        Image.fromarray(gallery_sheet(prompt)).save(folder / f"{name}.jpg", quality=85, optimize=True)
        print(folder / f"{name}.jpg", flush=True)
    text = "# Gallery\n\nMade by `make gallery`, from these prompts:\n"
    lines = [f"\n**{name}**: {prompt}\n\n![{name}]({name}.jpg)\n" for name, prompt in prompts.items()]
    write_whole(folder / "README.md", (text + "".join(lines)).encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
