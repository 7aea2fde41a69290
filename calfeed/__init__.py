"""calfeed: a publisher for days of remembrance."""

__version__ = "0.1.0"
