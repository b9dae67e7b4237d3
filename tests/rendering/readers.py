"""Readers of what the printers write, independent of them: recursive descent over tokens, to a function of a point.

Only the printers' own subset: no guessing, and everything must be read to the end. A sum takes the rest of its product.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.reference import FUNCTIONS, STEP
from mpmath import mpf


@dataclass(frozen=True)
class Point:
    """sizes: set -> n; letters: letter -> n; values: (array, indices) -> number; sets: letter -> set, for the bound ones;
    free: the letters that no sum may bind."""
    sizes: Mapping[str, int]
    letters: Mapping[str, int]
    values: Mapping[tuple[str, tuple[int, ...]], Any]
    sets: Mapping[str, str]
    free: frozenset[str] = frozenset()

    def over(self, letter: str, s: str, other: str | None, body: Value) -> Any:
        assert letter not in self.free, f"the letter {letter} is bound where it already means something"
        inside = [replace(self, letters={**self.letters, letter: n}) for n in range(self.sizes[s])
                  if other is None or n != self.letters[other]]
        return sum((body(p) for p in inside), mpf(0))

    def slope(self, body: Value, name: str, at: Sequence[str]) -> Any:
        key = name, tuple(self.letters[c] for c in at)
        up, down = (body(replace(self, values={**self.values, key: self.values[key] + h})) for h in (STEP, -STEP))
        return (up - down) / (2 * STEP)


Value = Callable[[Point], Any]


def letters_of(text: str) -> list[str]:
    return re.findall(r"[a-z]\d*", text)


def symbol(name: str, below: str) -> Value:
    at = letters_of(below)

    def value(p: Point) -> Any:
        return mpf(p.sizes[name]) if name in p.sizes else p.values[name, tuple(p.letters[c] for c in at)]
    return value


def number(text: str) -> Value:
    above, _, below = text.partition("/")
    return lambda _: mpf(int(above)) / int(below or 1)


def apply(name: str, args: list[Value]) -> Value:
    f = FUNCTIONS[name]
    return lambda p: f(*[a(p) for a in args])


class Reader:
    """What both notations share: signs, products, powers."""

    TOKENS: str

    def __init__(self, text: str) -> None:
        pattern = re.compile(self.TOKENS, re.VERBOSE)
        self.tokens, at = [], 0
        while at < len(text):
            found = pattern.match(text, at)
            assert found, f"no token at {text[at:at + 20]!r}"
            at = found.end()
            if found.lastgroup != "skip":
                self.tokens.append((found.lastgroup, found))
        self.n = 0

    def peek(self, ahead: int = 0) -> Any:
        return self.tokens[self.n + ahead][0] if self.n + ahead < len(self.tokens) else None

    def next(self, kind: str | None = None) -> Any:
        found, token = self.tokens[self.n]
        assert kind is None or found == kind, f"expected {kind}, found {token.group()!r}"
        self.n += 1
        return token

    def all(self) -> Value:
        value = self.signed()
        assert self.n == len(self.tokens), f"left over: {self.tokens[self.n][1].group()!r}"
        return value

    def signed(self) -> Value:
        parts = [(-1 if self.peek() == "minus" and self.next() else 1, self.product())]
        while self.peek() in ("plus", "minus"):
            parts.append((1 if self.next().group().strip() == "+" else -1, self.product()))
        return lambda p: sum((sign * value(p) for sign, value in parts), mpf(0))

    def product(self) -> Value:
        parts = [self.powered()]
        while self.starts():
            parts.append(self.powered())
        return self.over(parts)

    def over(self, parts: list[Value]) -> Value:
        def value(p: Point) -> Any:
            out = mpf(1)
            for f in parts:
                out = out * f(p)
            return out
        return value

    def powered(self) -> Value:
        base = self.factor()
        if self.peek() == "power":
            n = int(self.next().group("exponent"))
            return lambda p: base(p) ** n
        return base

    def sum(self, token: Any, letter: str, other: str | None, s: str | None) -> Value:
        body = self.product()
        return lambda p: p.over(letter, s or p.sets[letter], other, body)

    def starts(self) -> bool:
        raise NotImplementedError

    def factor(self) -> Value:
        raise NotImplementedError


def over(a: Value, b: Value) -> Value:
    return lambda p: a(p) * FUNCTIONS["inv"](b(p))


class TextReader(Reader):
    TOKENS = r"""(?P<skip>\s+(?![-+/]\s))|(?P<plus>\s\+\s)|(?P<minus>\s-\s|-)|(?P<slash>\s/\s)|(?P<by>/∂)|(?P<partial>∂)
        |(?P<sum>Σ_(?:(?P<s1>[a-z]\d*)|\{(?P<s2>[a-z]\d*)≠(?P<other>[a-z]\d*)\}))|δ_(?P<delta>[a-z]\d*[a-z]\d*)
        |(?P<power>\^(?P<exponent>\d+))|(?P<number>\d+(?:/\d+)?)|(?P<function>[a-z]+(?=\())
        |(?P<name>(?P<base>[A-Za-z]+)(?:_(?P<below>[a-z0-9]+))?)|(?P<open>\()|(?P<close>\))|(?P<comma>,)"""

    def starts(self) -> bool:
        return self.peek() in ("sum", "delta", "number", "function", "name", "open", "partial")

    def product(self) -> Value:
        above = super().product()
        return over(above, self.powered()) if self.peek() == "slash" and self.next() else above

    def factor(self) -> Value:
        token = self.next()
        match token.lastgroup:
            case "number":
                return number(token.group())
            case "name":
                return symbol(token["base"], token["below"] or "")
            case "delta":
                i, j = letters_of(token["delta"])
                return lambda p: mpf(int(p.letters[i] == p.letters[j]))
            case "sum":
                return self.sum(token, token["s1"] or token["s2"], token["other"], None)
            case "open":
                return self.closed()
            case "function":
                self.next("open")
                args = [self.signed()]
                while self.peek() == "comma" and self.next():
                    args.append(self.signed())
                self.next("close")
                return apply(token.group(), args)
            case "partial":
                body = self.closed() if self.peek() == "open" and self.next() else self.factor()
                self.next("by")
                v = self.next("name")
                return lambda p: p.slope(body, v["base"], letters_of(v["below"] or ""))
        raise AssertionError(token.group())

    def closed(self) -> Value:
        inner = self.signed()
        self.next("close")
        return inner


class LatexReader(Reader):
    TOKENS = r"""(?P<skip>\s+(?![-+]\s)|\\,)|(?P<plus>\s\+\s)|(?P<minus>\s-\s|-)|(?P<partial>\\partial)|(?P<frac>\\frac\{)
        |(?P<sum>\\sum_\{(?:(?P<s1>[a-z]\d*)=1\}\^\{(?P<set>\w+)\}|(?P<s2>[a-z]\d*)\s\\neq\s(?P<other>[a-z]\d*)\}))
        |\\delta_\{(?P<delta>[a-z]\d*[a-z]\d*)\}|(?P<exp>e\^\{)|(?P<power>\^\{(?P<exponent>\d+)\})|(?P<sqrt>\\sqrt\{)
        |(?P<step>\\mathbf\{1\}\\left\\\{)|(?P<positive>>\s0\s\\right\\\})|(?P<bar>\\left\|)|(?P<endbar>\\right\|)
        |(?P<log>\\log)|(?P<max>\\max)|(?P<number>\d+)|(?P<name>(?P<base>[A-Za-z])(?:_\{(?P<below>[a-z0-9]+)\})?)
        |(?P<open>\\left\()|(?P<close>\\right\))|(?P<comma>,)|(?P<end>\})|(?P<begin>\{)"""

    def starts(self) -> bool:
        return self.peek() in ("frac", "sum", "delta", "exp", "sqrt", "step", "bar", "log", "max", "number", "name", "open")

    def until(self, end: str) -> Value:
        inner = self.signed()
        self.next(end)
        return inner

    def factor(self) -> Value:
        token = self.next()
        match token.lastgroup:
            case "number":
                return number(token.group())
            case "name":
                return symbol(token["base"], token["below"] or "")
            case "delta":
                i, j = letters_of(token["delta"])
                return lambda p: mpf(int(p.letters[i] == p.letters[j]))
            case "sum":
                return self.sum(token, token["s1"] or token["s2"], token["other"], token["set"])
            case "open":
                return self.until("close")
            case "exp" | "sqrt":
                return apply(token.lastgroup, [self.until("end")])
            case "bar":
                return apply("abs", [self.until("endbar")])
            case "step":
                return apply("step", [self.until("positive")])
            case "log" if self.peek() == "name":
                return apply("log", [self.factor()])
            case "log":
                self.next("open")
                return apply("log", [self.until("close")])
            case "max":
                self.next("open")
                return apply("max", [self.until("comma"), self.until("close")])
            case "frac" if self.peek() == "partial":
                return self.partial()
            case "frac":
                above = self.until("end")
                self.next("begin")
                return over(above, self.until("end"))
        raise AssertionError(token.group())

    def partial(self) -> Value:
        self.next("partial")
        body = None if self.peek() == "end" else self.signed()
        self.next("end")
        self.next("begin")
        self.next("partial")
        v = self.next("name")
        self.next("end")
        if body is None:
            self.next("open")
            body = self.until("close")
        return lambda p: p.slope(body, v["base"], letters_of(v["below"] or ""))
