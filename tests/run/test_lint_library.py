"""The linter beside the whole library: silent for the correct terminal, loud for most defects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from switch.capture.lint import lint
from switch.judge.lint import Found, Limits
from switch.run.plan import Prepared, RunOptions, consistent, prepare
from switch.run.suite import Suite
from switch.terminal.defects import DEFECTS, Defect

STYLES = ("eager", "lazy")
# What `switch serve` says on its own, must or warn, of a terminal with one of these defects.
NAMES = """
    never-reverses no-reversal-after-lost-connection no-reversal-after-mismatch
    no-reversal-after-bad-mac cancel-drops-reversal forgets-reversal-at-power-off
    forgets-reversal-at-sign-on reverses-a-decline reverses-unsent reverses-unknown-balance
    reverses-when-printer-fails reverses-too-early resends-the-sale sale-before-reversal
    new-stan-in-reversal changes-amount-in-reversal strips-the-reversal wrong-reason
    pin-in-reversal track-in-reversal repeats-as-0401 gives-up-after-one-try
    never-stops-reversing reverses-after-acknowledged repeats-after-not-found
    ends-on-any-reversal-response ignores-wrong-transaction ignores-wrong-amount
    ignores-wrong-stan ignores-wrong-terminal ignores-wrong-merchant ignores-wrong-mti
    approves-without-a-code ignores-the-mac ignores-reply-without-mac lower-case-mac
    reuses-a-stan retries-invalid-merchant voids-twice keeps-full-amount-of-partial-approval
    trades-without-sign-on no-sign-on-after-a0 ignores-sign-on-request accepts-wrong-kcv
    signs-with-old-keys keeps-its-own-batch accepts-late-approval
    leaves-voided-sales-out counts-declined-sales counts-reversed-sales settles-before-reversal
    uploads-nothing uploads-a-balanced-batch ends-every-batch-as-balanced
    one-stan-for-the-whole-upload counts-messages-in-the-end skips-a-lost-block
    takes-a-refused-block-for-accepted sells-before-the-batch-is-closed
    forgets-the-settlement-at-power-off keeps-the-batch-number keeps-the-settled-log
    full-chip-data-in-reversal fixed-unpredictable-number cryptogram-over-no-amount
    never-reports-scripts reports-script-late reports-script-under-old-number
    reports-only-scripts-that-ran reverses-after-failed-script never-stops-reporting-scripts
    settles-before-upload takes-duplicate-for-a-refusal uploads-a-refused-sale-again
    counts-refused-uploads uploads-once never-stops-uploading-a-sale
    new-stan-for-a-repeated-upload reverses-an-upload believes-any-answer-to-an-upload
    no-reversal-after-half-an-answer forgets-reversal-without-a-line repeats-after-invalid
    reverses-the-sale-instead-of-the-void forgets-sales-after-03 reverses-an-invalid-transaction
    reverses-a-format-error approves-every-a-code believes-the-remark
    takes-a-blank-payee-for-right no-sign-on-after-77 no-sign-on-after-99 trades-after-sign-off
    takes-foreign-cards-for-local-ones uploads-one-block-only swipes-a-declined-chip
    uploads-no-chip-details uploads-chips-as-balanced forgets-stored-sales-at-power-off
    ignores-parameter-request reads-no-header-of-a-decline ignores-table-requests
    ignores-blacklist-request sends-no-status takes-senseless-parameters
"""
FOUND = NAMES.split()


@cache
def library(style: str) -> Prepared:
    return prepare(RunOptions(style=style))


def findings(prepared: Prepared) -> Iterator[tuple[str, Found]]:
    for verdict, events in Suite(prepared).run():
        for found in lint([events], prepared.dialect, Limits()).found:
            yield verdict.case.id, found


@pytest.mark.parametrize("style", STYLES)
def test_the_correct_terminal_breaks_nothing_that_it_must_keep(style: str) -> None:
    alarms = [(case, found) for case, found in findings(library(style))]
    false = [
        f"{case}: {found.rule} {found.text}" for case, found in alarms if found.severity == "must"
    ]
    assert not false, "\n".join(false)


def with_defect(defect: Defect) -> Prepared:
    """The cases that name its rule, against the terminal that breaks it."""
    prepared = library(defect.styles[0])
    options = consistent(replace(prepared.options, terminal=f"model:{defect.name}"))
    cases = tuple(case for case in prepared.cases if defect.rule in case.refs)
    return replace(prepared, options=options, cases=cases or prepared.cases)


@pytest.mark.parametrize("name", FOUND)
def test_a_defect_is_found_without_a_scenario(name: str) -> None:
    assert next(findings(with_defect(DEFECTS[name])), None) is not None
