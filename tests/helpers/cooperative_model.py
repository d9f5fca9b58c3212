"""A scripted model that means well: asks for the codes named, or searches, then says the facts in their own words.

It understands nothing. It shows that the way through tools, stream, gate and citations works; its accuracy says nothing
about a real model's.
"""

import json
import re

from scripted_model import Call, Move, Say, Seen, Tokens

_CODE = re.compile(r"\b(?:[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?|[A-Z]\d{4}|\d{4}[0-9A-Z]|[0-9A-Z]{7})\b")
_MOST_FACTS = 8


def cooperative(seen: Seen) -> list[Move]:
    if seen.rounds == 0:
        codes = [one for one in _CODE.findall(seen.question) if any(letter.isdigit() for letter in one)]
        if codes:
            asked = {"codes": list(dict.fromkeys(codes))[:10], "billable": True}
            return [Call("describe_codes", json.dumps(asked)), Tokens(500, 20)]
        return [Call("find_codes", json.dumps({"words": seen.question[:120]})), Tokens(500, 20)]
    facts = list(seen.facts.items())[:_MOST_FACTS]
    if not facts:
        return [Say("[none]"), Tokens(600, 2)]
    return [*(Say(f"{text} [{mark}]\n") for mark, text in facts), Tokens(700, 80)]
