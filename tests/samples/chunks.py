"""A chunk of random but plausible buffers, for tests of what reads chunks."""

import numpy as np

from kinema.buffers.chunk import Chunk, Lens, empty_arrays


def chunk(frames: int = 2, height: int = 48, width: int = 64, first_frame: int = 0) -> Chunk:
    """Two walls, one nearer than the other, under uneven light."""
    lot = np.random.default_rng(first_frame + 1)
    arrays = empty_arrays(frames, height, width)
    near = np.arange(width) < width // 2
    arrays["depth"][:] = np.where(near, 2.0, 8.0)
    arrays["normal"][:] = np.where(near[:, None], [0, -127, 0], [0, 0, 127])
    arrays["albedo"][:] = np.where(near[:, None], [200, 120, 90], [60, 90, 200])
    arrays["preview"][:] = lot.random((frames, height, width, 3)) * 0.8 + 0.1
    arrays["roughness"][:] = 180
    arrays["key_visibility"][:] = lot.integers(0, 256, (frames, height, width))
    arrays["instance"][:] = np.where(near, 1, 0)
    arrays["motion"][:] = 0.5
    arrays["valid"][:] = 1
    return Chunk(first_frame=first_frame, lenses=(Lens(80.0, 0.0, 3.0),) * frames, **arrays)
