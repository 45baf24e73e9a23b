// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QStringList>
#include <optional>

namespace vitrine::widgets {

/// How views show two runs.
enum class CompareMode { a, b, overlay, difference };  ///< difference: B - A
QString compareModeText(CompareMode mode);

/// What the user looks at. Empty strings and absent numbers: nothing chosen.
struct Selection {
    QString runA, runB;  ///< run ids
    CompareMode mode = CompareMode::a;
    QString site;        ///< value id
    QString block;       ///< block id; that of the site when a site is chosen
    std::optional<int> channel;   ///< of the site
    std::optional<qint64> image;  ///< data row in the evaluation set
    QStringList marked;           ///< sites that stand out for a while, such as those that a rule decides; value ids

    bool operator==(const Selection&) const = default;
};

/// The one place that knows what is selected: whoever selects tells it, whoever shows listens to it. UI thread.
class SelectionHub : public QObject {
    Q_OBJECT
  public:
    using QObject::QObject;

    const Selection& selection() const { return selection_; }

    void setRunA(const QString& run);
    void setRunB(const QString& run);  ///< a first B turns mode `a` into `overlay`; none turns every mode into `a`
    void swapRuns();
    void setMode(CompareMode mode);    ///< modes other than `a` need a B, else nothing happens
    void selectSite(const QString& site, const QString& block);  ///< also clears the channel
    void selectBlock(const QString& block);                      ///< also clears the site
    void selectChannel(std::optional<int> channel);
    void selectImage(std::optional<qint64> image);
    void markSites(const QStringList& sites);  ///< beside what is selected; empty: none
    void clearSite();  ///< Esc
    void clear();      ///< a project was closed

    bool canGoBack() const;     ///< sites and blocks chosen before, like pages of a browser
    bool canGoForward() const;
    void goBack();
    void goForward();

  Q_SIGNALS:
    void runsChanged();   ///< A, B or the mode
    void siteChanged();   ///< site, block or channel
    void imageChanged();
    void marksChanged();
    void historyChanged();

  private:
    struct Place {
        QString site, block;
        bool operator==(const Place&) const = default;
    };
    void goTo(const Place& place);
    void remember();

    Selection selection_;
    QList<Place> history_;
    qsizetype at_ = -1;  ///< index in history_ of the present place
};

}  // namespace vitrine::widgets
