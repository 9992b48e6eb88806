"""A dialect: everything that tells one ISO 8583 host from another, out of one YAML file.

    file.load("cup-pos") -> Dialect
    Dialect.decode(body) -> Message with its class and parts
    Dialect.build(kind, values) -> request;  Dialect.respond(request, answer) -> response
    Dialect.encode(message, sealed=True) -> Parts

``model`` holds the records, ``file`` reads them, ``schema`` is the shape of the file.
"""

from switch.dialect.file import load, names
from switch.dialect.model import Answer, Dialect, MessageClass

__all__ = ["Answer", "Dialect", "MessageClass", "load", "names"]
