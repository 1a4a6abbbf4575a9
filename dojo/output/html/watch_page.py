"""The page around the newest report, which loads each new one by itself. Pure."""

from dojo.output.html.page import environment, policy_hash, source

__all__ = ["watch_page"]


def watch_page(kata: str) -> str:
    """The whole page as text: it needs no network but its own address."""
    sheet, script = source("watch.css"), source("watch.js")
    return (
        environment()
        .get_template("watch.html.jinja")
        .render(
            kata=kata,
            style=sheet,
            style_hash=policy_hash(sheet),
            script=script,
            script_hash=policy_hash(script),
        )
    )
