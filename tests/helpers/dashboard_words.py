"""What a page of the dashboard says."""

from streamlit.testing.v1 import AppTest


def words(at: AppTest) -> str:
    """Everything that is written on the page."""
    parts: list[str] = []
    for kind in (
        "title",
        "subheader",
        "markdown",
        "caption",
        "info",
        "warning",
        "error",
        "success",
        "text",
        "code",
    ):
        parts += [str(element.value) for element in getattr(at, kind)]
    parts += [f"{metric.label}: {metric.value}" for metric in at.metric]
    return "\n".join(parts)


def no_trouble(at: AppTest) -> None:
    assert not at.exception, [element.value for element in at.exception]
