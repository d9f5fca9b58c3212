"""How often the right code comes first, and among the first ten: stock engines and ours, per kind of query, both halves
of the evaluation sets apart; what each source of knowledge brings; how long an answer takes. Writes docs/relevance.md.
"""

import asyncio
import csv
import os
import random
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "eval"), str(HERE.parent / "helpers")]

from halves import half_of  # pyright: ignore[reportMissingImports]
from lookup_server import workspace
from relevance_engines import Ask, Row, fts5, postgres, stock_meilisearch, stock_tantivy
from search_speed import Speed, beside_raw, hard_texts, longest, told

from ahead.lookup.catalog.service import Catalog
from ahead.lookup.catalog.spelling import dotted
from ahead.lookup.db import open_database
from ahead.lookup.search.building import build_index
from ahead.lookup.search.documents import SCHEMA, documents
from ahead.lookup.search.finding import Finder, finders_of
from ahead.lookup.search.lexicon import Lexicon
from ahead.lookup.search.service import CodeSearch, Scope
from ahead.lookup.search.texts import (
    DRUG,
    EXTERNAL,
    INDEX,
    KINDS,
    NEOPLASM,
    PROCEDURE_INDEX,
    PROCEDURE_TERM,
    SHORT,
    TERM,
    TITLE,
)
from ahead.lookup.settings import Settings
from ahead.shared.search import meilisearch_binary
from ahead.shared.search.meilisearch import MeilisearchEngine
from ahead.shared.search.rebuild import open_engine
from ahead.shared.settings import load
from ahead.shared.testing.meilisearch_server import MeilisearchServer

ROOT = HERE.parents[1]
REPORT = ROOT / "docs" / "relevance.md"
AS_OF = date(2026, 11, 1)
NAMES, ABLATED = 500, 150
"""Disease names asked per half, drawn with a seed; and those of them asked of each ablation."""
DRAWS = 500
GOALS = {"typed": (0.85, 0.97), "names": (0.0, 0.70), "names, one typo": (0.0, 0.62)}
SYSTEMS = frozenset({"icd10cm", "hcpcs"})
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Case:
    half: str
    kind: str
    query: str
    codes: tuple[str, ...]

    @property
    def group(self) -> str:
        return self.kind if self.kind.startswith("names") else "typed"

    def rank(self, found: Sequence[str]) -> int:
        """Place of the first right code, 0 for none. The gold of a name is met by what lies below it as well."""
        for i, code in enumerate(found[:10], 1):
            if code in self.codes or (self.group != "typed" and code.startswith(self.codes)):
                return i
        return 0


def with_typo(query: str) -> str:
    """One typo in a word of five letters or more, not in its first letter: swap, drop, double or replace, seeded."""
    dice = random.Random(query)
    words = query.split()
    places = [i for i, word in enumerate(words) if len(word) >= 5 and word.isalpha()]
    if not places:
        return query
    i = dice.choice(places)
    word, at = words[i], dice.randrange(1, len(words[i]) - 1)
    words[i] = {
        "swap": word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        "drop": word[:at] + word[at + 1 :],
        "double": word[:at] + word[at] + word[at:],
        "replace": word[:at] + dice.choice(LETTERS) + word[at + 1 :],
    }[dice.choice(("swap", "drop", "double", "replace"))]
    return " ".join(words)


def cases(folder: Path, held: frozenset[str]) -> list[Case]:
    def rows(path: Path) -> list[list[str]]:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]

    typed = [
        Case(half_of(q), kind, q, tuple(codes.split("|")))
        for kind, q, codes, _ in rows(HERE.parent / "eval" / "typed_queries.tsv")
    ]
    names = [
        Case(half_of(q), "names", q, (c,)) for q, c in rows(folder / "disease-synonyms.tsv") if c in held
    ]
    random.Random(1).shuffle(names)
    drawn = [
        name for half in ("tuning", "held-out") for name in [one for one in names if one.half == half][:NAMES]
    ]
    wrong = [Case(one.half, "names, one typo", with_typo(one.query), one.codes) for one in drawn]
    return [*typed, *drawn, *wrong]


