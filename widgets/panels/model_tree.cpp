// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/model_tree.h"

#include <QFont>
#include <algorithm>

#include "graph/operations.h"
#include "widgets/base/text.h"

namespace vitrine::widgets {
namespace {

/// The header has the unit.
QString decibelText(double db) { return sqnrText(db).remove(QChar(0x00a0) + QStringLiteral("dB")); }

}  // namespace

int ModelTree::addEntry(Entry entry) {
    const int index = static_cast<int>(entries_.size());
    auto& siblings = entry.parent < 0 ? roots_ : entries_[static_cast<std::size_t>(entry.parent)].children;
    entry.row = static_cast<int>(siblings.size());
    siblings.push_back(index);
    entries_.push_back(std::move(entry));
    return index;
}

void ModelTree::addBlock(std::size_t block, const std::unordered_map<graph::NodeId, std::vector<std::size_t>>& sitesOf) {
    const auto& graph = *network_->graph;
    const int top = addEntry({Kind::block, block, block});
    blocks_[graph.blocks[block].id] = top;
    for (graph::NodeId node = graph.blocks[block].firstNode; node < graph.blocks[block].endNode; ++node) {
        const graph::Op op = graph.node(node).op;
        if (graph::operationInfo(op).movesOnly || op == graph::Op::pad) continue;
        const int operation = addEntry({Kind::operation, static_cast<std::size_t>(node), block, top});
        const auto found = sitesOf.find(node);
        if (found == sitesOf.end()) continue;
        for (const std::size_t site : found->second) sites_[network_->sites[site].id] = addEntry({Kind::site, site, block, operation});
    }
}

void ModelTree::setNetwork(NetworkPtr network) {
    if (network == network_) return;
    beginResetModel();
    network_ = std::move(network);
    entries_.clear();
    roots_.clear();
    sites_.clear();
    blocks_.clear();
    if (network_ && network_->graph) {
        std::unordered_map<graph::NodeId, std::vector<std::size_t>> sitesOf;
        for (std::size_t site = 0; site < network_->sites.size(); ++site)
            sitesOf[network_->sites[site].operands.front().node].push_back(site);
        for (std::size_t block = 0; block < network_->graph->blocks.size(); ++block) addBlock(block, sitesOf);
    }
    endResetModel();
}

void ModelTree::setFacts(const RunFacts& facts) {
    facts_ = facts;
    const auto tell = [&](const std::vector<int>& siblings) {
        if (!siblings.empty()) Q_EMIT dataChanged(createIndex(0, bitsColumn, static_cast<quintptr>(siblings.front())),
                                                  createIndex(static_cast<int>(siblings.size()) - 1, sqnrColumn, static_cast<quintptr>(siblings.back())));
    };
    tell(roots_);
    for (const Entry& entry : entries_) tell(entry.children);
}

QModelIndex ModelTree::indexOf(int entry) const { return createIndex(entries_[static_cast<std::size_t>(entry)].row, 0, static_cast<quintptr>(entry)); }

QModelIndex ModelTree::indexOfSite(const QString& site) const {
    const auto found = sites_.find(toStd(site));
    return found == sites_.end() ? QModelIndex() : indexOf(found->second);
}

QModelIndex ModelTree::indexOfBlock(const QString& block) const {
    const auto found = blocks_.find(toStd(block));
    return found == blocks_.end() ? QModelIndex() : indexOf(found->second);
}

QModelIndex ModelTree::index(int row, int column, const QModelIndex& parent) const {
    if (!hasIndex(row, column, parent)) return {};
    const auto& siblings = parent.isValid() ? at(parent).children : roots_;
    return createIndex(row, column, static_cast<quintptr>(siblings[static_cast<std::size_t>(row)]));
}

QModelIndex ModelTree::parent(const QModelIndex& child) const {
    if (!child.isValid()) return {};
    const int parent = at(child).parent;
    return parent < 0 ? QModelIndex() : indexOf(parent);
}

int ModelTree::rowCount(const QModelIndex& parent) const {
    if (parent.column() > 0) return 0;
    return static_cast<int>(parent.isValid() ? at(parent).children.size() : roots_.size());
}

int ModelTree::columnCount(const QModelIndex&) const { return columnCount_; }

QString ModelTree::idOf(const Entry& entry) const {
    const auto& graph = *network_->graph;
    switch (entry.kind) {
        case Kind::block: return toQt(graph.blocks[entry.of].id);
        case Kind::operation: return toQt(graph.value(graph.nodes[entry.of].output).id);
        case Kind::site: return toQt(network_->sites[entry.of].id);
    }
    return {};
}

QString ModelTree::nameOf(const Entry& entry) const {
    const QString id = idOf(entry);
    return entry.kind == Kind::block ? id : shortName(toStd(id), network_->graph->blocks[entry.block].id);
}

const results::LayerErrors::Row* ModelTree::lowestOf(const Entry& block) const {
    const results::LayerErrors::Row* lowest = nullptr;
    for (const int operation : block.children)
        for (const int site : entries_[static_cast<std::size_t>(operation)].children) {
            const auto* row = facts_.of(network_->sites[entries_[static_cast<std::size_t>(site)].of].id).local;
            const ErrorGrade grade = gradeOf(row);
            if (grade != ErrorGrade::small && grade != ErrorGrade::medium && grade != ErrorGrade::large) continue;
            if (lowest == nullptr || row->sqnrDb < lowest->sqnrDb) lowest = row;
        }
    return lowest;
}

QVariant ModelTree::textOf(const Entry& entry, int column) const {
    const auto& graph = *network_->graph;
    if (column == nameColumn) return nameOf(entry);
    if (entry.kind == Kind::block) {
        if (column == roleColumn) return blockKindText(graph.blocks[entry.of].kind);
        if (column == shapeColumn) return shapeWords(graph.value(graph.blocks[entry.of].output).shape);
        const auto* lowest = column == sqnrColumn ? lowestOf(entry) : nullptr;
        return lowest == nullptr ? QVariant() : tr("≥ %1", "at least so many dB").arg(decibelText(lowest->sqnrDb));
    }
    if (entry.kind == Kind::operation) {
        if (column == roleColumn) return operationText(graph.nodes[entry.of].op);
        return column == shapeColumn ? shapeWords(graph.value(graph.nodes[entry.of].output).shape) : QVariant();
    }
    const graph::Site& site = network_->sites[entry.of];
    const SiteFacts facts = facts_.of(site.id);
    switch (column) {
        case roleColumn: return roleText(site.role);
        case shapeColumn: return shapeWords(site.shape);
        case bitsColumn: return facts.bits() ? QVariant(QString::number(*facts.bits())) : QVariant(bitsText(facts));
        case sqnrColumn: {
            const ErrorGrade grade = gradeOf(facts.local);
            return grade == ErrorGrade::unknown || grade == ErrorGrade::notQuantized ? QVariant() : decibelText(facts.local->sqnrDb);
        }
        default: return {};
    }
}

void ModelTree::setMarked(const QStringList& sites) {
    marked_ = QSet<QString>(sites.cbegin(), sites.cend());
    const auto tell = [&](const std::vector<int>& siblings) {
        if (!siblings.empty())
            Q_EMIT dataChanged(createIndex(0, nameColumn, static_cast<quintptr>(siblings.front())),
                               createIndex(static_cast<int>(siblings.size()) - 1, nameColumn, static_cast<quintptr>(siblings.back())), {markedRole});
    };
    tell(roots_);
    for (const Entry& entry : entries_) tell(entry.children);
}

bool ModelTree::isMarked(const Entry& entry) const {
    if (marked_.isEmpty()) return false;
    if (entry.kind == Kind::site) return marked_.contains(idOf(entry));
    return std::any_of(entry.children.begin(), entry.children.end(), [this](int child) { return isMarked(entries_[static_cast<std::size_t>(child)]); });
}

QStringList ModelTree::warningsOfEntry(const Entry& entry) const {
    if (entry.kind == Kind::site) {
        const std::string& id = network_->sites[entry.of].id;
        return warningsOf(facts_.of(id), facts_.lowest() == id);
    }
    QStringList all;
    if (entry.kind == Kind::operation) return all;
    for (const int operation : entry.children)
        for (const int site : entries_[static_cast<std::size_t>(operation)].children) {
            const Entry& below = entries_[static_cast<std::size_t>(site)];
            for (const QString& warning : warningsOfEntry(below)) all << tr("%1: %2").arg(nameOf(below), warning);
        }
    return all;
}

QString ModelTree::toolTipOf(const Entry& entry) const {
    QStringList lines{idOf(entry)};
    if (entry.kind == Kind::site) {
        const SiteFacts facts = facts_.of(network_->sites[entry.of].id);
        if (!facts.quantizer().empty()) lines << quantizerText(facts.quantizer());
        const ErrorGrade grade = gradeOf(facts.local);
        if (facts.local != nullptr && grade != ErrorGrade::notQuantized)
            lines << tr("SQNR of the quantizer alone: %1 (%2)").arg(sqnrText(facts.local->sqnrDb), gradeText(grade));
    }
    if (entry.kind == Kind::block)
        if (const auto* lowest = lowestOf(entry)) lines << tr("Lowest SQNR: %1 at %2").arg(sqnrText(lowest->sqnrDb), toQt(lowest->site));
    return (lines + warningsOfEntry(entry)).join(QLatin1Char('\n'));
}

QVariant ModelTree::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const Entry& entry = at(index);
    const auto site = [&] { return &network_->sites[entry.of]; };
    switch (role) {
        case Qt::DisplayRole: return textOf(entry, index.column());
        case Qt::ToolTipRole: return toolTipOf(entry);
        case Qt::AccessibleTextRole:
            return index.column() == sqnrColumn ? QVariant(textOf(entry, sqnrColumn).toString() + QLatin1Char(' ') + warningsOfEntry(entry).join(QLatin1Char(' ')))
                                                : textOf(entry, index.column());
        case Qt::TextAlignmentRole:
            return index.column() >= bitsColumn ? QVariant(int(Qt::AlignRight | Qt::AlignVCenter)) : QVariant(int(Qt::AlignLeft | Qt::AlignVCenter));
        case Qt::FontRole: {
            if (entry.kind != Kind::block || index.column() != nameColumn) return {};
            QFont font;
            font.setBold(true);
            return font;
        }
        case siteRole: return entry.kind == Kind::site ? toQt(site()->id) : QString();
        case blockRole: return toQt(network_->graph->blocks[entry.block].id);
        case idRole: return idOf(entry);
        case searchRole: return QString(idOf(entry) + QLatin1Char('\n') + textOf(entry, roleColumn).toString());
        case gradeRole: return static_cast<int>(entry.kind == Kind::site ? gradeOf(facts_.of(site()->id).local) : ErrorGrade::unknown);
        case warningsRole: return warningsOfEntry(entry);
        case markedRole: return isMarked(entry);
        default: return {};
    }
}

