"""Streamed H.264 encoding: one frame in memory, a temporary name until the film is whole."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
from av.codec.codec import UnknownCodecError
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter

from kinema.buffers.chunk import U8
from kinema.film.files import discard, refusals_explained, temporary_name
from kinema.schema.errors import MissingExtra, OutputFailed

# threads: x264's output depends on their number · mbtree: with it, one film in sixty of small ones came out different ·
# b-adapt: choosing where B-frames go costs an eighth of the time and saves a thousandth of the bytes ·
# partitions, me: movement by quarters of a block costs a quarter of the time for 2% of the bytes and 0.06 dB
QUALITY = {
    "preset": "veryfast",
    "crf": "19",
    "threads": "2",
    "x264-params": "mbtree=0:b-adapt=0:partitions=i8x8:me=dia",
}
CODEC = "libx264"
ENLARGEMENT = "LANCZOS"  # of frames smaller than the film


class Encoder:
    """Writes display frames to an MP4 that appears under its name only when it is complete.

    A context manager: leaving it normally publishes the film, leaving it by an exception removes what was written.
    """

    def __init__(self, path: Path, width: int, height: int, fps: int) -> None:
        self.path = path
        self.temporary = temporary_name(path)
        self.size = (width, height)
        self.fps = fps
        self.frames = 0
        self.reformatter = VideoReformatter()  # one for all frames: setting one up costs more than its work

    def __enter__(self) -> Self:
        with refusals_explained(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.container = av.open(str(self.temporary), "w", format="mp4", options={"movflags": "+faststart"})
        try:
            self._add_stream()
        except BaseException:
            try:
                self.container.close()
            finally:
                discard(self.temporary)
            raise
        return self

    def _add_stream(self) -> None:
        try:
            self.stream = self.container.add_stream(CODEC, rate=Fraction(self.fps))
        except UnknownCodecError:
            raise MissingExtra(f"this build of PyAV cannot write {CODEC}; pip install --force-reinstall av") from None
        self.stream.width, self.stream.height = self.size
        self.stream.pix_fmt = "yuv420p"
        self.stream.options = {**QUALITY, "g": str(self.fps * 2)}
        self.stream.codec_context.color_primaries = self.stream.codec_context.color_trc = 1  # Rec.709
        self.stream.codec_context.colorspace, self.stream.codec_context.color_range = 1, 1

    def write(self, frame: U8) -> None:
        """Append one display frame (H, W, 3), enlarged to the film's size where it is smaller.

        Raises: OutputFailed when the disk is full or the folder went away.
        """
        picture = av.VideoFrame.from_ndarray(frame, format="rgb24")
        width, height = self.size
        picture = self.reformatter.reformat(
            picture, width, height, "yuv420p",
            dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG, interpolation=ENLARGEMENT,
        )  # fmt: skip
        picture.pts = self.frames
        picture.time_base = Fraction(1, self.fps)
        self.frames += 1
        with refusals_explained(self.path):
            for packet in self.stream.encode(picture):
                self.container.mux(packet)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            with refusals_explained(self.path):
                try:
                    if kind is None:
                        for packet in self.stream.encode():
                            self.container.mux(packet)
                finally:
                    self.container.close()
                if kind is None:
                    os.replace(self.temporary, self.path)
        except OutputFailed:
            if kind is None:
                raise
        finally:
            discard(self.temporary)
