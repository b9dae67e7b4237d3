r"""Every notation that is read, one line of mathematics each, with the verdict that it must get; and false ones beside them."""
# ruff: noqa: E501 - one notation is one line
from __future__ import annotations

import pytest

from .documents import checked, codes, outcomes, steps

HEAD = r"""Let $a_i = \frac{e^{z_i}}{\sum_{k=1}^N e^{z_k}}$ and $C = -\sum_{j=1}^N y_j \log a_j$.

"""
# what follows the definitions of softmax and of the cross-entropy, and the outcomes of its relations
TRUE = {
    "Leibniz fraction": r"$$\frac{\partial a_i}{\partial z_j} = a_i(\delta_{ij} - a_j)$$",
    "operator form": r"$$\frac{\partial}{\partial z_j} a_i = a_i(\delta_{ij} - a_j)$$",
    "subscripted partial": r"$$\partial_{z_j} a_i = a_i(\delta_{ij} - a_j)$$",
    "slashed fraction": r"$$\partial a_i / \partial z_j = a_i(\delta_{ij} - a_j)$$",
    "indicator with braces": r"$$\frac{\partial a_i}{\partial z_j} = a_i(1\{i=j\} - a_j)$$",
    "indicator with brackets": r"$$\frac{\partial a_i}{\partial z_j} = a_i(\mathbb{1}[i=j] - a_j)$$",
    "indicator with a subscript": r"$$\frac{\partial a_i}{\partial z_j} = a_i(\mathbf{1}_{i=j} - a_j)$$",
    "plain indicator": r"$$\frac{\partial a_i}{\partial z_j} = a_i(1_{\{i=j\}} - a_j)$$",
    "brackets of Iverson": r"$$\frac{\partial a_i}{\partial z_j} = a_i([i=j] - a_j)$$",
    "delta with a relation": r"$$\frac{\partial a_i}{\partial z_j} = a_i(\delta_{i=j} - a_j)$$",
    "indicator I": r"$$\frac{\partial a_i}{\partial z_j} = a_i(I(i=j) - a_j)$$",
    "cases": r"$$\frac{\partial a_i}{\partial z_j} = \begin{cases} a_i(1-a_j) & \text{if } i=j \\ -a_ia_j & \text{if } i \neq j\end{cases}$$",
    "cases by hand": r"$$\frac{\partial a_i}{\partial z_j} = \left\{\begin{aligned} a_i - a_ia_j \quad (i=j) \\ -a_i a_j \quad (i \ne j) \end{aligned}\right.$$",
    "cases with otherwise": r"$$\frac{\partial a_i}{\partial z_j} = \begin{cases} a_i(1-a_j) & i=j \\ -a_ia_j & \text{otherwise}\end{cases}$$",
    "index-only sum": r"$$\sum_k a_k = 1$$",
    "sum with an upper bound only": r"$$\sum_k^N a_k = 1$$",
    "sum without index": r"$$\sum a_k = 1$$",
    "side condition": r"$$\sum_{k \neq i} a_k = 1 - a_i$$",
    "side condition with bound": r"$$\sum_{k=1,k\not= i}^N a_k = 1 - a_i$$",
    "rows": "$$\\begin{aligned} \\frac{\\partial a_i}{\\partial z_j} &= a_i\\delta_{ij} \\\\ &\\quad - a_ia_j \\\\ &= a_i(\\delta_{ij}-a_j) \\end{aligned}$$",
    "consecutive displays": "$$\\sum_k a_k$$\n\n$$= 1$$",
    "logarithm of a quotient": r"$$\log a_i = z_i - \log\sum_k e^{z_k}$$",
    "exp as a name": r"$$a_i = \frac{\exp(z_i)}{\sum_k \exp(z_k)}$$",
    "bare log": r"$$log(a_i) = z_i - log\left(\sum_k e^{z_k}\right)$$",
    "sizes of brackets": r"$$\Bigl( a_i \bigr)^2 = a_i^{2}$$",
    "half powers": r"$$a_i^{-1/2} = \frac{1}{\sqrt{a_i}}$$",
    "under a condition": "If $i=j$,\n\n$$\\frac{\\partial a_i}{\\partial z_j} = a_i(1-a_j)$$",
    "under a condition in Chinese": "当$i \\neq j$时，有：\n\n$$\\frac{\\partial a_i}{\\partial z_j} = -a_ia_j$$",
    "chain rule": r"$$\frac{\partial C}{\partial z_i} = \sum_j \frac{\partial C}{\partial a_j}\frac{\partial a_j}{\partial z_i}$$",
    "derivative by a defined name": r"$$\frac{\partial C}{\partial a_j} = -\frac{y_j}{a_j}$$",
    "numbered equations": "$$\\sum_k a_k = 1 \\tag{3}$$\n\nso by (3)\n\n$$(3)式 = 1$$",
    "boxes and braces": r"$$\boxed{ \underbrace{\sum_k a_k}_{\text{all of them}} = 1 }$$",
    "logarithms of sums": r"$$-\log(1 + e^{-w}) = w - \log(1 + e^{w})$$",
    "CRLF": "$$\r\n\\sum_k a_k\r\n= 1\r\n$$\r\n",
}
FALSE = {
    "sign": (r"$$\frac{\partial C}{\partial a_j} = \frac{y_j}{a_j}$$", "D102"),
    "sign of an addend": (r"$$\frac{\partial a_i}{\partial z_j} = a_i(\delta_{ij} + a_j)$$", "D102"),
    "index": (r"$$\frac{\partial a_i}{\partial z_j} = a_i(\delta_{ij} - a_i)$$", "D104"),
    "missing sum": (r"$$\frac{\partial C}{\partial z_i} = \frac{\partial C}{\partial a_j}\frac{\partial a_j}{\partial z_i}$$",
    "D103"),
    "factor": (r"$$\frac{\partial}{\partial w} (3 w^2) = 3 w$$", "D105"),
    "lost 1/N": (r"$$\frac{\partial}{\partial w} \frac{1}{N}\sum_{i=1}^N (w - t_i)^2 = 2\sum_{i=1}^N (w - t_i)$$", "D105"),
    "exchanged cases": (r"$$\frac{\partial a_i}{\partial z_j} = \begin{cases} a_i(1-a_j) & \text{if } i \neq j \\ -a_ia_j & \text{if } i = j\end{cases}$$",
                        "D106"),
    "only the diagonal": (r"$$\frac{\partial a_i}{\partial z_j} = a_i(1-a_j)$$", "D101"),
    "only off the diagonal": (r"$$\frac{\partial a_i}{\partial z_j} = -a_ia_j$$", "D101"),
    "quotient rule with a plus": (r"$$\frac{\partial}{\partial w}\frac{w}{1 + w^2} = \frac{(1 + w^2) + 2w^2}{(1 + w^2)^2}$$",
    "D102"),
    "true for one value only": (r"$$y_i a_i = a_i$$", "D101"),
}


