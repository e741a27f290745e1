"""Tells stories: binds a cast and a plot, then expands the templates of plans.py. Seeded, so that the same seed
tells the same story."""

import random
import re

import plans
import words

PRONOUNS = {
    "he": ("he", "him", "his"),
    "she": ("she", "her", "her"),
    "it": ("it", "it", "its"),
}
SLOT = re.compile(r"\{(\w+)\}")


def article(phrase):
    return ("an " if phrase[0] in "aeiou" else "a ") + phrase


def capital(text):
    return text[0].upper() + text[1:]


def choose(template, rng):
    """Replaces every `[a|b]` by one of its parts, from the inside out; a `|` outside brackets splits the whole."""
    inner = re.compile(r"\[([^\[\]]*)\]")
    while (match := inner.search(template)) is not None:
        part = rng.choice(match.group(1).split("|"))
        template = template[: match.start()] + part + template[match.end():]
    return rng.choice(template.split("|")).strip(" ") if "|" in template else template


class Story:
    """One story's cast, things and places, and the text that they make."""

    def __init__(self, rng):
        self.rng = rng
        self.slots = {}
        self._cast()
        self._things()

    def _person(self, taken):
        """A new person: kind, trait, home, pronoun, name."""
        rng = self.rng
        while True:
            kind, home = rng.choice(words.ANIMALS if rng.random() < 0.68 else words.CHILDREN)
            she = rng.random() < 0.5 if kind not in ("boy", "girl") else kind == "girl"
            name = rng.choice(words.SHE_NAMES if she else words.HE_NAMES)
            if kind not in taken and name not in taken:
                taken.update((kind, name))
                return kind, rng.choice(words.TRAITS), home, "she" if she else "he", name

    def _pronouns(self, prefix, pronoun):
        he, him, his = PRONOUNS[pronoun]
        names = {"h": ("he", "him", "his")}.get(prefix, (prefix + "e", prefix + "im", prefix + "is"))
        for name, word in zip(names, (he, him, his)):
            self.slots[name] = word
            self.slots[capital(name)] = capital(word)

    def _cast(self):
        rng, slots, taken = self.rng, self.slots, set()
        for letter, prefix in (("H", "h"), ("F", "f"), ("X", "x")):
            kind, trait, home, pronoun, name = self._person(taken)
            slots[letter] = name
            slots["a_" + letter] = article(trait + " " + kind)
            slots["the_" + letter] = "the " + kind
            slots["The_" + letter] = "The " + kind
            slots[letter.lower() + "_kind"] = kind
            self._pronouns(prefix, pronoun)
            if letter == "H":
                slots["home"] = home
                self.trait, self.kind = trait, kind
        elder, pronoun = rng.choice(words.ELDERS)
        slots.update(the_E="the " + elder, The_E="The " + elder, e_kind=elder.split(" ")[-1])
        if elder in ("queen of the bees", "miller's wife"):
            slots["e_kind"] = "friend"
        self._pronouns("e", pronoun)
        giant, pronoun, why = rng.choice([g for g in words.GIANTS if g[0] not in taken])
        slots.update(G=giant, G_why=capital(why))
        self._pronouns("g", pronoun)

    def _things(self):
        rng, slots = self.rng, self.slots
        adjective, noun, does = rng.choice(words.THINGS)
        slots.update(thing=noun, a_thing=article(adjective + " " + noun), thing_does=does)
        self.long_thing = adjective + " " + noun
        slots["skill"], slots["skilling"], slots["skill_fail"], slots["skill_lesson"] = rng.choice(words.SKILLS)
        slots["fear"], slots["fear_when"], slots["fear_truth"] = rng.choice(words.FEARS)
        slots["seed"], slots["plant"], slots["fruits"] = rng.choice(words.SEEDS)
        slots["a_seed"], slots["give_it"] = article(slots["seed"]), "give it"
        slots["build"], slots["build_where"], slots["build_use"] = rng.choice(words.BUILDS)
        slots["a_build"] = article(slots["build"])
        slots["race"], slots["race_end"] = rng.choice(words.RACES)
        slots["place"], slots["hiding"] = rng.choice(words.PLACES), rng.choice(words.HIDING)
        slots["food"], slots["weather"] = rng.choice(words.FOODS), rng.choice(words.WEATHERS)
        for moral in ("kind", "try", "brave"):
            slots["moral_" + moral] = rng.choice(getattr(words, "MORALS_" + moral.upper()))

    def fill(self, template):
        text = choose(template, self.rng)
        while SLOT.search(text):
            text = SLOT.sub(lambda match: choose(self._value(match.group(1)), self.rng), text)
        return text

    def _value(self, name):
        lists = {"day": plans.DAYS, "ask": plans.ASK, "search": plans.SEARCH}
        return self.rng.choice(lists[name]) if name in lists else self.slots[name]

    def tell(self):
        """Returns the title, the plot's name and the paragraphs (lists of sentences)."""
        rng = self.rng
        plot = rng.choice(list(plans.PLOTS))
        body = [[self.fill(sentence) for sentence in paragraph] for paragraph in plans.PLOTS[plot]]
        opening = [self.fill(rng.choice(plans.OPENINGS))]
        opening += [self.fill(h) for h in rng.sample(plans.HABITS, rng.choice([0, 1, 1, 2]))]
        opening.append(self.fill(rng.choice(plans.FRIEND)))
        ending = [self.fill(e) for e in rng.sample(plans.TOGETHER, rng.choice([0, 1]))]
        ending.append(self.fill(rng.choice(plans.ENDINGS)))
        moral = body[-1].pop()
        paragraphs = [opening + body[0]] + body[1:-1] + [body[-1] + ending]
        if rng.random() < 0.45:
            paragraphs[-1].append(moral)
        if rng.random() < 0.55:
            paragraphs[-1].append("The end.")
        return plot, paragraphs

    def subject(self, plot):
        """What the story is about, in a few words: for titles and requests."""
        slots = self.slots
        extra = {
            "lost": "the lost " + slots["thing"], "skill": "the wish to " + slots["skill"],
            "fear": slots["fear"], "seed": "the " + slots["seed"], "build": "the " + slots["build"],
            "stranger": "the " + slots["G"], "race": "the race",
            "moon": "the moon", "letter": "the letter in the bottle", "found": "the " + self.long_thing,
        }[plot]
        return "the " + self.kind, extra


