"""The command line: options to one request object, one call, and its events shown as they come."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any, TextIO, cast

import typer
from typer.exceptions import TyperException

from kinema.schema.asking import film_request, poured, size, source
from kinema.schema.errors import InvalidRequest, KinemaError, OutputFailed
from kinema.schema.files import LARGEST
from kinema.schema.request import FilmRequest
from kinema.stage.beforehand import beforehand

INTERRUPTED = 130
STOPS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)

Prompt = Annotated[
    str, typer.Argument(help='A prompt in English or Chinese, a storyboard file, or "-" for standard input.')
]
Seconds = Annotated[str | None, typer.Option(help="Length, 1 to 600; the director chooses one that fits.")]
SizeText = Annotated[
    str | None, typer.Option("--size", help="Width and height in pixels; 1280x720 unless the prompt asks otherwise.")
]
Fps = Annotated[str | None, typer.Option(help="Frames a second; 24 unless the prompt asks otherwise.")]
Seed = Annotated[str, typer.Option(help="Another seed, another take on everything the prompt leaves open.")]
LookName = Annotated[
    str | None, typer.Option("--look", help="natural, silhouette or film; the prompt decides otherwise.")
]
PainterChoice = Annotated[str, typer.Option("--painter", help="auto, native, preview or pathtrace.")]
Out = Annotated[Path | None, typer.Option(help="Where the film goes; its folder is made beside it.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON event a line instead of a progress bar.")]


@app.command()
def make(
    prompt: Prompt,
    seconds: Seconds = None,
    size_text: SizeText = None,
    fps: Fps = None,
    seed: Seed = "0",
    look: LookName = None,
    painter: PainterChoice = "auto",
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Make a film of a prompt or a storyboard."""
    wishes = {**_given(prompt), **_format(size_text, fps), "seconds": seconds, "seed": seed}
    request = film_request(**wishes, look=look, painter=painter)
    with beforehand() as helper, _Screen(as_json) as screen:
        from kinema.production import make_film  # which loads the numerical libraries, as the helper does meanwhile

        make_film(request, out or _default_path(request), screen.show, helper)


@app.command()
def plan(prompt: Prompt, seconds: Seconds = None, look: LookName = None, as_json: Json = False) -> None:
    """Print the storyboard of a prompt: YAML, or JSON with --json."""
    request = film_request(**_given(prompt), seconds=seconds, look=look)
    from kinema.director.planned import planned
    from kinema.schema.files import to_json, to_yaml

    storyboard = planned(request)
    print(to_json(storyboard) if as_json else to_yaml(storyboard))


@app.command()
def sheet(
    prompt: Prompt,
    seconds: Seconds = None,
    size_text: SizeText = None,
    seed: Seed = "0",
    look: LookName = None,
    out: Out = None,
) -> None:
    """Make only a sheet: sixteen stills of the film, in seconds."""
    request = film_request(**_given(prompt), **_format(size_text), seconds=seconds, seed=seed, look=look)
    from kinema.production import make_sheet

    print(make_sheet(request, out or _default_path(request).with_suffix(".png")))


@app.command()
def doctor(as_json: Json = False) -> None:
    """Say what is installed, what this machine can do, and how long a film would take."""
    from kinema.doctor import examine, told

    findings = examine()
    print(json.dumps(findings) if as_json else told(findings))


def main() -> None:
    """Run the command line; every refusal is one sentence and an exit code of its own."""
    for stop in STOPS:
        if signal.getsignal(stop) is not signal.SIG_IGN:  # as nohup has it
            signal.signal(stop, signal.default_int_handler)
    _speak_utf8()
    with redirect_stderr(cast(TextIO, _Aside(sys.stderr or Path(os.devnull).open("w")))):
        sys.exit(_run())


