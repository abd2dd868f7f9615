"""Numbers that are written with Chinese characters."""

HAN_FROM_ZERO = "零一二三四五六七八九"
HAN_UP_TO_TEN = "一二三四五六七八九十"
HAN_DIGITS = {c: n for n, c in enumerate(HAN_FROM_ZERO)} | {"〇": 0, "两": 2, "十": 10, "百": 100}


def han_number(text: str) -> int:
    """The value of a Chinese numeral: 三, 十三, 二十一, 二〇二一."""
    if not any(c in "十百" for c in text):
        return int("".join(str(HAN_DIGITS[c]) for c in text))
    total, digit = 0, 0
    for c in text:
        value = HAN_DIGITS[c]
        if value >= 10:
            total += max(digit, 1) * value
            digit = 0
        else:
            digit = value
    return total + digit
