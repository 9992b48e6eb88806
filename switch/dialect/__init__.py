"""A dialect: everything that tells one ISO 8583 host from another, out of one YAML file.

    file.load("cup-pos") -> Dialect
    Dialect.decode(body) -> Message with its class and parts
    Dialect.build(kind, values) -> request;  Dialect.respond(request, answer) -> response
    Dialect.encode(message, sealed=True) -> Parts

``classes`` holds the records, ``model`` what a dialect can do, ``file`` reads one, ``schema`` is
the shape of the file.
"""

from switch.dialect.classes import Answer, MessageClass
from switch.dialect.file import load, names
from switch.dialect.model import Dialect

__all__ = ["Answer", "Dialect", "MessageClass", "load", "names"]
