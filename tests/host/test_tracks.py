"""Encrypted tracks and the other key layouts of a sign-on, at the host (protocol 4.2, 4.8)."""

from __future__ import annotations

import pytest

from switch.dialect.file import with_options
from switch.dialect.model import Dialect
from switch.security.track import encrypt_track

from .conversation import BOOK, DIALECT, Conversation

TRACK = f"{BOOK.card('no-pin').pan}D30122011234567"
SIGN_ON = """
    >> sign_on stan=000001 network_code={}
    << 00 stan=000001 keys=present
"""


def with_track(strategy: str) -> Dialect:
    return with_options(DIALECT, {"track_encryption": strategy})


def signed_on_with(code: str) -> Conversation:
    talk = Conversation()
    talk.play(SIGN_ON.format(code))
    return talk


@pytest.mark.parametrize(("strategy", "security"), [("tail", "0610"), ("blocks", "2610")])
def test_a_track_under_the_track_key_is_read(strategy: str, security: str) -> None:
    talk = Conversation(dialect=with_track(strategy))
    talk.play(SIGN_ON.format("004"))
    keys = talk.side("12345678").keys
    assert keys is not None and keys.tdk is not None
    hidden = encrypt_track(keys.tdk, TRACK, strategy)
    talk.play(f"""
        >> sale stan=000002 amount=10000 pin=none card=no-pin 35={hidden} 53={security:0<16}
        << 00 stan=000002 mac=valid pan={BOOK.card("no-pin").pan}
        .. balance no-pin 99990000
    """)


def test_a_track_in_clear_that_says_it_is_encrypted_is_no_card() -> None:
    signed_on_with("004").play(f"""
        >> sale stan=000002 amount=10000 pin=none entry_mode=022 35={TRACK} 53=0610000000000000
        << 30 stan=000002 mac=valid
    """)


@pytest.mark.parametrize("track", ["", "6212142"])
def test_what_cannot_be_deciphered_stays_as_it_is(track: str) -> None:
    code = "14" if track else "30"
    more = f"35={track}" if track else "without=35"
    signed_on_with("004").play(f"""
        >> sale stan=000002 amount=10000 pin=none entry_mode=022 {more} 53=0610000000000000
        << {code} stan=000002
    """)


def test_single_length_keys_serve_pin_and_mac() -> None:
    signed_on_with("001").play("""
        >> sale stan=000002 amount=10000 53=2000000000000000
        << 00 stan=000002 mac=valid
        >> sale stan=000003 amount=10000 pin=000000 53=2000000000000000
        << 55 stan=000003 mac=valid
    """)
