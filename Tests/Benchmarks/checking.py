"""Whether a server does the job, asked before it is measured."""

import http.client
import socket
import ssl

from servers import PATIENCE_SECONDS, ServerError
from signups import HOST


def check(server):
    """Every sign-up once over TLS, the first over plain HTTP; the certificates are verified, both of them.

    Returns how many were asked for: they are in the server's log as well.
    """
    context = trusting(server.site)
    with connect(server.https_port, context) as connection:
        asked = ask_all(server, connection, server.site.signups)
    with connect(server.http_port) as connection:
        asked += ask_all(server, connection, server.site.signups[:1])
    for name in ("ECDSA", "RSA"):
        context = trusting(server.site)
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(f"ECDHE-{name}-AES128-GCM-SHA256")
        connect(server.https_port, context).close()
    return asked


def trusting(site):
    context = ssl.create_default_context(cafile=site.ecdsa.certificate)
    context.load_verify_locations(cafile=site.rsa.certificate)
    return context


def connect(port, context=None):
    connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
    return context.wrap_socket(connection, server_hostname=HOST) if context else connection


def ask_all(server, connection, signups):
    for signup in signups:
        connection.sendall(signup.head)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        answer.read()
        location = answer.getheader("Location", "")
        problem = None
        if answer.status != 302:
            problem = f"status {answer.status}"
        elif not location.startswith(signup.location) or len(location) < len(signup.location) + 16:
            problem = f"Location {location}, not {signup.location}…"
        elif answer.getheader("Cache-Control") != "no-store":
            problem = f"Cache-Control {answer.getheader('Cache-Control')}"
        if problem:
            raise ServerError(f"{server.name} answers {signup.target} with {problem}{server.last_words()}")
    return len(signups)
