"""The first signing key of an installation, made before the service starts."""

from ahead.accounts.parts import Parts
from ahead.accounts.settings import Settings
from ahead.accounts.signing.service import ensure_key


async def ensure_first_key(settings: Settings) -> None:
    parts = Parts.make(settings)
    try:
        async with parts.database.write() as session:
            await ensure_key(session, parts.keybox, parts.clock.now())
    finally:
        await parts.close()
