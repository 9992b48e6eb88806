"""Benchmarks: each compares sides that run in turns within one process, and prints ratios.

    python -m bench            all of them
    python -m bench codec      one

The machine may be noisy; a ratio of medians of interleaved rounds is what can be compared,
an absolute figure is not.
"""
