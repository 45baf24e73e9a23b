// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/report_printer.h"

#include <QFontMetricsF>
#include <QSaveFile>
#include <QSvgRenderer>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "report/number_text.h"
#include "widgets/base/text.h"
#include "widgets/base/theme.h"
#include "widgets/window/page_painter.h"

namespace vitrine::widgets {
namespace {

constexpr double kBody = 9, kTable = 7.5, kReadableTable = 6.5, kLeastTable = 5;
constexpr double kNarrowestText = 58;  ///< to which a text column may be narrowed
constexpr double kCellPadding = 3;   ///< left and right of a cell's text
constexpr double kRowPadding = 2.2;  ///< above and below it
constexpr int kFactsPerRow = 3;
constexpr double kHighestFigure = 560;
constexpr double kWidestText = 190;  ///< of a text column, before it wraps

/// Lists and identifiers may wrap behind their marks, numbers not within.
QString breakable(const QString& text) {
    QString result;
    for (qsizetype i = 0; i < text.size(); ++i) {
        result += text[i];
        const QChar next = i + 1 < text.size() ? text[i + 1] : QChar(u' ');
        const bool isMark = text[i] == u',' || text[i] == u'_' || text[i] == u'/' || (text[i] == u'.' && !next.isDigit());
        if (isMark && !next.isSpace()) result += QChar(0x200b);
    }
    return result;
}

class Printer {
  public:
    Printer(PagePainter& page, const std::function<bool(double)>& progressed)
        : page_(page), theme_(Theme::day()), progressed_(progressed) {}

    void print(const report::Document& document) {
        page_.flow(toQt(document.title), page_.font(20, true), theme_.text);
        page_.skip(2);
        page_.flow(toQt(document.subtitle), page_.font(kBody), theme_.mutedText);
        page_.flow(QStringLiteral("%1, %2").arg(toQt(document.generator), toQt(document.created)), page_.font(8),
                   theme_.mutedText);
        page_.skip(10);
        std::size_t blocks = 0, done = 0;
        for (const report::Section& section : document.sections) blocks += section.blocks.size() + 1;
        for (const report::Section& section : document.sections) {
            heading(section);
            for (const report::Block& each : section.blocks) {
                if (progressed_ && !progressed_(static_cast<double>(++done) / static_cast<double>(blocks)))
                    fail(ErrorCode::stopped, "the report was cancelled");
                std::visit([this](const auto& content) { block(content); }, each);
            }
            ++done;
        }
    }

  private:
    /// How a column of a table is set.
    struct ColumnLook {
        std::size_t index = 0;
        double width = 0;
        bool right = false, fixed = false;
    };

    void heading(const report::Section& section) {
        const double size = section.level == 1 ? 14 : 11;
        page_.ensure(PagePainter::points(size + 30) + startHeight(section));  // not alone at the end of a page
        if (page_.y() > 0) page_.skip(section.level == 1 ? 16 : 10);
        page_.flow(toQt(section.title), page_.font(size, true), theme_.text);
        if (section.level == 1) {
            page_.painter().setPen(QPen(theme_.accent, PagePainter::points(1)));
            page_.painter().drawLine(QPointF(0, page_.y()), QPointF(page_.width(), page_.y()));
        }
        page_.skip(6);
    }

    /// Room that the first block of a section wants below its heading.
    double startHeight(const report::Section& section) const {
        const auto* figure = section.blocks.empty() ? nullptr : std::get_if<report::Figure>(&section.blocks.front());
        if (!figure || !figure->svg) return PagePainter::points(50);
        const QSvgRenderer renderer(QByteArray::fromStdString(*figure->svg));
        return renderer.isValid() ? figureSize(renderer).height() + PagePainter::points(30) : PagePainter::points(50);
    }

    /// As wide as the page, but not higher than a good part of it.
    QSizeF figureSize(const QSvgRenderer& renderer) const {
        const QSizeF natural = renderer.defaultSize();
        return natural.isEmpty()
                   ? QSizeF(page_.width(), page_.width() / 2)
                   : natural.scaled(page_.width(), PagePainter::points(kHighestFigure), Qt::KeepAspectRatio);
    }

    void block(const report::Paragraph& paragraph) {
        page_.flow(toQt(paragraph.text), page_.font(kBody), theme_.text);
        page_.skip(5);
    }

    void block(const report::List& list) {
        for (const std::string& item : list.items) {
            page_.ensure(PagePainter::points(kBody * 1.4));
            page_.drawText(QStringLiteral("•"), page_.font(kBody), theme_.text, PagePainter::points(4),
                           PagePainter::points(10));
            page_.flow(toQt(item), page_.font(kBody), theme_.text, PagePainter::points(14));
            page_.skip(1.5);
        }
        page_.skip(4);
    }

