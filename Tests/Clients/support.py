"""What the client tests share: the server that scripts/clients.sh started, and its clients."""

import os
import unittest

import anthropic
import openai

URL = os.environ["QUIRE_CLIENT_URL"]
# Whether the model is able to write a call of a tool; the demo model, which writes stories, is not.
WRITES_CALLS = os.environ.get("QUIRE_CLIENT_WRITES_CALLS") == "1"
TIMEOUT = 300.0
KEY = os.environ["QUIRE_API_KEY"]

PROMPT = "Once upon a time"
QUESTION = [{"role": "user", "content": "Tell me about a fox."}]
LONG = "word and word again, " * 20_000

PARAMETERS = {
    "type": "object",
    "properties": {"city": {"type": "string", "description": "The name of the city."}},
    "required": ["city"],
}
CITY = [{"role": "user", "content": "What is the weather in Paris? Use get_weather."}]


class ClientTestCase(unittest.TestCase):
    """A test with a client of each package; neither tries a failed request again."""

    @classmethod
    def setUpClass(cls):
        cls.openai = openai.OpenAI(
            base_url=URL + "/v1", api_key=KEY, max_retries=0, timeout=TIMEOUT)
        cls.anthropic = anthropic.Anthropic(
            base_url=URL, api_key=KEY, max_retries=0, timeout=TIMEOUT)
        cls.model = cls.openai.models.list().data[0].id

    @classmethod
    def tearDownClass(cls):
        cls.openai.close()
        cls.anthropic.close()

    def complete(self, **changes):
        """A completion of a fixed prompt, with the changes."""
        request = {"model": self.model, "prompt": PROMPT, "max_tokens": 24, "temperature": 0}
        return self.openai.completions.create(**(request | changes))

    def chat(self, **changes):
        """A chat completion of a fixed question, with the changes."""
        request = {"model": self.model, "messages": QUESTION, "max_tokens": 24, "temperature": 0}
        return self.openai.chat.completions.create(**(request | changes))

    def assert_accounted(self, usage):
        """The sums of a usage of OpenAI's hold."""
        self.assertGreater(usage.prompt_tokens, 0)
        self.assertGreater(usage.completion_tokens, 0)
        self.assertEqual(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens)
        self.assertLessEqual(usage.prompt_tokens_details.cached_tokens, usage.prompt_tokens)
