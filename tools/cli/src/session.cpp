#include <fmt/format.h>
#include <unistd.h>

#include <runledger/cli/log.hpp>
#include <runledger/cli/sentence.hpp>
#include <runledger/cli/session.hpp>
#include <runledger/cli/signals.hpp>
#include <runledger/cli/text_width.hpp>

namespace runledger::cli {

Session::Session(const Arguments& arguments, const Terminal& terminal, Output& out, Output& err)
    : arguments_(arguments),
      terminal_(terminal),
      out_(out),
      err_(err),
      quiet_(arguments.has("quiet")),
      verbose_(arguments.has("verbose")),
      yes_(arguments.has("yes")) {
  if (arguments.has("json")) format_ = Format::json;
  if (arguments.has("csv")) format_ = Format::csv;
  if (terminal.err && !quiet_) {
    progress_.emplace(ProgressBar::Clock::now(), terminal.width, terminal.utf8);
  }
}

Session::~Session() { end_progress(); }

Result<app::Context> Session::context() {
  app::GlobalOptions options;
  options.ledger = arguments_.value("ledger");
  options.plugin_folders = arguments_.values("plugins");
  options.actor = arguments_.value("actor");
  RL_TRY(options.lock_timeout_s, arguments_.seconds("lock-timeout"));
  RL_TRY(app::Context context, app::make_context(options));
  context.interrupted = &interrupted_flag();
  context.on_notice = [this](const std::string& sentence) { say(as_said(sentence)); };
  if (progress_) {
    context.on_progress = [this](std::uint64_t done, std::uint64_t total, std::string_view what) {
      show_progress(done, total, what);
    };
  }
  debug("the ledger is " + context.ledger.string());
  for (const auto& folder : context.plugin_folders) debug("plugins in " + folder.string());
  for (const auto& folder : context.layout.plugin_folders) debug("plugins in " + folder.string());
  debug("the worker is " + context.layout.worker.string());
  return context;
}

void Session::print(std::string_view text) {
  end_progress();
  out_.write(text);
}

void Session::print_json(const Json& document) { print(document.text() + '\n'); }

void Session::print_table(const Table& table) { print(table.render(terminal_)); }

void Session::say(std::string_view sentence) {
  if (!quiet_) warn(sentence);
}

void Session::warn(std::string_view sentence) {
  end_progress();
  out_.flush();  // so that the streams are in order on a terminal
  err_.write(printable(sentence, true) + '\n');
  err_.flush();
}

void Session::debug(std::string_view sentence) {
  if (!verbose_) return;
  end_progress();
  log_debug(sentence);
}

Result<bool> Session::confirm(std::string_view question) {
  if (yes_) return true;
  if (::isatty(STDIN_FILENO) != 1 || !terminal_.err) {
    return fail(ErrorCode::invalid_input,
                fmt::format("nobody is there to answer `{}`; --yes answers it", question));
  }
  end_progress();
  out_.flush();
  err_.write(fmt::format("{} [y/N] ", question));
  err_.flush();
  char answer[64];
  const ssize_t size = ::read(STDIN_FILENO, answer, sizeof answer);
  if (interrupted_flag()) return fail(ErrorCode::interrupted, "interrupted; nothing was changed");
  return size > 0 && (answer[0] == 'y' || answer[0] == 'Y');
}

void Session::end_progress() {
  if (!progress_) return;
  err_.write(progress_->clear());
  err_.flush();
}

void Session::show_progress(std::uint64_t done, std::uint64_t total, std::string_view what) {
  if (const auto line = progress_->update(ProgressBar::Clock::now(), done, total, what)) {
    err_.write(*line);
    err_.flush();
  }
}

}  // namespace runledger::cli
