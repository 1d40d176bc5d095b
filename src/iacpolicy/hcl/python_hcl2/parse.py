"""The second parser: conversion of python-hcl2's tree to the syntax tree.

It is used on platforms without a wheel of tree-sitter, and for comparison in the tests. It is slow, stops at the first
error of a file, and does not check HCL's rules about lines. `fixtures/syntax/differences.toml` lists the differences of
its result.
"""

from contextlib import suppress

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import file_start
from iacpolicy.hcl.ast import Body, Comment, File
from iacpolicy.hcl.python_hcl2.bodies import body
from iacpolicy.hcl.python_hcl2.tree import Hcl2ParseError, LarkTree, TooDeepError, check_depth, lark_tree
from iacpolicy.hcl.shared.conversion import Conversion
from iacpolicy.hcl.tree_sitter.brackets import BracketScan, UnsoundError


def parse_python_hcl2(source: SourceFile) -> tuple[File, tuple[Diagnostic, ...]]:
    """Parse HCL's native syntax with python-hcl2, all of a file or nothing."""
    empty = Body(start=0, end=len(source.text), attributes=(), blocks=())
    cx = Conversion(source)
    try:
        root = lark_tree(source.text)
        check_depth(root)
        whole = body(cx, LarkTree(root, 0), 0, len(source.text))
    except ModuleNotFoundError:
        missing = error(
            "python-hcl2 is not installed",
            "The parser python-hcl2 was requested, but it is not installed. Run `pip install iacpolicy[hcl2]`.",
            file_start(source.path),
        )
        return File(path=source.path, body=empty), (missing,)
    except TooDeepError:
        deep = error(
            "Nesting too deep",
            "The expressions or blocks of this file nest too deep to be read. Move inner parts into local values.",
            file_start(source.path),
        )
        return File(path=source.path, body=empty), (deep,)
    except Hcl2ParseError as refused:
        return File(path=source.path, body=empty), (refused.diagnostic(source),)
    return File(path=source.path, body=whole, comments=_comments(source)), cx.problems


def _comments(source: SourceFile) -> tuple[Comment, ...]:
    scan = BracketScan(source, source.text, 0, len(source.text))
    with suppress(UnsoundError):
        scan.run()
    return tuple(Comment(start=start, end=end, line=source.position(start)[0]) for start, end in scan.comments)
