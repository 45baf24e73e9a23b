// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "quant/encoding.h"

/// The plain structs that runs and analyses produce. Each is immutable once emitted, drawn by one view, written by one
/// codec and printed by one report section.
namespace vitrine::results {

/// Error that quantization makes at each site or node output.
struct LayerErrors {
    struct Row {
        std::string site;       ///< value id
        std::string role;       ///< role name, or "output" for the result of a node
        std::string block;      ///< block id
        std::string quantizer;  ///< "uniform 4 bit per channel", or "float"
        double sqnrDb = 0;      ///< 10 log10(sum y^2 / sum (y - y^)^2); +inf as 999
        double cosine = 1;      ///< mean over images of <y,y^> / (|y||y^|)
        double mse = 0;
    };
    std::string reference;  ///< what is compared: "local" (the quantizer alone) or "accumulated" (whole prefix quantized)
    std::int64_t images = 0;
    std::vector<Row> rows;  ///< in network order
};

/// The range of real values of each site beside the range its quantizer covers.
struct Intervals {
    struct Row {
        std::string site;
        std::string role;
        int bits = 0;
        double minimum = 0, maximum = 0;        ///< of the data
        double lowQuantile = 0, highQuantile = 0;  ///< 0.1 % and 99.9 %
        double low = 0, high = 0;               ///< covered by the quantizer (over all its channels)
        double clippedFraction = 0;             ///< of the data outside [low, high], per channel where it has channels
        std::vector<double> levels;             ///< values of the codes, for one scale and at most 8 bits; else empty
    };
    std::vector<Row> rows;
};

/// Counts of values of one site before and after quantization, over the same equal-width bins.
struct Histogram {
    std::string site;
    double low = 0, high = 1;  ///< outer edges
    std::vector<std::int64_t> floatCounts;
    std::vector<std::int64_t> quantizedCounts;
    std::vector<double> levels;  ///< as in Intervals
};
struct Histograms {
    std::vector<Histogram> sites;
};

/// A series over steps: a loss curve, a learning rate.
struct Trace {
    std::string name;   ///< "search.best_fitness"
    std::string xLabel, yLabel;
    std::vector<double> x, y;
};

/// A table for everything that needs no view of its own.
struct Table {
    struct Column {
        std::string name;
        std::string unit;
        bool bar = false;  ///< draw a data bar behind the number
    };
    using Cell = std::variant<std::string, double, std::int64_t>;
    std::vector<Column> columns;
    std::vector<std::vector<Cell>> rows;
};

/// Accuracy of one network on one image set.
struct Accuracy {
    std::string subject;  ///< "float", "quantized"
    std::string data;     ///< name of the image set
    std::int64_t count = 0;
    double top1 = 0, top5 = 0;                ///< percent
    double top1Low = 0, top1High = 0;         ///< 95 % Wilson interval, percent
    std::optional<double> fidelity;           ///< percent of images with the arg-max of the float network
    std::optional<double> divergence;         ///< mean D(float || this) of the class probabilities over some of the images, nats
    double seconds = 0;
    std::vector<std::int32_t> predictions;    ///< arg-max of each image, in order
    std::vector<std::int64_t> rows;           ///< data row of each image in its set
};

/// What was quantized and how, and what it costs.
struct Scope {
    struct Row {
        std::string role;
        std::string description;
        std::int64_t sites = 0;
    };
    std::vector<Row> rows;
    double bops = 0, floatBops = 0, sizeBytes = 0, encodingBytes = 0, floatBytes = 0;
    double averageWeightBits = 32, averageActivationBits = 32;
};

/// Images that were made without data, from noise to what a method calibrates on.
struct SyntheticImages {
    /// Eight-bit RGB picture of all images side by side, in the true colours of their pixels, row by row of the grid.
    struct Sheet {
        std::int64_t step = 0;          ///< iterations made
        std::int64_t tileWidth = 0;     ///< of one image in pixels; large images are shrunk
        std::int64_t tileHeight = 0;
        std::vector<std::uint8_t> rgb;  ///< 3 * columns * tileWidth * rows * tileHeight bytes, no padding