    void block(const report::Facts& facts) {
        const double gap = PagePainter::points(6), width = (page_.width() - (kFactsPerRow - 1) * gap) / kFactsPerRow,
                     inner = PagePainter::points(7);
        const QFont label = page_.font(7.5), value = page_.font(14, true);
        for (std::size_t first = 0; first < facts.items.size(); first += kFactsPerRow) {
            const std::size_t last = std::min(first + kFactsPerRow, facts.items.size());
            double height = 0;
            for (std::size_t i = first; i < last; ++i) {
                const report::Fact& fact = facts.items[i];
                const double text =
                    page_.textHeight(toQt(fact.label), label, width - 2 * inner) +
                    page_.textHeight(toQt(fact.value), value, width - 2 * inner) +
                    (fact.detail.empty() ? 0 : page_.textHeight(toQt(fact.detail), label, width - 2 * inner));
                height = std::max(height, text + 2 * inner);
            }
            page_.ensure(height);
            const double top = page_.y();
            for (std::size_t i = first; i < last; ++i) {
                const report::Fact& fact = facts.items[i];
                const double x = static_cast<double>(i - first) * (width + gap);
                page_.painter().setPen(QPen(theme_.border, PagePainter::points(0.5)));
                page_.painter().setBrush(Qt::NoBrush);
                page_.painter().drawRoundedRect(QRectF(x, top, width, height), PagePainter::points(3),
                                                PagePainter::points(3));
                page_.advance(inner);
                for (const auto& [text, font, colour] :
                     {std::tuple{&fact.label, label, theme_.mutedText}, std::tuple{&fact.value, value, theme_.text},
                      std::tuple{&fact.detail, label, theme_.mutedText}})
                    if (!text->empty())
                        page_.advance(page_.drawText(toQt(*text), font, colour, x + inner, width - 2 * inner));
                page_.advance(top - page_.y());
            }
            page_.advance(height + gap);
        }
        page_.skip(3);
    }

    void block(const report::Figure& figure) {
        if (!figure.svg) return;
        QSvgRenderer renderer(QByteArray::fromStdString(*figure.svg));
        if (!renderer.isValid()) return;
        const QSizeF size = figureSize(renderer);
        const QFont caption = page_.font(8);
        page_.ensure(size.height() + page_.textHeight(toQt(figure.caption), caption, page_.width()) +
                     PagePainter::points(8));
        renderer.render(&page_.painter(),
                        QRectF((page_.width() - size.width()) / 2, page_.y(), size.width(), size.height()));
        page_.advance(size.height());
        page_.skip(3);
        page_.flow(toQt(figure.caption), caption, theme_.mutedText);
        page_.skip(9);
    }

    void block(const report::Table& table) {
        double size = kTable;
        std::vector<ColumnLook> looks = columnLooks(table, size);
        // A table that is too wide gets smaller letters before its texts wrap, and very small ones where wrapping is not enough.
        while (totalWidth(looks) > page_.width() && size > (canWrap(looks) ? kReadableTable : kLeastTable)) looks = columnLooks(table, size -= 0.5);
        narrow(looks);
        if (!table.caption.empty()) {
            page_.ensure(PagePainter::points(70));
            page_.flow(toQt(table.caption), page_.font(8.5, true), theme_.text);
            page_.skip(3);
        }
        tableHead(table, looks, size);
        for (std::size_t row = 0; row < table.rows.size(); ++row) {
            if (page_.ensure(rowHeight(table, looks, row, size))) tableHead(table, looks, size);
            tableRow(table, looks, row, size);
        }
        page_.painter().setPen(QPen(theme_.border, PagePainter::points(0.7)));
        page_.painter().drawLine(QPointF(0, page_.y()), QPointF(totalWidth(looks), page_.y()));
        page_.skip(3);
        if (!table.note.empty()) page_.flow(toQt(table.note), page_.font(7.5), theme_.mutedText);
        page_.skip(8);
    }

    QString cellText(const report::Table& table, std::size_t row, const ColumnLook& look) const {
        QString text = toQt(report::cellText(table.rows[row][look.index], table.columns[look.index]));
        return look.right ? text.replace(QLatin1Char('-'), QChar(0x2212)) : breakable(text);
    }

    QFont cellFont(const ColumnLook& look, double size) const {
        return page_.font(look.fixed ? size * 0.95 : size, false, look.fixed);
    }

    static QString headText(const report::Column& column) {
        return column.unit.empty() ? toQt(column.title)
                                   : QStringLiteral("%1 (%2)").arg(toQt(column.title), toQt(column.unit));
    }

