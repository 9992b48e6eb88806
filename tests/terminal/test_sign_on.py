"""Keys, batch and the signed-on flag (S1 to S7)."""

import pytest

from switch import elements as de
from switch.security import WorkingKeys
from switch.security.track import encrypt_track

from .bench import CLOSE, MAK, PIK, SILENCE, Bench, Say

STYLES = pytest.mark.parametrize("style", ["eager", "lazy"])
GOOD = "6701EAD6A9AD51E51AA406E2C27FCFA98D0A74B8B651F9E9BACE9AE10000000000000000AB7153CA"


def test_keys_stay_cryptograms_and_the_batch_is_the_hosts() -> None:
    bench = Bench()
    bench.batch = "000007"
    bench.sells()
    assert bench.terminal.record.keys == GOOD
    assert bench.of("sale")[0].part("60.2") == "000007"


@STYLES
@pytest.mark.parametrize(
    "say",
    [
        Say("03"),
        Say("97"),
        Say("58"),
        Say(set={de.KEYS: GOOD[:-2] + "00"}),
        Say(set={de.KEYS: GOOD[:48]}),
        Say(omit=(de.KEYS,)),
        Say(set={de.STAN: "000999"}),
        Say(set={de.KEYS: "0" * 80}),
    ],
)
def test_a_failed_sign_on_lets_no_sale_out_and_is_not_looped(style: str, say: Say) -> None:
    bench = Bench(style).on("sign_on", say).sells(300)
    assert [request.kind for request in bench.requests] == ["sign_on"]
    assert bench.results[-1].outcome == "refused_locally"
    assert not bench.terminal.record.signed_on


@pytest.mark.parametrize("say", [SILENCE, CLOSE])
def test_an_unanswered_sign_on_is_repeated_three_times_at_most(say: Say) -> None:
    bench = Bench().on("sign_on", *[say] * 9).sells(300)
    assert [one[de.STAN] for one in bench.of("sign_on")] == ["000001", "000002", "000003"]
    assert not bench.of("sale")


def test_the_operator_repeats_a_sign_on() -> None:
    bench = Bench().on("sign_on", SILENCE)
    bench.ask("sign_on")
    bench.run(200)
    assert len(bench.of("sign_on")) == 1
    assert bench.results[-1].outcome == "unknown"


def test_new_keys_are_used_from_the_next_message_on() -> None:
    bench = Bench().signed_on()
    bench.next_keys = [WorkingKeys(PIK, bytes.fromhex("F82A9BA462D57A7C"))]
    bench.on("sale", Say("A0", mac="absent")).sells().sells()
    assert "MAC" not in bench.transcript
    assert bench.results[-1].outcome == "approved"
    assert bench.keys.mak != MAK


TDK = bytes.fromhex("89ABCDEF0123456776543210FEDCBA98")


@pytest.mark.parametrize(
    ("entry", "card", "security"),
    [
        ("stripe", "pin", "2610000000000000"),
        ("stripe", "plain", "0610000000000000"),
        ("chip", "chip", "0610000000000000"),
        ("manual", "pin", "2600000000000000"),
    ],
)
def test_with_a_track_key_tracks_travel_under_it(entry: str, card: str, security: str) -> None:
    bench = Bench(options={"sign_on_code": "004"})
    bench.keys = WorkingKeys(PIK, MAK, TDK)
    bench.sells(card=card, entry=entry)
    (sale,) = bench.of("sale")
    track = bench.settings.cards[card].track_2
    assert sale[de.SECURITY_CONTROL] == security
    assert sale.get(de.TRACK_2, "") == ("" if entry == "manual" else encrypt_track(TDK, track))


def test_single_length_keys_are_taken_and_named() -> None:
    bench = Bench(options={"sign_on_code": "001"})
    bench.keys = WorkingKeys(PIK[:8], MAK)
    bench.sells()
    (sale,) = bench.of("sale")
    assert sale[de.SECURITY_CONTROL] == "2000000000000000"
    assert bench.results[-1].outcome == "approved"


def test_keys_of_another_layout_than_the_announced_one_are_refused() -> None:
    bench = Bench(options={"sign_on_code": "004"}).on("sign_on", Say(set={de.KEYS: GOOD}))
    bench.keys = WorkingKeys(PIK, MAK, TDK)
    bench.sells()
    assert bench.results[-1].outcome == "refused_locally"
