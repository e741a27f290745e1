#!/usr/bin/env python3
"""Writes the fixture of ChatTemplatesTests: small templates with what Jinja2 makes of them.

    python3 -m venv venv && venv/bin/pip install Jinja2==3.1.6
    venv/bin/python scripts/goldens/jinja.py

Jinja2 is set up as Hugging Face's `apply_chat_template` does it. The hand-written templates below
cover what a template can say; the random ones, from a fixed seed, combine it. Nothing is taken
from elsewhere.
"""

import datetime
import json
import pathlib
import random

import jinja2
import jinja2.ext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from jinja_cases import CASES, CONTEXT
from jinja_random import expression, program

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/ChatTemplatesTests/Fixtures/jinja.json"
RANDOM_EXPRESSIONS = 900
RANDOM_PROGRAMS = 200
NOW = datetime.datetime(2024, 7, 26, 13, 5, 9)


class Generation(jinja2.ext.Extension):
    """`{% generation %}`, which Hugging Face has to mark the assistant's words."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        call = self.call_method("_body")
        return jinja2.nodes.CallBlock(call, [], [], body).set_lineno(line)

    def _body(self, caller):
        return caller()


def environment():
    env = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols])

    def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators,
                          sort_keys=sort_keys)

    def raise_exception(message):
        raise jinja2.exceptions.TemplateError(message)

    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = NOW.strftime
    return env


def render(env, template):
    """What a template makes: its output, or None where it fails."""
    try:
        return env.from_string(template).render(**CONTEXT)
    except Exception:
        return None


def main():
    env = environment()
    random.seed(7)
    templates = list(CASES)
    templates += ["{{ " + expression(random, 3) + " }}" for _ in range(RANDOM_EXPRESSIONS)]
    templates += [program(random, 3) for _ in range(RANDOM_PROGRAMS)]
    seen = set()
    cases = []
    for template in templates:
        output = render(env, template)
        if template in seen or output is not None and (len(output) > 400 or " object at 0x" in output):
            continue
        seen.add(template)
        cases.append([template, output])
    lines = [json.dumps(case, ensure_ascii=False) for case in cases]
    head = json.dumps(CONTEXT, ensure_ascii=False)
    OUT.write_text('{"context": ' + head + ',\n"cases": [\n' + ",\n".join(lines) + "\n]}\n")
    print(len(cases), "cases,", sum(case[1] is None for case in cases), "of them fail")


if __name__ == "__main__":
    main()
