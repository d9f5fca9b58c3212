"""What a person sees while the platform is set up: bars on a terminal, plain lines anywhere else."""

import sys
import time
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

QUIET_S = 1.0  # what is done sooner is not mentioned
EVERY_S = 5.0  # between two plain lines about the same work


class Screen:
    """Everything goes to stderr but the last word, so that `ahead up | ...` gets the address alone."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._bars: Progress | None = None

    def say(self, text: str) -> None:
        self._console.print(text, markup=False, soft_wrap=True)

    def answer(self, text: str) -> None:
        print(text, file=sys.stdout, flush=True)

    def work(self, title: str) -> "Work":
        if self._console.is_terminal and self._bars is None:
            self._bars = Progress(
                SpinnerColumn(finished_text="✓"),
                TextColumn("{task.description}"),
                BarColumn(bar_width=30),
                TimeElapsedColumn(),
                TextColumn("{task.fields[detail]}", style="dim"),
                console=self._console,
            )
            self._bars.start()
        return Work(title, self, self._bars)

    def close(self) -> None:
        if self._bars is not None:
            self._bars.stop()
            self._bars = None


class Work:
    """One piece of work. On a terminal its bar appears at once, a plain line only after a second."""

    def __init__(self, title: str, screen: Screen, bars: Progress | None) -> None:
        self._title = title
        self._screen = screen
        self._bars = bars
        self._began = time.monotonic()
        self._said = 0.0
        self._task: TaskID | None = None
        if bars is not None:
            fields: dict[str, Any] = {"detail": ""}
            self._task = bars.add_task(title, total=None, **fields)

    def update(self, fraction: float, text: str) -> None:
        """`fraction` from 0 to 1; 0 when it isn't known."""
        if self._bars is not None and self._task is not None:
            total = 1.0 if fraction > 0 else None
            self._bars.update(self._task, total=total, completed=fraction, detail=text)
            return
        now = time.monotonic()
        if now - self._began > QUIET_S and now - self._said > EVERY_S:
            self._said = now
            percent = f" {fraction:.0%}" if fraction > 0 else ""
            self._screen.say(f"  {self._title}{percent} {text}".rstrip())

    def done(self, text: str = "") -> None:
        took = time.monotonic() - self._began
        if self._bars is not None and self._task is not None:
            self._bars.update(self._task, total=1.0, completed=1.0, detail=text)
        elif took > QUIET_S:
            self._screen.say(f"  {self._title}: done in {took:.1f} s {text}".rstrip())
