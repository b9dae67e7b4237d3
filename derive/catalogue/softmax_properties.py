"""What softmax does to its arguments: a distribution, shift invariance, ratios, and that every input matters."""
from sympy import Derivative, Eq, KroneckerDelta, Ne, Sum, exp

from derive.algebra.statement import Entry, Fact, arrays, indices, scalars, size

N = size("N")
i, j, k = indices("i j k")
z, a = arrays("z a", N)
(m,) = scalars("m")
others = Sum((1 - KroneckerDelta(i, k)) * a[k], (k, 1, N))

ENTRY = Entry(
    name="softmax-properties",
    title="Properties of softmax",
    definitions={a[i]: exp(z[i]) / Sum(exp(z[k]), (k, 1, N))},
    also=(
        Fact(a[i] > 0, about="every output is positive", by=(exp(z[i]) / Sum(exp(z[k]), (k, 1, N)),)),
        Fact(Eq(Sum(a[i], (i, 1, N)), 1), about="the outputs sum to 1"),
        Fact(a[i] < 1, (N >= 2,), "with two classes or more every output is less than 1", by=(others,)),
        Fact(Eq(exp(z[i] - m) / Sum(exp(z[k] - m), (k, 1, N)), a[i]), about="a shift of all inputs changes nothing",
             by=(exp(z[i]) / Sum(exp(z[k]), (k, 1, N)),)),
        Fact(Eq(a[i] / a[j], exp(z[i] - z[j])), about="the larger gets larger: ratios are exponentials of differences"),
        Fact(Ne(Derivative(a[j], z[i]), 0), (N >= 2,), "with two classes or more every output depends on every input",
             by=(KroneckerDelta(i, j) * a[i] * others - (1 - KroneckerDelta(i, j)) * a[i] * a[j],)),
    ),
    meaning={"N": "number of classes", "z": "inputs (logits)", "a": "outputs: the softmax of z", "m": "any number"},
)
