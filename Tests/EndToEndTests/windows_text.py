"""Reads what was written for Windows as Windows does: command lines, batch files, PowerShell."""

import re

import tree_sitter_batch
import tree_sitter_powershell
from tree_sitter import Language, Parser

BATCH = Parser(Language(tree_sitter_batch.language()))
POWERSHELL = Parser(Language(tree_sitter_powershell.language()))


def arguments(line):
    """Splits a command line as CommandLineToArgvW does."""
    found, current, is_quoted, index = [], None, False, 0
    while index < len(line):
        backslashes = re.compile(r"\\*").match(line, index).group()
        after = line[index + len(backslashes) : index + len(backslashes) + 1]
        if backslashes:
            is_escape = after == '"'
            current = (current or "") + "\\" * (len(backslashes) // 2 if is_escape else len(backslashes))
            index += len(backslashes)
            if is_escape and len(backslashes) % 2:
                current += '"'
                index += 1
        elif after == '"':
            is_quoted, current, index = not is_quoted, current or "", index + 1
        elif after == " " and not is_quoted:
            found, current, index = found + ([] if current is None else [current]), None, index + 1
        else:
            current, index = (current or "") + after, index + 1
    return found + ([] if current is None else [current])


def batch_command(line, **variables):
    """What cmd.exe makes of a line without carets: `%%` is a percent sign, `%NAME%` a variable; and what is redirected or
    follows is cut off and returned apart."""
    expanded = re.sub(r"%%|%(\w+)%", lambda match: variables[match[1].lower()] if match[1] else "%", line)
    assert "^" not in expanded
    is_quoted = False
    for index, character in enumerate(expanded):
        if character == '"':
            is_quoted = not is_quoted
        elif character in "&|<>" and not is_quoted:
            return arguments(expanded[:index]), expanded[index:].strip()
    return arguments(expanded), ""


def parsed(parser, text):
    """The root of the syntax tree; nothing in it may be wrong."""
    root = parser.parse(text.encode()).root_node

    def wrong(node):
        found = [node] if node.is_error or node.is_missing else []
        return found + [other for child in node.children for other in wrong(child)]

    assert not wrong(root), [(node.start_point, node.text) for node in wrong(root)]
    return root


def nodes(root, kind):
    """All nodes of a kind, in the order of the text."""
    found = [root] if root.type == kind else []
    return found + [other for child in root.children for other in nodes(child, kind)]


def literals(root):
    """What the literals in single quotes of a PowerShell script hold."""
    return [node.text.decode()[1:-1].replace("''", "'") for node in nodes(root, "verbatim_string_characters")]
