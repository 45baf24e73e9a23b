// SPDX-License-Identifier: GPL-3.0-or-later
// Writes runs into a project without end, until it is killed. After each finished run it prints its id.
#include <cstdio>
#include <exception>
#include <string>

#include "base/files.h"
#include "project/layout.h"
#include "project/project.h"

namespace {

using namespace vitrine;

void takeUpOldRuns(project::Project& project) {
    for (const project::RunSummary& run : project.runs()) {
        if (run.state != project::RunState::interrupted) continue;
        project::RunWriter writer = project.resume(run.id);
        writer.complete(writer.record(), project::RunState::finished);
    }
}

void writeRun(project::Project& project, int round) {
    project::RunWriter writer = project.begin({.method = "repq"});
    project::makeFolder(writer.stateFolder());
    for (int step = 0; step < 3; ++step) {
        writer.put({"table." + std::to_string(step), "Table", results::Table{}});
        writeFileAtomically(writer.stateFolder() / "state", std::to_string(step));
        writer.update(writer.record());
    }
    if (round % 5 == 4) return writer.discard();
    writer.complete(writer.record(), round % 7 == 6 ? project::RunState::failed : project::RunState::finished);
    std::printf("%s\n", writer.record().id.c_str());
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    try {
        project::Project project = project::Project::openOrCreate(argv[1]);
        takeUpOldRuns(project);
        for (int round = 0;; ++round) writeRun(project, round);
    } catch (const std::exception& exception) {
        std::fprintf(stderr, "%s\n", exception.what());
        return 1;
    }
}
