"""Finds the functions of a C++ file and their lengths, without a compiler.

A file is first blanked: comments, string and character literals and preprocessor lines become
spaces, so that every brace left is one of the language, and positions still give lines. Then braces
are matched. A brace at namespace or class scope opens a scope, an initialiser or a function,
according to the text between it and the end of what came before; what is inside a function,
lambdas included, belongs to it. A test case is a function too.
"""
import re
from dataclasses import dataclass

_SKIPPED = re.compile(
    r'''//(?:\\\n|[^\n])*
      | /\*.*?\*/
      | (?:u8|[uUL])?R"(?P<mark>[^\s()\\]{0,16})\(.*?\)(?P=mark)"
      | "(?:\\.|[^"\\\n])*"
      | (?<![0-9a-zA-Z_])'(?:\\.|[^'\\\n])+'
      | ^[ \t]*\#(?:\\\n|[^\n])*''', re.S | re.X | re.M)
_QUALIFIERS = re.compile(r'(?:\b(?:const|noexcept|override|final|mutable|try|volatile)\b|&&?|\s)+$')
_SCOPE = re.compile(r'\b(namespace|class|struct|union|enum|extern)\b')


@dataclass(frozen=True)
class Function:
    name: str
    line: int  # of the first word of its head
    length: int  # lines from there to the closing brace


def blank(text):
    """The text with comments, literals and preprocessor lines turned into spaces."""
    def spaces(match):
        kept = '""' if match.group().startswith(('"', 'R"')) else ''
        return kept + re.sub(r'[^\n]', ' ', match.group())[len(kept):]
    return _SKIPPED.sub(spaces, text)


def without_comments(text):
    """The text with comments turned into spaces."""
    def spaces(match):
        comment = match.group().startswith(('//', '/*'))
        return re.sub(r'[^\n]', ' ', match.group()) if comment else match.group()
    return _SKIPPED.sub(spaces, text)


def _without_angles(head):
    """Drops template parameter lists, whose words (class, typename, parentheses) mislead."""
    depth, kept = 0, []
    head = re.sub(r'operator\s*(<=>|<<|>>|<=|>=|->\*?|<|>|\(\s*\))', 'operator_', head)
    for i, c in enumerate(head):
        if c == '<':
            depth += 1
        elif c == '>' and depth and head[i - 1] != '-':
            depth -= 1
        elif not depth:
            kept.append(c)
    return ''.join(kept)


def _outside_parentheses(head):
    depth, kept = 0, []
    for c in head:
        if c == '(':
            depth += 1
        if not depth:
            kept.append(c)
        if c == ')':
            depth -= 1
            kept.append(')')
    return ''.join(kept)


def _kind(head):
    """What a brace after `head` opens: 'scope', 'function', 'member' (a constructor's
    initialiser of one member) or 'value'."""
    plain = _outside_parentheses(_without_angles(head))
    if '=' in plain.replace('==', ''):
        return 'function' if re.search(r'=\s*\[[^=]*$', plain) else 'value'
    if _SCOPE.search(plain) and ')' not in re.sub(r'\b(alignas|__attribute__)\s*\)', '', plain):
        return 'scope'
    if ')' not in plain:
        return 'value'
    after = plain[plain.index(')') + 1:]
    if re.search(r'(?<!:):(?!:)', after):  # a constructor's member initialisers
        return 'function' if plain.rstrip().endswith((')', '}')) else 'member'
    after = after.split('->')[0]
    after = re.sub(r'\brequires\b.*', '', after, flags=re.S).replace(')', '')
    return 'function' if not _QUALIFIERS.sub('', after).strip() else 'value'


def _name(head):
    plain = _without_angles(head)
    match = re.search(r'([~\w:]+|operator[^\w\s(]+|operator\s*\(\s*\))\s*\(', plain)
    return match.group(1) if match else plain.strip()[:40]


def _matching(text, opening):
    depth = 0
    for match in re.compile('[{}]').finditer(text, opening):
        depth += 1 if match.group() == '{' else -1
        if depth == 0:
            return match.start()
    return len(text) - 1


def functions(source):
    """The functions of a file, in its order."""
    text, found, start, i = blank(source), [], 0, 0
    starts_of_words = re.compile(r'\S')
    parentheses = 0
    while i < len(text):
        c = text[i]
        if c in '()':
            parentheses += 1 if c == '(' else -1
        elif c in ';}' and not parentheses:
            start = i + 1
        elif c == ':' and re.search(r'\b(public|private|protected)\s*$', text[start:i]):
            start = i + 1
        elif c == '{':
            head = text[start:i]
            kind = 'value' if parentheses else _kind(head)
            if kind == 'scope':
                start = i + 1
            else:
                end = _matching(text, i)
                if kind == 'function':
                    first = starts_of_words.search(text, start).start()
                    line = text.count('\n', 0, first) + 1
                    length = text.count('\n', first, end) + 1
                    found.append(Function(_title(source, text, first, head), line, length))
                    start = end + 1
                elif kind == 'member':
                    # Blanked, so that the body's head still ends like a list of initialisers.
                    text = text[:i] + re.sub(r'[^\n]', ' ', text[i:end]) + ')' + text[end + 1:]
                i = end
        i += 1
    return found


def _title(source, text, first, head):
    """A function's name; of a test case, its sentence."""
    name = _name(head)
    if name.startswith(('TEST_CASE', 'SCENARIO', 'TEMPLATE_TEST_CASE')):
        match = re.compile(r'"((?:\\.|[^"\\])*)"').search(source, first)
        return match.group(1) if match else name
    return name
