// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "results/artefacts.h"
#include "widgets/views/plot_view.h"

namespace vitrine::widgets {

/// What an evolutionary search over quantizers tried: the loss of its candidates, the scales of its target before and after, the
/// widths of all its sites. Grows while the run goes on.
class SearchView : public PlotView {
    Q_OBJECT
  public:
    explicit SearchView(QWidget* parent = nullptr);

    /// "show": what is drawn; "target": whose candidates and scales, "selected" follows the selected site or block.
    ParameterSchema options() const override;
    report::Table table() const override;
    QString summary() const override;
    QString emptyText() const override;

  protected:
    void prepare() override;
    void draw(QCustomPlot& plot, const Theme& theme) override;
    std::vector<Readable> readables() const override;
    QString readoutText(const Readable& readable) const override;
    QString zoomKey() const override;

  private:
    using History = results::SearchHistory;
    enum class Show { fitness, scales, bits };
    /// One run, or nothing.
    struct Side {
        const History* history = nullptr;
        bool isB = false;
        std::vector<std::size_t> candidates;  ///< shown ones with a finite loss, by evaluation
        std::vector<double> starts;           ///< best loss when the visit of each of them began, where losses are relative; else empty

        double unit = 1;                      ///< what losses are divided by where those of two runs differ in kind

        double shown(std::size_t i, double loss) const { return starts.empty() ? loss / unit : 100 * (loss / starts[i] - 1); }
    };
    /// A channel of a site in the drawing of scales.
    struct Channel {
        const History::Site* site = nullptr;
        std::size_t index = 0;
        double before = 0, after = 0;
        bool isB = false;
        double x = 0;
    };
    /// A site in the map of widths; from A, from B or from both.
    struct Place {
        std::string site;
        const History::Site* a = nullptr;
        const History::Site* b = nullptr;
    };

    Show shown() const;
    bool isPair() const;
    bool isDifference() const;
    bool isLog() const;
    bool isRatio() const;
    bool isRelative() const;
    bool isScaled() const;  ///< each run by its own first loss
    QString lossText(double shown, int digits) const;  ///< of Side::shown()
    const Side* side(bool isB) const;
    std::string selectedTarget() const;  ///< of the selected site or block; empty: none
    std::string wantedTarget() const;    ///< id of the one target that is drawn; empty: all
    QString letter(const Side& side) const;
    void takeCandidates();
    void takeUnits();
    void takeChannels();
    void takePlaces();
    std::vector<std::pair<double, double>> differences() const;  ///< evaluation, best of B - best of A
    QString candidateText(const History& history, const History::Candidate& candidate) const;
    QString budgetTexts(const History& history) const;
    report::Table scaleTable() const;
    report::Table bitTable() const;

    void drawFitness(QCustomPlot& plot, const Theme& theme);
    void drawVisits(QCustomPlot& plot, const Theme& theme, const Side& side) const;
    void drawPopulation(QCustomPlot& plot, const Theme& theme, const Side& side) const;
    void drawCandidates(QCustomPlot& plot, const Theme& theme, const Side& side) const;
    void drawDifference(QCustomPlot& plot, const Theme& theme) const;
    void drawScales(QCustomPlot& plot, const Theme& theme);
    void drawBits(QCustomPlot& plot, const Theme& theme);
    void drawBudgets(QCustomPlot& plot, const Theme& theme, const Side& side) const;

    std::vector<std::string> targets_;  ///< of all shown runs
    std::vector<Side> sides_;           ///< those with a history that the mode shows
    std::vector<Channel> channels_;
    std::vector<Place> places_;
    std::string scaleTarget_;           ///< whose scales are drawn
};

}  // namespace vitrine::widgets
