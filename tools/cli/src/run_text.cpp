#include <algorithm>

#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/base/time.hpp>
#include <runledger/cli/numbers.hpp>
#include <runledger/cli/run_view.hpp>
#include <runledger/cli/text_width.hpp>
#include <runledger/cli/time_axis.hpp>

#include "metric_text.hpp"

namespace runledger::cli {
namespace {

using Pairs = std::vector<std::pair<std::string, Cell>>;

std::string value_text(const app::Value& value) {
  struct Text {
    std::string operator()(std::int64_t v) const { return fmt::to_string(v); }
    std::string operator()(double v) const { return format_double(v); }
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(const std::string& v) const { return v; }
  };
  return std::visit(Text{}, value);
}

std::string period_text(const app::RunDetail& run) {
  if (!run.start_date || !run.end_date) return "no bars";
  const bool intraday = is_intraday(run.interval);
  std::string text = fmt::format("{} to {}", label_text(*run.start_date, intraday),
                                 label_text(*run.end_date, intraday));
  if (run.bars > 0) text += fmt::format(", {}", counted(run.bars, "bar"));
  return text;
}

std::string settings_text(const app::RunDetail& run) {
  std::string text = fmt::format("cash {}, ", money(run.cash));
  text += run.size ? fmt::format("size {}, ", *run.size) : "sized by the strategy, ";
  text += fmt::format("commission {}, ", run.commission);
  if (run.slippage != "0") text += fmt::format("slippage {}, ", run.slippage);
  text += fmt::format("account {}", run.account);
  if (run.positions == "one") text += ", one position at a time";
  if (run.leverage != 1) text += fmt::format(", leverage {}", format_double(run.leverage));
  for (const auto& [name, value] : {std::pair{"spread", run.spread},
                                    {"maintenance margin", run.maintenance_margin},
                                    {"borrow rate", run.borrow_rate},
                                    {"cash rate", run.cash_rate},
                                    {"margin rate", run.margin_rate},
                                    {"lot", run.lot},
                                    {"tick", run.tick}}) {
    if (value != 0) text += fmt::format(", {} {}", name, format_double(value));
  }
  if (run.seed != 0) text += fmt::format(", seed {}", run.seed);
  return text;
}

// Label and value twice in a row, for what fits side by side.
std::string two_columns(const Pairs& cells, const Terminal& terminal) {
  std::size_t label[2] = {0, 0};
  std::size_t value[2] = {0, 0};
  for (std::size_t i = 0; i < cells.size(); ++i) {
    label[i % 2] = std::max(label[i % 2], display_width(cells[i].first));
    value[i % 2] = std::max(value[i % 2], display_width(cells[i].second.text));
  }
  const auto blanks = [](std::size_t wanted, const std::string& text) {
    return std::string(wanted - display_width(text), ' ');
  };
  std::string text;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto& [name, cell] = cells[i];
    const std::size_t side = i % 2;
    text += side == 0 ? "  " : "     ";
    text += paint(name, Tone::faint, terminal) + blanks(label[side], name) + "  ";
    text += blanks(value[side], cell.text) + paint(cell.text, cell.tone, terminal);
    if (side == 1 || i + 1 == cells.size()) text += '\n';
  }
  return text;
}

// A trade that is open counts as one, and in no win rate.
std::string open_text(const app::RunDetail& run) {
  const app::MetricDetail* open = find_metric(run.metrics, "open_trades");
  return open == nullptr || open->value == 0 ? std::string()
                                             : fmt::format(" ({} open)", quantity(open->value));
}

std::string key_figures(const app::RunDetail& run, const Terminal& terminal) {
  Pairs cells;
  for (const std::string_view name : {"return_pct", "buy_hold_return_pct", "pnl", "equity_final",
                                      "sharpe_ratio", "max_drawdown", "total_trades", "win_rate"}) {
    if (const app::MetricDetail* metric = find_metric(run.metrics, name)) {
      Cell cell = metric_cell(*metric);
      if (name == "sharpe_ratio") cell.text = column_ratio(metric->value);
      if (name == "total_trades") cell.text += open_text(run);
      cells.emplace_back(metric_label(*metric), std::move(cell));
    }
  }
  return two_columns(cells, terminal);
}

std::string headline(const app::RunDetail& run, const Terminal& terminal) {
  std::string text = paint(fmt::format("run {}", run.id.value), Tone::strong, terminal);
  const std::string made_from =
      run.resampled_from ? fmt::format(" (made from {})", printable(*run.resampled_from)) : "";
  text += fmt::format("  {} on {} {}{}, {}\n", printable(run.strategy), printable(run.ticker),
                      run.interval, made_from, period_text(run));
  if (!run.parameters.empty()) text += "  " + printable(parameters_text(run.parameters)) + '\n';
  return text + "  " + settings_text(run) + '\n';
}

std::string failure_text(const app::RunDetail& run, const Terminal& terminal) {
  const app::FailureDetail& failure = *run.failure;
  std::string text =
      "  " + paint("failed: ", Tone::bad, terminal) + printable(failure.message) + '\n';
  for (std::size_t i = 0; i < failure.frames.size(); ++i) {
    text += fmt::format("    #{} {}\n", i, printable(failure.frames[i]));
  }
  if (failure.log.empty()) return text;
  text += failure.log_dropped > 0 ? fmt::format("  the last of its log ({} more before it):\n",
                                                byte_size(failure.log_dropped))
                                  : "  its log:\n";
  for (const std::string_view line : split(trim(failure.log), '\n')) {
    text += "    " + printable(line) + '\n';
  }
  return text;
}

std::string financing_text(const app::RunDetail& run) {
  std::string text;
  if (run.borrow_fees != 0) text += fmt::format("  borrow fees {}", money(run.borrow_fees));
  if (run.interest != 0)
    text += fmt::format("{}interest {}", text.empty() ? "  " : ", ", money(run.interest));
  return text.empty() ? text : text + ", in cash and in no trade\n";
}

std::string look_ahead_text(const app::RunDetail& run, const Terminal& terminal) {
  if (!run.look_ahead) return {};
  const app::LookAheadDetail& check = *run.look_ahead;
  const bool failed = check.verdict == "failed";
  const bool passed = check.verdict == "passed";
  const std::string_view says = failed   ? "it looks ahead"
                                : passed ? "it does not look ahead"
                                         : "whether it looks ahead is not known";
  const Tone tone = failed ? Tone::bad : passed ? Tone::plain : Tone::notice;
  std::string text =
      "  " + paint(fmt::format("{}: {}", says, printable(check.detail)), tone, terminal) + '\n';
  const std::string warm_up = app::warm_up_text(check);
  return warm_up.empty() ? text : text + "  " + warm_up + '\n';
}

// What a reader of the figures must know besides them.
std::string remarks(const app::RunDetail& run, const Terminal& terminal) {
  std::string text = financing_text(run);
  if (run.margin_calls > 0) {
    text += "  " +
            paint(fmt::format("{}: the position was closed at the next open",
                              counted(run.margin_calls, "margin call")),
                  Tone::bad, terminal) +
            '\n';
  }
  if (run.ambiguities > 0) {
    text += "  " +
            paint(fmt::format("{} by the worse of two readings of a bar; shorter bars would tell",
                              counted(run.ambiguities, "fill was decided", "fills were decided")),
                  Tone::notice, terminal) +
            '\n';
  }
  if (run.bankrupt) {
    text += "  " +
            paint("bankrupt: equity was not positive at a close; everything was closed there",
                  Tone::bad, terminal) +
            '\n';
  }
  if (!run.refusal_summary.empty()) {
    text += "  " + paint(printable(run.refusal_summary), Tone::notice, terminal) + '\n';
  }
  text += look_ahead_text(run, terminal);
  if (run.retracted) {
    text += "  " +
            paint(fmt::format("retracted on {} by {}: {}", format_date(run.retracted->at),
                              printable(run.retracted->actor), printable(run.retracted->reason)),
                  Tone::notice, terminal) +
            '\n';
  }
  return text;
}

void add_pair(Pairs& pairs, std::string name, std::string text) {
  if (!text.empty()) pairs.emplace_back(std::move(name), Cell{std::move(text), Tone::plain});
}

std::string digest_text(const std::optional<Digest>& digest) {
  return digest ? digest->hex() : std::string();
}

std::string lineage_text(const app::RunDetail& run) {
  if (!run.parent) return {};
  std::vector<std::string> changes;
  for (const app::OverrideDetail& change : run.overrides) {
    changes.push_back(app::override_text(change));
  }
  return fmt::format(
      "replay of {}{}", run.parent->value,
      changes.empty() ? std::string(", nothing changed") : ": " + join(changes, ", "));
}

std::string replays_text(const app::RunDetail& run) {
  std::vector<std::string> ids;
  for (const Seq replay : run.replays) ids.push_back(fmt::to_string(replay.value));
  return join(ids, ", ");
}

std::string tags_text(const app::RunDetail& run) {
  std::vector<std::string> tags;
  for (const app::NamedText& tag : run.tags) tags.push_back(tag.name + "=" + tag.text);
  return join(tags, " ");
}

Pairs provenance(const app::RunDetail& run) {
  Pairs pairs;
  add_pair(pairs, "recorded", format_created_at(run.created_at) + " by " + run.actor);
  add_pair(pairs, "kind", run.kind);
  add_pair(pairs, "lineage", lineage_text(run));
  add_pair(pairs, "replays", replays_text(run));
  add_pair(pairs, "sweep", run.sweep);
  add_pair(pairs, "tags", tags_text(run));
  add_pair(pairs, "note", run.note);
  add_pair(pairs, "strategy",
           fmt::format("{} {} ({})", run.strategy_title, run.strategy_version, run.strategy_id));
  add_pair(pairs, "plugin", digest_text(run.plugin_digest));
  if (!run.source_commit.empty()) {
    add_pair(pairs, "source", source_text(run.source_remote, run.source_commit, run.source_dirty));
  }
  add_pair(pairs, "built with", run.built_with);
  add_pair(pairs, "dataset", digest_text(run.dataset_digest));
  add_pair(pairs, "runtime", digest_text(run.runtime_digest));
  add_pair(pairs, "result", digest_text(run.result_digest));
  add_pair(pairs, "decisions", digest_text(run.decision_digest));
  add_pair(pairs, "engine", run.engine);
  add_pair(pairs, "machine", fmt::format("{}, {}, {}", run.kernel, run.cpu_class, run.libc));
  add_pair(pairs, "took", elapsed(std::chrono::nanoseconds(run.wall_ns)));
  return pairs;
}

}  // namespace

