import asyncio

import openai

from support import KEY, PROMPT, TIMEOUT, URL, ClientTestCase


class Company(ClientTestCase):
    """What other clients do changes nobody's answer."""

    def test_streams_that_are_left_change_nothing(self):
        before = self.complete().choices[0].text
        for _ in range(4):
            stream = self.complete(max_tokens=300, stream=True)
            next(iter(stream))
            stream.close()
            with self.anthropic.messages.stream(
                    model=self.model, max_tokens=300,
                    messages=[{"role": "user", "content": PROMPT}]) as stream:
                next(iter(stream))
            events = self.openai.responses.create(
                model=self.model, input=PROMPT, max_output_tokens=300, stream=True)
            next(iter(events))
            events.close()
        self.assertTrue(self.chat().choices[0].message.content)
        self.assertEqual(self.complete().choices[0].text, before)

    def test_an_impatient_client_is_survived(self):
        before = self.complete().choices[0].text
        with self.assertRaises(openai.APITimeoutError):
            self.openai.with_options(timeout=0.01).completions.create(
                model=self.model, prompt=PROMPT, max_tokens=400)
        self.assertEqual(self.complete().choices[0].text, before)

    def test_each_of_32_at_once_gets_the_answer_that_it_gets_alone(self):
        def asked(client, index):
            sampling = {"temperature": 0} if index % 2 else {"temperature": 1, "seed": index}
            length = 8 + index % 5 * 4
            if index % 3:
                return client.completions.create(
                    model=self.model, prompt=f"{PROMPT} {index} foxes", max_tokens=length,
                    **sampling)
            return client.chat.completions.create(
                model=self.model, max_tokens=length, **sampling,
                messages=[{"role": "user", "content": f"Tell me about {index} foxes."}])

        def said(answer):
            choice = answer.choices[0]
            text = choice.text if hasattr(choice, "text") else choice.message.content
            return text, choice.finish_reason

        async def together():
            async with openai.AsyncOpenAI(
                    base_url=URL + "/v1", api_key=KEY, max_retries=0, timeout=TIMEOUT) as client:
                return await asyncio.gather(*[asked(client, index) for index in range(32)])

        answers = [said(answer) for answer in asyncio.run(together())]
        self.assertEqual(answers, [said(asked(self.openai, index)) for index in range(32)])
