"""``glutecam.toml`` -> typed values: behind this door there is no dict of settings.

Options on the command line win over the file, the file wins over the defaults.
"""

from __future__ import annotations

from glutecam.settings.reading import FILE_NAME, assigned, load_settings, read_settings
from glutecam.settings.values import Clinic, Settings
from glutecam.settings.written import toml_lines

__all__ = [
    "FILE_NAME",
    "Clinic",
    "Settings",
    "assigned",
    "load_settings",
    "read_settings",
    "toml_lines",
]
