// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "data/dataset.h"
#include "jobs/control.h"
#include "methods/method_info.h"
#include "models/model.h"
#include "project/project.h"
#include "runs/run.h"

namespace vitrine::runs {

/// What a run works on, once everything that the user named has been found to be sound.
struct RunInputs {
    models::LoadedModel model;
    data::ImageSet calibration;  ///< those that are used
    data::ImageSet evaluation;
    std::string calibrationHash;  ///< of content; empty without images
    std::string evaluationHash;
};

/// Opens and checks what `spec` names. Throws Exception(invalidArgument) naming what does not suit the method, and what loading
/// the model and opening the images throw.
RunInputs loadInputs(const methods::MethodInfo& method, const RunSpec& spec, const jobs::Control& control);

/// The record of a run that is about to begin, with its images.
project::RunRecord describeRun(const methods::MethodInfo& method, const project::Project& project, const RunSpec& spec,
                               const RunInputs& inputs);

/// Everything that the predictions of the float network depend on, as one text. `record` tells how the network was read.
std::string floatKey(const RunInputs& inputs, const project::RunRecord& record, const std::string& device);

}  // namespace vitrine::runs
