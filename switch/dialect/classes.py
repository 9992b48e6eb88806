"""The records a dialect is made of: message classes, codes, answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

PRESENT = "present"


@dataclass(frozen=True, slots=True)
class MessageClass:
    """One kind of message and what must be in it.

    Attributes:
        name, title, title_zh: as scenarios, logs and reports call it.
        group: ``financial``, ``reversal``, ``management``, ``batch`` or ``advice``.
        mti, match: what tells it apart: MTI, and element or part -> values.
        build: element or part -> value, for whoever composes one.
        response_mti: MTI of its response.
        mac, card, reversible: carries a MAC; needs a card number; is reversed when unknown.
        stored: is kept and sent again until it is answered, never reversed (O1 to O7).
        from_host: the host may send this request, too.
        books: ``debit``, ``credit`` or empty: what it adds to totals (rule B2).
        mandatory, conditional, never: presence in the request.
        refuse_without: absence of one of these is answered with a format error.
        copies: what a reversal takes from its original (rule R4).
        echo, host: what its response copies, and what the host writes.
    """

    name: str
    title: str
    title_zh: str
    group: str
    mti: str
    match: Mapping[str, tuple[str, ...]]
    build: Mapping[str, str]
    response_mti: str
    mac: bool = False
    card: bool = False
    reversible: bool = False
    stored: bool = False
    from_host: bool = False
    books: str = ""
    mandatory: tuple[int, ...] = ()
    conditional: tuple[int, ...] = ()
    never: tuple[int, ...] = ()
    refuse_without: tuple[int, ...] = ()
    copies: tuple[int, ...] = ()
    echo: tuple[int, ...] = ()
    host: tuple[int, ...] = ()

    @property
    def new_business(self) -> bool:
        """7.1: what the state of terminal and merchant decides; the rest finishes old business."""
        return self.group == "financial" and not self.stored


@dataclass(frozen=True, slots=True)
class Presence:
    """What a request must carry because of something else in it.

    Attributes:
        classes: message classes it holds for.
        when: part id or element number -> values, or ``present``.
        needs: elements that must be there then.
        because: the reason in words.
    """

    classes: tuple[str, ...]
    when: Mapping[str, tuple[str, ...]]
    needs: tuple[int, ...]
    because: str

    def applies(self, kind: str, fields: Mapping[int, str], parts: Mapping[str, str]) -> bool:
        """Whether it holds for a request with these elements."""
        if kind not in self.classes:
            return False
        for place, wanted in self.when.items():
            value = parts.get(place, "") if "." in place else fields.get(int(place), "")
            if value not in wanted and not (value and PRESENT in wanted):
                return False
        return True


@dataclass(frozen=True, slots=True)
class TagRule:
    """What DE 55 of a request must and may hold (protocol 2.8).

    Attributes:
        classes: message classes it holds for.
        because: the section or rule that says so.
        needs: tags that must be there.
        only: no other tag may be there; empty for no limit.
    """

    classes: tuple[str, ...]
    because: str
    needs: tuple[str, ...] = ()
    only: tuple[str, ...] = ()

    def findings(self, tags: Mapping[str, str]) -> list[str]:
        """What is missing or too much, in sentences without the element's name."""
        out = [f"tag {tag} is missing ({self.because})" for tag in self.needs if tag not in tags]
        extra = [tag for tag in tags if self.only and tag not in self.only]
        return out + [f"tag {tag} must not be there ({self.because})" for tag in extra]


@dataclass(frozen=True, slots=True)
class ResponseCode:
    """A DE 39: what it says in two languages, and the action class (A to E) of section 5."""

    code: str
    en: str
    zh: str
    action: str


@dataclass(frozen=True, slots=True)
class RefusalAnswer:
    """What a refusal becomes on the wire."""

    outcome: str
    sealed: bool = True
    requirement: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the host says to one request, before it is a message.

    Attributes:
        outcome: an outcome name, or the bare code where no name fits.
        fields: what the host knows; the dialect takes what the class's response carries.
        sealed: the response carries a MAC, if its class does.
        requirement: the processing requirement digit of the header; empty leaves it.
        because: one sentence for the log when the answer is no.
        own: what the acquirer itself would have said; differs from ``outcome`` when a scenario
            decided in its place.
        replay: a stored answer given again.
    """

    outcome: str
    fields: Mapping[int, str] = field(default_factory=dict)
    sealed: bool = True
    requirement: str = ""
    because: str = ""
    own: str = ""
    replay: bool = False
