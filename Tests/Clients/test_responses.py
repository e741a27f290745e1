import openai

from support import LONG, ClientTestCase


class Responses(ClientTestCase):
    def respond(self, **changes):
        request = {"model": self.model, "input": "Tell me about a fox.",
                   "max_output_tokens": 24, "temperature": 0}
        return self.openai.responses.create(**(request | changes))

    def test_an_answer_has_the_shape_of_the_package(self):
        response = self.respond()
        self.assertEqual(response.object, "response")
        self.assertIn(response.status, ("completed", "incomplete"))
        if response.status == "incomplete":
            self.assertEqual(response.incomplete_details.reason, "max_output_tokens")
        self.assertTrue(response.output_text)
        usage = response.usage
        self.assertEqual(usage.total_tokens, usage.input_tokens + usage.output_tokens)
        self.assertEqual(response.output_text, self.chat().choices[0].message.content)

    def test_the_events_of_a_stream_are_in_order(self):
        whole = self.respond()
        events = list(self.respond(stream=True))
        kinds = [event.type for event in events if event.type != "response.in_progress"]
        deltas = [kind for kind in kinds if kind == "response.output_text.delta"]
        self.assertEqual(kinds, [
            "response.created", "response.output_item.added", "response.content_part.added",
            *deltas, "response.output_text.done", "response.content_part.done",
            "response.output_item.done", "response." + whole.status,
        ])
        self.assertEqual([event.sequence_number for event in events], list(range(len(events))))
        text = "".join(
            event.delta for event in events if event.type == "response.output_text.delta")
        self.assertEqual(text, whole.output_text)
        self.assertEqual(events[-1].response.output_text, whole.output_text)

    def test_the_stream_helper_gathers_the_whole_answer(self):
        with self.openai.responses.stream(
                model=self.model, input="Tell me about a fox.", max_output_tokens=24,
                temperature=0) as stream:
            kinds = [event.type for event in stream]
            # The helper keeps a response that was completed, and none that a limit cut.
            final = stream.get_final_response() if kinds[-1] == "response.completed" else None
        self.assertEqual(kinds[0], "response.created")
        self.assertIn("response.output_text.done", kinds)
        if final:
            self.assertEqual(final.output_text, self.respond().output_text)

    def test_instructions_are_a_system_message(self):
        asked = self.respond(instructions="Be brief.").output_text
        messages = [{"role": "system", "content": "Be brief."},
                    {"role": "user", "content": "Tell me about a fox."}]
        self.assertEqual(asked, self.chat(messages=messages).choices[0].message.content)

    def test_a_response_is_continued_by_its_name_or_by_its_items(self):
        first = self.respond(store=True)
        named = self.respond(input="Go on.", previous_response_id=first.id)
        items = [{"role": "user", "content": "Tell me about a fox."},
                 *[item.model_dump(exclude_none=True) for item in first.output],
                 {"role": "user", "content": [{"type": "input_text", "text": "Go on."}]}]
        given = self.respond(input=items)
        self.assertEqual(named.output_text, given.output_text)
        self.assertEqual(named.previous_response_id, first.id)
        self.assertEqual(named.usage.input_tokens, given.usage.input_tokens)

    def test_a_response_that_is_not_known_is_told(self):
        with self.assertRaises(openai.APIStatusError) as caught:
            self.respond(previous_response_id="resp_unknown")
        self.assertIn(caught.exception.status_code, (400, 404))
        self.assertEqual(caught.exception.param, "previous_response_id")

    def test_a_bad_value_names_its_field(self):
        bad = {"temperature": -1, "top_p": 3, "max_output_tokens": -5, "input": 5}
        for field, value in bad.items():
            with self.subTest(field), self.assertRaises(openai.BadRequestError) as caught:
                self.respond(**{field: value})
            self.assertEqual(caught.exception.param, field)

    def test_another_model_is_not_found(self):
        with self.assertRaises(openai.NotFoundError):
            self.respond(model="another")

    def test_an_input_that_is_too_long_is_told_in_the_words_that_agents_read(self):
        with self.assertRaises(openai.BadRequestError) as caught:
            self.respond(input=LONG)
        self.assertRegex(caught.exception.message, r"maximum context length is \d+ tokens")
