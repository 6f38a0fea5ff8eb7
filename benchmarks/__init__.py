"""Accuracy, speed and latency, measured by scripts that anyone can run; see README.md."""
