#include <algorithm>
#include <initializer_list>
#include <memory>

#include <runledger/worker/run_settings.hpp>

namespace runledger::worker {

namespace {

// What is zero is absent, so that a run that does not use it is stored as before it existed.
flatbuffers::Optional<double> unless_zero(double value) {
  return value == 0 ? flatbuffers::nullopt : flatbuffers::Optional<double>(value);
}

schema::CostsT stored_costs(const Costs& costs) {
  schema::CostsT stored;
  stored.commission_rate = costs.commission_rate;
  stored.commission_fixed = costs.commission_fixed;
  stored.commission_per_unit = costs.commission_per_unit;
  stored.commission_min = unless_zero(costs.commission_min);
  if (costs.commission_maker_rate) stored.commission_maker_rate = *costs.commission_maker_rate;
  stored.spread = unless_zero(costs.spread);
  stored.slippage_rate = unless_zero(costs.slippage_rate);
  stored.slippage_ticks = unless_zero(costs.slippage_ticks);
  stored.slippage_volume = unless_zero(costs.slippage_volume);
  return stored;
}

Costs engine_costs(const schema::CostsT& stored) {
  Costs costs{.commission_rate = stored.commission_rate.value_or(0),
              .commission_fixed = stored.commission_fixed.value_or(0),
              .commission_per_unit = stored.commission_per_unit.value_or(0),
              .commission_min = stored.commission_min.value_or(0),
              .commission_maker_rate = std::nullopt,
              .spread = stored.spread.value_or(0),
              .slippage_rate = stored.slippage_rate.value_or(0),
              .slippage_ticks = stored.slippage_ticks.value_or(0),
              .slippage_volume = stored.slippage_volume.value_or(0)};
  if (stored.commission_maker_rate) costs.commission_maker_rate = *stored.commission_maker_rate;
  return costs;
}

bool any_given(std::initializer_list<flatbuffers::Optional<double>> fields) {
  return std::ranges::any_of(fields, [](const auto& field) { return field.has_value(); });
}

}  // namespace

schema::RunSettingsT stored_settings(const Settings& settings) {
  schema::RunSettingsT stored;
  stored.cash = settings.cash;
  stored.sizing = std::make_unique<schema::SizingT>();
  stored.sizing->kind = static_cast<schema::SizingKind>(settings.sizing.kind);
  stored.sizing->amount = settings.sizing.amount;
  stored.costs = std::make_unique<schema::CostsT>(stored_costs(settings.costs));
  stored.account = static_cast<schema::AccountKind>(settings.account);
  stored.leverage = settings.leverage;
  stored.lot_size = unless_zero(settings.lot_size);
  stored.seed = settings.seed;
  stored.one_position = settings.one_position;
  stored.tick_size = unless_zero(settings.tick_size);
  stored.maintenance_margin = unless_zero(settings.maintenance_margin);
  stored.borrow_rate = unless_zero(settings.borrow_rate);
  stored.cash_rate = unless_zero(settings.cash_rate);
  stored.margin_rate = unless_zero(settings.margin_rate);
  return stored;
}

Settings engine_settings(const schema::RunSettingsT& stored) {
  Settings settings;
  settings.cash = stored.cash.value_or(settings.cash);
  if (stored.sizing) {
    settings.sizing = {.kind = static_cast<SizingKind>(stored.sizing->kind),
                       .amount = stored.sizing->amount.value_or(settings.sizing.amount)};
  }
  if (stored.costs) settings.costs = engine_costs(*stored.costs);
  settings.account = static_cast<AccountKind>(stored.account);
  settings.leverage = stored.leverage.value_or(1);
  settings.lot_size = stored.lot_size.value_or(0);
  settings.seed = stored.seed;
  settings.one_position = stored.one_position;
  settings.tick_size = stored.tick_size.value_or(0);
  settings.maintenance_margin = stored.maintenance_margin.value_or(0);
  settings.borrow_rate = stored.borrow_rate.value_or(0);
  settings.cash_rate = stored.cash_rate.value_or(0);
  settings.margin_rate = stored.margin_rate.value_or(0);
  return settings;
}

std::uint16_t serves_needed(const schema::RunSettingsT& settings) {
  const bool of_version_2 =
      settings.one_position ||
      any_given({settings.tick_size, settings.maintenance_margin, settings.borrow_rate,
                 settings.cash_rate, settings.margin_rate}) ||
      (settings.costs &&
       any_given({settings.costs->commission_min, settings.costs->commission_maker_rate,
                  settings.costs->spread, settings.costs->slippage_rate,
                  settings.costs->slippage_ticks, settings.costs->slippage_volume}));
  return of_version_2 ? 2 : 1;
}

Settings engine_settings(const schema::RunSettings& stored) {
  schema::RunSettingsT unpacked;
  stored.UnPackTo(&unpacked);
  return engine_settings(unpacked);
}

}  // namespace runledger::worker
