"""Alembic's way in; see ahead.shared.db.migrations.

On PostgreSQL the catalogue's bulk tables are in the service's database too; on SQLite each release has them
in a file of its own.
"""

from alembic import context
from sqlalchemy import make_url

from ahead.lookup.asc import models as _asc  # noqa: F401 # pyright: ignore[reportUnusedImport]
from ahead.lookup.catalog.models import bulk_metadata
from ahead.lookup.clfs import models as _clfs  # noqa: F401 # pyright: ignore[reportUnusedImport]
from ahead.lookup.coverage import models as _coverage  # noqa: F401 # pyright: ignore[reportUnusedImport]
from ahead.lookup.cpt import models as _cpt  # noqa: F401 # pyright: ignore[reportUnusedImport]
from ahead.lookup.gems import models as _gems  # noqa: F401 # pyright: ignore[reportUnusedImport]
from ahead.lookup.guidelines import models as _guidelines  # noqa: F401 # pyright: ignore[reportUnusedImport]
from ahead.lookup.hcpcs import models as _hcpcs  # noqa: F401 # pyright: ignore[reportUnusedImport]
from ahead.lookup.indexes import models as _indexes  # noqa: F401 # pyright: ignore[reportUnusedImport]
from ahead.lookup.ipps import models as _ipps  # noqa: F401 # pyright: ignore[reportUnusedImport]
from ahead.lookup.mce import models as _mce  # noqa: F401 # pyright: ignore[reportUnusedImport]
from ahead.lookup.models import metadata

# Its tables are bulk tables too.
from ahead.lookup.ncci import models as _ncci  # noqa: F401 # pyright: ignore[reportUnusedImport]
from ahead.lookup.pcs import models as _pcs  # noqa: F401 # pyright: ignore[reportUnusedImport]
from ahead.lookup.pfs import models as _pfs  # noqa: F401 # pyright: ignore[reportUnusedImport]
from ahead.shared.db.migrations import run_env

sqlite = make_url(context.config.attributes["database_url"]).get_backend_name() == "sqlite"
run_env([metadata] if sqlite else [metadata, bulk_metadata])
