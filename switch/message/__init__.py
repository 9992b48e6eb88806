"""From bytes to data elements and back.

    bytes -> codec.Codec.decode -> Decoded(mti, fields, notes)
    fields -> codec.Codec.body -> bytes
    fields -> codec.Codec.encode -> parts.Parts -> join() -> bytes

``spec`` says how each element is coded; ``careful`` is a thin layer around pyiso8583, which
does the coding; ``twin`` does the same for ordinary messages with code that ``decoding`` and
``encoding`` write once for each shape, and ``codec`` asks it first;
``complaints`` says what is wrong with an element; ``parts`` keeps prefix and
value of each element apart, so that a fault can edit a valid message; ``subfields`` and
``tlv`` look inside elements; ``message`` is what the rest of the house passes around.
"""

from switch.message.careful import Decoded
from switch.message.codec import Codec
from switch.message.message import Message
from switch.message.parts import Part, Parts
from switch.message.spec import Coding, FieldSpec

__all__ = ["Codec", "Coding", "Decoded", "FieldSpec", "Message", "Part", "Parts"]
