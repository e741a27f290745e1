import anthropic

from support import LONG, QUESTION, ClientTestCase


class Messages(ClientTestCase):
    def request(self, **changes):
        # The package has no parameter for the temperature; what it does not know it sends so.
        request = {"model": self.model, "messages": QUESTION, "max_tokens": 24,
                   "extra_body": {"temperature": 0}}
        return request | changes

    def message(self, **changes):
        return self.anthropic.messages.create(**self.request(**changes))

    def test_an_answer_has_the_shape_of_the_package(self):
        message = self.message()
        self.assertEqual(message.type, "message")
        self.assertEqual(message.role, "assistant")
        self.assertEqual([block.type for block in message.content], ["text"])
        self.assertIn(message.stop_reason, ("max_tokens", "end_turn"))
        self.assertGreater(message.usage.output_tokens, 0)
        self.assertEqual(message.content[0].text, self.chat().choices[0].message.content)

    def test_the_stream_helper_gathers_the_whole_answer(self):
        whole = self.message()
        with self.anthropic.messages.stream(**self.request()) as stream:
            text = "".join(stream.text_stream)
            final = stream.get_final_message()
        self.assertEqual(text, whole.content[0].text)
        self.assertEqual(final.content[0].text, text)
        self.assertEqual(final.stop_reason, whole.stop_reason)
        self.assertEqual(final.usage.output_tokens, whole.usage.output_tokens)

    def test_the_events_of_a_stream_are_in_order(self):
        events = self.anthropic.messages.create(stream=True, **self.request())
        kinds = [event.type for event in events if event.type != "ping"]
        deltas = [kind for kind in kinds if kind == "content_block_delta"]
        self.assertGreater(len(deltas), 0)
        self.assertEqual(kinds, ["message_start", "content_block_start", *deltas,
                                 "content_block_stop", "message_delta", "message_stop"])

    def test_system_blocks_are_the_system_message(self):
        blocks = [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}]
        messages = [{"role": "system", "content": "Be brief."}, *QUESTION]
        expected = self.chat(messages=messages).choices[0].message.content
        self.assertEqual(self.message(system=blocks).content[0].text, expected)
        self.assertEqual(self.message(system="Be brief.").content[0].text, expected)

    def test_a_stop_sequence_is_named(self):
        text = self.message().content[0].text
        stop = text[8:12]
        message = self.message(stop_sequences=[stop])
        self.assertEqual(message.stop_reason, "stop_sequence")
        self.assertEqual(message.stop_sequence, stop)
        self.assertEqual(message.content[0].text, text[:text.index(stop)])

    def test_the_count_of_tokens_is_that_of_the_answer(self):
        count = self.anthropic.messages.count_tokens(model=self.model, messages=QUESTION)
        usage = self.message().usage
        self.assertEqual(
            count.input_tokens, usage.input_tokens + usage.cache_read_input_tokens)

    def test_a_bad_value_names_its_field(self):
        bad = {"temperature": -1, "top_p": 3, "max_tokens": -5, "messages": []}
        for field, value in bad.items():
            with self.subTest(field), self.assertRaises(anthropic.BadRequestError) as caught:
                self.message(extra_body={field: value})
            self.assertEqual(caught.exception.body["error"]["type"], "invalid_request_error")
            self.assertIn(field, caught.exception.body["error"]["message"])

    def test_another_model_is_not_found(self):
        with self.assertRaises(anthropic.NotFoundError) as caught:
            self.message(model="another")
        self.assertEqual(caught.exception.body["error"]["type"], "not_found_error")

    def test_a_conversation_that_is_too_long_is_told(self):
        with self.assertRaises(anthropic.BadRequestError) as caught:
            self.message(messages=[{"role": "user", "content": LONG}])
        self.assertRegex(
            caught.exception.body["error"]["message"], r"prompt is too long: \d+ tokens > \d+")
