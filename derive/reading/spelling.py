"""How LaTeX spells things: tables of commands by what they mean to a reader. Data only."""
from __future__ import annotations

RELATIONS = {
    "=": "=", ":=": ":=", "=:": ":=", "<": "<", ">": ">", "≤": "≤", "≥": "≥", "≠": "≠", "≈": "≈", "≜": ":=", "∈": "∈", "~~": "~",
    r"\le": "≤", r"\leq": "≤", r"\leqslant": "≤", r"\ge": "≥", r"\geq": "≥", r"\geqslant": "≥", r"\lt": "<", r"\gt": ">",
    r"\ne": "≠", r"\neq": "≠", r"\approx": "≈", r"\simeq": "≈", r"\cong": "≈", r"\doteq": "≈", r"\approxeq": "≈",
    r"\equiv": "=", r"\triangleq": ":=", r"\coloneqq": ":=", r"\coloneq": ":=", r"\eqqcolon": ":=", r"\defeq": ":=",
    r"\propto": "∝", r"\sim": "~", r"\in": "∈", r"\notin": "∉", r"\leftarrow": "←", r"\gets": "←", r"\to": "→",
    r"\rightarrow": "→",
    r"\longrightarrow": "→", r"\mapsto": "→", r"\longmapsto": "→", r"\ll": "<", r"\gg": ">", r"\subset": "⊂", r"\subseteq": "⊂",
    r"\succ": "≻", r"\succeq": "≻", r"\prec": "≺", r"\preceq": "≺",
}
NEGATED = {"=": "≠", "∈": "∉", "≠": "="}
CONNECTIVES = frozenset((r"\Rightarrow", r"\implies", r"\iff", r"\Leftrightarrow", r"\therefore", r"\because", r"\Longrightarrow",
                         r"\Longleftrightarrow", r"\land", r"\wedge", r"\forall", r"\exists"))
FUNCTIONS = frozenset(("log", "exp", "sqrt", "tanh", "sigmoid", "softmax", "relu", "max", "min", "abs", "sign", "cosh",
    "sinh", "diag",
                       "softplus", "logsumexp", "logsoftmax", "argmax", "argmin", "lim", "tr", "det", "sin", "cos"))
WORDS = {"ln": "log", "logarithm": "log", "Softmax": "softmax", "Sigmoid": "sigmoid", "ReLU": "relu", "Tanh": "tanh",
    "Exp": "exp",
         "Log": "log", "Max": "max", "sgn": "sign", "Diag": "diag", "LogSumExp": "logsumexp", "sigm": "sigmoid",
         "SoftMax": "softmax",
         "Tr": "tr", "trace": "tr"}
PROSE = frozenset((
    "if", "for", "and", "or", "where", "when", "with", "otherwise", "else", "then", "so", "since", "by", "let", "we", "have",
    "is",
    "the", "in", "of", "to", "from", "as", "such", "that", "hence", "thus", "because", "using", "all", "any", "each", "every",
    "iff",
    "case", "other", "subject", "note", "but", "only", "we have", "which", "given", "because"))
SPACES = frozenset((
    r"\,", r"\;", r"\!", r"\:", r"\ ", r"\>", "~", r"\limits", r"\nolimits", r"\displaystyle", r"\textstyle", r"\scriptstyle",
    r"\nonumber", r"\notag", r"\big", r"\Big", r"\bigg", r"\Bigg", r"\bigl", r"\bigr", r"\Bigl", r"\Bigr", r"\biggl", r"\biggr",
    r"\Biggl", r"\Biggr", r"\bigm", r"\left", r"\right", r"\middle", r"\hfill", r"\noindent", r"\centering", r"\allowbreak",
    r"\/",
    r"\scriptscriptstyle", r"\rm", r"\bf", r"\it", r"\strut", r"\,", r"\hline", r"\newline", r"\small", r"\large", r"\normalsize",
    r"\ensuremath", r"\mathstrut", r"\thinspace", r"\medspace", r"\relax", r"\smash", r"\mathop", r"\mathrel", r"\mathbin",
    r"\mathord"))
WIDE = frozenset((r"\quad", r"\qquad", r"\enspace", r"\hskip"))
DROPPED = frozenset((r"\label", r"\color", r"\hspace", r"\vspace", r"\textcolor", r"\phantom", r"\hphantom", r"\vphantom",
    r"\class",
                     r"\cite", r"\hspace*", r"\vspace*", r"\kern", r"\mspace", r"\cssId", r"\style"))
