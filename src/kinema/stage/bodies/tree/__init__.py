"""Trees and plants: a table of species, grown into meshes of cut-out foliage and bark."""

from kinema.stage.bodies.tree.tree import Detail, build_tree, height_of, sheaves

__all__ = ["Detail", "build_tree", "height_of", "sheaves"]
