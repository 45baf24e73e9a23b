// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/procedural.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "base/error.h"

namespace vitrine::data {
namespace {

double meanOf(const formats::Image& image) {
    return std::accumulate(image.rgb.begin(), image.rgb.end(), 0.0) / static_cast<double>(image.rgb.size());
}

std::size_t mainObject(const Scene& scene) {
    for (std::size_t k = 0; k < scene.objects.size(); ++k)
        if (scene.objects[k].classId != kNoClass) return k;
    ADD_FAILURE() << "no main object";
    return 0;
}

std::int64_t area(const std::vector<std::uint8_t>& mask) {
    return std::accumulate(mask.begin(), mask.end(), std::int64_t{0});
}

Scene oneSquare(double centre, double radius) {
    Scene scene;
    scene.size = 32;
    PlacedObject object;
    object.classId = 2;
    object.shape = ShapeKind::square;
    object.centreX = object.centreY = centre;
    object.radius = radius;
    object.texture.base = {200, 100, 50};
    scene.objects.push_back(object);
    return scene;
}

TEST(Procedural, SameSeedAndIndexGiveTheSamePixels) {
    EXPECT_EQ(render(makeScene(5, 17)), render(makeScene(5, 17)));
    EXPECT_NE(render(makeScene(5, 17)), render(makeScene(5, 27)));
    EXPECT_NE(render(makeScene(5, 17)), render(makeScene(6, 17)));
}

TEST(Procedural, EveryTenNeighboursHoldEachClassOnce) {
    ASSERT_EQ(proceduralClassNames().size(), 10u);
    for (std::int64_t i = 0; i < 40; ++i) EXPECT_EQ(labelOf(makeScene(1, i)), i % 10);
}

TEST(Procedural, SizeScalesTheSceneAndNotItsContent) {
    SceneOptions large;
    large.size = 128;
    const Scene small = makeScene(3, 4), big = makeScene(3, 4, large);
    ASSERT_EQ(small.objects.size(), big.objects.size());
    const std::size_t k = mainObject(small);
    EXPECT_NEAR(big.objects[k].radius, 2.0 * small.objects[k].radius, 1e-9);
    EXPECT_NEAR(big.objects[k].centreX, 2.0 * small.objects[k].centreX, 1e-9);
    EXPECT_EQ(render(big).width, 128);
}

TEST(Procedural, RefusesImpossibleScenes) {
    SceneOptions options;
    options.size = 8;
    EXPECT_THROW(makeScene(1, 0, options), Exception);
    EXPECT_THROW(makeScene(1, -1), Exception);
    Scene scene = makeScene(1, 0);
    EXPECT_THROW(coverage(scene, scene.objects.size()), Exception);
    scene.objects.clear();
    EXPECT_THROW(labelOf(scene), Exception);
}

TEST(Procedural, CoverageOfASquareHasItsAreaAndBox) {
    const Scene scene = oneSquare(16.0, 10.0);  // side 17, from 7.5 to 24.5
    const std::vector<std::uint8_t> cover = coverage(scene, 0);
    const double measured = std::accumulate(cover.begin(), cover.end(), 0.0) / 255.0;
    EXPECT_NEAR(measured, 17.0 * 17.0, 10.0);  // edges are drawn an eighth of a pixel wide
    const Box box = boundingBox(instanceMask(scene, 0), scene.size);
    EXPECT_NEAR(box.left, 7.5, 1.0);
    EXPECT_NEAR(box.right, 24.5, 1.0);
    EXPECT_EQ(box.left, box.top);
    EXPECT_EQ(box.right, box.bottom);
}

TEST(Procedural, LaterObjectsHideEarlierOnes) {
    Scene scene = oneSquare(16.0, 10.0);
    scene.objects.push_back(scene.objects[0]);
    scene.objects[1].classId = kNoClass;
    EXPECT_EQ(area(instanceMask(scene, 0)), 0);
    EXPECT_EQ(boundingBox(instanceMask(scene, 0), scene.size).right, 0);
    scene.objects[1].centreX += 12.0;
    const std::int64_t visible = area(instanceMask(scene, 0));
    EXPECT_GT(visible, 0);
    EXPECT_LT(visible, area(instanceMask(scene, 1)));
    for (std::size_t i = 0; i < 32u * 32u; ++i) EXPECT_LE(instanceMask(scene, 0)[i] + instanceMask(scene, 1)[i], 1);
}

TEST(Procedural, MasksMarkTheObjectsColour) {
    const Scene scene = oneSquare(16.0, 10.0);
    const formats::Image image = render(scene);
    const std::vector<std::uint8_t> cover = coverage(scene, 0);
    for (std::size_t i = 0; i < cover.size(); ++i)
        if (cover[i] == 255) {
            EXPECT_EQ(image.rgb[i * 3], 200);
            EXPECT_EQ(image.rgb[i * 3 + 2], 50);
        }
}

// The object that gives the class stays visible: occlusion makes the set hard, never impossible.
TEST(Procedural, MainObjectIsMostlyVisible) {
    for (std::int64_t i = 0; i < 500; ++i) {
        const Scene scene = makeScene(11, i);
        const std::size_t k = mainObject(scene);
        Scene alone = scene;
        alone.objects.resize(k + 1);
        const double share =
            static_cast<double>(area(instanceMask(scene, k))) / static_cast<double>(area(instanceMask(alone, k)));
        EXPECT_GT(share, 0.35) << "scene " << i;
        const Box box = boundingBox(instanceMask(scene, k), scene.size);
        EXPECT_GE(box.right - box.left, 10) << "scene " << i;
    }
}

TEST(Procedural, NoiseHasTheDeviationAskedFor) {
    Scene scene;
    scene.background.from = scene.background.to = {128, 128, 128};
    scene.noise = 12.0;
    const formats::Image image = render(scene);
    const double mean = meanOf(image);
    double squares = 0.0;
    for (const std::uint8_t value : image.rgb) squares += (value - mean) * (value - mean);
    EXPECT_NEAR(mean, 128.0, 0.5);
    EXPECT_NEAR(std::sqrt(squares / static_cast<double>(image.rgb.size())), 12.0, 0.4);
}

// The shipped network was trained on these pictures, so the set must never drift.
TEST(Procedural, ShippedSetIsPinned) {
    double sum = 0.0;
    for (std::int64_t i = 0; i < 20; ++i) sum += meanOf(render(makeScene(2024, i)));
    EXPECT_NEAR(sum / 20.0, 125.0770, 0.01);
}

}  // namespace
}  // namespace vitrine::data
