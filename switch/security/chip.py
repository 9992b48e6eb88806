"""What a card and its issuer say to each other in DE 55, over the tags themselves.

``emv`` derives keys and makes cryptograms of bytes; here is which tags are covered, and in
which order (protocol.md section 4.7, PBOC).
"""

from __future__ import annotations

from collections.abc import Mapping

from switch.errors import KeyProblem
from switch.security import emv

# Covered by a cryptogram in this order, with their lengths in bytes; the CVR follows.
COVERED = {
    "9F02": 6, "9F03": 6, "9F1A": 2, "95": 5, "5F2A": 2, "9A": 3, "9C": 1, "9F37": 4, "82": 2,
    "9F36": 2,
}  # fmt: skip
CRYPTOGRAM, COUNTER, ISSUER_APPLICATION = "9F26", "9F36", "9F10"
SECOND = 0xC0  # of the second byte of the CVR: 00 AAC, 40 TC, 80 not asked for
CVR = slice(6, 14)  # hex digits of 9F10, after its length, key index and cryptogram version


def lacking(tags: Mapping[str, str]) -> list[str]:
    """The tags without which no cryptogram can be computed, in the order in which they count."""
    wrong = [tag for tag, size in COVERED.items() if len(tags.get(tag, "")) != 2 * size]
    has_cvr = len(tags.get(ISSUER_APPLICATION, "")) >= CVR.stop
    return wrong if has_cvr else [*wrong, ISSUER_APPLICATION]


def cryptogram(icc_key: bytes, tags: Mapping[str, str]) -> str:
    """The value of tag 9F26 over the other tags.

    Args:
        icc_key: ICC master key, 16 bytes.
        tags: tag -> value, hex.

    Returns:
        16 hex digits.

    Raises:
        KeyProblem: a key of another length, or tags that do not suffice.

    >>> icc_key = bytes.fromhex("014D996FCC8F49157DC8B49E3BCDFD99")
    >>> cryptogram(icc_key, {  # V053
    ...     "9F02": "000000000001", "9F03": "000000000000", "9F1A": "0156", "95": "0080046000",
    ...     "5F2A": "0156", "9A": "140701", "9C": "00", "9F37": "1E78EEBC", "82": "7D00",
    ...     "9F36": "0240", "9F10": "07010103A0400201"})
    '5D016C91005E7CC2'
    """
    absent = lacking(tags)
    if absent:
        raise KeyProblem(f"tag {absent[0]}: absent or of another length, no cryptogram")
    covered = "".join(tags[tag] for tag in COVERED) + tags[ISSUER_APPLICATION][CVR]
    return emv.arqc(_session_key(icc_key, tags), bytes.fromhex(covered)).hex().upper()


def issuer_authentication(icc_key: bytes, tags: Mapping[str, str], response_code: str) -> str:
    """The value of tag 91: the ARPC, then the response code that it covers.

    Args:
        icc_key: ICC master key, 16 bytes.
        tags: those of the request, with its ARQC in 9F26.
        response_code: DE 39, two characters.

    Returns:
        20 hex digits.

    Raises:
        KeyProblem: a key, an ARQC or a code of another length.

    >>> icc_key = bytes.fromhex("014D996FCC8F49157DC8B49E3BCDFD99")
    >>> tags = {"9F26": "5D016C91005E7CC2", "9F36": "0240"}  # V053
    >>> issuer_authentication(icc_key, tags, "01")
    '21415243527CE78F3031'
    """
    code = response_code.encode("ascii")
    arqc = bytes.fromhex(tags.get(CRYPTOGRAM, ""))
    return (emv.arpc(_session_key(icc_key, tags), arqc, code) + code).hex().upper()


def refused(issuer_application: str) -> bool:
    """The second GENERATE AC returned an AAC: the card refused the transaction.

    Args:
        issuer_application: tag 9F10, hex; the second byte of its CVR says so (PBOC).

    >>> refused("0701010328000001"), refused("0701010360000001"), refused("07010103A0000001")
    (True, False, False)
    """
    returned = issuer_application[CVR][2:4]
    return bool(returned) and int(returned, 16) & SECOND == 0


def _session_key(icc_key: bytes, tags: Mapping[str, str]) -> bytes:
    return emv.pboc_session_key(icc_key, bytes.fromhex(tags.get(COUNTER, "")))
