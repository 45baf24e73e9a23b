// SPDX-License-Identifier: GPL-3.0-or-later
// CPT-V / Evol-Q: evolutionary perturbation of scales, block by block, under a loss on the network's outputs (docs/methods.md).
#include <ATen/ATen.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "engine/tensors.h"
#include "methods/builtin.h"
#include "methods/infos.h"
#include "methods/parts/attention_layers.h"
#include "methods/parts/bias_correction.h"
#include "methods/parts/calibration.h"
#include "methods/parts/candidate_evaluator.h"
#include "methods/parts/evolution.h"
#include "methods/parts/layer_search.h"
#include "methods/parts/output_loss.h"
#include "methods/parts/pace.h"
#include "methods/parts/search_history.h"
#include "methods/parts/start_model.h"

namespace vitrine::methods {
namespace {

constexpr double kRelativeAmplitude = 0.02;  // ours
constexpr double kMegabyte = 1e6;

enum Stage : std::size_t { kStart, kSearch };

/// The scales that are searched together: those of one attention module or MLP, in site order.
struct Group {
    std::string block;
    std::string id;  ///< "blocks.3 attention"
    std::size_t place = 0;
    std::vector<std::size_t> sites;
};

std::vector<Group> groupsOf(const engine::Network& network, const quant::QuantizedModel& model, const ParameterSet& parameters) {
    const auto& sites = network.sites();
    std::vector<Group> groups;
    const auto append = [&](const std::vector<BlockPart>& parts, const char* name) {
        for (const BlockPart& part : parts) {
            const std::string& block = network.graph().blocks[part.block].id;
            Group group{.block = block, .id = block + " " + name, .place = part.block, .sites = part.weights};
            if (parameters.boolean("search.activations"))
                group.sites.insert(group.sites.end(), part.activations.begin(), part.activations.end());
            std::erase_if(group.sites, [&](std::size_t site) { return !model.encodings.contains(sites[site].id); });
            std::sort(group.sites.begin(), group.sites.end());
            if (!group.sites.empty()) groups.push_back(std::move(group));
        }
    };
    append(attentionParts(network.graph(), sites), "attention");
    if (parameters.text("search.blocks") == "attention_and_mlp") append(mlpParts(network.graph(), sites), "MLP");
    std::stable_sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) { return a.place < b.place; });
    if (parameters.text("search.order") == "last_first") std::reverse(groups.begin(), groups.end());
    return groups;
}

std::vector<SearchTarget> targetsOf(const std::vector<Group>& groups) {
    std::vector<SearchTarget> targets;
    for (const Group& group : groups) targets.push_back({.id = group.id, .sites = group.sites});
    return targets;
}

/// Where a search stands, between two evaluations.
struct Position {
    std::int64_t pass = 0;
    std::size_t group = 0;
    std::int64_t cycle = 0;        ///< candidates of this visit that were measured
    std::int64_t evaluations = 0;
};

class Search {
  public:
    Search(MethodState& state, MethodContext& context)
        : state_(state), context_(context), p_(context.parameters), sites_(context.network.sites()),
          groups_(groupsOf(context.network, state.model, p_)), random_(context.random.stream("search")),
          population_(static_cast<std::size_t>(p_.integer("search.population"))),
          history_(targetsOf(groups_), sites_, state.model.encodings) {
        restore();
    }

    void run() {
        CandidateEvaluator evaluator = makeEvaluator();
        const std::int64_t passes = p_.integer("search.passes");
        for (; at_.pass < passes && !done_; ++at_.pass) {
            for (; at_.group < groups_.size() && !done_; ++at_.group) visit(evaluator, groups_[at_.group]);
            if (!done_) at_.group = 0;
        }
        context_.emit(history_.artefact());
        if (p_.boolean("weight.bias_correction")) correctWeights();
    }

  private:
    CandidateEvaluator makeEvaluator() const {
        CandidateEvaluator::Options options{.probes = {context_.network.graph().output},
                                            .lossBatch = p_.integer("loss.batch"),
                                            .cacheBytes = static_cast<double>(p_.integer("memory.cache")) * kMegabyte};
        if (p_.boolean("weight.bias_correction"))
            options.quantizeWeight = [](const at::Tensor& weight, const quant::Encoding& encoding) {
                return correctBias(weight, encoding).weight;
            };
        return {context_.network, state_.model, context_.data->images(0, calibrationCount(context_)), std::move(options),
                context_.control};
    }

    CandidateEvaluator::Loss loss() const {
        return [kind = outputLossFromName(p_.text("loss")), temperature = p_.real("loss.temperature")](const auto& quantized,
                                                                                                        const auto& floating) {
            return outputLoss(kind, quantized[0], floating[0], temperature).template item<double>();
        };
    }

