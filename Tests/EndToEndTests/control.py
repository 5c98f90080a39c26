"""The API over the control socket, where nobody is asked to wait."""

import http.client
import json
import socket

from running import PATIENCE_SECONDS, eventually


def ask_control(porter, method, target, document=None, status=200):
    """What a running server answers to who owns its data folder."""
    path = porter.data / "control.sock"
    # It is there a moment after the front door.
    eventually(path.exists, "the control socket is there")
    connection = http.client.HTTPConnection("localhost")
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.settimeout(PATIENCE_SECONDS)
    connection.sock.connect(str(path))
    try:
        connection.request(method, target, None if document is None else json.dumps(document))
        answer = connection.getresponse()
        text = answer.read().decode("utf-8")
        assert answer.status == status, f"{method} {target}: {answer.status} {text}"
        return json.loads(text)
    finally:
        connection.close()
