"""The client of what is not timed, against servers that close connections as they like."""

import socket
import threading

from dojo.site.visitor_client import open_visitor_client

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def serve(listener: socket.socket) -> None:
    """Answer the first request of each connection, and close it when a second one comes."""

    def one_answer(connection: socket.socket) -> None:
        with connection:
            if connection.recv(65_536):
                connection.sendall(ANSWER)
                connection.recv(65_536)

    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=one_answer, args=(connection,), daemon=True).start()


def test_no_request_is_lost_to_a_connection_that_the_server_closes() -> None:
    """Neither a page nor something that can't be sent twice."""
    with socket.create_server(("127.0.0.1", 0)) as listener, open_visitor_client(5.0) as client:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        client.base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        for method in ("GET", "POST", "POST", "GET"):
            assert client.request(method, "/").status_code == 200
