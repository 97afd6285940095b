"""Make the gallery: small sheets of a few prompts in both languages, by the same code that makes films.

Run: python recipes/gallery.py docs/gallery
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import yaml
from PIL import Image

from kinema.buffers.chunk import U8
from kinema.film.files import write_whole
from kinema.film.sheet import sheet, spread
from kinema.production import Studio
from kinema.schema.asking import film_request

FRAMES, COLUMNS, WIDTH = 8, 4, 320


def gallery_sheet(prompt: str) -> U8:
    """Eight stills of a film, evenly spread (rows, columns, 3)."""
    studio = Studio(film_request(prompt=prompt))
    return sheet([studio.still(frame) for frame in spread(studio.total, FRAMES)], COLUMNS, WIDTH)


def main(folder: Path) -> None:
    """Write one JPEG a prompt, and their texts."""
    prompts: dict[str, str] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
    for name, prompt in prompts.items():
        path = folder / f"{name}.jpg"
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.asarray(gallery_sheet(prompt))).save(path, quality=85, optimize=True)
        print(path, flush=True)
    text = "# Gallery\n\nMade by `make gallery`, from these prompts:\n"
    lines = [f"\n**{name}**: {prompt}\n\n![{name}]({name}.jpg)\n" for name, prompt in prompts.items()]
    write_whole(folder / "README.md", (text + "".join(lines)).encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
