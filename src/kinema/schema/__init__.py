"""Storyboard, film request and errors: frozen documents, no I/O, no numerical imports."""
