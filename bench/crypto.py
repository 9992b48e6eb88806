"""MAC and PIN block beside psec, on the same keys; both sides must agree before they are timed."""

from __future__ import annotations

import warnings
from typing import Any

from bench.rounds import Row, compare
from switch.security.mac import mac
from switch.security.pin import decrypt_pin, encrypt_block

DOUBLE = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
OTHER = bytes.fromhex("89ABCDEF0123456776543210FEDCBA98")
PAN, PIN = "6212142000000000012", "123456"
COVERED = bytes(range(256)) + b"sixteen more ..."  # as long as a sale with DE 55


def rows() -> list[Row]:
    """CUP MAC, retail MAC, and a PIN block moved from one key to another."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # psec with the newest cryptography
        from psec import des, pinblock
        from psec import mac as psec_mac

        return [
            compare("CUP MAC", _cup(des), 8),
            compare("X9.19 MAC", _retail(psec_mac), 2),
            compare("PIN translate", _translate(des, pinblock), 4),
        ]


def _agreeing(ours: Any, theirs: Any) -> dict[str, Any]:
    assert ours() == theirs(), "the two sides do not compute the same"
    return {"switch": ours, "psec": theirs}


def _cup(des: Any) -> dict[str, Any]:
    def theirs() -> bytes:
        folded = bytes(8)
        for place in range(0, len(COVERED), 8):
            folded = bytes(a ^ b for a, b in zip(folded, COVERED[place : place + 8], strict=True))
        text = folded.hex().upper().encode()
        first = des.encrypt_tdes_ecb(DOUBLE, text[:8])
        mixed = bytes(a ^ b for a, b in zip(first, text[8:], strict=True))
        result: bytes = des.encrypt_tdes_ecb(DOUBLE, mixed)
        return result.hex().upper()[:8].encode()

    return _agreeing(lambda: mac("cup-ecb", DOUBLE, COVERED), theirs)


def _retail(psec_mac: Any) -> dict[str, Any]:
    def theirs() -> Any:
        return psec_mac.generate_retail_mac(DOUBLE[:8], DOUBLE[8:], COVERED, 1)

    return _agreeing(lambda: mac("x9.19-raw", DOUBLE, COVERED), theirs)


def _translate(des: Any, pinblock: Any) -> dict[str, Any]:
    block = encrypt_block(DOUBLE, PIN, PAN)

    def theirs() -> Any:
        clear = pinblock.decode_pinblock_iso_0(des.decrypt_tdes_ecb(DOUBLE, block), PAN)
        return des.encrypt_tdes_ecb(OTHER, pinblock.encode_pinblock_iso_0(clear, PAN))

    return _agreeing(lambda: encrypt_block(OTHER, decrypt_pin(DOUBLE, block, PAN), PAN), theirs)
