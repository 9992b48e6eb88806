"""What the host asks for in a header, and downloads."""

from __future__ import annotations

from switch.dialect.schema import PROCESSING_REQUIREMENTS
from switch.terminal.defects.defect import Defect

ALL = frozenset(PROCESSING_REQUIREMENTS)

DOWNLOADS = (
    Defect(
        "ignores-parameter-request", "H1",
        "a new timer or a new telephone number never reaches the terminal",
        {"obeys": ALL - {"parameters"}},
    ),
    Defect(
        "reads-no-header-of-a-decline", "H1",
        "a shop whose customers are all declined never gets the parameters that would mend it",
        {"obeys_declines": False},
    ),
    Defect(
        "ignores-table-requests", "H1",
        "chip cards of a new key or application are refused in this shop for ever",
        {"obeys": ALL - {"capk", "aid"}},
    ),
    Defect(
        "ignores-blacklist-request", "H1",
        "stolen cards buy goods in this shop while all others know their numbers",
        {"obeys": ALL - {"blacklist"}},
    ),
    Defect(
        "sends-no-status", "H1",
        "the acquirer asks how the device is, and learns of a broken printer from the merchant",
        {"obeys": ALL - {"status"}},
    ),
    Defect(
        "downloads-over-and-over", "H1",
        "the same tables are fetched after every sale, and the customer waits for them",
        {"forgets_what_is_done": False},
    ),
    Defect(
        "downloads-in-the-middle", "H1",
        "the line breaks during a download, and an approved sale is reversed with it",
        {"finishes_first": False},
    ),
    Defect(
        "forgets-download-at-power-off", "H2",
        "the plug is pulled during a download, and the terminal keeps the old tables",
        {"keeps_required_at_power_off": False},
    ),
    Defect(
        "signs-on-at-unknown-request", "H3",
        "a host with newer wishes sends the terminal round in sign-ons",
        {"unknown_requirement": "sign_on"},
    ),
    Defect(
        "ignores-downloaded-parameters", "H1",
        "the download succeeds, and the terminal goes on with its old timer",
        {"takes_parameters": False},
    ),
    Defect(
        "takes-senseless-parameters", "H4",
        "a timer of no seconds is taken, and every sale is reversed before its answer comes",
        {"checks_parameters": False},
    ),
    Defect(
        "takes-a-damaged-key", "H4",
        "a public key that arrived garbled makes every chip of that scheme look forged",
        {"checks_capk": False},
    ),
    Defect(
        "ignores-the-blacklist", "H1",
        "the list is loaded and nobody looks at it: stolen cards are sent to the host",
        {"checks_blacklist": False},
    ),
    Defect(
        "never-gives-up-a-download", "H4",
        "a download that nobody answers blocks the till for hours",
        {"download_tries": 99},
    ),
    Defect(
        "stops-after-the-first-page", "H4",
        "the keys at the end of the list never arrive, and their cards are refused",
        {"follows_pages": False},
    ),
    Defect(
        "no-download-end", "H4",
        "the host never hears that the download succeeded, and asks for it for ever",
        {"ends_downloads": False},
    ),
    Defect(
        "clears-the-blacklist-first", "H4",
        "a download breaks off, and stolen cards are taken that were refused before",
        {"clears_table_first": True},
    ),
    Defect(
        "keeps-half-a-blacklist", "H4",
        "a download breaks off after its first page, and the rest of the old list is gone",
        {"keeps_half_a_table": True},
    ),
    Defect(
        "signs-on-for-ever", "S6",
        "a host that is down is called all night by every terminal of the city",
        {"sign_on_attempts": 99},
    ),
)  # fmt: skip
