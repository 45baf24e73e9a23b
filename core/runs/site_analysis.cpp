// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/site_analysis.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "analysis/distributions.h"
#include "base/error.h"
#include "base/hash.h"
#include "methods/parts/synthesis.h"
#include "project/project.h"
#include "quant/quantized_model.h"
#include "runs/image_data.h"
#include "runs/kept_images.h"
#include "runs/measurements.h"

namespace vitrine::runs {
namespace fs = std::filesystem;
namespace {

const project::InputRecord* findInput(const project::RunRecord& record, const std::string& role) {
    for (const project::InputRecord& input : record.inputs)
        if (input.role == role) return &input;
    return nullptr;
}

const project::InputRecord& inputOf(const project::RunRecord& record, const std::string& role) {
    if (const project::InputRecord* input = findInput(record, role)) return *input;
    fail(ErrorCode::notFound, "the run has no " + role + " input", record.id, "choose another run");
}

[[noreturn]] void changed(const std::string& role, const fs::path& path) {
    fail(ErrorCode::invalidArgument, "the " + role + " input is not the one the run read", path.string(), "put the old one back");
}

/// Histograms of one run, each kept in the project under a key of its own.
class SiteHistograms {
  public:
    SiteHistograms(const fs::path& folder, const std::string& run, jobs::JobContext& context)
        : project_(project::Project::open(folder)), record_(project_.run(run)), spec_(resumeSpec(folder, run)), context_(context) {}

    results::Histograms of(const std::vector<std::string>& sites) {
        std::vector<std::string> absent;
        for (const std::string& site : sites)
            if (!found_.contains(site) && !lookUp(site)) absent.push_back(site);
        if (!absent.empty()) measure(absent);
        results::Histograms result;
        for (const std::string& site : sites) result.sites.push_back(found_.at(site));
        context_.progress.finish();
        return result;
    }

  private:
    std::string key(const std::string& site) const {
        const project::InputRecord* calibration = findInput(record_, "calibration");
        const std::string images = calibration != nullptr ? calibration->contentHash : "synthetic";
        const std::string text = record_.id + " " + record_.started + " " + inputOf(record_, "model").hash + " " + images + " " + site;
        return "histogram-" + std::to_string(hashText(text));
    }

    bool lookUp(const std::string& site) {
        const std::optional<results::Artefact> known = project_.cached(key(site));
        const auto* histograms = known ? std::get_if<results::Histograms>(&known->payload) : nullptr;
        if (histograms == nullptr || histograms->sites.size() != 1 || histograms->sites[0].site != site) return false;
        found_[site] = histograms->sites[0];
        return true;
    }

    std::unique_ptr<methods::CalibrationData> loadImages(const graph::ModelInfo& info) {
        jobs::Progress progress = context_.progress.child(0.2, "load images");
        const project::InputRecord* input = findInput(record_, "calibration");
        if (input == nullptr) return synthetic(info);
        const data::ImageSet images = firstImages(openData(spec_.calibration, info), input->images);
        if (contentHash(images, spec_.calibration, context_.control) != input->contentHash) changed("calibration", spec_.calibration.path);
        return std::make_unique<LoadedImages>(images, preprocessingOf(info), context_.control, progress);
    }

    /// As the run keeps them, rounded to 8 bits a pixel.
    std::unique_ptr<methods::CalibrationData> synthetic(const graph::ModelInfo& info) const {
        const std::optional<at::Tensor> kept = keptImages(project_.runFolder(record_.id));
        if (!kept)
            fail(ErrorCode::notFound, "the run keeps no images that its sites could be measured on", record_.id,
                 "choose a run that read calibration images");
        return std::make_unique<methods::SyntheticData>(networkInput(kept->to(at::kFloat).div(255), preprocessingOf(info)));
    }

    /// What the run measured on the same images; nothing where it was stopped early, or on images before their rounding.
    results::ArtefactPtr intervals() const {
        const auto listed = [](const project::ArtefactRecord& artefact) { return artefact.id == "intervals"; };
        const bool whole = record_.state == project::RunState::finished && findInput(record_, "calibration") != nullptr;
        if (!whole || std::none_of(record_.artefacts.begin(), record_.artefacts.end(), listed)) return nullptr;
        return project_.artefact(record_.id, "intervals");
    }

    void measure(const std::vector<std::string>& sites) {
        jobs::Progress loading = context_.progress.child(0.1, "load");
        const models::LoadedModel source = models::loadModel(spec_.model, models::overridesFrom(spec_.modelOverrides));
        if (source.hash != inputOf(record_, "model").hash) changed("model", spec_.model);
        const quant::QuantizedModel model = quant::load(project_.modelFolder(record_.id), source.graph);
        loading.finish();
        const std::unique_ptr<methods::CalibrationData> images = loadImages(source.graph->info);
        const results::ArtefactPtr known = intervals();
        analysis::HistogramOptions options{.sites = sites};
        if (known != nullptr) options.known = std::get_if<results::Intervals>(&known->payload);
        jobs::Progress progress = context_.progress.child(0.7, "histograms");
        results::Histograms measured =
            analysis::histograms(model, spec_.device, measuredImages(*images), options, context_.control, progress);
        for (results::Histogram& histogram : measured.sites) keep(std::move(histogram));
    }

    void keep(results::Histogram histogram) {
        const bool whole = !context_.control.endedEarly();
        if (whole && !project_.readOnly())
            project_.cache(key(histogram.site), {"histogram", "Values before and after quantization", results::Histograms{{histogram}}});
        std::string site = histogram.site;
        found_[std::move(site)] = std::move(histogram);
    }

    project::Project project_;
    const project::RunRecord record_;
    const RunSpec spec_;
    jobs::JobContext& context_;
    std::map<std::string, results::Histogram> found_;
};

}  // namespace

results::Histograms siteHistograms(const fs::path& project, const std::string& run, const std::vector<std::string>& sites,
                                   jobs::JobContext& context) {
    at::init_num_threads();  // OpenMP counts threads for each thread that calls it
    return SiteHistograms(project, run, context).of(sites);
}

}  // namespace vitrine::runs