def interval(values: Sequence[float]) -> str:
    """The mean with its 95 % bootstrap interval."""
    dice = random.Random(7)
    means = sorted(sum(dice.choices(values, k=len(values))) / len(values) for _ in range(DRAWS))
    low, high = means[int(0.025 * DRAWS)], means[int(0.975 * DRAWS)]
    return f"{sum(values) / len(values):.3f} ({low:.3f}–{high:.3f})"


Ranks = Mapping[Case, int]


def table(ranks: Mapping[str, Ranks], half: str, groups: Iterable[str]) -> list[str]:
    lines = ["| | " + " | ".join(f"{g} R@1 | R@10" for g in groups) + " |"]
    lines.append("|---" * (1 + 2 * len(list(groups))) + "|")
    for name, ranked in ranks.items():
        cells = [name]
        for group in groups:
            of = [r for case, r in ranked.items() if case.half == half and group in (case.group, case.kind)]
            cells += (
                [interval([float(r == 1) for r in of]), interval([float(r > 0) for r in of])]
                if of
                else ["", ""]
            )
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def p95(seconds: Sequence[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.95)] * 1000


def asked(ask: Ask, every: Sequence[Case]) -> tuple[dict[Case, int], list[float]]:
    ranks: dict[Case, int] = {}
    took: list[float] = []
    for case in every:
        began = time.perf_counter()
        found = ask(case.query)
        took.append(time.perf_counter() - began)
        ranks[case] = case.rank(found)
    return ranks, took


async def ours(
    search: CodeSearch, scopes: Mapping[str, Scope], every: Sequence[Case]
) -> tuple[dict[Case, int], list[float], dict[Case, list[str]]]:
    ranks: dict[Case, int] = {}
    took: list[float] = []
    firsts: dict[Case, list[str]] = {}
    for case in every:
        began = time.perf_counter()
        answer = await search.search(case.query, scopes[case.group], limit=10)
        took.append(time.perf_counter() - began)
        firsts[case] = [hit.code for hit in answer.hits]
        ranks[case] = case.rank(firsts[case])
    return ranks, took, firsts


def ablations(full: Finder, releases: Mapping[str, Sequence[int]], every: Sequence[Case]) -> dict[str, Ranks]:
    w = full.wording
    made = {
        "all knowledge": full,
        "without the lexicon": Finder(w, Lexicon({})),
        "without the alphabetic index": Finder(w, without=(INDEX,)),
        "without the external cause index": Finder(w, without=(EXTERNAL,)),
        "without the table of neoplasms": Finder(w, without=(NEOPLASM,)),
        "without the table of drugs": Finder(w, without=(DRUG,)),
        "without inclusion terms": Finder(w, without=(TERM,)),
        "without short titles": Finder(w, without=(SHORT,)),
        "without the procedure index": Finder(w, without=(PROCEDURE_INDEX,)),
        "without the definitions of procedures": Finder(w, without=(PROCEDURE_TERM,)),
        "titles alone": Finder(w, Lexicon({}), without=range(TITLE + 1, len(KINDS))),
    }
    worded = [case for case in every if case.group == "typed" and case.kind != "code"]
    for half in ("held-out", "tuning"):
        for group in ("names", "names, one typo"):
            worded += [case for case in every if (case.half, case.group) == (half, group)][:ABLATED]

    def asking(finder: Finder, case: Case) -> list[str]:
        found = finder.find(case.query, releases[case.group]).codes[:10]
        return [dotted(w.systems[w.system_of[code]], w.codes[code]) for code in found.tolist()]

    return {name: {case: case.rank(asking(finder, case)) for case in worded} for name, finder in made.items()}


def rows_of(finder: Finder, releases: Sequence[int]) -> list[Row]:
    """Code, title and inclusion terms of the codes of these releases."""
    w = finder.wording
    terms: dict[int, list[str]] = defaultdict(list)
    for text, kind in enumerate(w.kinds.tolist()):
        if kind == TERM:
            for code in w.text_codes[w.code_starts[text] : w.code_starts[text + 1]].tolist():
                terms[code].append(w.text(text))
    rows: list[Row] = []
    for code in w.in_releases(releases).nonzero()[0].tolist():
        number = int(w.code_texts[code])
        title = w.text(number) if number >= 0 and w.kinds[number] == TITLE else ""
        rows.append((dotted(w.systems[w.system_of[code]], w.codes[code]), title, "; ".join(terms[code])))
    return rows


