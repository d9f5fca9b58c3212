"""A long feed is read and made ready in a process of its own, while this one writes: two cores work on it."""

import gc
import os
import subprocess
import sys
from collections.abc import Generator
from typing import IO, Literal

import msgspec

from ahead.careers.importing.reading import read_csv, read_feed
from ahead.careers.importing.ready import Ready, ready_of
from ahead.shared.errors import BadInput

Kind = Literal["xml", "csv"]

CHUNK = 1000
# A process takes about a second to start; a shorter feed is read by then.
WORTH_IT_BYTES = 8 << 20
# What the child may be ahead of this process, beside the chunk that is being read.
PIPE_BYTES = 1 << 20
_HEAD = 4


class Piece(msgspec.Struct, frozen=True):
    """What the child sends. `problem` says why the feed can't be read on; the last one has `end`."""

    jobs: list[Ready] = []
    problem: str = ""
    end: bool = False


def chunks_of(stream: IO[bytes], kind: Kind, own: str = "") -> Generator[list[Ready]]:
    """The feed's jobs, 1,000 at a time.

    Args:
        own: the company whose feed it is; "" where the feed names the employers.

    Raises:
        BadInput: the feed can't be read to its end; what came before was given out.
    """
    if _size_of(stream) < WORTH_IT_BYTES:
        return _chunks(stream, kind, own)
    return _chunks_apart(stream, kind, own)


def _size_of(stream: IO[bytes]) -> int:
    """Bytes of a file on disk; 0 for what is none, such as a pipe or memory."""
    try:
        return os.fstat(stream.fileno()).st_size
    except OSError:
        return 0


def _chunks(stream: IO[bytes], kind: Kind, own: str) -> Generator[list[Ready]]:
    chunk: list[Ready] = []
    problem: BadInput | None = None
    try:
        for one in read_csv(stream) if kind == "csv" else read_feed(stream):
            chunk.append(ready_of(one, own))
            if len(chunk) == CHUNK:
                yield chunk
                chunk = []
    except BadInput as error:
        problem = error
    if chunk:
        yield chunk
    if problem is not None:
        raise problem


def _chunks_apart(stream: IO[bytes], kind: Kind, own: str) -> Generator[list[Ready]]:
    os.lseek(stream.fileno(), stream.tell(), os.SEEK_SET)
    decoder = msgspec.msgpack.Decoder(Piece)
    child = subprocess.Popen(
        [sys.executable, "-m", "ahead.careers.importing.apart", kind, own],
        stdin=stream,
        stdout=subprocess.PIPE,
        pipesize=PIPE_BYTES,
    )
    assert child.stdout is not None
    try:
        while True:
            head = child.stdout.read(_HEAD)
            body = child.stdout.read(int.from_bytes(head, "big"))
            if len(head) < _HEAD or not body:
                raise RuntimeError("the process that reads the feed ended before the feed did")
            piece = decoder.decode(body)
            if piece.problem:
                raise BadInput(piece.problem)
            if piece.end:
                return
            yield piece.jobs
    finally:
        child.kill()
        child.stdout.close()
        child.wait()


def main() -> None:
    """The child's side: a feed on standard input, pieces on standard output, each behind its length."""

    def send(piece: Piece) -> None:
        body = msgspec.msgpack.encode(piece)
        sys.stdout.buffer.write(len(body).to_bytes(_HEAD, "big") + body)
        sys.stdout.buffer.flush()

    # Nothing here is held in circles, and this process is soon over: looking for them is time lost.
    gc.disable()
    kind: Kind = "csv" if sys.argv[1] == "csv" else "xml"
    try:
        for chunk in _chunks(sys.stdin.buffer, kind, sys.argv[2]):
            send(Piece(chunk))
    except BadInput as error:
        send(Piece(problem=error.detail))
    else:
        send(Piece(end=True))


if __name__ == "__main__":
    main()
