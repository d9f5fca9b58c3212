"""Lists of words by which questions are read, as regular expressions by name."""

import re
import tomllib
from importlib import resources


def wordlists(name: str) -> dict[str, list[str]]:
    """The lists of `data/<name>.toml`, in their order."""
    file = resources.files("ahead.assistant.reading") / "data" / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def patterns(name: str) -> dict[str, re.Pattern[str]]:
    """Each list as one pattern: any of its words."""
    return {key: re.compile("|".join(words), re.IGNORECASE) for key, words in wordlists(name).items()}
