"""Requests that no client should send, from a seed: bodies damaged by member and by byte, heads that
break HTTP, and clients that leave in the middle."""

import json
import random

WORDS = [{"role": "user", "content": "hello"}]
TOOL = {"name": "f", "description": "d", "parameters": {"type": "object", "properties": {}}}

VALID = {
    "/v1/completions": {
        "prompt": "hello", "max_tokens": 3, "temperature": 0.5, "top_p": 0.9,
        "top_k": 4, "min_p": 0.1, "n": 2, "seed": 7, "stop": ["x"], "logprobs": 2, "stream": True,
        "stream_options": {"include_usage": True}, "logit_bias": {"5": 1}, "presence_penalty": 1,
        "frequency_penalty": 0.5, "repetition_penalty": 1.1, "echo": False, "best_of": 2},
    "/v1/chat/completions": {
        "messages": WORDS, "max_tokens": 3, "temperature": 0.5, "stream": True,
        "tools": [{"type": "function", "function": TOOL}], "tool_choice": "auto",
        "logprobs": True, "top_logprobs": 2, "stop": "x", "seed": 1, "n": 1,
        "response_format": {"type": "text"}, "parallel_tool_calls": True, "user": "u"},
    "/v1/responses": {
        "input": WORDS, "max_output_tokens": 16, "instructions": "one",
        "tools": [{"type": "function", **TOOL}], "truncation": "disabled", "store": False,
        "reasoning": {"effort": "low"}, "text": {"format": {"type": "text"}}, "stream": True},
    "/v1/messages": {
        "messages": WORDS, "max_tokens": 3, "system": "one", "stream": True,
        "tools": [{"name": "f", "description": "d", "input_schema": {"type": "object"}}],
        "tool_choice": {"type": "auto"}, "stop_sequences": ["x"], "metadata": {"user_id": "u"}},
    "/v1/messages/count_tokens": {"messages": WORDS, "system": "one"},
    "/api/chat": {
        "messages": WORDS, "stream": False, "think": False,
        "options": {"num_predict": 3, "temperature": 0.5, "top_k": 4, "seed": 3, "stop": ["x"]}},
    "/api/generate": {
        "prompt": "hello", "stream": True, "raw": True,
        "options": {"num_predict": 3, "repeat_penalty": 1.0}},
    "/tokenize": {"prompt": "hello", "add_special_tokens": True},
    "/detokenize": {"tokens": [1, 2, 3]},
}

ODD = [None, True, -1, 0, 1, 1.5, 10 ** 6, 2 ** 31, 2 ** 63, 10 ** 40, 1e308, -1e-300, "", "x",
       "\x00", "é" * 50, "<|im_end|>", "a" * 5000, [], [[]], {}, {"a": {"b": {}}}, [None] * 40,
       [-1], ["x", 1], [2 ** 40], {"type": "nothing"}, "\ud800"]

HEADS = [
    "GET /health", "\x16\x03\x01\x02\x00\x01\x00", "POST /v1/completions HTTP/9.9\r\n\r\n",
    "BREW /v1/completions HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n{}",
    "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999\r\n\r\n{}",
    "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
    "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nNo colon here\r\n\r\n",
    "GET /v1/models HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "GET /v1/models HTTP/1.1\r\n\r\n", "GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "DELETE /v1/requests/nobody HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nX: " + "a" * 20_000 + "\r\n\r\n",
    "GET /v1/completions HTTP/1.1\r\nHost: localhost\r\n\r\n", "\r\n\r\n", "\x00" * 64,
]


class BadRequests:
    """One of many kinds after another. `next()` is the bytes to send, how many bytes of the answer to
    read before leaving (none: all), and whether to say that no more is sent, which the server takes
    for leaving where it has understood a request."""

    def __init__(self, seed, model, key):
        self.model, self.key = model, f"Host: localhost\r\nAuthorization: Bearer {key}"
        self.chance = random.Random(seed)

    def next(self):
        kind = self.chance.random()
        if kind < 0.1:
            head = self.chance.choice(HEADS).replace("Host: localhost", self.key)
            return head.encode("latin-1"), None, True
        path = self.chance.choice(list(VALID))
        body = {"model": self.model} | VALID[path]
        if kind < 0.65:
            body = self.with_odd_members(json.loads(json.dumps(body)))
        data = json.dumps(body).encode()
        if kind >= 0.65 and kind < 0.85:
            data = self.with_odd_bytes(data)
        if kind >= 0.85 and kind < 0.9:
            data = self.chance.choice([b"[" * 100_000, b'{"a":' * 5_000, b"", b"null", b'"x"', b"nan"])
        whole = self.request(path, data)
        if kind >= 0.9:
            return self.cut(whole)
        return whole, None, False

    def request(self, path, data):
        kinds = ["application/json"] * 8 + ["text/html", "application/json; charset=utf-16", ""]
        lines = [f"POST {path} HTTP/1.1", self.key, "Connection: close",
                 f"Content-Type: {self.chance.choice(kinds)}", f"Content-Length: {len(data)}"]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + data

    def with_odd_members(self, body):
        for _ in range(self.chance.randrange(1, 4)):
            place = body
            while True:
                keys = list(place) if isinstance(place, dict) else list(range(len(place)))
                if not keys:
                    break
                key = self.chance.choice(keys)
                inner = place[key]
                if isinstance(inner, (dict, list)) and inner and self.chance.random() < 0.6:
                    place = inner
                    continue
                if self.chance.random() < 0.15:
                    del place[key]
                else:
                    place[key] = json.loads(json.dumps(self.chance.choice(ODD)))
                break
        return body

    def with_odd_bytes(self, data):
        data = bytearray(data)
        for _ in range(self.chance.randrange(1, 5)):
            place = self.chance.randrange(len(data))
            what = self.chance.randrange(4)
            if what == 0:
                data[place] = self.chance.randrange(256)
            elif what == 1:
                del data[place:place + self.chance.randrange(1, 20)]
            elif what == 2:
                data[place:place] = data[:self.chance.randrange(1, 40)]
            else:
                del data[place:]
            if not data:
                break
        return bytes(data)

    def cut(self, whole):
        """A client that leaves while it sends, or while it is answered."""
        if self.chance.random() < 0.5:
            return whole[:self.chance.randrange(len(whole))], 0, False
        return whole, self.chance.randrange(400), False
