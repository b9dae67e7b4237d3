"""Chinese for every phrase of a page, keyed by the English one: the message table. A missing phrase stays English.

A test goes through rules, headings, templates and the catalogue and fails on a phrase that is missing here.
"""
from __future__ import annotations

LANGUAGES = ("en", "zh")


def translate(text: str, lang: str) -> str:
    """The phrase in a language of LANGUAGES; English where it has no translation, as for a project's own entries."""
    return CHINESE.get(text, text) if lang == "zh" else text


CHINESE = {
    # templates
    "Symbols and definitions": "符号与定义", "Definitions": "定义", "symbol": "符号", "meaning": "含义", "shape": "维度",
    "scalar": "标量", "Theorem": "定理", "Proof": "证明", "If": "若", "if": "若", "and": "且", "then": "则", "that is,": "即",
    "Here": "此处",
    "with": "其中",
    "for all": "对所有",
    "from the cases": "由以上各情形",
    "Spent:": "用到的假设：",
    "spent": "用到",
    "Laws:": "所用定律：", "What the formulas presuppose": "公式的前提",
    "The definitions divide by terms or take logarithms; this is allowed everywhere, because":
        "定义中含有除法或对数；这处处成立，因为",
    "What the theorem does not say": "定理没有说的",
    "How far it was checked": "检验到哪一层",
    "level": "层次",
    "reached": "是否达到",
    "yes": "是", "no": "否", "not reached": "未达到",
    # levels of the ladder
    "derived": "已推导", "checked": "已检验", "cross_checked": "已复核", "certified": "已认证", "code_verified": "代码已验证",
    "accuracy": "精度",
    "the engine found a chain from the definition to the claim": "引擎找到了从定义到结论的推导链",
    "the kernel replayed it from the proof file, for every size": "内核由证明文件重放了证明，对任意规模成立",
    "SymPy on explicit sizes 1 to 4 gives exactly the same, and ball arithmetic at random points agrees":
        "SymPy 在具体规模 1 到 4 上得到完全相同的结果，随机点上的区间算术也一致",
    "a proof assistant accepted the exported proof": "证明助手接受了导出的证明",
    "each generated function, traced symbolically, equals the theorem": "每个生成的函数经符号追踪后等于定理",
    "worst error measured against 200-bit arithmetic": "与 200 位算术相比的最大误差",
    # limits
    "It is about real numbers: a program that computes with floating-point numbers rounds.":
        "它说的是实数；用浮点数计算的程序有舍入误差。",
    "Index sets are finite and not empty; their sizes stay symbols, so it holds for every size.":
        "下标集合有限且非空；规模始终是符号，因此对任意规模成立。",
    "It says what the derivative is, not how to compute it well.": "它说明导数是什么，而不是怎样算得好。",
    # headings
    "The derivative {partial}": "求导数 {partial}", "Case {equal}": "情形 {equal}", "Case {apart}": "情形 {apart}",
    "Both cases together: {partial}": "合并两种情形：{partial}", "The same for one-hot labels": "标签为 one-hot 时的做法",
    "The chain rule: {partial}": "链式法则：{partial}", "The theorem {about}": "定理：{about}",
    # rules and reasons
    "definition": "定义", "The symbol is replaced by what it stands for.": "把符号换成它的定义。",
    "quotient rule": "商的求导法则",
    "Derivative of the numerator times the denominator, minus numerator times derivative of the denominator, over the "
    "denominator squared, which is never 0.": "分子的导数乘分母，减去分子乘分母的导数，再除以分母的平方；分母恒不为 0。",
    "linearity": "线性",
    "Signs, sums and factors without the variable come out of the derivative.": "负号、求和与不含变量的因子可以提到导数之外。",
    "derivative of the logarithm": "对数的导数",
    "The derivative of a logarithm is the derivative of its argument over the argument, where that is positive.":
        "对数的导数等于真数的导数除以真数（真数为正）。",
    "product rule": "乘积的求导法则",
    "The derivative of the first factor times the second, plus the first times the derivative of the second.":
        "第一个因子的导数乘第二个因子，加上第一个因子乘第二个因子的导数。",
    "chain rule": "链式法则",
    "The outer function is differentiated first, times the derivative of the inner one.":
        "先对外层函数求导，再乘内层函数的导数。",
    "differentiation": "求导",
    "Each derivative is carried out; an entry of the variable by another entry gives a Kronecker delta, which picks one "
    "term of a sum.":
        "逐个求出导数；变量的一个分量对另一个分量求导得到克罗内克 δ，它从和式中选出一项。",
    "simplification": "化简",
    "What stands above and below cancels, and the definitions are recognised again.":
        "约去分子分母的公因子，并还原为已定义的符号。",
    "rearrangement": "整理", "The same expression in the form of the claim.": "把同一表达式写成结论的形式。",
    "result so far": "前面的结果", "The derivative found above, for these indices.": "前面求得的导数，取这里的下标。",
    "equal indices": "下标相等", "The Kronecker delta of equal indices is 1.": "下标相等时克罗内克 δ 为 1。",
    "different indices": "下标不等", "The Kronecker delta of different indices is 0.": "下标不等时克罗内克 δ 为 0。",
    "both cases": "两种情形", "For equal and for different indices this formula gives what the two cases give.":
        "无论下标相等与否，这个公式都给出上面两种情形的结果。",
    "hypothesis": "假设", "Of the sum only the term of the true class is left.": "和式中只剩下正确类别的那一项。",
    "value found above": "前面求得的值", "The value that was just found stands for the function.": "用刚才求得的值代替函数。",
    "The variable acts through every intermediate value; the contributions add up.": "变量通过每个中间量起作用，各部分贡献相加。",
    "substitution": "代入", "Both derivatives found above are put in.": "代入前面求得的两个导数。",
    "split the sum": "拆分和式", "The term whose Kronecker delta is 1 is taken out; in all others the delta is 0.":
        "把克罗内克 δ 为 1 的一项单独取出；其余各项中 δ 为 0。",
    "cancellation": "约分", "A factor above and below cancels, since it is not 0.": "分子分母的公因子不为 0，可以约去。",
    "common factor": "提取公因子", "The common factor is taken out.": "提取公因子。",
    "join the sum": "合并和式",
    "The single term completes the sum over all other indices to the whole sum.": "单独的一项与其余各项合成完整的和式。",
    "theorem above": "上面的定理", "This was proved without the hypothesis.": "这已在没有该假设时证明。",
    "Here the hypothesis is used.": "此处用到假设。",
    # the catalogue
    "Softmax with cross-entropy loss": "Softmax 与交叉熵损失", "The Jacobian of softmax": "Softmax 的雅可比矩阵",
    "Log-sum-exp and its gradient": "Log-sum-exp 及其梯度",
    "for any labels": "标签任意",
    "for labels that sum to 1": "标签之和为 1",
    "for one-hot labels: subtract 1 at the true class": "标签为 one-hot：在正确类别处减 1", "number of classes": "类别数",
    "logits (weighted inputs of the last layer)": "logits（最后一层的带权输入）",
    "outputs: the softmax of z": "输出：z 的 softmax",
    "labels: a distribution, or one-hot": "标签：概率分布或 one-hot", "cross-entropy loss": "交叉熵损失", "logits": "logits",
    "the softmax of z": "z 的 softmax", "number of arguments": "自变量个数", "arguments": "自变量",
    "their log-sum-exp, a smooth maximum": "它们的 log-sum-exp，即光滑的最大值",
}
