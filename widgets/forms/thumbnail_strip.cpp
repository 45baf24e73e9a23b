// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/thumbnail_strip.h"

#include <QApplication>
#include <QPainter>
#include <QScrollBar>
#include <algorithm>

#include "widgets/base/icons.h"
#include "widgets/base/text.h"
#include "widgets/base/theme.h"
#include "widgets/forms/draft.h"

namespace vitrine::widgets {
namespace {

constexpr int kSide = 72;                // pixels on the screen
constexpr int kDecodedSide = 2 * kSide;  // enough for sharp pictures at twice the scale
constexpr int kKept = 400;               // pictures

QImage squarePicture(const formats::Image& image) {
    const QImage whole(image.rgb.data(), image.width, image.height, qsizetype{3} * image.width, QImage::Format_RGB888);
    const int side = std::min(image.width, image.height);
    const QImage square = whole.copy((image.width - side) / 2, (image.height - side) / 2, side, side);
    return side <= kDecodedSide ? square : square.scaled(kDecodedSide, kDecodedSide, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
}

std::shared_ptr<const data::ImageSet> openSource(const ThumbnailModel::Source& source) {
    const std::filesystem::path path = locate(source.project, {source.relative, source.absolute});
    std::filesystem::path root;
    if (!source.rootAbsolute.empty()) root = locate(source.project, {source.rootRelative, source.rootAbsolute});
    const data::ImageSet all = data::openImages(path, root);
    if (source.rows.empty()) return std::make_shared<const data::ImageSet>(all);
    return std::make_shared<const data::ImageSet>(all.select(data::readRows(source.rows, all.size())));
}

}  // namespace

ThumbnailModel::ThumbnailModel(QObject* parent) : QAbstractListModel(parent), pictures_(kKept) { pool_.setMaxThreadCount(2); }

ThumbnailModel::~ThumbnailModel() {
    pool_.clear();
    pool_.waitForDone();
}

void ThumbnailModel::clear() {
    pool_.clear();
    beginResetModel();
    ticket_ = requests_.next();
    source_ = {};
    set_.reset();
    problem_.clear();
    opening_ = false;
    pictures_.clear();
    decoding_.clear();
    unreadable_.clear();
    endResetModel();
}

void ThumbnailModel::setSource(const Source& source) {
    if (source == source_) return;
    clear();
    source_ = source;
    opening_ = true;
    inBackground(
        pool_, this, [source] { return openSource(source); },
        [this, ticket = ticket_](const Outcome<std::shared_ptr<const data::ImageSet>>& outcome) {
            if (!requests_.isLatest(ticket)) return;
            opening_ = false;
            beginResetModel();
            if (const auto* error = std::get_if<Error>(&outcome))
                problem_ = errorText(*error);
            else
                set_ = *valueOf(outcome);
            endResetModel();
            Q_EMIT sourceRead();
        });
}

int ThumbnailModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || !set_ ? 0 : static_cast<int>(std::min<std::int64_t>(set_->size(), 100'000));
}

void ThumbnailModel::decode(int row) const {
    if (decoding_.contains(row) || unreadable_.contains(row)) return;
    decoding_.insert(row);
    auto* self = const_cast<ThumbnailModel*>(this);
    inBackground(
        pool_, self, [set = set_, row] { return squarePicture(set->load(row)); },
        [self, row, ticket = ticket_](const Outcome<QImage>& outcome) {
            if (!self->requests_.isLatest(ticket)) return;
            self->decoding_.remove(row);
            if (const QImage* image = valueOf(outcome)) {
                QPixmap picture = QPixmap::fromImage(*image);
                picture.setDevicePixelRatio(std::max(1.0, image->width() / double(kSide)));
                self->pictures_.insert(row, new QPixmap(picture));
            } else {
                self->unreadable_.insert(row);
            }
            Q_EMIT self->dataChanged(self->index(row), self->index(row));
        });
}

QVariant ThumbnailModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const int row = index.row();
    const data::ImageItem& item = set_->item(row);
    if (role == Qt::DecorationRole) {
        if (const QPixmap* known = pictures_.object(row)) return *known;
        if (unreadable_.contains(row)) return icon(QStringLiteral("missing")).pixmap(kSide / 2);
        decode(row);
        return {};
    }
    const auto label = static_cast<std::size_t>(std::max<std::int64_t>(0, item.label));
    const bool named = item.label >= 0 && label < set_->classNames().size();
    const QString name = item.label < 0 ? QString() : named ? toQt(set_->classNames()[label]) : tr("class %1").arg(item.label);
    if (role == Qt::ToolTipRole || role == Qt::AccessibleTextRole) {
        QString text = toQt(item.name);
        if (!name.isEmpty()) text += QStringLiteral(", ") + name;
        return unreadable_.contains(row) ? tr("%1: cannot be read").arg(text) : text;
    }
    return role == Qt::SizeHintRole ? QVariant(QSize(kSide + 6, kSide + 6)) : QVariant();
}

ThumbnailStrip::ThumbnailStrip(QWidget* parent) : QListView(parent), model_(new ThumbnailModel(this)) {
    setObjectName(QStringLiteral("thumbnailStrip"));
    setAccessibleName(tr("Pictures of the set"));
    setModel(model_);
    setFlow(QListView::LeftToRight);
    setWrapping(false);
    setUniformItemSizes(true);
    setIconSize(QSize(kSide, kSide));
    setSelectionMode(QAbstractItemView::SingleSelection);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(model_, &ThumbnailModel::sourceRead, viewport(), qOverload<>(&QWidget::update));
}

void ThumbnailStrip::setHint(const QString& text) {
    hint_ = text;
    viewport()->update();
}

QSize ThumbnailStrip::sizeHint() const { return {300, kSide + 14 + horizontalScrollBar()->sizeHint().height()}; }

void ThumbnailStrip::paintEvent(QPaintEvent* event) {
    QListView::paintEvent(event);
    if (model_->rowCount() > 0) return;
    const QString text = model_->isOpening() ? tr("Reading the pictures…") : model_->problem().isEmpty() ? hint_ : model_->problem();
    QPainter painter(viewport());
    const Theme& theme = Theme::of(QApplication::palette());
    painter.setPen(model_->problem().isEmpty() ? theme.mutedText : theme.bad);
    painter.drawText(viewport()->rect().adjusted(10, 4, -10, -4), Qt::AlignCenter | Qt::TextWordWrap, text);
}

}  // namespace vitrine::widgets
