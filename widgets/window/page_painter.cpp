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

/// Breaks the text into lines; their height.
double layOut(QTextLayout& layout, double width, Qt::Alignment alignment = Qt::AlignLeft) {
    QTextOption option(alignment);
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(option);
    double height = 0;
    layout.beginLayout();
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(width);
        line.setPosition({0, height});
        height += line.height();
    }
    layout.endLayout();
    return height;
}

QString withLineSeparators(QString text) { return text.replace(QLatin1Char('\n'), QChar::LineSeparator); }

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
    QTextLayout layout(withLineSeparators(text), font);
    return layOut(layout, width);
}

double PagePainter::drawText(const QString& text, const QFont& font, const QColor& colour, double x, double width,
                             Qt::Alignment alignment, double below) {
    QTextLayout layout(withLineSeparators(text), font);
    const double height = layOut(layout, width, alignment);
    painter_.setPen(colour);
    layout.draw(&painter_, QPointF(x, y_ + below));
    return height;
}

void PagePainter::flow(const QString& text, const QFont& font, const QColor& colour, double indent) {
    painter_.setPen(colour);
    for (const QString& part : text.split(QLatin1Char('\n'))) {
        QTextLayout layout(part, font);
        layOut(layout, width_ - indent);
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
