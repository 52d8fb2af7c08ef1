"""The network in the kernel: training, evaluation and sampling, each one call that holds no lock."""

import numpy as np

from mlp.kernel.compiling import compiled
from mlp.kernel.layers import (
    BLOCK,
    add_outer,
    add_product,
    add_sums,
    apply_tanh,
    begin_with,
    exponentiate,
    scale_columns,
    times_slope_of_tanh,
)
from mlp.kernel.layout import packed, parts, unpack
from mlp.kernel.parts import HUGE

SGD, MOMENTUM, ADAM = 0, 1, 2
MOMENTUM_KEPT, FIRST_KEPT, SECOND_KEPT, LEAST_SIZE = 0.9, 0.9, 0.999, 1e-8

f4 = np.float32


@compiled
def train(theta, first, second, count, shape, X, Y, rows, begins, sizes, optimizer, rate, decay, keep, kept, losses):
    """One update for each of `sizes`, in place; whether the parameters are finite and small at the end.

    Args:
        theta, first, second: (parameters,) float32, the last two what the optimizer remembers of `count` gradients.
        X: (N * T,) and Y: (N,), int64. rows: which examples, of which update i takes sizes[i] from begins[i] on.
        keep: after how many updates theta, first and second are put into `kept`, (keep, 3, parameters), rising.
        losses: (updates,) float64, gets the mean loss in nats of the first batch, the last, and each after a kept step.
    """
    flat = packed(theta, shape)
    gradient, flat_first, flat_second = np.zeros_like(flat), packed(first, shape), packed(second, shape)
    buffers = make_buffers(shape)
    place = 0
    wanted = True
    for step in range(len(sizes)):
        B = sizes[step]
        wanted = wanted or step == len(sizes) - 1
        batch = rows[begins[step] : begins[step] + B]
        if optimizer == SGD and B <= BLOCK:  # the update is added straight onto the parameters
            scale, shrunk = f4(-rate / B), f4(1 - rate * decay)
            losses[step] = add_gradient(flat, flat, shape, X, Y, batch, scale, shrunk, buffers, wanted) / B
        else:
            gradient[:] = f4(0)
            losses[step] = add_gradient(flat, gradient, shape, X, Y, batch, f4(1 / B), f4(1), buffers, wanted) / B
            descend(flat, gradient, flat_first, flat_second, count + step + 1, optimizer, rate, decay)
        wanted = place < len(keep) and keep[place] == step + 1
        if wanted:
            _unpack_all(flat, flat_first, flat_second, kept[place, 0], kept[place, 1], kept[place, 2], shape, optimizer)
            place += 1
    _unpack_all(flat, flat_first, flat_second, theta, first, second, shape, optimizer)
    return _are_small(theta)


@compiled
def _unpack_all(flat, flat_first, flat_second, theta, first, second, shape, optimizer):
    unpack(flat, theta, shape)
    if optimizer != SGD:
        unpack(flat_first, first, shape)
        unpack(flat_second, second, shape)


@compiled
def _are_small(theta):
    """Whether parameters are finite, and so small that no loss before them can have overflowed unseen."""
    return (np.abs(theta) < HUGE).all()  # which nan is not


@compiled
def make_buffers(shape):
    """Room for one block: x, its slope, and x with an example a row; the same of the hidden layer and the logits."""
    return (
        np.zeros(shape.wide_inputs * BLOCK, f4), np.zeros(shape.wide_inputs * BLOCK, f4),
        np.zeros(BLOCK * shape.wide_inputs, f4), np.zeros(shape.units * BLOCK, f4), np.zeros(shape.units * BLOCK, f4),
        np.zeros(shape.wide_outputs * BLOCK, f4), np.zeros(BLOCK * shape.wide_outputs, f4),
        np.zeros(BLOCK, f4), np.zeros(BLOCK, f4),
    )  # fmt: skip


