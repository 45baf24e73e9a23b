// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMainWindow>

#include "widgets/base/actions.h"
#include "widgets/session/session.h"
#include "widgets/window/message_bar.h"

namespace vitrine::widgets {

/// What the features of the window work with. All of it outlives them.
struct WindowContext {
    QMainWindow& window;
    Session& session;
    ActionRegistry& registry;
    MessageBar& messages;
};

}  // namespace vitrine::widgets
