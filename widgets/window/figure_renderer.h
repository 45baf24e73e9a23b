// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QProcess>
#include <QSizeF>
#include <QStringList>
#include <QThreadPool>
#include <QTimer>
#include <memory>
#include <vector>

#include "base/error.h"
#include "widgets/base/background.h"

namespace vitrine::widgets {

/// One file to be drawn: what `vitrine --render-list` takes.
struct FigureJob {
    QString project, run, against, view, site;
    QString options;  ///< JSON object as report::Figure has it; may be empty
    QSizeF sizeMm{160, 90};
    QString out;  ///< its extension says the format
};

/// Draws many figures without holding up the window: a second Vitrine without a display does it, the same that the
/// command line asks for its reports. UI thread.
class FigureRenderer : public QObject {
    Q_OBJECT
  public:
    explicit FigureRenderer(QThreadPool& pool, QObject* parent = nullptr);
    ~FigureRenderer() override;  ///< ends the other program

    void start(std::vector<FigureJob> jobs);
    void cancel();  ///< finished() does not follow
    bool isRunning() const { return running_; }

    /// The program that draws: $VITRINE_RENDERER, else this one.
    static QString program();

  Q_SIGNALS:
    void progressed(int done, int all);
    /// `complaints`: a line for each figure that could not be drawn. The other files are there.
    void finished(const QStringList& complaints);
    void failed(const vitrine::Error& error);  ///< nothing could be drawn at all

  private:
    void launch(const QString& request);
    void removeRequest(const QString& request);
    void look();
    void end(const Error* error);

    QThreadPool& pool_;
    std::vector<FigureJob> jobs_;
    std::unique_ptr<QProcess> process_;
    RequestCounter starts_;
    QTimer timer_;
    int done_ = 0;
    bool running_ = false;
};

}  // namespace vitrine::widgets
