// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/runs_panel_model.h"

#include <QGuiApplication>
#include <QIcon>
#include <QPainter>
#include <QPalette>
#include <QPixmap>
#include <algorithm>
#include <array>
#include <limits>

#include "report/run_content.h"
#include "widgets/base/icons.h"
#include "widgets/base/text.h"
#include "widgets/base/theme.h"

namespace vitrine::widgets {
namespace {

QString firstLine(const std::string& text) { return toQt(text).section(u'\n', 0, 0); }

QString name(const project::RunSummary& summary, const project::RunNote& note) {
    return toQt(note.name.empty() ? summary.id : note.name);
}

std::optional<double> changeOf(const project::RunFigures& figures) {
    if (!figures.top1 || !figures.floatTop1) return std::nullopt;
    return *figures.top1 - *figures.floatTop1;
}

/// What is not known sorts below everything.
double orLowest(std::optional<double> value) { return value.value_or(std::numeric_limits<double>::lowest()); }

QString changeText(double change) {
    if (std::abs(change) < 0.05) return RunsModel::tr("0.0 pts");
    const QString amount = QLocale().toString(std::abs(change), 'f', 1);
    return change < 0 ? RunsModel::tr("\u25BC \u2212%1 pts").arg(amount) : RunsModel::tr("\u25B2 +%1 pts").arg(amount);
}

QString plain(std::optional<double> value) { return value ? QString::number(*value, 'g', 10) : QString(); }

/// A run without a colour is an empty square.
QIcon swatch(const QColor& colour) {
    QPixmap pixmap(QSize(32, 32));  // shown at 16: sharp at twice the pixels
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colour.isValid() ? colour : Theme::of(QGuiApplication::palette()).mutedText, 2));
    painter.setBrush(colour.isValid() ? QBrush(colour) : QBrush(Qt::NoBrush));
    painter.drawRoundedRect(QRectF(7, 7, 18, 18), 4, 4);
    return QIcon(pixmap);
}

bool isNumber(int column) { return column >= RunsModel::top1 && column <= RunsModel::time; }

}  // namespace

RunsModel::RunsModel(Session& session, QObject* parent) : QAbstractTableModel(parent), session_(session) {
    connect(&session_.study, &Study::runsChanged, this, &RunsModel::update);
    connect(&session_.study, &Study::editsChanged, this, &RunsModel::update);
    connect(&session_.study, &Study::closed, this, &RunsModel::update);
    connect(&session_.selection, &SelectionHub::runsChanged, this, &RunsModel::updateMarks);
    update();
}

std::vector<RunsModel::Row> RunsModel::rowsNow() const {
    const project::Edits& edits = session_.study.edits();
    std::vector<Row> rows;
    rows.reserve(session_.study.runs().size());
    for (const project::RunSummary& summary : session_.study.runs())
        rows.push_back({summary, project::noteOf(edits, summary.id)});
    return rows;
}

// Runs come at the end and go one by one; anything else is another project.
void RunsModel::update() {
    std::vector<Row> next = rowsNow();
    const auto known = [](const std::vector<Row>& rows, const std::string& id) {
        return std::any_of(rows.begin(), rows.end(), [&](const Row& row) { return row.summary.id == id; });
    };
    for (int i = static_cast<int>(rows_.size()) - 1; i >= 0; --i) {
        if (known(next, rows_[static_cast<std::size_t>(i)].summary.id)) continue;
        beginRemoveRows({}, i, i);
        rows_.erase(rows_.begin() + i);
        endRemoveRows();
    }
    const auto sameIds = [](const Row& a, const Row& b) { return a.summary.id == b.summary.id; };
    if (rows_.size() > next.size() || !std::equal(rows_.begin(), rows_.end(), next.begin(), sameIds)) {
        beginResetModel();
        rows_ = std::move(next);
        endResetModel();
        return;
    }
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        if (rows_[i] == next[i]) continue;
        rows_[i] = next[i];
        Q_EMIT dataChanged(index(static_cast<int>(i), 0), index(static_cast<int>(i), columnCountOfRuns - 1));
    }
    if (next.size() == rows_.size()) return;
    beginInsertRows({}, static_cast<int>(rows_.size()), static_cast<int>(next.size()) - 1);
    rows_ = std::move(next);
    endInsertRows();
}

void RunsModel::updateMarks() {
    if (!rows_.empty()) Q_EMIT dataChanged(index(0, mark), index(rowCount() - 1, name));
}

int RunsModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(rows_.size()); }
int RunsModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : columnCountOfRuns; }

QString RunsModel::marks(const Row& row) const {
    const QString id = toQt(row.summary.id);
    const Selection& chosen = session_.selection.selection();
    return (chosen.runA == id ? QStringLiteral("A") : QString()) + (chosen.runB == id ? QStringLiteral("B") : QString());
}