async def measure(settings: Settings, folder: Path, stack: ExitStack) -> bool:
    database = open_database(settings)
    catalog = Catalog(database, settings.releases_dir)
    finder = finders_of(settings).current()
    engine = open_engine(settings.shared, "lookup")
    search = CodeSearch(engine.index(SCHEMA), catalog, finders_of(settings))
    everything, diagnoses = await search.scope(None, AS_OF), await search.scope("icd10cm", AS_OF)
    typed = Scope(tuple(e for e in everything.editions if e.system in SYSTEMS))
    scopes = {"typed": everything, "names": diagnoses, "names, one typo": diagnoses}
    releases = {group: scope.releases for group, scope in scopes.items()}
    rows = rows_of(finder, typed.releases)
    held = frozenset(row[0] for row in rows_of(finder, diagnoses.releases))
    every = cases(folder, held)
    ranks: dict[str, Ranks] = {}
    times: dict[str, list[float]] = {}
    with workspace() as place:
        for name, ask in (
            ("SQLite FTS5", fts5(rows)),
            ("stock Tantivy", stock_tantivy(rows)),
            ("PostgreSQL full text + trigram", postgres(rows, stack)),
            ("stock Meilisearch", stock_meilisearch(rows, stack, Path(place))),
        ):
            ranks[name], times[name] = asked(ask, every)
            print(f"asked {name}", flush=True)
    queries = [case.query for case in every if case.group == "typed"]
    speeds: dict[str, tuple[Speed, Speed]] = {}
    name = f"ours on {search_engine(settings)}"
    ranks[name], times[name], firsts = await ours(search, scopes, every)
    speeds[settings.shared.engine] = await beside_raw(search, engine.index(SCHEMA), everything, queries)
    slowest = await longest(search, everything, hard_texts(finder.wording, Lexicon.load()))
    print(f"asked {name}", flush=True)
    cut = ablations(finder, releases, every)
    agreed: list[str] = []

    def told_so_far() -> bool:
        lines, fast = report(ranks, cut, agreed, times, speeds, slowest)
        REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return fast

    fast = told_so_far()  # what is measured is kept, whatever becomes of the other engine
    if settings.shared.engine == "tantivy":
        other = "ours on Meilisearch"
        alone = await on_meilisearch(catalog, everything, stack)
        again = CodeSearch(alone.index(SCHEMA), catalog, finders_of(settings))
        ranks[other], times[other], theirs = await ours(again, scopes, every)
        agreed = agreement(firsts, theirs)
        speeds["meilisearch"] = await beside_raw(again, alone.index(SCHEMA), everything, queries)
        await alone.close()
        fast = told_so_far()
    await engine.close()
    await catalog.close()
    await database.close()
    return fast & judged(ranks[name])


def report(
    ranks: Mapping[str, Ranks],
    cut: Mapping[str, Ranks],
    agreed: Sequence[str],
    times: Mapping[str, Sequence[float]],
    speeds: Mapping[str, tuple[Speed, Speed]],
    slowest: float,
) -> tuple[list[str], bool]:
    """The lines of the report, and whether answers come as fast as they have to."""
    kinds = list(dict.fromkeys(case.kind for case in next(iter(ranks.values())) if case.group == "typed"))
    lines = ["# Relevance of the search", "", "Made by `./ahead bench relevance`; intervals hold 95 %.", ""]
    for half in ("held-out", "tuning"):
        lines += [f"## The {half} half", "", *table(ranks, half, list(GOALS)), ""]
        lines += [f"### Kinds of typed queries, {half}", "", *by_kind(ranks, half, kinds), ""]
        lines += [f"### What each source brings, {half} (bare codes left out)", ""]
        lines += [*table(cut, half, list(GOALS)), ""]
    lines += agreed
    lines += ["## Time of an answer", "", "| | p50 ms | p95 ms |", "|---|---|---|"]
    lines += [f"| {n} | {sorted(t)[len(t) // 2] * 1000:.1f} | {p95(t):.1f} |" for n, t in times.items()]
    table_of_speeds, fast = told(speeds)
    lines += ["", *table_of_speeds, ""]
    lines += [f"The slowest of 300 texts made to give it as much to do as can be: {slowest:.0f} ms."]
    return lines, fast


