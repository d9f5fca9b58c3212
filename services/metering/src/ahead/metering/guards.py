"""Who may read: other services with the scope, and operators."""

from ahead.shared.auth.guards import requires_role, requires_role_or_scope

may_read = requires_role_or_scope(("ops",), "metering:read")
is_operator = requires_role("ops")
