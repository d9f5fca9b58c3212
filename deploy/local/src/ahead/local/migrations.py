"""Each service's migrations on a new SQLite file: up, compared with the models, down, up again.

Run as a module, because Alembic and the services' models are worth a process of their own.
"""

import contextlib
import io
import pkgutil
import sys
import tempfile
from pathlib import Path

import ahead
from ahead.shared.db import migrations

LONGEST = 1_000  # characters of an error: Alembic's lists whole tables


def scripts() -> dict[str, Path]:
    """The folder of migrations of every installed service that has one."""
    parts = [Path(place) / name for place in ahead.__path__ for _, name, _ in pkgutil.iter_modules([place])]
    folders = {part.name: part / "migrations" for part in sorted(parts)}
    return {name: folder for name, folder in folders.items() if (folder / "env.py").is_file()}


def main() -> int:
    failed = 0
    for service, folder in scripts().items():
        with tempfile.TemporaryDirectory() as data:
            url = f"sqlite:///{data}/{service}.db"
            try:
                with contextlib.redirect_stdout(io.StringIO()):
                    migrations.upgrade(url, folder)
                    migrations.check(url, folder)
                    migrations.downgrade(url, folder)
                    migrations.upgrade(url, folder)
            except Exception as error:
                failed += 1
                print(f"{service}: {type(error).__name__}: {str(error)[:LONGEST]}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