@compiled
def add_gradient(flat, onto, shape, X, Y, batch, scale, keep, buffers, wanted):
    """onto = keep onto + scale (the sum over the batch of the gradient); the summed loss in nats, 0 if not wanted.

    `keep` is for all parameters, so a batch of several blocks needs it to be 1. `onto` may be `flat` itself, of one
    block: then each matrix is changed when nothing needs it any more.
    """
    x, x_slope, x_rows, hidden, hidden_slope, logits, logit_rows, largest, sums = buffers
    C, W1, _, W2, _, W = parts(flat, shape)
    onto_C, onto_W1, onto_b1, onto_W2, onto_b2, onto_W = parts(onto, shape)
    V, d, K, T, units = shape.V, shape.d, shape.K, shape.T, shape.units
    loss = 0.0
    for begin in range(0, len(batch), BLOCK):
        block = batch[begin : begin + BLOCK]
        n = len(block)
        look_up(C, X, block, shape, x, x_rows)
        forward(flat, shape, x, hidden, logits)
        if wanted:
            for b in range(n):
                loss -= logits[Y[block[b]] * BLOCK + b]
        exponentiate(logits, V, largest, sums)
        if wanted:
            for b in range(n):
                loss += np.log(sums[b]) + largest[b]
        for b in range(BLOCK):
            sums[b] = scale / sums[b] if b < n else f4(0)  # what the last block has no example for counts nothing
        scale_columns(logits, V, sums)
        for b in range(n):
            logits[Y[block[b]] * BLOCK + b] -= scale  # now the slopes of the logits
        for b in range(BLOCK):
            for v in range(V):
                logit_rows[b * shape.wide_outputs + v] = logits[v * BLOCK + b]
        hidden_slope[:] = f4(0)
        add_product(hidden_slope, W2, shape.wide_outputs, 1, logits, units, V)
        times_slope_of_tanh(hidden_slope, hidden, units * BLOCK)
        x_slope[:] = f4(0)
        add_product(x_slope, W1, 1, shape.wide_inputs, hidden_slope, K, shape.H)
        if shape.direct:
            add_product(x_slope, W, shape.wide_outputs, 1, logits, K, V)
            add_outer(onto_W, x, logit_rows, shape.inputs, shape.wide_outputs, keep)
        add_outer(onto_W2, hidden, logit_rows, units, shape.wide_outputs, keep)
        add_outer(onto_W1, hidden_slope, x_rows, units, shape.wide_inputs, keep)
        add_sums(onto_b2, logits, V, keep)
        add_sums(onto_b1, hidden_slope, units, keep)
        if keep != f4(1):
            for i in range(len(onto_C)):
                onto_C[i] *= keep
        for b in range(n):
            for t in range(T):
                row = X[block[b] * T + t] * d
                for q in range(d):
                    onto_C[row + q] += x_slope[(t * d + q) * BLOCK + b]
    return loss


@compiled
def look_up(C, X, block, shape, x, x_rows):
    """The embeddings of the examples' contexts side by side, an example a column and an example a row."""
    T, d = shape.T, shape.d
    for b in range(len(block)):
        for t in range(T):
            row = X[block[b] * T + t] * d
            for q in range(d):
                value = C[row + q]
                x[(t * d + q) * BLOCK + b] = value
                x_rows[b * shape.wide_inputs + t * d + q] = value


@compiled
def forward(flat, shape, x, hidden, logits):
    """From the embeddings of a block to its hidden layer and its logits."""
    _, W1, b1, W2, b2, W = parts(flat, shape)
    begin_with(hidden, b1, shape.units)
    add_product(hidden, W1, shape.wide_inputs, 1, x, shape.units, shape.K)
    apply_tanh(hidden, shape.units * BLOCK)
    begin_with(logits, b2, shape.wide_outputs)
    add_product(logits, W2, 1, shape.wide_outputs, hidden, shape.V, shape.H)
    if shape.direct:
        add_product(logits, W, 1, shape.wide_outputs, x, shape.V, shape.K)


