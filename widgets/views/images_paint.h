// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QPainter>
#include <QStyledItemDelegate>

#include "analysis/patch_similarity.h"
#include "widgets/base/theme.h"
#include "widgets/views/images_model.h"

/// How synthetic images look, in the window and in figures. UI thread.
namespace vitrine::widgets {

/// Lengths of tiles in units of the font's pixel size `em`.
struct ImageTileMetrics {
    double em = 13;
    double side = 112;     ///< of a picture
    std::size_t runs = 1;  ///< pictures beside each other
    bool captions = true;
    double width() const { return static_cast<double>(runs) * side + 0.5 * em * static_cast<double>(runs - 1) + 1.2 * em; }
    double height() const { return side + (captions ? 3.4 : 0.2) * em + em; }
};

/// The pictures of one image, of one run or of two, with class, prediction and loss below.
struct ImageTileLook {
    const std::vector<ImagesShown>& shown;
    const std::vector<QImage>& sheets;  ///< picture() of each
    const ImageClassNamer& namer;
    ImageTileMetrics metrics;
    QFont font;
    const Theme& theme;
    bool letters = false;  ///< says A or B even on a single picture
};
void paintImageTile(QPainter& painter, const QRectF& box, std::size_t image, const ImageTileLook& look);

/// One picture in its true colours, sharp pixels when it is magnified, keeping its proportions. Returns where it lies.
QRectF paintPixels(QPainter& painter, const QRectF& box, const QImage& sheet, const QRect& tile);

/// The similarity map over a picture: each patch in the colour of its similarity, the anchor outlined, positives marked + and negatives −.
void paintSimilarity(QPainter& painter, const QRectF& picture, const analysis::PatchGrid& grid, const analysis::AnchorSimilarity& similarity, const QFont& font,
                     const Theme& theme);
/// Words below the colours of a map.
struct PatchScale {
    QString low, middle, high;
};
void paintSimilarityScale(QPainter& painter, const QRectF& box, const PatchScale& scale, const QFont& font, const Theme& theme);
/// Of a similarity from -1 to 1.
QColor similarityColour(double similarity, const Theme& theme);

/// Draws tiles of an ImagesModel.
class ImagesDelegate : public QStyledItemDelegate {
  public:
    ImagesDelegate(const ImagesModel& model, QObject* parent) : QStyledItemDelegate(parent), model_(model) {}
    void setSheets(std::vector<QImage> sheets) { sheets_ = std::move(sheets); }  ///< of the model's shown runs
    void setMetrics(const ImageTileMetrics& metrics) { metrics_ = metrics; }
    const ImageTileMetrics& metrics() const { return metrics_; }
    void setFlicker(std::optional<std::size_t> run) { flicker_ = run; }  ///< shows this run alone
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

  private:
    const ImagesModel& model_;
    std::vector<QImage> sheets_;
    ImageTileMetrics metrics_;
    std::optional<std::size_t> flicker_;
};

}  // namespace vitrine::widgets
