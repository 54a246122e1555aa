"""Run a real Neo4j Community server on this machine, for tests and for developers.

``make neo4j`` runs it in the foreground; tests start one of their own through :class:`Server`.
Java 17 or 21 and Maven must be installed; the server itself comes from Maven Central, once, into
``build/neo4j/lib``.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final, Self

ROOT: Final = Path(__file__).parents[1]
BUILD: Final = ROOT / "build" / "neo4j"
OPENS: Final = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")
BRIEF: Final = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
"""Options of Java with which a server starts in two thirds of the time, and works slower later."""
UP: Final = 120.0
"""Seconds in which a server must have started."""


def missing() -> str:
    """What this machine lacks to run a server; empty when it lacks nothing."""
    lacking = [name for name in ("java", "mvn") if shutil.which(name) is None]
    return f"not installed: {', '.join(lacking)}" if lacking else ""


def library() -> Path:
    """The folder with the server's archives, fetched when it is not there."""
    folder = BUILD / "lib"
    pom = ROOT / "scripts" / "neo4j" / "pom.xml"
    done = folder / ".complete"
    if done.exists() and done.read_bytes() == pom.read_bytes():
        return folder
    BUILD.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix="lib-", dir=BUILD))
    command = ["mvn", "-q", "-B", "-f", str(pom), "dependency:copy-dependencies"]
    command += ["-DincludeScope=runtime", f"-DoutputDirectory={fresh}"]
    subprocess.run(command, check=True)
    (fresh / ".complete").write_bytes(pom.read_bytes())
    if folder.exists():
        shutil.rmtree(folder)
    fresh.rename(folder)
    return folder


class Server:
    """A server in a folder of its own, as a context manager: it runs inside, and is stopped after.

    Args:
        home: its folder; data stay there.
        port: where it listens on this machine; a free one when 0.
        heap: memory of its heap, in MB.
        java: options of Java, such as :data:`BRIEF`.
    """

    def __init__(
        self, home: Path, port: int = 0, heap: int = 512, *, java: tuple[str, ...] = ()
    ) -> None:
        self.home, self.port, self._heap, self._options = home, port or _free_port(), heap, java
        self._process: subprocess.Popen[bytes] | None = None
        self.home.mkdir(parents=True, exist_ok=True)
        self.password = self._first_password()

    @property
    def uri(self) -> str:
        """Where it listens."""
        return f"bolt://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What the environment must say to reach it."""
        return {
            "NEO4J_URI": self.uri,
            "NEO4J_USERNAME": "neo4j",
            "NEO4J_PASSWORD": self.password,
        }

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it and wait until it answers."""
        log = self.home / "logs" / "neo4j.log"
        before = log.stat().st_size if log.exists() else 0
        console = self.home / "console.log"
        with console.open("wb") as file:
            self._process = subprocess.Popen(
                self._java("org.neo4j.server.CommunityEntryPoint", *self._folders()),
                stdout=file,
                stderr=subprocess.STDOUT,
                env=self._environment(),
            )
        until = time.monotonic() + UP
        while not (log.exists() and b"Started." in log.read_bytes()[before:]):
            if self._process.poll() is not None or time.monotonic() > until:
                self.kill()
                said = "".join(f.read_text()[-3000:] for f in (log, console) if f.exists())
                raise RuntimeError(f"the server did not start:\n{said}")
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop it as an operator would."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Let it die at once, as a machine that loses power does."""
        self._end(signal.SIGKILL)

    def wait(self) -> None:
        """Wait until it ends."""
        if self._process is not None:
            self._process.wait()

    def admin(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run ``neo4j-admin`` with these arguments."""
        return subprocess.run(
            self._java("org.neo4j.server.startup.Neo4jAdminCommand", *arguments),
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait()
            self._process = None

    def _first_password(self) -> str:
        """The password of the folder; made and set before its first start."""
        file = self.home / "password"
        if file.exists():
            self._configure()
            return file.read_text(encoding="ascii")
        self._configure()
        password = secrets.token_urlsafe(16)
        # The command line of another process can be read by others, a file of ours cannot; the
        # admin command takes it as an argument only, on this machine, for this server.
        done = self.admin("dbms", "set-initial-password", password)
        if done.returncode:
            raise RuntimeError(f"no password could be set:\n{done.stdout}{done.stderr}")
        file.touch(mode=0o600)
        file.write_text(password, encoding="ascii")
        return password

    def _configure(self) -> None:
        settings = {
            "server.default_listen_address": "127.0.0.1",
            "server.bolt.listen_address": f"127.0.0.1:{self.port}",
            "server.http.enabled": "false",
            "dbms.usage_report.enabled": "false",
            "server.memory.heap.initial_size": f"{self._heap}m",
            "server.memory.heap.max_size": f"{self._heap}m",
            "server.memory.pagecache.size": "512m",
        }
        (self.home / "conf").mkdir(exist_ok=True)
        text = "".join(f"{key}={value}\n" for key, value in settings.items())
        (self.home / "conf" / "neo4j.conf").write_text(text, encoding="utf-8")

    def _java(self, main: str, *arguments: str) -> list[str]:
        opens = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENS]
        return ["java", *self._options, *opens, "-cp", f"{library()}/*", main, *arguments]

    def _folders(self) -> list[str]:
        return [f"--home-dir={self.home}", f"--config-dir={self.home / 'conf'}"]

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "NEO4J_HOME": str(self.home),
            "NEO4J_CONF": str(self.home / "conf"),
        }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> int:
    """Run a server in the foreground, on the usual port."""
    lacking = missing()
    if lacking:
        print(f"Neo4j needs Java 17 and Maven; {lacking}", file=sys.stderr)
        return 1
    # Whoever ends this ends the server with it, also where no Ctrl-C can be typed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    server = Server(BUILD / "home", port=int(os.environ.get("PORT") or "7687"), heap=1024)
    with server:
        print(f"Neo4j runs at {server.uri}; its password is in {server.home / 'password'}")
        print("In another terminal:")
        print(f"  export NEO4J_URI={server.uri} NEO4J_USERNAME=neo4j")
        print(f'  export NEO4J_PASSWORD="$(cat {server.home / "password"})"')
        print("Stop it with Ctrl-C.")
        try:
            server.wait()
        except KeyboardInterrupt:
            print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
