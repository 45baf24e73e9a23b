// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractItemModel>
#include <QRegularExpression>
#include <QSortFilterProxyModel>
#include <QSet>
#include <QString>
#include <unordered_map>
#include <vector>

#include "widgets/session/run_data.h"
#include "widgets/views/site_facts.h"

namespace vitrine::widgets {

/// A network as a tree: blocks, their operations, the sites that those read. A site that several operations read stands under
/// the first of them; operations that only move values are left out. UI thread.
class ModelTree : public QAbstractItemModel {
    Q_OBJECT
  public:
    enum Column { nameColumn, roleColumn, shapeColumn, bitsColumn, sqnrColumn, columnCount_ };
    enum Role {
        siteRole = Qt::UserRole,  ///< QString, empty for blocks and operations
        blockRole,                ///< QString
        idRole,                   ///< QString: what "copy id" copies
        searchRole,               ///< QString: what the filter looks at, the id and the role in a line each
        gradeRole,                ///< int: ErrorGrade, of sites
        warningsRole,             ///< QStringList: why it deserves a look; of a block: those of its sites
        markedRole,               ///< bool: SelectionHub marks it, or a site below it
    };

    using QAbstractItemModel::QAbstractItemModel;

    void setNetwork(NetworkPtr network);     ///< null: none
    void setFacts(const RunFacts& facts);    ///< of run A; keeps rows and expansion
    void setMarked(const QStringList& sites);  ///< those that stand out for a while
    const NetworkPtr& network() const { return network_; }
    QModelIndex indexOfSite(const QString& site) const;
    QModelIndex indexOfBlock(const QString& block) const;
    std::size_t siteCount() const { return network_ ? network_->sites.size() : 0; }

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  private:
    enum class Kind { block, operation, site };
    struct Entry {
        Kind kind = Kind::block;
        std::size_t of = 0;      ///< index of the block, node or site in the network
        std::size_t block = 0;   ///< index
        int parent = -1;         ///< index in entries_, or -1
        int row = 0;
        std::vector<int> children;
    };
    int addEntry(Entry entry);
    void addBlock(std::size_t block, const std::unordered_map<graph::NodeId, std::vector<std::size_t>>& sitesOf);
    const Entry& at(const QModelIndex& index) const { return entries_[static_cast<std::size_t>(index.internalId())]; }
    QModelIndex indexOf(int entry) const;
    QString nameOf(const Entry& entry) const;
    QString idOf(const Entry& entry) const;
    QVariant textOf(const Entry& entry, int column) const;
    QString toolTipOf(const Entry& entry) const;
    bool isMarked(const Entry& entry) const;
    QStringList warningsOfEntry(const Entry& entry) const;
    const results::LayerErrors::Row* lowestOf(const Entry& block) const;

    NetworkPtr network_;
    RunFacts facts_;
    QSet<QString> marked_;
    std::vector<Entry> entries_;
    std::vector<int> roots_;
    std::unordered_map<std::string, int> sites_, blocks_;  ///< entries by id
};

/// Shows what matches, with its parents and children. A text that is no regular expression is looked for as it is.
class ModelFilter : public QSortFilterProxyModel {
    Q_OBJECT
  public:
    explicit ModelFilter(QObject* parent = nullptr);

    void setText(const QString& text);
    const QString& text() const { return text_; }
    bool isPlain() const { return plain_; }  ///< the text is no regular expression
    /// Whether a row matches by itself, not for the sake of its parents or children.
    bool isMatch(const QModelIndex& index) const;
    /// Where the filter's text stands in `text`; invalid without a match or without a filter.
    QRegularExpressionMatch find(const QString& text) const;

  protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

  private:
    QString text_;
    QRegularExpression expression_;
    bool plain_ = false;
};

}  // namespace vitrine::widgets
