"""The ground floor: what a calendar is and how it moves through time. No I/O, no clock, no locale."""
