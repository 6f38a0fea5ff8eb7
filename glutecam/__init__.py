"""glutecam: a form checker for the muscle that keeps the pelvis level."""
