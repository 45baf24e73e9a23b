// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/preview.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "engine/runtime.h"
#include "methods/synthesizer_info.h"
#include "methods/parts/site_specs.h"
#include "runs/policy.h"

namespace vitrine::runs {
namespace fs = std::filesystem;
namespace {

using Sites = std::vector<graph::Site>;

/// A parameter that only counts while another one has a certain value.
struct Condition {
    std::string_view method, parameter, other;
    std::string_view values;  ///< of the other, between bars
};
constexpr std::array<Condition, 5> kConditions = {{
    {"baseline", "activation.percentile", "activation.observer", "|percentile|"},
    {"baseline", "activation.momentum", "activation.observer", "|ema|percentile|"},
    {"baseline", "weight.percentiles", "weight.observer", "|percentile|"},
    {"repq", "search.post_gelu", "repq.compat", "|false|"},
    {"repq", "calibration.prefix", "repq.compat", "|false|"},
}};

/// Collects what is wrong with one specification.
class Inspector {
  public:
    Inspector(const RunSpec& spec, const Sites& sites) : spec_(spec), sites_(sites) {}

    std::vector<Problem> inspect() {
        if (spec_.project.empty()) add("project", "no project is chosen", "choose a folder");
        path("model", spec_.model, "no network is chosen", "choose a checkpoint: safetensors, .pth or .pt");
        const auto known = std::find_if(methods::allMethods().begin(), methods::allMethods().end(),
                                        [&](const methods::MethodInfo& info) { return info.id == spec_.method; });
        if (known == methods::allMethods().end()) {
            add("method", spec_.method.empty() ? "no method is chosen" : "there is no method '" + spec_.method + "'", "choose a method");
            return std::move(problems_);
        }
        data(*known);
        parameters();
        numbers();
        rules(*known);
        return std::move(problems_);
    }

  private:
    void add(std::string field, std::string text, std::string remedy) {
        problems_.push_back({std::move(field), std::move(text), std::move(remedy), true});
    }
    void warn(std::string field, std::string text, std::string remedy) {
        problems_.push_back({std::move(field), std::move(text), std::move(remedy), false});
    }

    void path(const std::string& field, const fs::path& path, const std::string& absent, const std::string& remedy) {
        std::error_code ignored;
        if (path.empty()) return add(field, absent, remedy);
        if (!fs::exists(path, ignored)) add(field, "'" + path.string() + "' does not exist", "choose another, or put it back");
    }

    void images(const std::string& field, const DataSpec& data) {
        path(field, data.path, {}, {});
        if (!data.root.empty()) path(field, data.root, {}, {});
    }

    void data(const methods::MethodInfo& method) {
        if (spec_.synthetic && !spec_.calibration.path.empty())
            add("calibration", "calibration images are either made or read", "choose one of them");
        else if (spec_.synthetic)
            synthetic();
        else if (!spec_.calibration.path.empty())
            images("calibration", spec_.calibration);
        else if (method.needsData)
            add("calibration", method.title + " needs calibration images", "choose a table or a folder of images");
        if (!spec_.evaluation.path.empty())
            images("evaluation", spec_.evaluation);
        else
            warn("evaluation", "accuracy is not measured without evaluation images", "choose labelled images to see it");
    }

    void synthetic() {
        const auto& all = methods::allSynthesizers();
        const auto known = [this](const methods::SynthesizerInfo& info) { return info.id == spec_.synthetic->method; };
        if (std::none_of(all.begin(), all.end(), known))
            add("synthetic", "no method '" + spec_.synthetic->method + "' makes images", "choose another");
    }

    void parameters() {
        for (const ParameterSpec& parameter : spec_.parameters.schema()) {
            if (parameter.id == "calibration.count") calibrationCount(parameter.id);
            if (!spec_.parameters.isDefault(parameter.id)) condition(parameter.id);
        }
    }

    void calibrationCount(const std::string& id) {
        const auto chosen = static_cast<std::int64_t>(spec_.calibration.rows.size());
        if (chosen > 0 && spec_.parameters.integer(id) > chosen)
            warn(id, "only " + std::to_string(chosen) + " calibration images are chosen", "choose more, or use fewer");
    }

    void condition(const std::string& id) {
        for (const Condition& condition : kConditions) {
            if (condition.method != spec_.method || condition.parameter != id) continue;
            const std::string value = parameterText(spec_.parameters.value(condition.other));
            if (condition.values.find("|" + value + "|") == std::string_view::npos)
                warn(id, "has no effect while " + std::string(condition.other) + " is " + value, "reset it, or change the other");
        }
    }

