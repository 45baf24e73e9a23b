// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/figures.h"

#include <QBuffer>
#include <QFileInfo>
#include <QImageWriter>
#include <QPageSize>
#include <QPdfWriter>
#include <cmath>

#include "report/csv.h"
#include "widgets/base/text.h"
#include "widgets/views/figures_svg.h"

namespace vitrine::widgets {
namespace {

constexpr double kUnitsPerMm = 96 / 25.4;
constexpr double kMostMm = 2000;
constexpr double kMostPixels = 200e6;
constexpr int kPdfResolution = 1200;

void check(const FigureOptions& options) {
    const QSizeF size = options.sizeMm;
    const bool isGood = size.width() > 0 && size.height() > 0 && size.width() <= kMostMm && size.height() <= kMostMm;
    if (!isGood) fail(ErrorCode::invalidArgument, "a figure is larger than 0 and at most 2000 mm wide and high", "size");
}

QByteArray svgFigure(View& view, const FigureOptions& options) {
    SvgSheet sheet(options.sizeMm, options.title);
    QPainter painter(&sheet);
    painter.setRenderHint(QPainter::Antialiasing);
    view.paintFigure(painter, sheet.units(), *options.theme);
    painter.end();
    return sheet.svg();
}

/// Overwrites what stands between `key` and `end`, in place, so that offsets in the file stay right.
void overwrite(QByteArray& file, const QByteArray& key, const QByteArray& end, const QByteArray& filling) {
    const qsizetype key0 = file.indexOf(key);
    if (key0 < 0) return;
    const qsizetype from = key0 + key.size(), to = file.indexOf(end, from);
    if (to < from) return;
    file.replace(from, to - from, filling.leftJustified(to - from, ' ', true));
}

QByteArray pdfFigure(View& view, const FigureOptions& options) {
    QByteArray file;
    QBuffer buffer(&file);
    buffer.open(QIODevice::WriteOnly);
    {
        QPdfWriter writer(&buffer);
        writer.setCreator(QStringLiteral("Vitrine"));
        writer.setTitle(options.title);
        writer.setResolution(kPdfResolution);
        writer.setPageSize(QPageSize(options.sizeMm, QPageSize::Millimeter, QStringLiteral("figure"), QPageSize::ExactMatch));
        writer.setPageMargins(QMarginsF(0, 0, 0, 0));
        QPainter painter(&writer);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.scale(kPdfResolution / 96.0, kPdfResolution / 96.0);
        view.paintFigure(painter, options.sizeMm * kUnitsPerMm, *options.theme);
    }
    overwrite(file, "/CreationDate (D:", ")", "20000101000000Z");  // the same drawing is the same file
    const auto points = [](double mm) { return QByteArray::number(mm / 25.4 * 72, 'f', 4); };
    overwrite(file, "/MediaBox [0 0 ", "]", points(options.sizeMm.width()) + ' ' + points(options.sizeMm.height()));  // Qt rounds to whole points
    return file;
}

QByteArray pngFigure(View& view, const FigureOptions& options) {
    const double scale = options.scale;
    if (!(scale > 0) || !std::isfinite(scale)) fail(ErrorCode::invalidArgument, "the scale of a picture is larger than 0", "scale");
    const double width = std::max(1.0, std::round(options.sizeMm.width() * kUnitsPerMm * scale));
    const double height = std::max(1.0, std::round(options.sizeMm.height() * kUnitsPerMm * scale));
    if (width * height > kMostPixels) fail(ErrorCode::tooLarge, "the picture would have more than 200 million pixels", "scale", "Choose a smaller size or scale");
    QImage image(static_cast<int>(width), static_cast<int>(height), QImage::Format_RGB32);
    if (image.isNull()) fail(ErrorCode::tooLarge, "there is no memory for the picture", "scale", "Choose a smaller size or scale");
    image.fill(options.theme->surface);
    QPainter painter(&image);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    painter.scale(scale, scale);
    view.paintFigure(painter, QSizeF(width / scale, height / scale), *options.theme);
    painter.end();
    const int dotsPerMeter = qRound(scale * 96 / 0.0254);
    image.setDotsPerMeterX(dotsPerMeter);
    image.setDotsPerMeterY(dotsPerMeter);
    if (!options.title.isEmpty()) image.setText(QStringLiteral("Title"), options.title);
    QByteArray file;
    QBuffer buffer(&file);
    QImageWriter writer(&buffer, "png");
    if (!writer.write(image)) fail(ErrorCode::internal, "the picture could not be written: " + toStd(writer.errorString()));
    return file;
}

}  // namespace

std::optional<FigureFormat> figureFormatOf(const QString& fileName) {
    const QString extension = QFileInfo(fileName).suffix().toLower();
    if (extension == u"svg") return FigureFormat::svg;
    if (extension == u"pdf") return FigureFormat::pdf;
    if (extension == u"png") return FigureFormat::png;
    return std::nullopt;
}

QByteArray figure(View& view, FigureFormat format, const FigureOptions& options) {
    check(options);
    switch (format) {
        case FigureFormat::svg: return svgFigure(view, options);
        case FigureFormat::pdf: return pdfFigure(view, options);
        case FigureFormat::png: return pngFigure(view, options);
    }
    return {};
}

QByteArray figureCsv(const View& view) { return QByteArray::fromStdString(report::toCsv(view.table())); }

}  // namespace vitrine::widgets
