"""Track 2 under the track key (protocol.md section 4.8): two descriptions exist, neither official.

Registry :data:`STRATEGIES`: which bytes of the packed track are encrypted. Its length never
changes, so DE 35 keeps the number of digits that it announces.
"""

from __future__ import annotations

from collections.abc import Callable

from switch.errors import KeyProblem
from switch.security.ciphers import DES_BLOCK, des_ecb_decrypt, des_ecb_encrypt

Cipher = Callable[[bytes, bytes], bytes]


def _tail(size: int) -> slice:
    """The 8 bytes that end just before the last one: the last digits stay in clear."""
    return slice(size - 1 - DES_BLOCK, size - 1)


def _blocks(size: int) -> slice:
    """Every whole block of 8 bytes; what is left behind the last one stays in clear."""
    return slice(0, size - size % DES_BLOCK)


STRATEGIES: dict[str, Callable[[int], slice]] = {"tail": _tail, "blocks": _blocks}


def encrypt_track(tdk: bytes, track: str, strategy: str = "tail") -> str:
    """Track 2 as it travels under the TDK.

    Args:
        tdk: 8, 16 or 24 bytes.
        track: hex digits, the separator as ``D``; at least 17.
        strategy: a name in :data:`STRATEGIES`.

    Returns:
        As many hex digits.

    Raises:
        KeyProblem: a key of another length, a track that is too short.

    >>> tdk = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    >>> hidden = encrypt_track(tdk, "6212142000000000012D30122010123456789")
    >>> hidden[:20], hidden[-1:], decrypt_track(tdk, hidden)
    ('6212142000000000012D', '9', '6212142000000000012D30122010123456789')
    """
    return _ciphered(des_ecb_encrypt, tdk, track, strategy)


def decrypt_track(tdk: bytes, track: str, strategy: str = "tail") -> str:
    """The track in clear; arguments as for :func:`encrypt_track`."""
    return _ciphered(des_ecb_decrypt, tdk, track, strategy)


def _ciphered(cipher: Cipher, tdk: bytes, track: str, strategy: str) -> str:
    packed = bytearray.fromhex(track + "0" * (len(track) % 2))
    if len(packed) <= DES_BLOCK:
        raise KeyProblem(f"track 2: {len(track)} digits, at least 17 can be encrypted")
    place = STRATEGIES[strategy](len(packed))
    if len(track) % 2 and place.stop == len(packed):  # half of that byte does not travel
        place = slice(place.start, place.stop - DES_BLOCK)
    packed[place] = cipher(tdk, bytes(packed[place]))
    return packed.hex().upper()[: len(track)]