def judged(ranks: Ranks) -> bool:
    """Whether the goals are met on the held-out half."""
    verdicts: list[bool] = []
    for group, goals in GOALS.items():
        of = [r for case, r in ranks.items() if case.half == "held-out" and case.group == group]
        got = sum(r == 1 for r in of) / len(of), sum(r > 0 for r in of) / len(of)
        met = all(g >= wanted for g, wanted in zip(got, goals, strict=True))
        verdicts.append(met)
        print(
            f"{group}: R@1 {got[0]:.3f} (at least {goals[0]}), R@10 {got[1]:.3f} (at least {goals[1]}):",
            "met" if met else "NOT MET",
        )
    return all(verdicts)


async def on_meilisearch(catalog: Catalog, scope: Scope, stack: ExitStack) -> MeilisearchEngine:
    """An engine on a server of its own that holds the documents of what is searched."""
    place = Path(stack.enter_context(workspace()))
    server = stack.enter_context(MeilisearchServer(place, meilisearch_binary.ensure(place / "program")))
    engine = MeilisearchEngine(server.url, server.master_key)
    held = [edition.release for edition in scope.editions if edition.release]
    await engine.index(SCHEMA).rebuild(documents(catalog, held), fingerprint="of the bench")
    return engine


def agreement(ours: Mapping[Case, list[str]], theirs: Mapping[Case, list[str]]) -> list[str]:
    same = [float(ours[case][:1] == theirs[case][:1]) for case in ours]
    overlap = [
        len(set(ours[case]) & set(theirs[case])) / max(len(ours[case]), len(theirs[case]), 1)
        for case in ours
        if ours[case] or theirs[case]
    ]
    return [
        "## The two engines",
        "",
        f"Same first hit: {interval(same)}; overlap of the first ten: {interval(overlap)}.",
        "",
    ]


def by_kind(ranks: Mapping[str, Ranks], half: str, kinds: Sequence[str]) -> list[str]:
    lines = ["| R@1 / R@10 | " + " | ".join(kinds) + " |", "|---" * (len(kinds) + 1) + "|"]
    for name, ranked in ranks.items():
        cells = [name]
        for kind in kinds:
            of = [r for case, r in ranked.items() if case.half == half and case.kind == kind]
            cells.append(f"{sum(r == 1 for r in of) / len(of):.2f} / {sum(r > 0 for r in of) / len(of):.2f}")
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def search_engine(settings: Settings) -> str:
    return settings.shared.engine.capitalize()


def prepare(official: Path, place: Path) -> None:
    """Load the diagnoses, the procedures, their books and the supplies, as an operator would."""
    files = [p for name in ("icd10cm", "icd10pcs", "hcpcs") for p in sorted((official / name).iterdir())]
    command = [sys.executable, "-m", "ahead.local", "catalog", "load", *map(str, files)]
    subprocess.run(command, cwd=ROOT, env=os.environ | {"AHEAD_DATA": str(place)}, check=True)


def main() -> int:
    official = Path(os.environ.get("AHEAD_OFFICIAL_DATA") or ROOT.parent / "shared" / "data")
    folder = Path(os.environ.get("AHEAD_EVAL_DATA") or ROOT.parent / "shared" / "eval")
    if not (folder / "disease-synonyms.tsv").is_file() or not (official / "icd10cm").is_dir():
        print(
            "skipped: the names or the official files are not on this machine (AHEAD_EVAL_DATA, AHEAD_OFFICIAL_DATA)"
        )
        return 1 if os.environ.get("AHEAD_REQUIRE_DATA") == "1" else 0
    with ExitStack() as stack:
        # A data folder that holds the official files already saves loading them.
        place = Path(os.environ.get("AHEAD_BENCH_DATA") or stack.enter_context(workspace()))
        if not (place / "lookup").is_dir():
            prepare(official, place)
        os.environ["AHEAD_DATA"] = str(place)
        settings = load(Settings)
        build_index(settings)
        met = asyncio.run(measure(settings, folder, stack))
    print(REPORT.read_text("utf-8"))
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
