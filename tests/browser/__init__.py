"""A real Chromium reads the pages that the real server serves."""
