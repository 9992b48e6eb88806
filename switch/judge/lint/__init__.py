"""The standing linter: every rule that the wire can prove, with no scenario at all.

============== =========================================================================
``turn``       one message of a terminal, and what it heard
``story``      what the log tells of one terminal so far
``answers``    what is wrong with a response
``due``        whether a sign-on has to come before the next transaction
``uploading``  how far a settlement is
``found``      a finding, and the table of rules
``judged``     which rules of the requirements are judged, and why others are not
``linter``     the fold: events in, findings out
============== =========================================================================

The other modules hold the rules, one function each: the present message against the story
before it. A false alarm is worse than a miss: what a lost answer, a power cut or another vendor
explains is a warning at most.
"""

from __future__ import annotations

from switch.judge.lint import (
    chips,
    form,
    numbers,
    preauths,
    reversals,
    settling,
    signing,
    unresolved,
    voids,
)
from switch.judge.lint.found import RULES, Found, LintRule, Severity
from switch.judge.lint.linter import Linter
from switch.judge.lint.turn import Limits

THEMES = (form, unresolved, reversals, signing, numbers, voids, preauths, chips, settling)

__all__ = ["RULES", "THEMES", "Found", "Limits", "LintRule", "Linter", "Severity"]
