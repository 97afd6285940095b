"""List the kernels a film calls and their types, by module: what a fresh machine compiles ahead.

Run: python recipes/kernels.py src/kinema/kernels.yaml    (about five minutes: everything is compiled anew)
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import yaml

HEAD = "# Kernels of a film and the types they are called with: written by recipes/kernels.py\n"
SHARES = (0.1, 0.4, 0.7, 0.95)  # of each film: where frames of it are made


def film_some(prompt: str, look: str | None) -> None:
    """Make a few pictures of a film in every way that films are made."""
    from kinema.schema.asking import film_request
    from kinema.studio import Studio

    studio = Studio(film_request(prompt=prompt, look=look, seconds="4", width=640, height=360))
    for share in SHARES:
        studio.still(int(share * studio.total))
    frames = studio.frames()
    for _ in range(2):
        next(frames)


def main(target: Path) -> None:
    """Make parts of the gallery's films with an empty cache and write down what that compiled."""
    from kinema.compiling import compiled, written
    from kinema.schema.tables import parsed

    prompts = parsed(Path(__file__).with_name("gallery.yaml").read_text("utf-8"))
    for index, (name, prompt) in enumerate(sorted(prompts.items())):
        if name.endswith("_en"):
            film_some(prompt, "silhouette" if index == 0 else None)
            print(name, flush=True)
    table: dict[str, list[str]] = {}
    for name, kernel in sorted(compiled("kinema"), key=lambda pair: pair[0]):
        texts = [written(signature) for signature in kernel.signatures]
        if None in texts:
            print("some types of this one are none that the table knows:", name)
        if known := sorted(text for text in texts if text):
            table[name] = known
    target.write_text(HEAD + yaml.safe_dump(table, sort_keys=False, width=118), "utf-8")
    print(f"{len(table)} kernels")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as empty:
        os.environ["NUMBA_CACHE_DIR"] = os.environ["XDG_CACHE_HOME"] = empty  # nothing compiled, no body built
        main(Path(sys.argv[1]))
