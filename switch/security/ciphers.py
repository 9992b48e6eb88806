"""The one place where cipher objects are built.

Building one costs five times as much as using it, so ready ones stay in a bounded cache. ECB
has no state between whole blocks, which is what makes sharing them safe. A key never shows in
an exception: only its length does.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

from switch.errors import KeyProblem

DES_BLOCK = 8  # bytes
SM4_BLOCK = 16  # bytes
Ecb = Callable[[bytes], bytes]
READY = 1024  # ciphers kept per direction: the terminals that are busy, not all there are


def des_ecb_encrypt(key: bytes, clear: bytes) -> bytes:
    """Encrypt whole blocks in ECB: single DES under 8 bytes, 3DES under 16 or 24.

    Args:
        key: 8, 16 or 24 bytes.
        clear: a multiple of 8 bytes.

    Returns:
        As many bytes as ``clear`` has.

    Raises:
        KeyProblem: a key or a text of another length.

    Source: FIPS 46-3; the vector is FIPS 113, first block.

    >>> des_ecb_encrypt(bytes.fromhex("0123456789ABCDEF"), b"7654321 ").hex().upper()
    '21FB193693A16C28'
    """
    if not clear or len(clear) % DES_BLOCK:
        raise _ragged(clear, DES_BLOCK)
    return des_ecb_encryptor(key)(clear)


def des_ecb_decrypt(key: bytes, encrypted: bytes) -> bytes:
    """Decrypt whole blocks in ECB: single DES under 8 bytes, 3DES under 16 or 24.

    Args:
        key: 8, 16 or 24 bytes.
        encrypted: a multiple of 8 bytes.

    Returns:
        As many bytes as ``encrypted`` has.

    Raises:
        KeyProblem: a key or a text of another length.

    Source: FIPS 46-3; the vector is FIPS 113, first block.

    >>> key = bytes.fromhex("0123456789ABCDEF")
    >>> des_ecb_decrypt(key, bytes.fromhex("21FB193693A16C28"))
    b'7654321 '
    """
    if not encrypted or len(encrypted) % DES_BLOCK:
        raise _ragged(encrypted, DES_BLOCK)
    return _des_decryptor(key)(encrypted)


def des_cbc_last_block(key: bytes, clear: bytes) -> bytes:
    """The last block of a CBC chain from a zero IV, which is a CBC-MAC before any truncation.

    Args:
        key: 8, 16 or 24 bytes.
        clear: a multiple of 8 bytes, at least one block.

    Returns:
        8 bytes.

    Raises:
        KeyProblem: a key or a text of another length.

    Source: ISO/IEC 9797-1 algorithm 1; the vector is its Annex B.

    >>> text = b"Now is the time for all "
    >>> des_cbc_last_block(bytes.fromhex("0123456789ABCDEF"), text).hex().upper()
    '70A30640CC76DD8B'
    """
    if not clear or len(clear) % DES_BLOCK:
        raise _ragged(clear, DES_BLOCK)
    # The chain is state, so the context is new each time; only the cipher is shared.
    return _des_cbc(key).encryptor().update(clear)[-DES_BLOCK:]


def sm4_ecb_encrypt(key: bytes, clear: bytes) -> bytes:
    """Encrypt whole blocks with SM4 in ECB.

    Args:
        key: 16 bytes.
        clear: a multiple of 16 bytes.

    Returns:
        As many bytes as ``clear`` has.

    Raises:
        KeyProblem: a key or a text of another length.

    Source: GB/T 32907-2016; the vector is its first example.

    >>> block = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    >>> sm4_ecb_encrypt(block, block).hex().upper()
    '681EDF34D206965E86B3E94F536E4246'
    """
    if not clear or len(clear) % SM4_BLOCK:
        raise _ragged(clear, SM4_BLOCK)
    return sm4_ecb_encryptor(key)(clear)


@lru_cache(READY)
def des_ecb_encryptor(key: bytes) -> Ecb:
    """The ready cipher itself, for who uses it twice and gives whole blocks by construction.

    Args:
        key: 8, 16 or 24 bytes.

    Raises:
        KeyProblem: a key of another length.

    >>> encrypt = des_ecb_encryptor(bytes.fromhex("0123456789ABCDEF"))
    >>> encrypt(b"7654321 ").hex().upper()
    '21FB193693A16C28'
    """
    return Cipher(_des(key), modes.ECB()).encryptor().update


@lru_cache(READY)
def sm4_ecb_encryptor(key: bytes) -> Ecb:
    """The ready SM4 cipher itself, for who gives whole blocks by construction.

    Args:
        key: 16 bytes.

    Raises:
        KeyProblem: a key of another length.

    >>> block = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    >>> sm4_ecb_encryptor(block)(block).hex().upper()
    '681EDF34D206965E86B3E94F536E4246'
    """
    if len(key) != SM4_BLOCK:
        raise KeyProblem(f"an SM4 key of {len(key)} bytes, 16 belong here")
    return Cipher(SM4(key), modes.ECB()).encryptor().update


def _ragged(text: bytes, block: int) -> KeyProblem:
    # A shared context would keep the odd bytes and spoil everybody's next block.
    return KeyProblem(f"{len(text)} bytes to cipher, whole blocks of {block} belong here")


def _des(key: bytes) -> TripleDES:
    if len(key) == 8:
        return TripleDES(key * 3)  # 3DES under three equal keys is single DES
    if len(key) == 16:
        return TripleDES(key + key[:8])  # keying option 2: K3 = K1
    if len(key) == 24:
        return TripleDES(key)
    raise KeyProblem(f"a DES key of {len(key)} bytes, 8, 16 or 24 belong here")


@lru_cache(READY)
def _des_decryptor(key: bytes) -> Ecb:
    return Cipher(_des(key), modes.ECB()).decryptor().update


@lru_cache(READY)
def _des_cbc(key: bytes) -> Cipher[modes.CBC]:
    return Cipher(_des(key), modes.CBC(bytes(DES_BLOCK)))
