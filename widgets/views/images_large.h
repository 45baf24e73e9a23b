// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "analysis/patch_maps.h"
#include "widgets/views/images_paint.h"

namespace vitrine::widgets {

/// What colours the patches of a large image.
enum class PatchMapKind {
    none,
    pixels,     ///< cosine of the pixels of two patches
    features,   ///< cosine of what the attention module of a block makes of them, as the loss of CLAMP-ViT sees it
    attention,  ///< how much the chosen patch attends to each
    classAttention,  ///< how much the class token does
};

/// One synthetic image, large: its pixels, how much its patches resemble a chosen one, its losses over the steps. With two runs their
/// images of the same number stand beside each other. The arrow keys and clicks move the chosen patch. UI thread.
class ImagesLarge : public QWidget {
    Q_OBJECT
  public:
    struct Content {
        std::vector<ImagesShown> shown;  ///< one or two; must outlive the widget's use of it
        std::size_t image = 0;
        ImageClassNamer namer;
        std::int64_t rows = 0, columns = 0;  ///< of the grid of patches; 0: not known
        PatchMapKind map = PatchMapKind::pixels;
        std::vector<analysis::PatchMapsPtr> patches;  ///< by run; null: not known
        std::string block;                            ///< whose attention module is shown; empty: the last one
        QString note;                                 ///< what a map of the network was computed on, or why there is none
    };
    explicit ImagesLarge(QWidget* parent = nullptr);

    void setContent(Content content);
    void setFlicker(std::optional<std::size_t> run);  ///< shows this run alone
    std::int64_t anchor() const { return anchor_; }
    void setAnchor(std::int64_t patch);
    /// The patch that is framed until the user chooses another one; from 0, less: the middle.
    void setAnchorPlace(std::int64_t row, std::int64_t column);
    void paintInto(QPainter& painter, const QRectF& box, const QFont& font, const Theme& theme) const;

  Q_SIGNALS:
    void anchorChanged(qint64 patch);
    void readoutChanged(const QString& text);

  protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

  private:
    struct Map {
        analysis::PatchGrid grid;
        analysis::AnchorSimilarity similarity;  ///< as colours: -1 at the lower end of the scale, 1 at the upper one
        QString title;
        PatchScale scale;
        double least = -1, most = 1;  ///< values at the ends of the scale
    };
    std::optional<Map> mapOf(std::size_t run) const;
    struct Place {
        std::vector<QRectF> pictures;
        QRectF words;
    };
    std::vector<std::size_t> visibleRuns() const;
    Place placeIn(const QRectF& box, const QFont& font) const;
    void placeAnchor(std::int64_t rowsBefore, std::int64_t columnsBefore);
    void measure();
    void paintWords(QPainter& painter, const QRectF& box, std::size_t run, const QFont& font, const Theme& theme) const;
    QImage wholePicture(std::size_t run) const;  ///< with all its pixels, where they are known
    std::optional<std::int64_t> patchAt(const QPointF& position, std::size_t& run) const;

    Content content_;
    std::vector<QImage> sheets_;
    std::vector<std::optional<Map>> maps_;  ///< by run
    std::int64_t anchor_ = -1;              ///< -1: there is no grid
    std::int64_t anchorRow_ = -1, anchorColumn_ = -1;
    bool anchorIsChosen_ = false;           ///< by the user
    std::optional<std::size_t> flicker_;
};

}  // namespace vitrine::widgets
