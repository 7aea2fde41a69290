"""How long browsers and caches may keep what is published, wherever it is served from."""

from __future__ import annotations

_A_WEEK = 604800  # seconds for which an old answer is better than none, while the server cannot be reached


def cache_control(media_type: str) -> str:
    """The Cache-Control of a file (RFC 9111 §5.2, RFC 5861 §4): pages are asked for again sooner than feeds."""
    age = 300 if media_type.startswith("text/html") else 900
    return f"max-age={age}, stale-if-error={_A_WEEK}"
