// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "widgets/views/images_paint.h"

namespace vitrine::widgets {

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
        bool map = true;                     ///< draws the similarity
    };
    explicit ImagesLarge(QWidget* parent = nullptr);

    void setContent(Content content);
    void setFlicker(std::optional<std::size_t> run);  ///< shows this run alone
    std::int64_t anchor() const { return anchor_; }
    void setAnchor(std::int64_t patch);
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
        analysis::AnchorSimilarity similarity;
    };
    struct Place {
        std::vector<QRectF> pictures;
        QRectF words;
    };
    std::vector<std::size_t> visibleRuns() const;
    Place placeIn(const QRectF& box, const QFont& font) const;
    void measure();
    void paintWords(QPainter& painter, const QRectF& box, const ImagesShown& shown, const QFont& font, const Theme& theme) const;
    std::optional<std::int64_t> patchAt(const QPointF& position, std::size_t& run) const;

    Content content_;
    std::vector<QImage> sheets_;
    std::vector<std::optional<Map>> maps_;  ///< by run
    std::int64_t anchor_ = -1;              ///< -1: the middle of the grid
    std::optional<std::size_t> flicker_;
};

}  // namespace vitrine::widgets
