"""A model of those who subscribe: what their programs hold after each poll, and what they would complain of.

Written from RFC 5545 (§3.6.1, §3.8.2, §3.8.4.7, §3.8.7), RFC 5546 (§2.1.4, §2.1.5), RFC 4287, RSS 2.0, JSON
Feed 1.1 and docs/clients.md; nothing here imports calfeed or a library that it writes with. Bytes are read by
`reading`, held by `calendars` and `feeds`, compared with one another by `agreement`; all live in one `street`.
"""
