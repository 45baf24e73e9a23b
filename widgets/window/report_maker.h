// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QStringList>
#include <QTemporaryDir>
#include <QThreadPool>
#include <atomic>
#include <memory>

#include "report/document.h"
#include "widgets/window/figure_renderer.h"

namespace vitrine::widgets {

struct ReportRequest {
    enum class Format { html, pdf };
    QString project;   ///< folder
    QStringList runs;  ///< ids, in this order; empty: all complete ones
    QString title;     ///< empty: the project's name
    bool figures = true;
    Format format = Format::html;
    QString out;
};

/// Makes a report without holding up the window: reads the runs, has their figures drawn, writes the file. The HTML is
/// that of `vitrine-cli report`, byte for byte but for the date. UI thread.
class ReportMaker : public QObject {
    Q_OBJECT
  public:
    explicit ReportMaker(QThreadPool& pool, QObject* parent = nullptr);
    ~ReportMaker() override;

    void start(const ReportRequest& request);
    void cancel();  ///< nothing follows; no file is left
    bool isRunning() const { return stop_ != nullptr; }

  Q_SIGNALS:
    void progressed(double fraction, const QString& what);
    /// The file is written. `complaints`: figures that are missing.
    void finished(const QString& file, const QStringList& complaints);
    void failed(const vitrine::Error& error);

  private:
    using Stop = std::shared_ptr<std::atomic<bool>>;

    void drawFigures();
    void write(const QStringList& complaints);
    void end(const Error& error);

    QThreadPool& pool_;
    FigureRenderer renderer_;
    ReportRequest request_;
    std::shared_ptr<report::Document> document_;
    std::shared_ptr<QTemporaryDir> folder_;
    Stop stop_;  ///< of the present report; null: none
};

}  // namespace vitrine::widgets
