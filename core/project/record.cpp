// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/record.h"

namespace vitrine::project {

std::string_view runStateName(RunState state) {
    switch (state) {
        case RunState::running: return "running";
        case RunState::interrupted: return "interrupted";
        case RunState::finished: return "finished";
        case RunState::kept: return "kept";
        case RunState::failed: return "failed";
        case RunState::damaged: return "damaged";
    }
    return "damaged";
}

std::optional<RunState> runStateFromName(std::string_view name) {
    for (int index = 0; index <= static_cast<int>(RunState::damaged); ++index)
        if (runStateName(static_cast<RunState>(index)) == name) return static_cast<RunState>(index);
    return std::nullopt;
}

bool isComplete(RunState state) {
    return state == RunState::finished || state == RunState::kept || state == RunState::failed;
}

RunSummary summaryOf(const RunRecord& record) {
    return {record.id, record.state, record.method, record.methodTitle, record.started, record.seconds, record.figures};
}

}  // namespace vitrine::project
