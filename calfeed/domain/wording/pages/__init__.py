"""The sentences of the pages that speak of the calendar itself, one file a language."""
