// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>

#include "widgets/views/flips_tiles.h"

class QListView;
class QToolButton;

namespace vitrine::widgets {

/// Images that both quantized networks classify differently. Option `kind`: which of them. The arrow keys walk over the tiles.
class FlipsView : public View {
    Q_OBJECT
  public:
    explicit FlipsView(QWidget* parent = nullptr);

    void setInput(const ViewInput& input) override;
    ParameterSchema options() const override;
    void setOptions(const ParameterSet& values) override;
    report::Table table() const override;
    QString summary() const override;
    QString emptyText() const override;
    void paintFigure(QPainter& painter, const QSizeF& size, const Theme& theme) override;
    QSizeF figureSizeMm() const override { return {180, 150}; }

  protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    static constexpr std::size_t kKinds = 5;  ///< all of them, then each report::FlipKind
    void compare();
    void filter();
    void arrange();
    void arrangeChips();
    void showSelection();
    report::FlipNames names() const;
    bool isAsked(report::FlipKind kind) const;

    ViewInput input_;
    ParameterSet options_;
    std::optional<report::FlipList> list_;  ///< of the runs in input_
    std::array<int, kKinds> counts_{};
    std::array<QToolButton*, kKinds> chips_{};
    QWidget* header_;
    QListView* grid_;
    FlipModel* model_;
    FlipDelegate* delegate_;
    bool quiet_ = false;  ///< the program, not the user, moves the selection
};

}  // namespace vitrine::widgets
