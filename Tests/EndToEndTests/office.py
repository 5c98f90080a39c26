"""The back office as its users and programs have it: requests with tokens, and a browser with cookies and forms."""

import http.client
import json
import re
import shutil
import subprocess
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

import api_description
import running
from running import BINARY, eventually, free_port, is_listening

PASSWORD = "violet kettle drums 9"
ROLES = ["marketing", "auditor", "admin"]


def add_user(data, name, role, password=PASSWORD, check=0):
    done = subprocess.run(
        [BINARY, "user", "add", name, "--role", role, "--data", data],
        input=password + "\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == check, done.stderr
    return done


@dataclass(frozen=True)
class Staff:
    """A data folder, to be copied, with a user and a token of each role. The users are named as their roles."""

    data: Path
    tokens: dict

    @classmethod
    def make(cls, data, template):
        """Takes seconds, for passwords are meant to be hashed slowly: once for all tests."""
        shutil.copytree(template, data)
        tokens = {}
        for role in ROLES:
            add_user(data, role, role)
            done = running.command("token", "create", f"for {role}", "--role", role, data=data, check=0)
            tokens[role] = done.stdout.strip()
        return cls(data, tokens)


class Office:
    """A server with a back office; without `staff` there is nobody who could sign in."""

    def __init__(self, farm, *options, staff=None, **fields):
        self.port = free_port()
        if staff:
            fields.setdefault("template", staff.data)
        self.porter = farm.make(*options, back_office=f"127.0.0.1:{self.port}", **fields).start()
        self.tokens = staff.tokens if staff else {}
        # The front door answers first.
        eventually(lambda: is_listening(self.port), "the back office listens")

    def request(self, method, target, role=None, body=None, **fields):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {name.replace("_", "-"): value for name, value in fields.items()}
        if role:
            headers["Authorization"] = f"Bearer {self.tokens[role]}"
        try:
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            answer.bytes = answer.read()
            is_text = (answer.headers["Content-Type"] or "").partition(";")[0] != "application/octet-stream"
            answer.text = answer.bytes.decode("utf-8", "strict" if is_text else "replace")
            if target.startswith(api_description.PREFIX + "/"):
                api_description.check(method, target, answer)
            return answer
        finally:
            connection.close()

    def get(self, target, role="admin", status=200, **fields):
        answer = self.request("GET", target, role, **fields)
        assert answer.status == status, f"{target}: {answer.status} {answer.text}"
        return answer

    def json(self, target, role="admin"):
        return json.loads(self.get(target, role).text)

    def send(self, method, target, document, role="admin", status=200, **fields):
        answer = self.request(method, target, role, json.dumps(document), Content_Type="application/json", **fields)
        assert answer.status == status, f"{target}: {answer.status} {answer.text}"
        return json.loads(answer.text) if answer.text else None

    def signed_in(self, name):
        """A browser in which somebody has signed in."""
        browser = Browser(self)
        answer = browser.sign_in(name)
        assert answer.status == 303, f"signing in as {name}: {answer.status} {answer.text}"
        return browser


class Browser:
    """Cookies and forms, as a browser has them."""

    def __init__(self, office):
        self.office = office
        self.cookies = {}

    def open(self, target, method="GET", form=None, body=None, **fields):
        fields["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if form is not None:
            body = urllib.parse.urlencode(form)
            fields["Content_Type"] = "application/x-www-form-urlencoded"
        answer = self.office.request(method, target, None, body, **fields)
        for field in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = field.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def upload(self, target, fields, file_name, content, **more):
        """Sends a form with a file in its field `file`."""
        boundary = "----porter-test"
        parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
        head = f'Content-Disposition: form-data; name="file"; filename="{file_name}"\r\nContent-Type: text/csv\r\n\r\n'
        parts.append(head.encode() + content)
        body = b"".join(b"--" + boundary.encode() + b"\r\n" + part + b"\r\n" for part in parts)
        body += b"--" + boundary.encode() + b"--\r\n"
        return self.open(target, "POST", body=body, Content_Type=f"multipart/form-data; boundary={boundary}", **more)

    def form_token(self, target):
        """What the forms of a page carry against requests that come from elsewhere."""
        page = self.open(target)
        found = re.search(r'name="form-token" value="([0-9a-f]+)"', page.text)
        assert found, f"{target} has no form: {page.status} {page.text}"
        return found[1]

    def sign_in(self, name, password=PASSWORD, target="/log"):
        token = self.form_token("/sign-in")
        return self.open("/sign-in", "POST", {"form-token": token, "name": name, "password": password, "next": target})