@compiled
def descend(flat, gradient, first, second, count, optimizer, rate, decay):
    """One update from a gradient, the `count`-th that the optimizer sees: the arithmetic of `torch.optim`."""
    r, w = f4(rate), f4(decay)
    if optimizer == SGD:
        for i in range(len(flat)):
            flat[i] -= r * (gradient[i] + w * flat[i])
    elif optimizer == MOMENTUM:
        kept = f4(MOMENTUM_KEPT)
        for i in range(len(flat)):
            first[i] = kept * first[i] + (gradient[i] + w * flat[i])
            flat[i] -= r * first[i]
    else:
        size, pace = f4(1 / np.sqrt(1 - SECOND_KEPT**count)), f4(rate / (1 - FIRST_KEPT**count))
        new1, kept2, new2, least = f4(1 - FIRST_KEPT), f4(SECOND_KEPT), f4(1 - SECOND_KEPT), f4(LEAST_SIZE)
        for i in range(len(flat)):
            slope = gradient[i] + w * flat[i]
            first[i] += new1 * (slope - first[i])
            second[i] = kept2 * second[i] + new2 * (slope * slope)
            flat[i] -= pace * (first[i] / (np.sqrt(second[i]) * size + least))


@compiled
def summed_loss(theta, shape, X, Y):
    """The summed cross-entropy in nats over examples X: (N * T,) and Y: (N,), int64."""
    flat = packed(theta, shape)
    x, _, x_rows, hidden, _, logits, _, largest, sums = make_buffers(shape)
    C = parts(flat, shape)[0]
    rows = np.arange(len(Y))
    loss = 0.0
    for begin in range(0, len(Y), BLOCK):
        block = rows[begin : begin + BLOCK]
        look_up(C, X, block, shape, x, x_rows)
        forward(flat, shape, x, hidden, logits)
        for b in range(len(block)):
            loss -= logits[Y[block[b]] * BLOCK + b]
        exponentiate(logits, shape.V, largest, sums)
        for b in range(len(block)):
            loss += np.log(sums[b]) + largest[b]
    return loss


@compiled
def draw_words(theta, shape, luck, words):
    """Fill words (count, longest), int64, character by character until the boundary, which is 0; what follows stays.

    luck: (count, longest) float64 in [0, 1). A draw is the first character at which the summed probability passes it.
    """
    flat = packed(theta, shape)
    C, W1, b1, W2, b2, W = parts(flat, shape)
    V, d, H, T = shape.V, shape.d, shape.H, shape.T
    x, logits = np.zeros(T * d, f4), np.zeros(shape.wide_outputs, f4)
    context = np.zeros(T, np.int64)
    count, longest = words.shape
    for word in range(count):
        context[:] = 0
        for at in range(longest):
            for t in range(T):
                x[t * d : (t + 1) * d] = C[context[t] * d : (context[t] + 1) * d]
            logits[:] = b2
            for j in range(H):
                summed = b1[j]
                for k in range(T * d):
                    summed += W1[j * shape.wide_inputs + k] * x[k]
                value = np.tanh(summed)
                for v in range(V):
                    logits[v] += value * W2[j * shape.wide_outputs + v]
            if shape.direct:
                for k in range(T * d):
                    for v in range(V):
                        logits[v] += x[k] * W[k * shape.wide_outputs + v]
            drawn = _pick(logits[:V], luck[word, at])
            words[word, at] = drawn
            if drawn == 0:
                break
            context[:-1] = context[1:].copy()
            context[-1] = drawn


@compiled
def _pick(logits, luck):
    """The first index at which the summed probability passes `luck`; the last one where rounding leaves none."""
    chances = np.exp((logits - logits.max()).astype(np.float64))
    share = luck * chances.sum()
    passed = 0.0
    for v in range(len(chances)):
        passed += chances[v]
        if passed > share:
            return v
    return len(chances) - 1