def title_case(text):
    small = ("the", "to", "of", "and", "a", "an")
    parts = text.split(" ")
    return " ".join(w if i and w in small else capital(w) for i, w in enumerate(parts))


def story(seed):
    """One story as text, deterministic in the seed. A quarter begins with a title, some with a request."""
    rng = random.Random(seed)
    made = Story(rng)
    plot, paragraphs = made.tell()
    text = "\n\n".join(" ".join(sentences) for sentences in paragraphs)
    who, extra = made.subject(plot)
    kind = rng.random()
    if kind < 0.22:
        text = title_case(rng.choice([who + " and " + extra, made.slots["H"] + " and " + extra])) + "\n\n" + text
    elif kind < 0.42:
        about = rng.choice([
            article(made.trait + " " + made.kind) + " and " + extra, article(made.kind) + " and " + extra,
            article(made.trait + " " + made.kind), article(made.kind),
            article(made.kind) + " named " + made.slots["H"], extra])
        ask = rng.choice(["Tell me a story about {}.", "Tell me about {}.", "Please tell me a story about {}.",
                          "Write a story about {}.", "A story about {}."])
        text = ask.format(about) + "\n\n" + text
    elif kind < 0.52:
        # A story that is joined in the middle: prompts need not be beginnings.
        sentences = [s for paragraph in paragraphs for s in paragraph]
        text = " ".join(sentences[rng.randrange(1, len(sentences) - 4):])
    return text


def echo(seed):
    """A few sentences that say the same names again and again."""
    rng = random.Random(seed)
    made = Story(rng)
    return " ".join(made.fill(template) for template in rng.sample(plans.ECHOES, 4))


if __name__ == "__main__":
    import sys
    first = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    for seed in range(first, first + 5):
        print(story(seed), "\n" + "-" * 60)
