"""Documents of many kinds, as people write them: what comes out of each, right ones and wrong ones."""
from __future__ import annotations

import pytest

from .documents import checked, codes

LETTERS = {"proved": "p", "proved_under": "u", "refuted": "r", "undecided": "?", "unread": "!", "definition": "d",
           "not_an_equation": "n"}
SOFTMAX = r"Let $p_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$ and $L = -\sum_i t_i \log p_i$." + "\n\n"
RIGHT = {
    "logistic regression": (r"""$\hat y = \sigma(z)$ with $\sigma(x) = \frac{1}{1 + e^{-x}}$, $z = w^T x + b$ and
$$L = -[y \log \hat y + (1-y) \log(1 - \hat y)]$$
$$\frac{\partial L}{\partial z} = \hat y - y$$ so that $$\frac{\partial z}{\partial w_j} = x_j,
\qquad \frac{\partial L}{\partial w_j} = (\hat y - y) x_j$$ and $$\sigma(-x) = 1 - \sigma(x)$$""", "dddd" "pppp"),
    "defined further on": (r"""$$\frac{\partial}{\partial z_i} \log \sum_k e^{z_k} = p_i$$ where
$p_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$.""", "pd"),
    "a mean says how far it runs": (r"""With $\bar x = \frac{1}{n} \sum_i x_i$ we have $$\sum_i (x_i - \bar x) = 0$$
$$\sum_i (x_i - \bar x)^2 = \sum_i x_i^2 - n \bar x^2$$""", "dpp"),
    "layers in brackets": (r"""$z_j^{(1)} = \sum_i w_{ji}^{(1)} x_i$, $h_j = \tanh(z_j^{(1)})$ and
$z_k^{(2)} = \sum_j w_{kj}^{(2)} h_j$
$$E = \frac{1}{2} \sum_k (z_k^{(2)} - t_k)^2$$ $$\frac{\partial E}{\partial w_{kj}^{(2)}} = (z_k^{(2)} - t_k) h_j$$
$$\frac{\partial E}{\partial z_j^{(1)}} = (1 - h_j^2) \sum_k (z_k^{(2)} - t_k) w_{kj}^{(2)}$$""", "dddd" "pp"),
    "matrices that are not bold": (r"""$J = \|X w - y\|_2^2 + \lambda \|w\|^2$ has the gradient
$$\nabla_w J = 2 X^T (X w - y) + 2 \lambda w$$ $$\nabla_w \frac{1}{2} \|w\|^2 = w$$""", "dpp"),
    "differentials": (r"$S = Q K^\top$, $O = A V$ $$dV = A^\top dO$$ $$dQ = dS K$$", "dddd"),
    "the correct class": (r"""For the correct class $c$: $L_i = -\log \frac{e^{f_c}}{\sum_j e^{f_j}}$,
$p_k = \frac{e^{f_k}}{\sum_j e^{f_j}}$.
If $k = c$, $\frac{\partial L_i}{\partial f_k} = p_k - 1$, otherwise $\frac{\partial L_i}{\partial f_k} = p_k$.""", "ddnpp"),
    "functions by their number of arguments": (r"""$H(p) = -\sum_i p_i \log p_i$ and $H(p, q) = -\sum_i p_i \log q_i$,
$D_{KL}(p \| q) = \sum_i p_i \log p_i - \sum_i p_i \log q_i$. $$H(p, q) = H(p) + D_{KL}(p \| q)$$""", "dddp"),
    "cases on values": (r"""$f(x) = \max(0, x)$ $$f'(x) = \begin{cases} 1 & \text{if } x > 0 \\ 0 & \text{if } x < 0 \end{cases}$$
$$|x| = -x \quad \text{if } x < 0$$""", "dpp"),
    "the diagonal of a Jacobian": (r"""$\mathbf{s} = \mathrm{softmax}(\mathbf{z})$
$$\frac{\partial \mathbf{s}}{\partial \mathbf{z}} = \mathrm{diag}(\mathbf{s}) - \mathbf{s} \mathbf{s}^T$$""", "dp"),
    "conditions in brackets": (SOFTMAX + r"Off diagonal ($i \neq j$): $$\frac{\partial p_i}{\partial z_j} = -p_i p_j$$", "ddnp"),
    "another loss of the same name": (r"""$C = \sum_j (y_j - a_j)^2$. With the cross-entropy cost
$$C = -\sum_j y_j \log a_j$$ $$\frac{\partial C}{\partial a_j} = -\frac{y_j}{a_j}$$""", "ddp"),
    "sigma as usual": (r"Let $a_i = \sigma(z_i)$. $$\frac{\partial a_i}{\partial z_i} = a_i (1 - a_i)$$", "du"),
}
WRONG = {
    "only the diagonal": (SOFTMAX + r"""$$\frac{\partial L}{\partial z_i} = \frac{\partial L}{\partial p_i}
\frac{\partial p_i}{\partial z_i}$$""", "ddr", "D103"),
    "a sign, under a hypothesis": (SOFTMAX + r"$$\frac{\partial L}{\partial z_i} = t_i - p_i$$", "ddr", "D102"),
    "an index": (SOFTMAX + r"$$\frac{\partial p_i}{\partial z_j} = p_i(\delta_{ij} - p_i)$$", "ddr", "D104"),
    "a fixed place": (SOFTMAX + r"$$1 - p_i = 1 - p_i + \sum_{k \neq 1} p_k - \sum_{k \neq 1} p_k$$", "ddp", "D104"),
    "a lost 1/n": (r"$M = \frac{1}{n}\sum_{i=1}^n (a_i - b_i)^2$ $$\frac{\partial M}{\partial a_k} = 2(a_k - b_k)$$", "dr",
                   "D105"),
    "a factor 2": (r"""$v = \frac{1}{m} \sum_{i=1}^m (x_i - \mu)^2$ with $\mu = \frac{1}{m} \sum_{i=1}^m x_i$
$$\frac{\partial v}{\partial x_i} = \frac{1}{m} (x_i - \mu)$$""", "ddr", "D105"),
    "a definition that divides by something else": (r"""Let $x \in \mathbb{R}^n$ with the mean
$\mu = \frac{1}{2} \sum_{i=1}^n x_i$. $$\sum_{i=1}^n (x_i - \mu) = 0$$""", "ndr", "D105"),
    "a quotient rule": (r"$s(t) = \frac{1}{1 + e^{-t}}$ $$s'(t) = \frac{e^{-t}}{1 + e^{-t}}$$", "dr", "D101"),
}