        bool operator==(const Sheet&) const = default;
    };
    /// One term of the loss.
    struct Term {
        std::string name;   ///< "contrastive"
        double weight = 1;
        std::vector<std::vector<double>> values;  ///< by step as in `steps`, then by image; before its weight

        bool operator==(const Term&) const = default;
    };
    struct Image {
        std::int64_t label = -1;       ///< class that it was asked to show; -1: none
        std::int64_t prediction = -1;  ///< of the float network
        double confidence = 0;         ///< softmax probability of the prediction

        bool operator==(const Image&) const = default;
    };
    std::string method;         ///< id of the synthesizer
    std::int64_t width = 0;     ///< of an image in pixels
    std::int64_t height = 0;
    std::int64_t columns = 0;   ///< of the sheets; places behind the last image are black
    std::int64_t rows = 0;
    std::vector<Image> images;
    std::vector<Sheet> sheets;  ///< by step
    std::vector<std::int64_t> steps;  ///< where the terms were noted; thinned out when there are many
    std::vector<Term> terms;

    bool operator==(const SyntheticImages&) const = default;
};

/// What an evolutionary search over quantizers tried, and what came of it. Losses are those that the search minimises.
struct SearchHistory {
    struct Candidate {
        std::int64_t evaluation = 0;   ///< number of its measurement, from 1
        std::int64_t target = 0;       ///< index in `targets`
        std::int64_t pass = 0;         ///< from 0
        std::int64_t cycle = 0;        ///< of this visit of the target; 0: what the visit began with
        double fitness = 0;            ///< its loss
        double best = 0, worst = 0;    ///< of the population afterwards
        bool accepted = false;         ///< whether it stayed in the population
        int bits = 0;                  ///< of the target's weights; 0 where the search leaves widths alone
        double change = 0;             ///< rms relative change of its scales against what was installed

        bool operator==(const Candidate&) const = default;
    };
    /// A site whose quantizer the search may change, before it and now.
    struct Site {
        std::string site;
        std::string role;
        std::int64_t target = 0;
        int bitsBefore = 0, bitsAfter = 0;
        std::vector<float> scalesBefore, scalesAfter;

        bool operator==(const Site&) const = default;
    };
    /// What the network costs now, beside what it may cost.
    struct Budget {
        std::string measure;            ///< "weight_bits", "weight_bits_by_macs", "size", "bops"
        std::string unit;               ///< "bits", "bytes", "" for operations
        double used = 0;
        std::optional<double> allowed;  ///< none where there is no limit

        bool operator==(const Budget&) const = default;
    };
    std::vector<std::string> targets;   ///< ids of layers or blocks
    std::int64_t evaluations = 0;       ///< measurements in all, repeated ones included
    std::int64_t rejected = 0;          ///< candidates above the budget, which were not measured
    std::int64_t leftOut = 0;           ///< candidates that were measured and are not listed any more
    std::vector<Candidate> candidates;  ///< by evaluation
    std::vector<Site> sites;            ///< in network order
    std::vector<Budget> budgets;

    bool operator==(const SearchHistory&) const = default;
};

using Payload = std::variant<LayerErrors, Intervals, Histograms, Trace, Table, Accuracy, Scope, SearchHistory, SyntheticImages>;

/// One result with its place in the run. Ids are stable: "errors.local", "intervals", "accuracy.quantized".
struct Artefact {
    std::string id;
    std::string title;  ///< for people
    Payload payload;
};
using ArtefactPtr = std::shared_ptr<const Artefact>;

/// Stable name of the payload's kind: "layer_errors", "intervals", ...
std::string_view payloadKind(const Payload& payload);

}  // namespace vitrine::results
