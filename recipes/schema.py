"""The published JSON Schema of a storyboard: python recipes/schema.py docs/schema/storyboard.json."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from kinema.schema.files import json_schema


def text() -> str:
    """The schema as a file's text, stable in order."""
    return json.dumps(json_schema(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(text(), "utf-8")
