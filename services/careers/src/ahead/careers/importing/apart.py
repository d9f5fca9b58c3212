"""A long feed is read by one process and made ready by a second one, while this one writes: on two cores all three
together take half of the time that one would, whatever each of them has to do."""

import gc
import os
import subprocess
import sys
from collections.abc import Generator, Iterable
from contextlib import closing
from typing import IO, Any, Generic, Literal, TypeVar

import msgspec

from ahead.careers.importing.reading import FeedJob, read_csv, read_feed
from ahead.careers.importing.ready import Ready, ready_of
from ahead.shared.errors import BadInput

T = TypeVar("T")
Kind = Literal["xml", "csv"]

CHUNK = 1000
# Processes take a moment to start; a shorter feed is read by then.
WORTH_IT_BYTES = 8 << 20
# What one may be ahead of the next, beside the chunk that is being handed over.
PIPE_BYTES = 1 << 20
_HEAD = 4


class Piece(msgspec.Struct, Generic[T], frozen=True):
    """What is handed on. `problem` says why the feed can't be read on; the last one has `end`."""

    jobs: list[T] = []
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
        return _made_ready(_read(stream, kind), own)
    return _apart(stream, kind, own)


def _size_of(stream: IO[bytes]) -> int:
    """Bytes of a file on disk; 0 for what is none, such as a pipe or memory."""
    try:
        return os.fstat(stream.fileno()).st_size
    except OSError:
        return 0


def _read(stream: IO[bytes], kind: Kind) -> Generator[list[FeedJob]]:
    chunk: list[FeedJob] = []
    problem: BadInput | None = None
    try:
        for one in read_csv(stream) if kind == "csv" else read_feed(stream):
            chunk.append(one)
            if len(chunk) == CHUNK:
                yield chunk
                chunk = []
    except BadInput as error:
        problem = error
    if chunk:
        yield chunk
    if problem is not None:
        raise problem


def _made_ready(chunks: Iterable[list[FeedJob]], own: str) -> Generator[list[Ready]]:
    for chunk in chunks:
        yield [ready_of(one, own) for one in chunk]


def _apart(stream: IO[bytes], kind: Kind, own: str) -> Generator[list[Ready]]:
    os.lseek(stream.fileno(), stream.tell(), os.SEEK_SET)
    reader = _start(stream, "read", kind)
    maker = _start(reader.stdout, "ready", own)
    assert reader.stdout is not None
    assert maker.stdout is not None
    # It is the second one's now: when that ends, the first one is told.
    reader.stdout.close()
    try:
        yield from _received(maker.stdout, msgspec.msgpack.Decoder(Piece[Ready]))
    finally:
        maker.stdout.close()
        for process in (reader, maker):
            process.kill()
            process.wait()


def _start(stdin: IO[bytes] | None, *args: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "ahead.careers.importing.apart", *args]
    return subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE, pipesize=PIPE_BYTES)


def _received(stream: IO[bytes], decoder: msgspec.msgpack.Decoder[Piece[T]]) -> Generator[list[T]]:
    while True:
        head = stream.read(_HEAD)
        body = stream.read(int.from_bytes(head, "big"))
        if len(head) < _HEAD or not body:
            raise RuntimeError("the process that reads the feed ended before the feed did")
        piece = decoder.decode(body)
        if piece.problem:
            raise BadInput(piece.problem)
        if piece.end:
            return
        yield piece.jobs


def _hand_on(chunks: Iterable[list[Any]]) -> None:
    """On standard output, each piece behind its length."""

    def send(piece: Piece[Any]) -> None:
        body = msgspec.msgpack.encode(piece)
        sys.stdout.buffer.write(len(body).to_bytes(_HEAD, "big") + body)
        sys.stdout.buffer.flush()

    try:
        for chunk in chunks:
            send(Piece(chunk))
    except BadInput as error:
        send(Piece(problem=error.detail))
    else:
        send(Piece(end=True))


def main(step: str, given: str) -> None:
    """One of the two processes: ``read KIND`` or ``ready OWN``."""
    # Nothing here is held in circles, and this process is soon over: looking for them is time lost.
    gc.disable()
    if step == "read":
        with closing(_read(sys.stdin.buffer, "csv" if given == "csv" else "xml")) as read:
            _hand_on(read)
    else:
        received = _received(sys.stdin.buffer, msgspec.msgpack.Decoder(Piece[FeedJob]))
        _hand_on(_made_ready(received, given))


if __name__ == "__main__":
    main(*sys.argv[1:3])
