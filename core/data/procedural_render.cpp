// SPDX-License-Identifier: GPL-3.0-or-later
// From a scene to pixels and masks.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

#include "base/error.h"
#include "base/random.h"
#include "data/procedural.h"

namespace vitrine::data {
namespace {

constexpr double kFullTurn = 2.0 * std::numbers::pi;

struct Point {
    double x = 0.0;
    double y = 0.0;
};

using Contour = std::vector<Point>;

/// `corners` points on the unit circle, scaled alternately by the two radii, the first one upwards.
Contour polygon(int corners, double radius, double otherRadius) {
    Contour contour;
    for (int i = 0; i < corners; ++i) {
        const double angle = kFullTurn * i / corners;
        const double r = i % 2 == 0 ? radius : otherRadius;
        contour.push_back({r * std::sin(angle), -r * std::cos(angle)});
    }
    return contour;
}

Contour rectangle(double halfWidth, double halfHeight) {
    return {{-halfWidth, -halfHeight}, {halfWidth, -halfHeight}, {halfWidth, halfHeight}, {-halfWidth, halfHeight}};
}

/// The unit disc without the disc of radius 0.85 around (0.5, 0).
Contour crescent() {
    constexpr double kHoleRadius = 0.85, kHoleCentre = 0.5;
    constexpr int kSteps = 24;
    const double crossingX = (1.0 - kHoleRadius * kHoleRadius + kHoleCentre * kHoleCentre) / (2.0 * kHoleCentre);
    const double outer = std::acos(crossingX);
    const double inner = std::acos((crossingX - kHoleCentre) / kHoleRadius);
    Contour contour;
    for (int i = 0; i <= kSteps; ++i) {
        const double angle = outer + (kFullTurn - 2.0 * outer) * i / kSteps;
        contour.push_back({std::cos(angle), std::sin(angle)});
    }
    for (int i = 1; i < kSteps; ++i) {
        const double angle = kFullTurn - inner - (kFullTurn - 2.0 * inner) * i / kSteps;
        contour.push_back({kHoleCentre + kHoleRadius * std::cos(angle), kHoleRadius * std::sin(angle)});
    }
    return contour;
}

/// The outline around the origin for radius 1; filled by the even-odd rule.
std::vector<Contour> outline(ShapeKind shape) {
    constexpr int kRound = 40;
    switch (shape) {
        case ShapeKind::disc:
        case ShapeKind::blob:
            return {polygon(kRound, 1.0, 1.0)};
        case ShapeKind::ring:
            return {polygon(kRound, 1.0, 1.0), polygon(kRound, 0.58, 0.58)};
        case ShapeKind::square:
            return {rectangle(0.85, 0.85)};
        case ShapeKind::triangle:
            return {polygon(3, 1.15, 1.15)};
        case ShapeKind::star:
            return {polygon(10, 1.15, 0.5)};
        case ShapeKind::crescent:
            return {crescent()};
        case ShapeKind::bar:
            return {rectangle(1.0, 1.0)};
    }
    fail(ErrorCode::internal, "unknown shape");
}

/// A rotation about a point.
struct Turn {
    explicit Turn(double angle) : cosine(std::cos(angle)), sine(std::sin(angle)) {}
    Point operator()(double x, double y) const { return {cosine * x - sine * y, sine * x + cosine * y}; }
    double cosine;
    double sine;
};

/// The outline in the picture's coordinates, where pixel (0, 0) is the square from 0 to 1.
std::vector<Contour> placedOutline(const PlacedObject& object) {
    const Turn turn(object.angle);
    std::vector<Contour> contours = outline(object.shape);
    for (Contour& contour : contours)
        for (Point& corner : contour) {
            const Point turned = turn(object.radius * corner.x, object.radius * object.aspect * corner.y);
            corner = {object.centreX + turned.x, object.centreY + turned.y};
        }
    return contours;
}

/// The whole pixels that an outline may touch, inside the picture.
cv::Rect reach(const std::vector<Contour>& contours, int size) {
    double left = size, top = size, right = 0.0, bottom = 0.0;
    for (const Point& corner : contours.front()) {
        left = std::min(left, corner.x);
        right = std::max(right, corner.x);
        top = std::min(top, corner.y);
        bottom = std::max(bottom, corner.y);
    }
    const auto clipped = [size](double value) {
        return static_cast<int>(std::clamp(value, 0.0, static_cast<double>(size)));
    };
    const cv::Point from(clipped(std::floor(left) - 1.0), clipped(std::floor(top) - 1.0));
    const cv::Point to(clipped(std::ceil(right) + 1.0), clipped(std::ceil(bottom) + 1.0));
    return {from, to};
}

cv::Mat coverageMat(const PlacedObject& object, int size) {
    constexpr int kFine = 4;  // drawn so many times larger and averaged: OpenCV's own smoothing widens a shape
    constexpr int kFractionBits = 4;
    cv::Mat mask = cv::Mat::zeros(size, size, CV_8U);
    const std::vector<Contour> contours = placedOutline(object);
    const cv::Rect area = reach(contours, size);
    if (area.empty()) return mask;
    // Pixel centres lie at whole coordinates in OpenCV, at halves here.
    const auto fixed = [](double value) {
        return static_cast<int>(std::lround((kFine * value - 0.5) * (1 << kFractionBits)));
    };
    std::vector<std::vector<cv::Point>> points;
    for (const Contour& contour : contours) {
        auto& list = points.emplace_back();
        for (const Point& corner : contour) list.emplace_back(fixed(corner.x - area.x), fixed(corner.y - area.y));
    }
    cv::Mat fine = cv::Mat::zeros(area.height * kFine, area.width * kFine, CV_8U);
    cv::fillPoly(fine, points, cv::Scalar(255), cv::LINE_8, kFractionBits);
    cv::resize(fine, mask(area), area.size(), 0.0, 0.0, cv::INTER_AREA);
    return mask;
}

/// Signed distance in pixels into the band of the middle half of a period.
double bandDepth(double position, double period) {
    const double phase = position / period - std::floor(position / period);
    return (0.25 - std::abs(phase - 0.5)) * period;
}

double softStep(double depth) { return std::clamp(depth + 0.5, 0.0, 1.0); }

/// How much of the mark colour a texture shows at (u, v) pixels from its origin, 0..1, with edges one pixel wide.
double markShare(TextureKind kind, double period, double u, double v) {
    switch (kind) {
        case TextureKind::plain:
            return 0.0;
        case TextureKind::stripes:
            return softStep(bandDepth(v, period));
        case TextureKind::checker: {
            const double a = softStep(bandDepth(u, 1.3 * period));
            const double b = softStep(bandDepth(v, 1.3 * period));
            return a * b + (1.0 - a) * (1.0 - b);
        }
        case TextureKind::dots: {
            const double du = u / period - std::floor(u / period) - 0.5;
            const double dv = v / period - std::floor(v / period) - 0.5;
            return softStep((0.33 - std::sqrt(du * du + dv * dv)) * period);
        }
    }
    fail(ErrorCode::internal, "unknown texture");
}

std::array<double, 3> channels(const Colour& colour) {
    return {static_cast<double>(colour.red), static_cast<double>(colour.green), static_cast<double>(colour.blue)};
}

std::uint8_t toByte(double value) { return static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0) + 0.5); }

