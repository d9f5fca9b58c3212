"""What the program `ahead` runs for the dashboard."""

from ahead.shared.processes import Process, Service

SERVICE = Service(
    name="admin_dashboard",
    title="Dashboard",
    steps=(),
    processes=(
        Process(
            name="admin_dashboard-web",
            argv=("{python}", "-m", "ahead.admin_dashboard.server", "--host", "{host}", "--port", "{port}"),
            ready_path="/admin/_stcore/health",
        ),
    ),
)
