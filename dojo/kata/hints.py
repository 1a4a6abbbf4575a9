"""A kata's hints as a learner asks for them: the next one, or an earlier one again.

Reads .meta/hints.md, .meta/solution.md and the stored reports, and stores which hints were given.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from textwrap import fill
from typing import Any

from dojo.broken_run_files import last_broken_run, numbers
from dojo.errors import BadSetting
from dojo.kata.hint_book import HintBook, parse_hints, sections_of
from dojo.kata.hint_choice import EXPLANATION, Hint, cause_count, choose, text_of

__all__ = ["hint_again", "hints_given", "hints_of", "next_hint"]

WIDTH = 78
AS_IT_IS = ("- ", "|", " ", "```", "#")
UNBROKEN: Any = {"break_long_words": False, "break_on_hyphens": False}
MOST_REPORTS = 20  # the last ones; each costs some milliseconds
BEFORE_ANY_RUN = (
    "Run the kata first: every further hint answers to what the report of the last run shows."
)
SOLVED = (
    "{} green, so there is nothing left to hint at. If app/ has changed since, run the kata again."
)
BROKE_OFF = "The last run broke off without a report: {}"
BROKEN_SINCE_GREEN = (
    "The report before it is green, so what broke the app was changed after it, and no hint is"
    " about that."
)
LAST_REPORT = "The last report is"
INVALID_SINCE = "The last run was invalid and says nothing; the last report that counts is"
NO_REPORT_YET = "Further hints answer to what a report shows, so make the app run first."
BEFORE_IT = "This hint answers to the report before it."
NOTHING_LEFT = (
    "You have had every hint and every explanation that the last report calls for. Change app/ and"
    " run the kata again: the next hint answers to the new report."
)


def hints_of(kata_folders: Iterable[Path], state_dir: Path, number: str) -> Iterator[str]:
    """A hint of each kata, below its name: number `number`, or the next one for ""."""
    for folder in kata_folders:
        text = (
            hint_again(folder, state_dir, int(number)) if number else next_hint(folder, state_dir)
        )
        yield f"\n{folder.name}\n\n{text}\n"


def next_hint(kata_folder: Path, state_dir: Path) -> str:
    """One hint more, chosen by the last stored report; it is noted as given."""
    book, name = _book(kata_folder), kata_folder.name
    given, reports = _given(state_dir, name), _reports(state_dir, name)
    command = f"./run pytest katas/{name}"
    broke_off = _broke_off(state_dir / "reports" / name)
    if reports and reports[-1]["verdict"] == "met":
        if broke_off:
            return f"{broke_off}\n\n{_filled(BROKEN_SINCE_GREEN)}\n\n{_again(name)}"
        which = INVALID_SINCE if _is_invalid(state_dir / "reports" / name) else LAST_REPORT
        return f"{_filled(SOLVED.format(which))}\nThe explanation: {_solution(kata_folder)}"
    hint = choose(book, given, reports)
    count = cause_count(book, reports)
    if hint is None:
        without = NO_REPORT_YET if broke_off else BEFORE_ANY_RUN
        end = NOTHING_LEFT if reports else without
        rest = f"→ Run it: {command}. {_earlier(len(given), command)}."
        return "\n\n".join(part for part in (broke_off, end, count, rest) if part)
    given.append(hint)
    _store(state_dir, name, given)
    text = _shown(kata_folder, book, hint, len(given))
    rest = f"→ One more: {command} --hint. This one again: {command} --hint {len(given)}"
    if broke_off and reports:
        broke_off += f"\n{BEFORE_IT}"
    return "\n\n".join(part for part in (broke_off, text, count, rest) if part)


def _is_invalid(reports: Path) -> bool:
    """Whether the last report is of a run that says nothing."""
    last = max(numbers(reports, "attempt"), default=0)
    with suppress(OSError, ValueError, AttributeError, RecursionError):
        facts = json.loads((reports / f"attempt-{last:04d}.json").read_text(encoding="utf-8"))
        return bool(facts.get("verdict") == "invalid")
    return False


def _broke_off(reports: Path) -> str:
    """What became of the last run, if it has no report; else ""."""
    broken = last_broken_run(reports)
    return "" if broken is None else _filled(BROKE_OFF.format(broken.summary))


def _again(kata: str) -> str:
    return f"→ All that the app said then: ./run dojo report {kata.partition('-')[0]}"


def _filled(text: str) -> str:
    return fill(text, WIDTH, **UNBROKEN)


def hint_again(kata_folder: Path, state_dir: Path, number: int) -> str:
    """The hint that was given as number `number`, from 1; BadSetting if there is none."""
    given, command = _given(state_dir, kata_folder.name), f"./run pytest katas/{kata_folder.name}"
    if not 1 <= number <= len(given):
        raise BadSetting(
            f"There is no hint {number} of {kata_folder.name} yet."
            f" {_earlier(len(given), command)}. The next one: {command} --hint"
        )
    return _shown(kata_folder, _book(kata_folder), given[number - 1], number)


def hints_given(state_dir: Path, kata: str) -> int:
    """How many hints of a kata were given, explanations among them."""
    return len(_given(state_dir, kata))


def _earlier(count: int, command: str) -> str:
    """How many were given, and how to see them again."""
    if not count:
        return "No hint was given so far"
    if count == 1:
        return f"One hint was given; again: {command} --hint 1"
    return f"{count} hints were given; again: {command} --hint 1 to {count}"


def _shown(kata_folder: Path, book: HintBook, hint: Hint, number: int) -> str:
    is_explanation = hint.depth == EXPLANATION
    explanations = sections_of(_text(_solution(kata_folder))) if is_explanation else {}
    text = text_of(book, hint, explanations)
    if text is None:
        raise BadSetting(f"Hint {number} of {kata_folder.name} is no longer among its hints.")
    head = f"Hint {number}"
    if is_explanation:
        head += ", the explanation, with a fix"
        text += f"\n\nAll of it: {_solution(kata_folder)}"
    elif hint.depth:
        head += f", {'' if hint.depth == 'Almost there' else 'a '}{hint.depth.lower()}"
    return f"{head}\n\n{_wrapped(text)}"


def _wrapped(text: str) -> str:
    """Markdown's paragraphs for a narrow terminal; lists, tables and code stay as they are.

    Pictures are left out.
    """
    blocks = [block for block in text.split("\n\n") if not block.startswith("![")]
    return "\n\n".join(block if block.startswith(AS_IT_IS) else _filled(block) for block in blocks)


def _book(kata_folder: Path) -> HintBook:
    try:
        return parse_hints(_text(kata_folder / ".meta" / "hints.md"))
    except BadSetting as error:
        raise BadSetting(f"{kata_folder.name} has no hints that can be read: {error}") from error


def _solution(kata_folder: Path) -> Path:
    return kata_folder / ".meta" / "solution.md"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadSetting(f"{path} can't be read: {error}") from error


def _reports(state_dir: Path, kata: str) -> list[dict[str, Any]]:
    """The reports of the last attempts, the last one last, without the invalid ones."""
    return list(islice(_backwards(state_dir / "reports" / kata), MOST_REPORTS))[::-1]


def _backwards(folder: Path) -> Iterator[dict[str, Any]]:
    for number in reversed(numbers(folder, "attempt")):
        path = folder / f"attempt-{number:04d}.json"
        with suppress(OSError, ValueError, RecursionError):  # what can't be read is passed over
            facts = json.loads(path.read_text(encoding="utf-8"))
            if isinstance(facts, dict) and facts.get("verdict") not in (None, "invalid"):
                yield facts


def _log(state_dir: Path, kata: str) -> Path:
    return state_dir / "hints" / f"{kata}.json"


def _given(state_dir: Path, kata: str) -> list[Hint]:
    """The hints that were given, in their order; none if the log can't be read."""
    try:
        entries = json.loads(_log(state_dir, kata).read_text(encoding="utf-8"))
        return [Hint(str(section), str(depth)) for section, depth in entries]
    except (OSError, ValueError, TypeError, RecursionError):
        return []


def _store(state_dir: Path, kata: str, given: list[Hint]) -> None:
    log = _log(state_dir, kata)
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(
            json.dumps([[hint.section, hint.depth] for hint in given], indent=1), encoding="utf-8"
        )
    except OSError as error:
        raise BadSetting(f"Which hints were given can't be stored in {log}: {error}") from error