    // One visit of a block: measure it as it is, then children of its best.

    void visit(CandidateEvaluator& evaluator, const Group& group) {
        if (population_.members().empty()) fill(present(evaluator, group));
        while (at_.cycle < p_.integer("search.cycles")) {
            if (context_.control.shouldFinish()) {
                done_ = true;
                break;
            }
            breed(evaluator, group);
        }
        install(evaluator, group, population_.best());
        population_ = Population(population_.capacity());
        at_.cycle = 0;
    }

    /// The model as it is. After the first visit its loss is known: it is the best of the visit before, bit for bit.
    Individual present(CandidateEvaluator& evaluator, const Group& group) {
        const Individual individual{.scales = scalesOf(group), .born = at_.evaluations};
        if (best_.y.empty()) return measured(evaluator, group, individual);
        ++at_.evaluations;
        return {.scales = individual.scales, .fitness = best_.y.back(), .born = individual.born};
    }

    /// The official code begins with as many copies of the present scales as the population holds.
    void fill(const Individual& present) {
        for (std::size_t i = 0; i < population_.capacity(); ++i) population_.insert(present);
        afterEvaluation(present, true);
    }

    void breed(CandidateEvaluator& evaluator, const Group& group) {
        const Individual& parent = population_.tournament(static_cast<std::size_t>(p_.integer("search.tournament")), random_);
        const Individual child = measured(evaluator, group, {.scales = mutated(group, parent.scales), .born = at_.evaluations});
        ++at_.cycle;
        afterEvaluation(child, population_.insert(child));
    }

    Individual measured(CandidateEvaluator& evaluator, const Group& group, Individual individual) {
        individual.fitness = evaluator.measure(candidate(group, individual.scales), loss());
        ++at_.evaluations;
        return individual;
    }

    void install(CandidateEvaluator& evaluator, const Group& group, const Individual& best) {
        const SiteEncodings chosen = candidate(group, best.scales);
        evaluator.install(chosen);
        for (const auto& [site, encoding] : chosen) {
            state_.model.encodings.at(sites_[site].id) = encoding;
            history_.setAfter(site, encoding);
        }
    }

    std::vector<float> scalesOf(const Group& group) const {
        std::vector<float> scales;
        for (const std::size_t site : group.sites) {
            const std::vector<float>& own = state_.model.encodings.at(sites_[site].id).scale;
            scales.insert(scales.end(), own.begin(), own.end());
        }
        return scales;
    }

    SiteEncodings candidate(const Group& group, const std::vector<float>& scales) const {
        SiteEncodings encodings;
        auto next = scales.begin();
        for (const std::size_t site : group.sites) {
            quant::Encoding encoding = state_.model.encodings.at(sites_[site].id);
            const auto count = static_cast<std::ptrdiff_t>(encoding.scale.size());
            encoding.scale.assign(next, next + count);
            next += count;
            encodings.emplace(site, std::move(encoding));
        }
        return encodings;
    }

    std::vector<float> mutated(const Group& group, const std::vector<float>& scales) {
        const bool relative = p_.text("search.mutation") == "relative";
        std::vector<float> child;
        std::span<const float> rest = scales;
        for (const std::size_t site : group.sites) {
            const quant::Encoding& encoding = state_.model.encodings.at(sites_[site].id);
            const std::span<const float> own = rest.first(encoding.scale.size());
            rest = rest.subspan(own.size());
            double amplitude = p_.real("search.amplitude");
            if (amplitude == 0) amplitude = relative ? kRelativeAmplitude : mutationAmplitude(encoding.bits);
            const std::vector<float> part = relative ? mutateRelative(own, amplitude, random_) : mutateAbsolute(own, amplitude, random_);
            child.insert(child.end(), part.begin(), part.end());
        }
        return child;
    }

    // What is told, and kept.

    void afterEvaluation(const Individual& individual, bool accepted) {
        const auto number = static_cast<double>(at_.evaluations);
        best_.x.push_back(number);
        best_.y.push_back(population_.best().fitness);
        tried_.x.push_back(number);
        tried_.y.push_back(individual.fitness);
        accepted_ += accepted ? 1 : 0;
        history_.add({.evaluation = at_.evaluations,
                      .target = static_cast<std::int64_t>(at_.group),
                      .pass = at_.pass,
                      .cycle = at_.cycle,
                      .fitness = individual.fitness,
                      .best = population_.best().fitness,
                      .worst = population_.members().back().fitness,
                      .accepted = accepted,
                      .change = relativeChange({.scales = scalesOf(groups_[at_.group])}, individual)});
        history_.show(context_.emit);
        context_.emit({.id = "search.best", .title = "Best loss by evaluation", .payload = best_});
        context_.emit({.id = "search.candidates", .title = "Loss of every candidate", .payload = tried_});
        const auto total = static_cast<double>(p_.integer("search.passes") * static_cast<std::int64_t>(groups_.size()) *
                                               (1 + p_.integer("search.cycles")));
        context_.progress.update(number / total, groups_[at_.group].block + ", pass " + std::to_string(at_.pass + 1) + ", loss " +
                                                     std::to_string(population_.best().fitness));
        const auto save = [this] { context_.saveCheckpoint(checkpoint()); };
        saving_.maybe(save);
        context_.control.safePoint(save);
    }

