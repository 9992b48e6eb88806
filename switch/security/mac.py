"""Message authentication: what stands in DE 64, and every step on the way there.

A MAC algorithm is one entry in :data:`ALGORITHMS`; its name says all, the writing of the
result included: plain names write the first four bytes as 8 upper-case hex characters, as POS
terminals do, names that end in ``-raw`` put the 8 bytes there as they are, as the generic
dialects do. What the MAC covers is the caller's affair (protocol.md section 4.4).
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from switch.errors import KeyProblem
from switch.security.ciphers import (
    DES_BLOCK,
    SM4_BLOCK,
    Ecb,
    des_cbc_last_block,
    des_ecb_decrypt,
    des_ecb_encrypt,
    des_ecb_encryptor,
    sm4_ecb_encryptor,
)

WRITTEN = 4  # bytes of the result that POS terminals write out, as 8 hex characters
CUP = ("xor", "hexascii", "e1", "x", "e2", "mac")
CBC = ("mac",)
RETAIL = ("cbc", "d", "mac")  # end of the chain; decrypted with the right half; result


@dataclass(frozen=True, slots=True)
class MacAlgorithm:
    """One way to make a MAC.

    Attributes:
        says: one line for the reference table.
        key_lengths: bytes.
        names: of the intermediates; the last one is ``mac``.
        steps: (key, covered bytes) -> the intermediates, as many as names.
        raw: DE 64 holds the 8 bytes as they are, not their first half as hex characters.
        experimental: no published vector confirms it.
    """

    says: str
    key_lengths: tuple[int, ...]
    names: tuple[str, ...]
    steps: Callable[[bytes, bytes], tuple[bytes, ...]]
    raw: bool = False
    experimental: bool = False

    def de64(self, result: bytes) -> bytes:
        """The result as DE 64 holds it."""
        return result if self.raw else result[:WRITTEN].hex().upper().encode()


@dataclass(frozen=True, slots=True)
class Trace:
    """How a MAC came about.

    Attributes:
        algorithm: its name.
        steps: intermediates by name, in order; the names are in the registry.
        de64: the 8 bytes of DE 64.
    """

    algorithm: str
    steps: Mapping[str, bytes]
    de64: bytes


def mac(algorithm: str, key: bytes, covered: bytes) -> bytes:
    """The 8 bytes of DE 64.

    Args:
        algorithm: a name in :data:`ALGORITHMS`.
        key: the MAK; how many bytes it may have is in the registry.
        covered: from the MTI to the last byte before DE 64, as on the wire; padded here.

    Returns:
        8 bytes: 8 upper-case hex characters in ASCII, or the MAC itself for ``-raw`` names.

    Raises:
        KeyProblem: a key of a length that the algorithm does not take.

    Source: protocol.md section 4.6; the vector is ISO/IEC 9797-1:2011 B.4.

    >>> key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    >>> mac("x9.19", key, b"Now is the time for all ")
    b'A1C72E74'
    >>> mac("x9.19-raw", key, b"Now is the time for all ").hex().upper()
    'A1C72E74EA3FA9B6'
    """
    how = _chosen(algorithm, key)
    return how.de64(how.steps(key, covered)[-1])


def explain(algorithm: str, key: bytes, covered: bytes) -> Trace:
    """The same as :func:`mac`, with every intermediate.

    Args:
        algorithm: a name in :data:`ALGORITHMS`.
        key: the MAK.
        covered: from the MTI to the last byte before DE 64.

    Returns:
        The steps by name, in order.

    Raises:
        KeyProblem: a key of a length that the algorithm does not take.

    Source: protocol.md section 4.6; the vector is ISO/IEC 9797-1:2011 B.4.

    >>> key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    >>> trace = explain("x9.19", key, b"Now is the time for all ")
    >>> trace.steps["cbc"].hex().upper(), trace.steps["mac"].hex().upper()
    ('70A30640CC76DD8B', 'A1C72E74EA3FA9B6')
    """
    how = _chosen(algorithm, key)
    steps = how.steps(key, covered)
    return Trace(algorithm, dict(zip(how.names, steps, strict=True)), how.de64(steps[-1]))


def verify(algorithm: str, key: bytes, covered: bytes, received: bytes) -> bool:
    """Whether ``received`` is the right DE 64, compared in constant time.

    Lower-case hex is a defect that does not interoperate: it is not right (protocol.md 4.6).

    Args:
        algorithm: a name in :data:`ALGORITHMS`.
        key: the MAK.
        covered: from the MTI to the last byte before DE 64.
        received: DE 64 as it arrived, of any length.

    Raises:
        KeyProblem: a key of a length that the algorithm does not take.

    >>> key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    >>> verify("x9.19", key, b"Now is the time for all ", b"A1C72E74")
    True
    >>> verify("x9.19", key, b"Now is the time for all ", b"a1c72e74")
    False
    """
    return hmac.compare_digest(mac(algorithm, key, covered), received)


def _chosen(algorithm: str, key: bytes) -> MacAlgorithm:
    how = ALGORITHMS[algorithm]
    if len(key) not in how.key_lengths:
        takes = " or ".join(map(str, how.key_lengths))
        raise KeyProblem(f"MAK: {len(key)} bytes, {algorithm} takes {takes}")
    return how


def _fold(covered: bytes, block: int) -> int:
    """XOR of all blocks, the last one zero-padded on the right: halve until one is left."""
    padding, halvings = _halvings(len(covered), block)
    folded = int.from_bytes(covered, "big") << padding
    for bits, mask in halvings:
        folded = (folded >> bits) ^ (folded & mask)
    return folded


@lru_cache(1024)  # a terminal's messages have few lengths
def _halvings(length: int, block: int) -> tuple[int, tuple[tuple[int, int], ...]]:
    """Bits of padding, then for each halving the bits of the lower half and their mask."""
    blocks = -(-length // block)
    padding = 8 * (blocks * block - length)
    halvings = []
    while blocks > 1:
        blocks = (blocks + 1) // 2
        bits = 8 * block * blocks
        halvings.append((bits, (1 << bits) - 1))
    return padding, tuple(halvings)


def _cup_ecb(key: bytes, covered: bytes) -> tuple[bytes, ...]:
    return _cup(key, covered, DES_BLOCK, des_ecb_encryptor)


def _cup_sm4_ecb(key: bytes, covered: bytes) -> tuple[bytes, ...]:
    return _cup(key, covered, SM4_BLOCK, sm4_ecb_encryptor)


def _cup(
    key: bytes, covered: bytes, block: int, encryptor: Callable[[bytes], Ecb]
) -> tuple[bytes, ...]:
    encrypt = encryptor(key)
    folded = _fold(covered, block)
    hexascii = b"%0*X" % (2 * block, folded)  # upper case: lower does not interoperate
    e1 = encrypt(hexascii[:block])
    mixed = int.from_bytes(e1, "big") ^ int.from_bytes(hexascii[block:], "big")
    x = mixed.to_bytes(block, "big")
    e2 = encrypt(x)
    return folded.to_bytes(block, "big"), hexascii, e1, x, e2, e2[:WRITTEN]


def _x9_9(key: bytes, covered: bytes) -> tuple[bytes, ...]:
    return (des_cbc_last_block(key, _zero_padded(covered)),)


def _x9_19(key: bytes, covered: bytes) -> tuple[bytes, ...]:
    return _retail(key, _zero_padded(covered))


def _x9_19_pad2(key: bytes, covered: bytes) -> tuple[bytes, ...]:
    # ISO/IEC 9797-1 6.3.3, method 2: one bit 1, then as few zeros as possible.
    return _retail(key, _zero_padded(covered + b"\x80"))


def _retail(key: bytes, padded: bytes) -> tuple[bytes, ...]:
    left, right = key[:8], key[8:]
    chained = des_cbc_last_block(left, padded)
    turned = des_ecb_decrypt(right, chained)
    return chained, turned, des_ecb_encrypt(left, turned)


def _zero_padded(covered: bytes) -> bytes:
    # ISO/IEC 9797-1 6.3.2, method 1: as few zeros as possible; an empty string is one block.
    return covered + bytes(-len(covered) % DES_BLOCK) or bytes(DES_BLOCK)


ALGORITHMS: dict[str, MacAlgorithm] = {
    "cup-ecb": MacAlgorithm(
        "China UnionPay POS: XOR, hex, DES or 3DES twice", (8, 16), CUP, _cup_ecb
    ),
    "x9.9-cbc": MacAlgorithm(
        "ANSI X9.9, ISO 9797-1 algorithm 1: CBC, single DES", (8,), CBC, _x9_9
    ),
    "x9.9-cbc-raw": MacAlgorithm("x9.9-cbc, all 8 bytes", (8,), CBC, _x9_9, raw=True),
    "x9.19": MacAlgorithm("ANSI X9.19, ISO 9797-1 algorithm 3: retail MAC", (16,), RETAIL, _x9_19),
    "x9.19-raw": MacAlgorithm("x9.19, all 8 bytes", (16,), RETAIL, _x9_19, raw=True),
    "x9.19-pad2": MacAlgorithm("x9.19 padded with 80 00...", (16,), RETAIL, _x9_19_pad2),
    "x9.19-pad2-raw": MacAlgorithm("x9.19-pad2, all 8 bytes", (16,), RETAIL, _x9_19_pad2, raw=True),
    "cup-sm4-ecb": MacAlgorithm(
        "cup-ecb on SM4 blocks; no published vector", (16,), CUP, _cup_sm4_ecb, experimental=True
    ),
}
