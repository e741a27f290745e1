"""Ten thousand bad requests beside eight good clients, whose answers are those of a quiet server.

QUIRE_CLIENT_PID is the server's process: what it holds open is counted before and after.
"""

import collections
import json
import os
import socket
import threading
import time
import unittest
import urllib.request
from urllib.parse import urlparse

from bad_requests import BadRequests

URL = os.environ["QUIRE_CLIENT_URL"]
KEY = os.environ.get("QUIRE_API_KEY", "unused")
HEADER = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
COUNT = int(os.environ.get("QUIRE_CLIENT_BAD_REQUESTS", "10000"))
SEED = int(os.environ.get("QUIRE_CLIENT_SEED", "20260901"))
SENDERS = 4
IDLE = 8
ADDRESS = (urlparse(URL).hostname, urlparse(URL).port)
PATIENCE = 60
"""Seconds within which every answer ends."""


def get(path):
    request = urllib.request.Request(URL + path, headers=HEADER)
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return answer.read().decode()


def exchange(data, limit=None, ends=False):
    """Sends bytes on a connection of their own; what comes back before the server closes it, or the
    first `limit` bytes of it."""
    received = b""
    with socket.create_connection(ADDRESS, timeout=PATIENCE) as connection:
        try:
            connection.sendall(data)
            if ends:
                connection.shutdown(socket.SHUT_WR)
            while limit is None or len(received) < limit:
                piece = connection.recv(65536)
                if not piece:
                    break
                received += piece
        except (ConnectionResetError, BrokenPipeError):
            pass
    return received


MODEL = json.loads(get("/v1/models"))["data"][0]["id"]


class Good:
    """A request that a quiet server has answered, to be answered alike at any time."""

    def __init__(self, number):
        chats = number % 2 == 1
        self.path = "/v1/chat/completions" if chats else "/v1/completions"
        self.body = {"model": MODEL, "max_tokens": 24, "seed": number, "temperature": 0.8,
                     "stream": number % 4 >= 2}
        words = f"The answer of client {number} begins with a long enough prompt."
        if chats:
            self.body |= {"messages": [{"role": "user", "content": words}], "logprobs": True,
                          "top_logprobs": 3}
        else:
            self.body |= {"prompt": words, "logprobs": 3}
        self.expected = self.ask()

    def ask(self):
        """The answer's text, log probabilities and end."""
        request = urllib.request.Request(URL + self.path, json.dumps(self.body).encode(),
                                         HEADER)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            text = answer.read().decode()
        if not self.body["stream"]:
            return whole([json.loads(text)])
        return whole([json.loads(line[6:]) for line in text.splitlines()
                      if line.startswith("data: {")])


def whole(events):
    """Several tokens may come in one event, as many as are ready: what they say together."""
    text, tokens, ends = "", [], []
    for choice in [choice for event in events for choice in event["choices"]]:
        part = choice.get("delta") or choice.get("message") or choice
        text += part.get("text") or part.get("content") or ""
        logprobs = choice.get("logprobs") or {}
        tokens += logprobs.get("content") or list(zip(
            logprobs.get("tokens", []), logprobs.get("token_logprobs", []),
            logprobs.get("top_logprobs", [])))
        ends.append(choice["finish_reason"])
    return text, tokens, ends[-1]


class Holdings:
    """What the server's process holds."""

    def __init__(self):
        process = f"/proc/{os.environ['QUIRE_CLIENT_PID']}"
        self.descriptors = len(os.listdir(process + "/fd"))
        self.threads = len(os.listdir(process + "/task"))
        with open(process + "/status") as file:
            status = dict(line.split(":", 1) for line in file if ":" in line)
        self.megabytes = int(status["VmRSS"].split()[0]) / 1024
        self.blocks = json.loads(get("/v1/cache"))["blocks"]["used"]
        self.requests = len(json.loads(get("/v1/requests"))["data"])

    def __str__(self):
        return (f"{self.descriptors} descriptors, {self.threads} threads, {self.megabytes:.1f} MB, "
                f"{self.blocks} blocks, {self.requests} requests")


