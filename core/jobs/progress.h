// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace vitrine::jobs {

/// A moment of a job's progress.
struct ProgressReport {
    double fraction = 0;               ///< of the whole job, in [0,1], never falling
    std::string stage;                 ///< "calibrate / blocks.3"
    std::string detail;                ///< "12 of 32 sites"
    double elapsedSeconds = 0;         ///< pauses not counted
    std::optional<double> etaSeconds;  ///< remaining; absent until it can be estimated
};

/// Nested progress of one job. A child covers a share of its parent; the root turns the nested fractions into reports, at
/// most 20 a second (the last one always arrives). Use it on the working thread only; cheap enough for inner loops.
class Progress {
  public:
    using Listener = std::function<void(const ProgressReport&)>;
    using Clock = std::function<double()>;  ///< seconds since any fixed moment, never falling

    /// The root. `listener` is called on the working thread. Without a `clock` it takes the monotonic one.
    explicit Progress(Listener listener = {}, Clock clock = {});
    Progress(Progress&&) noexcept = default;
    Progress& operator=(Progress&&) noexcept = default;

    /// A child that covers `share` (0..1) of this one, starting where the last child ended.
    Progress child(double share, const std::string& title);

    /// Sets the fraction done of this one (0..1), and what it is about now.
    void update(double fraction, const std::string& detail = {});

    /// Marks this one as done.
    void finish();

    /// Delivers the last report if it was held back. The root's finish() does so too.
    void flush();

    /// Halts the clock of the whole job, or lets it go on.
    void setPaused(bool paused);

  private:
    struct Root;
    Progress(std::shared_ptr<Root> root, double start, double share, std::string path);

    std::shared_ptr<Root> root_;
    double start_ = 0;  ///< in fractions of the whole job
    double share_ = 1;
    double childrenEnd_ = 0;  ///< fraction of this one that its children cover so far
    std::string path_;
};

}  // namespace vitrine::jobs
