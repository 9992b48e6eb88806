"""The acquirer's world: merchants, terminals, cards, and the ledger.

book.load(path) -> Book -> world.World (what changes while it runs)
World.check_merchant, World.check_card -> Refusal or nothing (protocol 7.1, steps 6 to 13)
issuer.Issuer: card cryptograms, the issuer's answer and its scripts (2.8, 4.7)
ledger.Ledger: what was booked, matching of originals, idempotence (7.3, 7.4)
"""

from switch.acquirer.book import Book
from switch.acquirer.issuer import Issuer
from switch.acquirer.ledger import Entry, Ledger
from switch.acquirer.parties import Card, Merchant, Terminal
from switch.acquirer.world import World

__all__ = ["Book", "Card", "Entry", "Issuer", "Ledger", "Merchant", "Terminal", "World"]
