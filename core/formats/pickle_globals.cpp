// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/pickle_globals.h"

#include <algorithm>
#include <iterator>

namespace vitrine::formats {
namespace {

using enum GlobalMeaning;

constexpr PickleGlobal kGlobals[] = {
    {"collections.OrderedDict", dictionary, {}},
    {"torch.Size", size, {}},
    {"torch._utils._rebuild_tensor", tensor, {}},
    {"torch._utils._rebuild_tensor_v2", tensor, {}},
    {"torch._utils._rebuild_tensor_v3", tensor, {}},
    {"torch._utils._rebuild_parameter", parameter, {}},
    {"torch._utils._rebuild_parameter_with_state", parameter, {}},
    {"torch.DoubleStorage", storage, DType::f64},
    {"torch.FloatStorage", storage, DType::f32},
    {"torch.HalfStorage", storage, DType::f16},
    {"torch.BFloat16Storage", storage, DType::bf16},
    {"torch.LongStorage", storage, DType::i64},
    {"torch.IntStorage", storage, DType::i32},
    {"torch.ShortStorage", storage, DType::i16},
    {"torch.CharStorage", storage, DType::i8},
    {"torch.ByteStorage", storage, DType::u8},
    {"torch.BoolStorage", storage, DType::boolean},
    {"torch.storage.UntypedStorage", storage, DType::u8},
    {"torch.ComplexFloatStorage", storage, {}},
    {"torch.ComplexDoubleStorage", storage, {}},
    {"torch.QInt8Storage", storage, {}},
    {"torch.QInt32Storage", storage, {}},
    {"torch.QUInt8Storage", storage, {}},
    {"torch.QUInt4x2Storage", storage, {}},
    {"torch.QUInt2x4Storage", storage, {}},
    {"torch.float64", dtype, DType::f64},
    {"torch.float32", dtype, DType::f32},
    {"torch.float16", dtype, DType::f16},
    {"torch.bfloat16", dtype, DType::bf16},
    {"torch.float8_e4m3fn", dtype, DType::f8e4m3},
    {"torch.float8_e5m2", dtype, DType::f8e5m2},
    {"torch.int64", dtype, DType::i64},
    {"torch.int32", dtype, DType::i32},
    {"torch.int16", dtype, DType::i16},
    {"torch.int8", dtype, DType::i8},
    {"torch.uint64", dtype, DType::u64},
    {"torch.uint32", dtype, DType::u32},
    {"torch.uint16", dtype, DType::u16},
    {"torch.uint8", dtype, DType::u8},
    {"torch.bool", dtype, DType::boolean},
    {"torch._utils._rebuild_sparse_tensor", foreignTensor, {}},
    {"torch._utils._rebuild_sparse_csr_tensor", foreignTensor, {}},
    {"torch._utils._rebuild_qtensor", foreignTensor, {}},
    {"torch._utils._rebuild_meta_tensor_no_storage", foreignTensor, {}},
    {"torch.serialization._get_layout", ignored, {}},
    {"torch.device", ignored, {}},
    {"argparse.Namespace", ignored, {}},
    {"numpy.core.multiarray.scalar", ignored, {}},
    {"numpy.core.multiarray._reconstruct", ignored, {}},
    {"numpy._core.multiarray.scalar", ignored, {}},
    {"numpy._core.multiarray._reconstruct", ignored, {}},
    {"numpy.dtype", ignored, {}},
    {"numpy.ndarray", ignored, {}},
    {"_codecs.encode", ignored, {}},
    {"collections.defaultdict", ignored, {}},
    {"collections.Counter", ignored, {}},
    {"collections.deque", ignored, {}},
    {"__builtin__.set", ignored, {}},
    {"__builtin__.dict", ignored, {}},
    {"__builtin__.list", ignored, {}},
    {"__builtin__.int", ignored, {}},
    {"__builtin__.float", ignored, {}},
    {"builtins.set", ignored, {}},
    {"builtins.dict", ignored, {}},
    {"builtins.list", ignored, {}},
    {"builtins.int", ignored, {}},
    {"builtins.float", ignored, {}},
    {"pathlib.PosixPath", ignored, {}},
    {"datetime.datetime", ignored, {}},
    {"yacs.config.CfgNode", ignored, {}},
};

}  // namespace

const PickleGlobal* findPickleGlobal(std::string_view qualifiedName) {
    const auto* found =
        std::find_if(std::begin(kGlobals), std::end(kGlobals),
                     [qualifiedName](const PickleGlobal& global) { return global.name == qualifiedName; });
    return found == std::end(kGlobals) ? nullptr : found;
}

}  // namespace vitrine::formats
