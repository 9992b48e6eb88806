"""Running scenarios: host and terminal on one stage, a case at a time.

``virtual`` is time that costs nothing; ``memory`` and ``tcp`` are two links between the same
host and terminal; ``model`` and ``prompt`` are drivers of the terminal; ``case`` runs one case,
``suite`` many, ``judge`` folds a log that was written before.
"""
