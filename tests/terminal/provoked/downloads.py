"""What provokes each defect of downloads and of what the host asks for."""

from __future__ import annotations

from tests.terminal.bench import CARDS, SILENCE, Bench, Say
from tests.terminal.provoked.scenes import Scene, two_sales
from tests.terminal.test_downloads import KEYS, cards, items, page, record


def wish(digit: str, **on: Say) -> Scene:
    """The answer to a sale asks for something; another sale follows."""
    return two_sales(Say(requirement=digit), **on)


def twice_more(bench: Bench) -> None:
    wish("2")(bench)
    bench.sells()


def power_cut(bench: Bench) -> None:
    """The power goes while the terminal waits for its parameters; then it sells once more."""
    bench.signed_on().on("sale", Say(requirement="1")).on("parameter_download", SILENCE)
    bench.sells(5)
    if bench.settings.style == "lazy":
        bench.ask("next_transaction")
        bench.run(5)
    bench.ask("power_off")
    bench.ask("power_on")
    bench.run(5)
    bench.ask("next_transaction")
    bench.run(300)


def in_the_middle(bench: Bench) -> None:
    bench.signed_on().on("sale", Say(requirement="1")).on("parameter_download", SILENCE).sells(5)
    bench.ask("power_off")
    bench.ask("power_on")
    bench.run(5)
    bench.ask("next_transaction")
    bench.run(300)


def with_timer(seconds: str) -> Scene:
    """The timer is downloaded, then a sale is not answered."""

    def drive(bench: Bench) -> None:
        bench.signed_on().on("parameter_download", items(_12=seconds, _13="5"))
        bench.ask("download", table="parameters")
        bench.run()
        bench.on("sale", SILENCE).sells(40)
        bench.ask("next_transaction")
        bench.run(300)

    return drive


def damaged_key(bench: Bench) -> None:
    bench.signed_on().on("capk_query", page("1", KEYS[0]))
    bench.on("capk_download", record(KEYS[0], DF03="00" * 20), record(KEYS[0]))
    bench.ask("download", table="capk")
    bench.run()


def two_pages(bench: Bench) -> None:
    bench.signed_on().on("capk_query", page("2", KEYS[0]), page("3", KEYS[1]))
    bench.on("capk_download", record(KEYS[0]), record(KEYS[1]))
    bench.ask("download", table="capk")
    bench.run()


def stolen(bench: Bench) -> None:
    bench.terminal.record.blacklist = ["plain"]
    bench.signed_on().sells(card="plain").sells()


def broken_list(bench: Bench) -> None:
    """The list in use names a card; the download of the next list breaks after one page."""
    bench.terminal.record.blacklist = ["plain"]
    bench.signed_on().on("blacklist_download", cards("2", 1, CARDS["pin"].pan), *[SILENCE] * 9)
    bench.ask("download", table="blacklist")
    bench.run(400)
    bench.sells(card="plain")


def nobody_there(bench: Bench) -> None:
    bench.on("sign_on", *[SILENCE] * 999).sells(900)


def nobody_answers(bench: Bench) -> None:
    bench.signed_on().on("sale", Say(requirement="1")).on("parameter_download", *[SILENCE] * 999)
    bench.sells()
    bench.ask("next_transaction")
    bench.run(900)


PROVOKED: dict[str, Scene] = {
    "ignores-parameter-request": wish("1", parameter_download=items(_13="5")),
    "reads-no-header-of-a-decline": two_sales(Say("51", requirement="2")),
    "ignores-table-requests": wish("5", aid_query=page("0")),
    "ignores-blacklist-request": wish("7", blacklist_download=cards("0", 0)),
    "sends-no-status": wish("2"),
    "downloads-over-and-over": twice_more,
    "downloads-in-the-middle": in_the_middle,
    "forgets-download-at-power-off": power_cut,
    "signs-on-at-unknown-request": wish("8"),
    "ignores-downloaded-parameters": with_timer("25"),
    "takes-senseless-parameters": with_timer("01"),
    "takes-a-damaged-key": damaged_key,
    "ignores-the-blacklist": stolen,
    "never-gives-up-a-download": nobody_answers,
    "stops-after-the-first-page": two_pages,
    "no-download-end": wish("1", parameter_download=items(_13="5")),
    "clears-the-blacklist-first": broken_list,
    "keeps-half-a-blacklist": broken_list,
    "signs-on-for-ever": nobody_there,
}