    /// Only what the search changes: the start is on disk as the state that this stage began with.
    MethodState checkpoint() const {
        MethodState saved;
        saved.model.graph = context_.network.sharedGraph();
        saved.data = {{"pass", at_.pass},        {"group", at_.group},     {"cycle", at_.cycle},
                      {"evaluations", at_.evaluations}, {"accepted", accepted_}, {"random", random_.state()},
                      {"population", population_.toJson()}, {"best", best_.y}, {"tried", tried_.y}};
        for (const Group& group : groups_)
            for (const std::size_t site : group.sites) {
                const std::vector<float>& scale = state_.model.encodings.at(sites_[site].id).scale;
                saved.tensors["scale/" + sites_[site].id] = HostTensor::of(scale, {static_cast<std::int64_t>(scale.size())});
            }
        history_.save(saved);
        return saved;
    }

    void restore() {
        best_ = {.name = "search.best", .xLabel = "evaluation", .yLabel = "loss"};
        tried_ = {.name = "search.candidates", .xLabel = "evaluation", .yLabel = "loss"};
        if (!context_.checkpoint) return;
        const nlohmann::json& data = context_.checkpoint->data;
        at_ = {.pass = data.at("pass"), .group = data.at("group"), .cycle = data.at("cycle"), .evaluations = data.at("evaluations")};
        accepted_ = data.at("accepted");
        random_.restore(data.at("random"));
        population_ = Population::fromJson(data.at("population"));
        best_.y = data.at("best").get<std::vector<double>>();
        tried_.y = data.at("tried").get<std::vector<double>>();
        for (std::size_t i = 1; i <= best_.y.size(); ++i) best_.x.push_back(static_cast<double>(i));
        tried_.x = best_.x;
        for (const Group& group : groups_)
            for (const std::size_t site : group.sites) {
                quant::Encoding& encoding = state_.model.encodings.at(sites_[site].id);
                encoding.scale = context_.checkpoint->tensors.at("scale/" + sites_[site].id).toFloats();
                history_.setAfter(site, encoding);
            }
        history_.restore(*context_.checkpoint);
    }

    /// Writes the corrected weights into the model, as levels of their new encodings.
    void correctWeights() {
        TensorMap replacements;
        for (const graph::Site& site : sites_) {
            const auto found = state_.model.encodings.find(site.id);
            if (!site.isWeight() || found == state_.model.encodings.end()) continue;
            context_.control.check();
            const HostTensor& weight = state_.model.graph->value(site.value).data;
            CorrectedWeight corrected = correctBias(engine::toTorch(weight), found->second);
            found->second = std::move(corrected.encoding);
            replacements[site.id] = engine::toHost(corrected.weight);
        }
        state_.model.graph = quant::withParameters(*state_.model.graph, replacements);
        std::vector<std::string>& rewritten = state_.model.rewritten;
        for (const auto& [id, weight] : replacements)
            if (std::find(rewritten.begin(), rewritten.end(), id) == rewritten.end()) rewritten.push_back(id);
    }

    MethodState& state_;
    MethodContext& context_;
    const ParameterSet& p_;
    const std::vector<graph::Site>& sites_;
    std::vector<Group> groups_;
    Random random_;
    Population population_;
    SearchHistoryRecorder history_;
    Position at_;
    std::int64_t accepted_ = 0;
    results::Trace best_, tried_;
    bool done_ = false;
    Pace saving_{0.05};
};

class Cptv final : public Method {
  public:
    const MethodInfo& info() const override { return methodInfo("cptv"); }

    MethodState run(std::size_t stage, MethodState state, MethodContext& context) const override {
        const at::NoGradGuard noGradient;
        switch (stage) {
            case kStart: state = makeStart(std::move(state), context); break;
            case kSearch: Search(state, context).run(); break;
            default: fail(ErrorCode::internal, "CPT-V has no stage " + std::to_string(stage));
        }
        context.progress.finish();
        return state;
    }
};

}  // namespace

const Method& cptv() {
    static const Cptv method;
    return method;
}

}  // namespace vitrine::methods