void paintBackground(formats::Image& image, const Background& background) {
    constexpr int kCells = 6;
    Random random(background.cloudSeed);
    std::array<std::array<double, kCells + 1>, kCells + 1> cloud;
    for (auto& row : cloud)
        for (double& value : row) value = random.uniform(-1.0, 1.0) * background.cloudStrength;
    const Turn gradient(-background.angle), grain(-background.texture.angle);
    const auto from = channels(background.from), to = channels(background.to), mark = channels(background.texture.mark);
    for (int y = 0; y < image.height; ++y) {
        for (int x = 0; x < image.width; ++x) {
            const double cellX = static_cast<double>(x) * kCells / image.width;
            const double cellY = static_cast<double>(y) * kCells / image.height;
            const int i = static_cast<int>(cellX), j = static_cast<int>(cellY);
            const double fx = cellX - i, fy = cellY - j;
            const double lift = (1.0 - fy) * ((1.0 - fx) * cloud[j][i] + fx * cloud[j][i + 1]) +
                                fy * ((1.0 - fx) * cloud[j + 1][i] + fx * cloud[j + 1][i + 1]);
            const double t =
                std::clamp(gradient(x - image.width / 2.0, y - image.height / 2.0).x / image.width + 0.5, 0.0, 1.0);
            const Point place = grain(x, y);
            const double share = background.textureStrength *
                                 markShare(background.texture.kind, background.texture.period, place.x, place.y);
            for (int c = 0; c < 3; ++c) {
                const double base = from[c] + t * (to[c] - from[c]) + lift;
                image.rgb[(y * image.width + x) * 3 + c] = toByte(base + share * (mark[c] - base));
            }
        }
    }
}

