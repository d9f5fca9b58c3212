"""Who is asking: guests, accounts and services, verified with what accounts publishes.

Only accounts can sign.
"""

from ahead.shared.auth.guards import requires_account, requires_role, requires_role_or_scope, requires_scope
from ahead.shared.auth.guests import GuestTables, admit_guest, forget_networks, guest_tables
from ahead.shared.auth.identity import Identity
from ahead.shared.auth.middleware import (
    PrincipalMiddleware,
    client_address_of,
    network_bucket_of,
    principal_of,
    provide_network_bucket,
    provide_principal,
)
from ahead.shared.auth.principal import ANONYMOUS, Principal
from ahead.shared.auth.visitors import takes_nothing

__all__ = [
    "ANONYMOUS",
    "GuestTables",
    "Identity",
    "Principal",
    "PrincipalMiddleware",
    "admit_guest",
    "client_address_of",
    "forget_networks",
    "guest_tables",
    "network_bucket_of",
    "principal_of",
    "provide_network_bucket",
    "provide_principal",
    "requires_account",
    "requires_role",
    "requires_role_or_scope",
    "requires_scope",
    "takes_nothing",
]