    std::vector<ColumnLook> columnLooks(const report::Table& table, double size) const {
        std::vector<ColumnLook> looks;
        const QFontMetricsF head(page_.font(size, true));
        for (const std::size_t index : report::shownColumns(table)) {
            const report::Column& column = table.columns[index];
            ColumnLook look{index, 0, report::isNumeric(column), column.format == report::Format::identifier};
            const QFontMetricsF metrics(cellFont(look, size));
            double widest = 0;
            for (const QString& word : headText(column).split(QLatin1Char(' ')))
                widest = std::max(widest, head.horizontalAdvance(word));
            for (std::size_t row = 0; row < table.rows.size(); ++row)
                widest = std::max(widest, metrics.horizontalAdvance(cellText(table, row, look)));
            if (!look.right && !look.fixed) widest = std::min(widest, PagePainter::points(kWidestText));
            look.width = widest + 2 * PagePainter::points(kCellPadding) + 1;
            looks.push_back(look);
        }
        return looks;
    }

    static double totalWidth(const std::vector<ColumnLook>& looks) {
        return std::accumulate(looks.begin(), looks.end(), 0.0,
                               [](double sum, const ColumnLook& look) { return sum + look.width; });
    }

    /// Width of the table when no text column is wider than `cap`.
    static double cappedWidth(const std::vector<ColumnLook>& looks, double cap) {
        return std::accumulate(looks.begin(), looks.end(), 0.0,
                               [cap](double sum, const ColumnLook& look) { return sum + (look.right ? look.width : std::min(look.width, cap)); });
    }

    bool canWrap(const std::vector<ColumnLook>& looks) const { return cappedWidth(looks, PagePainter::points(kNarrowestText)) <= page_.width(); }

    /// Takes what is too much from the widest text columns, which can wrap.
    void narrow(std::vector<ColumnLook>& looks) const {
        if (totalWidth(looks) <= page_.width()) return;
        if (!canWrap(looks)) {
            const double share = page_.width() / totalWidth(looks);
            for (ColumnLook& look : looks) look.width *= share;
            return;
        }
        double low = PagePainter::points(kNarrowestText), high = page_.width();
        for (int i = 0; i < 40; ++i) {
            const double middle = (low + high) / 2;
            (cappedWidth(looks, middle) <= page_.width() ? low : high) = middle;
        }
        for (ColumnLook& look : looks)
            if (!look.right) look.width = std::min(look.width, low);
    }

    double rowHeight(const report::Table& table, const std::vector<ColumnLook>& looks, std::size_t row,
                     double size) const {
        double height = 0;
        for (const ColumnLook& look : looks)
            height = std::max(height, page_.textHeight(cellText(table, row, look), cellFont(look, size),
                                                       look.width - 2 * PagePainter::points(kCellPadding)));
        return height + 2 * PagePainter::points(kRowPadding);
    }

    void drawCell(const QString& text, const QFont& font, const QColor& colour, double x, const ColumnLook& look) {
        const double padding = PagePainter::points(kCellPadding);
        page_.drawText(text, font, colour, x + padding, look.width - 2 * padding, look.right ? Qt::AlignRight : Qt::AlignLeft,
                       PagePainter::points(kRowPadding));
    }

    void tableHead(const report::Table& table, const std::vector<ColumnLook>& looks, double size) {
        const QFont font = page_.font(size, true);
        double height = 0;
        for (const ColumnLook& look : looks)
            height = std::max(height, page_.textHeight(headText(table.columns[look.index]), font,
                                                       look.width - 2 * PagePainter::points(kCellPadding)));
        height += 2 * PagePainter::points(kRowPadding);
        if (page_.ensure(height + PagePainter::points(24))) return tableHead(table, looks, size);
        page_.painter().fillRect(QRectF(0, page_.y(), totalWidth(looks), height), theme_.raised);
        double x = 0;
        for (const ColumnLook& look : looks) {
            drawCell(headText(table.columns[look.index]), font, theme_.text, x, look);
            x += look.width;
        }
        page_.advance(height);
    }

    void tableRow(const report::Table& table, const std::vector<ColumnLook>& looks, std::size_t row, double size) {
        const double height = rowHeight(table, looks, row, size);
        if (row % 2 == 1) page_.painter().fillRect(QRectF(0, page_.y(), totalWidth(looks), height), QColor(0xf8f9fb));
        double x = 0;
        for (const ColumnLook& look : looks) {
            drawCell(cellText(table, row, look), cellFont(look, size), theme_.text, x, look);
            x += look.width;
        }
        page_.advance(height);
    }

    PagePainter& page_;
    const Theme& theme_;
    const std::function<bool(double)>& progressed_;
};

}  // namespace

void printReport(const report::Document& document, const QString& file, const std::function<bool(double)>& progressed) {
    QSaveFile device(file);
    if (!device.open(QIODevice::WriteOnly))
        fail(ErrorCode::ioFailure, "the PDF cannot be written: " + toStd(device.errorString()), toStd(file),
             "choose another place");
    {
        PagePainter page(&device, toQt(document.title), toQt(document.title + ", " + document.generator));
        Printer(page, progressed).print(document);
    }
    if (!device.commit())
        fail(ErrorCode::ioFailure, "the PDF cannot be written: " + toStd(device.errorString()), toStd(file),
             "choose another place");
}

}  // namespace vitrine::widgets
