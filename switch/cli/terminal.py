"""``switch terminal``: the model terminal against any host."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from switch.errors import BadUsage

if TYPE_CHECKING:
    import ssl

    from switch.acquirer import Book
    from switch.run.state_file import StateFile
    from switch.scenario.model import Stimulus
    from switch.shapes import Words
    from switch.terminal import Card, Defect, Record, Settings

EXAMPLE = "switch terminal --connect 127.0.0.1:8583 sign-on sale:100.00 void:last balance"
ACTIONS = {  # word -> stimulus, what follows the colon, what it does
    "sign-on": ("sign_on", "", "fetch working keys"),
    "sign-off": ("sign_off", "", "give them up"),
    "echo": ("echo", "", "ask whether the host is there"),
    "balance": ("balance", "", "ask for the balance of the card"),
    "sale": ("sale", "AMOUNT", "a sale, such as sale:100.00 or sale:5"),
    "qr-sale": ("qr_sale", "AMOUNT", "a sale by the card's payment code"),
    "void": ("void", "last", "void the last approved sale"),
    "refund": ("refund", "AMOUNT", "give back so much of what was paid last"),
    "preauth": ("preauth", "AMOUNT", "a pre-authorization"),
    "increment": ("preauth_increment", "AMOUNT", "so much more on the last one"),
    "completion": ("completion", "AMOUNT", "take so much of the last one"),
    "preauth-void": ("preauth_void", "last", "void the last pre-authorization"),
    "completion-void": ("completion_void", "last", "void the last completion"),
    "offline-sale": ("offline_sale", "AMOUNT", "a sale that is uploaded later"),
    "adjust": ("adjust", "AMOUNT", "give the last sale another amount"),
    "tip": ("tip", "AMOUNT", "add a tip to the last sale"),
    "settle": ("settle", "", "compare the totals and close the batch"),
}
OPTIONS = {  # option with a value -> what stands for the value, help
    "--tid": ("TID", "DE 41 (default: the book's first terminal)"),
    "--mid": ("MID", "DE 42 (default: the terminal's in the book)"),
    "--tmk": ("HEX", "terminal master key (default: the terminal's in the book)"),
    "--card": ("NAME|PAN", "card of the book, or a card number (default: the book's first)"),
    "--expiry": ("YYMM", "of the card (default: as in the book; of a PAN 3012)"),
    "--pin": ("PIN", "typed in instead of the card's own"),
    "--timeout": ("DURATION", "how long it waits for a response, such as 5s"),
    "--defect": ("NAME", "a mistake to make; switch list defects shows them"),
}
FILES = {
    "--book": "terminals and cards (default: the demo book)",
    "--state": "keeps keys, batch, STAN and a pending reversal",
    "--tls-ca": "trust this CA, not the system's",
}
NO_MONEY = {"sign_on", "sign_off", "echo"}  # all other stimuli send a pending reversal first
OF_AUTHORIZATION = {"preauth_increment", "completion", "preauth_void"}
AMOUNT = re.compile(r"([0-9]{1,10})(?:\.([0-9]{1,2}))?")  # DE 4 has 12 digits
PAN = re.compile(r"[0-9]{13,19}")
EXPIRY = "3012"  # YYMM, of a card number that comes without one


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    words = "\n".join(f"  {written(word):<20}  {text}" for word, (_, _, text) in ACTIONS.items())
    parser = subparsers.add_parser(
        "terminal",
        help="play a terminal to a host",
        description="A correct POS terminal. What it does, one action after the other:\n"
        f"{words}\n\nA transaction signs on first where that is needed.\n"
        "Exit code: 0 all approved, 1 something declined or reversed, 3 no answer.",
        epilog=f"example:\n  {EXAMPLE}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--connect", metavar="HOST:PORT", required=True, help="the host")
    parser.add_argument("--dialect", default="cup-pos", metavar="NAME", help="default: cup-pos")
    parser.add_argument("--tls", action="store_true", help="connect with TLS")
    for option, text in FILES.items():
        parser.add_argument(option, type=Path, metavar="FILE", help=text)
    for option, (value, text) in OPTIONS.items():
        parser.add_argument(option, metavar=value, help=text)
    styles = "reverse at once, or before the next transaction (default: eager)"
    parser.add_argument("--style", choices=("eager", "lazy"), help=styles)
    parser.add_argument("actions", metavar="ACTION", nargs="+", help="see above")
    parser.set_defaults(run=run)


def written(word: str) -> str:
    """An action as it is typed."""
    after = ACTIONS[word][1]
    return f"{word}:{after}" if after else word


def run(args: argparse.Namespace) -> int:
    """Do the actions.

    Returns:
        0 all approved; 1 something declined, reversed or refused; 3 no answer.

    Raises:
        BadUsage: something typed cannot be used; nothing was sent.
    """
    import asyncio

    from switch.net.server import address
    from switch.run.actions import Session
    from switch.run.peer import Setup
    from switch.run.state_file import StateFile

    actions = [(word, stimulus_of(word)) for word in args.actions]
    settings = settings_of(args)
    host, tls = address(args.connect), _tls(args)
    state = StateFile(args.state) if args.state else None
    record = _record(state, settings, {stimulus.do for _, stimulus in actions})
    setup = Setup(settings, record, state, host, tls)
    return asyncio.run(Session(setup, sys.stdout, sys.stderr).run(actions))


def stimulus_of(action: str) -> Stimulus:
    """What an action asks of the terminal.

    Raises:
        BadUsage: no such action, or something else than its amount after it.

    >>> stimulus_of("sale:12.5").amount
    1250
    """
    from switch.reading import did_you_mean
    from switch.scenario.model import Stimulus

    word, colon, after = action.partition(":")
    if word not in ACTIONS:
        known = ", ".join(map(written, ACTIONS))
        hint = did_you_mean(word, tuple(ACTIONS))
        raise BadUsage(f"no action {action!r}; known: {known}{hint}")
    do, wanted, _ = ACTIONS[word]
    if wanted != "AMOUNT":
        if after != wanted or bool(colon) != bool(wanted):
            raise BadUsage(f"{action!r}: write {written(word)}")
        return Stimulus(do)
    found = AMOUNT.fullmatch(after)
    if not found:
        raise BadUsage(f"{action!r}: write {word}:100.00, up to 10 digits and 2 decimals")
    return Stimulus(do, amount=int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")))


def settings_of(args: argparse.Namespace) -> Settings:
    """The terminal that the options describe.

    Raises:
        BadUsage: an option that no terminal can have.
    """
    from switch.acquirer.book import DIGITS_OF_MID, DIGITS_OF_TID, KEY
    from switch.acquirer.book import load as load_book
    from switch.dialect import load
    from switch.dialect.file import with_options
    from switch.run.model import cards_of
    from switch.terminal import Habits, Settings

    book = load_book(args.book)
    known = book.terminals.get(args.tid) or next(iter(book.terminals.values()))
    card = _card(args, book)
    defect = _defect(args.defect)
    own = defect.styles[0] if defect else "eager"  # one in which it shows
    return Settings(
        tid=_fitting("--tid", args.tid, known.id, DIGITS_OF_TID),
        mid=_fitting("--mid", args.mid, known.merchant, DIGITS_OF_MID),
        tmk=bytes.fromhex(_fitting("--tmk", args.tmk, known.tmk, KEY)),
        dialect=with_options(load(args.dialect), book.options),
        cards=cards_of(book) | {card.name: card},
        default_card=card.name,
        style="lazy" if (args.style or own) == "lazy" else "eager",
        habits=defect.habits if defect else Habits(),
        response_timeout=_timeout(args.timeout),
    )


def _fitting(option: str, typed: str | None, default: str, shape: Words) -> str:
    text = default if typed is None else typed
    if not re.fullmatch(shape.pattern, text) or not text.isascii():
        raise BadUsage(f"{option}: {shape.what} belongs here")
    return text


def _card(args: argparse.Namespace, book: Book) -> Card:
    """The card that is presented; one that the book lacks goes by its masked number."""
    from dataclasses import replace

    from switch import masking
    from switch.reading import did_you_mean
    from switch.run.model import cards_of
    from switch.terminal import Card

    wanted = book.card().name if args.card is None else args.card
    found = next((c for c in cards_of(book).values() if wanted in {c.name, c.pan}), None)
    if found is None and not PAN.fullmatch(wanted):
        hint = did_you_mean(wanted, tuple(book.cards)) or f"; known: {', '.join(book.cards)}"
        raise BadUsage(f"--card: {wanted!r} is no card of the book and not 13 to 19 digits{hint}")
    card = found or Card(masking.pan(wanted), wanted, EXPIRY)
    return replace(
        card,
        expiry=_digits("--expiry", args.expiry, 4, 4) or card.expiry,
        pin=_digits("--pin", args.pin, 4, 12) or card.pin,
    )


def _digits(option: str, text: str | None, least: int, most: int) -> str:
    if text is None:
        return ""
    if not re.fullmatch(f"[0-9]{{{least},{most}}}", text):
        span = str(least) if least == most else f"{least} to {most}"
        raise BadUsage(f"{option}: {span} digits belong here")
    return text


def _defect(name: str | None) -> Defect | None:
    from switch.reading import did_you_mean
    from switch.terminal import DEFECTS

    if name is None:
        return None
    if name not in DEFECTS:
        hint = did_you_mean(name, tuple(DEFECTS)) or "; switch list defects shows them"
        raise BadUsage(f"--defect: no defect {name!r}{hint}")
    return DEFECTS[name]


def _timeout(text: str | None) -> int:
    """Nanoseconds; 0 leaves the dialect's."""
    from switch.clock import duration

    try:
        found = 0 if text is None else duration(text)
    except ValueError as error:
        raise BadUsage(f"--timeout: {error}") from None
    if text is not None and not found:
        raise BadUsage(f"--timeout: {text} is no time at all")
    return found


