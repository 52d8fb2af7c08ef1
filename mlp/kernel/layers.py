"""The sums of one block of examples, each as a loop over registers.

A block is `BLOCK` examples, one a column: every buffer is (features, BLOCK), flat. So one weight meets as many examples
at once as a register has lanes.
"""

import numpy as np

from mlp.kernel.compiling import compiled
from mlp.kernel.layout import ROWS
from mlp.kernel.simd import WIDTH, larger, load, power_of_two, same, smaller, spread, store, total, whole

BLOCK = 32
TWO = 2 * WIDTH

f4 = np.float32


@compiled
def begin_with(out, bias, rows):
    """out[o, :] = bias[o]"""
    for o in range(rows):
        value = spread(bias, o)
        for c in range(0, BLOCK, WIDTH):
            store(out, o * BLOCK + c, value)


@compiled
def add_product(out, weights, row_step, inner_step, values, rows, inner):
    """out[o, :] += sum over i of weights[o, i] values[i, :], four rows and two registers at a time.

    The weight of row o and inner index i is at o row_step + i inner_step; `rows` is rounded up to a multiple of four.
    """
    for o in range(0, rows, 4):
        for c in range(0, BLOCK, TWO):
            at = o * BLOCK + c
            a0, b0 = load(out, at), load(out, at + WIDTH)
            a1, b1 = load(out, at + BLOCK), load(out, at + BLOCK + WIDTH)
            a2, b2 = load(out, at + 2 * BLOCK), load(out, at + 2 * BLOCK + WIDTH)
            a3, b3 = load(out, at + 3 * BLOCK), load(out, at + 3 * BLOCK + WIDTH)
            weight, value = o * row_step, c
            for _ in range(inner):
                u, v = load(values, value), load(values, value + WIDTH)
                w0, w1 = spread(weights, weight), spread(weights, weight + row_step)
                w2, w3 = spread(weights, weight + 2 * row_step), spread(weights, weight + 3 * row_step)
                a0, b0 = a0 + w0 * u, b0 + w0 * v
                a1, b1 = a1 + w1 * u, b1 + w1 * v
                a2, b2 = a2 + w2 * u, b2 + w2 * v
                a3, b3 = a3 + w3 * u, b3 + w3 * v
                weight += inner_step
                value += BLOCK
            store(out, at, a0), store(out, at + WIDTH, b0)
            store(out, at + BLOCK, a1), store(out, at + BLOCK + WIDTH, b1)
            store(out, at + 2 * BLOCK, a2), store(out, at + 2 * BLOCK + WIDTH, b2)
            store(out, at + 3 * BLOCK, a3), store(out, at + 3 * BLOCK + WIDTH, b3)


@compiled
def add_outer(onto, left, right, rows, width, keep):
    """onto[j, v] = keep onto[j, v] + sum over the examples b of left[j, b] right[b, v].

    `right` has an example a row, `width` numbers each: (BLOCK, width). `rows` is a multiple of eight.
    """
    k = same(keep)
    paired = width // TWO * TWO
    for j in range(0, rows, 4):
        for v in range(0, paired, TWO):
            at = j * width + v
            a0, b0 = k * load(onto, at), k * load(onto, at + WIDTH)
            a1, b1 = k * load(onto, at + width), k * load(onto, at + width + WIDTH)
            a2, b2 = k * load(onto, at + 2 * width), k * load(onto, at + 2 * width + WIDTH)
            a3, b3 = k * load(onto, at + 3 * width), k * load(onto, at + 3 * width + WIDTH)
            one, other = j * BLOCK, v
            for _ in range(BLOCK):
                x, y = load(right, other), load(right, other + WIDTH)
                w0, w1 = spread(left, one), spread(left, one + BLOCK)
                w2, w3 = spread(left, one + 2 * BLOCK), spread(left, one + 3 * BLOCK)
                a0, b0 = a0 + w0 * x, b0 + w0 * y
                a1, b1 = a1 + w1 * x, b1 + w1 * y
                a2, b2 = a2 + w2 * x, b2 + w2 * y
                a3, b3 = a3 + w3 * x, b3 + w3 * y
                one += 1
                other += width
            store(onto, at, a0), store(onto, at + WIDTH, b0)
            store(onto, at + width, a1), store(onto, at + width + WIDTH, b1)
            store(onto, at + 2 * width, a2), store(onto, at + 2 * width + WIDTH, b2)
            store(onto, at + 3 * width, a3), store(onto, at + 3 * width + WIDTH, b3)
    if paired < width:
        _add_last_column(onto, left, right, rows, width, k)


