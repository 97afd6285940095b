"""Scene frames to per-pixel geometry, by a Numba z-buffer."""