@pytest.mark.parametrize("text", TRUE.values(), ids=TRUE.keys())
def test_what_is_true_is_proved(text):
    found = [s for s in steps(HEAD + text) if s.outcome not in ("definition", "not_an_equation")]
    assert found and {s.outcome for s in found} == {"proved"}, found


@pytest.mark.parametrize(("text", "code"), FALSE.values(), ids=FALSE.keys())
def test_what_is_false_is_refuted_with_its_code_and_a_counterexample(text, code):
    found = [s for s in steps(HEAD + text) if s.outcome not in ("definition", "not_an_equation")]
    assert [(s.outcome, s.code) for s in found] == [("refuted", code)], found
    assert found[0].counterexample is not None


CLASSIFIED = {
    r"$\theta := \theta - \alpha$": ["not_an_equation"], r"$x \approx 3$": ["not_an_equation"],
    r"$C \propto \frac{1}{\lambda}$": ["not_an_equation"],
    r"$i = 1, \dots, N$": ["not_an_equation"], r"$k^* = \text{argmax}_k z_k$": ["not_an_equation"],
    r"$x \in \mathbb{R}^n$": ["not_an_equation"],
    r"$f \triangleq x + 1$": ["definition"], r"$\int f = 1$": ["unread"], r"$= 1$": ["unread"], r"$$x = $$": ["unread"],
    r"$-\log(0.245) = 1.406$": ["not_an_equation"], r"$\log(0.500) = -0.793$": ["refuted"], "no mathematics": [],
    r"costs $5 and $10 = 15": [], "`$x = 1$` in code": [], "```\n$x = y$\n```\n": [],
}


