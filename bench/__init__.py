"""Benchmarks: each is a program, run by its path."""
