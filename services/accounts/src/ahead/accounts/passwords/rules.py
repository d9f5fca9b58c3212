"""Which passwords are taken: 8 to 128 characters, and none of those that everybody tries first.

There are no composition rules: length and not being guessable is what counts (NIST SP 800-63B). The guessable
ones are recognised by their making, from a short list of words and the usual ways of dressing them up.
"""

import re
from pathlib import Path

from ahead.accounts.passwords.hashing import normalise

MIN_LENGTH = 8
MAX_LENGTH = 128

# Words that head every published ranking, and those that are near at hand on this site.
_WORDS = frozenset(Path(__file__).with_name("common_words.txt").read_text().split())
_ROWS = (
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "yxcvbnm",
    "1234567890",
    "0987654321",
    "abcdefghijklmnopqrstuvwxyz",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "qazwsxedcrfvtgbyhnujmikolp",
)
_LEET = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i", "|": "l"}
)
_LEET_L = str.maketrans(
    {"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"}
)
_EDGE = re.compile(r"^[\W\d_]+|[\W\d_]+$")


def objection(password: str, email: str) -> str:
    """Why this password isn't taken, in words for its owner; empty when it is."""
    password = normalise(password)
    if len(password) < MIN_LENGTH:
        return f"Use at least {MIN_LENGTH} characters."
    if len(password) > MAX_LENGTH:
        return f"Use at most {MAX_LENGTH} characters."
    if any(character < " " or character == "\x7f" for character in password):
        return "Use letters, digits, spaces and signs only."
    if is_about(password, email):
        return "This is too close to your e-mail address. Choose something that only you know."
    if is_common(password):
        return "This password is one of those that are tried first. Choose a longer or less usual one."
    return ""


def is_about(password: str, email: str) -> bool:
    """Whether it is made of the owner's own address."""
    local, _, domain = email.lower().partition("@")
    core = _EDGE.sub("", password.lower())
    own = {email.lower(), local, domain, domain.partition(".")[0], re.sub(r"[\W_]", "", local)}
    own.update(part for part in re.split(r"[._+-]", local) if len(part) >= 4)
    return core in own or password.lower() in own


def is_common(password: str) -> bool:
    text = password.lower()
    if _has_a_short_period(text) or _is_a_run(text):
        return True
    squeezed = re.sub(r"[\s._-]", "", text)
    return any(_is_dressed_word(form) for form in (text, squeezed))


def _has_a_short_period(text: str) -> bool:
    """ "aaaaaaaa", "abababab", "abc123abc123"."""
    size = len(text)
    return any(
        text == (text[:period] * (size // period + 1))[:size] for period in range(1, min(size // 2, 6) + 1)
    )


def _is_a_run(text: str) -> bool:
    """Digits or letters in order or along the keyboard, either way: made of at most three such stretches."""
    position, stretches = 0, 0
    lines = [line for row in _ROWS for line in (row, row[::-1])]
    while position < len(text):
        best = 1
        for line in lines:
            length = 1
            while position + length < len(text) + 1 and text[position : position + length] in line:
                length += 1
                if position + length > len(text):
                    break
            best = max(best, length - 1)
        if best < 3 and len(text) - position > 2:
            return False
        position += best
        stretches += 1
        if stretches > 3:
            return False
    return True


def _is_dressed_word(text: str) -> bool:
    """A word of the list, or two, with digits and signs around or letters replaced by look-alikes."""
    forms = {text}
    for table in (_LEET, _LEET_L):
        forms.add(text.translate(table))
        forms.add(_EDGE.sub("", text).translate(table))
    forms.update({_EDGE.sub("", form) for form in list(forms)})
    for form in forms:
        if form in _WORDS or form.rstrip("s") in _WORDS:
            return True
        if len(form) <= 16 and any(
            form[:cut] in _WORDS and form[cut:] in _WORDS for cut in range(3, len(form) - 2)
        ):
            return True
        if any(form.startswith(word) and len(form) - len(word) <= 2 for word in _WORDS if len(word) >= 6):
            return True
    return False
