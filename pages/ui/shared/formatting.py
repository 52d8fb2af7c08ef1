"""Numbers as the lesson pages write them: so many decimals, as long as that says something."""

LARGE, TINY = 1e7, 1e-4


def format_number(value: float, digits: int = 6) -> str:
    """A number with a fixed count of decimals; one too large or too small for that in powers of ten."""
    if 0 < abs(value) < 0.5 * 10**-digits:
        return f"{value:.1e}"
    return f"{value + 0.0:.{digits}f}" if abs(value) < LARGE or value != value else f"{value:.4g}"


def format_probability(probability: float) -> str:
    """A probability that says something also where it is next to nothing."""
    return f"{probability:.2e}" if 0 < probability < TINY else f"{probability:.6f}"