std::string source_text(const std::string& remote, const std::string& commit, bool dirty) {
  return fmt::format("{}{}{}{}", remote, remote.empty() ? "" : " ", commit,
                     dirty ? ", with changes that were not committed" : "");
}

std::string parameters_text(const std::vector<app::NamedValue>& parameters) {
  std::vector<std::string> texts;
  for (const app::NamedValue& parameter : parameters) {
    texts.push_back(parameter.name + "=" + value_text(parameter.value));
  }
  return join(texts, " ");
}

std::string run_summary(const app::RunDetail& run, const Terminal& terminal,
                        const BesideRun& beside) {
  std::string text = headline(run, terminal);
  if (run.failure) return text + failure_text(run, terminal) + remarks(run, terminal);
  text += '\n';
  text += beside.asked ? metrics_text(run, beside, terminal) : key_figures(run, terminal);
  return text + remarks(run, terminal);
}

std::string run_report(const app::RunDetail& run, const Terminal& terminal,
                       const BesideRun& beside) {
  std::string text = headline(run, terminal);
  if (run.failure) text += failure_text(run, terminal);
  text += remarks(run, terminal);
  if (!run.metrics.empty()) text += '\n' + metrics_text(run, beside, terminal);
  return text + '\n' + render_pairs(provenance(run), terminal);
}

}  // namespace runledger::cli
