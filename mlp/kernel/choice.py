"""Which network serves this process: the compiled one, or where there is no compiler PyTorch's, for everything.

The two agree to about a millionth, not to the last bit, so one of them serves every run from its first step.
"""

import logging
import threading
from typing import TYPE_CHECKING

import numpy as np
import torch

from mlp.dataset import Split
from mlp.kernel.examples import Examples, Plan
from mlp.kernel.torch_network import TorchNetwork
from mlp.model import Model
from mlp.settings import Settings

if TYPE_CHECKING:
    from mlp.kernel.compiled_network import CompiledNetwork

log = logging.getLogger(__name__)


_choosing = threading.Lock()
_chosen: "type[CompiledNetwork] | type[TorchNetwork] | None" = None


def network_of(model: Model) -> "CompiledNetwork | TorchNetwork":
    """The network of a model, ready to train, evaluate and draw words."""
    return compile_now()(model)


def is_compiled() -> bool:
    """Whether `network_of` answers at once."""
    return _chosen is not None


def compile_now() -> "type[CompiledNetwork] | type[TorchNetwork]":
    """Compile all that a run needs, or read it from the disk: half a minute the first time, then a tenth of a second.

    Whoever comes while it is compiled waits for it, and gets the same.
    """
    global _chosen
    with _choosing:
        _chosen = _chosen or _choose()
        return _chosen


def _choose() -> "type[CompiledNetwork] | type[TorchNetwork]":
    try:
        from mlp.kernel.apart import push_apart
        from mlp.kernel.compiled_network import CompiledNetwork

        push_apart(np.zeros((2, 2)), np.ones((2, 2)), 1, False, 0.1)
        _use(CompiledNetwork)
    except Exception as error:  # as where Numba has no build for this processor, or is not installed
        log.warning("Training without compiled code, some ten times slower: %s", error)
        torch.set_num_threads(1)  # a second thread makes steps of this size slower, and rounds otherwise
        return TorchNetwork
    return CompiledNetwork


def _use(kind: "type[CompiledNetwork]") -> None:
    """Each of its functions once, since Numba compiles at the first call."""
    model = Model(Settings(hidden=1, block_size=1, embedding_dim=1), 2)
    network, theta = kind(model), torch.zeros_like(model.theta)
    examples = Examples(Split(("a",), torch.tensor([[0], [1]]), torch.tensor([1, 0])), 1, 2)
    plan = Plan(np.arange(2), np.zeros(1, np.int64), np.full(1, 2))
    network.train(theta, theta.clone(), 0, examples, plan, model.settings)
    network.loss(examples)
    network.draw_words(np.zeros((1, 2)))
