"""What transformers says: log-probabilities of every position, greedy continuations, and how the scores spread."""

import contextlib

import numpy as np
import torch

GREEDY = 16


def prompts(case):
    """Three lists of tokens, by a formula."""
    from . import formula
    vocabulary = case.vocabulary
    return [
        [3 + int(v + 128) % (vocabulary - 3) for v in formula.integers(f"prompt {index}", length)]
        for index, length in enumerate(case.lengths)
    ]


@torch.no_grad()
def log_probabilities(model, tokens):
    """[tokens][vocabulary], float32, the softmax's sum in float64."""
    logits = model(torch.tensor([tokens]), use_cache=False).logits[0].double()
    return torch.log_softmax(logits, dim=-1).float().numpy()


def all_log_probabilities(model, lists):
    return [log_probabilities(model, tokens) for tokens in lists]


def greedy(model, tokens):
    """The continuation, and the lead of the first over the second at each step."""
    found, margins = [], []
    for _ in range(GREEDY):
        last = log_probabilities(model, tokens + found)[-1]
        second, first = np.sort(last)[-2:]
        found.append(int(last.argmax()))
        margins.append(round(float(first - second), 5))
    return found, margins


class Watch:
    """What passes through softmax and top-k while a model runs."""

    def __init__(self):
        self.spreads, self.gaps = [], []

    def softmax(self, original):
        def wrapped(x, *arguments, **named):
            if x.dim() == 4 and x.shape[-1] >= 8:
                self.spreads.append(self.spread(x.detach().double()))
            return original(x, *arguments, **named)
        return wrapped

    def topk(self, original):
        def wrapped(x, k, *arguments, **named):
            if x.shape[-1] > k:
                ordered = torch.sort(x.detach().double(), dim=-1, descending=True).values
                self.gaps.append(float((ordered[..., k - 1] - ordered[..., k]).min()))
            return original(x, k, *arguments, **named)
        return wrapped

    @staticmethod
    def spread(x):
        """The mean over rows of the standard deviation of scores that are not masked."""
        seen = x > -1e20
        count = seen.sum(-1)
        mean = torch.where(seen, x, 0).sum(-1) / count
        square = torch.where(seen, (x - mean[..., None]) ** 2, 0).sum(-1) / count
        return float(square[count >= 4].sqrt().mean())


@contextlib.contextmanager
def watched():
    watch = Watch()
    kept = torch.nn.functional.softmax, torch.softmax, torch.Tensor.softmax, torch.topk
    torch.nn.functional.softmax = watch.softmax(kept[0])
    torch.softmax = watch.softmax(kept[1])
    torch.topk = watch.topk(kept[3])
    try:
        yield watch
    finally:
        torch.nn.functional.softmax, torch.softmax, torch.Tensor.softmax, torch.topk = kept