QColor RunsModel::colour(std::size_t row) const {
    const Theme& theme = Theme::of(QGuiApplication::palette());
    const QColor chosen(toQt(rows_[row].note.colour));
    const QString letters = marks(rows_[row]);
    return chosen.isValid() ? chosen : letters.contains(u'A') ? theme.runA : letters.contains(u'B') ? theme.runB : QColor();
}

QVariant RunsModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const auto at = static_cast<std::size_t>(index.row());
    const Row& row = rows_[at];
    switch (role) {
        case Qt::DisplayRole: return displayText(row, index.column());
        case Qt::EditRole: return index.column() == name ? widgets::name(row.summary, row.note) : displayText(row, index.column());
        case Qt::DecorationRole: return decoration(at, index.column());
        case Qt::ToolTipRole: return toolTip(row, index.column());
        case Qt::TextAlignmentRole:
            return QVariant::fromValue(Qt::AlignVCenter | (isNumber(index.column()) ? Qt::AlignRight : Qt::AlignLeft));
        case Qt::AccessibleTextRole: return index.column() == mark ? marks(row) : displayText(row, index.column());
        case sortRole: return sortValue(row, index.column());
        case plainRole: return plainText(row, index.column());
        case idRole: return toQt(row.summary.id);
        case markRole: return marks(row);
        case pinnedRole: return row.note.pinned;
        case colourRole: return colour(at);
        default: return {};
    }
}

QString RunsModel::displayText(const Row& row, int column) const {
    const project::RunFigures& figures = row.summary.figures;
    switch (column) {
        case name: return widgets::name(row.summary, row.note);
        case method: return toQt(row.summary.methodTitle);
        case bits: return toQt(report::averageBitsText(figures));
        case top1: return figures.top1 ? percentText(*figures.top1) : QString();
        case change: return changeOf(figures) ? changeText(*changeOf(figures)) : QString();
        case size: return figures.sizeBytes ? bytesText(*figures.sizeBytes) : QString();
        case bops: return figures.bops ? tr("%1 G", "thousand millions").arg(numberText(*figures.bops / 1e9, 3)) : QString();
        case time: return row.summary.seconds <= 0 ? QString() : row.summary.seconds < 1 ? tr("< 1 s") : durationText(row.summary.seconds);
        case when: return momentText(row.summary.started);
        case state: return stateText(row.summary.state);
        case note: return firstLine(row.note.note);
        default: return {};
    }
}

QVariant RunsModel::sortValue(const Row& row, int column) const {
    const project::RunFigures& figures = row.summary.figures;
    switch (column) {
        case mark: return marks(row).isEmpty() ? QStringLiteral("Z") : marks(row);
        case bits: return orLowest(figures.averageWeightBits) + orLowest(figures.averageActivationBits) / 1000;
        case top1: return orLowest(figures.top1);
        case change: return orLowest(changeOf(figures));
        case size: return orLowest(figures.sizeBytes);
        case bops: return orLowest(figures.bops);
        case time: return row.summary.seconds;
        case when: return toQt(row.summary.started) + toQt(row.summary.id);  // ISO times sort as texts
        case state: return static_cast<int>(row.summary.state);
        default: return displayText(row, column);
    }
}

QString RunsModel::plainText(const Row& row, int column) const {
    const project::RunFigures& figures = row.summary.figures;
    switch (column) {
        case mark: return marks(row);
        case top1: return plain(figures.top1);
        case change: return plain(changeOf(figures));
        case size: return plain(figures.sizeBytes);
        case bops: return plain(figures.bops);
        case time: return QString::number(row.summary.seconds, 'f', 1);
        case when: return toQt(row.summary.started);
        case note: return toQt(row.note.note).simplified();
        default: return displayText(row, column);
    }
}

QVariant RunsModel::decoration(std::size_t row, int column) const {
    if (column == name) return swatch(colour(row));
    if (column == state) return icon(stateIcon(rows_[row].summary.state));
    return {};
}

QString RunsModel::toolTip(const Row& row, int column) const {
    switch (column) {
        case mark: return row.note.pinned ? tr("Pinned: stays on top") : QString();
        case name: return toQt(row.summary.id);
        case top1: return row.summary.figures.count ? tr("Images measured: %1").arg(QLocale().toString(*row.summary.figures.count)) : QString();
        case note: return toQt(row.note.note);
        case when: return toQt(row.summary.started);
        default: return {};
    }
}