QVariant ModelTree::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole) return int((section >= bitsColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole) {
        switch (section) {
            case roleColumn: return tr("What produces the values of a site, the kind of an operation or of a block");
            case shapeColumn: return tr("Sizes of the value; B is the number of images");
            case bitsColumn: return tr("Bits in run A");
            case sqnrColumn: return tr("Signal to quantization noise ratio of each quantizer alone, in run A. Of a block: that of its worst site.");
            default: return tr("Blocks, operations and sites, without the name of what holds them");
        }
    }
    if (role != Qt::DisplayRole) return {};
    switch (section) {
        case nameColumn: return tr("Name");
        case roleColumn: return tr("Role");
        case shapeColumn: return tr("Shape");
        case bitsColumn: return tr("Bits");
        case sqnrColumn: return tr("SQNR (dB)");
        default: return {};
    }
}

ModelFilter::ModelFilter(QObject* parent) : QSortFilterProxyModel(parent) {
    setRecursiveFilteringEnabled(true);
    setAutoAcceptChildRows(true);
}

void ModelFilter::setText(const QString& text) {
    if (text == text_) return;
    text_ = text;
    // Name and role are lines of their own, so that ^ and $ mean their ends.
    constexpr auto kOptions = QRegularExpression::CaseInsensitiveOption | QRegularExpression::MultilineOption;
    expression_ = QRegularExpression(text, kOptions);
    plain_ = !expression_.isValid();
    if (plain_) expression_ = QRegularExpression(QRegularExpression::escape(text), kOptions);
    expression_.optimize();
    invalidateFilter();
}

bool ModelFilter::isMatch(const QModelIndex& index) const {
    return !text_.isEmpty() && expression_.match(index.data(ModelTree::searchRole).toString()).hasMatch();
}

QRegularExpressionMatch ModelFilter::find(const QString& text) const {
    return text_.isEmpty() ? QRegularExpressionMatch() : expression_.match(text);
}

bool ModelFilter::filterAcceptsRow(int row, const QModelIndex& parent) const {
    if (text_.isEmpty()) return true;
    return expression_.match(sourceModel()->index(row, 0, parent).data(ModelTree::searchRole).toString()).hasMatch();
}

}  // namespace vitrine::widgets
