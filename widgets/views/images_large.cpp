// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/images_large.h"

#include <QFontInfo>
#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

#include "widgets/base/text.h"
#include "widgets/views/compare_text.h"

namespace vitrine::widgets {
namespace {

constexpr double kWordsEms = 19;  ///< width of the column of words

/// A loss over the steps, with a dot where the pictures are.
void paintCurve(QPainter& painter, const QRectF& box, const ImagesShown& shown, const results::SyntheticImages::Term& term, std::size_t image, const QColor& colour,
                const Theme& theme) {
    const auto& steps = shown.images->steps;
    double least = std::numeric_limits<double>::infinity(), most = -least;
    std::vector<std::pair<double, double>> points;
    for (std::size_t i = 0; i < std::min(steps.size(), term.values.size()); ++i) {
        if (image >= term.values[i].size() || !std::isfinite(term.values[i][image])) continue;
        points.emplace_back(static_cast<double>(steps[i]), term.values[i][image]);
        least = std::min(least, term.values[i][image]);
        most = std::max(most, term.values[i][image]);
    }
    if (points.size() < 2) return;
    const double first = points.front().first, span = std::max(points.back().first - first, 1.0), height = most > least ? most - least : 1;
    const auto at = [&](const std::pair<double, double>& point) {
        return QPointF(box.left() + (point.first - first) / span * box.width(), box.bottom() - (point.second - least) / height * box.height());
    };
    QPainterPath path(at(points.front()));
    for (const auto& point : points) path.lineTo(at(point));
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.border, 1));
    painter.drawLine(box.bottomLeft(), box.bottomRight());
    painter.setPen(QPen(colour, 1.4));
    painter.drawPath(path);
    if (const auto noted = shown.notedStep()) {
        const auto step = static_cast<double>(steps[*noted]);
        for (const auto& point : points) {
            if (point.first != step) continue;
            painter.setBrush(colour);
            painter.drawEllipse(at(point), 2.6, 2.6);
        }
    }
}

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
    content_ = std::move(content);
    sheets_.clear();
    for (const ImagesShown& shown : content_.shown) sheets_.push_back(shown ? shown.picture() : QImage());
    measure();
}

void ImagesLarge::setFlicker(std::optional<std::size_t> run) {
    flicker_ = run;
    update();
}

void ImagesLarge::setAnchor(std::int64_t patch) {
    if (patch == anchor_) return;
    anchor_ = patch;
    measure();
    Q_EMIT anchorChanged(patch);
}