QVariant RunsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCountOfRuns) return {};
    if (role == Qt::TextAlignmentRole) return QVariant::fromValue(Qt::AlignVCenter | (isNumber(section) ? Qt::AlignRight : Qt::AlignLeft));
    struct Text {
        QString title, help;
    };
    const std::array<Text, columnCountOfRuns> texts{{
        {tr("A/B"), tr("Which runs the views show, and which are pinned")},
        {tr("Run"), tr("Name, or number and method where you gave none. F2 renames.")},
        {tr("Method"), tr("The quantization method")},
        {tr("Bits"), tr("Average bits of weights (W) and activations (A) over all sites, as they were in the end")},
        {tr("Top-1"), tr("Images of the evaluation set whose most likely class is the right one")},
        {tr("To float"), tr("Top-1 minus that of the float network, in percentage points")},
        {tr("Size"), tr("Parameters at their bits, without scales and zero points")},
        {tr("BOPs"), tr("Bit operations for one image: multiplications times the bits of both operands. G: thousand millions")},
        {tr("Time"), tr("Work on the run, over all sittings")},
        {tr("Started"), tr("When the run began")},
        {tr("State"), tr("How the run ended, or that it has not")},
        {tr("Note"), tr("First line of the note of the run")},
    }};
    const Text& text = texts[static_cast<std::size_t>(section)];
    if (role == Qt::DisplayRole) return text.title;
    if (role == Qt::ToolTipRole) return text.help;
    return {};
}

QString RunsModel::plainHeader(int column) {
    switch (column) {
        case mark: return tr("A/B");
        case name: return tr("Run");
        case method: return tr("Method");
        case bits: return tr("Bits");
        case top1: return tr("Top-1 (%)");
        case change: return tr("To float (points)");
        case size: return tr("Size (bytes)");
        case bops: return tr("BOPs");
        case time: return tr("Time (s)");
        case when: return tr("Started (UTC)");
        case state: return tr("State");
        case note: return tr("Note");
        default: return {};
    }
}

QString RunsModel::stateText(project::RunState state) {
    switch (state) {
        case project::RunState::running: return tr("Running");
        case project::RunState::interrupted: return tr("Interrupted");
        case project::RunState::finished: return tr("Finished");
        case project::RunState::kept: return tr("Stopped early");
        case project::RunState::failed: return tr("Failed");
        case project::RunState::damaged: return tr("Damaged");
    }
    return {};
}

QString RunsModel::stateIcon(project::RunState state) {
    switch (state) {
        case project::RunState::running: return QStringLiteral("running");
        case project::RunState::interrupted: return QStringLiteral("interrupted");
        case project::RunState::finished: return QStringLiteral("finished");
        case project::RunState::kept: return QStringLiteral("kept");
        case project::RunState::failed: return QStringLiteral("failed");
        case project::RunState::damaged: return QStringLiteral("missing");
    }
    return {};
}

Qt::ItemFlags RunsModel::flags(const QModelIndex& index) const {
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (index.isValid() && index.column() == name && !session_.study.readOnly()) flags |= Qt::ItemIsEditable;
    return flags;
}

bool RunsModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (role != Qt::EditRole || !checkIndex(index, CheckIndexOption::IndexIsValid) || index.column() != name) return false;
    const QString id = toQt(rows_[static_cast<std::size_t>(index.row())].summary.id), typed = value.toString().simplified();
    const std::string chosen = typed == id ? std::string() : toStd(typed);
    session_.study.editRun(tr("rename run"), id, [&](project::RunNote& written) { written.name = chosen; });
    return true;
}

QModelIndex RunsModel::indexOf(const QString& run) const {
    const std::string id = toStd(run);
    const auto found = std::find_if(rows_.begin(), rows_.end(), [&](const Row& row) { return row.summary.id == id; });
    return found == rows_.end() ? QModelIndex() : index(static_cast<int>(found - rows_.begin()), name);
}

RunsFilter::RunsFilter(QObject* parent) : QSortFilterProxyModel(parent) { setSortRole(RunsModel::sortRole); }

void RunsFilter::setWords(const QString& text) {
    words_ = text.simplified().split(u' ', Qt::SkipEmptyParts);
    invalidateFilter();
}

bool RunsFilter::filterAcceptsRow(int row, const QModelIndex& parent) const {
    QString all;
    for (const int column : {RunsModel::name, RunsModel::method, RunsModel::bits, RunsModel::state, RunsModel::note})
        all += sourceModel()->index(row, column, parent).data(RunsModel::plainRole).toString() + u' ';
    all += sourceModel()->index(row, 0, parent).data(RunsModel::idRole).toString();
    return std::all_of(words_.begin(), words_.end(), [&](const QString& word) { return all.contains(word, Qt::CaseInsensitive); });
}

bool RunsFilter::lessThan(const QModelIndex& left, const QModelIndex& right) const {
    const bool leftPinned = left.data(RunsModel::pinnedRole).toBool(), rightPinned = right.data(RunsModel::pinnedRole).toBool();
    if (leftPinned != rightPinned) return (sortOrder() == Qt::AscendingOrder) == leftPinned;
    return QSortFilterProxyModel::lessThan(left, right);
}

}  // namespace vitrine::widgets
