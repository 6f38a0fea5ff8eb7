"""Pixels in: the only rooms that know cameras, codecs and pose models."""
