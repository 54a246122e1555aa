"""How do data, styles, scripts and libraries get into one file, under a policy that trusts nothing?

Scripts and styles are allowed by the hash of their text alone, so what a hostile name might
smuggle into the page is not run even if an escape failed.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
TEMPLATES: Final = HERE / "templates"
VENDOR: Final = HERE / "vendor"

_IN_SCRIPT: Final = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Library:
    """A vendored script and the policy hashes of the styles that it adds."""

    source: str
    injected_style_hashes: tuple[str, ...]


@cache
def vendored(name: str) -> Library:
    """A library from the vendor folder, checked against its recorded SHA-256.

    Raises RuntimeError when the file is not the one that was recorded.
    """
    record = json.loads((VENDOR / f"{name}.json").read_bytes())
    content = (VENDOR / record["file"]).read_bytes()
    if sha256(content).hexdigest() != record["sha256"]:
        raise RuntimeError(f"{record['file']} differs from its recorded SHA-256; reinstall it")
    return Library(content.decode("utf-8"), tuple(record["injected_style_hashes"]))


@cache
def read_text(name: str) -> str:
    """A style sheet or script of ours."""
    return (TEMPLATES / name).read_bytes().decode("utf-8").replace("\r\n", "\n")


def json_text(value: object) -> str:
    """A value as JSON with sorted keys: the same value, the same text, always valid UTF-8."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def json_block(value: object) -> str:
    """JSON that can stand between script tags: nothing in it ends the element or a line."""
    return json_text(value).translate(_IN_SCRIPT)


def content_hash(text: str) -> str:
    """The hash of an inline script or style as a policy names it."""
    return "sha256-" + b64encode(sha256(text.encode("utf-8")).digest()).decode("ascii")


def policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    """A Content-Security-Policy that allows these scripts and styles (by hash) and nothing else."""
    return "; ".join(
        [
            "default-src 'none'",
            "script-src " + (" ".join(f"'{h}'" for h in scripts) or "'none'"),
            "style-src " + (" ".join(f"'{h}'" for h in styles) or "'none'"),
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
