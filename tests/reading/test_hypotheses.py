"""Which hypotheses are tried where a text states none, and which are read from it."""
from __future__ import annotations

import pytest

from .documents import steps

LOSS = r"The labels $y$ enter $C = -\sum_j y_j \log a_j$." + "\n\n"
TWO = r"""$$\begin{aligned}C &= -\sum_{i=0}^1 t_i \log p_i \\ &= -[t_0 \log p_0 + t_1 \log p_1] \\
&= -[t \log p + (1 - t) \log(1 - p)]\end{aligned}$$"""


@pytest.mark.parametrize(("text", "outcome", "words"), [
    (r"$$\sum_i z_i^2 = \left(\sum_i z_i\right)^2$$", "refuted", ""),
    (LOSS + r"$$\sum_i y_i^2 = \left(\sum_i y_i\right)^2$$", "proved_under", "y is one-hot"),
    (r"The vector $z$ is one-hot. $$\sum_i z_i^2 = \left(\sum_i z_i\right)^2$$", "proved", ""),
    (r"$$x \sum_j w_j = x$$", "proved_under", "the entries of w add up to 1"),
    (r"Let $s_i = \exp(x_i)$. $$c \sum_j x_j + \sum_j s_j = c + \sum_j s_j$$", "refuted", ""),
    (LOSS + r"$$x \sum_j y_j = x$$", "proved_under", "the entries of y add up to 1"),
    (LOSS + r"Remember that $\sum_j y_j = 1$. $$x \sum_j y_j = x$$", "proved", ""),
    (r"Let $s_i = \exp(x_i)$. $$\sum_j s_j = 1$$", "refuted", "")],
    ids=["logits", "labels", "said", "weights", "scores", "labels add up", "said to add up", "a claim about what is defined"])
def test_only_labels_and_probabilities_are_one_hot_or_add_up_to_1(text, outcome, words):
    last = steps(text)[-1]
    assert last.outcome == outcome and words in last.message, last.message


@pytest.mark.parametrize("said", ["", "Here $t_1 = 1 - t_0$, $p_1 = 1 - p_0$."])
def test_two_written_out_entries_that_add_up_to_1(said):
    found = steps(f"{TWO}\n\n{said}")[2]
    assert found.outcome == "proved_under"
    stated = [h for h in found.hypotheses if "add up to 1" in h]
    assert stated == ([] if said else ["the entries of p add up to 1", "the entries of t add up to 1"]), found.message
