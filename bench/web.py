"""Our server on loopback as a browser meets it: started, signed in to, asked, ended by its process id.

Refuses any address but loopback.
"""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from bench.ground import LEADER, PASSWORD
from bench.runs import ROOT

HOST = "127.0.0.1"


def get(port: int, path: str, headers: dict[str, str]) -> bytes:
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    body = response.read()
    if response.status not in (200, 204):
        raise RuntimeError(f"{response.status} for {path}")
    return body


@contextmanager
def our_server(port: int, env: Mapping[str, str], *, workers: int = 2) -> Iterator[None]:
    """landgis as `script/server` serves it, with `workers` processes."""
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", "2", "--log-level", "warning", "landgis.wsgi:application",
    ]  # fmt: skip
    with server(command, port, {**env, "LANDGIS_POOLED": "1"}):
        yield


def ask(port: int, method: str, path: str, cookies: Mapping[str, str], body: Any = None) -> tuple[int, Any]:
    """One call of the JSON interface: status and answer."""
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    headers = {
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "Content-Type": "application/json",
        "X-CSRFToken": cookies.get("csrftoken", ""),
    }
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    response = connection.getresponse()
    return response.status, json.loads(response.read() or b"null")


def post_form(port: int, path: str, cookies: Mapping[str, str], fields: Mapping[str, str]) -> bytes:
    """What a page's form is answered."""
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    headers = {
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "Content-Type": "application/x-www-form-urlencoded",
        "X-CSRFToken": cookies.get("csrftoken", ""),
    }
    connection.request("POST", path, urllib.parse.urlencode(fields), headers)
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise RuntimeError(f"{response.status} for {path}")
    return body


def sign_in(port: int, account: str = LEADER) -> dict[str, str]:
    """The session's cookies, by the log-in page as a person would."""
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    connection.request("GET", "/login/")
    response = connection.getresponse()
    page = response.read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    cookie = (response.getheader("Set-Cookie") or "").split(";")[0]
    if token is None:
        raise RuntimeError("no log-in form")
    form = urllib.parse.urlencode(
        {"username": account, "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
    )
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    connection.request("POST", "/login/", form, headers)
    response = connection.getresponse()
    response.read()
    cookies = dict(
        given.split(";")[0].split("=", 1) for given in response.headers.get_all("Set-Cookie") or []
    )
    if "sessionid" not in cookies:
        raise RuntimeError("the bench's account can't sign in")
    return cookies


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(command: list[str], port: int, env: dict[str, str]) -> Iterator[None]:
    """A server of our own that answers on `port`, ended by its process id."""
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **env}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    try:
        for _ in range(300):
            if process.poll() is not None:
                raise RuntimeError(f"{command[0]} ended with {process.returncode}")
            with socket.socket() as probe:
                if probe.connect_ex((HOST, port)) == 0:
                    break
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