void paintObject(formats::Image& image, const PlacedObject& object) {
    const cv::Mat mask = coverageMat(object, image.width);
    const Texture& texture = object.texture;
    const Turn toTexture(-(object.angle + texture.angle));
    const auto base = channels(texture.base), mark = channels(texture.mark);
    for (int y = 0; y < image.height; ++y) {
        const std::uint8_t* covered = mask.ptr<std::uint8_t>(y);
        for (int x = 0; x < image.width; ++x) {
            if (covered[x] == 0) continue;
            const Point place = toTexture(x + 0.5 - object.centreX, y + 0.5 - object.centreY);
            const double share = markShare(texture.kind, texture.period, place.x, place.y);
            const double alpha = covered[x] / 255.0;
            for (int c = 0; c < 3; ++c) {
                std::uint8_t& pixel = image.rgb[(y * image.width + x) * 3 + c];
                const double colour = base[c] + share * (mark[c] - base[c]);
                pixel = toByte(pixel + alpha * (colour - pixel));
            }
        }
    }
}

/// Contrast and near-normal noise: the sum of four random bytes, so that eight bytes of one draw serve two values.
void addNoise(formats::Image& image, const Scene& scene) {
    constexpr double kDeviation = 147.8;  // of the sum of four uniform bytes, sqrt(4 * (256^2 - 1) / 12)
    const double factor = scene.noise / kDeviation;
    Random random(scene.noiseSeed);
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < image.rgb.size(); ++i) {
        bits = i % 2 == 0 ? random.bits() : bits >> 32;
        const int sum = static_cast<int>(bits & 255) + static_cast<int>(bits >> 8 & 255) +
                        static_cast<int>(bits >> 16 & 255) + static_cast<int>(bits >> 24 & 255);
        image.rgb[i] = toByte(127.5 + scene.gain * (image.rgb[i] - 127.5) + factor * (sum - 510));
    }
}

const PlacedObject& objectAt(const Scene& scene, std::size_t k) {
    if (k >= scene.objects.size())
        fail(ErrorCode::invalidArgument,
             "the scene has " + std::to_string(scene.objects.size()) + " objects, there is no " + std::to_string(k));
    return scene.objects[k];
}

}  // namespace

formats::Image render(const Scene& scene) {
    formats::Image image{scene.size, scene.size,
                         std::vector<std::uint8_t>(static_cast<std::size_t>(scene.size) * scene.size * 3)};
    paintBackground(image, scene.background);
    for (const PlacedObject& object : scene.objects) paintObject(image, object);
    if (scene.blur > 0.0) {
        cv::Mat view(image.height, image.width, CV_8UC3, image.rgb.data());
        cv::GaussianBlur(view, view, cv::Size(3, 3), scene.blur);
    }
    addNoise(image, scene);
    return image;
}

std::vector<std::uint8_t> coverage(const Scene& scene, std::size_t k) {
    const cv::Mat mask = coverageMat(objectAt(scene, k), scene.size);
    return {mask.begin<std::uint8_t>(), mask.end<std::uint8_t>()};
}

std::vector<std::uint8_t> instanceMask(const Scene& scene, std::size_t k) {
    constexpr std::uint8_t kHalf = 128;
    std::vector<std::uint8_t> mask = coverage(scene, k);
    for (std::uint8_t& value : mask) value = value >= kHalf;
    for (std::size_t later = k + 1; later < scene.objects.size(); ++later) {
        const std::vector<std::uint8_t> cover = coverage(scene, later);
        for (std::size_t i = 0; i < mask.size(); ++i)
            if (cover[i] >= kHalf) mask[i] = 0;
    }
    return mask;
}

Box boundingBox(const std::vector<std::uint8_t>& mask, int size) {
    Box box{size, size, 0, 0};
    for (int y = 0; y < size; ++y) {
        for (int x = 0; x < size; ++x) {
            if (mask[static_cast<std::size_t>(y) * size + x] == 0) continue;
            box = {std::min(box.left, x), std::min(box.top, y), std::max(box.right, x + 1),
                   std::max(box.bottom, y + 1)};
        }
    }
    return box.right == 0 ? Box{} : box;
}

}  // namespace vitrine::data
