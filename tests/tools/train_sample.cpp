// SPDX-License-Identifier: GPL-3.0-or-later
// Trains the network of the shipped sample on the procedural image set:
//   train_sample --out vit_sample.safetensors --steps 2400 --threads 2
// Every image is drawn anew, so there is no training set to memorise; held-out images come from other seeds.
#include <torch/torch.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <future>
#include <string>
#include <vector>

#include "base/random.h"
#include "data/procedural.h"
#include "engine/engine.h"
#include "engine/runtime.h"
#include "engine/tensors.h"
#include "formats/checkpoint.h"
#include "formats/safetensors.h"
#include "models/model.h"

namespace {

using namespace vitrine;

constexpr std::int64_t kSize = 64, kPatch = 8, kEmbed = 128, kDepth = 6, kHeads = 4, kMlp = 512, kClasses = 10;
constexpr std::uint64_t kTrainingSeed = 1, kHeldOutSeed = 1000003;  // the sample's own images use yet other seeds

struct Options {
    std::string out = "vit_sample.safetensors";
    std::string start;
    std::int64_t steps = 2400, batch = 128, warmup = 150, firstImage = 0;
    double learningRate = 1e-3, weightDecay = 0.05;
    int threads = 2;
};

TensorMap initialWeights() {
    Random random = RandomStreams(kTrainingSeed).stream("initialisation");
    TensorMap tensors;
    const auto constant = [&](const std::string& name, Shape shape, float value) {
        const auto count = static_cast<std::size_t>(elementCount(shape));
        tensors[name] = HostTensor::of(std::vector<float>(count, value), std::move(shape));
    };
    const auto normal = [&](const std::string& name, Shape shape, double deviation) {
        std::vector<float> values(static_cast<std::size_t>(elementCount(shape)));
        for (float& value : values) value = static_cast<float>(deviation * random.normal());
        tensors[name] = HostTensor::of(std::move(values), std::move(shape));
    };
    const auto linear = [&](const std::string& name, std::int64_t out, std::int64_t in) {
        normal(name + ".weight", {out, in}, 1.0 / std::sqrt(static_cast<double>(in)));
        constant(name + ".bias", {out}, 0);
    };
    const auto norm = [&](const std::string& name) {
        constant(name + ".weight", {kEmbed}, 1);
        constant(name + ".bias", {kEmbed}, 0);
    };
    normal("cls_token", {1, 1, kEmbed}, 0.02);
    normal("pos_embed", {1, kSize / kPatch * (kSize / kPatch) + 1, kEmbed}, 0.02);
    normal("patch_embed.proj.weight", {kEmbed, 3, kPatch, kPatch}, 1.0 / std::sqrt(3.0 * kPatch * kPatch));
    constant("patch_embed.proj.bias", {kEmbed}, 0);
    for (std::int64_t i = 0; i < kDepth; ++i) {
        const std::string block = "blocks." + std::to_string(i) + ".";
        norm(block + "norm1");
        linear(block + "attn.qkv", 3 * kEmbed, kEmbed);
        linear(block + "attn.proj", kEmbed, kEmbed);
        norm(block + "norm2");
        linear(block + "mlp.fc1", kMlp, kEmbed);
        linear(block + "mlp.fc2", kEmbed, kMlp);
    }
    norm("norm");
    linear("head", kClasses, kEmbed);
    return tensors;
}

formats::Checkpoint startingPoint(const Options& options) {
    if (!options.start.empty()) return formats::loadCheckpoint(options.start);
    formats::Checkpoint checkpoint;
    checkpoint.tensors = initialWeights();
    checkpoint.metadata = {{"arch", "vit"}, {"depth", std::to_string(kDepth)}, {"embed_dim", std::to_string(kEmbed)},
                           {"num_heads", std::to_string(kHeads)}, {"patch", std::to_string(kPatch)},
                           {"img", std::to_string(kSize)}, {"ln_eps", "1e-6"}, {"act", "gelu_erf"}, {"norm", "pre"},
                           {"mean", "0.5,0.5,0.5"}, {"std", "0.25,0.25,0.25"}, {"crop", "1.0"},
                           {"source", "Vitrine, tests/tools/train_sample.cpp"}};
    return checkpoint;
}

struct Batch {
    torch::Tensor images, labels;
};

Batch drawBatch(std::uint64_t seed, std::int64_t first, std::int64_t count) {
    std::vector<std::uint8_t> pixels;
    std::vector<std::int64_t> labels;
    for (std::int64_t i = first; i < first + count; ++i) {
        const data::Scene scene = data::makeScene(seed, i);
        const formats::Image image = data::render(scene);
        pixels.insert(pixels.end(), image.rgb.begin(), image.rgb.end());
        labels.push_back(data::labelOf(scene));
    }
    const auto bytes = torch::tensor(pixels, torch::kUInt8).view({count, kSize, kSize, 3});
    const auto images = bytes.permute({0, 3, 1, 2}).to(torch::kFloat32).contiguous().div_(255).sub_(0.5).div_(0.25);
    return {images, torch::tensor(labels, torch::kLong)};
}

/// Mirrors and quarter turns change no class; stars, crescents and stripes stay what they are.
torch::Tensor augmented(const torch::Tensor& images, std::int64_t step) {
    torch::Tensor result = torch::rot90(images, step % 4, {2, 3});
    return (step / 4) % 2 == 0 ? result : result.flip({3});
}

class Trainer {
  public:
    explicit Trainer(const Options& options)
        : options_(options), checkpoint_(startingPoint(options)), model_(models::buildModel(checkpoint_)), network_(model_.graph) {
        std::vector<torch::Tensor> decayed, plain;
        for (std::size_t i = 0; i < model_.graph->values.size(); ++i) {
            const graph::Value& value = model_.graph->values[i];
            if (value.kind != graph::ValueKind::parameter) continue;
            torch::Tensor leaf = engine::toTorch(value.data).clone().set_requires_grad(true);
            leaves_[static_cast<graph::ValueId>(i)] = leaf;
            (leaf.dim() >= 2 && value.id.find("weight") != std::string::npos ? decayed : plain).push_back(leaf);
        }
        using torch::optim::AdamWOptions;
        std::vector<torch::optim::OptimizerParamGroup> groups;
        groups.emplace_back(decayed, std::make_unique<AdamWOptions>(AdamWOptions().weight_decay(options.weightDecay)));
        groups.emplace_back(plain, std::make_unique<AdamWOptions>(AdamWOptions().weight_decay(0)));
        optimizer_ = std::make_unique<torch::optim::AdamW>(groups);
    }

