"""People: how they look. Motion only needs skeleton.py."""
