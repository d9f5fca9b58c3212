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


def scripts() -> dict[str, Path]:
    """The folder of migrations of every installed service that has one."""
    parts = [Path(module.module_finder.path) / module.name for module in pkgutil.iter_modules(ahead.__path__)]  # type: ignore
    return {
        part.name: part / "migrations" for part in sorted(parts) if (part / "migrations" / "env.py").is_file()
    }


def main() -> int:
    failed = 0
    for service, folder in scripts().items():
        with tempfile.TemporaryDirectory() as data:
            url = f"sqlite:///{data}/{service}.db"
            said = io.StringIO()
            try:
                with contextlib.redirect_stdout(said):
                    migrations.upgrade(url, folder)
                    migrations.check(url, folder)
                    migrations.downgrade(url, folder)
                    migrations.upgrade(url, folder)
            except Exception as error:
                failed += 1
                print(f"{service}: {type(error).__name__}: {error}\n{said.getvalue()}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