def _speak_utf8() -> None:
    """Whatever the locale says: prompts are Chinese too, and a path may hold bytes that are no text."""
    for stream, errors in ((sys.stdin, "strict"), (sys.stdout, "surrogateescape"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=errors)


def _run() -> int:
    try:
        with redirect_stdout(sys.stdout and cast(TextIO, _Output(sys.stdout))):  # None when it is closed
            code = app(standalone_mode=False)
            if sys.stdout is not None:
                sys.stdout.flush()
    except KinemaError as error:
        return _refuse(str(error), error.exit_code)
    except TyperException as error:  # unknown options, a word where a number belongs
        return _refuse(f"{error.format_message()}; see kinema --help", 2)
    except KeyboardInterrupt:
        code = INTERRUPTED
    if code == INTERRUPTED:  # typer answers Ctrl-C with this code instead of raising
        for stop in STOPS:  # what is left is to end
            signal.signal(stop, signal.SIG_IGN)
        return _refuse("stopped; no half-written film was left behind", INTERRUPTED)
    return int(code or 0)


def _refuse(sentence: str, code: int) -> int:
    print(f"kinema: {sentence}", file=sys.stderr)
    return code


class _Output:
    """Standard output whose refusals are explained, whoever writes to it: the command line itself or typer's help."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

    def write(self, text: str) -> int:
        """Raises: OutputFailed when nobody reads any more, or the disk it goes to is full."""
        if text == "":  # typer's probe, which swallows whatever comes of it
            return 0
        with self._explained():
            return self.stream.write(text)
        return 0  # nobody heard it

    def flush(self) -> None:
        """Raises: OutputFailed, as write."""
        with self._explained():
            self.stream.flush()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self._give_up()
            raise OutputFailed(f"cannot write to standard output: {error.strerror}") from None

    def _give_up(self) -> None:
        """Write the rest nowhere: it would fail at exit, too."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), self.stream.fileno())


class _Aside(_Output):
    """Standard error: who no longer reads it misses what is said, and nothing else."""

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError:
            self._give_up()


def _given(prompt: str) -> dict[str, Any]:
    """The prompt or the storyboard of a request."""
    if prompt != "-":
        return source(prompt)
    if sys.stdin is None:
        raise InvalidRequest("standard input is closed; send the prompt through it")
    try:
        return poured(sys.stdin.read(LARGEST + 1))
    except UnicodeDecodeError:
        raise InvalidRequest("standard input is not UTF-8 text; send the prompt as UTF-8") from None


def _format(size_text: str | None, fps: str | None = None) -> dict[str, Any]:
    """The size and the rate that are asked for; none of what is not."""
    return {**(size(size_text) if size_text is not None else {}), **({"fps": fps} if fps is not None else {})}


def _default_path(request: FilmRequest) -> Path:
    """films/ and the first words of the prompt or the storyboard's title."""
    text = request.prompt or (request.storyboard.title if request.storyboard else "")
    words = re.findall(r"\w+", text.lower())[:6]
    return Path("films") / f"{'-'.join(words)[:60] or 'film'}.mp4"


class _Screen:
    """Shows events: JSON lines on standard output, or a progress bar on standard error and the film's path."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        self.bar: Any = None

    def __enter__(self) -> _Screen:
        return self

    def __exit__(self, *error: object) -> None:
        if self.bar is not None:
            self.bar.stop()

    def show(self, event: dict[str, Any]) -> None:
        """Show one event of the production."""
        if self.as_json:
            print(json.dumps(event, ensure_ascii=False), flush=True)
        elif event["event"] == "progress":
            self._advance(event)
        elif event["event"] == "planned":
            self._say(f"{event['shots']} shots, {event['seconds']:g} s; storyboard: {event['storyboard']}")
            for sentence in event["said"]:
                self._say(f"  {sentence}")
            for note in event["notes"]:
                words = f"{note['words']}: " if note.get("words") else ""
                self._say(f"  {note['kind'].replace('_', ' ')}: {words}{note['text']}")
        elif event["event"] == "compiling":
            self._say(f"first film on this machine: compiling {event['kernels']} kernels, once, for about a minute")
        elif event["event"] == "sheet":
            pictures = "first picture" if event["pictures"] == 1 else f"{event['pictures']} pictures"
            self._say(f"{pictures} after {event['after_s']:g} s: {event['sheet']}")
        elif event["event"] == "done":
            print(event["film"])

    def _say(self, line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    def _advance(self, event: dict[str, Any]) -> None:
        if self.bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn

            columns = (
                TextColumn("frame {task.completed}/{task.total}"),
                BarColumn(),
                TextColumn("{task.fields[left]}"),
            )
            self.bar = Progress(*columns, console=Console(stderr=True))
            self.task = self.bar.add_task("film", total=event["frames"], left="")
            self.bar.start()
        self.bar.update(self.task, completed=event["frame"], left=f"{event['remaining_s']:.0f} s left")
