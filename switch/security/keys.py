"""Keys: check values, wrapping, components, and the DE 62 that delivers working keys.

Keys are ``bytes`` of 8, 16 or 24; what is shown of one is its check value (KCV), nothing else.
Which key protects what: protocol.md section 4.1.
"""

from __future__ import annotations

from dataclasses import dataclass

from switch.errors import KeyProblem
from switch.security.ciphers import DES_BLOCK, des_ecb_decrypt, des_ecb_encrypt

KCV_LENGTH = 4  # bytes, in DE 62
KEY_LENGTHS = (8, 16, 24)  # bytes
FILLER = bytes(8)  # after a single-length MAK in a 16-byte slot, sent in clear


def kcv(key: bytes, length: int = KCV_LENGTH) -> bytes:
    """Key check value: the leftmost bytes of eight zero bytes encrypted under the key.

    Args:
        key: 8, 16 or 24 bytes.
        length: bytes wanted, 1 to 8; DE 62 carries 4, some systems 3.

    Raises:
        KeyProblem: a key of another length.

    Source: protocol.md section 4.2; the vector is V023.

    >>> kcv(bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")).hex().upper()
    '08D7B4FB'
    """
    return des_ecb_encrypt(key, bytes(DES_BLOCK))[:length]


def wrap(tmk: bytes, key: bytes) -> bytes:
    """Encrypt a key under another, each 8-byte part by itself (ECB).

    Args:
        tmk: the wrapping key, 8, 16 or 24 bytes.
        key: 8, 16 or 24 bytes.

    Returns:
        As many bytes as ``key`` has.

    Raises:
        KeyProblem: a key of another length.

    Source: protocol.md section 4.1; the vector is V074.

    >>> tmk = bytes.fromhex("CA5D92598DCA48CE8A4C76361A9269E9")
    >>> wrap(tmk, bytes.fromhex("5BB5C72CD00B7338")).hex().upper()
    'B651F9E9BACE9AE1'
    """
    _check_length("key to wrap", key)
    return des_ecb_encrypt(tmk, key)


def unwrap(tmk: bytes, wrapped: bytes) -> bytes:
    """Decrypt a key that came under another, each 8-byte part by itself (ECB).

    Args:
        tmk: the wrapping key, 8, 16 or 24 bytes.
        wrapped: 8, 16 or 24 bytes.

    Returns:
        As many bytes as ``wrapped`` has.

    Raises:
        KeyProblem: a key of another length.

    Source: protocol.md section 4.1; the vector is V074.

    >>> tmk = bytes.fromhex("CA5D92598DCA48CE8A4C76361A9269E9")
    >>> kcv(unwrap(tmk, bytes.fromhex("6701EAD6A9AD51E51AA406E2C27FCFA9"))).hex().upper()
    '8D0A74B8'
    """
    _check_length("wrapped key", wrapped)
    return des_ecb_decrypt(tmk, wrapped)


def combine(*components: bytes) -> bytes:
    """The key whose components several people hold: their XOR.

    Args:
        components: one or more, all of the same length, 8, 16 or 24 bytes.

    Raises:
        KeyProblem: no component, or one of another length.

    Source: ANSI X9.24-1, full-length components.

    >>> combine(bytes.fromhex("0F" * 8), bytes.fromhex("F0" * 8), bytes.fromhex("01" * 8)).hex()
    'fefefefefefefefe'
    """
    if not components:
        raise KeyProblem("no component to combine")
    first = components[0]
    folded = 0
    for number, component in enumerate(components, start=1):
        _check_length(f"component {number}", component)
        if len(component) != len(first):
            raise KeyProblem(
                f"component {number}: {len(component)} bytes, component 1 has {len(first)}"
            )
        folded ^= int.from_bytes(component, "big")
    return folded.to_bytes(len(first), "big")


def odd_parity(key: bytes) -> bytes:
    """The key with the lowest bit of each byte set so that its ones are odd in number.

    DES ignores these bits; standards print derived keys with them set.

    Source: FIPS 46-3.

    >>> odd_parity(bytes.fromhex("1A2B3C4D5F0A1B2C")).hex().upper()
    '1A2A3D4C5E0B1A2C'
    """
    return bytes(byte ^ (byte.bit_count() + 1) % 2 for byte in key)


@dataclass(frozen=True, slots=True, repr=False)
class WorkingKeys:
    """The keys of one sign-on, in clear; shown as their check values.

    Attributes:
        pik: PIN key, 8, 16 or 24 bytes.
        mak: MAC key.
        tdk: track key, if the sign-on delivered one.

    Raises:
        KeyProblem: a key of another length.

    >>> WorkingKeys(bytes.fromhex("0123456789ABCDEFFEDCBA9876543210"), bytes(8))
    WorkingKeys(pik=KCV 08D7B4FB, mak=KCV 8CA64DE9, tdk=None)
    """

    pik: bytes
    mak: bytes
    tdk: bytes | None = None

    def __post_init__(self) -> None:
        for name, key in (("PIK", self.pik), ("MAK", self.mak), ("TDK", self.tdk)):
            if key is not None:
                _check_length(name, key)

    def __repr__(self) -> str:
        tdk = self.tdk and f"KCV {_hex(kcv(self.tdk))}"
        pik, mak = _hex(kcv(self.pik)), _hex(kcv(self.mak))
        return f"WorkingKeys(pik=KCV {pik}, mak=KCV {mak}, tdk={tdk})"


def _check_length(name: str, key: bytes) -> None:
    if len(key) not in KEY_LENGTHS:
        raise KeyProblem(f"{name}: {len(key)} bytes, 8, 16 or 24 belong here")


def _hex(value: bytes) -> str:
    return value.hex().upper()
