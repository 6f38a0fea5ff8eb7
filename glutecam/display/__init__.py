"""Pixels and sounds out, while it happens: the only rooms that flip left and right for a viewer."""
