"""Where are looks at portfolios kept, and how are they read and written?"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from spillover.graph.errors import InputError

if TYPE_CHECKING:
    from spillover.queries.changes.looks import Look

_SIZE_LIMIT = 1 << 30


def look_path(portfolio: Path) -> Path:
    """Where the looks at this file are kept when no place is named."""
    from spillover.loaders.home import data_folder

    place = hashlib.sha256(os.fsencode(portfolio.resolve())).hexdigest()[:16]
    return data_folder() / "looks" / f"{portfolio.stem[:40]}-{place}.json"


def read_look(path: Path) -> Look | None:
    """The look that was saved there; None where there is no file.

    Raises:
        InputError: the file cannot be read, is no look, is damaged or of a newer version.
    """
    try:
        if path.stat().st_size > _SIZE_LIMIT:
            raise _foreign(path, "it is larger than 1 GiB")
        text = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(
            f"{path}: cannot be read ({error.strerror}); name another file with --look"
        ) from error
    return _decoded(path, text)


def _decoded(path: Path, text: bytes) -> Look:
    import msgspec

    from spillover.queries.changes.looks import FORMAT, KIND, Look

    try:
        said = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _foreign(path, f"it is no JSON ({error})") from error
    if not isinstance(said, dict) or said.get("kind") != KIND:
        raise _foreign(path, "it says nothing of a look")
    if isinstance(said.get("format"), int) and said["format"] > FORMAT:
        raise InputError(
            f"{path}: saved by a newer Spillover (format {said['format']}, this one reads"
            f" {FORMAT}); upgrade Spillover or name another file with --look"
        )
    try:
        return msgspec.convert(said, Look)
    except msgspec.ValidationError as error:
        raise _foreign(path, f"it is damaged ({error})") from error


def _foreign(path: Path, why: str) -> InputError:
    return InputError(
        f"{path}: not a look that Spillover saved: {why}; nothing was overwritten; name another"
        " file with --look, or move this one away"
    )


def save_look(path: Path, look: Look) -> None:
    """Put a look in the place of the last one; the file appears whole or not at all.

    Raises:
        InputError: the place cannot be written.
    """
    import msgspec

    scratch = path.with_name(f".{path.name}.{os.getpid()}.writing")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with scratch.open("wb") as stream:
            stream.write(msgspec.json.format(msgspec.json.encode(look), indent=1) + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        scratch.replace(path)
    except OSError as error:
        raise InputError(
            f"{path}: the look cannot be saved ({error.strerror}); name another file with --look"
        ) from error
    finally:
        scratch.unlink(missing_ok=True)
