import openai

from support import LONG, ClientTestCase


class Completions(ClientTestCase):
    def test_an_answer_has_the_shape_of_the_package(self):
        answer = self.complete()
        self.assertEqual(answer.object, "text_completion")
        self.assertEqual(answer.model, self.model)
        self.assertEqual(answer.choices[0].finish_reason, "length")
        self.assertEqual(answer.usage.completion_tokens, 24)
        self.assert_accounted(answer.usage)

    def test_a_stream_says_what_the_whole_answer_says(self):
        for sampling in ({"temperature": 0}, {"temperature": 1, "seed": 7}):
            whole = self.complete(**sampling).choices[0]
            chunks = list(self.complete(stream=True, **sampling))
            self.assertEqual("".join(chunk.choices[0].text for chunk in chunks), whole.text)
            reasons = [chunk.choices[0].finish_reason for chunk in chunks]
            self.assertEqual(reasons[-1], whole.finish_reason)
            self.assertEqual(set(reasons[:-1]) - {None}, set())
            self.assertEqual(len({chunk.id for chunk in chunks}), 1)

    def test_usage_is_in_the_last_chunk_alone(self):
        chunks = list(self.complete(stream=True, stream_options={"include_usage": True}))
        self.assertTrue(all(chunk.usage is None for chunk in chunks[:-1]))
        self.assertEqual(chunks[-1].choices, [])
        self.assert_accounted(chunks[-1].usage)

    def test_several_answers_of_several_prompts_are_in_order(self):
        prompts = ["The cat", "A dog"]
        sampling = {"temperature": 1, "seed": 5, "n": 2}
        alone = [choice.text for prompt in prompts
                 for choice in self.complete(prompt=prompt, **sampling).choices]
        answer = self.complete(prompt=prompts, **sampling)
        self.assertEqual([choice.index for choice in answer.choices], [0, 1, 2, 3])
        self.assertEqual([choice.text for choice in answer.choices], alone)

    def test_a_seed_repeats_and_another_differs(self):
        texts = [
            [choice.text for choice in self.complete(temperature=1, seed=seed, n=2).choices]
            for seed in (3, 3, 4)
        ]
        self.assertEqual(texts[0], texts[1])
        self.assertNotEqual(texts[0], texts[2])
        self.assertNotEqual(texts[0][0], texts[0][1])

    def test_logprobs_are_lists_of_one_length(self):
        choice = self.complete(logprobs=3, max_tokens=6).choices[0]
        logprobs = choice.logprobs
        self.assertEqual(len(logprobs.tokens), 6)
        self.assertEqual(len(logprobs.token_logprobs), 6)
        self.assertEqual(len(logprobs.text_offset), 6)
        self.assertEqual("".join(logprobs.tokens), choice.text)
        for token, value, top in zip(
                logprobs.tokens, logprobs.token_logprobs, logprobs.top_logprobs):
            self.assertLessEqual(value, 0)
            self.assertEqual(top[token], max(top.values()))

    def test_a_stop_string_ends_the_answer_before_it(self):
        text = self.complete().choices[0].text
        stop = text[8:12]
        choice = self.complete(stop=[stop, "never written"]).choices[0]
        self.assertEqual(choice.finish_reason, "stop")
        self.assertEqual(choice.text, text[:text.index(stop)])

    def test_tokens_are_a_prompt_too(self):
        tokens = self.openai.post(
            "/../tokenize", body={"model": self.model, "prompt": "Once upon a time"},
            cast_to=object)["tokens"]
        self.assertEqual(self.complete(prompt=tokens).choices[0].text,
                         self.complete().choices[0].text)

    def test_a_bad_value_names_its_field(self):
        bad = {"temperature": -1, "top_p": 3, "max_tokens": -5, "n": 0, "logprobs": 1_000}
        for field, value in bad.items():
            with self.subTest(field), self.assertRaises(openai.BadRequestError) as caught:
                self.complete(**{field: value})
            self.assertEqual(caught.exception.param, field)
            self.assertIn(field, caught.exception.message)

    def test_another_model_is_not_found(self):
        with self.assertRaises(openai.NotFoundError) as caught:
            self.complete(model="another")
        self.assertIn("another", caught.exception.message)

    def test_a_prompt_that_is_too_long_is_told_in_the_words_that_agents_read(self):
        for stream in (False, True):
            with self.assertRaises(openai.BadRequestError) as caught:
                self.complete(prompt=LONG, stream=stream)
            self.assertRegex(caught.exception.message, r"maximum context length is \d+ tokens")
