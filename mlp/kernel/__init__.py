"""Training, evaluation and sampling as machine code: one call for many updates, and no lock held meanwhile.

`choice.network_of(model)` gives the compiled network, or the same in PyTorch where there is no compiler.
"""
