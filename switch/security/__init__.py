"""Keys, MACs, PIN blocks and cryptograms: bytes in, bytes out, no clock and no chance.

``ciphers``
    The one place where cipher objects are built: DES and 3DES in ECB, the end of a CBC chain,
    SM4. Ready ones are kept in a bounded cache.
``keys``
    Check values, wrapping under the TMK, components, parity, and ``WorkingKeys``, which shows
    itself as check values only.
``layouts``
    DE 62 of the sign-on response: the registry ``LAYOUTS``, packing and unpacking.
``mac``
    DE 64: the registry ``ALGORITHMS``, ``mac``, ``verify``, and ``explain`` with every step.
``pin``
    DE 52: PIN blocks of ISO 9564 format 0, with and without the PAN.
``emv``
    Card keys, ARQC, ARPC.
``chip``
    DE 55: the same over its tags.
``track``
    DE 35 under the track key: the registry ``STRATEGIES``.
``dukpt``
    A key per transaction (X9.24-1), for the generic dialects.

::

            chip
              |
    dukpt   emv   layouts   pin   track
      |    /   \\     |      |      |
      |  mac   keys--+      |      |
      |    \\   /            |      |
      +--> ciphers <--------+------+

Wrong lengths and check values raise ``KeyProblem``, PIN blocks that hold no PIN ``PinProblem``;
their texts name lengths and check values, never a key or a PIN. Randomness is the caller's: a
working key is made of bytes that somebody hands in.
"""

from switch.security.keys import WorkingKeys, kcv
from switch.security.layouts import LAYOUTS, pack_working_keys, unpack_working_keys
from switch.security.mac import ALGORITHMS

__all__ = [
    "ALGORITHMS",
    "LAYOUTS",
    "WorkingKeys",
    "kcv",
    "pack_working_keys",
    "unpack_working_keys",
]
