"""The check digits of Italian VAT numbers and fiscal codes."""

import re

_VAT = re.compile(r"[0-9]{11}")
# Letters LMNPQRSTUV may stand for digits, where two people would have had one code.
_DIGIT = "[0-9LMNPQRSTUV]"
_PERSON = re.compile(rf"[A-Z]{{6}}{_DIGIT}{{2}}[ABCDEHLMPRST]{_DIGIT}{{2}}[A-Z]{_DIGIT}{{3}}[A-Z]")
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# What the characters at odd places count; 0-9 count as A-J do.
_ODD = (
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
)  # fmt: skip


def is_vat_number(text: str) -> bool:
    """Whether the text is a VAT number: 11 digits, not all zero, with a right check digit."""
    if not _VAT.fullmatch(text) or not int(text):
        return False
    total = 0
    for place, character in enumerate(text):
        digit = int(character)
        doubled = digit * 2 - 9 if digit > 4 else digit * 2
        total += doubled if place % 2 else digit
    return total % 10 == 0


def is_fiscal_code(text: str) -> bool:
    """Whether the text is a person's fiscal code with its check character, or a company's 11 digits."""
    code = text.upper() if text.isascii() else text
    if _VAT.fullmatch(code):
        return True
    return bool(_PERSON.fullmatch(code)) and code[-1] == check_character(code[:15])


def check_character(first: str) -> str:
    """The sixteenth character that belongs to the first fifteen."""
    values = [int(one) if one.isdigit() else _ALPHABET.index(one) for one in first]
    total = sum(
        value if place % 2 else _ODD[value] for place, value in enumerate(values)
    )  # counted from 1 the even places are the odd ones here
    return _ALPHABET[total % 26]
