"""A server of its own with TLS, and one at a unix socket."""

import contextlib
import http.client
import json
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import tempfile
import unittest
import urllib.request

PROGRAM = os.environ["QUIRE_CLIENT_PROGRAM"]
PATIENCE = 60


@contextlib.contextmanager
def serving(*options):
    """Where a server listens that runs meanwhile, in its own words."""
    nobody = {name: value for name, value in os.environ.items() if name != "QUIRE_API_KEY"}
    process = subprocess.Popen([PROGRAM, "serve", "demo", *options], stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                               env=nobody)
    try:
        place = None
        for line in process.stdout:
            if line.startswith("Listening at "):
                place = line.removeprefix("Listening at ").strip()
            if line.startswith("Ready"):
                break
        if place is None or process.poll() is not None:
            raise RuntimeError("the server did not start")
        yield place
    finally:
        process.terminate()
        process.stdout.close()
        process.wait(PATIENCE)
    if process.returncode != 0:
        raise RuntimeError(f"the server ended with status {process.returncode}")


@unittest.skipUnless(shutil.which("openssl"), "no openssl to make a certificate with")
class TLSTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.key, self.certificate = (str(pathlib.Path(folder.name, name)) for name in ("k", "c"))
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
             "-keyout", self.key, "-out", self.certificate, "-days", "2", "-nodes", "-subj",
             "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"],
            check=True, capture_output=True)

    def test_answers_come_over_tls_and_over_nothing_else(self):
        with serving("--tls-cert", self.certificate, "--tls-key", self.key, "--port", "0") as url:
            self.assertTrue(url.startswith("https://127.0.0.1:"), url)
            trust = ssl.create_default_context(cafile=self.certificate)
            body = {"prompt": "Once", "max_tokens": 8, "stream": True}
            request = urllib.request.Request(url + "/v1/completions", json.dumps(body).encode(),
                                             {"Content-Type": "application/json"})
            with urllib.request.urlopen(request, timeout=PATIENCE, context=trust) as answer:
                self.assertIn(b"data: [DONE]", answer.read())
            with self.assertRaises(OSError):
                urllib.request.urlopen(url + "/health", timeout=PATIENCE)
            with self.assertRaises(OSError):
                urllib.request.urlopen(url.replace("https", "http") + "/health", timeout=PATIENCE)

    def test_a_key_that_is_not_of_the_certificate_is_refused_at_the_start(self):
        wrong = self.key + "2"
        subprocess.run(["openssl", "genpkey", "-algorithm", "ec", "-pkeyopt",
                        "ec_paramgen_curve:prime256v1", "-out", wrong], check=True,
                       capture_output=True)
        for key in (wrong, "/dev/null", "/nowhere"):
            done = subprocess.run(
                [PROGRAM, "serve", "demo", "--tls-cert", self.certificate, "--tls-key", key,
                 "--port", "0"], capture_output=True, text=True, timeout=PATIENCE)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("error: ", done.stderr)
            self.assertIn(key, done.stderr)


class SocketTests(unittest.TestCase):
    def test_answers_come_through_a_socket_that_is_gone_afterwards(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "quire.sock")
            with serving("--socket", path):
                connection = http.client.HTTPConnection("localhost", timeout=PATIENCE)
                connection.sock = socket.socket(socket.AF_UNIX)
                connection.sock.connect(path)
                connection.request("GET", "/v1/models")
                answer = json.loads(connection.getresponse().read())
                connection.close()
                self.assertEqual(answer["data"][0]["id"], "demo")
            self.assertFalse(os.path.exists(path))


if __name__ == "__main__":
    unittest.main()
