// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPainterPath>
#include <QPointF>
#include <QRectF>
#include <QString>
#include <QStringList>
#include <string>
#include <vector>

#include "widgets/session/run_data.h"

/// A network, or one block of it, as boxes and lines with their places: what GraphView draws. Lengths in units of 1/96 inch at zoom 1.
namespace vitrine::widgets {

struct DiagramOptions {
    bool wholeNetwork = false;    ///< blocks as boxes, instead of the operations of one block
    std::size_t block = 0;        ///< index in Graph::blocks
    bool weights = true;          ///< parameters beside their operations
    bool norms = true;            ///< else layer norms are folded into lines
    bool names = true;            ///< value ids
    bool rearrangements = false;  ///< else reshape, permute and their like are folded into lines
    bool twoRuns = false;         ///< quantizers show a line for each run

    bool operator==(const DiagramOptions&) const = default;
};

/// The parameter beside an operation.
struct DiagramWeight {
    std::string site;  ///< value id; a site unless `quantizable` is false
    bool quantizable = true;
    QString name;      ///< "weight", or the end of its id
    QString shape;
    QRectF box;
};

struct DiagramItem {
    enum class Kind {
        port,       ///< where the residual stream comes in or goes out
        operation,
        addition,   ///< drawn as a circle
        quantizer,  ///< a site that is not a weight
        parameter,  ///< a trained tensor that is an operand like any other
        block,
    };
    Kind kind = Kind::operation;
    std::string id;        ///< value id of what it gives; block id for `block`, and for `port` the block on the other side
    std::size_t block = 0;  ///< index
    QString title;         ///< "Linear", "From blocks.2"
    QString name;          ///< "attn.qkv", or empty
    QString detail;        ///< shape, or what a block holds
    std::vector<DiagramWeight> weights;
    std::vector<std::string> sites;  ///< of a block, in network order
    QRectF box;            ///< the main part, without weights

    bool isSite() const { return kind == Kind::quantizer; }
};

struct DiagramLine {
    std::size_t from = 0, to = 0;
    bool spine = false;
    QStringList folded;  ///< operations that are not drawn, in order: "Reshape", "Permute"
    QPainterPath path;   ///< from box to box, downwards
    QPointF middle;      ///< where the mark of `folded` sits
};

struct Diagram {
    std::vector<DiagramItem> items;
    std::vector<DiagramLine> lines;
    QRectF bounds;  ///< of everything, with a margin
    bool wholeNetwork = false;

    /// The item that shows this site: its quantizer, the operation it is a weight of, or its block.
    std::optional<std::size_t> itemOfSite(const std::string& site) const;
};

/// Arranges the drawing. `options.block` must be in range. UI thread, for its fonts.
Diagram makeDiagram(const Network& network, const DiagramOptions& options);

/// The blocks to open when nothing is selected: the first transformer block, else the first one.
std::size_t firstTransformerBlock(const graph::Graph& graph);

}  // namespace vitrine::widgets
