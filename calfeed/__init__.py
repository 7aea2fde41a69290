"""calfeed: a publisher for days of remembrance."""

__version__ = "0.2.0"
