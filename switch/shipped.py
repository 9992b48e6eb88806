"""Where the files that come with the package are: in the wheel, else in the checkout."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def shipped(folder: str) -> Path:
    """The folder ``specs`` or ``scenarios`` as installed, or of the checkout this runs in."""
    installed = PACKAGE / "_shipped" / folder
    return installed if installed.is_dir() else PACKAGE.parent / folder
