"""One child process: started, watched and stopped by somebody else."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from bot.models import NLU_PYTHON, nlu_environment
from bot.settings import ROOT

STOP_S = 8.0
PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    """A killed supervisor leaves no orphans (Linux; elsewhere Ctrl-C still reaches the children)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass(slots=True)
class Child:
    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    log: Path | None = None  # TensorFlow talks a lot; its words go here instead of the terminal
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    falls: int = 0
    restart_at: float = 0.0

    def start(self) -> None:
        """Only from the thread that lives as long as the supervisor: the child dies with the thread that started it."""
        self.started = time.monotonic()
        with contextlib.ExitStack() as opened:
            output = opened.enter_context(self.log.open("ab")) if self.log else None
            self.process = subprocess.Popen(  # noqa: S603 our own programs
                self.command,
                cwd=ROOT,
                env=os.environ | self.environment,  # noqa: TID251 handed on to the child
                preexec_fn=_die_with_parent,  # noqa: PLW1509 one C call
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C is for the supervisor, which stops the children in order
            )

    def stop(self, wait_s: float = STOP_S) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(wait_s)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def nlu_child(model: Path, port: int, *, token: str, host: str = "127.0.0.1", log: Path | None = None) -> Child:
    """The understanding process with this archive on this port."""
    command = [str(NLU_PYTHON), "-W", "ignore", "-m", "bot.nlu.rasa_process.serve", str(model), "--port", str(port)]
    command += ["--host", host]
    return Child("nlu", command, nlu_environment() | {"NLU_TOKEN": token}, log)
