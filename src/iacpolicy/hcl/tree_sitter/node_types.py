"""The numbers of tree-sitter-hcl's node kinds, looked up by name once."""

from typing import Final

import tree_sitter
import tree_sitter_hcl

LANGUAGE: Final = tree_sitter.Language(tree_sitter_hcl.language())


def _kind(name: str, named: bool = True) -> int:
    number = LANGUAGE.id_for_node_kind(name, named)
    if number is None:
        raise LookupError(f"tree-sitter-hcl has no node kind {name!r}; this version of it is not supported")
    return number


BODY: Final = _kind("body")
ATTRIBUTE: Final = _kind("attribute")
BLOCK: Final = _kind("block")
BLOCK_START: Final = _kind("block_start")
BLOCK_END: Final = _kind("block_end")
IDENTIFIER: Final = _kind("identifier")
STRING: Final = _kind("string_lit")
COMMENT: Final = _kind("comment")

EXPRESSION: Final = _kind("expression")
LITERAL: Final = _kind("literal_value")
NUMBER: Final = _kind("numeric_lit")
BOOL: Final = _kind("bool_lit")
NULL: Final = _kind("null_lit")
TEMPLATE: Final = _kind("template_expr")
HEREDOC: Final = _kind("heredoc_template")
COLLECTION: Final = _kind("collection_value")
TUPLE: Final = _kind("tuple")
OBJECT: Final = _kind("object")
OBJECT_ITEM: Final = _kind("object_elem")
VARIABLE: Final = _kind("variable_expr")
CALL: Final = _kind("function_call")
ARGUMENTS: Final = _kind("function_arguments")
ELLIPSIS: Final = _kind("ellipsis")
FOR: Final = _kind("for_expr")
FOR_TUPLE: Final = _kind("for_tuple_expr")
FOR_INTRO: Final = _kind("for_intro")
FOR_CONDITION: Final = _kind("for_cond")
OPERATION: Final = _kind("operation")
UNARY: Final = _kind("unary_operation")
CONDITIONAL: Final = _kind("conditional")

GET_ATTR: Final = _kind("get_attr")
INDEX: Final = _kind("index")
NEW_INDEX: Final = _kind("new_index")
SPLAT: Final = _kind("splat")
FULL_SPLAT: Final = _kind("full_splat")
ATTR_SPLAT: Final = _kind("attr_splat")
PAREN_OPEN: Final = _kind("(", False)

STRIP_MARKER: Final = _kind("strip_marker")
TEMPLATE_LITERAL: Final = _kind("template_literal")
INTERPOLATION: Final = _kind("template_interpolation")
DIRECTIVE: Final = _kind("template_directive")
TEMPLATE_FOR: Final = _kind("template_for")
TEMPLATE_IF: Final = _kind("template_if")
ELSE_INTRO: Final = _kind("template_else_intro")
FOR_START: Final = _kind("template_for_start")
IF_INTRO: Final = _kind("template_if_intro")
KEYWORDS: Final = frozenset({_kind("for", False), _kind("in", False), _kind("if", False)})
