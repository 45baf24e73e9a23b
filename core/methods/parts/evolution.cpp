// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/evolution.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/error.h"

namespace vitrine::methods {
namespace {

double levelCount(int bits) { return std::exp2(bits) - 1; }

}  // namespace

bool improves(const Individual& individual, const Individual& present, double confidence) {
    const std::size_t count = std::min(individual.losses.size(), present.losses.size());
    if (!(individual.fitness < present.fitness) || confidence == 0 || count < 2) return individual.fitness < present.fitness;
    double sum = 0, squares = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const double change = individual.losses[i] - present.losses[i];
        sum += change;
        squares += change * change;
    }
    const auto n = static_cast<double>(count);
    const double mean = sum / n, variance = std::max(0.0, squares / n - mean * mean) * n / (n - 1);
    return -mean > confidence * std::sqrt(variance / n);
}

bool Population::insert(Individual individual) {
    if (std::isnan(individual.fitness)) individual.fitness = std::numeric_limits<double>::infinity();
    const auto place = std::upper_bound(members_.begin(), members_.end(), individual, [](const Individual& a, const Individual& b) {
        return a.fitness != b.fitness ? a.fitness < b.fitness : a.born < b.born;
    });
    const auto at = members_.insert(place, std::move(individual));
    const bool stays = static_cast<std::size_t>(at - members_.begin()) < capacity_;
    if (members_.size() > capacity_) members_.pop_back();
    return stays;
}

std::vector<std::size_t> Population::draw(std::size_t size, Random& random) const {
    std::vector<std::size_t> drawn(size);
    for (std::size_t& index : drawn)
        index = static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(members_.size()) - 1));
    std::sort(drawn.begin(), drawn.end());  // members are sorted: the smallest index is the best
    return drawn;
}

const Individual& Population::tournament(std::size_t size, Random& random) const { return members_[draw(size, random).front()]; }

std::pair<const Individual*, const Individual*> Population::parents(std::size_t size, Random& random) const {
    const std::vector<std::size_t> drawn = draw(size, random);
    const auto second = std::upper_bound(drawn.begin(), drawn.end(), drawn.front());
    return {&members_[drawn.front()], &members_[second == drawn.end() ? drawn.front() : *second]};
}

nlohmann::json Population::toJson() const {
    nlohmann::json list = nlohmann::json::array();
    for (const Individual& each : members_) {
        // JSON has no infinity; a fitness that was never finite is written as null.
        const nlohmann::json fitness = std::isfinite(each.fitness) ? nlohmann::json(each.fitness) : nlohmann::json(nullptr);
        list.push_back({{"scales", each.scales}, {"bits", each.bits}, {"fitness", fitness}, {"born", each.born}});
        if (!each.losses.empty()) list.back()["losses"] = each.losses;
    }
    return {{"capacity", capacity_}, {"members", std::move(list)}};
}

Population Population::fromJson(const nlohmann::json& document) {
    try {
        Population population(document.at("capacity").get<std::size_t>());
        for (const nlohmann::json& each : document.at("members")) {
            const nlohmann::json& fitness = each.at("fitness");
            population.members_.push_back({.scales = each.at("scales").get<std::vector<float>>(),
                                           .bits = each.at("bits").get<int>(),
                                           .fitness = fitness.is_null() ? std::numeric_limits<double>::infinity() : fitness.get<double>(),
                                           .losses = each.value("losses", std::vector<double>()),
                                           .born = each.at("born").get<std::int64_t>()});
        }
        return population;
    } catch (const nlohmann::json::exception& exception) {
        fail(ErrorCode::badFormat, std::string("is no population: ") + exception.what(), "checkpoint");
    }
}

std::vector<float> mutateAbsolute(std::span<const float> scales, double amplitude, Random& random) {
    std::vector<float> mutated(scales.size());
    for (std::size_t i = 0; i < scales.size(); ++i)
        mutated[i] = std::max(kLeastScale, static_cast<float>(std::abs(scales[i] + random.uniform(-amplitude, amplitude))));
    return mutated;
}

std::vector<float> mutateRelative(std::span<const float> scales, double amplitude, Random& random) {
    std::vector<float> mutated(scales.size());
    for (std::size_t i = 0; i < scales.size(); ++i)
        mutated[i] = std::max(kLeastScale, static_cast<float>(scales[i] * (1 + random.uniform(-amplitude, amplitude))));
    return mutated;
}

std::vector<float> crossover(const Individual& one, const Individual& other, int bits) {
    const auto ratio = [bits](const Individual& parent) {
        return bits == 0 || parent.bits == 0 ? 1.0 : levelCount(parent.bits) / levelCount(bits);
    };
    std::vector<float> mixed(one.scales.size());
    for (std::size_t i = 0; i < mixed.size(); ++i)
        mixed[i] = static_cast<float>((one.scales[i] * ratio(one) + other.scales[i] * ratio(other)) / 2);
    return mixed;
}

double mutationAmplitude(int bits) {
    if (bits <= 4) return 1e-3;
    if (bits >= 8) return 1e-4;
    return 1e-3 * std::pow(0.1, (bits - 4) / 4.0);
}

}  // namespace vitrine::methods
