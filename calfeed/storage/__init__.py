"""The first floor: what lies on disk, in and out. Nothing else touches it."""
