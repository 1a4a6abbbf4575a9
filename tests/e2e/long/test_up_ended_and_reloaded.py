"""`dojo up`, however it ends, and while the app changes under it."""

import os
import re
import signal
import socket
from pathlib import Path

import pytest

from tests.support.up import OBJECTIVES, copied_app, dojo_up, status


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_ends_it_all(number: signal.Signals, tmp_path: Path) -> None:
    """Ctrl-C, a polite kill and a closed terminal: the last figures, status 0, nothing left."""
    with dojo_up(tmp_path, "--port", "0") as running:
        running.await_text("Ready in")
        running.note_processes()
        running.signal(number)
        assert running.end() == 0, running.output
        running.assert_nothing_left()
    assert "Ended; nothing is left running." in running.output
    assert OBJECTIVES[0] in running.output
    assert "Traceback" not in running.output


def test_ctrl_c_while_it_starts(tmp_path: Path) -> None:
    """It can be ended before it is ready, too."""
    with dojo_up(tmp_path, "--port", "0") as running:
        running.await_text("Postgres")
        running.note_processes()
        running.signal(signal.SIGINT)
        assert running.end() == 0, running.output
        running.assert_nothing_left()
    assert "Ready" not in running.output
    assert "Traceback" not in running.output


def test_kill_9_leaves_no_process(tmp_path: Path) -> None:
    """Its children end by themselves; the next one drops the database and runs."""
    with dojo_up(tmp_path, "--port", "0") as running:
        running.await_text("Ready in")
        running.note_processes()
        running.signal(signal.SIGKILL)
        running.end()
        running.assert_nothing_left()
    with dojo_up(tmp_path, "--port", "0", "--for", "1", "--no-load") as running:
        assert running.end() == 0, running.output
    assert "No load." in running.output


def test_a_taken_port_is_told_at_once(tmp_path: Path) -> None:
    """By whom, and how to take another; nothing is started."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with dojo_up(tmp_path, "--port", str(port)) as running:
            assert running.end() == 1
    assert re.fullmatch(
        rf"BadSetting: Port {port} is taken by .* \(process {os.getpid()}\)\. End that, or take"
        r" another port: --port \d+\n",
        running.output,
    )


def test_a_broken_app_is_a_message_and_status_1(tmp_path: Path) -> None:
    """An app that can't start is told with file and line, without a traceback of ours."""
    app = copied_app(tmp_path)
    (app / "home.py").write_text("def broken(:\n")
    with dojo_up(tmp_path, "--port", "0", "--app", str(app)) as running:
        assert running.end() == 1
    assert "AppDidNotStart: " in running.output
    assert "app/home.py" in running.output
    assert "dojo/" not in running.output


def test_a_change_of_the_app_is_served_while_the_load_goes_on(tmp_path: Path) -> None:
    """A new page, a broken file and its repair, a new migration: each is told, none ends it."""
    app = copied_app(tmp_path)
    main = (app / "main.py").read_text()
    options = ("--port", "0", "--rate", "9", "--reload", "--app", str(app))
    with dojo_up(tmp_path, *options) as running:
        url = running.url
        running.await_text("Ready in")
        assert status(f"{url}/new") == 404

        place = len(running.output)
        page = '\n\n@app.get("/new")\nasync def new() -> str:\n    return "new"\n'
        (app / "main.py").write_text(main + page)
        running.await_text(r"app/ has changed \(main.py\): the app was started anew", place)
        assert status(f"{url}/new") == 200

        place = len(running.output)
        (app / "main.py").write_text(main + "\ndef broken(:\n")
        running.await_text("The shop is down until app/ changes again", place)
        assert "app/main.py" in running.output[place:]
        assert "SyntaxError" in running.output[place:]
        assert status(f"{url}/healthz") == 0
        running.await_text(r"Bad:.*\d+ connection", place)

        place = len(running.output)
        (app / "main.py").write_text(main)
        running.await_text("the app was started anew", place)
        assert status(f"{url}/new") == 404

        place = len(running.output)
        migration = app / "migrations" / "0002_broken.sql"
        migration.write_text("CREATE INDEX broken ON nosuchtable (id);\n")
        running.await_text("The shop goes on as it was", place)
        assert "nosuchtable" in running.output[place:]
        assert status(f"{url}/healthz") == 200

        place = len(running.output)
        migration.write_text("CREATE TABLE mended (id int);\n")
        running.await_text("on the new database", place)
        assert status(f"{url}/healthz") == 200

        running.await_text(r"page loads.* of [1-9]\d* bad", place)
        running.note_processes()
        running.signal(signal.SIGINT)
        assert running.end() == 0
        running.assert_nothing_left()


def test_an_app_that_dies_ends_it(tmp_path: Path) -> None:
    """Without --reload nothing would bring it back: status 1, and how it ended."""
    app = copied_app(tmp_path)
    with (app / "main.py").open("a") as main:
        main.write('\n\n@app.get("/die")\nasync def die() -> None:\n    import os\n\n')
        main.write("    os._exit(7)\n")
    with dojo_up(tmp_path, "--port", "0", "--no-load", "--app", str(app)) as running:
        url = running.url
        running.await_text("Ready in")
        assert status(f"{url}/die") == 0
        assert running.end() == 1
    assert "AppDied" in running.output
    assert "status 7" in running.output
