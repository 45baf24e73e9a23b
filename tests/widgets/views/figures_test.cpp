// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/figures.h"

#include <gtest/gtest.h>

#include <QBuffer>
#include <QFile>
#include <QSvgRenderer>

#include "base/files.h"
#include "jobs/job.h"
#include "methods/synthesizer_info.h"
#include "project/project.h"
#include "report/csv.h"
#include "report/svg.h"
#include "report/tables.h"
#include "runs/run.h"
#include "support/temporary_folder.h"
#include "widgets/base/text.h"
#include "widgets/session/sample_runs.h"
#include "widgets/views/compare_runs.h"
#include "widgets/views/errors_view.h"
#include "widgets/views/intervals_view.h"
#include "widgets/views/plot_runs.h"
#include "widgets/views/traces_view.h"

namespace vitrine::widgets {
namespace {

ErrorCode codeOf(const std::function<void()>& act) {
    try {
        act();
    } catch (const Exception& exception) {
        return exception.error().code;
    }
    ADD_FAILURE() << "nothing was thrown";
    return ErrorCode::internal;
}

ViewInput inputFor(const ViewInfo& info) {
    const bool isPlot = info.id == u"errors" || info.id == u"intervals" || info.id == u"traces";
    return isPlot ? test::plotPair(CompareMode::overlay) : test::makePair();
}

TEST(Figures, EveryViewInEveryFormat) {
    for (const ViewInfo& info : allViews()) {
        SCOPED_TRACE(info.id.toStdString());
        if (info.needsNetwork) continue;
        const std::unique_ptr<View> view(info.make(nullptr));
        view->setInput(inputFor(info));
        ASSERT_TRUE(view->emptyText().isEmpty()) << view->emptyText().toStdString();
        FigureOptions options;
        options.title = QStringLiteral("A & B");
        for (const FigureFormat format : {FigureFormat::svg, FigureFormat::pdf, FigureFormat::png}) {
            const QByteArray file = figure(*view, format, options);
            EXPECT_GT(file.size(), 800);
            EXPECT_EQ(figure(*view, format, options), file) << "the same drawing is the same file";
        }
        const std::string svg = figure(*view, FigureFormat::svg, options).toStdString();
        EXPECT_NE(svg.find("width=\"160mm\" height=\"90mm\""), std::string::npos);
        EXPECT_NO_THROW(report::embeddableSvg(svg, "figure-1."));
        EXPECT_TRUE(QSvgRenderer(QByteArray::fromStdString(svg)).isValid());
        EXPECT_TRUE(figure(*view, FigureFormat::pdf, options).contains("/MediaBox [0 0 453.5433 255.1181"));
        const QImage picture = QImage::fromData(figure(*view, FigureFormat::png, options));
        EXPECT_EQ(picture.size(), QSize(1209, 680));
        EXPECT_NEAR(picture.dotsPerMeterX(), 2 * 96 / 0.0254, 1);
        EXPECT_GT(test::coloursOf(picture), 3);
    }
}

TEST(Figures, NothingIsCutOffAtTheEdges) {
    for (const CompareMode mode : {CompareMode::a, CompareMode::overlay, CompareMode::difference})
        for (const QSizeF& size : {QSizeF(160, 90), QSizeF(80, 60), QSizeF(240, 70)})
            for (const char* id : {"errors", "intervals", "traces"}) {
                const std::unique_ptr<View> view(viewInfo(QString::fromLatin1(id))->make(nullptr));
                view->setInput(test::plotPair(mode));
                FigureOptions options;
                options.sizeMm = size;
                options.scale = 1;
                const QImage image = QImage::fromData(figure(*view, FigureFormat::png, options)).convertToFormat(QImage::Format_RGB32);
                for (int x = 0; x < image.width(); ++x)
                    for (const int y : {0, image.height() - 2, image.height() - 1}) ASSERT_EQ(image.pixelColor(x, y), Theme::day().surface) << id << x << ' ' << y;
                for (int y = 0; y < image.height(); ++y)
                    for (const int x : {0, image.width() - 2, image.width() - 1}) ASSERT_EQ(image.pixelColor(x, y), Theme::day().surface) << id << x << ' ' << y;
            }
}

TEST(Figures, KeepTheZoomAndClipIt) {
    TracesView view;
    view.setInput(test::plotInput());
    const QByteArray whole = figure(view, FigureFormat::svg, {});
    view.zoomIn();
    const QByteArray part = figure(view, FigureFormat::svg, {});
    EXPECT_NE(part, whole);
    EXPECT_TRUE(part.contains("clip-path"));
    EXPECT_TRUE(part.contains("<text"));
    EXPECT_FALSE(part.contains("<image"));
}

TEST(Figures, RefuseSizesThatMakeNoSense) {
    ErrorsView view;
    view.setInput(test::plotInput());
    const auto draw = [&](QSizeF size, double scale, FigureFormat format) {
        FigureOptions options;
        options.sizeMm = size;
        options.scale = scale;
        return codeOf([&] { figure(view, format, options); });
    };
    EXPECT_EQ(draw({0, 90}, 1, FigureFormat::svg), ErrorCode::invalidArgument);
    EXPECT_EQ(draw({160, -1}, 1, FigureFormat::pdf), ErrorCode::invalidArgument);
    EXPECT_EQ(draw({2001, 90}, 1, FigureFormat::png), ErrorCode::invalidArgument);
    EXPECT_EQ(draw({160, 90}, 0, FigureFormat::png), ErrorCode::invalidArgument);
    EXPECT_EQ(draw({2000, 2000}, 4, FigureFormat::png), ErrorCode::tooLarge);
    EXPECT_EQ(figureFormatOf(QStringLiteral("a.SVG")), FigureFormat::svg);
    EXPECT_FALSE(figureFormatOf(QStringLiteral("a.csv")));
}

/// A project with two runs made by hand.
class Rendering : public ::testing::Test {
  protected:
    void SetUp() override {
        project::Project project = project::Project::create(folder_ / "study", "Study");
        for (const double sqnr : {20.0, 30.0}) {
            const RunDataPtr run = test::makePlotRun({.sqnr = sqnr});
            project::RunRecord record;
            record.method = "repq";
            project::RunWriter writer = project.begin(record);
            for (const auto& artefact : run->artefacts) writer.put(*artefact);
            ids_.push_back(toQt(writer.record().id));
            writer.complete(record, project::RunState::finished);
        }
    }
    RenderRequest request(const QString& view, const QString& file) const {
        RenderRequest wanted;
        wanted.project = pathText(folder_ / "study");
        wanted.run = ids_[0];
        wanted.view = view;
        wanted.out = pathText(folder_ / toStd(file));
        return wanted;
    }
    QByteArray read(const QString& file) const {
        QFile input(pathText(folder_ / toStd(file)));
        return input.open(QIODevice::ReadOnly) ? input.readAll() : QByteArray();
    }

