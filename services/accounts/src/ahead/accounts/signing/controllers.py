"""The public keys, for everybody."""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency

from ahead.accounts.signing.service import Signer


@get("/.well-known/jwks.json", summary="Public keys that tokens are verified with")
async def jwks(signer: NamedDependency[Signer]) -> Response[dict[str, Any]]:
    return Response(await signer.jwks(), headers={"Cache-Control": "public, max-age=60"})