@compiled
def _add_last_column(onto, left, right, rows, width, k):
    """The last register of every row where their number is odd, eight rows at a time."""
    v = width - WIDTH
    for j in range(0, rows, ROWS):
        at = j * width + v
        a0, a1 = k * load(onto, at), k * load(onto, at + width)
        a2, a3 = k * load(onto, at + 2 * width), k * load(onto, at + 3 * width)
        a4, a5 = k * load(onto, at + 4 * width), k * load(onto, at + 5 * width)
        a6, a7 = k * load(onto, at + 6 * width), k * load(onto, at + 7 * width)
        one, other = j * BLOCK, v
        for _ in range(BLOCK):
            x = load(right, other)
            a0, a1 = a0 + spread(left, one) * x, a1 + spread(left, one + BLOCK) * x
            a2, a3 = a2 + spread(left, one + 2 * BLOCK) * x, a3 + spread(left, one + 3 * BLOCK) * x
            a4, a5 = a4 + spread(left, one + 4 * BLOCK) * x, a5 + spread(left, one + 5 * BLOCK) * x
            a6, a7 = a6 + spread(left, one + 6 * BLOCK) * x, a7 + spread(left, one + 7 * BLOCK) * x
            one += 1
            other += width
        store(onto, at, a0), store(onto, at + width, a1)
        store(onto, at + 2 * width, a2), store(onto, at + 3 * width, a3)
        store(onto, at + 4 * width, a4), store(onto, at + 5 * width, a5)
        store(onto, at + 6 * width, a6), store(onto, at + 7 * width, a7)


@compiled
def add_sums(onto, values, rows, keep):
    """onto[o] = keep onto[o] + the sum of values[o, :]"""
    for o in range(rows):
        value = load(values, o * BLOCK)
        for c in range(WIDTH, BLOCK, WIDTH):
            value = value + load(values, o * BLOCK + c)
        onto[o] = keep * onto[o] + total(value)


@compiled
def apply_tanh(values, count):
    """tanh in place, as a quotient of two polynomials (those of Eigen), right to 2e-7; beyond 9 it is 1, as in float32.

    With a 1 the slope is 0: were it 0.9999998, a saturated unit would go on learning a little.
    """
    high, low = same(f4(7.90531110763549805)), same(f4(-7.90531110763549805))
    nine, minus_nine, none, one, minus_one = same(f4(9)), same(f4(-9)), same(f4(0)), same(f4(1)), same(f4(-1))
    for i in range(0, count, WIDTH):
        unbounded = load(values, i)
        x = smaller(high, larger(low, unbounded))  # in this order nan stays nan
        y = x * x
        p = same(f4(-2.76076847742355e-16)) * y + same(f4(2.00018790482477e-13))
        p = p * y + same(f4(-8.60467152213735e-11))
        p = p * y + same(f4(5.12229709037114e-08))
        p = p * y + same(f4(1.48572235717979e-05))
        p = p * y + same(f4(6.37261928875436e-04))
        p = p * y + same(f4(4.89352455891786e-03))
        q = same(f4(1.19825839466702e-06)) * y + same(f4(1.18534705686654e-04))
        q = q * y + same(f4(2.26843463243900e-03))
        q = q * y + same(f4(4.89352518554385e-03))
        beyond = larger(none, unbounded - nine) + smaller(none, unbounded - minus_nine)
        store(values, i, smaller(one, larger(minus_one, p * x / q + beyond * same(f4(1e10)))))


@compiled
def times_slope_of_tanh(slopes, hidden, count):
    """slopes *= 1 - hidden**2"""
    one = same(f4(1))
    for i in range(0, count, WIDTH):
        h = load(hidden, i)
        store(slopes, i, load(slopes, i) * (one - h * h))


@compiled
def exponentiate(logits, V, largest, sums):
    """logits[v, :] becomes exp(logits[v, :] - largest), a softmax not yet divided by its sums; (BLOCK,) each."""
    for c in range(0, BLOCK, WIDTH):
        top = load(logits, c)
        for v in range(1, V):
            top = larger(top, load(logits, v * BLOCK + c))
        summed = same(f4(0))
        for v in range(V):
            value = _exp(load(logits, v * BLOCK + c) - top)
            store(logits, v * BLOCK + c, value)
            summed = summed + value
        store(largest, c, top)
        store(sums, c, summed)


@compiled
def _exp(x):
    """exp of numbers that are not positive: 2**k times a polynomial of the rest (that of Cephes), right to 2e-7."""
    x = larger(same(f4(-87.0)), x)
    k = whole(x * same(f4(1.44269504088896341)))
    r = x - k * same(f4(0.693359375)) + k * same(f4(2.12194440e-4))
    p = same(f4(1.9875691500e-4)) * r + same(f4(1.3981999507e-3))
    p = p * r + same(f4(8.3334519073e-3))
    p = p * r + same(f4(4.1665795894e-2))
    p = p * r + same(f4(1.6666665459e-1))
    p = p * r + same(f4(5.0000001201e-1))
    return (p * (r * r) + r + same(f4(1))) * power_of_two(k)


@compiled
def scale_columns(values, rows, factors):
    """values[o, :] *= factors"""
    for c in range(0, BLOCK, WIDTH):
        factor = load(factors, c)
        for o in range(rows):
            store(values, o * BLOCK + c, load(values, o * BLOCK + c) * factor)
