"""The assistant on its frozen questions, through the public API of a running platform.

`AHEAD_BENCH_DATA` names a data folder with the official files loaded (use a copy: the platform writes there). Without
it, or without an assistant, there is nothing to measure and it says so. Writes docs/assistant-quality.md, and
the rows that the page /casepilot/quality shows. The questions written without sight of the answerer decide; those
written with it in view stand apart.
`AHEAD_LLM_*` are handed to the platform: the language model is then measured, and published beside the built-in
answerer. `AHEAD_BENCH_SCRIPTED=1` puts a scripted endpoint there: it shows that the way through the model works, and
its figures say nothing of any model, so they are printed only.
A code counts as invented when no code file knows it, or none in force on the day for ICD-10-CM; codes of the question
itself don't count. Bare times are reported only.
"""

import json
import os
import re
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
sys.path[:0] = [
    str(ROOT / "tests"),
    str(ROOT / "tests" / "helpers"),
    str(ROOT / "tests" / "eval"),
    str(ROOT / "tests" / "eval" / "assistant"),
]

from cooperative_model import cooperative
from deriving_books import Books as Sources
from halves import half_of
from helpers.platform_process import PlatformProcess
from scripted_model import scripted_model

CODE = re.compile(r"\b(?:[A-Z]\d[0-9A-Z]\.[0-9A-Z]{1,4}|[A-Z]\d{4}|\d{5}|\d{4}[A-Z])\b")
PARTS = {"blind": "questions.jsonl", "sighted": "questions-sighted.jsonl"}
RIGHT, REFUSED, WRONG_REFUSALS = 0.95, 0.95, 0.03
REFUSALS = {"not_in_sources"}
REPORT = ROOT / "services/assistant/src/ahead/assistant/quality/report.json"
Scored = dict[str, Any]


def ask(
    client: httpx.Client, headers: dict[str, str], row: dict[str, Any]
) -> tuple[dict[str, Any], float, float]:
    """The whole answer to the last turn, seconds to its first sentence and to its end."""
    conversation, answer, first, took = None, {}, 0.0, 0.0
    for turn in row["turns"]:
        body = {"question": turn, "as_of": row["as_of"], "conversation": conversation}
        began, first, event = time.perf_counter(), 0.0, ""
        sent = {name: value for name, value in body.items() if value is not None}
        with client.stream("POST", "/api/assistant/v1/answers", json=sent, headers=headers) as response:
            if response.status_code >= 400:
                return {"status": f"http {response.status_code}"}, 0.0, 0.0
            for line in response.iter_lines():
                if line.startswith("event:"):
                    event = line[6:].strip()
                elif line.startswith("data:"):
                    if event == "sentence" and not first:
                        first = time.perf_counter() - began
                    if event == "done":
                        answer = json.loads(line[5:])
        took = time.perf_counter() - began
        conversation = answer.get("conversation")
    return answer, first or took, took


def score(row: dict[str, Any], answer: dict[str, Any], sources: Sources, known: dict[str, str]) -> Scored:
    sentences = answer.get("sentences", [])
    text = " ".join(str(sentence["text"]) for sentence in sentences)
    asked = {token.upper() for turn in row["turns"] for token in re.findall(r"[\w.]+", turn)}
    cited = {cite["n"] for cite in answer.get("citations", []) if cite.get("source") and cite.get("sha256")}
    used = [n for sentence in sentences for n in sentence.get("citations", [])]
    refused = answer.get("status") in REFUSALS
    invented = [
        code for code in CODE.findall(text) if code not in asked and not valid(code, row["as_of"], known)
    ]
    if row["kind"] == "answerable":
        plain = " ".join(text.lower().split())
        facts = [fact.lower() for one in row["expect"] for fact in sources.facts(one)]
        right = not refused and all(holds(plain, fact) for fact in facts)
    else:
        right = refused
    return {
        "id": row["id"],
        "topic": row["topic"],
        "kind": row["kind"],
        "written": row["written"],
        "half": half_of(row["id"]),
        "status": str(answer.get("status", "no answer")),
        "answerer": str(answer.get("answerer", "")),
        "right": right and not invented,
        "refused": refused,
        "invented": invented,
        "citations": len(used),
        "resolving": sum(n in cited for n in used),
    }


