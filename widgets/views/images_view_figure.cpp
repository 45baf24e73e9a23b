// SPDX-License-Identifier: GPL-3.0-or-later
// What ImagesView says of itself, and its contact sheet.
#include <QFontInfo>
#include <QLocale>
#include <QMenu>
#include <algorithm>
#include <cmath>

#include "report/tables.h"
#include "widgets/base/icons.h"
#include "widgets/base/text.h"
#include "widgets/views/compare_text.h"
#include "widgets/views/images_view.h"
#include "widgets/views/report_table_paint.h"

namespace vitrine::widgets {

report::Table ImagesView::table() const {
    const auto& shown = model_->content().shown;
    if (shown.empty()) return report::syntheticTable({});
    if (shown.size() == 1) return report::syntheticTable(*shown.front().images);
    report::Table all = report::syntheticTable(*shown.front().images);
    const report::Table other = report::syntheticTable(*shown.back().images);
    for (auto& row : all.rows) row.insert(row.begin(), input_.a->record.id);
    std::vector<std::size_t> place;  // of the columns of B, by id
    for (const report::Column& column : other.columns) {
        const auto found = std::find_if(all.columns.begin(), all.columns.end(), [&](const report::Column& each) { return each.id == column.id; });
        place.push_back(1 + static_cast<std::size_t>(found - all.columns.begin()));
        if (found == all.columns.end()) all.columns.push_back(column);
    }
    all.columns.insert(all.columns.begin(), {"run", "Run", "", report::Format::identifier});
    for (auto& row : all.rows) row.resize(all.columns.size());
    for (const auto& row : other.rows) {
        std::vector<report::Cell> cells(all.columns.size());
        cells.front() = input_.b->record.id;
        for (std::size_t i = 0; i < row.size(); ++i) cells[place[i]] = row[i];
        all.rows.push_back(std::move(cells));
    }
    return all;
}

QString ImagesView::summary() const {
    QStringList parts;
    const QLocale locale;
    const auto& shown = model_->content().shown;
    for (const ImagesShown& each : shown) {
        const auto& images = each.images->images;
        QString text = tr("%1 images of %2 × %3 pixels after %4 steps")
                           .arg(locale.toString(static_cast<qlonglong>(images.size())), locale.toString(static_cast<qlonglong>(each.images->width)),
                                locale.toString(static_cast<qlonglong>(each.images->height)), locale.toString(static_cast<qlonglong>(each.step())));
        const auto asked = std::count_if(images.begin(), images.end(), [](const auto& image) { return image.label >= 0; });
        const auto right = std::count_if(images.begin(), images.end(), [](const auto& image) { return image.label >= 0 && image.label == image.prediction; });
        const bool isLast = each.sheet + 1 == each.images->sheets.size();
        if (asked > 0 && isLast) text += tr("; the network sees the class asked for in %1 of %2").arg(locale.toString(static_cast<qlonglong>(right)), locale.toString(static_cast<qlonglong>(asked)));
        parts.append(shown.size() == 1 ? text : (each.isB ? tr("B: %1") : tr("A: %1")).arg(text));
    }
    return parts.isEmpty() ? QString() : parts.join(QStringLiteral(". ")) + QLatin1Char('.');
}

QString ImagesView::emptyText() const {
    if (!input_.a && !input_.b) return noRunText(input_);
    const auto& shown = model_->content().shown;
    if (!shown.empty() && !shown.front().images->images.empty()) return {};
    const bool onlyB = input_.selection.mode == CompareMode::b && input_.b;
    const RunDataPtr& run = onlyB || !input_.a ? input_.b : input_.a;
    if (!project::isComplete(run->record.state)) return tr("No images yet. They come where the run makes its own, as PSAQ-ViT and CLAMP-ViT do.");
    return tr("This run made no images. Choose one of a method that needs no data, such as PSAQ-ViT or CLAMP-ViT.");
}

void ImagesView::addToContextMenu(QMenu& menu, const QPoint&) {
    if (!emptyText().isEmpty()) return;
    const auto add = [&](const QString& iconName, const QString& text, auto act) { connect(menu.addAction(icon(iconName), text), &QAction::triggered, this, act); };
    add(QStringLiteral("save"), tr("Save images…"), [this] { Q_EMIT saveImagesAsked(toQt(runId()), static_cast<qint64>(sheet_)); });
    add(QStringLiteral("add"), tr("Use for calibration"), [this] { Q_EMIT calibrationSetAsked(toQt(runId()), static_cast<qint64>(sheet_)); });
    if (isLarge())
        add(QStringLiteral("back"), tr("Show all images"), [this] { setLarge(false); });
    else
        add(QStringLiteral("image"), tr("Show this image large"), [this] { setLarge(true); });
}

// Tiles of about 40 mm, in as many lines as they need.
QSizeF ImagesView::figureSizeMm() const {
    constexpr double kWidth = 180, kMost = 240, kMillimetre = 96 / 25.4;
    // Words stand beside one picture, and below two.
    if (isLarge()) return {kWidth, model_->content().shown.size() > 1 ? 165.0 : 110.0};
    if (!emptyText().isEmpty()) return {kWidth, 60};
    const int count = model_->rowCount();
    const std::size_t runs = model_->content().shown.size();
    const int columns = std::clamp(count, 1, runs > 1 ? 3 : count > 8 ? 6 : 4);
    ImageTileMetrics metrics{11, 16, runs, options_.boolean("captions")};
    while (metrics.side < 240 && metrics.width() * columns <= kWidth * kMillimetre) metrics.side += 2;
    metrics.side -= 2;
    const int lines = (count + columns - 1) / columns;
    return {kWidth, std::min(kMost, (metrics.height() * lines + 2.4 * 11 + 2) / kMillimetre)};
}

void ImagesView::paintFigure(QPainter& painter, const QSizeF& size, const Theme& theme) {
    const QRectF page(QPointF(0, 0), size);
    if (const QString empty = emptyText(); !empty.isEmpty()) {
        paintEmptyText(painter, page, empty, figureFont(), theme);
        return;
    }
    painter.save();
    painter.fillRect(page, theme.surface);
    const QFont font = figureFont(11);
    const double header = 2.4 * 11;
    if (isLarge()) {
        large_->paintInto(painter, page, font, theme);
        painter.restore();
        return;
    }
    painter.setFont(font);
    painter.setPen(theme.text);
    painter.drawText(QRectF(10, 0, size.width() - 20, header), Qt::AlignVCenter | Qt::AlignLeft, QFontMetricsF(font).elidedText(summary(), Qt::ElideRight, size.width() - 20));
    const auto& shown = model_->content().shown;
    std::vector<QImage> sheets;
    for (const ImagesShown& each : shown) sheets.push_back(each.picture());
    // As large as all of them fit.
    const int count = model_->rowCount();
    ImageTileMetrics metrics{11, 16, shown.size(), options_.boolean("captions")};
    int columns = 1;
    for (double side = 240; side > 16; side -= 2) {
        metrics.side = side;
        columns = std::max(1, static_cast<int>(size.width() / metrics.width()));
        if ((count + columns - 1) / columns * metrics.height() <= size.height() - header && metrics.width() <= size.width()) break;
    }
    columns = std::min(columns, count);
    const double width = std::min(size.width() / columns, metrics.width() * 1.25);
    for (int row = 0; row < count; ++row) {
        const QRectF box(width * (row % columns), header + metrics.height() * (row / columns), width, metrics.height());
        if (box.bottom() > size.height() + 1) break;
        paintImageTile(painter, box, model_->imageAt(row), {shown, sheets, model_->namer(), metrics, font, theme});
    }
    painter.restore();
}

}  // namespace vitrine::widgets
