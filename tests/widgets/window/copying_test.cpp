// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFileDialog>
#include <QPushButton>
#include <QTest>

#include "widgets/window/window_fixture.h"

namespace vitrine::widgets {
namespace {

using test::waitFor;

class CopyingTest : public test::WindowTest {
  protected:
    /// A project with a run, a network, images and an edit that is not saved.
    void openStudy() {
        open();
        ASSERT_TRUE(openProject());
        const jobs::JobId id = startRun("baseline");
        ASSERT_TRUE(waitFor([&] { return isOver(id); }, 300));
        window->session().study.edit(QStringLiteral("note"), [](project::Edits& edits) { edits.notes = "unsaved"; });
        ASSERT_TRUE(waitFor([&] { return window->registry().action(QStringLiteral("file.pack"))->isEnabled(); }));
    }
    /// Asks for a copy by the action and answers its dialog.
    bool copyBy(const char* action, const std::filesystem::path& place) {
        trigger(action);
        if (!waitFor([&] { return dialog(QStringLiteral("copy.folder")) != nullptr; })) return false;
        auto* files = static_cast<QFileDialog*>(dialog(QStringLiteral("copy.folder")));
        Q_EMIT files->fileSelected(pathText(place));
        files->close();
        return true;
    }
    bool told(const char* text) {
        return waitFor([&] { return window->messages().text().contains(QLatin1String(text)); }, 120);
    }
};

TEST_F(CopyingTest, ACopyIsSavedAndOpened) {
    openStudy();
    ASSERT_TRUE(copyBy("file.save_copy", folder / "copy"));
    ASSERT_TRUE(told("The copy is saved"));
    EXPECT_EQ(window->session().study.folder(), runs.projectText()) << "the open project stays open";
    EXPECT_TRUE(window->session().study.isModified());
    EXPECT_EQ(project::Project::open(folder / "copy").edits().notes, "unsaved");
    for (QPushButton* button : window->messages().findChildren<QPushButton*>())
        if (button->text() == QStringLiteral("Open it")) button->click();
    ASSERT_TRUE(answer("save"));
    ASSERT_TRUE(waitFor([&] { return window->session().study.folder() == pathText(folder / "copy"); }));
    EXPECT_EQ(window->session().study.runs().size(), 1u);
}

TEST_F(CopyingTest, APackedProjectIsWhole) {
    openStudy();
    ASSERT_TRUE(copyBy("file.pack", folder / "packed"));
    ASSERT_TRUE(told("The project is packed"));
    std::filesystem::rename(folder / "packed", folder / "elsewhere");
    window.reset();  // it still writes into the first one
    std::filesystem::remove_all(runs.project());
    std::filesystem::remove(runs.spec().evaluation.path);
    const project::Project packed = project::Project::open(folder / "elsewhere");
    const std::vector<Error> wrong = project::validate(packed);
    EXPECT_TRUE(wrong.empty()) << wrong.front().text();
    EXPECT_EQ(packed.edits().notes, "unsaved");
}

TEST_F(CopyingTest, AFolderThatIsThereIsRefused) {
    openStudy();
    std::filesystem::create_directory(folder / "there");
    ASSERT_TRUE(copyBy("file.save_copy", folder / "there"));
    ASSERT_TRUE(waitFor([&] { return window->messages().count() > 0; }));
    EXPECT_TRUE(window->messages().text().contains(QStringLiteral("choose a new folder"), Qt::CaseInsensitive)) << toStd(window->messages().text());
    EXPECT_TRUE(std::filesystem::is_empty(folder / "there"));
}

TEST_F(CopyingTest, NeedsAProject) {
    open();
    for (const char* id : {"file.save_copy", "file.pack"}) EXPECT_FALSE(window->registry().action(QLatin1String(id))->isEnabled()) << id;
}

}  // namespace
}  // namespace vitrine::widgets
