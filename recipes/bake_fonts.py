"""Cut the sign fonts down to the characters of words.yaml: one small TrueType file a face.

    python recipes/bake_fonts.py DIRECTORY      (pip install "kinema[bake]")

DIRECTORY holds unpacked @fontsource packages (npm pack @fontsource/dela-gothic-one; tar xzf ...), in any folders.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from kinema.film.files import write_whole
from kinema.schema.tables import parsed

SETS = Path(__file__).parents[1] / "src/kinema/stage/sets"
ASCII = "".join(map(chr, range(32, 127)))


@dataclass(frozen=True)
class Face:
    """A face to bake: file name, npm package, weight, and which sections of words.yaml it must be able to write."""

    name: str
    package: str
    weight: int
    sections: tuple[str, ...]


FACES = (
    Face("heavy_ja", "dela-gothic-one", 400, ("tokyo",)),
    Face("sans_ja", "noto-sans-jp", 800, ("tokyo",)),
    Face("brush_ja", "yuji-syuku", 400, ("tokyo",)),
    Face("sans_zh", "noto-sans-sc", 900, ("chinese", "festival")),
    Face("brush_zh", "ma-shan-zheng", 400, ("chinese", "festival")),
    Face("script", "pacifico", 400, ("european",)),
)


def characters(words: object) -> set[str]:
    """Every character in a tree of lists and mappings of strings."""
    if isinstance(words, str):
        return set(words)
    items = words.values() if isinstance(words, dict) else words
    return set().union(*map(characters, items))  # type: ignore[call-overload]


def pieces(package: Path, weight: int) -> list[tuple[Path, set[str]]]:
    """The package's files with the characters each holds (unicode.json names slices, by number or by script)."""
    table = json.loads((package / "unicode.json").read_text())
    stem = json.loads((package / "metadata.json").read_text())["id"]
    found = []
    for label, ranges in table.items():
        path = package / "files" / f"{stem}-{label.strip('[]')}-{weight}-normal.woff"
        if path.exists():
            found.append((path, covered(ranges)))
    return found


def covered(ranges: str) -> set[str]:
    """The characters of a CSS unicode-range."""
    points: set[str] = set()
    for low, high in re.findall(r"U\+([0-9a-fA-F]+)(?:-([0-9a-fA-F]+))?", ranges):
        points.update(map(chr, range(int(low, 16), int(high or low, 16) + 1)))
    return points


def bake(face: Face, source: Path, words: dict[str, object]) -> set[str]:
    """Write the face's subset; return the wanted characters that it does not have."""
    wanted = set(ASCII).union(*(characters(words[section]) for section in face.sections))
    package = next(p.parent for p in source.rglob("unicode.json") if face.package in p.parent.name)
    left, parts = set(wanted), []
    with tempfile.TemporaryDirectory() as folder:
        for number, (path, holds) in enumerate(pieces(package, face.weight)):
            with TTFont(path) as font:
                take = left & holds & set(map(chr, font.getBestCmap()))
                if take:
                    parts.append(cut(font, take, Path(folder) / f"{number}.ttf"))
                    left -= take
        merged = Merger().merge([str(part) for part in parts])
        baked = io.BytesIO()
        merged.save(baked)
        write_whole(SETS / "fonts" / f"{face.name}.ttf", baked.getvalue())
    return left


def cut(font: TTFont, take: set[str], path: Path) -> Path:
    """Save only those characters, outlines and metrics alone, to path."""
    options = Options(layout_features=[], hinting=False, notdef_outline=True, name_IDs=[0, 1, 2, 13], drop_tables=["*"])
    options.drop_tables = [
        "GSUB",
        "GPOS",
        "GDEF",
        "BASE",
        "vhea",
        "vmtx",
        "VORG",
        "STAT",
        "DSIG",
        "gasp",
        "prep",
        "fpgm",
        "cvt ",
    ]
    subsetter = Subsetter(options)
    subsetter.populate(text="".join(sorted(take)))
    subsetter.subset(font)
    font.flavor = None
    font.save(path)
    return path


def main() -> None:
    """Bake every face and say how large each became and what it lacks."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("directory", type=Path)
    source = parser.parse_args().directory
    words = parsed((SETS / "words.yaml").read_text(encoding="utf-8"))
    for face in FACES:
        lacking = bake(face, source, words)
        size = (SETS / "fonts" / f"{face.name}.ttf").stat().st_size
        print(f"{face.name}: {size / 1000:.0f} kB, lacks {''.join(sorted(lacking)) or 'nothing'}")


if __name__ == "__main__":
    main()
