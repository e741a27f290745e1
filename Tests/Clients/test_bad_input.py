"""One bad thing at a time: each is a clear error for that request alone, and names what is wrong."""

import gzip
import http.client
import json
import os
import socket
import unittest
from urllib.parse import urlparse

URL = os.environ["QUIRE_CLIENT_URL"]
KEY = os.environ.get("QUIRE_API_KEY", "unused")
ADDRESS = (urlparse(URL).hostname, urlparse(URL).port)
PATIENCE = 60
COMPLETIONS, CHAT = "/v1/completions", "/v1/chat/completions"
HEADER = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}


def send(method, path, body=None, header=HEADER):
    """Status and text of an answer."""
    connection = http.client.HTTPConnection(*ADDRESS, timeout=PATIENCE)
    try:
        connection.request(method, path, body, header)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def raw(text):
    """What comes back for bytes on a connection of their own, until the server closes it."""
    received = b""
    with socket.create_connection(ADDRESS, timeout=PATIENCE) as connection:
        try:
            connection.sendall(text if isinstance(text, bytes) else text.encode())
            connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65536):
                received += piece
        except (ConnectionResetError, BrokenPipeError):
            pass
    return received


def completion(**members):
    return json.dumps({"prompt": "Once", "max_tokens": 2} | members)


def chat(content="hello", **members):
    return json.dumps({"messages": [{"role": "user", "content": content}], "max_tokens": 2} | members)


