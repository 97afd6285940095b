"""Counter-based randomness keyed by (seed, stable id, purpose): adding one thing never reshuffles another."""

from __future__ import annotations

import hashlib

import numpy as np


def chance(seed: int, subject: str, purpose: str) -> np.random.Generator:
    """A generator that depends on nothing but its three arguments (Philox, Salmon et al. 2011)."""
    digest = hashlib.sha256(f"{seed}\0{subject}\0{purpose}".encode()).digest()
    return np.random.Generator(np.random.Philox(key=np.frombuffer(digest[:16], np.uint64)))
