// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "analysis/images.h"
#include "jobs/control.h"
#include "jobs/progress.h"
#include "quant/quantized_model.h"
#include "results/artefacts.h"

namespace vitrine::analysis {

/// The error of a quantized model at each site and at the output of each block, measured two ways in one pass.
struct LayerErrorPair {
    results::LayerErrors local;        ///< each quantizer alone, on the values of the float network
    results::LayerErrors accumulated;  ///< everything before the site quantized too; weights as in `local`
};

/// Told after each block what is known so far: the blocks that were reached. `soFar` takes about a millisecond.
using WatchLayerErrors = std::function<void(const std::function<LayerErrorPair()>& soFar)>;

/// Compares `model` with its own graph in float, block by block and batch by batch, so that memory holds one block of
/// one batch. Where a method rewrote parameters without changing the function, that graph is the fair reference: the
/// values between a norm and the next layer have other scales in the source network. `progress` gets the share of the
/// images done. Throws Exception(stopped) when `control` is cancelled; a pause waits between batches, and work that
/// shall finish ends after the batch at hand: the result says how many images were compared.
LayerErrorPair layerErrors(const quant::QuantizedModel& model, const std::string& device, const Images& images,
                           jobs::Control& control, jobs::Progress& progress, const WatchLayerErrors& watch = {});

}  // namespace vitrine::analysis
