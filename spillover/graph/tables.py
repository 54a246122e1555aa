"""Which tables does a graph file have, and how is one relation packed for the index.

A row of ``description`` and ``relation`` belongs to one load. A load replaces its dataset as a
whole, so the load that removed a row is the ``removed_by`` of the load that added it: the graph
of any past version is a set of loads.
"""

from __future__ import annotations

import struct
from typing import Final

APPLICATION_ID: Final = 0x5350494C
"""Marks an SQLite file as a Spillover graph ("SPIL")."""
FORMAT: Final = 2
"""Version of the tables; a file with a higher one is refused."""

OLDEST: Final = "oldest"
"""Key in ``meta`` of the oldest version that the file can answer from, where earlier ones were
left behind on the way over a server."""

LAST: Final = "last_"
"""Start of the keys in ``meta`` of the highest numbers of entities (``last_entity``) and claims
(``last_relation``) that were given out before the file came over a server: what is supposed gets
the numbers behind them, so that it has the same ones in both files."""

JOINED: Final = """
CREATE TABLE same (
    entity INTEGER NOT NULL,
    canonical INTEGER NOT NULL,
    load INTEGER NOT NULL,
    removed_by INTEGER
) STRICT;
CREATE INDEX same_entity ON same (entity);
CREATE INDEX same_canonical ON same (canonical);
CREATE TABLE conflict (
    identifier TEXT NOT NULL,
    why TEXT NOT NULL,
    entities TEXT NOT NULL,
    load INTEGER NOT NULL,
    removed_by INTEGER
) STRICT;
"""
"""What identifiers join, and where they contradict each other; files of format 1 lack these."""

DDL: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE load (
    num INTEGER PRIMARY KEY,
    dataset TEXT NOT NULL,
    title TEXT NOT NULL,
    publisher TEXT NOT NULL,
    url TEXT NOT NULL,
    licence TEXT NOT NULL,
    commercial_use INTEGER,
    date TEXT NOT NULL,
    loader TEXT NOT NULL,
    started TEXT NOT NULL,
    finished TEXT NOT NULL,
    read INTEGER NOT NULL,
    loaded INTEGER NOT NULL,
    merged INTEGER NOT NULL,
    ignored INTEGER NOT NULL,
    quarantined INTEGER NOT NULL,
    entities INTEGER NOT NULL,
    relations INTEGER NOT NULL,
    removed_by INTEGER
) STRICT;
CREATE TABLE load_file (
    load INTEGER NOT NULL REFERENCES load (num) DEFERRABLE INITIALLY DEFERRED,
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes INTEGER NOT NULL
) STRICT;
CREATE TABLE audit (
    load INTEGER NOT NULL REFERENCES load (num) DEFERRABLE INITIALLY DEFERRED,
    what TEXT NOT NULL,
    key TEXT NOT NULL,
    count INTEGER NOT NULL,
    example TEXT NOT NULL
) STRICT;
CREATE TABLE quarantine (
    load INTEGER NOT NULL REFERENCES load (num) DEFERRABLE INITIALLY DEFERRED,
    file TEXT NOT NULL,
    position TEXT NOT NULL,
    reason TEXT NOT NULL,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE entity (num INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE description (
    num INTEGER PRIMARY KEY,
    load INTEGER NOT NULL,
    entity INTEGER NOT NULL,
    schema TEXT NOT NULL,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    names TEXT,
    countries TEXT,
    identifiers TEXT,
    topics TEXT,
    properties TEXT
) STRICT;
CREATE INDEX description_entity ON description (entity);
CREATE VIRTUAL TABLE name_search USING fts5 (
    folded, content='description', content_rowid='num', tokenize='trigram', detail=none
);
CREATE TABLE identifier (
    value TEXT NOT NULL,
    scheme TEXT NOT NULL,
    entity INTEGER NOT NULL,
    load INTEGER NOT NULL
) STRICT;
CREATE INDEX identifier_value ON identifier (value);

CREATE TABLE source (
    num INTEGER PRIMARY KEY,
    publisher TEXT NOT NULL,
    title TEXT NOT NULL,
    url TEXT NOT NULL,
    UNIQUE (publisher, title, url)
) STRICT;
CREATE TABLE relation (
    num INTEGER PRIMARY KEY,
    load INTEGER NOT NULL,
    kind TEXT NOT NULL,
    source INTEGER NOT NULL,
    target INTEGER NOT NULL,
    low INTEGER,
    high INTEGER,
    stake_text TEXT,
    basis TEXT,
    start TEXT,
    end TEXT,
    observed TEXT,
    confidence TEXT NOT NULL,
    stance TEXT NOT NULL,
    reported_indirect INTEGER NOT NULL,
    block TEXT,
    evidence INTEGER NOT NULL,
    record TEXT,
    note TEXT,
    properties TEXT
) STRICT;
CREATE TABLE term (num INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE segment (
    num INTEGER PRIMARY KEY,
    load INTEGER NOT NULL,
    first_relation INTEGER NOT NULL,
    count INTEGER NOT NULL,
    packed BLOB NOT NULL
) STRICT;
"""
"""Only unique keys and look-ups by entity or identifier are indexed: the compiled index serves
every question about relations. ``segment`` repeats what questions need of ``relation``, packed,
so that the index is compiled without reading rows."""

PACKED: Final = struct.Struct("<9i4B")
"""One relation: source, target, low, high, first day, last day, observed day, key, block,
kind, basis, confidence, flags."""

DENIES: Final = 1
INDIRECT: Final = 2
UNSTATED: Final = 4
UNDATED: Final = 8
"""Bits of ``flags``: a denial; repeats a chain; no share stated; neither start nor observation."""
