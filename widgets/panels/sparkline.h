// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>
#include <vector>

namespace vitrine::widgets {

/// A series in a small space: a line from first to last, with its name and newest value. UI thread.
class Sparkline : public QWidget {
    Q_OBJECT
  public:
    explicit Sparkline(QWidget* parent = nullptr);
    void setSeries(const QString& name, const std::vector<double>& values);  ///< values that are not finite are left out
    bool isEmpty() const { return values_.empty(); }
    QSize sizeHint() const override;

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    QString name_;
    std::vector<double> values_;
};

}  // namespace vitrine::widgets
