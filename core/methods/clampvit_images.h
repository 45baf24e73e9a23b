// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>

#include "methods/method.h"
#include "methods/parts/synthesis.h"

/// The images that CLAMP-ViT works on: synthetic ones that are made and renewed, or calibration images. Internal to the method.
namespace vitrine::methods::clamp {

/// Stage 1 and its part of the cycle. Not thread safe.
class Images {
  public:
    /// Images as `state` holds them, else before their first iteration.
    Images(MethodContext& context, const MethodState& state);

    /// Whether save() has put images there.
    static bool areIn(const MethodState& state) { return Synthesis::isIn(state); }

    bool synthetic() const { return synthesis_ != nullptr; }
    const at::Tensor& present() const;

    /// Makes the first images, with features of the float network; `save` is called about once a second.
    void make(jobs::Progress& progress, const std::function<void()>& save);

    /// Some more iterations from the present images, with features of `model` as "refresh.features" says. beginRefresh() starts
    /// them, and refresh() goes on with them, also after save() and a new start.
    void beginRefresh();
    void refresh(const quant::QuantizedModel& model, const std::function<void()>& save);

    /// Nothing for calibration images.
    void save(MethodState& state) const;

  private:
    void show() const;

    MethodContext& context_;
    std::unique_ptr<Synthesis> synthesis_;
    at::Tensor given_;
};

}  // namespace vitrine::methods::clamp