    test::TemporaryFolder folder_;
    QStringList ids_;
};

TEST_F(Rendering, WritesFiguresAndData) {
    render(request(QStringLiteral("errors"), QStringLiteral("errors.svg")));
    EXPECT_TRUE(read(QStringLiteral("errors.svg")).contains("</svg>"));
    render(request(QStringLiteral("errors"), QStringLiteral("errors.csv")));
    EXPECT_TRUE(read(QStringLiteral("errors.csv")).startsWith("site,role,block,quantizer,sqnr_db"));
    RenderRequest pair = request(QStringLiteral("errors"), QStringLiteral("pair.pdf"));
    pair.against = ids_[1];
    pair.options = {QStringLiteral("metric=mse"), QStringLiteral("order = error")};
    render(pair);
    EXPECT_TRUE(read(QStringLiteral("pair.pdf")).startsWith("%PDF"));
}

TEST_F(Rendering, FiguresAreAsLargeAsIsGoodForTheViewUnlessToldOtherwise) {
    RenderRequest wanted = request(QStringLiteral("compare_summary"), QStringLiteral("table.png"));
    wanted.against = ids_[1];
    wanted.figure.scale = 1;
    wanted.figure.sizeMm = RenderRequest().figure.sizeMm;
    render(wanted);
    const QImage own = QImage::fromData(read(QStringLiteral("table.png")));
    wanted.figure.sizeMm = {160, 90};
    render(wanted);
    const QImage given = QImage::fromData(read(QStringLiteral("table.png")));
    EXPECT_EQ(given.size(), QSize(605, 340));
    EXPECT_NE(own.size(), given.size());
}

TEST_F(Rendering, SaysWhatIsWrong) {
    const auto broken = [&](const std::function<void(RenderRequest&)>& change) {
        RenderRequest wanted = request(QStringLiteral("errors"), QStringLiteral("out.svg"));
        change(wanted);
        return codeOf([&] { render(wanted); });
    };
    EXPECT_EQ(broken([](RenderRequest& r) { r.view = QStringLiteral("erors"); }), ErrorCode::notFound);
    EXPECT_EQ(broken([](RenderRequest& r) { r.run = QStringLiteral("r9"); }), ErrorCode::notFound);
    EXPECT_EQ(broken([](RenderRequest& r) { r.options = {QStringLiteral("metrc=mse")}; }), ErrorCode::invalidArgument);
    EXPECT_EQ(broken([](RenderRequest& r) { r.options = {QStringLiteral("mse")}; }), ErrorCode::invalidArgument);
    EXPECT_EQ(broken([](RenderRequest& r) { r.out += QStringLiteral(".gif"); }), ErrorCode::invalidArgument);
    EXPECT_EQ(broken([](RenderRequest& r) { r.view = QStringLiteral("compare_sites"); }), ErrorCode::invalidArgument);
    EXPECT_EQ(broken([](RenderRequest& r) { r.view = QStringLiteral("accuracy"); }), ErrorCode::notFound);
    EXPECT_TRUE(read(QStringLiteral("out.svg")).isEmpty());
}

TEST_F(Rendering, SeveralAtOnceFromAList) {
    const std::string folder = folder_.path().string(), run = toStd(ids_[0]);
    const auto entry = [&](const std::string& view, const std::string& rest) {
        return R"({"project":")" + folder + R"(/study","run":")" + run + R"(","view":")" + view + R"(",)" + rest + "}";
    };
    writeFileAtomically(folder_ / "list.json", "[" + entry("errors", R"("options":{"reference":"both"},"width_mm":80,"height_mm":60,"out":")" + folder + R"(/one.svg")") + "," +
                                                   entry("nothing", R"("out":")" + folder + R"(/two.svg")") + "," +
                                                   entry("traces", R"("options":{"log":true},"out":")" + folder + R"(/three.png")") + "]");
    const auto requests = readRenderList(pathText(folder_ / "list.json"));
    ASSERT_EQ(requests.size(), 3U);
    const auto errors = renderAll(requests);
    ASSERT_EQ(errors.size(), 1U);
    EXPECT_EQ(errors[0].first, 1U);
    EXPECT_TRUE(read(QStringLiteral("one.svg")).contains("width=\"80mm\""));
    EXPECT_FALSE(read(QStringLiteral("three.png")).isEmpty());
    for (const std::string bad : {"{}", "[1]", "[{\"project\":\"p\"}]", "[{\"other\":1}]", "[", "[{\"project\":1}]"}) {
        writeFileAtomically(folder_ / "bad.json", bad);
        EXPECT_EQ(codeOf([&] { readRenderList(pathText(folder_ / "bad.json")); }), ErrorCode::badFormat) << bad;
    }
    EXPECT_EQ(codeOf([&] { readRenderList(pathText(folder_ / "none.json")); }), ErrorCode::notFound);
}

/// The maps of patches come from the network, which the drawing asks without a window.
TEST(RenderedImages, ShowWhatTheNetworkMakesOfThem) {
    const test::SampleRuns sample(8);
    std::string run;
    jobs::Job job("run", [&](jobs::JobContext& context) {
        runs::RunSpec spec = sample.spec("baseline");
        spec.calibration = {};
        spec.synthetic = runs::SyntheticCalibration{"noise", ParameterSet(methods::synthesizerInfo("noise").parameters)};
        spec.synthetic->parameters.setText("synthesis.count", "4");
        run = runs::execute(spec, context).id;
    });
    job.start();
    job.wait();
    ASSERT_EQ(job.state(), jobs::JobState::finished);
    const auto draw = [&](const QStringList& options) {
        RenderRequest wanted;
        wanted.project = sample.projectText();
        wanted.run = toQt(run);
        wanted.view = QStringLiteral("images");
        wanted.options = QStringList{QStringLiteral("show=one")} + options;
        wanted.out = pathText(sample.project() / "image.png");
        render(wanted);
        return QImage(wanted.out);
    };
    const QImage pixels = draw({QStringLiteral("map=pixels")}), features = draw({QStringLiteral("map=features")}), attention = draw({QStringLiteral("map=attention")});
    EXPECT_NE(pixels, features);
    EXPECT_NE(features, attention);
    EXPECT_EQ(draw({QStringLiteral("map=attention"), QStringLiteral("block=last")}), attention);
    EXPECT_NE(draw({QStringLiteral("map=attention"), QStringLiteral("block=blocks.0")}), attention);
    EXPECT_NE(draw({QStringLiteral("map=attention"), QStringLiteral("network=quantized")}), attention);
    EXPECT_NE(draw({QStringLiteral("map=attention"), QStringLiteral("image=2")}), attention);
    EXPECT_NE(draw({QStringLiteral("map=attention"), QStringLiteral("row=1"), QStringLiteral("column=1")}), attention);
    EXPECT_THROW(draw({QStringLiteral("image=-1")}), Exception);
}

}  // namespace
}  // namespace vitrine::widgets