class BadInputTests(unittest.TestCase):
    def assert_refused(self, path, body, word, statuses=(400,)):
        status, text = send("POST", path, body)
        shown = body if len(body) < 200 else body[:100] + (b"..." if isinstance(body, bytes) else "...")
        self.assertIn(status, statuses, f"{shown}: {text[:300]}")
        self.assertIn("error", json.loads(text), text[:300])
        self.assertIn(word, text, f"{shown}: {text[:300]}")

    def assert_taken(self, path, body):
        status, text = send("POST", path, body)
        self.assertEqual(status, 200, f"{body[:200]}: {text[:300]}")

    def test_bodies_that_are_not_what_json_is(self):
        for body, word in [
            ("", "body"), ("{", "body"), ('{"prompt": "a"} x', "body"), ("[" * 100_000, "nested"),
            ('{"prompt": "\ud800"}'.encode("utf-8", "surrogatepass"), "UTF-8"),
            (b'{"prompt": "\xff"}', "UTF-8"), ('{"prompt": 1e400}', ""), ('{"prompt": "a", "max_tokens": 1e400}', ""), ("3", "object"),
            ("null", "object"), ('{"a": ' + "[" * 2000 + "]" * 2000 + "}", "nested"),
            ("{" + ", ".join(f'"k{n}": 1' for n in range(10 ** 6)) + "}", ""),
        ]:
            self.assert_refused(COMPLETIONS, body, word)

    def test_members_of_the_wrong_type(self):
        for name in ["max_tokens", "temperature", "top_p", "top_k", "min_p", "n", "seed", "stop",
                     "logprobs", "logit_bias", "presence_penalty", "frequency_penalty", "stream",
                     "stream_options", "echo", "best_of", "model", "stop_token_ids", "ignore_eos",
                     "min_tokens", "priority", "cache_salt", "timeout"]:
            for value in [{"a": 1}, [[1]], "x\x00", -0.5, True]:
                status, text = send("POST", COMPLETIONS, completion(**{name: value}))
                self.assertIn(status, (200, 400, 404), f"{name} {value}: {text[:200]}")
                if status == 400:
                    self.assertIn(name, text)
            self.assert_refused(COMPLETIONS, completion(**{name: {"a": [1]}}), name)

    def test_prompts_that_are_none(self):
        for prompt in [[], [-1], [2 ** 40], [1.5], [[]], {}, 3, [None], ["a", 1]]:
            self.assert_refused(COMPLETIONS, completion(prompt=prompt), "prompt")
        self.assert_refused(COMPLETIONS, completion(prompt="word " * 200_000), "context")
        self.assert_refused(COMPLETIONS, completion(prompt=[5] * 100_000), "context")
        self.assert_taken(COMPLETIONS, completion(prompt="a\x00b\ufffe"))
        # Of two the last counts, as in Python.
        self.assert_taken(COMPLETIONS, '{"prompt": [], "prompt": "a", "max_tokens": 2}')
        # Half of a pair, where a client has cut a text: the replacement character.
        self.assert_taken(COMPLETIONS, '{"prompt": "a\\ud83d", "max_tokens": 2}')

    def test_conversations_that_are_none(self):
        for messages, word in [
            ([], "messages"), ({}, "messages"), ([1], "messages"), ([{}], "role"),
            ([{"role": "emperor", "content": "a"}], "role"), ([{"role": "user"}], "content"),
            ([{"role": "user", "content": 3}], "content"),
            ([{"role": "user", "content": [{"type": "image_url", "image_url": {
                "url": "http://127.0.0.1:9/x.png"}}]}], "image"),
            ([{"role": "user", "content": [{"type": "nothing"}]}], "nothing"),
        ]:
            self.assert_refused(CHAT, json.dumps({"messages": messages}), word)
        many = [{"role": "user", "content": "a"}] * 100_000
        self.assert_refused(CHAT, json.dumps({"messages": many}), "context")
        tool = {"type": "function", "function": {"name": "f", "parameters": {}}}
        for members, word in [
            ({"tools": [tool], "tool_choice": {"type": "function", "function": {"name": "g"}}}, "g"),
            ({"tool_choice": "required"}, "tool"), ({"tools": {}}, "tools"),
            ({"tools": [tool], "tool_choice": "some"}, "tool_choice"),
            ({"response_format": {"type": "json_object"}}, "response_format"),
        ]:
            self.assert_refused(CHAT, chat(**members), word)

    def test_sampling_beyond_its_ranges(self):
        for members in [
            {"n": 0}, {"n": -1}, {"n": 10 ** 6}, {"best_of": 0}, {"max_tokens": -1},
            {"max_tokens": 2 ** 31}, {"temperature": -1}, {"temperature": 1e308}, {"top_p": 0},
            {"top_p": -1}, {"top_p": 1.5}, {"top_k": -2}, {"min_p": -1}, {"min_p": 2},
            {"presence_penalty": 1e38}, {"frequency_penalty": -1e38}, {"repetition_penalty": 0},
            {"logit_bias": {"-1": 1}}, {"logit_bias": {"99999999": 1}}, {"logit_bias": {"x": 1}},
            {"logprobs": 21}, {"logprobs": -2},
            {"prompt_logprobs": -2}, {"seed": 2 ** 64}, {"stop": ["x"] * 10_000},
            {"stop": ""}, {"stop": [""]}, {"stop": "x" * 2 ** 20}, {"stop_token_ids": [2 ** 40]},
            {"priority": 2 ** 63}, {"timeout": 0}, {"timeout": -1}, {"min_tokens": -1},
            {"stream": True, "stream_options": 3}, {"cache_salt": "s" * 2 ** 20},
            {"truncate_prompt_tokens": -3},
        ]:
            self.assert_refused(COMPLETIONS, completion(**members), list(members)[-1])
        for word in ["NaN", "Infinity", "-Infinity", "01", "1.", "+1"]:
            self.assert_refused(
                COMPLETIONS, completion(temperature=-7).replace("-7", word), "body")
        for members in [{"temperature": 1e-45}, {"temperature": 0}, {"seed": -1}, {"seed": 0},
                        {"top_k": 10 ** 6}, {"top_k": -1}, {"max_tokens": 0, "echo": True}]:
            self.assert_taken(COMPLETIONS, completion(**members))

    def test_names_with_control_characters_stay_in_their_request(self):
        self.assert_refused(COMPLETIONS, completion(model='x"}\nevil 1\n'), "model", (404,))
        self.assert_taken(COMPLETIONS, completion(user='x"}\nevil 1\n'))
        header = HEADER | {"x-request-id": 'a"} evil'}
        self.assertIn(send("POST", COMPLETIONS, completion(), header)[0], (200, 400))
        self.assertNotIn("evil", send("GET", "/metrics")[1])

    def test_heads_that_break_http(self):
        host = f"Host: localhost\r\nAuthorization: Bearer {KEY}\r\n"
        post = "POST /v1/completions HTTP/1.1\r\n" + host + "Content-Type: application/json\r\n"
        for name, text, statuses in [
            ("one field of a megabyte", "GET /health HTTP/1.1\r\n" + host + "X: " + "a" * 2 ** 20
             + "\r\n\r\n", (400, 431)),
            ("ten thousand fields", "GET /health HTTP/1.1\r\n" + host
             + "".join(f"X{n}: 1\r\n" for n in range(10_000)) + "\r\n", (400, 431)),
            ("a long path", "GET /" + "a" * 2 ** 20 + " HTTP/1.1\r\n" + host + "\r\n", (400, 414, 431)),
            ("a negative length", post + "Content-Length: -1\r\n\r\n{}", (400,)),
            ("two lengths", post + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ", (400,)),
            ("length and chunks", post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
             "2\r\n{}\r\n0\r\n\r\n", (400,)),
            ("a chunk's size that is none", post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", (400,)),
            ("a huge chunk", post + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", (400,)),
            ("another host", f"GET /v1/models HTTP/1.1\r\nHost: evil.example\r\n"
             f"Authorization: Bearer {KEY}\r\n\r\n", (403,)),
            ("NUL in the path", "GET /v1/\x00models HTTP/1.1\r\n" + host + "\r\n", (400,)),
            ("out of the root", "GET /..%2f..%2fetc%2fpasswd HTTP/1.1\r\n" + host + "\r\n", (404,)),
        ]:
            received = raw(text)
            status = received.split(b" ", 2)[1] if received.startswith(b"HTTP/1.") else b"0"
            # A request that cannot be understood may also be answered by closing the connection.
            self.assertIn(int(status), statuses + (0,), f"{name}: {received[:200]}")
            self.assertNotIn(b" 200 ", received[:20], name)

    def test_bodies_that_are_not_to_be_read(self):
        large = b'{"prompt": "' + b"a" * (33 << 20) + b'"}'
        status, text = send("POST", COMPLETIONS, large)
        self.assertEqual(status, 413, text[:200])
        bomb = gzip.compress(b'{"prompt": "' + b"a" * 10 ** 7 + b'"}')
        status, text = send("POST", COMPLETIONS, bomb, HEADER | {"Content-Encoding": "gzip"})
        self.assertEqual(status, 415, text[:200])
        self.assertIn("compressed", text)

    def test_keys(self):
        for header in [{}, {"Authorization": KEY}, {"Authorization": "Bearer"},
                       {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {KEY}"},
                       {"x-api-key": ""}, {"Authorization": f"Bearer {KEY}x"}]:
            status, text = send("GET", "/v1/models", header=header)
            self.assertEqual(status, 401, f"{header}: {text[:200]}")
            self.assertNotIn(KEY, text)
        self.assertEqual(send("GET", f"/v1/models?key={KEY}&api_key={KEY}", header={})[0], 401)
        self.assertEqual(send("GET", "/v1/models", header={"x-api-key": KEY})[0], 200)

    def test_many_idle_connections_hold_up_nobody(self):
        idle = [socket.create_connection(ADDRESS, timeout=PATIENCE) for _ in range(900)]
        try:
            for _ in range(5):
                self.assert_taken(COMPLETIONS, completion())
        finally:
            for connection in idle:
                connection.close()


if __name__ == "__main__":
    unittest.main()
