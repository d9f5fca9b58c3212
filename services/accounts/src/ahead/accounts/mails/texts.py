"""What our mails say: short, friendly, exact."""

from dataclasses import dataclass

_SIGNATURE = "\n\nCoding Ahead\n{site}\n"


@dataclass(frozen=True)
class Text:
    subject: str
    body: str


def confirm(link: str, site: str, days: int) -> Text:
    return Text(
        "Confirm your e-mail address",
        "Welcome to Coding Ahead.\n\n"
        "Please confirm that this address is yours:\n\n"
        f"{link}\n\n"
        f"The link works once, for {days} days. An account that isn't confirmed by then is deleted.\n\n"
        "If you didn't register, do nothing: nobody can use your address without this link."
        + _SIGNATURE.format(site=site),
    )


def already_registered(site: str) -> Text:
    return Text(
        "You already have an account",
        "Somebody, probably you, has just registered at Coding Ahead with this address. "
        "You already have an account here, and it hasn't changed.\n\n"
        f"Log in: {site}/account/login\n"
        f"Forgotten your password? {site}/account/forgot\n\n"
        "If it wasn't you, there is nothing to do." + _SIGNATURE.format(site=site),
    )


def reset(link: str, site: str, minutes: int) -> Text:
    return Text(
        "Set a new password",
        "You asked for a new password at Coding Ahead. Set it here:\n\n"
        f"{link}\n\n"
        f"The link works once, for {minutes} minutes. Until you use it, your old password stays.\n\n"
        "If you didn't ask, do nothing." + _SIGNATURE.format(site=site),
    )


def password_changed(site: str, *, by_link: bool) -> Text:
    how = "with a link from our mail" if by_link else "on your account page"
    ended = "You were logged out everywhere" if by_link else "All other browsers were logged out"
    return Text(
        "Your password was changed",
        f"The password of your Coding Ahead account was changed {how}. {ended}.\n\n"
        f"If that wasn't you, set a new one at once: {site}/account/forgot" + _SIGNATURE.format(site=site),
    )


def erased(site: str) -> Text:
    return Text(
        "Your account was deleted",
        "Your Coding Ahead account and everything kept with it were deleted, as you asked. "
        "This address isn't stored any more.\n\n"
        "You are welcome to register again at any time." + _SIGNATURE.format(site=site),
    )
