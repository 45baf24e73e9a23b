// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "jobs/job.h"
#include "models/model.h"
#include "runs/run.h"

namespace vitrine::runs {

/// Images to make for a network, outside of any project.
struct SynthesisSpec {
    std::filesystem::path model;
    ParameterSet modelOverrides{models::overrideSchema()};
    SyntheticCalibration synthetic;
    std::filesystem::path output;  ///< folder for the pictures and the table; made where there is none
    std::uint64_t seed = 0;
    std::string device = "cpu";
};

struct SynthesisResult {
    results::SyntheticImages images;  ///< predictions, sheets, curves
    std::vector<std::string> files;   ///< names of the pictures in the folder
    std::string table;                ///< "images.csv": file,label,prepared,prediction,confidence and a column for each term of the loss
    std::vector<std::string> warnings;
    double seconds = 0;               ///< of the making alone
};

/// Makes the images and writes each as a PNG in true colours, of the size that the network takes. Values outside of what a picture
/// can hold are clipped. Labels and predictions are class numbers; without labels the column holds the prediction, so that the table
/// can calibrate and be evaluated on. Files of the same name are replaced. Throws what loading and methods::synthesize throw.
SynthesisResult synthesizeImages(const SynthesisSpec& spec, jobs::JobContext& context);

}  // namespace vitrine::runs
