"""Chunks or scene frames to finished light: the painter protocol and its engines."""