    void run() {
        auto next = prefetch(0);
        double loss = 0;
        for (std::int64_t step = 0; step < options_.steps; ++step) {
            const Batch batch = next.get();
            next = prefetch(step + 1);
            loss += (trainOn(batch, step) - loss) * (step == 0 ? 1.0 : 0.02);
            if ((step + 1) % 50 == 0) std::printf("step %ld loss %.4f\n", static_cast<long>(step + 1), loss);
            if ((step + 1) % 400 == 0 || step + 1 == options_.steps) {
                std::printf("step %ld held-out accuracy %.2f %%\n", static_cast<long>(step + 1), heldOutAccuracy(1000));
                save();
            }
            std::fflush(stdout);
        }
    }

  private:
    std::future<Batch> prefetch(std::int64_t step) const {
        const std::int64_t first = options_.firstImage + step * options_.batch, count = options_.batch;
        return std::async(std::launch::async, [first, count] { return drawBatch(kTrainingSeed, first, count); });
    }

    torch::Tensor logits(const torch::Tensor& images) const {
        engine::ValueTensors given = leaves_;
        given[model_.graph->input] = images;
        const graph::ValueId wanted[] = {model_.graph->output};
        return engine::evaluate(network_, given, wanted).at(model_.graph->output);
    }

    double learningRateAt(std::int64_t step) const {
        if (step < options_.warmup) return options_.learningRate * static_cast<double>(step + 1) / static_cast<double>(options_.warmup);
        const double done = static_cast<double>(step - options_.warmup) / static_cast<double>(options_.steps - options_.warmup);
        return options_.learningRate * 0.5 * (1 + std::cos(M_PI * done));
    }

    double trainOn(const Batch& batch, std::int64_t step) {
        for (auto& group : optimizer_->param_groups()) group.options().set_lr(learningRateAt(step));
        optimizer_->zero_grad();
        const torch::Tensor loss = torch::nn::functional::cross_entropy(logits(augmented(batch.images, step)), batch.labels);
        loss.backward();
        std::vector<torch::Tensor> parameters;
        for (auto& [id, leaf] : leaves_) parameters.push_back(leaf);
        torch::nn::utils::clip_grad_norm_(parameters, 1.0);
        optimizer_->step();
        return loss.item<double>();
    }

    double heldOutAccuracy(std::int64_t count) const {
        const torch::NoGradGuard noGradient;
        std::int64_t correct = 0;
        for (std::int64_t first = 0; first < count; first += 100) {
            const Batch batch = drawBatch(kHeldOutSeed, first, 100);
            correct += logits(batch.images).argmax(1).eq(batch.labels).sum().item<std::int64_t>();
        }
        return 100.0 * static_cast<double>(correct) / static_cast<double>(count);
    }

    void save() const {
        TensorMap tensors;
        for (const auto& [id, leaf] : leaves_) tensors[model_.graph->value(id).id] = engine::toHost(leaf.detach().clone());
        formats::writeSafetensors(options_.out, tensors, checkpoint_.metadata);
    }

    Options options_;
    formats::Checkpoint checkpoint_;
    models::LoadedModel model_;
    engine::Network network_;
    engine::ValueTensors leaves_;
    std::unique_ptr<torch::optim::AdamW> optimizer_;
};

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app("Trains the network of the shipped sample");
    app.add_option("--out", options.out, "File to write (safetensors)");
    app.add_option("--start", options.start, "Weights to go on from");
    app.add_option("--steps", options.steps);
    app.add_option("--batch", options.batch);
    app.add_option("--warmup", options.warmup, "Steps of rising learning rate");
    app.add_option("--first-image", options.firstImage, "Index of the first training image (when going on)");
    app.add_option("--lr", options.learningRate);
    app.add_option("--threads", options.threads);
    CLI11_PARSE(app, argc, argv);
    try {
        engine::configureRuntime({.threads = options.threads});
        Trainer(options).run();
    } catch (const std::exception& exception) {
        std::fprintf(stderr, "%s\n", exception.what());
        return 1;
    }
    return 0;
}
