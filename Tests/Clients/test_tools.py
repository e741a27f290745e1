import json
import unittest

from support import CITY, PARAMETERS, WRITES_CALLS, ClientTestCase

NAME = "get_weather"
FUNCTION = {"type": "function", "function": {
    "name": NAME, "description": "The weather in a city.", "parameters": PARAMETERS}}
NAMED = {"type": "function", "function": {"name": NAME}}
writes_calls = unittest.skipUnless(WRITES_CALLS, "the model cannot write calls")


def gathered(chunks):
    """The text and the calls of a stream of chat chunks, as its deltas give them."""
    text, calls, finish = "", {}, None
    for chunk in chunks:
        for choice in chunk.choices:
            text += choice.delta.content or ""
            finish = choice.finish_reason or finish
            for delta in choice.delta.tool_calls or []:
                call = calls.setdefault(
                    delta.index, {"ids": [], "names": [], "arguments": ""})
                if delta.id is not None:
                    call["ids"].append(delta.id)
                if delta.function.name is not None:
                    call["names"].append(delta.function.name)
                call["arguments"] += delta.function.arguments or ""
    return text, [calls[index] for index in sorted(calls)], finish


class OpenAITools(ClientTestCase):
    def ask(self, **changes):
        return self.chat(**({"messages": CITY, "tools": [FUNCTION], "max_tokens": 64} | changes))

    def test_a_stream_has_the_calls_and_the_text_of_the_whole_answer(self):
        for choice in ("auto", "required", "none", NAMED):
            with self.subTest(choice):
                whole = self.ask(tool_choice=choice).choices[0]
                text, calls, finish = gathered(self.ask(tool_choice=choice, stream=True))
                self.assertEqual(text, whole.message.content or "")
                self.assertEqual(finish, whole.finish_reason)
                self.assertEqual(
                    [(call["names"], call["arguments"]) for call in calls],
                    [([call.function.name], call.function.arguments)
                     for call in whole.message.tool_calls or []])
                self.assertTrue(all(len(call["ids"]) == 1 for call in calls))
                if choice == "none":
                    self.assertEqual(calls, [])

    @writes_calls
    def test_a_call_that_is_required_is_made(self):
        for choice in ("required", NAMED):
            answer = self.ask(tool_choice=choice).choices[0]
            self.assertEqual(answer.finish_reason, "tool_calls")
            call = answer.message.tool_calls[0]
            self.assertEqual(call.function.name, NAME)
            self.assertIn("city", json.loads(call.function.arguments))

    @writes_calls
    def test_the_stream_helper_parses_the_arguments(self):
        with self.openai.chat.completions.stream(
                model=self.model, messages=CITY, tools=[FUNCTION], tool_choice="required",
                max_tokens=64, temperature=0) as stream:
            kinds = [event.type for event in stream]
            call = stream.get_final_completion().choices[0].message.tool_calls[0]
        self.assertIn("tool_calls.function.arguments.done", kinds)
        self.assertIn("city", json.loads(call.function.arguments))

    @writes_calls
    def test_responses_have_the_call_as_an_item(self):
        tool = {"type": "function", "name": NAME, "parameters": PARAMETERS, "strict": False}
        request = {"model": self.model, "input": CITY, "tools": [tool], "temperature": 0,
                   "tool_choice": {"type": "function", "name": NAME}, "max_output_tokens": 64}
        whole = self.openai.responses.create(**request)
        call = next(item for item in whole.output if item.type == "function_call")
        self.assertIn("city", json.loads(call.arguments))
        events = list(self.openai.responses.create(stream=True, **request))
        deltas = "".join(event.delta for event in events
                         if event.type == "response.function_call_arguments.delta")
        self.assertEqual(deltas, call.arguments)

    def test_the_result_of_a_call_is_taken(self):
        call = {"id": "call_1", "type": "function",
                "function": {"name": NAME, "arguments": '{"city": "Paris"}'}}
        history = [*CITY, {"role": "assistant", "content": None, "tool_calls": [call]},
                   {"role": "tool", "tool_call_id": "call_1", "content": "Sunny."}]
        text = self.ask(messages=history).choices[0].message.content
        parts = [{"type": "text", "text": "Sunny."}]
        history[-1] = history[-1] | {"content": parts}
        self.assertEqual(self.ask(messages=history).choices[0].message.content, text)
        items = [*CITY, {"type": "function_call", "call_id": "call_1", "name": NAME,
                         "arguments": '{"city": "Paris"}'},
                 {"type": "function_call_output", "call_id": "call_1", "output": "Sunny."}]
        tool = {"type": "function", "name": NAME, "parameters": PARAMETERS, "strict": False,
                "description": "The weather in a city."}
        answer = self.openai.responses.create(
            model=self.model, input=items, tools=[tool], temperature=0, max_output_tokens=64)
        self.assertEqual(answer.output_text, text)


class AnthropicTools(ClientTestCase):
    def request(self, **changes):
        tool = {"name": NAME, "description": "The weather in a city.",
                "input_schema": PARAMETERS}
        return {"model": self.model, "messages": CITY, "max_tokens": 64,
                "extra_body": {"temperature": 0}, "tools": [tool]} | changes

    def test_a_stream_has_the_blocks_of_the_whole_answer(self):
        for kind in ({"type": "auto"}, {"type": "any"}, {"type": "tool", "name": NAME}):
            with self.subTest(kind):
                request = self.request(tool_choice=kind)
                whole = self.anthropic.messages.create(**request)
                with self.anthropic.messages.stream(**request) as stream:
                    final = stream.get_final_message()
                self.assertEqual(
                    [block.model_dump(exclude={"id"}) for block in final.content],
                    [block.model_dump(exclude={"id"}) for block in whole.content])
                self.assertEqual(final.stop_reason, whole.stop_reason)

    @writes_calls
    def test_a_call_that_is_required_is_made(self):
        for kind in ({"type": "any"}, {"type": "tool", "name": NAME}):
            message = self.anthropic.messages.create(**self.request(tool_choice=kind))
            self.assertEqual(message.stop_reason, "tool_use")
            block = next(block for block in message.content if block.type == "tool_use")
            self.assertEqual(block.name, NAME)
            self.assertIn("city", block.input)

    def test_the_result_of_a_call_is_taken(self):
        history = [
            *CITY,
            {"role": "assistant", "content": [
                {"type": "tool_use", "id": "toolu_1", "name": NAME, "input": {"city": "Paris"}}]},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "toolu_1",
                 "content": [{"type": "text", "text": "Sunny."}]}]},
        ]
        message = self.anthropic.messages.create(**self.request(messages=history))
        self.assertEqual(message.role, "assistant")
