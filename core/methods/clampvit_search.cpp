// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/clampvit_search.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "base/error.h"

namespace vitrine::methods::clamp {
namespace {

constexpr int kReferenceBits = 8;  // sizes are compared with those at 8 bits
constexpr std::string_view kScalePrefix = "scale/";

LayerSearchRules rulesFrom(const ParameterSet& parameters, const Layers& layers) {
    return {.mixed = layers.mixed(),
            .minBits = layers.minBits(),
            .maxBits = layers.maxBits(),
            .relative = parameters.text("search.mutation") == "relative",
            .amplitude = parameters.real("search.amplitude"),
            .tournament = static_cast<std::size_t>(parameters.integer("search.tournament"))};
}

std::vector<SearchTarget> targetsOf(const Layers& layers) {
    std::vector<SearchTarget> targets;
    std::set<std::size_t> owned;
    for (const Layer& layer : layers.all()) {
        SearchTarget target{.id = layers.idOf(layer), .sites = {layer.site}};
        target.sites.insert(target.sites.end(), layer.activations.begin(), layer.activations.end());
        owned.insert(layer.activations.begin(), layer.activations.end());
        targets.push_back(std::move(target));
    }
    for (std::size_t layer = 0; layer < targets.size(); ++layer)
        for (const std::size_t site : layers.fedBy(layer))
            if (!owned.contains(site)) targets[layer].sites.push_back(site);
    return targets;
}

}  // namespace

Search::Search(MethodState& state, MethodContext& context)
    : state_(state), context_(context), p_(context.parameters), layers_(context, state.model),
      images_(context, context.checkpoint && Images::areIn(*context.checkpoint) ? *context.checkpoint : state),
      budget_(*state.model.graph, layers_.sites(), limitsFrom(p_)), rules_(rulesFrom(p_, layers_)),
      presses_(layers_.mixed() && p_.text("budget.form") == "pressure"), random_(context.random.stream("search")),
      population_(static_cast<std::size_t>(p_.integer("search.population"))),
      history_(targetsOf(layers_), layers_.sites(), state.model.encodings), loss_(fitnessLoss(p_, &byImage_)), values_(context.control) {
    layers_.setSensitive(sensitiveLayers(state));
    SiteBits reference = layers_.bitsOf(state.model);
    for (const Layer& layer : layers_.all())
        if (layer.searchesBits) reference[layer.site] = kReferenceBits;
    widestSize_ = budget_.usage(reference).sizeBytes;
    restore();
    evaluator_.emplace(makeEvaluator(state_.model, context_, images_.present()));
    values_.reset(images_.present());
}

void Search::run() {
    const std::int64_t passes = p_.integer("search.passes");
    for (; at_.pass < passes && !done_; ++at_.pass) {
        for (; at_.layer < layers_.all().size() && !done_; ++at_.layer) visit();
        if (!done_) at_.layer = 0;
    }
    tellResult();
}

// One visit of a layer: measure it as it is and some others, then children of the best.

void Search::visit() {
    if (renews("pass") && at_.pass > at_.renewedFor) at_.renewal = Renewal::due;
    if (population_.members().empty() && waiting_.empty()) {
        if (at_.renewal != Renewal::none) renew();
        begin();
    }
    const std::int64_t cycles = p_.integer("search.cycles");
    while (!finishes()) {
        if (!waiting_.empty())
            measureNext();
        else if (at_.renewal != Renewal::none)
            renew();
        else if (at_.cycle < cycles)
            breed();
        else
            break;
    }
    if (!population_.members().empty()) {
        const Individual before = layers_.present(at_.layer, state_.model);
        const Individual& best = chosen();
        at_.changed = at_.changed || before.bits != best.bits || before.scales != best.scales;
        install(best);
        if (!finishes()) fitActivations();
    }
    population_ = Population(population_.capacity());
    present_ = Population(1);
    waiting_.clear();
    at_.cycle = 0;
    at_.changed = false;
}

bool Search::finishes() { return done_ = done_ || context_.control.shouldFinish(); }

/// The present individual and others. It comes first: the best of a visit is never worse than what was there.
void Search::begin() {
    const Individual present = layers_.present(at_.layer, state_.model);
    LayerSearch search = layerSearch();
    waiting_ = search.first(present, static_cast<std::size_t>(p_.integer("search.initial")) - 1, random_);
    waiting_.insert(waiting_.begin(), present);
    std::reverse(waiting_.begin(), waiting_.end());
    rejected_ += search.rejected();
}

void Search::breed() {
    LayerSearch search = layerSearch();
    std::optional<Individual> child = search.child(population_, random_);
    std::optional<Individual> stranger;
    if (random_.uniform() < p_.real("search.diversity")) stranger = search.stranger(population_.best().bits, random_);
    if (stranger) waiting_.push_back(std::move(*stranger));
    if (child) waiting_.push_back(std::move(*child));
    rejected_ += search.rejected();
    ++at_.cycle;
    if (renews("layer") && at_.cycle % std::max<std::int64_t>(1, p_.integer("search.cycles") / 2) == 0) at_.renewal = Renewal::due;
}

void Search::measureNext() {
    Individual individual = measured(std::move(waiting_.back()));
    waiting_.pop_back();
    individual.born = at_.evaluations;
    if (present_.members().empty()) present_.insert(individual);
    const bool accepted = population_.insert(individual);
    record(individual, accepted);
    afterEvaluation();
}

Individual Search::measured(Individual individual) {
    byImage_.clear();
    const double factor = pressure(at_.layer, individual);
    individual.fitness = evaluator_->measure(layers_.encodings(at_.layer, individual), loss_) * factor;
    individual.losses.clear();
    if (std::isfinite(individual.fitness))
        for (const double loss : byImage_) individual.losses.push_back(loss * factor);
    ++at_.evaluations;
    return individual;
}

/// The best that is surely better than what was there, or what was there.
const Individual& Search::chosen() const {
    const Individual& present = present_.best();
    for (const Individual& each : population_.members())
        if (improves(each, present, p_.real("search.confidence"))) return each;
    return present;
}

double Search::pressure(std::size_t layer, const Individual& individual) const {
    if (!presses_) return 1;
    SiteBits bits = layers_.bitsOf(state_.model);
    bits[layers_.all()[layer].site] = individual.bits;
    return std::pow(budget_.usage(bits).sizeBytes / widestSize_, p_.real("budget.pressure"));
}

bool Search::allowsBits(std::size_t layer, int bits) const {
    SiteBits all = layers_.bitsOf(state_.model);
    all[layers_.all()[layer].site] = bits;
    layers_.complete(all);
    return budget_.allows(all);
}

LayerSearch Search::layerSearch() {
    LayerSearchRules rules = rules_;
    rules.mixed = layers_.all()[at_.layer].searchesBits;
    return {rules, [this](int bits) -> const std::vector<float>& { return layers_.first(at_.layer, bits).scale; },
            [this](int bits) { return allowsBits(at_.layer, bits); }};
}

void Search::install(const Individual& best) {
    const SiteEncodings chosen = layers_.encodings(at_.layer, best);
    evaluator_->install(chosen);
    for (const auto& [site, encoding] : chosen) {
        state_.model.encodings.at(layers_.sites()[site].id) = encoding;
        history_.setAfter(site, encoding);
    }
    history_.setBudgets(budgets());
}

/// Whoever leaves within it comes back to before it: the population is still there, and nothing here depends on chance.
void Search::fitActivations() {
    std::int64_t made = 0;
    const auto afterEvaluation = [&] {
        ++made;
        context_.progress.update(fraction(), "ranges behind " + layers_.idOf(layers_.all()[at_.layer]));
        context_.control.safePoint([this] { context_.saveCheckpoint(checkpoint()); });
        return !finishes();
    };
    ActivationFit fit({layers_, *evaluator_, values_, afterEvaluation}, p_);
    const ActivationFit::Result result = fit.run(at_.layer, state_.model, at_.changed || (renewed_ && at_.renewedFor == at_.pass));
    at_.evaluations += result.evaluations;
    for (const auto& [site, range] : result.ranges) {
        layers_.setRange(site, range);
        quant::Encoding& present = state_.model.encodings.at(layers_.sites()[site].id);
        present = withBits(range, present.bits);
        history_.setAfter(site, present);
    }
    history_.setEvaluations(at_.evaluations);
}

// The cycle: images follow the quantized network, and whatever was measured on the old ones is measured anew.

bool Search::renews(const char* scope) const {
    return images_.synthetic() && p_.text("refresh.scope") == scope && p_.integer("refresh.iterations") > 0;
}

void Search::renew() {
    context_.progress.update(fraction(), "new images after " + std::to_string(at_.evaluations) + " evaluations");
    if (at_.renewal == Renewal::due) images_.beginRefresh();
    at_.renewal = Renewal::running;
    at_.renewedFor = at_.pass;
    renewed_ = true;
    images_.refresh(state_.model, [this] { context_.saveCheckpoint(checkpoint()); });
    evaluator_->setImages(images_.present());
    values_.reset(images_.present());
    for (Population* each : {&present_, &population_}) each->reassess([this](const Individual& individual) { return measured(individual); });
    at_.renewal = Renewal::none;
    history_.setEvaluations(at_.evaluations);
    context_.saveCheckpoint(checkpoint());
    context_.control.safePoint([] {});  // the state is on disk already
}

// What is told, and kept.

void Search::record(const Individual& individual, bool accepted) {
    history_.add({.evaluation = at_.evaluations,
                  .target = static_cast<std::int64_t>(at_.layer),
                  .pass = at_.pass,
                  .cycle = at_.cycle,
                  .fitness = individual.fitness,
                  .best = population_.best().fitness,
                  .worst = population_.members().back().fitness,
                  .accepted = accepted,
                  .bits = individual.bits,
                  .change = relativeChange(layers_.present(at_.layer, state_.model), individual)});
    best_.x.push_back(static_cast<double>(at_.evaluations));
    best_.y.push_back(population_.best().fitness);
}

void Search::afterEvaluation() {
    history_.setRejected(rejected_);
    history_.setEvaluations(at_.evaluations);
    history_.show(context_.emit);
    context_.progress.update(fraction(), detail());
    save();
    context_.control.safePoint([this] { context_.saveCheckpoint(checkpoint()); });
}

std::string Search::detail() const {
    return layers_.idOf(layers_.all()[at_.layer]) + ", pass " + std::to_string(at_.pass + 1) + ", loss " +
           std::to_string(population_.best().fitness);
}

double Search::fraction() const {
    const auto layers = static_cast<double>(layers_.all().size());
    const double visits = static_cast<double>(at_.pass) * layers + static_cast<double>(at_.layer);
    const double within = static_cast<double>(at_.cycle) / static_cast<double>(std::max<std::int64_t>(1, p_.integer("search.cycles")));
    return std::min(1.0, (visits + within) / std::max(1.0, static_cast<double>(p_.integer("search.passes")) * layers));
}

std::vector<results::SearchHistory::Budget> Search::budgets() const {
    const BitUsage usage = budget_.usage(layers_.bitsOf(state_.model));
    const auto limit = [](double value) { return value > 0 ? std::optional(value) : std::nullopt; };
    const BitLimits& limits = budget_.limits();
    return {{"weight_bits", "bits", usage.weightBits, limit(limits.weightBits)},
            {"weight_bits_by_macs", "bits", usage.weightBitsByMacs, std::nullopt},
            {"size", "bytes", usage.sizeBytes, limit(limits.sizeBytes)},
            {"bops", "", usage.bops, limit(limits.bops)}};
}

/// After every evaluation, unless a slow disk or large images would make that take more than 5 % of the time.
void Search::save() {
    saving_.maybe([this] { context_.saveCheckpoint(checkpoint()); });
}

/// Only what the search changes: the start is on disk as the state that this stage began with.
MethodState Search::checkpoint() const {
    MethodState saved;
    saved.model.graph = context_.network.sharedGraph();
    saved.data = {{"pass", at_.pass},
                  {"layer", at_.layer},
                  {"cycle", at_.cycle},
                  {"changed", at_.changed},
                  {"evaluations", at_.evaluations},
                  {"renewed_for", at_.renewedFor},
                  {"renewal", static_cast<int>(at_.renewal)},
                  {"renewed", renewed_},
                  {"rejected", rejected_},
                  {"random", random_.state()},
                  {"population", population_.toJson()},
                  {"present", present_.toJson()},
                  {"waiting", nlohmann::json::array()},
                  {"best", best_.y},
                  {"best_at", best_.x}};
    for (const Individual& each : waiting_) saved.data["waiting"].push_back({{"scales", each.scales}, {"bits", each.bits}});
    for (const Layer& layer : layers_.all()) {
        const quant::Encoding& encoding = state_.model.encodings.at(layers_.idOf(layer));
        saved.tensors[std::string(kScalePrefix) + layers_.idOf(layer)] =
            HostTensor::of(encoding.scale, {static_cast<std::int64_t>(encoding.scale.size())});
        saved.data["bits"][layers_.idOf(layer)] = encoding.bits;
    }
    layers_.saveRanges(saved);
    history_.save(saved);
    if (renewed_) images_.save(saved);
    return saved;
}

void Search::restore() {
    history_.setBudgets(budgets());
    if (!context_.checkpoint) return;
    const nlohmann::json& data = context_.checkpoint->data;
    at_ = {.pass = data.at("pass"),
           .layer = data.at("layer"),
           .cycle = data.at("cycle"),
           .changed = data.at("changed"),
           .evaluations = data.at("evaluations"),
           .renewedFor = data.at("renewed_for"),
           .renewal = static_cast<Renewal>(data.at("renewal").get<int>())};
    for (const nlohmann::json& each : data.at("waiting"))
        waiting_.push_back({.scales = each.at("scales").get<std::vector<float>>(), .bits = each.at("bits")});
    renewed_ = data.at("renewed");
    rejected_ = data.at("rejected");
    random_.restore(data.at("random"));
    population_ = Population::fromJson(data.at("population"));
    present_ = Population::fromJson(data.at("present"));
    best_.y = data.at("best").get<std::vector<double>>();
    best_.x = data.at("best_at").get<std::vector<double>>();
    layers_.restoreRanges(*context_.checkpoint, state_.model);
    for (std::size_t i = 0; i < layers_.all().size(); ++i) {
        const std::string& id = layers_.idOf(layers_.all()[i]);
        const Individual kept{.scales = context_.checkpoint->tensors.at(std::string(kScalePrefix) + id).toFloats(),
                              .bits = data.at("bits").at(id)};
        for (const auto& [site, encoding] : layers_.encodings(i, kept)) {
            state_.model.encodings.at(layers_.sites()[site].id) = encoding;
            history_.setAfter(site, encoding);
        }
    }
    for (std::size_t layer = 0; layer < layers_.all().size(); ++layer)
        for (const std::size_t site : layers_.fedBy(layer)) history_.setAfter(site, state_.model.encodings.at(layers_.sites()[site].id));
    history_.restore(*context_.checkpoint);
    history_.setBudgets(budgets());
}

void Search::tellResult() {
    context_.emit(history_.artefact());
    context_.emit({.id = "search.best", .title = "Best loss of the layer that is searched, by evaluation", .payload = best_});
}

}  // namespace vitrine::methods::clamp
