"""The words around mathematics that say what a relation is: a definition, a condition, an assignment."""
from __future__ import annotations

import re

CUE = re.compile(r"defin|given by|\blet\b|denote|\bwhere\b|in this case|becomes|written as|re-?writ|formulated|reduces to"
                 r"|定义|令|记|设|变为"
                 r"|\b(?:loss|cost|objective|error|energy)(?: function)?\s*(?:is|as|:)?\s*$"
                 r"|\bmeans?\b|其中|损失函数|形式|为：|得到：|is computed|we (have|use)|assum", re.I)
IF = re.compile(r"(\bif\b|\bwhen\b|\bfor\b|\bcase\b|当|若|如果|对于|情况)[\s*_(（,，:：]*$", re.I)
CONDITION = re.compile(r"(if|when|whenever|unless|provided|当|若|如果)\b", re.I)
ELSE = re.compile(r"\b(else|otherwise)\b[^.;]{0,12}$|否则[^。；]{0,6}$", re.I)
ASSIGNS = re.compile(r"\b(initiali[sz]e|update|set|return|increment)\b[^.\n]{0,30}$", re.I)
LET = re.compile(r"\b(let|define|where|put|with|choose)\b|令|设|记|其中", re.I)
OTHER_CLASS = re.compile(r"\b(?:incorrect|wrong|other)\s+class(?:es)?\s+\$?([a-z])\b", re.I)
SQUARED = re.compile(r"\bMSE\b|mean[ -]squared|squared error|均方|quadratic (loss|cost)", re.I)
