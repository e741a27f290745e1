"""Servers of a measurement: started on a free port of the loopback, watched until ready, ended."""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
QUIRE = ROOT / ".build" / "release" / "quire"
SECONDS_TO_START = 120


def go_first(arguments):
    """Puts this process and those that it starts before others: a build beside a measurement costs
    either side a factor. Linux divides the cores among sessions first, so it makes one of its own,
    with the best nice value. Not a real-time class: where others want a core, Linux takes 50 ms of
    every second back from that, all at once."""
    if not arguments.first:
        return
    try:
        os.setsid()
    except PermissionError:
        pass  # A shell with job control has made a session, or a group, of it already.
    try:
        pathlib.Path("/proc/self/autogroup").write_text("-20")
    except OSError as error:
        sys.exit(f"--first needs Linux's autogroups and the right to change them: {error}")


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def quire(arguments, *options):
    """The command of Quire's server; the port is put at its end."""
    return [arguments.quire, "serve", arguments.model, "--served-model-name", "m",
            "--threads", str(arguments.threads), *options, "--port"], "/ready"


def llama(arguments, streams, context):
    """The command of llama-server: a slot for each stream, `context` tokens for each slot."""
    return [arguments.llama, "-m", arguments.model, "-t", str(arguments.threads), "-np",
            str(streams), "-c", str(streams * context), "--no-kv-unified", "--port"], "/health"


@contextlib.contextmanager
def running(arguments, command):
    """The server's address and process while it runs; `started` is the time until it was ready."""
    words, path = command
    port = free_port()
    log = tempfile.TemporaryFile()
    begin = time.perf_counter()
    process = subprocess.Popen(words + [str(port)], stdin=subprocess.DEVNULL,
                               stdout=log, stderr=log, env=os.environ)
    try:
        address = f"http://127.0.0.1:{port}"
        while not answers(address + path):
            if process.poll() is not None or time.perf_counter() - begin > SECONDS_TO_START:
                log.seek(0)
                sys.exit(f"{' '.join(words)} did not start:\n{log.read().decode()[-2000:]}")
            time.sleep(0.005)
        process.started = time.perf_counter() - begin
        yield address, process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


def answers(address):
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False
