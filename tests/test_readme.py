"""The README's Python runs as it stands, and gives the numbers that its comments state."""

import ast
import re
from pathlib import Path

import pytest
import torch

README = Path(__file__).parent.parent / "README.md"


def blocks() -> list[str]:
    return re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)


def statements(block: str) -> list[tuple[str, bool, str]]:
    """Each statement of a block, whether it is an expression, and the comments from its last line to the next one."""
    lines, nodes = block.splitlines(), ast.parse(block).body
    ends = [node.lineno - 1 for node in nodes[1:]] + [len(lines)]
    return [
        (ast.unparse(node), isinstance(node, ast.Expr), " ".join(re.findall(r"#(.*)", "\n".join(lines[start:end]))))
        for node, start, end in zip(nodes, [(node.end_lineno or 1) - 1 for node in nodes], ends, strict=True)
    ]


def last_digit(text: str) -> object:
    """A number as it is written, its last digit give or take one: rounding differs from machine to machine."""
    return pytest.approx(float(text), abs=1.5 * 10 ** -len(text.split(".")[1]))


def test_the_examples_give_the_numbers_in_their_comments() -> None:
    names: dict[str, object] = {}
    compared = 0
    for source, is_expression, comment in [s for block in blocks() for s in statements(block)]:
        if not is_expression:
            exec(source, names)
            continue
        value = eval(source, names)
        stated = re.findall(r"\d+\.\d+", comment)
        if stated:
            numbers = torch.as_tensor(value).flatten().tolist()
            assert numbers == [last_digit(text) for text in stated], source
        if quoted := re.match(r' "(.*)"$', comment):
            assert value == quoted[1], source
        if listed := re.match(r" (\[.*\])", comment):
            assert value == ast.literal_eval(listed[1]), source
        compared += bool(stated or quoted or listed)
    assert compared >= 7
