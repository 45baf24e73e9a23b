// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/images_large.h"

#include <QFontInfo>
#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <algorithm>
#include <cmath>

#include "widgets/base/text.h"
#include "widgets/views/compare_text.h"

namespace vitrine::widgets {
namespace {

constexpr double kWordsEms = 19;  ///< width of the column of words

/// The last one for an empty name; null when there is none.
const analysis::PatchBlock* blockNamed(const analysis::PatchMaps& maps, const std::string& name) {
    if (maps.blocks.empty()) return nullptr;
    if (name.empty()) return &maps.blocks.back();
    const auto found = std::find_if(maps.blocks.begin(), maps.blocks.end(), [&](const auto& block) { return block.block == name; });
    return found == maps.blocks.end() ? nullptr : &*found;
}

}  // namespace

ImagesLarge::ImagesLarge(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("images.large"));
    setAccessibleName(tr("One image with its patches"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setMinimumSize(160, 120);
}

std::vector<std::size_t> ImagesLarge::visibleRuns() const {
    if (flicker_ && *flicker_ < content_.shown.size()) return {*flicker_};
    std::vector<std::size_t> runs;
    for (std::size_t run = 0; run < content_.shown.size(); ++run) runs.push_back(run);
    return runs;
}

void ImagesLarge::setContent(Content content) {
    const std::int64_t rows = content_.rows, columns = content_.columns;
    content_ = std::move(content);
    placeAnchor(rows, columns);
    sheets_.clear();
    for (const ImagesShown& shown : content_.shown) sheets_.push_back(shown ? shown.picture() : QImage());
    measure();
}

void ImagesLarge::setFlicker(std::optional<std::size_t> run) {
    flicker_ = run;
    update();
}

void ImagesLarge::setAnchor(std::int64_t patch) {
    anchorIsChosen_ = true;
    if (patch == anchor_) return;
    anchor_ = patch;
    measure();
    Q_EMIT anchorChanged(patch);
}

void ImagesLarge::setAnchorPlace(std::int64_t row, std::int64_t column) {
    anchorRow_ = row;
    anchorColumn_ = column;
    anchorIsChosen_ = false;
    placeAnchor(content_.rows, content_.columns);
    measure();
}

/// A chosen patch stays where it is in the picture when the grid becomes another one.
void ImagesLarge::placeAnchor(std::int64_t rowsBefore, std::int64_t columnsBefore) {
    const std::int64_t rows = content_.rows, columns = content_.columns;
    if (rows <= 0 || columns <= 0) {
        anchor_ = -1;
    } else if (anchorIsChosen_ && anchor_ >= 0 && rowsBefore > 0 && columnsBefore > 0) {
        const std::int64_t row = anchor_ / columnsBefore * rows / rowsBefore, column = anchor_ % columnsBefore * columns / columnsBefore;
        anchor_ = row * columns + column;
    } else {
        const auto orMiddle = [](std::int64_t place, std::int64_t count) { return place < 0 ? count / 2 : std::min(place, count - 1); };
        anchor_ = orMiddle(anchorRow_, rows) * columns + orMiddle(anchorColumn_, columns);
    }
}

/// A few thousand pixels: cheap enough for the UI thread.
void ImagesLarge::measure() {
    maps_.assign(content_.shown.size(), std::nullopt);
    const std::int64_t patches = content_.rows * content_.columns;
    for (std::size_t run = 0; run < content_.shown.size() && patches > 1; ++run) maps_[run] = mapOf(run);
    update();
}

QImage ImagesLarge::wholePicture(std::size_t run) const {
    const analysis::PatchMapsPtr held = run < content_.patches.size() ? content_.patches[run] : nullptr;
    if (!held || static_cast<std::int64_t>(held->rgb.size()) != 3 * held->width * held->height || held->rgb.empty()) return {};
    return {held->rgb.data(), static_cast<int>(held->width), static_cast<int>(held->height), static_cast<qsizetype>(3 * held->width), QImage::Format_RGB888};
}

std::optional<ImagesLarge::Map> ImagesLarge::mapOf(std::size_t run) const {
    const ImagesShown& shown = content_.shown[run];
    if (content_.map == PatchMapKind::none || !shown || sheets_[run].isNull() || shown.tile(content_.image).isEmpty()) return std::nullopt;
    const analysis::PatchMapsPtr held = run < content_.patches.size() ? content_.patches[run] : nullptr;
    const analysis::PatchBlock* block = held ? blockNamed(*held, content_.block) : nullptr;
    const PatchScale cosine{QStringLiteral("−1"), {}, QStringLiteral("1")};
    if (content_.map == PatchMapKind::pixels || block == nullptr || block->output.rows != content_.rows || block->output.columns != content_.columns) {
        const auto& sheet = shown.images->sheets[shown.sheet];
        if (content_.rows > sheet.tileHeight || content_.columns > sheet.tileWidth) return std::nullopt;
        Map map{analysis::pixelPatches(*shown.images, static_cast<std::int64_t>(shown.sheet), static_cast<std::int64_t>(content_.image), content_.rows, content_.columns), {}, {}, cosine, -1, 1};
        map.similarity = analysis::anchorSimilarity(map.grid, anchor_);
        map.title = tr("Pixels like those of the framed patch");
        map.scale.middle = tr("cosine of pixels");
        return map;
    }
    Map map{block->output, analysis::anchorSimilarity(block->output, anchor_), {}, cosine, -1, 1};
    const QString name = toQt(block->block);
    const auto stretch = [&](double least, double most) {
        map.least = least;
        map.most = most;
        for (double& value : map.similarity.similarity) value = 2 * (value - least) / std::max(most - least, 1e-12) - 1;
    };
    if (content_.map == PatchMapKind::features) {
        // Deep features resemble each other: on the whole range of cosines all patches would have one colour.
        const double least = *std::min_element(map.similarity.similarity.begin(), map.similarity.similarity.end());
        stretch(std::floor(least * 100) / 100, 1);
        map.scale.low = decimalText(map.least, 2);
        map.title = tr("Patches like the framed one, %1").arg(name);
        map.scale.middle = tr("cosine of features");
        return map;
    }
    const bool ofClass = content_.map == PatchMapKind::classAttention;
    const std::vector<float>& all = ofClass ? block->classAttention : block->attention;
    const auto count = static_cast<std::size_t>(content_.rows * content_.columns), first = ofClass ? 0 : static_cast<std::size_t>(anchor_) * count;
    if (all.size() < first + count) return std::nullopt;
    map.similarity.similarity.assign(all.begin() + static_cast<std::ptrdiff_t>(first), all.begin() + static_cast<std::ptrdiff_t>(first + count));
    stretch(0, *std::max_element(map.similarity.similarity.begin(), map.similarity.similarity.end()));
    if (ofClass) {
        map.similarity.positives.clear();
        map.similarity.negatives.clear();
    }
    map.title = ofClass ? tr("Attention of the class token, %1").arg(name) : tr("Attention of the framed patch, %1").arg(name);
    map.scale = {QStringLiteral("0"), tr("mean over heads"), significantText(map.most, 2)};
    return map;
}

ImagesLarge::Place ImagesLarge::placeIn(const QRectF& box, const QFont& font) const {
    const double em = QFontInfo(font).pixelSize(), margin = em;
    const auto count = static_cast<double>(visibleRuns().size());
    const QRectF inner = box.adjusted(margin, margin, -margin, -margin);
    Place place;
    const bool isWide = inner.width() > inner.height() * 0.9 + kWordsEms * em;
    const double words = isWide ? kWordsEms * em : 0, below = isWide ? 0 : std::min(inner.height() * 0.45, 13 * em);
    const double side = std::max(20.0, std::min((inner.width() - words - (count - 1) * em - (isWide ? em : 0)) / std::max(1.0, count), inner.height() - below - (isWide ? 0 : em)));
    for (std::size_t run = 0; run < visibleRuns().size(); ++run) place.pictures.emplace_back(inner.left() + static_cast<double>(run) * (side + em), inner.top(), side, side);
    const double right = place.pictures.empty() ? inner.left() : place.pictures.back().right();
    place.words = isWide ? QRectF(right + 1.2 * em, inner.top(), std::max(10.0, std::min(kWordsEms * 1.4 * em, inner.right() - right - 1.2 * em)), inner.height())
                         : QRectF(inner.left(), inner.top() + side + em, inner.width(), below);
    return place;
}

void ImagesLarge::paintInto(QPainter& painter, const QRectF& box, const QFont& font, const Theme& theme) const {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const Place place = placeIn(box, font);
    const auto runs = visibleRuns();
    const double words = runs.empty() ? 0 : place.words.height() / static_cast<double>(runs.size());
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const ImagesShown& shown = content_.shown[runs[i]];
        if (!shown) continue;
        if (const QRect tile = shown.tile(content_.image); !tile.isEmpty() && !sheets_[runs[i]].isNull()) {
            const QImage whole = wholePicture(runs[i]);
            const QRectF picture = whole.isNull() ? paintPixels(painter, place.pictures[i], sheets_[runs[i]], tile) : paintPixels(painter, place.pictures[i], whole, whole.rect());
            if (maps_[runs[i]]) paintSimilarity(painter, picture, maps_[runs[i]]->grid, maps_[runs[i]]->similarity, font, theme);
        }
        paintWords(painter, QRectF(place.words.left(), place.words.top() + static_cast<double>(i) * words, place.words.width(), words), runs[i], font, theme);
    }
    painter.restore();
}

void ImagesLarge::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Theme& theme = Theme::of(palette());
    painter.fillRect(rect(), theme.surface);
    paintInto(painter, rect(), font(), theme);
    if (!hasFocus()) return;
    painter.setPen(QPen(theme.accent, 1));
    painter.drawRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5));
}

