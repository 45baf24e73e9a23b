// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/layout_commands.h"

#include <QInputDialog>
#include <QLineEdit>

namespace vitrine::widgets {
namespace {

constexpr int kNumbered = 9;  ///< layouts that have a key
constexpr int kFieldEms = 18;

}  // namespace

LayoutCommands::LayoutCommands(WindowContext context, Layouts& layouts, const QList<QDockWidget*>& docks)
    : QObject(&context.window), context_(context), layouts_(layouts), docks_(docks) {
    addActions();
}

void LayoutCommands::addActions() {
    ActionRegistry& registry = context_.registry;
    for (int number = 1; number <= kNumbered; ++number) {
        registry.add({QStringLiteral("window.layout.%1").arg(number),
                      tr("Layout %1").arg(number),
                      QStringLiteral("layout"),
                      {QKeySequence(static_cast<int>(Qt::CTRL) | (Qt::Key_0 + number))},
                      tr("Arrange the panels like this."),
                      true},
                     [this, number](bool) {
                         layouts_.activate(layouts_.names().value(number - 1));
                         refresh();
                     });
    }
    registry.add(
        {QStringLiteral("window.layout.save"),
         tr("&Save layout as..."),
         QStringLiteral("save"),
         {},
         tr("Keep the present arrangement under a name.")},
        [this](bool) { askName(tr("Save layout as"), {}, [this](const QString& name) { layouts_.saveAs(name); }); });
    registry.add({QStringLiteral("window.layout.rename"),
                  tr("Re&name layout..."),
                  {},
                  {},
                  tr("Give the present layout another name.")},
                 [this](bool) {
                     askName(tr("Rename layout"), layouts_.current(),
                             [this](const QString& name) { layouts_.rename(layouts_.current(), name); });
                 });
    registry.add({QStringLiteral("window.layout.delete"),
                  tr("&Delete layout"),
                  QStringLiteral("delete"),
                  {},
                  tr("Forget the present layout.")},
                 [this](bool) { layouts_.remove(layouts_.current()); });
    registry.add({QStringLiteral("window.layout.reset"),
                  tr("&Reset layout"),
                  QStringLiteral("reset"),
                  {},
                  tr("Arrange the present layout as it was shipped or saved.")},
                 [this](bool) { layouts_.reset(); });
    for (QDockWidget* dock : docks_) {
        const QString name = dock->objectName();
        registry.add(
            {QStringLiteral("window.panel.") + name, dock->windowTitle(), {}, {}, tr("Bring this panel to the front.")},
            [this, name](bool) { showPanel(name); });
    }
    connect(&layouts_, &Layouts::changed, this, &LayoutCommands::refresh);
    connect(&layouts_, &Layouts::activated, this, &LayoutCommands::refresh);
}

void LayoutCommands::refresh() {
    ActionRegistry& registry = context_.registry;
    const bool open = context_.session.study.isOpen();
    const QString noProject = tr("No project is open."), shipped = tr("This layout is shipped.");
    const QStringList names = layouts_.names();
    for (int number = 1; number <= kNumbered; ++number) {
        QAction* action = registry.action(QStringLiteral("window.layout.%1").arg(number));
        const bool there = number <= names.size();
        if (there) action->setText(Layouts::title(names[number - 1]));
        action->setVisible(there);
        action->setChecked(there && names[number - 1] == layouts_.current());
        registry.setEnabled(ActionRegistry::idOf(action), open && there,
                            open ? tr("There is no such layout.") : noProject);
    }
    const bool own = !Layouts::isShipped(layouts_.current());
    registry.setEnabled(QStringLiteral("window.layout.save"), open, noProject);
    registry.setEnabled(QStringLiteral("window.layout.reset"), open, noProject);
    for (const char* id : {"window.layout.rename", "window.layout.delete"})
        registry.setEnabled(QLatin1String(id), open && own, open ? shipped : noProject);
    for (const QDockWidget* dock : docks_)
        registry.setEnabled(QStringLiteral("window.panel.") + dock->objectName(), open, noProject);
}

void LayoutCommands::showPanel(const QString& name) {
    if (!context_.session.study.isOpen()) return;
    for (QDockWidget* dock : docks_) {
        if (dock->objectName() != name) continue;
        dock->show();
        dock->raise();
        if (QWidget* content = dock->widget()) content->setFocus(Qt::OtherFocusReason);
    }
}

void LayoutCommands::fillMenu(QMenu& menu) {
    menu.clear();
    ActionRegistry& registry = context_.registry;
    for (int number = 1; number <= std::min<int>(kNumbered, static_cast<int>(layouts_.names().size())); ++number)
        menu.addAction(registry.action(QStringLiteral("window.layout.%1").arg(number)));
    menu.addSeparator();
    for (const char* id : {"save", "rename", "delete", "reset"})
        menu.addAction(registry.action(QStringLiteral("window.layout.") + QLatin1String(id)));
}

void LayoutCommands::askName(const QString& title, const QString& name,
                             const std::function<void(const QString&)>& given) {
    auto* dialog = new QInputDialog(&context_.window);
    dialog->setObjectName(QStringLiteral("layout.name"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(title);
    dialog->setLabelText(tr("Name of the layout"));
    dialog->setOkButtonText(tr("Save"));
    dialog->setTextValue(name);
    // The dialog is as wide as its parts want to be.
    if (auto* field = dialog->findChild<QLineEdit*>()) field->setMinimumWidth(kFieldEms * dialog->fontMetrics().height());
    connect(dialog, &QInputDialog::textValueSelected, this, [this, given](const QString& text) {
        const QString wanted = text.trimmed();
        if (wanted.isEmpty()) return;
        if (Layouts::isShipped(wanted.toLower()) || layouts_.userNames().contains(wanted))
            context_.messages.show({Message::Level::warning,
                                    {},
                                    tr("There is a layout of this name already."),
                                    tr("Choose another name."),
                                    {}});
        else
            given(wanted);
    });
    dialog->open();
}

}  // namespace vitrine::widgets