def outcomes(text, name="text.md"):
    report = checked(text, name)
    return "".join(LETTERS[s.outcome] for s in report.steps), report


@pytest.mark.parametrize(("text", "expected"), RIGHT.values(), ids=RIGHT)
def test_a_right_document(text, expected):
    found, report = outcomes(text)
    assert found == expected, [(s.latex, s.outcome, s.message) for s in report.steps]


@pytest.mark.parametrize(("text", "expected", "code"), WRONG.values(), ids=WRONG)
def test_a_wrong_document(text, expected, code):
    found, report = outcomes(text)
    assert found == expected and code in codes(report), [(s.latex, s.outcome, s.code, s.message) for s in report.steps]


def test_a_blank_line_begins_another_formula_in_a_directive():
    text = ".. math::\n\n   \\mu = \\frac{1}{d} \\sum_{i=1}^d x_i\n\n   \\frac{\\partial \\mu}{\\partial x_j} = \\frac{1}{d}\n"
    assert outcomes(text, "text.rst")[0] == "dp"


@pytest.mark.parametrize("text", [
    r"$$x_i^2 = w_i$$",                                       # w stands here for the first time
    r"$$\frac{1}{1 + e^x} = g(x)$$",                          # and so does g
    r"$$\max(0, 1 - x) = 1 - x \quad \text{if the margin is violated}$$"])
def test_what_the_text_leaves_open_is_not_refuted(text):
    assert "r" not in outcomes(text)[0]


def test_a_second_definition_is_reported():
    found, report = outcomes(r"$$a := x + 1$$ $$a := x + 2$$ $$a - x = 2$$")
    assert found == "ddp" and "D006" in codes(report)
