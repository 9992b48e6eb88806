"""Message flows: one decorated function for each class that the host understands.

A flow decides and books; it gets a :class:`~switch.host.desk.Desk` and returns an
:class:`~switch.dialect.Answer`. It may raise a Refusal for reasons that are not business.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from switch.dialect import Answer
from switch.host.desk import Desk

Flow = Callable[[Desk], Answer]
FLOWS: dict[str, Flow] = {}


def flow(*kinds: str) -> Callable[[Flow], Flow]:
    """Register a flow for one or more message classes."""

    def register(function: Flow) -> Flow:
        for kind in kinds:
            FLOWS[kind] = function
        return function

    return register


def answer_to(desk: Desk) -> Answer:
    """What the flow says, and in the header what the host asks of the terminal (1.4)."""
    answer = flow_of(desk.request.kind)(desk)
    asked = desk.world.required(desk.terminal.record.tid)
    digits = {name: digit for digit, name in desk.dialect.processing_requirements.items()}
    if answer.requirement or not asked:
        return answer
    return replace(answer, requirement=digits.get(asked[0], ""))


def flow_of(kind: str) -> Flow:
    """The flow of a message class; for classes without one, a flow that says so."""
    return FLOWS.get(kind, unsupported)


def unsupported(desk: Desk) -> Answer:
    """A class that this host knows but does not serve: function not supported, nothing booked."""
    outcome = desk.decision or "function_not_supported"
    because = f"no flow for {desk.request.kind} in this version"
    return Answer(outcome, desk.host_fields(), because=because, own="function_not_supported")


from switch.host.flows import (  # noqa: E402  (they register)
    authorizations,  # noqa: F401
    batch,  # noqa: F401
    chip,  # noqa: F401
    downloads,  # noqa: F401
    financial,  # noqa: F401
    management,  # noqa: F401
    offline,  # noqa: F401
    refunds,  # noqa: F401
    reversal,  # noqa: F401
    voids,  # noqa: F401
)