def _tls(args: argparse.Namespace) -> ssl.SSLContext | None:
    if not args.tls:
        if args.tls_ca:
            raise BadUsage("--tls-ca needs --tls")
        return None
    import ssl

    try:
        return ssl.create_default_context(cafile=args.tls_ca)
    except OSError as error:
        raise BadUsage(f"--tls-ca: {args.tls_ca}: {error.strerror or error}") from None


def _record(state: StateFile | None, settings: Settings, wanted: set[str]) -> Record:
    """The memory in the file; a new one counts STANs from the second of the day.

    Args:
        state: where the memory is, if anywhere.
        settings: of the terminal it must fit.
        wanted: what the terminal is going to do.
    """
    from datetime import datetime

    from switch.terminal import Record

    kept = state.load(settings) if state else None
    if state is None or kept is None:
        now = datetime.now()
        return Record(stan=now.hour * 3600 + now.minute * 60 + now.second)
    for what, name in _cards_needed(kept, wanted):
        if name not in settings.cards:
            raise BadUsage(f"{what} in {state.path} is of card {name}; give it as --card PAN")
    return kept


def _cards_needed(record: Record, wanted: set[str]) -> list[tuple[str, str]]:
    """What the memory holds and cannot send without its card, and the name of the card."""
    out: list[tuple[str, str]] = []
    if record.pending and wanted - NO_MONEY:
        out.append(("the pending reversal", record.pending.card))
    if wanted - NO_MONEY:
        out += [("a stored message", stored.card) for stored in record.queue]
    if "settle" in wanted:
        out += [("the batch", entry.card) for entry in record.log]
    if record.script and wanted - NO_MONEY:
        out.append(("the script result", record.script.card))
    lasts = {
        "the last sale": (record.last("sale"), {"void"}),
        "the last completion": (record.last("completion"), {"completion_void"}),
        "the last authorization": (record.authorization, {*OF_AUTHORIZATION}),
        "the last payment": (record.paid, {"refund"}),
    }
    out += [(what, one.card) for what, (one, for_) in lasts.items() if one and wanted & for_]
    return out
