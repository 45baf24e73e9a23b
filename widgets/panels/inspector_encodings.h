// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QObject>
#include <QString>
#include <map>
#include <memory>
#include <string>

#include "quant/encoding.h"
#include "widgets/session/study.h"

namespace vitrine::widgets {

using Encodings = std::map<std::string, quant::Encoding>;

/// What is known of the quantizers that a run stored with its model.
struct StoredEncodings {
    std::shared_ptr<const Encodings> encodings;  ///< by site; null: not read
    QString note;                                ///< why not: "being read", "known when the run is finished"

    const quant::Encoding* find(const std::string& site) const;
};

/// Reads the quantizers of runs in the background, each run once. UI thread.
class EncodingShelf : public QObject {
    Q_OBJECT
  public:
    EncodingShelf(Study& study, QObject* parent);

    /// What is known now; changed() follows when more is.
    StoredEncodings of(const QString& run);

  Q_SIGNALS:
    void changed();

  private:
    void read(const QString& run, const NetworkPtr& network);

    Study& study_;
    QHash<QString, StoredEncodings> known_;
    quint64 project_ = 0;  ///< counts projects, so that nothing of a closed one arrives
};

}  // namespace vitrine::widgets
