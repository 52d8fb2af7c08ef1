"""How the parameters lie in the kernel: every row of a matrix fills whole registers, so that no loop has a rest.

A model's flat `theta` holds C (V, d), W1 (K, H), b1 (H,), W2 (H, V), b2 (V,) and, with direct connections, W (K, V),
where K = T d inputs. Here they are C (V, d) as it is, W1 turned round (units, wide_inputs), b1 (units,),
W2 (units, wide_outputs), b2 (wide_outputs,) and W (inputs, wide_outputs). What is added is zero and stays zero.
"""

from typing import NamedTuple

import numpy as np

from mlp.kernel.compiling import compiled
from mlp.kernel.simd import WIDTH

ROWS = 8  # as many rows of a matrix are done at a time


class Shape(NamedTuple):
    """The sizes of a network: vocabulary V, embedding dimension d, hidden units H, block size T; then as they lie."""

    V: int
    d: int
    H: int
    T: int
    K: int
    direct: bool
    units: int
    inputs: int
    wide_inputs: int
    wide_outputs: int

    @classmethod
    def of(cls, V: int, d: int, H: int, T: int, direct: bool) -> "Shape":
        K = T * d
        return cls(V, d, H, T, K, direct, _up(H, ROWS), _up(K, ROWS), _up(K, WIDTH), _up(V, WIDTH))

    @property
    def parameters(self) -> int:
        """How many numbers theta holds."""
        return self.V * self.d + (self.K + 1) * self.H + (self.H + 1) * self.V + self.direct * self.K * self.V


def _up(size: int, step: int) -> int:
    return -(-size // step) * step


@compiled
def parts(flat, shape):
    """C, W1, b1, W2, b2 and W as flat pieces of an array in the kernel's layout; W is empty where there is none."""
    a = shape.V * shape.d
    b = a + shape.units * shape.wide_inputs
    c = b + shape.units
    d = c + shape.units * shape.wide_outputs
    e = d + shape.wide_outputs
    return flat[:a], flat[a:b], flat[b:c], flat[c:d], flat[d:e], flat[e:]


@compiled
def packed(theta, shape):
    """A new array in the kernel's layout with the numbers of `theta`."""
    rows = shape.inputs if shape.direct else 0
    size = shape.V * shape.d + shape.units * (shape.wide_inputs + 1 + shape.wide_outputs)
    flat = np.zeros(size + shape.wide_outputs * (1 + rows), np.float32)
    _copy(theta, flat, shape, True)
    return flat


@compiled
def unpack(flat, theta, shape):
    """The numbers of the kernel's layout put into `theta`."""
    _copy(theta, flat, shape, False)


@compiled
def _copy(theta, flat, shape, inwards):
    V, H, K = shape.V, shape.H, shape.K
    C, W1, b1, W2, b2, W = parts(flat, shape)
    at = 0
    at = _copy_rows(theta, at, C, 1, len(C), len(C), inwards)
    for k in range(K):
        for j in range(H):
            if inwards:
                W1[j * shape.wide_inputs + k] = theta[at]
            else:
                theta[at] = W1[j * shape.wide_inputs + k]
            at += 1
    at = _copy_rows(theta, at, b1, 1, H, H, inwards)
    at = _copy_rows(theta, at, W2, H, V, shape.wide_outputs, inwards)
    at = _copy_rows(theta, at, b2, 1, V, V, inwards)
    if shape.direct:
        _copy_rows(theta, at, W, K, V, shape.wide_outputs, inwards)


@compiled
def _copy_rows(theta, at, part, rows, width, step, inwards):
    """Rows of a part from or to `theta`, which has them from place `at` on; the place behind them."""
    for row in range(rows):
        for i in range(width):
            if inwards:
                part[row * step + i] = theta[at]
            else:
                theta[at] = part[row * step + i]
            at += 1
    return at
