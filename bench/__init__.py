"""The benchmarks behind docs/benchmarks.md: whole processes, in turn, on real posts."""
