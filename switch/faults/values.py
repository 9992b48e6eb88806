"""Another value of the same form."""

from __future__ import annotations


def another(value: str, text: str) -> str:
    """A different value of the same form: its last character that is no space is another.

    Args:
        value: not empty; digits, hex or text.
        text: the text encoding, in which the new value has as many bytes.

    >>> another("000109", "gbk"), another("SHOP A  ", "gbk")
    ('000100', 'SHOP 0  ')
    """
    place = max(len(value.rstrip(" ")) - 1, 0) if value.strip(" ") else len(value) - 1
    old = value[place]
    if old in "0123456789":
        new = str((int(old) + 1) % 10)
    else:
        new = "0" * len(old.encode(text, "surrogateescape"))
    return value[:place] + new + value[place + 1 :]
