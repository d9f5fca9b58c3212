"""The parent's side: starts the child, feeds it, and ends it when it takes too long."""

import subprocess
import sys
from dataclasses import asdict, dataclass
from typing import Any

import msgspec

from ahead.shared.logging import get_logger

log = get_logger(__name__)


@dataclass(frozen=True)
class Limits:
    """What a file may ask for.

    Attributes:
        size: bytes of the file.
        pages: of a PDF.
        text: characters that are kept.
        unpacked: bytes that a packed file (DOCX) may become.
        ratio: how many times larger than packed.
        members: files in a packed file.
        cpu_s, wall_s: seconds of computing, and in all.
        memory: bytes of address space of the child.
    """

    size: int = 20 << 20
    pages: int = 60
    text: int = 200_000
    unpacked: int = 50 << 20
    ratio: int = 200
    members: int = 500
    cpu_s: int = 10
    wall_s: float = 30.0
    memory: int = 1 << 30


@dataclass(frozen=True)
class Extracted:
    """What a file is and says.

    Attributes:
        kind: "pdf", "docx", "text", "image" or "other", by content and never by name.
        text: empty where nothing could be read.
        pages: of a PDF, else 0.
        why: why the text is missing or not whole; empty when it is whole. One of "empty", "too large", "encrypted",
            "damaged", "too many pages", "packed too tightly", "macros or other files inside", "cut", "no text",
            "took too long", "not read" (images and types that nothing here reads).
    """

    kind: str
    text: str = ""
    pages: int = 0
    why: str = ""


DEFAULT = Limits()


def extract(body: bytes, *, limits: Limits = DEFAULT, with_text: bool = True) -> Extracted:
    """What a file is, and its text. Blocks for at most ``limits.wall_s``; raises nothing.

    Args:
        with_text: false looks at the type and counts pages only.
    """
    if not body:
        return Extracted("other", why="empty")
    if len(body) > limits.size:
        return Extracted("other", why="too large")
    asked = msgspec.json.encode({**asdict(limits), "with_text": with_text}).decode()
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-m", "ahead.shared.extract.child", asked],
            input=body,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=limits.wall_s,
            env={"LC_ALL": "C.UTF-8"},  # nothing of ours is known there
            start_new_session=True,
            check=False,
        )
        said: Any = msgspec.json.decode(done.stdout) if done.returncode == 0 else None
    except subprocess.TimeoutExpired:
        return Extracted("other", why="took too long")
    except (msgspec.DecodeError, OSError) as error:
        log.warning("a file wasn't read", reason=type(error).__name__)
        said = None
    if said is None:  # killed for its computing time or memory, or broken off
        return Extracted("other", why="damaged")
    return msgspec.convert(said, Extracted)