    void numbers() {
        if (spec_.batch < 1) add("batch", "must be at least 1", "evaluate one or more images at once");
        if (spec_.device == "cpu") return;
        const std::vector<std::string> devices = engine::runtimeInfo().devices;
        if (std::find(devices.begin(), devices.end(), spec_.device) == devices.end())
            add("device", "there is no device '" + spec_.device + "' here", "choose cpu");
    }

    void rules(const methods::MethodInfo& method) {
        bool sound = true;
        for (std::size_t i = 0; i < spec_.rules.size(); ++i) {
            try {
                if (spec_.rules[i].pattern.empty()) fail(ErrorCode::invalidArgument, "the rule has no pattern", {}, "use '*' for every site");
                quant::resolve({{spec_.rules[i]}}, {});
            } catch (const Exception& exception) {
                sound = false;
                add(fieldOf(i), exception.error().what, exception.error().remedy);
            }
        }
        if (!sound || sites_.empty()) return;
        const PolicyPreview preview = previewPolicy(method.id, spec_.parameters, spec_.rules, sites_);
        const auto deciding = methods::decidingRules(preview.policy, sites_);
        for (std::size_t i = 0; i < spec_.rules.size(); ++i) rule(i, preview, deciding);
        const auto quantized = [](const auto& spec) { return spec.has_value(); };
        if (std::none_of(preview.specs.begin(), preview.specs.end(), quantized))
            warn("rules", "no site is quantized", "remove a rule that leaves everything in float");
    }

    void rule(std::size_t index, const PolicyPreview& preview, const std::vector<std::optional<std::size_t>>& deciding) {
        const std::size_t place = preview.extraFrom + index;
        if (preview.matched[place] == 0) return warn(fieldOf(index), "matches no site of this network", "look at the ids and roles of the sites");
        if (preview.decided[place] == 0) return warn(fieldOf(index), "later rules decide for all sites that it matches", "remove it, or move it down");
        const std::optional<quant::QuantizerSpec>& spec = spec_.rules[index].spec;
        if (!spec) return;
        std::size_t signedSites = 0;
        for (std::size_t site = 0; site < sites_.size(); ++site) {
            if (deciding[site] != place) continue;
            const std::string problem = methods::placementProblem(sites_[site], *spec);
            if (!problem.empty())
                return add(fieldOf(index), "'" + sites_[site].id + "' " + problem, "use one scale for the tensor or for each channel");
            signedSites += sites_[site].role != graph::Role::postSoftmax ? 1 : 0;
        }
        if (spec->kind != quant::QuantizerKind::uniform && signedSites > 0)
            warn(fieldOf(index), "a logarithmic quantizer makes negative values 0, at " + std::to_string(signedSites) + " sites",
                 "use it after softmax alone");
    }

    static std::string fieldOf(std::size_t rule) { return "rule " + std::to_string(rule + 1); }

    const RunSpec& spec_;
    const Sites& sites_;
    std::vector<Problem> problems_;
};

}  // namespace

PolicyPreview previewPolicy(const std::string& method, const ParameterSet& parameters,
                            const std::vector<quant::PolicyRule>& extraRules, const std::vector<graph::Site>& sites) {
    PolicyPreview preview{.policy = runPolicy(methods::methodInfo(method), parameters, extraRules)};
    const std::size_t rules = preview.policy.rules.size();
    preview.extraFrom = rules - extraRules.size();
    preview.specs = quant::resolve(preview.policy, sites);
    preview.decided.resize(rules);
    for (const quant::PolicyRule& rule : preview.policy.rules) {
        const auto matches = quant::resolve({{{rule.pattern, quant::QuantizerSpec{}}}}, sites);
        preview.matched.push_back(static_cast<std::size_t>(
            std::count_if(matches.begin(), matches.end(), [](const auto& match) { return match.has_value(); })));
    }
    for (const std::optional<std::size_t>& rule : methods::decidingRules(preview.policy, sites))
        if (rule) ++preview.decided[*rule];
    preview.scope = quant::scopeCard(sites, preview.specs);
    return preview;
}

std::vector<Problem> findProblems(const RunSpec& spec, const std::vector<graph::Site>& sites) {
    return Inspector(spec, sites).inspect();
}

}  // namespace vitrine::runs