FONTS = {r"\mathbf": True, r"\bm": True, r"\boldsymbol": True, r"\pmb": True, r"\vec": True, r"\mathbfit": True, r"\bold": True,
         r"\symbf": True, r"\mathrm": False, r"\operatorname": False, r"\operatorname*": False, r"\mathit": False,
         r"\mathsf": False,
         r"\mathtt": False, r"\mathcal": False, r"\mathscr": False, r"\mathbb": False, r"\mathfrak": False, r"\mathnormal": False,
         r"\mathds": False, r"\mathbbm": False, r"\text": False, r"\textrm": False, r"\textbf": True, r"\textit": False,
         r"\mbox": False, r"\textnormal": False, r"\hbox": False, r"\textsf": False, r"\texttt": False, r"\mathup": False,
         r"\rm": False, r"\bf": True, r"\it": False, r"\emph": False, r"\symup": False, r"\textstyle": False}
TEXTS = frozenset((r"\text", r"\textrm", r"\textbf", r"\textit", r"\mbox", r"\textnormal", r"\hbox", r"\textsf", r"\texttt",
    r"\emph"))
ACCENTS = {r"\hat": "\u0302", r"\widehat": "\u0302", r"\bar": "\u0304", r"\overline": "\u0304", r"\tilde": "\u0303",
           r"\widetilde": "\u0303", r"\dot": "\u0307", r"\ddot": "\u0308", r"\check": "\u030c", r"\breve": "\u0306"}
WRAPPERS = frozenset((r"\boxed", r"\underline", r"\cancel", r"\bcancel", r"\fbox", r"\colorbox", r"\mathclap"))
BRACES = frozenset((r"\underbrace", r"\overbrace"))
OPENING = {"(": "(", "[": "[", r"\{": "{", r"\lbrace": "{", r"\lbrack": "[", r"\langle": "<", r"\lvert": "|", r"\lVert": "‖",
           r"\lfloor": "⌊", r"\lceil": "⌈", r"\lparen": "(", "（": "(", "【": "["}
CLOSING = {")": "(", "]": "[", r"\}": "{", r"\rbrace": "{", r"\rbrack": "[", r"\rangle": "<", r"\rvert": "|", r"\rVert": "‖",
           r"\rfloor": "⌊", r"\rceil": "⌈", r"\rparen": "(", "）": "(", "】": "["}
TIMES = {r"\cdot": "·", r"\times": "×", "*": "·", r"\ast": "·", "×": "×", "·": "·", r"\bullet": "·", r"\centerdot": "·",
         r"\odot": "⊙", r"\circ": "⊙", r"\otimes": "⊗", "⊙": "⊙", r"\oslash": "⊘", r"\bigodot": "⊙"}
BIG = {r"\sum": "sum", r"\prod": "prod", r"\int": "int", "∑": "sum", "∏": "prod", r"\bigcup": "union", r"\sum\nolimits": "sum"}
DOTS = frozenset((r"\dots", r"\ldots", r"\cdots", r"\vdots", r"\ddots", "...", "…", r"\dotsb", r"\dotsc", r"\dotsm", "⋯",
    r"\hdots"))
GREEK = frozenset((
    "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "vartheta", "iota", "kappa", "lambda",
    "mu",
    "nu", "xi", "pi", "rho", "varrho", "sigma", "tau", "upsilon", "phi", "varphi", "chi", "psi", "omega", "Gamma", "Delta",
    "Theta",
    "Lambda", "Xi", "Pi", "Sigma", "Phi", "Psi", "Omega", "Upsilon"))
SIGNS = {r"\partial": "∂", "∂": "∂", r"\nabla": "∇", "∇": "∇", r"\infty": "∞", r"\ell": "ℓ", r"\top": "⊤", r"\intercal": "⊤",
         r"\prime": "′", r"\blacksquare": "∎", r"\Box": "∎", r"\square": "∎", r"\qed": "∎", r"\imath": "i", r"\jmath": "j",
         r"\lbar": "|", r"\pm": "±", r"\mp": "∓", r"\varnothing": "∅", r"\R": "R", r"\dagger": "†", r"\star": "⋆", r"\%": "%",
         r"\_": "_", r"\#": "#", r"\&": "&", r"\$": "$", r"\Re": "ℜ", r"\setminus": "∖", r"\cup": "∪", r"\cap": "∩",
         r"\oplus": "⊕"}
ALIGNED = frozenset(("align", "aligned", "alignat", "alignedat", "gather", "gathered", "multline", "eqnarray", "split", "flalign",
                     "equation", "displaymath", "math", "dmath", "IEEEeqnarray", "subequations", "multlined"))
MATRICES = {"matrix": "(", "pmatrix": "(", "bmatrix": "[", "vmatrix": "|", "Vmatrix": "‖", "Bmatrix": "{", "smallmatrix": "(",
            "array": "(", "bsmallmatrix": "[", "psmallmatrix": "("}
