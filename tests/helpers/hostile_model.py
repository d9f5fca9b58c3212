"""What a model can do wrong, seeded: each turn one mischief, with a canary in every sentence of its own making."""

import json
import random
from collections.abc import Callable, Iterator

from gate_samples import DISGUISES
from model_world import CODES
from scripted_model import Answer, Call, Drop, Move, Raw, Say, Seen, Stall, Tokens

Mischief = Callable[[random.Random, Seen, str], Iterator[Move]]

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def invented(rng: random.Random) -> str:
    """A code that the made-up catalogue doesn't hold, plain or disguised."""
    while True:
        code = rng.choice(
            [
                f"{rng.choice('CDEFGHIJKLMNOPRSTZ')}{rng.randint(10, 99)}.{rng.randint(0, 999)}",
                f"A0{rng.randint(0, 1)}.{rng.randint(2, 8)}",
                f"{rng.randint(10000, 99499)}",
                f"{rng.choice('AGJQL')}{rng.randint(1000, 9999)}",
                f"0{rng.choice('DFJ')}T{rng.randint(0, 9)}{rng.randint(0, 4)}ZZ",
                "GZFZZZZ",
            ]
        )
        if code not in CODES:
            rng.__dict__.setdefault("codes", []).append(code)
            return rng.choice(DISGUISES)(code)


def codes_made_up(rng: random.Random) -> list[str]:
    """The codes that were made up with it, without their disguise."""
    return rng.__dict__.get("codes", [])


def _call(code: str = "A00.0") -> Call:
    return Call("describe_codes", json.dumps({"codes": [code], "billable": True}))


def _cited(rng: random.Random, seen: Seen) -> str:
    marks = list(seen.facts) or ["f1"]
    return rng.choice([f"[{rng.choice(marks)}]", f"[{', '.join(marks[:3])}]", "[f999]", "", f"[{marks[0]}]"])


def _after_reading(rng: random.Random, seen: Seen) -> bool:
    return seen.rounds > 0


def _cut(text: str, rng: random.Random) -> Iterator[Move]:
    """A text in the pieces in which a stream brings it."""
    while text:
        size = rng.randint(1, 30)
        yield Say(text[:size])
        text = text[size:]


def invents_codes(rng: random.Random, seen: Seen, canary: str) -> Iterator[Move]:
    if not seen.rounds:
        yield _call()
        return
    frames = (
        "{canary} Use {code} for this {mark}. ",
        "A00.0 and {code} are billable {mark}. ",
        "{code} is valid on the date of service {mark}.\n",
        "A00.0 – Billable: Yes, and so is {code}. {mark} ",
        "Report {code}{mark} ",
    )
    for _ in range(rng.randint(1, 5)):
        frame = rng.choice(frames)
        yield from _cut(
            frame.format(canary=canary, code=invented(rng), mark=_cited(rng, seen)),
            rng,
        )
    yield Tokens(400, 80)


def invents_figures(rng: random.Random, seen: Seen, canary: str) -> Iterator[Move]:
    if not seen.rounds:
        yield _call()
        return
    for text in rng.sample(
        [
            "A00.0 pays ${n}.50 {mark}. ",
            "Modifier {m} may be reported with A00.0 {mark}. ",
            "A00.0 is in MS-DRG {n} {mark}. ",
            "LCD L{n}{n} covers A00.0 {mark}. ",
            "The MUE of A00.0 is {n} units {mark}. ",
            "A00.0 has {n} global days {mark}. ",
            "Guideline I.C.{m}.b says so of A00.0 {mark}. ",
            "A00.0 is valid until 2031-0{d}-01 {mark}. ",
            "A00.0 is not billable {mark}. ",
            "A00.0 is covered at {n} percent {mark}. ",
            "Place of service {m} is right for A00.0 {mark}. ",
        ],
        4,
    ):
        figures = {"n": rng.randint(100, 999), "m": rng.randint(22, 99), "d": rng.randint(1, 9)}
        yield from _cut(
            f"{canary} " * rng.randint(0, 1) + text.format(mark=_cited(rng, seen), **figures), rng
        )


def drops(rng: random.Random, seen: Seen, canary: str) -> Iterator[Move]:
    if not seen.rounds and rng.random() < 0.7:
        yield _call()
        return
    yield Say(f"{canary} A00.0 is ")
    yield Drop()


def stalls(rng: random.Random, seen: Seen, canary: str) -> Iterator[Move]:
    if not seen.rounds and rng.random() < 0.5:
        yield _call()
        return
    yield Say(f"{canary} A00.0")
    yield Stall(30)
    yield Say(" never comes.")


def drips(rng: random.Random, seen: Seen, canary: str) -> Iterator[Move]:
    while True:
        yield Say(rng.choice([canary, "a", " "]))
        yield Stall(0.05)


def refuses(rng: random.Random, seen: Seen, canary: str) -> Iterator[Move]:
    status = rng.choice([429, 500, 502, 503, 401, 404, 400, 302, 307])
    location = (("Location", "http://169.254.169.254/latest/meta-data/"),) if status in (302, 307) else ()
    body = json.dumps({"error": {"message": f"{canary} Use {invented(rng)}."}}).encode()
    yield Answer(status, body, location)


def answers_html(rng: random.Random, seen: Seen, canary: str) -> Iterator[Move]:
    body = f"<html><script>alert('{canary}')</script>Use {invented(rng)}.</html>"
    yield Answer(200, body.encode(), (("Content-Type", rng.choice(["text/html", "application/json"])),))


