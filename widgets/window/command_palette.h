// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QIcon>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPointer>
#include <functional>
#include <vector>

namespace vitrine::widgets {

/// Something that the palette offers.
struct PaletteItem {
    QString title;        ///< "Dark theme"
    QString group;        ///< "View", "Run", "Site", "Project"
    QString detail = {};  ///< one sentence
    QString shortcut = {};
    QString whyDisabled = {};  ///< not empty: it is shown with this reason and cannot be chosen
    bool checked = false;
    QIcon icon = {};
    std::function<void()> run = {};
};

/// The command palette: a field and a list over the window, for everything that can be done or looked at. What is typed
/// is matched fuzzily; without a text the items come in the order of the source. Up, Down, Enter and Esc work from the
/// field. UI thread.
class CommandPalette : public QFrame {
    Q_OBJECT
  public:
    using Source = std::function<std::vector<PaletteItem>()>;

    /// `source` is asked each time the palette opens.
    CommandPalette(QWidget* window, Source source);
    ~CommandPalette() override;

    void open();
    void close();
    QLineEdit& field() { return *field_; }
    QListView& list() { return *list_; }

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    class Model;
    class Delegate;
    void place();
    void filter(const QString& text);
    void choose(const QModelIndex& index);
    void move(int by);
    bool handleKey(int key);

    Source source_;
    QLineEdit* field_;
    QListView* list_;
    QLabel* nothing_;
    Model* model_;
    QPointer<QWidget> focusBefore_;
};

}  // namespace vitrine::widgets
