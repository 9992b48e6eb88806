"""Messages that others published, and our own: bytes to values and the same bytes again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from switch.dialect import Dialect
from switch.errors import MessageError
from switch.reading import Mapping, Sequence, Text, read_file
from switch.report.message_text import dissect
from switch.wire import Frame, Framer

OWN = Path(__file__).with_name("cup-pos.yaml")


def plain(node: Any) -> Any:
    """A tree of our reader as Python values, every scalar a text."""
    if isinstance(node, Text):
        return node.value
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    assert isinstance(node, Mapping)
    return {key.value: plain(item) for key, item in node.entries}


OWN_VECTORS = plain(read_file(OWN))["vectors"]


@pytest.fixture(params=OWN_VECTORS, ids=[vector["id"] for vector in OWN_VECTORS])
def own(request: pytest.FixtureRequest) -> dict[str, Any]:
    vector: dict[str, Any] = request.param
    return vector


def test_our_messages_decode(own: dict[str, Any], dialect: Dialect) -> None:
    (frame,) = Framer(dialect.framing).receive(bytes.fromhex("".join(own["hex"])))
    message = dialect.decode(frame.body)
    assert (frame.tpdu, frame.header) == (own["tpdu"], own["header"])
    assert (message.mti, message.kind) == (own["mti"], own["class"])
    assert {str(number): value for number, value in message.fields.items()} == own["fields"]
    assert dialect.codec.decode(frame.body).bitmap == own["bitmap"]
    assert not message.notes


def test_our_messages_encode(own: dict[str, Any], dialect: Dialect) -> None:
    fields = {int(number): value for number, value in own["fields"].items()}
    body = dialect.codec.encode(own["mti"], fields).join()
    frame = Frame(own["tpdu"], own["header"], body)
    assert dialect.framing.wrap(frame).hex().upper() == "".join(own["hex"])


def test_our_vectors_cover_both_directions_and_most_groups(dialect: Dialect) -> None:
    groups = {dialect.classes[vector["class"]].group for vector in OWN_VECTORS}
    assert groups == {"management", "financial", "reversal", "batch"}
    assert {vector["mti"][2] for vector in OWN_VECTORS} == {"0", "1", "2"}


def test_shared_message(cup_vector: dict[str, Any], dialect: Dialect) -> None:
    raw = bytes.fromhex(cup_vector["hex"])
    if cup_vector["id"] == "V007":  # its published prefix says 170
        raw = (len(raw) - 2).to_bytes(2, "big") + raw[2:]
    found = dissect(raw, dialect)
    assert found.fault is None
    assert found.envelope.tpdu == cup_vector["tpdu"]
    assert found.envelope.header == cup_vector["header"]
    assert bool(found.envelope.prefix) is cup_vector["has_length_prefix"]
    assert found.message.mti == cup_vector["mti"]
    assert found.bitmap == cup_vector["bitmap"]
    values = {str(number): value for number, value in found.message.fields.items()}
    assert {number: values[number] for number in cup_vector["fields"]} == cup_vector["fields"]

    body = raw[found.envelope.start :]
    assert dialect.codec.encode(found.message.mti, found.message.fields).join() == body


def test_v017_fails_where_its_bitmap_left_an_element_out(
    vectors: dict[str, dict[str, Any]], dialect: Dialect
) -> None:
    (frame,) = Framer(dialect.framing).receive(bytes.fromhex(vectors["V017"]["hex"]))
    with pytest.raises(MessageError, match=r"^10 bytes after the last element, at byte 102$") as no:
        dialect.decode(frame.body)
    assert no.value.element is None
    assert no.value.fields[60] == "22000001"
