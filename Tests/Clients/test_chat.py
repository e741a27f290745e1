import openai

from support import LONG, QUESTION, ClientTestCase


class Chat(ClientTestCase):
    def stream(self, **changes):
        request = {"model": self.model, "messages": QUESTION, "max_tokens": 24, "temperature": 0}
        return self.openai.chat.completions.stream(**(request | changes))

    def test_an_answer_has_the_shape_of_the_package(self):
        answer = self.chat()
        self.assertEqual(answer.object, "chat.completion")
        self.assertEqual(answer.choices[0].message.role, "assistant")
        self.assertIsNone(answer.choices[0].message.tool_calls)
        self.assertIn(answer.choices[0].finish_reason, ("length", "stop"))
        self.assert_accounted(answer.usage)

    def test_a_stream_says_what_the_whole_answer_says(self):
        for sampling in ({"temperature": 0}, {"temperature": 1, "seed": 7}):
            whole = self.chat(**sampling).choices[0]
            chunks = list(self.chat(stream=True, **sampling))
            self.assertEqual(chunks[0].choices[0].delta.role, "assistant")
            text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
            self.assertEqual(text, whole.message.content)
            self.assertEqual(chunks[-1].choices[0].finish_reason, whole.finish_reason)

    def test_the_stream_helper_gathers_the_whole_answer(self):
        # The helper raises for an answer that its limit cut; an answer that a string ends is whole.
        text = self.chat().choices[0].message.content
        stop = text[8:12]
        whole = self.chat(stop=stop)
        with self.stream(stop=stop) as stream:
            kinds = [event.type for event in stream]
            final = stream.get_final_completion()
        self.assertEqual(final.choices[0].message.content, whole.choices[0].message.content)
        self.assertEqual(final.choices[0].finish_reason, "stop")
        self.assertEqual(kinds.count("content.done"), 1)

    def test_usage_is_in_the_last_chunk_alone(self):
        chunks = list(self.chat(stream=True, stream_options={"include_usage": True}))
        self.assertTrue(all(chunk.usage is None for chunk in chunks[:-1]))
        self.assertEqual(chunks[-1].choices, [])
        self.assert_accounted(chunks[-1].usage)

    def test_several_answers_of_a_stream_are_those_of_the_whole(self):
        sampling = {"temperature": 1, "seed": 5, "n": 2}
        whole = [choice.message.content for choice in self.chat(**sampling).choices]
        texts = ["", ""]
        for chunk in self.chat(stream=True, **sampling):
            for choice in chunk.choices:
                texts[choice.index] += choice.delta.content or ""
        self.assertEqual(texts, whole)
        self.assertNotEqual(texts[0], texts[1])

    def test_logprobs_are_of_the_tokens_of_the_answer(self):
        choice = self.chat(logprobs=True, top_logprobs=2, max_tokens=6).choices[0]
        content = choice.logprobs.content
        self.assertEqual(b"".join(bytes(token.bytes) for token in content).decode(),
                         choice.message.content)
        for token in content:
            self.assertEqual(len(token.top_logprobs), 2)
            self.assertEqual(token.top_logprobs[0].token, token.token)
            self.assertEqual(token.top_logprobs[0].logprob, token.logprob)

    def test_a_stop_string_ends_the_answer_before_it(self):
        text = self.chat().choices[0].message.content
        stop = text[8:12]
        choice = self.chat(stop=stop).choices[0]
        self.assertEqual(choice.finish_reason, "stop")
        self.assertEqual(choice.message.content, text[:text.index(stop)])

    def test_all_roles_and_kinds_of_content_are_taken(self):
        parts = [{"type": "text", "text": "Tell me "}, {"type": "text", "text": "about a fox."}]
        conversation = [
            {"role": "developer", "content": "Be brief."},
            {"role": "user", "content": parts},
            {"role": "assistant", "content": ""},
            {"role": "system", "content": "Be kind."},
            {"role": "user", "content": "Go on."},
        ]
        self.assertTrue(self.chat(messages=conversation).choices[0].message.content)
        self.assertEqual(
            self.chat(messages=[{"role": "user", "content": parts}]).choices[0].message,
            self.chat().choices[0].message)

    def test_both_names_of_the_limit_are_known(self):
        answer = self.openai.chat.completions.create(
            model=self.model, messages=QUESTION, temperature=0, max_completion_tokens=5)
        self.assertEqual(answer.usage.completion_tokens, 5)

    def test_a_bad_value_names_its_field(self):
        bad = {"temperature": -1, "top_p": 3, "max_tokens": -5, "n": 0, "messages": []}
        for field, value in bad.items():
            with self.subTest(field), self.assertRaises(openai.BadRequestError) as caught:
                self.chat(**{field: value})
            self.assertEqual(caught.exception.param, field)
        with self.assertRaises(openai.BadRequestError) as caught:
            self.chat(logprobs=True, top_logprobs=1_000)
        self.assertEqual(caught.exception.param, "top_logprobs")

    def test_another_model_is_not_found(self):
        with self.assertRaises(openai.NotFoundError) as caught:
            self.chat(model="another")
        self.assertIn("another", caught.exception.message)

    def test_a_conversation_that_is_too_long_is_told_in_the_words_that_agents_read(self):
        for stream in (False, True):
            with self.assertRaises(openai.BadRequestError) as caught:
                self.chat(messages=[{"role": "user", "content": LONG}], stream=stream)
            self.assertRegex(caught.exception.message, r"maximum context length is \d+ tokens")