def holds(text: str, fact: str) -> bool:
    """The fact stands by itself: not within a longer word or number."""
    return re.search(rf"(?<![\w.]){re.escape(fact)}(?![\w]|\.\d)", text) is not None


def valid(code: str, as_of: str | None, known: dict[str, str]) -> bool:
    windows = known.get(code.replace(".", ""), "")
    if "." not in code:
        return bool(windows)
    day = as_of or time.strftime("%Y-%m-%d")
    year = "7" if day >= "2026-10-01" else "6" if day >= "2025-10-01" else "5"
    return year in windows


def share(rows: Iterable[Scored], key: str = "right") -> str:
    found = [bool(row[key]) for row in rows]
    return f"{sum(found)}/{len(found)} ({sum(found) / len(found):.1%})" if found else "none"


HEADS = {
    "blind": "Written without sight of it: this part decides",
    "sighted": "Written with it in view, and frozen before it was asked any of them",
}


def report(rows: list[Scored]) -> list[str]:
    lines = [
        "# CasePilot: measured quality",
        "",
        f"The built-in answerer, asked {len(rows)} frozen questions on {time.strftime('%Y-%m-%d')} through the public",
        "API of a running platform with all official files. Times are of this run, whatever the machine did besides.",
    ]
    for part, head in HEADS.items():
        some = [row for row in rows if row["written"] == part]
        if some:
            lines += ["", f"## {head} ({len(some)} questions)", "", *report_of(some)]
    return lines


def report_of(rows: list[Scored]) -> list[str]:
    lines: list[str] = []
    by_topic: dict[str, list[Scored]] = defaultdict(list)
    for row in rows:
        by_topic[row["topic"]].append(row)
    lines += ["| topic | right | tuning part | held-out part |", "|---|---|---|---|"]
    for topic, some in [*sorted(by_topic.items()), ("all", rows)]:
        parts = [share(r for r in some if r["half"] == part) for part in ("tuning", "held-out")]
        lines.append(f"| {topic} | {share(some)} | {parts[0]} | {parts[1]} |")
    answerable = [row for row in rows if row["kind"] == "answerable"]
    impossible = [row for row in rows if row["kind"] != "answerable"]
    refused = [row for row in rows if row["refused"]]
    lines += [
        "",
        f"- Refused of what cannot be answered: {share(impossible, 'refused')}",
        f"- Refusals that were right: {sum(r['kind'] != 'answerable' for r in refused)}/{len(refused)}",
        f"- Wrong refusals of what can be answered: {share(answerable, 'refused')}",
        f"- Answers with an invented or invalid code: {share(rows, 'invented')}",
        f"- Citations that resolve: {sum(r['resolving'] for r in rows)}/{sum(r['citations'] for r in rows)}",
    ]
    for name in ("first", "whole"):
        times = [row[name] * 1000 for row in rows]
        middle, late = statistics.median(times), statistics.quantiles(times, n=20)[18]
        lines.append(f"- Time to {name} sentence or answer: p50 {middle:.0f} ms, p95 {late:.0f} ms")
    return lines


def service_headers(platform: PlatformProcess) -> dict[str, str]:
    issued = httpx.post(
        f"{platform.address_of('accounts')}/api/accounts/v1/service-tokens",
        headers={"Authorization": f"Bearer {platform.secret('AHEAD_CONSULTANT_SERVICE_KEY')}"},
        json={"service": "consultant", "scopes": ["assistant:answer"]},
        trust_env=False,
    )
    issued.raise_for_status()
    token = {"Authorization": f"Bearer {issued.json()['token']}", "Ahead-Principal": "a:bench"}
    return token | {"Accept": "text/event-stream"}


