"""A value for numba that fills one register: `WIDTH` float32 numbers, with which a sum is done in one instruction.

Numba makes such instructions from plain loops by itself, but then leaves half of what the processor can do: it cannot
be told which numbers should stay in registers. With a type for the register it can, and the kernel is twice as fast.

A multiplication and the addition of its result may be done as one (`contract`), which rounds once instead of twice.
Nothing else may be reordered, so the same machine always gives the same bits.
"""

import operator
from collections.abc import Callable
from typing import Any

import llvmlite.binding as llvm
from llvmlite import ir
from numba import types
from numba.extending import intrinsic, models, overload, register_model
from numba.np.arrayobj import make_array

WIDTH = 16 if llvm.get_host_cpu_features().get("avx512f") else 8
CONTRACT = ("contract",)

FLOATS = ir.VectorType(ir.FloatType(), WIDTH)
INTS = ir.VectorType(ir.IntType(32), WIDTH)


class Lanes(types.Type):
    """The type of one such value."""

    def __init__(self) -> None:
        super().__init__(name=f"lanes{WIDTH}")


lanes = Lanes()


@register_model(Lanes)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Lanes) -> None:
        super().__init__(manager, kind, FLOATS)


@intrinsic
def load(context: Any, array: Any, at: Any) -> Any:
    """The `WIDTH` numbers of a flat array from place `at` on."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.load(_place(context, builder, signature, arguments, whole=True), align=4)

    return lanes(array, types.intp), build


@intrinsic
def store(context: Any, array: Any, at: Any, value: Any) -> Any:
    """Put `WIDTH` numbers into a flat array, from place `at` on."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.store(arguments[2], _place(context, builder, signature, arguments, whole=True), align=4)
        return context.get_dummy_value()

    return types.void(array, types.intp, lanes), build


@intrinsic
def spread(context: Any, array: Any, at: Any) -> Any:
    """All lanes the number at one place of a flat array."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        one = _place(context, builder, signature, arguments, whole=False)
        return _in_all_lanes(builder, builder.load(one, align=4))

    return lanes(array, types.intp), build


@intrinsic
def same(context: Any, number: Any) -> Any:
    """All lanes one number."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _in_all_lanes(builder, arguments[0])

    return lanes(types.float32), build


@intrinsic
def whole(context: Any, value: Any) -> Any:
    """The nearest whole numbers, of values below 2**22: adding 1.5 * 2**23 leaves no room for a fraction."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        big = ir.Constant(FLOATS, [1.5 * 2**23] * WIDTH)
        return builder.fsub(builder.fadd(arguments[0], big), big)

    return lanes(lanes), build


@intrinsic
def power_of_two(context: Any, value: Any) -> Any:
    """2 to the power of whole numbers from -127 to 127: they become the exponent bits of a float."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        exponents = builder.add(builder.fptosi(arguments[0], INTS), ir.Constant(INTS, [127] * WIDTH))
        return builder.bitcast(builder.shl(exponents, ir.Constant(INTS, [23] * WIDTH)), FLOATS)

    return lanes(lanes), build


@intrinsic
def total(context: Any, value: Any) -> Any:
    """The sum of all lanes: the upper half onto the lower one, until one is left."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        value, half = arguments[0], WIDTH // 2
        while half:
            moved = ir.Constant(INTS, [(lane + half) % WIDTH for lane in range(WIDTH)])
            value = builder.fadd(value, builder.shuffle_vector(value, ir.Constant(FLOATS, ir.Undefined), moved))
            half //= 2
        return builder.extract_element(value, ir.Constant(ir.IntType(32), 0))

    return types.float32(lanes), build


def _two(combine: Callable[[Any, Any, Any], Any]) -> Any:
    """An operation on two values."""

    @intrinsic
    def operation(context: Any, a: Any, b: Any) -> Any:
        def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return combine(builder, *arguments)

        return lanes(lanes, lanes), build

    return operation


def _arithmetic(name: str) -> Any:
    return _two(lambda builder, a, b: getattr(builder, name)(a, b, flags=CONTRACT))


def _chosen(comparison: str) -> Any:
    return _two(lambda builder, a, b: builder.select(builder.fcmp_ordered(comparison, a, b), a, b))


larger, smaller = _chosen(">"), _chosen("<")  # lane by lane; the second one where either is nan
_add, _subtract, _multiply, _divide = (_arithmetic(name) for name in ("fadd", "fsub", "fmul", "fdiv"))


@overload(operator.add)
def _plus(a, b):
    return (lambda a, b: _add(a, b)) if a == b == lanes else None


@overload(operator.sub)
def _minus(a, b):
    return (lambda a, b: _subtract(a, b)) if a == b == lanes else None


@overload(operator.mul)
def _times(a, b):
    return (lambda a, b: _multiply(a, b)) if a == b == lanes else None


@overload(operator.truediv)
def _by(a, b):
    return (lambda a, b: _divide(a, b)) if a == b == lanes else None


def _place(context: Any, builder: Any, signature: Any, arguments: Any, *, whole: bool) -> Any:
    """The address of a place in a flat array: of one number, or of as many as fill a register."""
    array = make_array(signature.args[0])(context, builder, arguments[0])
    one = builder.gep(array.data, [arguments[1]])
    return builder.bitcast(one, FLOATS.as_pointer()) if whole else one


def _in_all_lanes(builder: Any, number: Any) -> Any:
    nothing = ir.Constant(FLOATS, ir.Undefined)
    first = builder.insert_element(nothing, number, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(first, nothing, ir.Constant(INTS, [0] * WIDTH))