@pytest.mark.parametrize(("text", "expected"), CLASSIFIED.items())
def test_what_claims_nothing_is_classified_and_what_cannot_be_read_is_counted(text, expected):
    assert outcomes(text) == expected


HYPOTHESES = {                                                # prose before, and whether the last step then needs more
    "": "proved_under", "Here $y$ is one-hot.": "proved", "其中$y$是独热向量。": "proved",
    "The entries of $y$ sum to 1.": "proved",
    "<!-- derive: given \\sum_j y_j = 1 -->": "proved",
}


@pytest.mark.parametrize(("prose", "expected"), HYPOTHESES.items())
def test_hypotheses_are_read_from_the_prose_or_named(prose, expected):
    last = steps(f"{HEAD}{prose}\n\n$$\\frac{{\\partial C}}{{\\partial z_i}} = a_i - y_i$$")[-1]
    assert last.outcome == expected and last.hypotheses


def test_a_hypothesis_never_pins_a_value_at_a_free_index():
    last = steps(r"Let $C = -\sum_j y_j \log p_j$. $$\frac{\partial C}{\partial p_i} = -\frac{1}{p_i}$$")[-1]
    assert last.outcome == "refuted" and "y_i = 1" in last.message


def test_a_positive_constant_is_named():
    report = checked(r"$$\frac{C x}{C y} = \frac{e^{\log C} x}{e^{\log C} y}$$")
    assert [s.outcome for s in report.steps] == ["proved_under"] and codes(report) == {"D201"}


NOTES = {
    r"$p_j = \frac{e^{z_i}}{\sum_k e^{z_k}}$": "D003", r"$$\sum_i a_i b_i = \sum_i b_i a_i$$ $$x_i = \sum_i x_i$$": "D004",
    r"Let $s_i = e^{x_i}$. $$s_i = e^x_i$$": "D005", r"Let $C = x$. We define $C = y$.": "D006",
    r"Let $b_i = x_i$. $$\sum_i b_i + x_i = 2\sum_i x_i$$": "D002", "<!-- derive: noqa D101 -->": "D007",
}


@pytest.mark.parametrize(("text", "code"), NOTES.items())
def test_slips_of_notation_are_findings(text, code):
    assert code in codes(checked(text))


def test_a_reading_that_is_chosen_because_it_holds_is_never_proved():
    last = steps(r"Let $b_i = x_i$. $$\sum_i b_i + x_i = 2\sum_i x_i$$")[-1]
    assert last.outcome == "proved_under"


SHAPES = r"""Let $\mathbf{W} \in \mathbb{R}^{v \times d}$, $\mathbf{x} \in \mathbb{R}^d$ and $\mathbf{g} \in \mathbb{R}^v$.

"""


@pytest.mark.parametrize(("text", "expected", "code"), [
    (r"$$\mathbf{x}^\top \mathbf{W}^\top \mathbf{g} = \mathbf{g}^\top \mathbf{W} \mathbf{x}$$", "proved", ""),
    (r"$$(\mathbf{W}\mathbf{x})^\top = \mathbf{x}^\top \mathbf{W}^\top$$", "proved", ""),
    (r"$$\frac{\partial (\mathbf{g}^\top \mathbf{W} \mathbf{x})}{\partial \mathbf{x}} = \mathbf{W}^\top \mathbf{g}$$",
        "proved", ""),
    (r"$$\frac{\partial (\mathbf{g}^\top \mathbf{W} \mathbf{x})}{\partial \mathbf{x}} = \mathbf{g} \mathbf{W}^\top$$",
        "unread", "D107"),
    (r"$$\mathbf{g} \odot \mathbf{g} = 2\mathbf{g}$$", "refuted", "D101")])
def test_matrices_by_their_entries(text, expected, code):
    last = steps(SHAPES + text)[-1]
    assert (last.outcome, last.code) == (expected, code)
