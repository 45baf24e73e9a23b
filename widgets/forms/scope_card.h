// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <QWidget>
#include <optional>
#include <vector>

#include "project/record.h"
#include "quant/spec.h"

namespace vitrine::widgets {

/// What is quantized at which bits and what stays in float, by role: a name such as "W4A4" does not say it. UI thread.
class ScopeCard : public QWidget {
    Q_OBJECT
  public:
    explicit ScopeCard(QWidget* parent = nullptr);

    void setScope(const quant::ScopeCard& scope);
    /// Average bits, size and operations: of the rules, or of a finished run.
    void setFigures(const std::optional<project::RunFigures>& figures);
    void setEmptyText(const QString& text);  ///< shown while there is no scope
    QStringList figures() const { return figures_; }
    QString summary() const;                 ///< "50 of 74 sites quantized, 24 in float"

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override { return false; }

  protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override;

  private:
    struct Line {
        QString role, quantizer;
        std::size_t sites = 0;
        bool inFloat = false;
    };
    int lineHeight() const;
    int headHeight() const;
    int columnOfRoles() const;
    void paintHead(QPainter& painter) const;
    void paintLine(QPainter& painter, const Line& line, int top) const;
    void tell();

    std::vector<Line> lines_;
    std::size_t quantized_ = 0, total_ = 0;
    QString empty_;
    QStringList figures_;  ///< a line each
};

}  // namespace vitrine::widgets
