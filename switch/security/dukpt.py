"""TDES DUKPT: one key per transaction, from a key that the terminal never held.

For the generic dialects; CUP direct POS uses sign-on keys. A key serial number (KSN) is 10
bytes: 59 bits name the terminal's initial key, the last 21 count transactions.
"""

from __future__ import annotations

from switch.errors import KeyProblem
from switch.security.ciphers import des_ecb_encrypt

KSN_LENGTH = 10  # bytes
COUNTER_BITS = 21
COUNTER = (1 << COUNTER_BITS) - 1
REGISTER = (1 << 64) - 1  # the right 8 bytes of the KSN take part in the derivation

# X9.24-1:2009 A.2 and Annex A.4.1: what is XORed onto a key to make another of it
NEW_KEY = bytes.fromhex("C0C0C0C000000000C0C0C0C000000000")
PIN_VARIANT = bytes.fromhex("00000000000000FF00000000000000FF")
MAC_REQUEST_VARIANT = bytes.fromhex("000000000000FF00000000000000FF00")


def initial_key(bdk: bytes, ksn: bytes) -> bytes:
    """The initial key (IPEK) that is loaded into a terminal.

    Args:
        bdk: base derivation key, 16 bytes.
        ksn: 10 bytes; its counter does not matter.

    Returns:
        16 bytes.

    Raises:
        KeyProblem: a key or a KSN of another length.

    Source: ANSI X9.24-1:2009 A.6; the vector is its A.4.

    >>> bdk = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    >>> initial_key(bdk, bytes.fromhex("FFFF9876543210E00001")).hex().upper()
    '6AC292FAA1315B4D858AB3A3D7D5933A'
    """
    _exactly("BDK", bdk, 16)
    _exactly("KSN", ksn, KSN_LENGTH)
    serial = int.from_bytes(ksn, "big") & ~COUNTER
    left = serial.to_bytes(KSN_LENGTH, "big")[:8]
    return des_ecb_encrypt(bdk, left) + des_ecb_encrypt(_xor(bdk, NEW_KEY), left)


def transaction_key(ipek: bytes, ksn: bytes) -> bytes:
    """The key of the transaction that the KSN counts; use it only through its variants.

    Args:
        ipek: initial key, 16 bytes.
        ksn: 10 bytes, as received.

    Returns:
        16 bytes.

    Raises:
        KeyProblem: a key or a KSN of another length.

    Source: ANSI X9.24-1:2009 A.3; the vector is its A.4.

    >>> ipek = bytes.fromhex("6AC292FAA1315B4D858AB3A3D7D5933A")
    >>> transaction_key(ipek, bytes.fromhex("FFFF9876543210E00001")).hex().upper()
    '042666B49184CFA368DE9628D0397BC9'
    """
    _exactly("IPEK", ipek, 16)
    _exactly("KSN", ksn, KSN_LENGTH)
    serial = int.from_bytes(ksn, "big") & REGISTER
    register = serial & ~COUNTER
    key = ipek
    for bit in reversed(range(COUNTER_BITS)):
        if serial >> bit & 1:
            register |= 1 << bit
            key = _next_key(key, register.to_bytes(8, "big"))
    return key


def pin_key(key: bytes) -> bytes:
    """The PIN key of a transaction.

    Args:
        key: transaction key, 16 bytes.

    Raises:
        KeyProblem: a key of another length.

    Source: ANSI X9.24-1:2009 A.4.1; the vector is its A.4: PIN 1234, PAN 4012345678909.

    >>> key = pin_key(bytes.fromhex("042666B49184CFA368DE9628D0397BC9"))
    >>> des_ecb_encrypt(key, bytes.fromhex("041274EDCBA9876F")).hex().upper()
    '1B9C1845EB993A7A'
    """
    _exactly("transaction key", key, 16)
    return _xor(key, PIN_VARIANT)


def mac_request_key(key: bytes) -> bytes:
    """The MAC key of a request; the MAC is ``x9.19``.

    Args:
        key: transaction key, 16 bytes.

    Raises:
        KeyProblem: a key of another length.

    Source: ANSI X9.24-1:2009 A.4.1; the vector is its A.4.

    >>> from switch.security.mac import mac
    >>> key = mac_request_key(bytes.fromhex("042666B49184CFA368DE9628D0397BC9"))
    >>> mac("x9.19", key, b"4012345678909D987")
    b'9CCC7817'
    """
    _exactly("transaction key", key, 16)
    return _xor(key, MAC_REQUEST_VARIANT)


def _next_key(key: bytes, register: bytes) -> bytes:
    """The non-reversible key generation process, X9.24-1:2009 A.2."""
    halves = (_half(_xor(key, NEW_KEY), register), _half(key, register))
    return b"".join(halves)


def _half(key: bytes, register: bytes) -> bytes:
    return _xor(des_ecb_encrypt(key[:8], _xor(register, key[8:])), key[8:])


def _xor(left: bytes, right: bytes) -> bytes:
    mixed = int.from_bytes(left, "big") ^ int.from_bytes(right, "big")
    return mixed.to_bytes(len(left), "big")


def _exactly(name: str, value: bytes, length: int) -> None:
    if len(value) != length:
        raise KeyProblem(f"{name}: {len(value)} bytes, {length} belong here")
