"""Card cryptograms: the keys of a card, the ARQC it sends and the ARPC the issuer answers.

Application cryptograms only. PBOC and EMV derive the session key differently, the rest is the
same (protocol.md section 4.7).
"""

from __future__ import annotations

from switch.errors import KeyProblem
from switch.security.ciphers import des_ecb_encrypt
from switch.security.keys import odd_parity
from switch.security.mac import mac


def icc_master_key(imk: bytes, pan: str, psn: str = "00") -> bytes:
    """The master key of one card, derived from the issuer's (option A).

    Args:
        imk: issuer master key, 16 bytes.
        pan: digits.
        psn: PAN sequence number (DE 23, tag 5F34), 2 digits.

    Returns:
        16 bytes of odd parity.

    Raises:
        KeyProblem: an issuer key of another length, or a PAN or PSN that is not digits.

    Source: EMV Book 2, A1.4.1; the vector is V055.

    >>> imk = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    >>> icc_master_key(imk, "9901234567890123", "45").hex().upper()
    'F84315C7B95BD3B0C74694922C3808B0'
    """
    _double("issuer master key", imk)
    digits = pan + psn
    if not (pan and len(psn) == 2 and digits.isascii() and digits.isdigit()):
        raise KeyProblem("issuer master key: PAN and 2-digit PSN must be digits")
    left = bytes.fromhex(digits[-16:].zfill(16))
    return odd_parity(des_ecb_encrypt(imk, left + _complement(left)))


def pboc_session_key(icc_key: bytes, atc: bytes) -> bytes:
    """The key of one transaction, as PBOC derives it.

    Args:
        icc_key: ICC master key, 16 bytes.
        atc: application transaction counter (tag 9F36), 2 bytes.

    Returns:
        16 bytes, parity as it falls.

    Raises:
        KeyProblem: a key or a counter of another length.

    Source: JR/T 0025 (PBOC 3.0) part 7; the vector is V053.

    >>> icc_key = bytes.fromhex("014D996FCC8F49157DC8B49E3BCDFD99")
    >>> pboc_session_key(icc_key, bytes.fromhex("0240")).hex().upper()
    'D4102725E6E5AD329E55AAB50BF23DA9'
    """
    _double("ICC master key", icc_key)
    _exactly("ATC", atc, 2)
    return des_ecb_encrypt(icc_key, bytes(6) + atc + bytes(6) + _complement(atc))


def common_session_key(icc_key: bytes, diversifier: bytes) -> bytes:
    """The key of one transaction, as EMV's common derivation has it.

    Args:
        icc_key: ICC master key, 16 bytes.
        diversifier: R, 8 bytes; for an ARQC the ATC and 6 zero bytes.

    Returns:
        16 bytes of odd parity.

    Raises:
        KeyProblem: a key or a diversifier of another length.

    Source: EMV Book 2, A1.3.1; the vector is V055.

    >>> icc_key = bytes.fromhex("F84315C7B95BD3B0C74694922C3808B0")
    >>> common_session_key(icc_key, bytes.fromhex("1234567890123456")).hex().upper()
    '3E736BF8D37664348A04E3ABE00DEFC1'
    """
    _double("ICC master key", icc_key)
    _exactly("diversifier", diversifier, 8)
    halves = (diversifier[:2] + third + diversifier[3:] for third in (b"\xf0", b"\x0f"))
    return odd_parity(des_ecb_encrypt(icc_key, b"".join(halves)))


def arqc(session_key: bytes, elements: bytes) -> bytes:
    """The application cryptogram (tag 9F26) over terminal and card elements.

    Args:
        session_key: 16 bytes.
        elements: values of 9F02 9F03 9F1A 95 5F2A 9A 9C 9F37 82 9F36 and the CVR, in this
            order, without tags and lengths; padded here with 80 00...

    Returns:
        8 bytes.

    Raises:
        KeyProblem: a key of another length.

    Source: EMV Book 2, 8.1; the vector is V055.

    >>> session_key = bytes.fromhex("3E736BF8D37664348A04E3ABE00DEFC1")
    >>> arqc(session_key, bytes.fromhex("0123456789ABCDEF0123456789ABCDEF")).hex().upper()
    '4B46013359B7A58B'
    """
    _double("session key", session_key)
    return mac("x9.19-pad2-raw", session_key, elements)


def arpc(session_key: bytes, cryptogram: bytes, response_code: bytes) -> bytes:
    """The issuer's answer to an ARQC, method 1 (first 8 bytes of tag 91).

    Args:
        session_key: 16 bytes.
        cryptogram: the ARQC, 8 bytes.
        response_code: ARC, 2 bytes; tag 91 carries the same two after the ARPC.

    Returns:
        8 bytes.

    Raises:
        KeyProblem: an argument of another length.

    Source: EMV Book 2, 8.2.1; the vector is V055, which answers under the ICC master key.

    >>> icc_key = bytes.fromhex("F84315C7B95BD3B0C74694922C3808B0")
    >>> arpc(icc_key, bytes.fromhex("4B46013359B7A58B"), bytes(2)).hex().upper()
    'F8C9CECAABD55AD1'
    """
    _double("session key", session_key)
    _exactly("ARQC", cryptogram, 8)
    _exactly("ARC", response_code, 2)
    mixed = int.from_bytes(cryptogram, "big") ^ int.from_bytes(response_code, "big") << 48
    return des_ecb_encrypt(session_key, mixed.to_bytes(8, "big"))


def _double(name: str, key: bytes) -> None:
    _exactly(name, key, 16)


def _exactly(name: str, value: bytes, length: int) -> None:
    if len(value) != length:
        raise KeyProblem(f"{name}: {len(value)} bytes, {length} belong here")


def _complement(value: bytes) -> bytes:
    return bytes(byte ^ 0xFF for byte in value)
