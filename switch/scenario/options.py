"""Where vendors differ: one registry; every correct terminal is one choice from each entry.

An entry is a key of the terminal profile (``requires: {terminal.after_last_attempt: fail}``,
``${terminal.after_last_attempt}``) and an option of the model terminal
(``settings.option("after_last_attempt")``). The first value is what the model does where no
profile says otherwise; a profile that is silent about another terminal leaves it ``either``.
``switch list options`` prints the entries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

EITHER = "either"


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that correct terminals do in different ways.

    Attributes:
        name: the profile key.
        point: the X point of protocol.md section 10, or the rule that leaves it open.
        text: what is chosen, in a sentence.
        values: value -> what a terminal with it does; the first is the model's.
    """

    name: str
    point: str
    text: str
    values: Mapping[str, str]

    @property
    def usual(self) -> str:
        """What the model does unless it is told otherwise."""
        return next(iter(self.values))

    @property
    def known_or_not(self) -> Mapping[str, str]:
        """What a profile may say: a value, or that it is not known."""
        return {**self.values, EITHER: "not known"}


def _all(*options: Option) -> dict[str, Option]:
    return {option.name: option for option in options}


OPTIONS: dict[str, Option] = _all(
    Option(
        "sign_on_code", "2.9", "which working keys it asks for when it signs on (DE 60.3)",
        {
            "003": "double-length keys",
            "004": "double-length keys and a track key, under which its tracks travel",
        },
    ),
    Option(
        "original_digits_in_void", "X4", "how many digits of DE 61 name the original of a void",
        {"16": "batch, STAN and date", "12": "batch and STAN"},
    ),
    Option(
        "mac_on_declines", "X5", "what it does with the MAC of a decline",
        {
            "verified": "the MAC of a decline is verified",
            "ignored": "the MAC of a decline is not looked at",
        },
    ),
    Option(
        "after_last_attempt", "X7", "what it does when the attempts are used up",
        {
            "continue": "drops the reversal with a slip and goes on",
            "fail": "fails this transaction, then goes on",
            "refuse": "keeps the reversal and refuses to go on",
        },
    ),
    Option(
        "first_attempt", "X8", "whether the first 0400 is one of its reversal_attempts",
        {"counts": "so many 0400 in all", "extra": "so many repeats, one 0400 more in all"},
    ),
    Option(
        "after_bad_mac", "X9", "what comes first when the MAC of a response was wrong",
        {
            "sign_on": "it signs on, and reverses under the new keys",
            "reversal": "it reverses under the keys it has, then signs on",
        },
    ),
    Option(
        "reply_too_late", "X11", "what it takes code 68 for: the switch had no answer in time",
        {
            "declined": "a decline like any other",
            "unknown": "an unknown outcome, which it reverses",
        },
    ),
    Option(
        "partial_response_reason", "X12", "the reason of a reversal after half a response",
        {"timeout": "98, no response", "other": "06, an unusable one"},
    ),
    Option(
        "parameter_download_code", "X16", "DE 60.3 with which it asks for its parameters",
        {"360": "the usual code", "364": "the code of newer hosts"},
    ),
    Option(
        "after_mismatch", "X13", "what it does about a response to something else",
        {
            "reject": "the transaction is unknown at once",
            "keep_listening": "it waits on for the right one until its timer ends",
        },
    ),
    Option(
        "script_result_attempts", "X15", "how often it sends an unanswered script result",
        {"3": "up to three times", "1": "once"},
    ),
)  # fmt: skip
