"""A model's endpoint that does what a script says: real HTTP, streaming, OpenAI's and Anthropic's protocol.

A script is called once a request and gives the moves of the answer, which are written as they come.
"""

import json
import re
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Say:
    text: str


@dataclass(frozen=True)
class Call:
    """`arguments` as they are sent, well-formed or not."""

    tool: str
    arguments: str


@dataclass(frozen=True)
class Raw:
    """Bytes in the stream that no protocol knows."""

    data: bytes


@dataclass(frozen=True)
class Answer:
    """Instead of a stream: a status and a body."""

    status: int
    body: bytes = b"{}"
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Stall:
    """Silence; the server ends it when it stops, at the latest after so long."""

    seconds: float


@dataclass(frozen=True)
class Drop:
    """The connection is cut."""


@dataclass(frozen=True)
class Tokens:
    """What it says that it took; without it, it says nothing."""

    read: int
    written: int


Move = Say | Call | Raw | Answer | Stall | Drop | Tokens


@dataclass(frozen=True)
class Seen:
    """A request as the model sees it."""

    body: Json
    path: str
    headers: dict[str, str] = field(repr=False, default_factory=dict)

    @property
    def messages(self) -> list[Json]:
        return self.body["messages"]

    @property
    def everything(self) -> str:
        return json.dumps(self.body, ensure_ascii=False)

    @property
    def question(self) -> str:
        """The text of the asker, between the marks of the prompt."""
        found = re.findall(r"<question>\n(.*?)\n</question>", self._texts("user"), re.S)
        return found[-1] if found else ""

    @property
    def system(self) -> str:
        told = self.body.get("system") or self._texts("system") or self._texts("developer")
        return told if isinstance(told, str) else json.dumps(told)

    @property
    def results(self) -> str:
        """All results of tools so far."""
        return self._texts("tool") + "".join(
            json.dumps(part.get("content", ""), ensure_ascii=False).replace("\\n", "\n")
            for message in self.messages
            if isinstance(message["content"], list)
            for part in message["content"]
            if part.get("type") == "tool_result"
        )

    @property
    def rounds(self) -> int:
        """Answers of the model so far in this question."""
        return sum(message["role"] == "assistant" for message in self.messages)

    @property
    def facts(self) -> dict[str, str]:
        """Mark to text, of what tools gave so far."""
        return dict(re.findall(r"\[(f\d+)\] (.+?) \([^()\n]*\)(?:\n|$|\")", self.results))

    def _texts(self, role: str) -> str:
        found: list[str] = []
        for message in self.messages:
            if message["role"] != role:
                continue
            content = message["content"]
            parts = [content] if isinstance(content, str) else [one.get("text", "") for one in content or []]
            found += parts
        return "\n".join(found)


Script = Callable[[Seen], Iterable[Move]]


class ScriptedModel:
    """`url` is what AHEAD_LLM_URL is set to. `seen`: every request so far."""

    def __init__(self, url: str, stopping: threading.Event) -> None:
        self.url = url
        self.script: Script = lambda _: [Say("[none]")]
        self.seen: list[Seen] = []
        self.stopping = stopping


@contextmanager
def scripted_model() -> Generator[ScriptedModel]:
    stopping = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            seen = Seen(body, self.path, {name.lower(): value for name, value in self.headers.items()})
            model.seen.append(seen)
            try:
                self._play(seen)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def _play(self, seen: Seen) -> None:
            moves = iter(model.script(seen))
            first = next(moves, None)
            if isinstance(first, Answer):
                self.send_response(first.status)
                for name, value in first.headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(first.body)))
                self.end_headers()
                self.wfile.write(first.body)
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            write = _anthropic if seen.path.endswith("/messages") else _openai
            for data in write(_all(first, moves)):
                if isinstance(data, Stall):
                    if stopping.wait(data.seconds):
                        return
                elif isinstance(data, Drop):
                    self.close_connection = True
                    self.connection.close()
                    return
                else:
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
                    self.wfile.flush()
            self.wfile.write(b"0\r\n\r\n")

        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False
        request_queue_size = 128

        def handle_error(self, request: Any, client_address: Any) -> None:
            """The other side left, as these scripts make it do."""

    with Server(("127.0.0.1", 0), Handler) as server:
        model = ScriptedModel(f"http://127.0.0.1:{server.server_port}/v1", stopping)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield model
        finally:
            stopping.set()
            server.shutdown()


def _all(first: Move | None, rest: Iterator[Move]) -> Iterator[Move]:
    if first is not None:
        yield first
    yield from rest


def _event(data: Json, name: str = "") -> bytes:
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(data)}\n\n".encode()


def _openai(moves: Iterator[Move]) -> Iterator[bytes | Stall | Drop]:
    common = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "scripted"}

    def chunk(delta: Json, finish: str | None = None) -> bytes:
        return _event(common | {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})

    calls, tokens = 0, None
    yield chunk({"role": "assistant", "content": ""})
    for move in moves:
        match move:
            case Say():
                yield chunk({"content": move.text})
            case Call():
                function = {"name": move.tool, "arguments": move.arguments}
                call = {"index": calls, "id": f"call_{calls}", "type": "function", "function": function}
                yield chunk({"tool_calls": [call]})
                calls += 1
            case Raw():
                yield move.data
            case Tokens():
                tokens = move
            case Stall() | Drop():
                yield move
            case Answer():
                raise AssertionError("a status comes first")
    yield chunk({}, "tool_calls" if calls else "stop")
    if tokens is not None:
        usage = {"prompt_tokens": tokens.read, "completion_tokens": tokens.written}
        usage["total_tokens"] = tokens.read + tokens.written
        yield _event(common | {"choices": [], "usage": usage})
    yield b"data: [DONE]\n\n"


def _anthropic(moves: Iterator[Move]) -> Iterator[bytes | Stall | Drop]:
    def event(kind: str, **data: Any) -> bytes:
        return _event({"type": kind, **data}, kind)

    tokens, calls, block = Tokens(10, 10), 0, 0
    message: Json = {"id": "m1", "type": "message", "role": "assistant", "model": "scripted", "content": []}
    message |= {"stop_reason": None, "stop_sequence": None, "usage": {"input_tokens": 10, "output_tokens": 1}}
    yield event("message_start", message=message)
    for move in moves:
        match move:
            case Say():
                start: Json = {"type": "text", "text": ""}
                delta: Json = {"type": "text_delta", "text": move.text}
            case Call():
                start = {"type": "tool_use", "id": f"toolu_{calls}", "name": move.tool, "input": {}}
                delta = {"type": "input_json_delta", "partial_json": move.arguments}
                calls += 1
            case Raw():
                yield move.data
                continue
            case Tokens():
                tokens = move
                continue
            case Stall() | Drop():
                yield move
                continue
            case Answer():
                raise AssertionError("a status comes first")
        yield event("content_block_start", index=block, content_block=start)
        yield event("content_block_delta", index=block, delta=delta)
        yield event("content_block_stop", index=block)
        block += 1
    stop = {"stop_reason": "tool_use" if calls else "end_turn", "stop_sequence": None}
    yield event("message_delta", delta=stop, usage={"output_tokens": tokens.written})
    yield event("message_stop")
