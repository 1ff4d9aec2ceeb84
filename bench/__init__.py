"""Benchmarks: each figure beside a peer in the same run, on the same cores."""
