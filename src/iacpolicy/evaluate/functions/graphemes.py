"""Grapheme clusters: the units by which Terraform counts, cuts and reverses strings.

Extended grapheme clusters of https://www.unicode.org/reports/tr29/, the classes taken from the general categories that
Python knows and from the exceptions to them.
"""

from unicodedata import category

from iacpolicy.evaluate.values.errors import FunctionError

_ZWJ = "\u200d"
_EXTEND = frozenset(
    "\u09be\u09d7\u0b3e\u0b57\u0bbe\u0bd7\u0cc0\u0cc2\u0cc7\u0cc8\u0cca\u0ccb\u0cd5\u0cd6\u0d3e\u0d57\u0dcf\u0ddf\u1715"
    "\u1734\u1b35\u1b3b\u1b3d\u1b43\u1b44\u1baa\u1bf2\u1bf3\u200c\u302e\u302f\ua953\ua9c0\uff9e\uff9f\U000111c0\U00011235"
    "\U0001133e\U0001134d\U00011357\U000114b0\U000114bd\U000115af\U000116b6\U00011930\U0001193d\U00016ff0\U00016ff1"
    "\U0001d165\U0001d166\U0001d16d\U0001d16e\U0001d16f\U0001d170\U0001d171\U0001d172"
    "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
)
_NOT_SPACING = frozenset(
    "\u102b\u102c\u1038\u1062\u1063\u1064\u1067\u1068\u1069\u106a\u106b\u106c\u106d\u1083\u1087\u1088\u1089\u108a\u108b"
    "\u108c\u108f\u109a\u109b\u109c\u1a61\u1a63\u1a64\uaa7b\uaa7d\U00011720\U00011721"
)
_PREPEND = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e\U000110bd\U000110cd\U000111c2\U000111c3"
    "\U0001193f\U00011941\U00011a84\U00011a85\U00011a86\U00011a87\U00011a88\U00011a89\U00011d46"
)
_PICTOGRAPHS = (
    (0xA9, 0xA9),
    (0xAE, 0xAE),
    (0x203C, 0x203C),
    (0x2049, 0x2049),
    (0x2122, 0x2122),
    (0x2139, 0x2139),
    (0x2194, 0x21AA),
    (0x231A, 0x23FA),
    (0x24C2, 0x24C2),
    (0x25AA, 0x27BF),
    (0x2934, 0x2935),
    (0x2B05, 0x2B55),
    (0x3030, 0x303D),
    (0x3297, 0x3299),
    (0x1F000, 0x1F3FA),
    (0x1F400, 0x1FAFF),
    (0x1FC00, 0x1FFFD),
)


MAX_LENGTH = 1_000_000


def clusters(text: str) -> list[str]:
    """Return the grapheme clusters of a text.

    Raises:
        FunctionError: it is longer than `MAX_LENGTH` and not ASCII alone.
    """
    if text.isascii() and "\r\n" not in text:
        return list(text)
    if len(text) > MAX_LENGTH:
        raise FunctionError(f"characters are counted in at most {MAX_LENGTH} (limit: length of texts that are cut)")
    found: list[str] = []
    start = 0
    for index in range(1, len(text)):
        if _breaks(text, start, index):
            found.append(text[start:index])
            start = index
    if text:
        found.append(text[start:])
    return found


def _breaks(text: str, start: int, index: int) -> bool:
    """Report whether a cluster that began at `start` ends before `index`."""
    before, after = text[index - 1], text[index]
    if before < "\u0300" and after < "\u0300":
        return not (before == "\r" and after == "\n")
    if _is_control(before) or _is_control(after):
        return True
    joins = (
        after == _ZWJ
        or _extends(after)
        or _is_spacing(after)
        or before in _PREPEND
        or _hangul_joins(ord(before), ord(after))
        or (before == _ZWJ and _is_pictograph(after) and _is_pictograph(_before_marks(text, start, index - 1)))
        or (_is_regional(before) and _is_regional(after) and _odd_regionals(text, start, index))
    )
    return not joins


def _is_control(char: str) -> bool:
    kind = category(char)
    if kind in ("Cc", "Zl", "Zp"):
        return True
    return kind == "Cf" and not (char in _PREPEND or char in "\u200c\u200d" or "\U000e0020" <= char <= "\U000e007f")


def _extends(char: str) -> bool:
    if char in _EXTEND or "\U000e0020" <= char <= "\U000e007f":
        return True
    return category(char) in ("Mn", "Me") and char != "\U0001171e"


def _is_spacing(char: str) -> bool:
    if char in "\u0e33\u0eb3\U0001171e":
        return True
    return category(char) == "Mc" and char not in _NOT_SPACING


def _is_pictograph(char: str) -> bool:
    code = ord(char)
    return any(low <= code <= high for low, high in _PICTOGRAPHS) and not _is_regional(char)


def _is_regional(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _before_marks(text: str, start: int, end: int) -> str:
    """Return the base character of the combining marks before `end`."""
    index = end - 1
    while index > start and _extends(text[index]):
        index -= 1
    return text[max(index, start)]


def _odd_regionals(text: str, start: int, index: int) -> bool:
    """Report whether the cluster has an odd number of regional indicators, two of which make a flag."""
    count = 0
    while index - count > start and _is_regional(text[index - count - 1]):
        count += 1
    return count % 2 == 1


def _hangul_joins(before: int, after: int) -> bool:
    leading = 0x1100 <= before <= 0x115F or 0xA960 <= before <= 0xA97C
    vowel = 0x1160 <= after <= 0x11A7 or 0xD7B0 <= after <= 0xD7C6
    trailing = 0x11A8 <= after <= 0x11FF or 0xD7CB <= after <= 0xD7FB
    syllable = 0xAC00 <= before <= 0xD7A3
    if leading:
        return 0x1100 <= after <= 0x115F or 0xA960 <= after <= 0xA97C or vowel or 0xAC00 <= after <= 0xD7A3
    if (syllable and (before - 0xAC00) % 28 == 0) or 0x1160 <= before <= 0x11A7 or 0xD7B0 <= before <= 0xD7C6:
        return vowel or trailing
    return (syllable or 0x11A8 <= before <= 0x11FF or 0xD7CB <= before <= 0xD7FB) and trailing
