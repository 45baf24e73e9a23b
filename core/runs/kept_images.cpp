// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/kept_images.h"

#include <ATen/ATen.h>

#include "engine/tensors.h"
#include "formats/safetensors.h"
#include "project/synthetic_export.h"

namespace vitrine::runs {
namespace fs = std::filesystem;

std::optional<at::Tensor> keptImages(const fs::path& run) {
    const fs::path path = project::wholeImagesPath(run);
    if (std::error_code ignored; !fs::exists(path, ignored)) return std::nullopt;
    const TensorMap tensors = formats::readSafetensors(path);
    const auto found = tensors.find("images");
    const bool fits = found != tensors.end() && found->second.dtype == DType::u8 && found->second.shape.size() == 4 && found->second.shape[1] == 3;
    return fits ? std::optional(engine::toTorch(found->second)) : std::nullopt;
}

at::Tensor networkInput(const at::Tensor& pictures, const data::Preprocessing& wanted) {
    at::Tensor sized = pictures;
    if (pictures.size(2) != wanted.height || pictures.size(3) != wanted.width)
        sized = at::upsample_bilinear2d(pictures, {wanted.height, wanted.width}, false);
    if (wanted.channels == 1) sized = sized.narrow(1, 0, 1);
    const auto channels = [](const std::vector<float>& values) { return at::tensor(values).view({1, -1, 1, 1}); };
    return (sized - channels(wanted.mean)) / channels(wanted.standardDeviation);
}

}  // namespace vitrine::runs
