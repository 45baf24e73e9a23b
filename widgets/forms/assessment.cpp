// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCoreApplication>
#include <algorithm>
#include <limits>
#include <map>

#include "base/error.h"
#include "data/dataset.h"
#include "graph/sites.h"
#include "methods/method_info.h"
#include "methods/parts/site_specs.h"
#include "quant/quantized_model.h"
#include "widgets/forms/draft.h"
#include "widgets/forms/parameter_text.h"

namespace vitrine::widgets {
namespace {

/// Makes a specification of a draft and notes what cannot be read of it.
class Assessor {
  public:
    explicit Assessor(const AssessmentRequest& request) : request_(request), draft_(request.draft) {
        if (request.network) sites_ = request.network->sites;
    }

    Assessment assess() {
        spec_.project = request_.folder;
        model();
        spec_.calibration = images("calibration", draft_.calibration);
        spec_.evaluation = images("evaluation", draft_.evaluation);
        const auto& known = methods::allMethods();
        const auto method = std::find_if(known.begin(), known.end(), [&](const auto& info) { return info.id == draft_.method; });
        spec_.method = draft_.method;
        if (method != known.end()) spec_.parameters = parameters(method->parameters, draft_.parameters);
        spec_.rules = draft_.rules;
        spec_.seed = draft_.seed;
        spec_.device = draft_.device;
        spec_.batch = draft_.batch;
        collect();
        if (method != known.end()) describe(*method);
        if (!result_.effects) result_.effects = std::make_shared<const PolicyEffects>();
        result_.command = runs::commandLine(spec_);
        result_.spec = std::move(spec_);
        return std::move(result_);
    }

  private:
    void note(const std::string& field, const Error& error) { result_.problems.push_back({field, error.what, error.remedy, true}); }

    ParameterSet parameters(const ParameterSchema& schema, const std::map<std::string, std::string>& texts) {
        ParameterSet set(schema);
        for (const auto& [id, text] : texts) {
            const bool known = std::any_of(schema.begin(), schema.end(), [&key = id](const auto& spec) { return spec.id == key; });
            if (!known) continue;  // of another method or version: the form does not show it either
            try {
                set.setText(id, text);
            } catch (const Exception& exception) {
                note(id, exception.error());
            }
        }
        return set;
    }

    void model() {
        const project::ModelEntry* entry = findModel(request_.edits, draft_.model);
        if (entry == nullptr) return;
        spec_.model = locate(request_.folder, entry->path);
        spec_.modelOverrides = parameters(models::overrideSchema(), entry->overrides);
    }

    runs::DataSpec images(const std::string& field, const std::string& name) {
        const project::ImageSetEntry* entry = findImages(request_.edits, name);
        if (entry == nullptr) {
            if (!name.empty()) note(field, {ErrorCode::notFound, "the project has no images '" + name + "'", {}, "choose others"});
            return {};
        }
        runs::DataSpec data{.path = locate(request_.folder, entry->path)};
        if (!entry->root.empty()) data.root = locate(request_.folder, entry->root);
        (field == "calibration" ? calibrationImages_ : evaluationImages_) = entry->images;
        if (entry->rows.empty()) return data;
        try {
            const std::int64_t count = entry->images > 0 ? entry->images : std::numeric_limits<std::int32_t>::max();
            data.rows = data::readRows(entry->rows, count);
            (field == "calibration" ? calibrationImages_ : evaluationImages_) = static_cast<std::int64_t>(data.rows.size());
        } catch (const Exception& exception) {
            note(field, exception.error());
        }
        return data;
    }

    void collect() {
        for (runs::Problem& problem : runs::findProblems(spec_, sites_)) {
            const bool said = std::any_of(result_.problems.begin(), result_.problems.end(),
                                          [&](const auto& known) { return known.field == problem.field && known.fatal; });
            if (!said) result_.problems.push_back(std::move(problem));
        }
        std::stable_partition(result_.problems.begin(), result_.problems.end(), [](const auto& problem) { return problem.fatal; });
    }

