// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/project/sample_records.h"

#include <cmath>
#include <limits>

namespace vitrine::test {

project::RunRecord sampleRecord() {
    project::RunRecord record{.id = "r0007-repq",
                              .state = project::RunState::failed,
                              .method = "repq",
                              .methodTitle = "RepQ-ViT",
                              .seed = 18446744073709551615u,
                              .device = "cpu",
                              .threads = 4,
                              .batch = 32,
                              .family = "deit",
                              .architecture = "deit_tiny_patch16_224",
                              .started = "2026-11-21T01:45:12Z",
                              .ended = "2026-11-21T01:46:12Z",
                              .seconds = 1.0 / 3,
                              .peakMemoryBytes = 1 << 30};
    record.parameters = {{"weight.bits", std::int64_t{4}, "published", "bits", false},
                         {"percentile", 0.1, "code", "", true},
                         {"steps", 2.0, "ours", "", true},
                         {"compat", true, "ours", "", true},
                         {"observer", std::string("omse"), "code", "", true},
                         {"candidates", std::vector<double>{0.999, 1}, "code", "", true}};
    record.modelOverrides = {{"model.heads", std::int64_t{3}, "ours", "", false}};
    record.versions = {{"vitrine", "0.1.0"}, {"torch", "1.13"}};
    record.inputs = {{.role = "calibration",
                      .path = {"../images.csv", "/data/images.csv"},
                      .root = {"../images", "/data/images"},
                      .rows = {3, 1, 2},
                      .size = 12,
                      .hash = "00ff",
                      .contentHash = "11ff",
                      .images = 3}};
    record.stages = {{"calibrate", "Calibrate quantizers", 0.1}};
    record.assumptions = {"3 heads"};
    record.warnings = {"odd"};
    record.error = Error{ErrorCode::tooLarge, "too many images", "images.csv", "use fewer"};
    record.figures = {.floatTop1 = 80.5, .top1 = 0.1, .count = 968, .averageWeightBits = 4, .bops = 1e12};
    record.artefacts = {{"errors.local", "layer_errors", "Errors", "artefacts/errors.local.json"}};
    record.files = {{"artefacts/errors.local.json", 5, "22ff"}};
    return record;
}

std::vector<results::Artefact> sampleArtefacts() {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const double awkward = 0.1 + 0.2;
    return {
        {"errors.local", "Errors",
         results::LayerErrors{"local", 32, {{"blocks.0.x", "weight", "blocks.0", "uniform 4 bit", -infinity, awkward, 5e-324}}}},
        {"intervals", "Intervals", results::Intervals{{{"a", "query", 4, -1, infinity, -0.5, 0.5, -0.0, 1, 0.25, {awkward}}}}},
        {"histograms", "Histograms", results::Histograms{{{"a", -1, 1, {1, 2, 9007199254740993}, {3, 0, 0}, {0.5}}}}},
        {"search.loss", "Loss", results::Trace{"search.loss", "step", "loss", {0, 1}, {std::nan(""), awkward}}},
        {"table", "Table", results::Table{{{"site", "", false}, {"share", "%", true}, {"n", "", false}},
                                          {{std::string("inf"), infinity, std::int64_t{2}}, {std::string("b"), 2.0, std::int64_t{-1}}}}},
        {"accuracy.float", "Accuracy", results::Accuracy{"float", "set", 2, 50, 100, 9.5, 90.5, 99.5, std::nullopt, 0.1, {1, -1}, {7, 9}}},
        {"scope", "Scope", results::Scope{{{"weight", "uniform 4 bit", 12}}, 1e12, 2e12, awkward, 3, 4, 4.5, 8.25}},
        {"search.history", "Search",
         results::SearchHistory{.targets = {"a.weight", "b.weight"},
                                .evaluations = 12,
                                .rejected = 3,
                                .leftOut = 1,
                                .candidates = {{5, 0, 0, 0, awkward, awkward, awkward, true, 4, 0},
                                               {6, 1, 2, 1, infinity, 5e-324, infinity, false, 0, awkward}},
                                .sites = {{"a.weight", "weight", 1, 8, 4, {0.1F, 3e-8F}, {0.7F, 1.0F / 3}}},
                                .budgets = {{"weight_bits", "bits", awkward, 5.0}}}},
        {"synthesis.images", "Synthetic images",
         results::SyntheticImages{.method = "psaq",
                                  .width = 4,
                                  .height = 6,
                                  .columns = 2,
                                  .rows = 1,
                                  .images = {{7, 3, awkward}, {-1, -1, 1}},
                                  .sheets = {{.step = 5, .tileWidth = 1, .tileHeight = 2, .rgb = {0, 1, 2, 3, 4, 5, 253, 254, 255, 128, 127, 9}}},
                                  .steps = {0, 3},
                                  .terms = {{"contrastive", awkward, {{awkward, infinity}, {5e-324, -infinity}}}}}},
    };
}

project::Edits sampleEdits() {
    project::Edits edits{.name = "Study", .notes = "Why this was done.\nSecond line, with \"quotes\" and \xC3\xA9."};
    edits.models = {{"vit", {"../vit.safetensors", "/data/vit.safetensors"}, {{"model.crop", "0.9"}, {"model.heads", "3"}}},
                    {"other", {"../other.pth", "/data/other.pth"}, {}}};
    edits.imageSets = {
        {"small", project::ImageRole::calibration, {"../c.csv", "/data/c.csv"}, {"../images", "/data/images"}, "0-31", 32},
        {"large", project::ImageRole::evaluation, {"../e", "/data/e"}, {}, "", 1000}};
    edits.runs = {{"r0001-repq", {"first try", "looks good", "#12ab9F", true}}, {"r0002-baseline", {.note = "too coarse"}}};
    edits.draft = {.model = "vit",
                   .calibration = "small",
                   .evaluation = "large",
                   .method = "repq",
                   .parameters = {{"weight.bits", "4"}, {"observer", "omse"}},
                   .rules = {{"head.*", std::nullopt},
                             {"role:post_softmax", quant::QuantizerSpec{.kind = quant::QuantizerKind::logSqrt2, .bits = 4}}},
                   .seed = 18446744073709551615u,
                   .device = "cuda:0",
                   .batch = 64};
    return edits;
}

}  // namespace vitrine::test
