// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>

#include "analysis/images.h"
#include "jobs/control.h"
#include "jobs/progress.h"
#include "methods/method.h"
#include "quant/quantized_model.h"
#include "results/artefacts.h"

namespace vitrine::runs {

/// What was quantized and how, and what it costs.
results::Scope scopeOf(const quant::QuantizedModel& model);

/// The images that are measured: the first 32, eight at a time.
analysis::Images measuredImages(const methods::CalibrationData& data);

/// Where measurements go.
struct Findings {
    std::function<void(results::Artefact)> whole;
    /// May ask for what is known so far of the artefact `id`. It is called often; `make` costs up to 20 ms.
    std::function<void(const std::string& id, const std::function<results::Artefact()>& make)> soFar;
};

/// What every run measures on its calibration images when its method is done: errors of layers, intervals of sites and
/// histograms of some. Throws Exception(stopped) when cancelled; work that shall finish looks at fewer images.
void measureModel(const quant::QuantizedModel& model, const std::string& device, const methods::CalibrationData& data,
                  const Findings& findings, jobs::Control& control, jobs::Progress& progress);

}  // namespace vitrine::runs
