// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDockWidget>
#include <QListWidget>
#include <QTabBar>
#include <QTest>
#include <QTextBlock>
#include <QTextBrowser>

#include "project/synthetic_export.h"
#include "widgets/forms/new_run_panel.h"
#include "widgets/panels/inspector_panel.h"
#include "widgets/panels/jobs_panel.h"
#include "widgets/panels/model_panel.h"
#include "widgets/panels/view_panel.h"
#include "widgets/views/images_view.h"
#include "widgets/window/dock_titles.h"
#include "widgets/window/image_commands.h"
#include "widgets/window/manual_window.h"
#include "widgets/window/tour_panel.h"
#include "widgets/window/window_fixture.h"

namespace vitrine::widgets {
namespace {

using test::waitFor;

/// What one part of the window asks of another.
class LinksTest : public test::WindowTest {
  protected:
    void SetUp() override {
        open();
        ASSERT_TRUE(openProject());
    }
    /// A stored run that made four images of 2 x 2 pixels.
    void storeImages() {
        project::Project project = project::Project::open(runs.project());
        project::RunRecord record;
        record.method = "noise";
        record.methodTitle = "Noise";
        record.device = "cpu";
        project::RunWriter writer = project.begin(record);
        results::SyntheticImages images{.method = "noise", .width = 2, .height = 2, .columns = 2, .rows = 2};
        images.images.assign(4, {.label = 1, .prediction = 1, .confidence = 0.5});
        images.sheets = {{.step = 0, .tileWidth = 2, .tileHeight = 2, .rgb = std::vector<std::uint8_t>(3 * 16, 128)}};
        writer.put({"images", "Images", std::move(images)});
        id_ = toQt(writer.record().id);
        writer.complete(record, project::RunState::finished);
        window->session().study.reload();
        ASSERT_TRUE(waitFor([&] { return window->session().study.run(id_) != nullptr; }));
    }
    QDockWidget* dock(const char* name) { return window->findChild<QDockWidget*>(QLatin1String(name)); }

