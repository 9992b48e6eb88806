"""PIN blocks of ISO 9564 format 0, with the PAN or, as CUP also allows, without it.

DE 53 says which: first digit 2 with the PAN, 1 without (protocol.md section 4.5). Where a
function takes ``pan``, None means without. Neither PIN nor PAN shows in an exception.
"""

from __future__ import annotations

from switch.errors import PinProblem
from switch.security.ciphers import DES_BLOCK, des_ecb_decrypt, des_ecb_encrypt

SHORTEST, LONGEST = 4, 12  # digits of a PIN, ISO 9564-1


def clear_block(pin: str, pan: str | None = None) -> bytes:
    """The clear PIN block.

    Args:
        pin: 4 to 12 digits.
        pan: digits with the check digit; None for a block without the PAN.

    Returns:
        8 bytes.

    Raises:
        PinProblem: a PIN of another length, or something that is not digits.

    Source: ISO 9564-1 format 0; the vector is ANSI X9.24-1:2009 A.4.

    >>> clear_block("1234", "4012345678909").hex().upper()
    '041274EDCBA9876F'
    >>> clear_block("1234").hex().upper()
    '041234FFFFFFFFFF'
    """
    if not _digits(pin) or not SHORTEST <= len(pin) <= LONGEST:
        raise PinProblem(f"PIN: {len(pin)} characters, {SHORTEST} to {LONGEST} digits belong here")
    # 0, the length, the PIN, F to the end
    plain = int(f"0{len(pin):X}{pin:F<14}", 16)
    return (plain ^ _pan_block(pan)).to_bytes(DES_BLOCK, "big")


def encrypt_block(pik: bytes, pin: str, pan: str | None = None) -> bytes:
    """The PIN block as it stands in DE 52.

    Args:
        pik: 8, 16 or 24 bytes.
        pin: 4 to 12 digits.
        pan: digits with the check digit; None for a block without the PAN.

    Returns:
        8 bytes.

    Raises:
        PinProblem: a PIN of another length, or something that is not digits.
        KeyProblem: a PIK of another length.

    Source: protocol.md section 4.5; the vector is V075.

    >>> pik = bytes.fromhex("807A23AD32B36D457AE91FDF927570EA")
    >>> encrypt_block(pik, "123456", "6212142000000000012").hex().upper()
    'AF5DABE4951A8715'
    """
    return des_ecb_encrypt(pik, clear_block(pin, pan))


def decrypt_pin(pik: bytes, block: bytes, pan: str | None = None) -> str:
    """The PIN in DE 52.

    Args:
        pik: 8, 16 or 24 bytes.
        block: DE 52, 8 bytes.
        pan: digits with the check digit; None for a block without the PAN.

    Returns:
        4 to 12 digits.

    Raises:
        PinProblem: what comes out is no format 0 block: another key, another PAN, another
            format or not 8 bytes.
        KeyProblem: a PIK of another length.

    Source: protocol.md section 4.5; the vector is V075.

    >>> pik = bytes.fromhex("807A23AD32B36D457AE91FDF927570EA")
    >>> decrypt_pin(pik, bytes.fromhex("AF5DABE4951A8715"), "6212142000000000012")
    '123456'
    """
    if len(block) != DES_BLOCK:
        raise PinProblem(f"PIN block: {len(block)} bytes, {DES_BLOCK} belong here")
    clear = int.from_bytes(des_ecb_decrypt(pik, block), "big")
    return _parse(f"{clear ^ _pan_block(pan):016X}")


def _parse(nibbles: str) -> str:
    if nibbles[0] != "0":
        raise PinProblem(f"PIN block: control nibble {nibbles[0]} after decryption, not 0")
    length = int(nibbles[1], 16)
    if not SHORTEST <= length <= LONGEST:
        raise PinProblem(f"PIN block: length {length}, {SHORTEST} to {LONGEST} belong here")
    pin, padding = nibbles[2 : 2 + length], nibbles[2 + length :]
    if not _digits(pin):
        raise PinProblem(f"PIN block: not {length} digits after decryption")
    if padding.strip("F"):
        raise PinProblem(f"PIN block: padding is not F after {length} digits")
    return pin


def _pan_block(pan: str | None) -> int:
    if pan is None:
        return 0
    if not _digits(pan):
        raise PinProblem("PIN block: the PAN is not digits")
    # 0000 and the 12 rightmost digits without the check digit; fewer are filled with zeros
    # on the left (ISO 9564-1). Digits read as hex are the packed digits.
    return int(pan[-13:-1] or "0", 16)


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
