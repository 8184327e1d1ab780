#include <runledger/base/text.hpp>
#include <runledger/base/time.hpp>
#include <runledger/cli/run_view.hpp>
#include <runledger/cli/time_axis.hpp>

namespace runledger::cli {
namespace {

Json value_json(const app::Value& value) {
  return std::visit([](const auto& v) { return Json(v); }, value);
}

Json digest_json(const std::optional<Digest>& digest) {
  return digest ? Json(digest->hex()) : Json();
}

Json seq_json(const std::optional<Seq>& seq) { return seq ? Json(seq->value) : Json(); }

Json date_json(const std::optional<TimeNs>& time, const std::string& interval) {
  return time ? Json(label_text(*time, is_intraday(interval))) : Json();
}

Json failure_json(const app::FailureDetail& failure, const std::string& interval) {
  Json frames = Json::array();
  for (const std::string& frame : failure.frames) frames.add(frame);
  return Json::object({{"reason", failure.reason},
                       {"message", failure.message},
                       {"signal", failure.signal},
                       {"exit_status", failure.exit_status},
                       {"call", failure.call},
                       {"bar", failure.bar},
                       {"bar_time", date_json(failure.bar_time, interval)},
                       {"frames", std::move(frames)},
                       {"log", failure.log},
                       {"log_dropped", failure.log_dropped}});
}

Json retracted_json(const std::optional<app::RetractionDetail>& retracted) {
  if (!retracted) return {};
  return Json::object({{"event", retracted->event.value},
                       {"at", format_created_at(retracted->at)},
                       {"actor", retracted->actor},
                       {"reason", retracted->reason}});
}

Json numbers_json(const std::vector<std::uint64_t>& numbers) {
  Json array = Json::array();
  for (const std::uint64_t number : numbers) array.add(number);
  return array;
}

Json text_json(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json look_ahead_json(const app::RunDetail& run) {
  if (!run.look_ahead) return {};
  const app::LookAheadDetail& check = *run.look_ahead;
  return Json::object({{"check", "does not look ahead"},
                       {"verdict", check.verdict},
                       {"detail", check.detail},
                       {"event", check.event.value},
                       {"at", format_created_at(check.at)},
                       {"repeatable", check.repeatable},
                       {"seed", check.seed},
                       {"cuts", numbers_json(check.cuts)},
                       {"runs", check.runs},
                       {"orders", check.orders},
                       {"orders_before", check.orders_before},
                       {"future", text_json(check.future)},
                       {"cut", check.cut},
                       {"bar", check.bar},
                       {"bar_time", date_json(check.bar_time, run.interval)},
                       {"real", text_json(check.real)},
                       {"otherwise", text_json(check.otherwise)},
                       {"starts", numbers_json(check.starts)},
                       {"warm_up_bars", check.warm_up_bars}});
}

Json tags_json(const app::RunDetail& run) {
  Json tags = Json::object();
  for (const app::NamedText& tag : run.tags) tags.set(tag.name, tag.text);
  return tags;
}

void add_settings(Json& json, const app::RunDetail& run) {
  Json parameters = Json::object();
  for (const app::NamedValue& parameter : run.parameters) {
    parameters.set(parameter.name, value_json(parameter.value));
  }
  json.set("strategy", run.strategy)
      .set("strategy_version", run.strategy_version)
      .set("strategy_title", run.strategy_title)
      .set("parameters", std::move(parameters))
      .set("start_date", date_json(run.start_date, run.interval))
      .set("end_date", date_json(run.end_date, run.interval))
      .set("interval", run.interval)
      .set("resampled_from", run.resampled_from)
      .set("cash", run.cash)
      .set("size", run.size)
      .set("commission", run.commission)
      .set("slippage", run.slippage)
      .set("spread", run.spread)
      .set("account", run.account)
      .set("positions", run.positions)
      .set("leverage", run.leverage)
      .set("maintenance_margin", run.maintenance_margin)
      .set("borrow_rate", run.borrow_rate)
      .set("cash_rate", run.cash_rate)
      .set("margin_rate", run.margin_rate)
      .set("lot", run.lot)
      .set("tick", run.tick)
      .set("seed", run.seed);
}

void add_results(Json& json, const app::RunDetail& run) {
  const bool completed = run.status == "completed";
  const auto figure = [&](double value) { return completed ? Json(value) : Json(); };
  const auto number = [&](std::uint64_t value) { return completed ? Json(value) : Json(); };
  json.set("pnl", figure(run.pnl))
      .set("return_pct", figure(run.return_pct))
      .set("sharpe_ratio", figure(run.sharpe_ratio))
      .set("max_drawdown", figure(run.max_drawdown))
      .set("total_trades", number(run.total_trades))
      .set("winning_trades", number(run.winning_trades))
      .set("losing_trades", number(run.losing_trades))
      .set("bars", number(run.bars))
      .set("order_count", number(run.orders))
      .set("fill_count", number(run.fills))
      .set("refusal_count", number(run.refusals))
      .set("log_line_count", number(run.log_lines))
      .set("refusal_summary", run.refusal_summary.empty() ? Json() : Json(run.refusal_summary))
      .set("bankrupt", completed ? Json(run.bankrupt) : Json())
      .set("ambiguities", number(run.ambiguities))
      .set("margin_calls", number(run.margin_calls))
      .set("borrow_fees", figure(run.borrow_fees))
      .set("interest", figure(run.interest))
      .set("failure", run.failure ? failure_json(*run.failure, run.interval) : Json());
}

void add_provenance(Json& json, const app::RunDetail& run) {
  Json replays = Json::array();
  for (const Seq replay : run.replays) replays.add(replay.value);
  json.set("created_at", format_created_at(run.created_at))
      .set("actor", run.actor)
      .set("request_id", run.request_id)
      .set("parent", seq_json(run.parent))
      .set("overrides", overrides_json(run.overrides))
      .set("replays", std::move(replays))
      .set("retracted", retracted_json(run.retracted))
      .set("look_ahead", look_ahead_json(run))
      .set("sweep", run.sweep.empty() ? Json() : Json(run.sweep))
      .set("tags", tags_json(run))
      .set("note", run.note.empty() ? Json() : Json(run.note))
      .set("digests", Json::object({{"result", digest_json(run.result_digest)},
                                    {"decision", digest_json(run.decision_digest)},
                                    {"plugin", digest_json(run.plugin_digest)},
                                    {"dataset", digest_json(run.dataset_digest)},
                                    {"runtime", digest_json(run.runtime_digest)}}))
      .set("engine", run.engine)
      .set("environment", Json::object({{"kernel", run.kernel},
                                        {"cpu_class", run.cpu_class},
                                        {"libc", run.libc},
                                        {"compiler", run.compiler}}))
      .set("source", Json::object({{"commit", run.source_commit},
                                   {"dirty", run.source_dirty},
                                   {"remote", run.source_remote},
                                   {"flags", run.source_flags},
                                   {"built_with", run.built_with}}))
      .set("timeout_ms", run.timeout_ms)
      .set("memory_limit", run.memory_limit)
      .set("wall_ns", run.wall_ns);
}

}  // namespace

bool is_intraday(std::string_view interval) {
  return interval.ends_with('m') || interval.ends_with('h');
}

Json run_json(const app::RunDetail& run, const BesideRun& beside) {
  Json json = Json::object(
      {{"id", run.id.value}, {"kind", run.kind}, {"status", run.status}, {"ticker", run.ticker}});
  add_settings(json, run);
  add_results(json, run);
  add_provenance(json, run);
  json.set("rules_version", run.status == "completed" ? Json(run.rules_version) : Json());
  add_metrics(json, run, beside);
  return json;
}

Json overrides_json(const std::vector<app::OverrideDetail>& overrides) {
  Json changes = Json::array();
  for (const app::OverrideDetail& change : overrides) {
    changes.add(Json::object({{"name", change.name}, {"from", change.from}, {"to", change.to}}));
  }
  return changes;
}

}  // namespace runledger::cli
