// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/tickers.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QLocale>
#include <algorithm>
#include <cmath>
#include <iterator>

#include "widgets/base/text.h"
#include "widgets/views/plot_style.h"

namespace vitrine::widgets {
namespace {

constexpr double kLargestTick = 1e300;

constexpr double kSiteRoom = 52;  ///< pixels for a site from which on it is named
constexpr double kLabelGap = 6;
constexpr std::size_t kFewBlocks = 30;  ///< up to here only the blocks without room have no name
constexpr double kTickRoom = 26;  ///< pixels between ticks of values

QString translated(const char* text) { return QCoreApplication::translate("vitrine::widgets::tickers", text); }

struct Span {
    QString block;
    int first = 0, last = 0;
};

std::vector<Span> spansOf(const std::vector<SiteSlot>& sites) {
    std::vector<Span> spans;
    for (int i = 0; i < static_cast<int>(sites.size()); ++i) {
        const QString& block = sites[static_cast<std::size_t>(i)].block;
        if (spans.empty() || spans.back().block != block) spans.push_back({block, i, i});
        spans.back().last = i;
    }
    return spans;
}

/// "11" of "blocks.11", "2.17" of "layers.2.blocks.17"; "patch_embed" stays.
QString shortBlock(const QString& block) {
    const QStringList parts = block.split(u'.');
    const auto isNumber = [](const QString& part) { return !part.isEmpty() && std::all_of(part.begin(), part.end(), [](QChar each) { return each.isDigit(); }); };
    if (!isNumber(parts.last())) return parts.last();
    QStringList numbers;
    std::copy_if(parts.begin(), parts.end(), std::back_inserter(numbers), isNumber);
    return numbers.join(u'.');
}

/// The parts of the site's name behind its block, one below the other.
QString siteLabel(const SiteSlot& slot) {
    QString name = slot.site;
    if (!slot.block.isEmpty() && name.startsWith(slot.block + u'.')) name = name.mid(slot.block.size() + 1);
    return name.replace(u'.', u'\n');
}

class SiteTicker : public QCPAxisTicker {
  public:
    SiteTicker(std::vector<SiteSlot> sites, bool byDepth, const QCPAxis& axis)
        : sites_(std::move(sites)), spans_(spansOf(sites_)), byDepth_(byDepth), axis_(axis) {}

    void generate(const QCPRange& range, const QLocale& locale, QChar, int, QVector<double>& ticks, QVector<double>* subTicks,
                  QVector<QString>* labels) override {
        ticks.clear();
        if (subTicks) subTicks->clear();
        if (labels) labels->clear();
        const double room = axis_.axisRect()->width() / std::max(range.size(), 1e-9);
        if (room >= kSiteRoom)
            nameSites(range, room, ticks, labels);
        else if (byDepth_)
            nameBlocks(range, room, ticks, labels);
        else
            nameRanks(range, room, locale, ticks, labels);
    }

  private:
    void nameSites(const QCPRange& range, double room, QVector<double>& ticks, QVector<QString>* labels) const {
        const QFontMetricsF metrics(axis_.tickLabelFont());
        QString block;
        for (int i = std::max(0, static_cast<int>(std::ceil(range.lower))); i < static_cast<int>(sites_.size()) && i <= range.upper; ++i) {
            const SiteSlot& slot = sites_[static_cast<std::size_t>(i)];
            ticks.append(i);
            QStringList lines = siteLabel(slot).split(u'\n');
            for (QString& line : lines) line = metrics.elidedText(line, Qt::ElideRight, room - kLabelGap);
            if (!slot.block.isEmpty() && (!byDepth_ || slot.block != block)) lines.append(metrics.elidedText(slot.block, Qt::ElideMiddle, room - 2));
            block = slot.block;
            if (labels) labels->append(lines.join(u'\n'));
        }
    }

