"""Log-sum-exp: its gradient is softmax, and it lies between the maximum and the maximum plus log N."""
from sympy import KroneckerDelta, Sum, exp, log

from derive.algebra.statement import Claim, Entry, Fact, ForAll, arrays, indices, scalars, size

N = size("N")
i, j, k = indices("i j k")
z, a = arrays("z a", N)
L, m = scalars("L m")
others = Sum((1 - KroneckerDelta(j, k)) * exp(z[k] - z[j]), (k, 1, N))
missing = Sum(exp(z[k]) * (exp(m - z[k]) - 1), (k, 1, N)) / Sum(exp(z[k]), (k, 1, N))

ENTRY = Entry(
    name="logsumexp",
    title="Log-sum-exp and its gradient",
    definitions={a[i]: exp(z[i]) / Sum(exp(z[k]), (k, 1, N)), L: log(Sum(exp(z[k]), (k, 1, N)))},
    derivative=(L, z[i]),
    claims=(Claim(a[i]),),
    also=(
        Fact(z[j] <= L, about="no argument is larger", by=(log(1 + others),)),
        Fact(m + log(N) >= L, (ForAll((k,), z[k] <= m),), "it is at most log N above the largest argument",
             by=(log(1 + missing),)),
    ),
    meaning={"N": "number of arguments", "z": "arguments", "L": "their log-sum-exp, a smooth maximum", "a": "the softmax of z",
             "m": "any bound of the arguments, as their maximum"},
    remarks=("With m the largest argument, the two bounds say that log-sum-exp is a smooth approximation of the maximum, at most "
             "log N too large. Softmax, its gradient, says where the maximum is; log-softmax does not approximate it.",),
    code={"logits": "z", "value": "logsumexp", "derivative": "logsumexp_grad"},
)
