// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "methods/method.h"

namespace vitrine::test {

/// A method with two stages that really quantizes and calls `onStep` before each of its steps, which may pause, stop, cancel or
/// throw there. It saves a checkpoint after each step of its first stage.
class StepMethod : public methods::Method {
  public:
    static constexpr int kSteps = 4;      ///< of the first stage; the second one has one more
    static constexpr int kAllSteps = kSteps + 1;

    explicit StepMethod(std::function<void(int step, jobs::Control& control)> onStep = {});

    const methods::MethodInfo& info() const override;
    methods::MethodState run(std::size_t stage, methods::MethodState state, methods::MethodContext& context) const override;

  private:
    methods::MethodState collect(methods::MethodState state, methods::MethodContext& context) const;
    methods::MethodState solve(methods::MethodState state, methods::MethodContext& context) const;
    void step(int number, jobs::Control& control) const;

    std::function<void(int, jobs::Control&)> onStep_;
};

}  // namespace vitrine::test