    void nameBlocks(const QCPRange& range, double room, QVector<double>& ticks, QVector<QString>* labels) const {
        const QFontMetricsF metrics(axis_.tickLabelFont());
        const auto fits = [&](const Span& span, const QString& text) {
            return metrics.horizontalAdvance(text) + kLabelGap <= (span.last - span.first + 1) * room;
        };
        const bool inFull = std::all_of(spans_.begin(), spans_.end(), [&](const Span& span) { return !span.block.contains(u'.') || fits(span, span.block); });
        double taken = -1e300, widest = 0;
        for (const Span& span : spans_) widest = std::max(widest, metrics.horizontalAdvance(inFull ? span.block : shortBlock(span.block)));
        // Where not every block can be named, names keep regular distances.
        const double perBlock = room * static_cast<double>(sites_.size()) / static_cast<double>(std::max<std::size_t>(1, spans_.size()));
        std::size_t step = 1;
        for (const std::size_t factor : {2, 5, 10, 20, 50, 100})
            if (spans_.size() > kFewBlocks && static_cast<double>(step) * perBlock < widest + kLabelGap) step = factor;
        for (std::size_t i = 0; i < spans_.size(); i += step) {
            const Span& span = spans_[i];
            const double from = std::max(span.first - 0.5, range.lower), to = std::min(span.last + 0.5, range.upper);
            if (from >= to || span.block.isEmpty()) continue;
            const QString text = inFull ? span.block : shortBlock(span.block);
            const double centre = (from + to) / 2, half = (metrics.horizontalAdvance(text) / 2 + kLabelGap / 2) / room;
            // A name may stand out of its block as long as it meets no other one and stays inside.
            if (centre - half < taken || half > std::max((to - from) * 1.2, centre - range.lower) || centre + half > range.upper + 1.5 * half) continue;
            taken = centre + half;
            ticks.append(centre);
            if (labels) labels->append(text);
        }
    }

    void nameRanks(const QCPRange& range, double room, const QLocale& locale, QVector<double>& ticks, QVector<QString>* labels) const {
        int step = 1;
        for (const int factor : {2, 5, 10, 20, 50, 100, 200, 500, 1000})
            if (step * room < 40) step = factor;
        for (int i = std::max(0, static_cast<int>(std::ceil(range.lower))); i < static_cast<int>(sites_.size()) && i <= range.upper; ++i) {
            if (i != 0 && (i + 1) % step != 0) continue;
            ticks.append(i);
            if (labels) labels->append(locale.toString(i + 1));
        }
    }

