"""What a movement is and how it is judged: NumPy, SciPy and the standard library only."""
