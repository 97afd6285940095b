"""Shapes: signed distances and solids to meshes."""
