"""The board of a site under load: a page that says of each objective whether it is met. Pure.

It draws what it is given: lines of the SLI, response times, and how journeys ended, in bins of some
seconds. The page keeps itself up to date by a script of its own, of a few lines; what it shows is
drawn here, so that it looks as the report does.
"""

from dojo.output.figures import percent
from dojo.output.html.board_plots import COLORS, BoardPlots
from dojo.output.html.board_state import Board, BoardKata
from dojo.output.html.page import environment, policy_hash, source

__all__ = ["draw", "draw_rest", "draw_run", "page", "with_run"]

RUN_PLACE = "<!-- the run -->"  # no text of a board can be that: its signs would be escaped

CALLS = {
    "met": ("met", "✓ Met"),
    "not_met": ("not_met", "✗ Not met"),
    "undecided": ("undecided", "≈ Too close to call"),
    "too_few": ("undecided", "… Too few to say"),
    "no_events": ("quiet-tone", "Not run yet"),
}
OUTCOMES = {
    "met": ("met", "✓"),
    "not_met": ("not_met", "✗"),
    "undecided": ("undecided", "≈"),
    "invalid": ("undecided", "!"),
    "fault": ("not_met", "✗"),
    "broken_off": ("undecided", "…"),
}


def page(main: str) -> str:
    """The whole page as text, `main` as `draw` gives it: it needs nothing but its own address."""
    sheet, script = source("style.css") + source("board.css"), source("board.js")
    return (
        environment()
        .get_template("board.html.jinja")
        .render(
            style=sheet,
            style_hash=policy_hash(sheet),
            script=script,
            script_hash=policy_hash(script),
            main=main,
        )
    )


def draw(board: Board) -> str:
    """What is inside the page's `main`; nothing of it is markup that came from outside."""
    return with_run(draw_rest(board), draw_run(board))


def with_run(rest: str, run: str) -> str:
    """What `draw` gives, of what `draw_rest` and `draw_run` gave."""
    return rest.replace(RUN_PLACE, run, 1)


def draw_rest(board: Board) -> str:
    """The same without the kata's run, which changes more often."""
    template = environment().get_template("board-main.html.jinja")
    return template.render(
        board=board,
        verdict=_verdict(board),
        run=RUN_PLACE,
        missed=_missed(board),
        next_kata=_next_kata(board),
        katas=[(kata, _cards(kata), BoardPlots.of(board, kata)) for kata in board.katas],
    )


def draw_run(board: Board) -> str:
    """What is inside the page's `#run`: a kata's run, and what came of those before it."""
    template = environment().get_template("board-run.html.jinja")
    verdicts = [
        (each, *OUTCOMES.get(each.verdict, OUTCOMES["broken_off"])) for each in board.last_runs
    ]
    return template.render(run=board.run, verdicts=verdicts)


def _missed(board: Board) -> list[str]:
    """The katas with an objective that is not met."""
    return [k.kata for k in board.katas if any(each.call == "not_met" for each in k.objectives)]


def _next_kata(board: Board) -> str:
    """The first kata with an objective that is not met, or the first of all."""
    return next(iter([*_missed(board), *(kata.kata for kata in board.katas)]), "")


def _verdict(board: Board) -> tuple[str, str]:
    """The page's headline: its tone and its words."""
    if board.run is not None:
        return "undecided", f"Paused for the run of {board.run.kata or 'a kata'}"
    calls = [each.call for kata in board.katas for each in kata.objectives]
    if all(call == "no_events" for call in calls):
        return "quiet-tone", "Not run yet"
    missed = calls.count("not_met")
    if missed:
        return "not_met", f"✗ Not met: {missed} of {len(calls)} objectives"
    if calls and all(call == "met" for call in calls):
        return "met", f"✓ Met: all {len(calls)} objectives"
    return "undecided", f"… {calls.count('met')} of {len(calls)} objectives are met so far"


def _cards(kata: BoardKata) -> list[dict[str, object]]:
    cards: list[dict[str, object]] = []
    for objective, color in zip(kata.objectives, COLORS, strict=False):
        tone, words = CALLS[objective.call]
        share = objective.good / objective.total if objective.total else None
        since = objective.total_since_start
        cards.append(
            {
                "objective": objective,
                "color": color,
                "tone": tone,
                "words": words,
                "good": "" if share is None else percent(share, objective.target),
                "allowed": f"{objective.allowed:.1f}".removesuffix(".0"),
                "since": percent(objective.good_since_start / since, objective.target)
                if since
                else None,
            }
        )
    return cards
