"""Which server and database does an address name, who signs in, and is the way there safe?"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, urlsplit

from spillover.graph.errors import InputError

SCHEMES: Final = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
"""Schemes of addresses: ``+s`` is TLS, ``+ssc`` TLS with a certificate that nobody vouches for."""
PLAIN: Final = "SPILLOVER_NEO4J_PLAIN"
"""Environment variable that allows plain text to another machine, when it is ``yes``."""
PORT: Final = 7687


@dataclass(frozen=True, slots=True)
class Address:
    """One database of a server, and who signs in there."""

    uri: str
    """Scheme, host and port."""
    database: str = ""
    """Empty: the one that the server takes by itself."""
    user: str = ""
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        """The address as a user would write it, without who signs in."""
        return f"{self.uri}/{self.database}" if self.database else self.uri


def is_address(text: object) -> bool:
    """Whether a text names a server rather than a file."""
    scheme, found, _ = str(text).partition("://")
    return bool(found) and scheme.lower() in SCHEMES


def address(
    text: str | None = None,
    database: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> Address:
    """What a text and the environment say of a server.

    Args:
        text: for example ``neo4j+s://host:7687/database``; None for ``NEO4J_URI``.
        database: its database; None for the one in the text, or ``NEO4J_DATABASE``.
        environment: where ``NEO4J_USERNAME`` and ``NEO4J_PASSWORD`` stand; the process's own
            when None.

    Raises:
        InputError: it names no server, holds a password, or would send one in plain text to
            another machine.
    """
    said = os.environ if environment is None else environment
    uri = text or said.get("NEO4J_URI", "")
    if not uri:
        raise InputError("no server named; give --uri neo4j://HOST:7687 or set NEO4J_URI")
    parts, port = _parts(uri)
    plain = "+" not in parts.scheme
    host = parts.hostname or ""
    if plain and not _here(host) and said.get(PLAIN, "").lower() != "yes":
        raise InputError(
            f"{parts.scheme}://{host} would send the password and the graph in plain text to"
            f" another machine; write {parts.scheme}+s://, or set {PLAIN}=yes if the way is safe"
        )
    shown = f"[{host}]" if ":" in host else host
    named = parts.path.strip("/")
    return Address(
        f"{parts.scheme}://{shown}:{port}",
        database or named or said.get("NEO4J_DATABASE", ""),
        said.get("NEO4J_USERNAME", "neo4j" if said.get("NEO4J_PASSWORD") else ""),
        said.get("NEO4J_PASSWORD", ""),
    )


def _parts(uri: str) -> tuple[SplitResult, int]:
    """The parts of an address and its port.

    Raises:
        InputError: it is none. What stands before an ``@`` is not repeated: it can be a password.
    """
    shown = uri.rpartition("@")[2][:80]
    try:
        parts = urlsplit(uri)
        port = parts.port or PORT
    except ValueError as error:
        raise InputError(f"server {shown!r} cannot be read ({error})") from error
    if "@" in parts.netloc:
        raise InputError(
            f"the address of {shown!r} holds a user or a password, which others could read;"
            " set NEO4J_USERNAME and NEO4J_PASSWORD instead"
        )
    if parts.scheme not in SCHEMES or not parts.hostname or parts.query or parts.fragment:
        raise InputError(
            f"server {shown!r} cannot be read; write SCHEME://HOST:PORT/DATABASE with one of"
            f" {', '.join(SCHEMES)}"
        )
    if "/" in parts.path.strip("/"):
        raise InputError(f"server {shown!r}: one database stands behind the host, not a path")
    return parts, port


def _here(host: str) -> bool:
    """Whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