/// A few thousand pixels: cheap enough for the UI thread.
void ImagesLarge::measure() {
    maps_.assign(content_.shown.size(), std::nullopt);
    const std::int64_t patches = content_.rows * content_.columns;
    if (anchor_ < 0 || anchor_ >= patches) anchor_ = patches > 0 ? content_.rows / 2 * content_.columns + content_.columns / 2 : -1;
    for (std::size_t run = 0; run < content_.shown.size() && patches > 1; ++run) maps_[run] = mapOf(run);
    update();
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
        map.scale.low = QLocale().toString(map.least, 'f', 2);
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

void ImagesLarge::paintWords(QPainter& painter, const QRectF& box, const ImagesShown& shown, const QFont& font, const Theme& theme) const {
    const double em = QFontInfo(font).pixelSize(), line = 1.6 * em;
    const QFontMetricsF metrics(font);
    double y = box.top();
    const auto write = [&](const QString& text, const QColor& colour, bool bold = false) {
        QFont own = font;
        own.setWeight(bold ? QFont::DemiBold : QFont::Normal);
        painter.setFont(own);
        painter.setPen(colour);
        painter.drawText(QRectF(box.left(), y, box.width(), line), Qt::AlignVCenter | Qt::AlignLeft, QFontMetricsF(own).elidedText(text, Qt::ElideRight, box.width()));
        y += line;
    };
    const QLocale locale;
    const auto& images = *shown.images;
    const QString number = locale.toString(static_cast<qlonglong>(content_.image)), step = locale.toString(static_cast<qlonglong>(shown.step()));
    if (content_.shown.size() > 1)
        write((shown.isB ? tr("B: image %1, step %2") : tr("A: image %1, step %2")).arg(number, step), shown.isB ? theme.runB : theme.runA, true);
    else
        write(tr("Image %1, step %2").arg(number, step), theme.text, true);
    if (content_.image < images.images.size()) {
        const auto& held = images.images[content_.image];
        if (held.label >= 0) write(tr("Asked for: %1").arg(content_.namer(held.label)), theme.text);
        if (held.prediction >= 0) write(tr("Predicted: %1, %2").arg(content_.namer(held.prediction), percentText(100 * held.confidence)), theme.text);
    }
    const auto& sheet = images.sheets[shown.sheet];
    if (sheet.tileWidth < images.width)
        write(tr("Shown with %1 × %2 of %3 × %4 pixels").arg(sheet.tileWidth).arg(sheet.tileHeight).arg(images.width).arg(images.height), theme.mutedText);
    const auto noted = shown.notedStep();
    if (!images.terms.empty() && noted) {
        y += 0.5 * em;
        for (const auto& term : images.terms) {
            if (*noted >= term.values.size() || content_.image >= term.values[*noted].size() || y + 3.2 * em > box.bottom()) continue;
            const QString value = significantText(term.values[*noted][content_.image], 4);
            painter.setFont(font);
            painter.setPen(theme.text);
            const double room = metrics.horizontalAdvance(value) + em;
            painter.drawText(QRectF(box.left(), y, box.width() - room, line), Qt::AlignVCenter | Qt::AlignLeft,
                             metrics.elidedText(tr("%1, weight %2").arg(toQt(term.name), locale.toString(term.weight, 'g', 3)), Qt::ElideRight, box.width() - room));
            painter.drawText(QRectF(box.left(), y, box.width(), line), Qt::AlignVCenter | Qt::AlignRight, value);
            paintCurve(painter, QRectF(box.left(), y + line, box.width(), 1.3 * em), shown, term, content_.image, shown.isB ? theme.runB : theme.runA, theme);
            y += line + 1.8 * em;
        }
    }
    if (y + 5.5 * em > box.bottom()) return;
    y += 0.5 * em;
    const auto own = std::find_if(content_.shown.begin(), content_.shown.end(), [&](const ImagesShown& each) { return each.isB == shown.isB; });
    if (const auto& map = maps_[static_cast<std::size_t>(own - content_.shown.begin())]) {
        write(map->title, theme.text, true);
        y += 0.2 * em;
        paintSimilarityScale(painter, QRectF(box.left(), y, std::min(box.width(), 16 * em), 2.4 * em), map->scale, font, theme);
        y += 2.6 * em;
        if (!map->similarity.positives.empty() && y + line <= box.bottom()) write(tr("+ most similar, − other neighbours"), theme.mutedText);
    }
    if (content_.note.isEmpty() || y + line > box.bottom()) return;
    painter.setFont(font);
    painter.setPen(theme.mutedText);
    painter.drawText(QRectF(box.left(), y, box.width(), box.bottom() - y), Qt::AlignTop | Qt::AlignLeft | Qt::TextWordWrap, content_.note);
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
            const QRectF picture = paintPixels(painter, place.pictures[i], sheets_[runs[i]], tile);
            if (maps_[runs[i]]) paintSimilarity(painter, picture, maps_[runs[i]]->grid, maps_[runs[i]]->similarity, font, theme);
        }
        paintWords(painter, QRectF(place.words.left(), place.words.top() + static_cast<double>(i) * words, place.words.width(), words), shown, font, theme);
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
    const QString value = isAttention ? tr("attention %1").arg(significantText(shown, 3)) : tr("similarity %1").arg(locale.toString(shown, 'f', 3));
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
