"""Scales that make a wrong model visible: attention scores and logits with a standard deviation above 2."""

import numpy as np

from . import checkpoint, reference

SCORES, LOGITS = 2.6, 2.6
LEAST = 2.0
# Two experts nearer than this could change places under another order of summation.
LEAST_GAP = 5e-5


def measure(folder, case, rules):
    checkpoint.write(folder, case, rules)
    model = checkpoint.load(folder)
    with reference.watched() as watch:
        logs = reference.all_log_probabilities(model, reference.prompts(case))
    # The log-probabilities of a position spread as its logits do.
    spread = float(np.mean(np.concatenate([row.std(axis=-1) for row in logs])))
    return watch, spread


def calibrated(folder, case):
    rules = checkpoint.first_rules(case)
    scores, output = checkpoint.scored(case, rules), checkpoint.read_out(case, rules)
    for _ in range(6):
        watch, spread = measure(folder, case, rules)
        least = (max if case.has_fixed_scores else min)(watch.spreads)
        factor = float(np.clip((SCORES / least) ** (1 / case.score_degree), 0.25, 4))
        for name in scores:
            scale(rules[name], factor)
        scale(rules[output], float(np.clip(LOGITS / spread, 0.25, 4)))
    watch, spread = measure(folder, case, rules)
    least, most = min(watch.spreads), max(watch.spreads)
    gap = min(watch.gaps, default=1.0)
    print(f"  scores {least:.2f} to {most:.2f}, logits {spread:.2f}, least gap of experts {gap:.5f}")
    if (most if case.has_fixed_scores else least) < LEAST or spread < LEAST or gap < LEAST_GAP:
        raise ValueError(f"{case.name}: this model could not tell")
    return rules


def scale(rule, factor):
    # Six digits are what the fixture writes.
    rule.scale = float(f"{rule.scale * factor:.6g}")
    rule.centre = float(f"{rule.centre * factor:.6g}")