    std::vector<SiteSlot> sites_;
    std::vector<Span> spans_;
    bool byDepth_;
    const QCPAxis& axis_;
};

void addBand(QCustomPlot& plot, const Theme& theme, const Span& span) {
    auto* band = new QCPItemRect(&plot);
    band->setLayer(QStringLiteral("background"));
    for (QCPItemPosition* corner : {band->topLeft, band->bottomRight}) {
        corner->setTypeX(QCPItemPosition::ptPlotCoords);
        corner->setTypeY(QCPItemPosition::ptAxisRectRatio);
    }
    band->topLeft->setCoords(span.first - 0.5, 0);
    band->bottomRight->setCoords(span.last + 0.5, 1);
    band->setPen(Qt::NoPen);
    // Opaque and without smooth edges: blending fifty of them takes longer than all bars.
    band->setBrush(mixed(theme.raised, theme.surface, theme.dark ? 0.51 : 0.59));
    band->setAntialiased(false);
    band->setSelectable(false);
}

}  // namespace

void arrangeSiteAxis(QCustomPlot& plot, const Theme& theme, const std::vector<SiteSlot>& sites, bool byDepth) {
    plot.xAxis->setTicker(QSharedPointer<SiteTicker>::create(sites, byDepth, *plot.xAxis));
    plot.xAxis->setRange(-0.6, std::max<double>(static_cast<double>(sites.size()), 1) - 0.4);
    plot.xAxis->grid()->setVisible(false);
    plot.xAxis->setTickLength(0, byDepth ? 0 : 3);
    plot.xAxis->setLabel(byDepth ? translated("Sites by depth, in blocks") : translated("Sites by rank"));
    if (!byDepth) return;
    const std::vector<Span> spans = spansOf(sites);
    for (std::size_t i = 1; i < spans.size(); i += 2) addBand(plot, theme, spans[i]);
}

QString PlainTicker::getTickLabel(double tick, const QLocale& locale, QChar formatChar, int precision) {
    return withMinus(QCPAxisTicker::getTickLabel(tick, locale, formatChar, precision));
}

void LogTicker::generate(const QCPRange& range, const QLocale& locale, QChar formatChar, int precision, QVector<double>& ticks, QVector<double>* subTicks,
                         QVector<QString>* tickLabels) {
    if (range.lower > 0 && range.upper / range.lower < 15)
        raster_.generate(range, locale, u'g', 6, ticks, subTicks, tickLabels);
    else
        QCPAxisTickerLog::generate(range, locale, formatChar, precision, ticks, subTicks, tickLabels);
}

QString LogTicker::getTickLabel(double tick, const QLocale& locale, QChar, int) {
    const int power = static_cast<int>(std::lround(std::log10(tick)));
    if (power >= -3 && power <= 4) return locale.toString(tick, 'g', 6);
    QString text = QStringLiteral("10");
    for (const QChar digit : QString::number(power)) text += digit == u'-' ? QChar(0x207b) : QStringLiteral("⁰¹²³⁴⁵⁶⁷⁸⁹").at(digit.digitValue());
    return text;
}

void useLogScale(QCPAxis& axis) {
    axis.setScaleType(QCPAxis::stLogarithmic);
    axis.setTicker(QSharedPointer<LogTicker>::create());
    axis.setSubTicks(true);
}

double Symlog::operator()(double value) const { return std::asinh(value / (2 * threshold_)) / std::log(10.0); }

double Symlog::inverse(double mapped) const { return 2 * threshold_ * std::sinh(mapped * std::log(10.0)); }

SymlogTicker::SymlogTicker(const Symlog& scale, const QCPAxis& axis) : scale_(scale), axis_(axis) {}

void SymlogTicker::generate(const QCPRange& range, const QLocale& locale, QChar, int, QVector<double>& ticks, QVector<double>* subTicks,
                            QVector<QString>* tickLabels) {
    ticks.clear();
    if (subTicks) subTicks->clear();
    if (tickLabels) tickLabels->clear();
    if (!std::isfinite(range.lower) || !std::isfinite(range.upper)) return;
    const double pixels = std::max(1, axis_.orientation() == Qt::Vertical ? axis_.axisRect()->height() : axis_.axisRect()->width());
    // A range far from the data may lie beyond what a number holds.
    const double low = std::clamp(scale_.inverse(range.lower), -kLargestTick, kLargestTick);
    const double high = std::clamp(scale_.inverse(range.upper), -kLargestTick, kLargestTick);
    std::vector<double> values{0};
    const double least = std::log10(scale_.threshold());
    const double most = std::log10(std::max({std::abs(low), std::abs(high), scale_.threshold()}));
    for (int power = static_cast<int>(std::lround(least)); power <= std::ceil(most); ++power)
        for (const double sign : {1.0, -1.0}) values.push_back(sign * std::pow(10.0, power));
    // Between few powers of ten a plain raster says more.
    const auto inside = std::count_if(values.begin(), values.end(), [&](double value) { return value >= low && value <= high; });
    if (inside < 3 && high > low) {
        const int count = static_cast<int>(std::max(2.0, pixels / 60));
        const double raw = (high - low) / count, decade = std::pow(10.0, std::floor(std::log10(raw)));
        const double step = raw > 5 * decade ? 10 * decade : (raw > 2 * decade ? 5 * decade : 2 * decade);
        values.clear();
        for (int i = 0; i <= count; ++i)
            if (const double value = (std::ceil(low / step) + i) * step; value <= high) values.push_back(value);
    }
    std::sort(values.begin(), values.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
    // Zero and the outer powers come first: the inner ones are named where room is left.
    std::vector<double> places;
    const auto isFree = [&](double place) {
        return std::all_of(places.begin(), places.end(), [&](double taken) { return std::abs(taken - place) / range.size() * pixels >= kTickRoom; });
    };
    for (const double value : values) {
        const double place = scale_(value);
        if (place < range.lower || place > range.upper || !isFree(place)) continue;
        places.push_back(place);
    }
    std::sort(places.begin(), places.end());
    for (const double place : places) {
        ticks.append(place);
        double value = scale_.inverse(place);
        if (std::abs(value) < scale_.threshold() * 1e-6) value = 0;
        if (tickLabels) tickLabels->append(locale.toString(value, 'g', 4).replace(u'-', QChar(0x2212)));
    }
}

}  // namespace vitrine::widgets
