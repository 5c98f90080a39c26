"""The API over the control socket, where nobody is asked to wait."""

import http.client
import json
import socket

from running import PATIENCE_SECONDS, eventually


def ask_control(porter, method, target, document=None, status=200):
    """What a running server answers to who owns its data folder."""
    connection = http.client.HTTPConnection("localhost")
    # It listens a moment after the front door does.
    connection.sock = eventually(lambda: connected(porter.data / "control.sock"), "the control socket listens")
    try:
        connection.request(method, target, None if document is None else json.dumps(document))
        answer = connection.getresponse()
        text = answer.read().decode("utf-8")
        assert answer.status == status, f"{method} {target}: {answer.status} {text}"
        return json.loads(text)
    finally:
        connection.close()


def connected(path):
    """None where nothing is, or what a killed server left."""
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(PATIENCE_SECONDS)
    try:
        client.connect(str(path))
    except (FileNotFoundError, ConnectionRefusedError):
        client.close()
        return None
    return client
