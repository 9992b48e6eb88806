"""Downloads and what else the host asks for in the header (H1 to H4)."""

from __future__ import annotations

import pytest

from switch import elements as de
from switch.acquirer.downloads import Aid, Capk
from switch.message.tlv import write_tags
from switch.terminal import Record

from .bench import CARDS, SILENCE, Bench, Say, conversation

STYLES = pytest.mark.parametrize("style", ["eager", "lazy"])
KEYS = [Capk("A000000333", index, "20301231", "C1" * 64) for index in ("02", "03", "08")]
APPS = [Aid("A000000333010101", {"DF11": "D84000A800"}), Aid("A000000333010102")]


def text(value: str) -> str:
    return value.encode().hex().upper()


def says(value: str, **more: object) -> Say:
    """A response with this DE 62."""
    return Say(set={de.KEYS: value}, **more)  # type: ignore[arg-type]


def items(**named: str) -> Say:
    """Parameters: item number -> value."""
    return says(text("".join(f"{item[1:]}{value}" for item, value in named.items())))


def page(begins: str, *records: Capk | Aid) -> Say:
    return says(text(begins) + "".join(write_tags(dict(one.listed)) for one in records))


def record(one: Capk | Aid, **changes: str) -> Say:
    return says(text("1") + write_tags({**one.tags, **changes}))


def cards(begins: str, so_far: int, *numbers: str) -> Say:
    listed = "".join(f"{len(number):02d}{number:<19}" for number in numbers)
    return says(text(f"{begins}{so_far:03d}{listed}"))


def asked(style: str, digit: str) -> Bench:
    """A terminal to which the answer to a sale has just said ``digit``."""
    return Bench(style).signed_on().on("sale", Say(requirement=digit))


def kinds(bench: Bench) -> list[str]:
    return [request.kind for request in bench.requests[1:]]


# ---- when (H1 to H3) --------------------------------------------------------------------------


def test_an_eager_terminal_downloads_after_the_sale() -> None:
    bench = asked("eager", "1").on("parameter_download", items(_13="5")).sells()
    assert bench.transcript == conversation("""
        >> 0200 sale 000002
        << 0210 00 000002
        >> 0800 parameter_download
        << 0810 00
        >> 0800 parameter_end
        << 0810 00
    """)
    assert bench.results[-1].outcome == "approved"
    assert bench.terminal.record.parameters == {"redials": "5"}


def test_a_lazy_terminal_downloads_before_the_next_transaction() -> None:
    bench = asked("lazy", "1").on("parameter_download", items(_13="5")).sells()
    assert kinds(bench) == ["sale"]
    bench.ask("next_transaction")
    bench.run()
    assert kinds(bench) == ["sale", "parameter_download", "parameter_end", "sale"]


@STYLES
@pytest.mark.parametrize("digit", ["6", "8", "9", "A", "F", "0"])
def test_what_it_does_not_know_or_gets_elsewhere_sends_nothing(style: str, digit: str) -> None:
    bench = asked(style, digit).sells().sells()
    assert kinds(bench) == ["sale", "sale"]
    assert bench.terminal.record.required == []


@STYLES
def test_a_requirement_survives_a_power_cut_in_the_middle_of_the_download(style: str) -> None:
    bench = asked(style, "1").on("parameter_download", SILENCE).sells()
    bench.ask("next_transaction")
    bench.run(5)
    assert kinds(bench)[-1] == "parameter_download"
    again = bench.restarted().on("parameter_download", items(_13="5"))
    again.ask("next_transaction")
    again.run()
    assert [request.kind for request in again.requests] == [
        "parameter_download", "parameter_end", "sale",
    ]  # fmt: skip


def test_after_power_on_an_eager_terminal_takes_up_what_was_left() -> None:
    bench = asked("eager", "1").on("parameter_download", SILENCE).sells()
    bench.ask("power_off")
    bench.ask("power_on")
    bench.on("parameter_download", items(_13="5")).run()
    assert kinds(bench)[-2:] == ["parameter_download", "parameter_end"]


@STYLES
def test_a_host_that_repeats_itself_during_the_download_starts_no_second_one(style: str) -> None:
    bench = asked(style, "1")
    bench.on("parameter_download", says(text("135"), requirement="1"))
    bench.on("parameter_end", Say(requirement="1")).sells().sells()
    assert kinds(bench).count("parameter_download") == 1


@STYLES
def test_a_second_wish_in_the_answers_to_the_first_is_fulfilled_after_it(style: str) -> None:
    bench = asked(style, "1").on("parameter_download", says(text("135"), requirement="2"))
    bench.sells().sells()
    wanted = ["parameter_download", "parameter_end", "status_upload"]
    assert kinds(bench) == (["sale", *wanted, "sale"])


@STYLES
def test_a_reversal_comes_before_a_download(style: str) -> None:
    bench = asked(style, "1").on("parameter_download", items(_13="5"))
    bench.plan["sale"] = [Say(requirement="1", set={de.MERCHANT_ID: "898310087654321"})]
    bench.sells()
    bench.ask("next_transaction")
    bench.run()
    order = [kind for kind in kinds(bench) if kind != "sale"]
    assert order == ["reversal"], "the header of a reply that is not ours asks for nothing"


