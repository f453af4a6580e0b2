"""The desk on a socket of its own."""

from __future__ import annotations

import socket

import uvicorn

from stillon.errors import SettingsError
from stillon.serving.app import make_app
from stillon.serving.desk import Desk


def listen(host: str, port: int) -> socket.socket:
    """A socket on an address, port 0 for one that is free. Raises SettingsError where it cannot be had."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except (OSError, OverflowError) as error:
        raise SettingsError(f"cannot listen there: {error}", about=f"{host}:{port}") from error
    return listening


def serve(desk: Desk, listening: socket.socket) -> None:
    """Answers until it is stopped."""
    config = uvicorn.Config(make_app(desk), log_level="warning", access_log=False, server_header=False)
    uvicorn.Server(config).run(sockets=[listening])
