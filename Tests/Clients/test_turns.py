"""Conversations whose every turn computes its new tokens only."""

import unittest

from support import ClientTestCase

BLOCK = 16
TURNS = 20
ROOM = 60
QUESTIONS = ["And then?", "Who was there?", "Why?", "What did the fox say?"]


class TurnsTests(ClientTestCase):
    def turns(self):
        """The questions of a conversation, as long as its context has room for another turn."""
        context = self.openai.models.list().data[0].max_model_len
        for turn in range(TURNS):
            if self.before + ROOM > context:
                # The demo model's context is short, and spells the template's marks by letters.
                self.assertGreater(turn, 5)
                break
            yield turn, {"role": "user", "content": QUESTIONS[turn % 4]}

    def setUp(self):
        self.before = 0
        """Tokens of the turn before that are in the cache."""

    def assert_new_only(self, prompt, cached, miss):
        """All whole blocks of the turn before were found; where not, the miss tells what differs."""
        if miss is not None and miss["reason"] == "mismatch":
            # The history was tokenised otherwise than it was generated: told, and not before the
            # place where it differs.
            self.assertGreater(cached, miss["position"] - BLOCK)
            return 1
        self.assertGreater(cached, self.before - BLOCK, f"a prompt of {prompt}, {miss}")
        return 0

    def test_twenty_turns_of_a_chat(self):
        messages, different = [{"role": "system", "content": "Turns of a chat."}], 0
        for turn, question in self.turns():
            messages.append(question)
            answer = self.openai.chat.completions.create(
                model=self.model, messages=messages, max_tokens=12, temperature=0)
            usage = answer.usage.model_dump()
            details = usage["prompt_tokens_details"]
            different += self.assert_new_only(
                usage["prompt_tokens"], details["cached_tokens"], details.get("prefix_end"))
            # The last token of an answer was never computed.
            self.before = usage["total_tokens"] - 1
            messages.append({"role": "assistant",
                             "content": answer.choices[0].message.content or ""})
        self.assertLess(different, TURNS // 2)

    def test_twenty_turns_of_messages_with_a_first_line_that_changes(self):
        messages = []
        for turn, question in self.turns():
            messages.append(question)
            line = f"x-anthropic-billing-header: cc_version=2.1.{turn}; cch={turn * 7919:05x};"
            answer = self.anthropic.messages.create(
                model=self.model, messages=messages, max_tokens=12, extra_body={"temperature": 0},
                system=[{"type": "text", "text": line},
                        {"type": "text", "text": "Turns of an agent."}])
            usage = answer.usage
            cached = usage.cache_read_input_tokens
            prompt = usage.input_tokens + cached
            if turn > 0:
                self.assertGreater(cached, self.before - BLOCK, f"turn {turn}, a prompt of {prompt}")
            self.before = prompt + usage.output_tokens - 1
            # A history that is tokenised as it was generated.
            text = "".join(block.text for block in answer.content if block.type == "text")
            messages.append({"role": "assistant", "content": text or "-"})
            if not text or text != text.strip():
                self.before = prompt - 1
        self.assertGreater(self.before, 200)


if __name__ == "__main__":
    unittest.main()