def test_the_operator_may_start_any_download_by_hand() -> None:
    bench = Bench().signed_on()
    bench.on("blacklist_download", cards("0", 0)).on("parameter_download", items(_18="1"))
    bench.ask("download", table="blacklist")
    bench.run()
    bench.ask("download")
    bench.run()
    assert kinds(bench) == [
        "blacklist_download", "blacklist_end", "parameter_download", "parameter_end",
    ]  # fmt: skip
    assert [result.outcome for result in bench.results[1:]] == ["approved", "approved"]


# ---- how often (H4) ---------------------------------------------------------------------------


@STYLES
def test_each_message_is_sent_three_times_at_most_and_then_it_trades_on(style: str) -> None:
    bench = asked(style, "1").on("parameter_download", *[SILENCE] * 9).sells()
    bench.ask("next_transaction")
    bench.run(400)
    assert kinds(bench).count("parameter_download") == 3
    assert bench.results[-1].outcome == "approved"
    assert any("FAILED" in shown for _, shown in bench.shown)
    bench.sells()
    assert kinds(bench)[-1] == "sale", "the host asks again if it still wants it"


@STYLES
def test_a_refused_download_is_not_repeated(style: str) -> None:
    bench = asked(style, "1").on("parameter_download", Say("96")).sells().sells()
    assert kinds(bench).count("parameter_download") == 1
    assert "parameter_end" not in kinds(bench)


def test_a_lost_end_message_is_repeated_and_the_parameters_are_in_use() -> None:
    bench = asked("eager", "1").on("parameter_download", items(_13="5"))
    bench.on("parameter_end", SILENCE).sells(100)
    assert kinds(bench) == ["sale", "parameter_download", "parameter_end", "parameter_end"]
    assert bench.terminal.record.parameters == {"redials": "5"}


def test_without_a_connection_it_gives_up_for_now() -> None:
    bench = asked("eager", "1")
    bench.then = lambda result: None
    bench.sells(0.012)
    bench.refuse = 9
    bench.terminal.lost("host")
    bench.run(60)
    assert kinds(bench).count("parameter_download") == 0


# ---- parameters -------------------------------------------------------------------------------


def downloaded(**named: str) -> Bench:
    bench = Bench("eager").signed_on().on("parameter_download", items(**named))
    bench.ask("download", table="parameters")
    return bench.run()


def test_the_response_timer_takes_effect() -> None:
    bench = downloaded(_12="25").on("sale", SILENCE).sells(24)
    assert not bench.of("reversal")
    assert len(bench.run(2).of("reversal")) == 1


def test_the_number_of_resends_takes_effect() -> None:
    bench = downloaded(_23="2").on("sale", SILENCE).on("reversal", *[SILENCE] * 9).sells(400)
    assert len(bench.of("reversal")) == 2


@pytest.mark.parametrize(
    "nonsense", [{"_12": "00"}, {"_12": "99"}, {"_12": "ab"}, {"_23": "0"}, {"_22": " " * 40}]
)
def test_a_value_that_makes_no_sense_leaves_the_old_one(nonsense: dict[str, str]) -> None:
    bench = downloaded(_12="30", _23="2", _22="TEA HOUSE".ljust(40))
    before = dict(bench.terminal.record.parameters)
    bench.on("parameter_download", items(**nonsense, _13="7"))
    bench.ask("download")
    bench.run()
    assert bench.terminal.record.parameters == {**before, "redials": "7"}


@pytest.mark.parametrize("junk", ["", text("99"), text("1"), text("122")])
def test_an_answer_without_parameters_is_asked_for_again(junk: str) -> None:
    bench = downloaded(_13="5").on("parameter_download", says(junk), items(_13="6"))
    bench.ask("download")
    bench.run()
    assert bench.terminal.record.parameters == {"redials": "6"}


def test_a_status_upload_tells_the_device_and_the_parameters_in_use() -> None:
    bench = downloaded(_12="45", _18="1")
    bench.ask("status_upload")
    bench.run()
    (status,) = bench.of("status_upload")
    shown = {place: status.part(place) for place in ("62.1", "62.5", "62.12", "62.18", "62.23")}
    assert shown == {"62.1": "1", "62.5": "1", "62.12": "45", "62.18": "1", "62.23": "3"}


# ---- tables -----------------------------------------------------------------------------------


def test_public_keys_come_page_by_page_and_then_one_by_one() -> None:
    bench = Bench().signed_on()
    bench.on("capk_query", page("2", *KEYS[:2]), page("3", KEYS[2]))
    bench.on("capk_download", *[record(key) for key in KEYS])
    bench.ask("download", table="capk")
    bench.run()
    assert kinds(bench) == ["capk_query"] * 2 + ["capk_download"] * 3 + ["capk_end"]
    assert [one.part("62.2") for one in bench.of("capk_query")] == ["00", "02"]
    wanted = {f"{key.rid}-{key.index}": write_tags({**key.tags}) for key in KEYS}
    assert bench.terminal.record.capks == wanted


