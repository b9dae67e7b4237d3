"""Log-sum-exp: its gradient is softmax."""
from sympy import Sum, exp, log

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

N = size("N")
i, k = indices("i k")
z, a = arrays("z a", N)
(L,) = scalars("L")

ENTRY = Entry(
    name="logsumexp",
    title="Log-sum-exp and its gradient",
    definitions={a[i]: exp(z[i]) / Sum(exp(z[k]), (k, 1, N)), L: log(Sum(exp(z[k]), (k, 1, N)))},
    derivative=(L, z[i]),
    claims=(Claim(a[i]),),
    meaning={"N": "number of arguments", "z": "arguments", "L": "their log-sum-exp, a smooth maximum", "a": "the softmax of z"},
    code={"logits": "z", "value": "logsumexp", "derivative": "logsumexp_grad"},
)