    /// The problem of own rule `index`, as findProblems() names it.
    void explain(RuleEffect& effect, std::size_t index) const {
        for (const runs::Problem& problem : result_.problems) {
            if (problem.field != "rule " + std::to_string(index + 1)) continue;
            effect.problem = problemText(problem.text, problem.remedy);
            effect.fatal = problem.fatal;
            return;
        }
        // Core looks at what rules match once all of them can be read; here each is told alone.
        if (effect.caught == 0)
            effect.problem = QCoreApplication::translate("vitrine::widgets::PolicyModel",
                                                         "It matches no site of this network. Look at the ids and roles of the sites.");
        else if (effect.decided.empty())
            effect.problem = QCoreApplication::translate("vitrine::widgets::PolicyModel",
                                                         "Later rules decide for all sites that it matches. Remove it, or move it down.");
    }

    void describe(const methods::MethodInfo& method) {
        // A rule that names no role would void the counts of all others.
        std::vector<quant::PolicyRule> sound;
        std::vector<std::size_t> places;
        for (std::size_t i = 0; i < draft_.rules.size(); ++i) {
            const std::string& pattern = draft_.rules[i].pattern;
            const bool wrong = pattern.empty() || (pattern.starts_with("role:") && !graph::roleFromName(pattern.substr(5)));
            if (wrong) continue;
            sound.push_back(draft_.rules[i]);
            places.push_back(i);
        }
        const runs::PolicyPreview preview = runs::previewPolicy(method.id, spec_.parameters, sound, sites_);
        auto effects = std::make_shared<PolicyEffects>();
        effects->methodRules.assign(preview.policy.rules.begin(),
                                    preview.policy.rules.begin() + static_cast<std::ptrdiff_t>(preview.extraFrom));
        if (request_.network) count(preview, places, *effects);
        result_.effects = std::move(effects);
        if (!request_.network) return;
        result_.scope = preview.scope;
        result_.figures = figuresOf(preview);
        result_.estimate = runs::estimate({.network = *request_.network->graph,
                                           .method = method.id,
                                           .parameters = spec_.parameters,
                                           .calibrationImages = calibrationImages_,
                                           .evaluationImages = evaluationImages_,
                                           .batch = spec_.batch,
                                           .runs = request_.runs});
    }

    /// Scales are not known before a run, and none of these figures counts them.
    project::RunFigures figuresOf(const runs::PolicyPreview& preview) const {
        std::map<std::string, quant::Encoding> encodings;
        for (std::size_t site = 0; site < sites_.size(); ++site)
            if (preview.specs[site]) encodings[sites_[site].id].bits = preview.specs[site]->bits;
        const quant::Cost cost = quant::cost(*request_.network->graph, encodings);
        return {.averageWeightBits = cost.averageWeightBits, .averageActivationBits = cost.averageActivationBits, .sizeBytes = cost.sizeBytes, .bops = cost.bops};
    }

    void count(const runs::PolicyPreview& preview, const std::vector<std::size_t>& places, PolicyEffects& effects) const {
        effects.ofMethod.resize(preview.extraFrom);
        effects.ofOwn.resize(draft_.rules.size());
        const auto effectOf = [&](std::size_t rule) -> RuleEffect& {
            return rule < preview.extraFrom ? effects.ofMethod[rule] : effects.ofOwn[places[rule - preview.extraFrom]];
        };
        for (std::size_t rule = 0; rule < preview.matched.size(); ++rule) effectOf(rule).caught = preview.matched[rule];
        const auto deciding = methods::decidingRules(preview.policy, sites_);
        for (std::size_t site = 0; site < sites_.size(); ++site)
            if (deciding[site]) effectOf(*deciding[site]).decided.push_back(sites_[site].id);
        for (std::size_t own = 0; own < effects.ofOwn.size(); ++own) explain(effects.ofOwn[own], own);
    }

    const AssessmentRequest& request_;
    const project::RunDraft& draft_;
    std::vector<graph::Site> sites_;
    runs::RunSpec spec_;
    Assessment result_;
    std::int64_t calibrationImages_ = 0, evaluationImages_ = 0;
};

}  // namespace

bool Assessment::runnable() const {
    return std::none_of(problems.begin(), problems.end(), [](const auto& problem) { return problem.fatal; });
}

Assessment assess(const AssessmentRequest& request) { return Assessor(request).assess(); }

}  // namespace vitrine::widgets