def test_applications_in_one_page() -> None:
    bench = Bench().signed_on().on("aid_query", page("1", *APPS))
    bench.on("aid_download", *[record(one) for one in APPS])
    bench.ask("download", table="aid")
    bench.run()
    assert list(bench.terminal.record.aids) == ["A000000333010101", "A000000333010102"]


def test_an_empty_list_empties_the_table() -> None:
    bench = Bench(record=Record(aids={"A0": "9F0601A0"})).signed_on()
    bench.on("aid_query", page("0"))
    bench.ask("download", table="aid")
    bench.run()
    assert bench.terminal.record.aids == {}
    assert kinds(bench) == ["aid_query", "aid_end"]


SPOILT = {
    "checksum": record(KEYS[0], DF03="00" * 20),
    "another": record(KEYS[1]),
    "missing": says(text("0")),
    "no tlv": says(text("1") + "9F06"),
    "empty": says(""),
}


@pytest.mark.parametrize("spoilt", SPOILT)
def test_a_record_that_is_not_right_is_asked_for_again(spoilt: str) -> None:
    bench = Bench().signed_on().on("capk_query", page("1", KEYS[0]))
    bench.on("capk_download", SPOILT[spoilt], record(KEYS[0]))
    bench.ask("download", table="capk")
    bench.run()
    assert kinds(bench).count("capk_download") == 2
    assert list(bench.terminal.record.capks) == ["A000000333-02"]


@pytest.mark.parametrize("lost", ["capk_query", "capk_download"])
def test_a_broken_download_leaves_the_old_table_and_no_end_message(lost: str) -> None:
    bench = Bench(record=Record(capks={"old": "9F0601A0"})).signed_on()
    bench.on("capk_query", page("2", KEYS[0]), page("3", KEYS[1]))
    bench.on("capk_download", record(KEYS[0]), *[SILENCE] * 9)
    if lost == "capk_query":
        bench.plan["capk_query"][1:] = [SILENCE] * 9
    bench.ask("download", table="capk")
    bench.run(400)
    assert bench.terminal.record.capks == {"old": "9F0601A0"}
    assert bench.results[-1].outcome == "unknown"
    assert "capk_end" not in kinds(bench)


ENDLESS = {
    "empty page": says(text("2")),
    "no page": says(""),
    "unknown sign": says(text("7") + write_tags({**KEYS[0].listed})),
}


@pytest.mark.parametrize("spoilt", ENDLESS)
def test_a_page_that_makes_no_sense_is_asked_for_again(spoilt: str) -> None:
    bench = Bench().signed_on().on("capk_query", ENDLESS[spoilt], page("0"))
    bench.ask("download", table="capk")
    bench.run()
    assert kinds(bench) == ["capk_query", "capk_query", "capk_end"]


def test_a_list_without_end_is_given_up() -> None:
    bench = Bench().signed_on().on("capk_query", *[page("2", KEYS[0])] * 200)
    bench.ask("download", table="capk")
    bench.run(60)
    assert len(bench.of("capk_query")) == 100
    assert "capk_end" not in kinds(bench)


# ---- blacklist --------------------------------------------------------------------------------


def with_blacklist(style: str, *names: str) -> Bench:
    return Bench(style, record=Record(blacklist=list(names))).signed_on()


@STYLES
def test_a_card_on_the_blacklist_is_refused_before_anything_is_sent(style: str) -> None:
    bench = with_blacklist(style, "plain")
    for do in ("sale", "balance", "next_transaction"):
        bench.ask(do, card="plain")
        bench.run()
        assert bench.results[-1].outcome == "refused_locally"
    assert kinds(bench) == []
    assert bench.sells().results[-1].outcome == "approved"


def test_the_list_of_two_pages_replaces_the_old_one() -> None:
    bench = with_blacklist("eager", "pin")
    bench.on("blacklist_download", cards("2", 1, "4000001234562000"))
    bench.on("blacklist_download", cards("3", 2, CARDS["plain"].pan))
    bench.ask("download", table="blacklist")
    bench.run()
    assert bench.terminal.record.blacklist == ["plain"]
    assert [one.part("62.2") for one in bench.of("blacklist_download")] == ["000", "001"]
    assert all(CARDS["plain"].pan not in saved for saved in bench.saved)


@pytest.mark.parametrize(
    "second", [SILENCE, cards("3", 9, "4000001234562000"), says(text("300219400000")), Say("96")]
)
def test_half_a_list_changes_nothing(second: Say) -> None:
    bench = with_blacklist("eager", "pin")
    bench.on("blacklist_download", cards("2", 1, CARDS["plain"].pan), *[second] * 9)
    bench.ask("download", table="blacklist")
    bench.run(400)
    assert bench.terminal.record.blacklist == ["pin"]
    assert "blacklist_end" not in kinds(bench)
