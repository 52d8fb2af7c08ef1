"""Numbers as the lesson pages write them: so many decimals, as long as that says something."""

import math

LARGE, TINY = 1e7, 1e-4


def not_finite(value: float) -> str:
    """What a number is that is none, in words, with its name in Python."""
    return "not a number (nan)" if math.isnan(value) else "infinite (inf)" if value > 0 else "infinite (−inf)"


def format_number(value: float, digits: int = 6) -> str:
    """A number with a fixed count of decimals; one too large or too small for that in powers of ten."""
    if not math.isfinite(value):
        return not_finite(value)
    if 0 < abs(value) < 0.5 * 10**-digits:
        return f"{value:.1e}"
    return f"{value + 0.0:.{digits}f}" if abs(value) < LARGE else f"{value:.4g}"


def format_size(value: float, digits: int = 5) -> str:
    """A number of any size with so many significant digits."""
    return f"{value:.{digits}g}" if math.isfinite(value) else not_finite(value)


def format_probability(probability: float) -> str:
    """A probability that says something also where it is next to nothing."""
    if not math.isfinite(probability):
        return not_finite(probability)
    return f"{probability:.2e}" if 0 < probability < TINY else f"{probability:.6f}"


def number(value: float, digits: int = 4) -> str:
    """A number with so many decimals and the minus of print; very large ones are shortened."""
    if not math.isfinite(value):
        return not_finite(value)
    written = f"{value:,.{digits}f}" if abs(value) < 1e6 else f"{value:.3e}"
    return written.replace("-", "−")


def ordinal(count: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th …"""
    ending = "th" if 10 <= count % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")
    return f"{count:,}{ending}"
