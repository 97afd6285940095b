"""`kinema` and `python -m kinema`: an interrupt is answered in one sentence, even while the rest is still imported."""

from __future__ import annotations

import sys


def main() -> None:
    """Import the command line, which takes a third of a second, and run it."""
    try:
        from kinema.cli import main as run
    except KeyboardInterrupt:
        print("kinema: stopped before anything was begun", file=sys.stderr)
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