    QString id_;
};

TEST_F(LinksTest, MadeImagesBecomeASetOfTheProject) {
    storeImages();
    auto* view = qobject_cast<ImagesView*>(&window->views().panel(QStringLiteral("images"))->view());
    ASSERT_NE(view, nullptr);
    Q_EMIT view->calibrationSetAsked(id_, 0);
    ASSERT_TRUE(waitFor([&] { return window->session().study.edits().imageSets.size() == 1; }));
    const project::ImageSetEntry& set = window->session().study.edits().imageSets[0];
    EXPECT_EQ(set.role, project::ImageRole::calibration);
    EXPECT_EQ(set.images, 4);
    EXPECT_EQ(set.path.relative.rfind("images/", 0), 0u) << "in the project, so that it moves along: " << set.path.relative;
    EXPECT_TRUE(std::filesystem::exists(runs.project() / set.path.relative));
    window->session().study.undoStack().undo();
    EXPECT_TRUE(window->session().study.edits().imageSets.empty());
    Q_EMIT view->calibrationSetAsked(id_, 0);  // the files of the first time stay
    EXPECT_TRUE(waitFor([&] { return window->session().study.edits().imageSets.size() == 1; }));
}

TEST_F(LinksTest, MadeImagesAreSaved) {
    storeImages();
    auto* view = qobject_cast<ImagesView*>(&window->views().panel(QStringLiteral("images"))->view());
    Q_EMIT view->saveImagesAsked(id_, 0);
    ASSERT_TRUE(waitFor([&] { return dialog(QStringLiteral("images.folder")) != nullptr; }));
    dialog(QStringLiteral("images.folder"))->close();
    auto* commands = window->findChild<ImageCommands*>();
    ASSERT_NE(commands, nullptr);
    commands->saveTo(id_, 0, pathText(folder / "made"));
    ASSERT_TRUE(waitFor([&] { return window->messages().text().contains(QStringLiteral("4 images are saved")); }));
    EXPECT_TRUE(std::filesystem::exists(folder / "made" / "images.csv"));
    commands->saveTo(id_, 0, pathText(folder / "made"));  // has something in it by now
    EXPECT_TRUE(waitFor([&] { return window->messages().count() > 1; }));
}

TEST_F(LinksTest, SitesOfARuleAreMarkedEverywhere) {
    const jobs::JobId job = startRun("baseline");
    ASSERT_TRUE(waitFor([&] { return isOver(job); }, 300));
    const QString site = QStringLiteral("blocks.0.attn.softmax");
    auto* form = window->findChild<NewRunPanel*>();
    Q_EMIT form->sitesShown({site});
    EXPECT_EQ(window->session().selection.selection().marked, QStringList{site});
    ModelTree& tree = window->findChild<ModelPanel*>()->model();
    ASSERT_TRUE(waitFor([&] { return tree.indexOfSite(site).isValid(); }));
    EXPECT_TRUE(tree.indexOfSite(site).data(ModelTree::markedRole).toBool());
    EXPECT_TRUE(tree.indexOfBlock(QStringLiteral("blocks.0")).data(ModelTree::markedRole).toBool()) << "seen where it is closed too";
    EXPECT_FALSE(tree.indexOfBlock(QStringLiteral("blocks.1")).data(ModelTree::markedRole).toBool());

    View& errors = window->views().panel(QStringLiteral("errors"))->view();
    window->views().showView(QStringLiteral("errors"));
    ASSERT_TRUE(waitFor([&] { return errors.emptyText().isEmpty(); }));
    QTest::qWait(250);
    const QImage marked = errors.grab().toImage();
    Q_EMIT form->sitesShown({});
    EXPECT_TRUE(waitFor([&] { return errors.grab().toImage() != marked; }));
    EXPECT_FALSE(tree.indexOfSite(site).data(ModelTree::markedRole).toBool());
}

TEST_F(LinksTest, MenusOfSitesLeadToViewsAndPanels) {
    trigger("window.layout.1");
    Q_EMIT window->findChild<ModelPanel*>()->viewAsked(QStringLiteral("graph"));
    EXPECT_EQ(window->views().currentId(), QStringLiteral("graph"));
    dock("inspector")->close();
    Q_EMIT window->findChild<ModelPanel*>()->panelAsked(QStringLiteral("inspector"));
    EXPECT_TRUE(dock("inspector")->isVisible());
    Q_EMIT window->findChild<InspectorPanel*>()->viewAsked(QStringLiteral("histogram"));
    EXPECT_EQ(window->views().currentId(), QStringLiteral("histogram"));
    dock("model")->close();
    Q_EMIT window->findChild<InspectorPanel*>()->panelAsked(QStringLiteral("model"));
    EXPECT_TRUE(dock("model")->isVisible());
    Q_EMIT window->views().panel(QStringLiteral("histogram"))->viewAsked(QStringLiteral("errors"));
    EXPECT_EQ(window->views().currentId(), QStringLiteral("errors"));
}

TEST_F(LinksTest, ADockAmongTabsHasNoTitleOfItsOwn) {
    trigger("window.layout.1");
    auto* titles = window->findChild<DockTitles*>();
    ASSERT_NE(titles, nullptr);
    ASSERT_TRUE(waitFor([&] { return !titles->isShown(dock("runs")); }));
    EXPECT_LT(dock("runs")->titleBarWidget()->height(), 2);
    EXPECT_TRUE(titles->isShown(dock("model"))) << "it stands alone";
    dock("runs")->setFloating(true);
    EXPECT_TRUE(waitFor([&] { return titles->isShown(dock("runs")); }));
    EXPECT_FALSE(titles->isShown(dock("jobs")));
    for (const char* name : {"jobs", "images", "notes"}) dock(name)->close();
    EXPECT_TRUE(waitFor([&] { return titles->isShown(dock("log")); })) << "the last one of its tabs";
}

TEST_F(LinksTest, DocksGetTheWidthsOfTheirLayout) {
    window->resize(1480, 900);
    trigger("window.layout.1");
    trigger("window.layout.reset");
    ASSERT_TRUE(waitFor([&] { return dock("model")->width() > 280 && dock("inspector")->width() > 350; }))
        << dock("model")->width() << " " << dock("inspector")->width();
    EXPECT_GT(window->views().width(), 600);
}

TEST_F(LinksTest, TheTourTicksOffWhatTheUserDid) {
    auto* tour = window->findChild<TourPanel*>();
    const int before = tour->done();
    const jobs::JobId first = startRun("baseline");
    ASSERT_TRUE(waitFor([&] { return isOver(first); }, 300));
    EXPECT_EQ(tour->done(), before) << "a run that came by itself is no step";
    Q_EMIT window->findChild<NewRunPanel*>()->runAsked(runs.spec("baseline"), QStringLiteral("Own"), JobCenter::When::now);
    EXPECT_EQ(tour->done(), before + 1);
    ASSERT_TRUE(waitFor([&] { return window->session().jobs.unfinished() == 0; }, 300));
    EXPECT_EQ(tour->done(), before + 2);
}

TEST_F(LinksTest, AJobLeadsToItsLog) {
    const jobs::JobId id = startRun("baseline");
    ASSERT_TRUE(waitFor([&] { return isOver(id); }, 300));
    dock("log")->close();
    Q_EMIT window->findChild<JobsPanel*>()->logAsked(QStringLiteral("Test run"), window->session().jobs.item(id)->run);
    EXPECT_TRUE(dock("log")->isVisible());
}

TEST_F(LinksTest, ManualHasEveryPageAndNoDeadLink) {
    trigger("help.manual");
    ASSERT_TRUE(waitFor([&] { return dialog(QStringLiteral("manual")) != nullptr; }));
    auto* manual = static_cast<ManualWindow*>(dialog(QStringLiteral("manual")));
    auto* text = manual->findChild<QTextBrowser*>();
    EXPECT_EQ(manual->findChild<QListWidget*>()->count(), ManualWindow::pages().size());
    for (const QString& page : ManualWindow::pages()) {
        manual->showPage(page);
        EXPECT_EQ(manual->page(), page);
        EXPECT_GT(text->toPlainText().size(), 300) << toStd(page);
        QStringList links;
        for (QTextBlock block = text->document()->begin(); block.isValid(); block = block.next())
            for (auto part = block.begin(); !part.atEnd(); ++part)
                if (part.fragment().charFormat().isAnchor()) links += part.fragment().charFormat().anchorHref();
        EXPECT_FALSE(links.isEmpty()) << toStd(page);
        for (const QString& link : links) {
            Q_EMIT text->anchorClicked(QUrl(link));
            EXPECT_EQ(manual->page() + QStringLiteral(".md"), link);
            manual->showPage(page);
        }
    }
    closeDialogs();
}

}  // namespace
}  // namespace vitrine::widgets
