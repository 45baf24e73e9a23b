// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractListModel>
#include <QStyledItemDelegate>
#include <vector>

#include "report/flips.h"
#include "widgets/views/view.h"

/// One image with two different predictions, as a tile. UI thread.
namespace vitrine::widgets {

struct FlipTile {
    report::Flip flip;
    report::FlipKind kind = report::FlipKind::unlabelled;
    std::int64_t label = -1;

    bool operator==(const FlipTile&) const = default;
};

/// The name of a class, or its number.
using ClassNamer = std::function<QString(std::int64_t classId)>;

/// "A right, B wrong"
QString flipKindText(report::FlipKind kind);
QString flipSymbol(report::FlipKind kind);  ///< an arrow for better or worse
QString tileText(const FlipTile& tile, const ClassNamer& namer);  ///< all of it in one line

/// Lengths of tiles in units of the font's pixel size `em`.
struct TileMetrics {
    double em;
    double picture() const { return 7.2 * em; }
    double height() const { return picture() + 1.4 * em; }
    double leastWidth() const { return 21 * em; }
    /// Tiles beside each other in this width, at least one.
    int columns(double width) const;
};

/// A tile without the background of a selection.
struct TileLook {
    const QImage& picture;
    const ClassNamer& namer;
    QFont font;
    const Theme& theme;
};
void paintTile(QPainter& painter, const QRectF& box, const FlipTile& tile, const TileLook& look);

class FlipModel : public QAbstractListModel {
    Q_OBJECT
  public:
    using QAbstractListModel::QAbstractListModel;
    void setTiles(std::vector<FlipTile> tiles);
    void setNamer(ClassNamer namer) { namer_ = std::move(namer); }
    const ClassNamer& namer() const { return namer_; }
    const std::vector<FlipTile>& tiles() const { return tiles_; }
    int rowOf(qint64 dataRow) const;  ///< -1 when there is none
    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

  private:
    std::vector<FlipTile> tiles_;
    ClassNamer namer_ = [](std::int64_t classId) { return QString::number(classId); };
};

/// Draws tiles of a FlipModel; `picture` is asked for the thumbnails of what is visible.
class FlipDelegate : public QStyledItemDelegate {
  public:
    using Picture = std::function<QImage(qint64 row, int side)>;
    FlipDelegate(const FlipModel& model, QObject* parent) : QStyledItemDelegate(parent), model_(model) {}
    void setPictures(Picture picture) { picture_ = std::move(picture); }
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

  private:
    const FlipModel& model_;
    Picture picture_;
};

}  // namespace vitrine::widgets
