// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/page_painter.h"

#include <QFontMetricsF>
#include <QPageLayout>
#include <QPageSize>
#include <QTextLayout>
#include <cmath>

#include "base/error.h"

namespace vitrine::widgets {
namespace {

constexpr int kDotsPerInch = 1200;  ///< fine enough that text is set as on paper, not as on a screen
constexpr double kMarginMm = 18;
constexpr double kFootPoints = 26;

const QColor kFootColour(0x596171);

}  // namespace

double PagePainter::points(double points) { return points * kDotsPerInch / 72; }

PagePainter::PagePainter(QIODevice* device, const QString& title, const QString& foot) : writer_(device), foot_(foot) {
    writer_.setTitle(title);
    writer_.setCreator(QStringLiteral("Vitrine " VITRINE_VERSION));
    writer_.setResolution(kDotsPerInch);
    writer_.setPageLayout(QPageLayout(QPageSize(QPageSize::A4), QPageLayout::Portrait,
                                      QMarginsF(kMarginMm, kMarginMm, kMarginMm, kMarginMm - 4),
                                      QPageLayout::Millimeter));
    if (!painter_.begin(&writer_)) fail(ErrorCode::ioFailure, "the PDF cannot be written", {}, "choose another place");
    width_ = writer_.width();
    height_ = writer_.height() - points(kFootPoints);
}

PagePainter::~PagePainter() {
    drawFoot();
    painter_.end();
}

QFont PagePainter::font(double size, bool bold, bool fixed) const {
    QFont font(fixed ? QStringLiteral("DejaVu Sans Mono") : QStringLiteral("DejaVu Sans"));
    font.setStyleHint(fixed ? QFont::Monospace : QFont::SansSerif);
    font.setPixelSize(static_cast<int>(std::lround(points(size))));
    font.setBold(bold);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

void PagePainter::drawFoot() {
    painter_.save();
    painter_.setFont(font(7.5));
    painter_.setPen(kFootColour);
    const QRectF area(0, writer_.height() - points(12), width_, points(12));
    painter_.drawText(area, Qt::AlignLeft | Qt::AlignBottom, foot_);
    painter_.drawText(area, Qt::AlignRight | Qt::AlignBottom, QString::number(page_));
    painter_.restore();
}

void PagePainter::newPage() {
    drawFoot();
    writer_.newPage();
    ++page_;
    y_ = 0;
}

bool PagePainter::ensure(double height) {
    if (y_ == 0 || height <= room()) return false;
    newPage();
    return true;
}

double PagePainter::textHeight(const QString& text, const QFont& font, double width) const {
    return QFontMetricsF(font)
        .boundingRect(QRectF(0, 0, width, 1e9), Qt::AlignLeft | Qt::TextWrapAnywhere | Qt::TextWordWrap, text)
        .height();
}

double PagePainter::drawText(const QString& text, const QFont& font, const QColor& colour, double x, double width,
                             int flags) {
    painter_.setFont(font);
    painter_.setPen(colour);
    QRectF taken;
    painter_.drawText(QRectF(x, y_, width, 1e6), flags | Qt::AlignTop | Qt::TextWordWrap, text, &taken);
    return taken.height();
}

void PagePainter::flow(const QString& text, const QFont& font, const QColor& colour, double indent) {
    painter_.setPen(colour);
    for (const QString& part : text.split(QLatin1Char('\n'))) {
        QTextLayout layout(part, font);
        QTextOption option;
        option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
        layout.setTextOption(option);
        layout.beginLayout();
        for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine())
            line.setLineWidth(width_ - indent);
        layout.endLayout();
        for (int i = 0; i < layout.lineCount(); ++i) {
            const QTextLine line = layout.lineAt(i);
            ensure(line.height());
            line.draw(&painter_, QPointF(indent, y_ - line.y()));
            y_ += line.height() * 1.15;
        }
        if (part.isEmpty()) y_ += QFontMetricsF(font).height() * 0.6;
    }
}

}  // namespace vitrine::widgets
