// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractListModel>
#include <QCache>
#include <QListView>
#include <QPixmap>
#include <QSet>
#include <QThreadPool>
#include <memory>

#include "data/dataset.h"
#include "widgets/base/background.h"

namespace vitrine::widgets {

/// Pictures of an image set in small: decoded on other threads, and only those that a view asks for. UI thread.
class ThumbnailModel : public QAbstractListModel {
    Q_OBJECT
  public:
    explicit ThumbnailModel(QObject* parent = nullptr);
    ~ThumbnailModel() override;

    struct Source {
        std::filesystem::path project;
        std::string relative, absolute;          ///< of the set
        std::string rootRelative, rootAbsolute;  ///< likewise, or empty
        std::string rows;
        bool operator==(const Source&) const = default;
    };
    void setSource(const Source& source);  ///< the same again does nothing
    void clear();
    QString problem() const { return problem_; }
    bool isOpening() const { return opening_; }

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

  Q_SIGNALS:
    void sourceRead();  ///< it is open, or problem() says why not

  private:
    void decode(int row) const;

    mutable QThreadPool pool_;
    Source source_;
    bool opening_ = false;
    QString problem_;
    std::shared_ptr<const data::ImageSet> set_;
    mutable RequestCounter requests_;
    std::uint64_t ticket_ = 0;
    mutable QCache<int, QPixmap> pictures_;
    mutable QSet<int> decoding_, unreadable_;
};

/// One row of them. UI thread.
class ThumbnailStrip : public QListView {
    Q_OBJECT
  public:
    explicit ThumbnailStrip(QWidget* parent = nullptr);
    ThumbnailModel* pictures() const { return model_; }
    void setHint(const QString& text);  ///< shown while there is no picture
    QSize sizeHint() const override;

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    ThumbnailModel* model_;
    QString hint_;
};

}  // namespace vitrine::widgets
