"""Array contracts between stage, painter and film (NumPy only)."""
