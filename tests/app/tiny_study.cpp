// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/tiny_study.h"

#include "base/files.h"
#include "base/random.h"
#include "formats/image.h"
#include "formats/safetensors.h"

namespace vitrine::test {
namespace {

constexpr std::int64_t kEmbed = 16;
constexpr std::int64_t kClasses = 3;

HostTensor randomTensor(Random& random, const Shape& shape, double mean, double deviation) {
    std::vector<float> values(static_cast<std::size_t>(elementCount(shape)));
    for (float& value : values) value = static_cast<float>(mean + deviation * random.normal());
    return HostTensor::of(std::move(values), shape);
}

void addLinear(TensorMap& tensors, Random& random, const std::string& name, std::int64_t outputs, std::int64_t inputs) {
    tensors[name + ".weight"] = randomTensor(random, {outputs, inputs}, 0, 0.25);
    tensors[name + ".bias"] = randomTensor(random, {outputs}, 0, 0.1);
}

void addNorm(TensorMap& tensors, Random& random, const std::string& name) {
    tensors[name + ".weight"] = randomTensor(random, {kEmbed}, 1, 0.2);
    tensors[name + ".bias"] = randomTensor(random, {kEmbed}, 0, 0.1);
}

TensorMap tinyWeights() {
    Random random(7);
    TensorMap tensors;
    tensors["cls_token"] = randomTensor(random, {1, 1, kEmbed}, 0, 0.5);
    tensors["pos_embed"] = randomTensor(random, {1, 5, kEmbed}, 0, 0.5);
    tensors["patch_embed.proj.weight"] = randomTensor(random, {kEmbed, 3, 8, 8}, 0, 0.1);
    tensors["patch_embed.proj.bias"] = randomTensor(random, {kEmbed}, 0, 0.1);
    for (const std::string block : {"blocks.0.", "blocks.1."}) {
        addNorm(tensors, random, block + "norm1");
        addLinear(tensors, random, block + "attn.qkv", 3 * kEmbed, kEmbed);
        addLinear(tensors, random, block + "attn.proj", kEmbed, kEmbed);
        addNorm(tensors, random, block + "norm2");
        addLinear(tensors, random, block + "mlp.fc1", 2 * kEmbed, kEmbed);
        addLinear(tensors, random, block + "mlp.fc2", kEmbed, 2 * kEmbed);
    }
    addNorm(tensors, random, "norm");
    addLinear(tensors, random, "head", kClasses, kEmbed);
    return tensors;
}

formats::Image randomPicture(Random& random) {
    formats::Image image{20, 18, {}};
    for (int i = 0; i < 20 * 18 * 3; ++i) image.rgb.push_back(static_cast<std::uint8_t>(random.integer(0, 255)));
    return image;
}

}  // namespace

TinyStudy::TinyStudy(std::int64_t images) {
    formats::writeSafetensors(model(), tinyWeights(), {{"arch", "vit"}, {"num_heads", "2"}});
    Random random(11);
    std::string table = "file,label\n";
    for (std::int64_t i = 0; i < images; ++i) {
        const std::string label = std::to_string(i % kClasses);
        const std::string file = "images/" + label + "/" + std::to_string(i) + ".png";
        std::filesystem::create_directories(path("images/" + label));
        formats::writePng(path(file), randomPicture(random));
        table += file + "," + label + "\n";
    }
    writeFileAtomically(this->images(), table);
}

}  // namespace vitrine::test