def publish(rows: list[Scored], answerer: str = "builtin") -> None:
    """For the page /casepilot/quality: a row per question, beside those of other answerers."""
    kept = (
        "topic",
        "kind",
        "half",
        "right",
        "refused",
        "invented",
        "citations",
        "resolving",
        "first",
        "whole",
    )
    held = json.loads(REPORT.read_text(encoding="utf-8")) if REPORT.exists() else {"answerers": {}}
    short = [{name: row[name] for name in kept} for row in rows]
    report = {"measured_on": time.strftime("%Y-%m-%d"), "answerers": held["answerers"] | {answerer: short}}
    lines = json.dumps(report).replace('{"topic"', '\n{"topic"')
    REPORT.write_text(lines + "\n", encoding="utf-8")


def main() -> int:
    data = os.environ.get("AHEAD_BENCH_DATA")
    if not data:
        print("skipped: AHEAD_BENCH_DATA names no folder with the official files loaded")
        return 0
    directory = Path(os.environ.get("AHEAD_OFFICIAL_DATA") or ROOT.parent / "shared" / "data")
    sources, known = Sources(directory), Sources(directory).known()
    questions = [
        json.loads(line)
        for name in PARTS.values()
        for line in (ROOT / "tests/eval/assistant" / name).read_text(encoding="utf-8").splitlines()
    ]
    sources.expect([one for row in questions for one in row["expect"]])
    with ExitStack() as stack:
        return measured(Path(data), questions, sources, known, model_of(stack))


def model_of(stack: ExitStack) -> dict[str, str]:
    """Settings of the model that is measured; none for the built-in answerer."""
    if os.environ.get("AHEAD_BENCH_SCRIPTED"):
        endpoint = stack.enter_context(scripted_model())
        endpoint.script = cooperative
        return {
            "AHEAD_LLM_URL": endpoint.url,
            "AHEAD_LLM_MODEL": "scripted",
            "AHEAD_LLM_TOKENS_PER_USER_DAY": "999999999",
        }
    return {name: value for name, value in os.environ.items() if name.startswith("AHEAD_LLM_")}


def measured(
    data: Path,
    questions: list[dict[str, Any]],
    sources: Sources,
    known: dict[str, str],
    model: dict[str, str],
) -> int:
    platform, rows = PlatformProcess(data, model), []
    platform.start()
    try:
        headers, since = service_headers(platform), time.monotonic()
        address = platform.address_of("assistant")
        with httpx.Client(base_url=address, timeout=30, trust_env=False) as client:
            for row in questions:
                if time.monotonic() - since > 400:  # a service token lives ten minutes
                    headers, since = service_headers(platform), time.monotonic()
                answer, first, whole = ask(client, headers, row)
                rows.append(score(row, answer, sources, known) | {"first": first, "whole": whole})
    finally:
        platform.interrupt()
    lines = report(rows)
    print("\n".join(lines))
    if model:
        given = Counter(row["answerer"] for row in rows)
        print(f"- Answered by: {dict(given)}")
        if not os.environ.get("AHEAD_BENCH_SCRIPTED"):
            publish([row for row in rows if row["written"] == "blind"], "model")
        return 0
    (ROOT / "docs/assistant-quality.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    publish([row for row in rows if row["written"] == "sighted"], "builtin, sighted questions")
    rows = [row for row in rows if row["written"] == "blind"]
    publish(rows)
    impossible = [row for row in rows if row["kind"] != "answerable"]
    possible = [row for row in rows if row["kind"] == "answerable"]
    met = all(
        sum(row["right"] for row in rows if row["half"] == half)
        >= RIGHT * sum(row["half"] == half for row in rows)
        for half in ("tuning", "held-out")
    )
    met &= sum(row["refused"] for row in impossible) >= REFUSED * len(impossible)
    met &= sum(row["refused"] for row in possible) <= WRONG_REFUSALS * len(possible)
    met &= not any(row["invented"] for row in rows) and all(
        row["resolving"] == row["citations"] for row in rows
    )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
