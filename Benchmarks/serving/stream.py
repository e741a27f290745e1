"""One streamed answer of /v1/completions over a socket of its own: when each piece of it came."""

import asyncio
import json
import time
from urllib.parse import urlparse


async def stream(address, prompt, max_tokens):
    """The time of the sending and of each piece of text; raises where the server says no."""
    url = urlparse(address)
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    body = json.dumps({"model": "m", "prompt": prompt, "max_tokens": max_tokens, "temperature": 0,
                       "stream": True, "ignore_eos": True}).encode()
    sent, pieces = time.perf_counter(), []
    try:
        writer.write(f"POST /v1/completions HTTP/1.1\r\nHost: {url.netloc}\r\n"
                     "Content-Type: application/json\r\nConnection: close\r\n"
                     f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head.splitlines()[0]:
            raise RuntimeError((head + await reader.read(2000)).decode())
        while line := await reader.readline():
            if line.startswith(b"data: [DONE]"):
                break
            if line.startswith(b"data: {"):
                chunk = json.loads(line[6:])
                if "error" in chunk:
                    raise RuntimeError(chunk["error"])
                # An event without text keeps a connection alive: no piece of an answer.
                if any(one.get("text") or one.get("finish_reason") for one in chunk["choices"]):
                    pieces.append(time.perf_counter())
    finally:
        writer.close()
    return sent, pieces