def settled(before):
    """What the server holds once it holds no more than before, or after some seconds."""
    end = time.monotonic() + PATIENCE
    while True:
        now = Holdings()
        if (now.descriptors <= before.descriptors and now.blocks <= before.blocks
                and now.requests <= before.requests) or time.monotonic() > end:
            return now
        time.sleep(0.1)


class HostileTests(unittest.TestCase):
    def test_bad_requests_change_nothing_for_good_clients(self):
        good = [Good(number) for number in range(8)]
        statuses, wrong = collections.Counter(), []
        done = threading.Event()
        answers = collections.Counter()

        def be_bad(seed, count):
            requests = BadRequests(seed, MODEL, KEY)
            for _ in range(count):
                data, limit, ends = requests.next()
                try:
                    received = exchange(data, limit, ends)
                except TimeoutError:
                    wrong.append(("no answer", data[:400]))
                    continue
                status = received.split(b" ", 2)[1].decode() if b" " in received else "closed"
                statuses[status if limit is None else "left"] += 1
                if limit is None and status == "500":
                    wrong.append((received[:600], data[:400]))

        def be_good(one):
            while not done.is_set():
                if (got := one.ask()) != one.expected:
                    wrong.append((one.body, one.expected, got))
                answers[one.body["seed"]] += 1

        # What is made once, at the first request of its kind, is there before it is counted.
        be_bad(SEED - 1, 300)
        for one in good:
            one.ask()
        time.sleep(1)
        before = Holdings()
        bad = [threading.Thread(target=be_bad, args=(SEED + index, COUNT // SENDERS))
               for index in range(SENDERS)]
        polite = [threading.Thread(target=be_good, args=(one,)) for one in good]
        for thread in bad + polite:
            thread.start()
        for thread in bad:
            thread.join()
        done.set()
        for thread in polite:
            thread.join()
        after = settled(before)
        print(f"\n{sum(statuses.values())} bad requests: {dict(sorted(statuses.items()))}; "
              f"{sum(answers.values())} good answers\nbefore: {before}\nafter:  {after}")
        self.assertEqual(wrong[:3], [])
        self.assertEqual(len(answers), len(good), "every good client was answered")
        self.assertLessEqual(after.descriptors, before.descriptors)
        self.assertLessEqual(after.blocks, before.blocks)
        self.assertLessEqual(after.requests, before.requests)
        self.assertLessEqual(after.threads, before.threads + 2)
        self.assertLess(after.megabytes, before.megabytes + 64)

    @unittest.skipIf(os.environ.get("QUIRE_CLIENT_WRITES_CALLS"),
                     "a large model's pool of keys and values is touched for the first time here")
    def test_clients_that_never_read_cost_a_bounded_memory(self):
        good = [Good(number) for number in range(8)]
        body = json.dumps({"model": MODEL, "prompt": "Once", "max_tokens": 400, "n": 3, "logprobs": 20,
                           "ignore_eos": True, "stream": True}).encode()
        head = (f"POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
                f"Authorization: Bearer {KEY}\r\n"
                "Content-Type: application/json\r\n\r\n").encode()
        # The size of the answer on the wire. All these and the good clients fit into a batch.
        size = len(exchange(head.replace(b"Host:", b"Connection: close\r\nHost:") + body))
        before = Holdings()
        idle = []
        for _ in range(IDLE):
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(ADDRESS)
            connection.sendall(head + body)
            idle.append(connection)
        most = before.megabytes
        answers = 0
        while True:
            for one in good:
                self.assertEqual(one.ask(), one.expected)
                answers += 1
            now = Holdings()
            most = max(most, now.megabytes)
            if now.blocks == 0:
                break
        for connection in idle:
            connection.close()
        after = settled(before)
        print(f"\n{IDLE} clients that never read answers of {size / 1e6:.1f} MB: at most "
              f"{most - before.megabytes:.1f} MB more; {answers} good answers beside them\n"
              f"before: {before}\nafter:  {after}")
        self.assertLess(most - before.megabytes, IDLE * size / 1e6)
        self.assertLessEqual(after.descriptors, before.descriptors)
        self.assertLessEqual(after.requests, before.requests)


if __name__ == "__main__":
    unittest.main()
