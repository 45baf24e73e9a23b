// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractListModel>
#include <QImage>
#include <functional>
#include <vector>

#include "results/artefacts.h"
#include "widgets/session/run_data.h"

namespace vitrine::widgets {

/// The images that one run made, at one of its steps. Points into the run's data, which whoever holds it keeps alive.
struct ImagesShown {
    const results::SyntheticImages* images = nullptr;
    std::size_t sheet = 0;  ///< index
    bool isB = false;

    explicit operator bool() const { return images != nullptr && sheet < images->sheets.size(); }
    std::int64_t step() const { return images->sheets[sheet].step; }
    QImage picture() const;                       ///< the whole sheet, without a copy of its bytes
    QRect tile(std::size_t image) const;          ///< of the sheet; empty where it holds no such image
    /// Sum of all terms with their weights at the noted step nearest to step(); absent without terms.
    std::optional<double> loss(std::size_t image) const;
    std::optional<std::size_t> notedStep() const; ///< index of that step
};

/// The images of a run; null when it made none.
const results::SyntheticImages* syntheticImages(const RunDataPtr& run);

/// The name of a class, or its number.
using ImageClassNamer = std::function<QString(std::int64_t classId)>;

enum class ImageSort { order, label, confidence, loss, mistaken };

/// The images of one run, or of two beside each other, in the order of a sort. UI thread.
class ImagesModel : public QAbstractListModel {
    Q_OBJECT
  public:
    using QAbstractListModel::QAbstractListModel;

    struct Content {
        std::vector<ImagesShown> shown;  ///< one or two
        ImageSort sort = ImageSort::order;
        ImageClassNamer namer;
    };
    void setContent(Content content);  ///< keeps rows that stay the same
    const Content& content() const { return content_; }
    std::size_t imageAt(int row) const { return order_[static_cast<std::size_t>(row)]; }
    int rowOf(std::size_t image) const;  ///< -1 when there is none
    const ImageClassNamer& namer() const { return content_.namer; }

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

  private:
    Content content_;
    std::vector<std::size_t> order_;  ///< images by row
};

/// "Image 3, asked for: tench, predicted: tench 92 %, loss 1.2"
QString imageText(const ImagesShown& shown, std::size_t image, const ImageClassNamer& namer);

}  // namespace vitrine::widgets