def loops_on_tools(rng: random.Random, seen: Seen, canary: str) -> Iterator[Move]:
    for _ in range(rng.randint(1, 4)):
        yield _call(rng.choice(sorted(CODES)))
    yield Tokens(500, 30)


def breaks_json(rng: random.Random, seen: Seen, canary: str) -> Iterator[Move]:
    yield Say(f"{canary} ")
    yield Raw(
        rng.choice(
            [
                b'data: {"id": "c1", "choices": [{"index": 0, "delta": {"conte\n\n',
                b"data: nonsense\n\n",
                b"data: []\n\n",
                b'data: {"choices": null}\n\n',
                b'data: {"choices": [{"delta": {"content": 7}}]}\n\n',
                b"\xff\xfe\x00\n\n",
                b"event: error\ndata: {}\n\n",
                f'data: {{"error": {{"message": "{canary}"}}}}\n\n'.encode(),
            ]
        )
    )
    yield Say(f"Use {invented(rng)} [f1]. ")


def breaks_tool_calls(rng: random.Random, seen: Seen, canary: str) -> Iterator[Move]:
    yield rng.choice(
        [
            Call("describe_codes", '{"codes": ["A00.0"'),
            Call("describe_codes", "[]"),
            Call("code_facts", json.dumps({"system": "secrets", "code": "A00.0", "key": "compliance"})),
            Call("code_facts", json.dumps({"system": "icd10cm", "code": "../../ops/health", "key": "x"})),
            Call("code_facts", json.dumps({"system": "icd10cm", "code": "A00.0", "key": "../history"})),
            Call("describe_codes", json.dumps({"codes": ["A00.0"], "principal": "a:other"})),
            Call("describe_codes", json.dumps({"codes": ["A" * 5_000]})),
            Call("describe_codes", json.dumps({"codes": ["A00.0"] * 5_000})),
            Call("guideline", json.dumps({"section": f"{canary} {invented(rng)}"})),
            Call("find_codes", json.dumps({"words": "x" * 5_000})),
            Call("find_codes", json.dumps({"words": f"{canary} {invented(rng)}"})),
            Call("run_sql", json.dumps({"query": "select * from turns"})),
            Call("fetch_url", json.dumps({"url": f"http://127.0.0.1/{canary}"})),
            Call("read_conversation", json.dumps({"id": "1", "of": "a:other"})),
            Call("", "{}"),
            Call("final_result", json.dumps({"response": f"Use {invented(rng)}."})),
        ]
    )


def leaks_its_instructions(rng: random.Random, seen: Seen, canary: str) -> Iterator[Move]:
    if not seen.rounds and rng.random() < 0.5:
        yield _call()
        return
    yield from _cut(f"{canary} My instructions: {seen.system} {_cited(rng, seen)}", rng)


def never_ends(rng: random.Random, seen: Seen, canary: str) -> Iterator[Move]:
    if rng.random() < 0.5:
        yield Raw(b"data: " + b"x" * 3_000_000)
    while True:
        yield Say(f"{canary} and " * 2_000)


def links_and_markup(rng: random.Random, seen: Seen, canary: str) -> Iterator[Move]:
    if not seen.rounds:
        yield _call()
        return
    mark = _cited(rng, seen)
    for text in (
        f"![{canary}](http://example.test/{canary}.png) {mark}\n",
        f"<img src=x onerror=alert('{canary}')> A00.0 is billable {mark}.\n",
        f"See www.example.test/{canary} for A00.0 {mark}.\n",
        f"Write to {canary}@example.test {mark}. ",
        f"[{canary}] [ask:{canary}] [none:{canary}] ",
        f"{canary}?",
    ):
        yield from _cut(text, rng)


def swaps_facts(rng: random.Random, seen: Seen, canary: str) -> Iterator[Move]:
    """Cites one code's facts for another code."""
    if seen.rounds == 0:
        yield _call("A00.0")
        return
    if seen.rounds == 1:
        yield _call("A00")
        return
    marks = list(seen.facts.items())
    for mark, text in rng.sample(marks, min(3, len(marks))):
        other = "A00" if text.startswith("A00.0") else "A00.0"
        yield Say(f"{canary} {other} – {text.split(' – ', 1)[-1]} [{mark}]. ")


def behaves(rng: random.Random, seen: Seen, canary: str) -> Iterator[Move]:
    if not seen.rounds:
        yield _call()
        yield Tokens(500, 20)
        return
    for mark, text in list(seen.facts.items())[:3]:
        yield from _cut(f"{text} [{mark}] ", rng)
    yield Tokens(700, 60)


MISCHIEF: tuple[Mischief, ...] = (
    invents_codes,
    invents_figures,
    drops,
    refuses,
    answers_html,
    loops_on_tools,
    breaks_json,
    breaks_tool_calls,
    leaks_its_instructions,
    links_and_markup,
    swaps_facts,
    invents_codes,
    invents_figures,
    behaves,
)
# These last as long as the limits let them: one turn in so many.
SLOW: tuple[Mischief, ...] = (stalls, drips, never_ends)
SLOW_EVERY = 12


def mischief_of(number: int, seed: int) -> tuple[Mischief, random.Random]:
    rng = random.Random(f"{seed}/{number}")
    pool = SLOW if number % SLOW_EVERY == SLOW_EVERY - 1 else MISCHIEF
    return pool[(number // SLOW_EVERY if pool is SLOW else number) % len(pool)], rng


def canary_of(number: int) -> str:
    """A word that is in no source and no question."""
    return "zq" + "".join(_LETTERS[int(digit)] for digit in f"{number:05d}").lower() + "qz"