std::optional<std::int64_t> ImagesLarge::patchAt(const QPointF& position, std::size_t& run) const {
    if (content_.rows <= 0 || content_.columns <= 0) return std::nullopt;
    const Place place = placeIn(rect(), font());
    const auto runs = visibleRuns();
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const QRectF& picture = place.pictures[i];
        if (!picture.contains(position)) continue;
        run = runs[i];
        const auto column = std::min(content_.columns - 1, static_cast<std::int64_t>((position.x() - picture.left()) / picture.width() * static_cast<double>(content_.columns)));
        const auto row = std::min(content_.rows - 1, static_cast<std::int64_t>((position.y() - picture.top()) / picture.height() * static_cast<double>(content_.rows)));
        return row * content_.columns + column;
    }
    return std::nullopt;
}

void ImagesLarge::mousePressEvent(QMouseEvent* event) {
    std::size_t run = 0;
    if (const auto patch = patchAt(event->position(), run); patch && event->button() == Qt::LeftButton) setAnchor(*patch);
}

void ImagesLarge::mouseMoveEvent(QMouseEvent* event) {
    std::size_t run = 0;
    const auto patch = patchAt(event->position(), run);
    if (!patch || run >= maps_.size() || !maps_[run]) {
        Q_EMIT readoutChanged({});
        return;
    }
    const QLocale locale;
    const Map& map = *maps_[run];
    const double held = map.similarity.similarity[static_cast<std::size_t>(*patch)];
    const double shown = map.least + (held + 1) / 2 * (map.most - map.least);
    const bool isAttention = map.scale.middle == tr("mean over heads");
    const QString value = isAttention ? tr("attention %1").arg(significantText(shown, 3)) : tr("similarity %1").arg(decimalText(shown, 3));
    Q_EMIT readoutChanged(tr("patch in row %1, column %2  %3")
                              .arg(locale.toString(static_cast<qlonglong>(*patch / content_.columns + 1)), locale.toString(static_cast<qlonglong>(*patch % content_.columns + 1)),
                                   value));
}

void ImagesLarge::leaveEvent(QEvent* event) {
    QWidget::leaveEvent(event);
    Q_EMIT readoutChanged({});
}

void ImagesLarge::keyPressEvent(QKeyEvent* event) {
    const std::int64_t row = content_.columns > 0 ? anchor_ / content_.columns : 0, column = content_.columns > 0 ? anchor_ % content_.columns : 0;
    const auto go = [&](std::int64_t toRow, std::int64_t toColumn) {
        if (toRow >= 0 && toRow < content_.rows && toColumn >= 0 && toColumn < content_.columns) setAnchor(toRow * content_.columns + toColumn);
    };
    switch (event->key()) {
        case Qt::Key_Left: go(row, column - 1); return;
        case Qt::Key_Right: go(row, column + 1); return;
        case Qt::Key_Up: go(row - 1, column); return;
        case Qt::Key_Down: go(row + 1, column); return;
        default: QWidget::keyPressEvent(event);
    }
}

}  // namespace vitrine::widgets
