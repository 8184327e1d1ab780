#include <memory>

#include <runledger/worker/run_settings.hpp>

namespace runledger::worker {

schema::RunSettingsT stored_settings(const Settings& settings) {
  schema::RunSettingsT stored;
  stored.cash = settings.cash;
  stored.sizing = std::make_unique<schema::SizingT>();
  stored.sizing->kind = static_cast<schema::SizingKind>(settings.sizing.kind);
  stored.sizing->amount = settings.sizing.amount;
  stored.costs = std::make_unique<schema::CostsT>();
  stored.costs->commission_rate = settings.costs.commission_rate;
  stored.costs->commission_fixed = settings.costs.commission_fixed;
  stored.costs->commission_per_unit = settings.costs.commission_per_unit;
  stored.account = static_cast<schema::AccountKind>(settings.account);
  stored.leverage = settings.leverage;
  if (settings.lot_size != 0) stored.lot_size = settings.lot_size;
  stored.seed = settings.seed;
  return stored;
}

Settings engine_settings(const schema::RunSettingsT& stored) {
  Settings settings;
  settings.cash = stored.cash.value_or(settings.cash);
  if (stored.sizing) {
    settings.sizing = {.kind = static_cast<SizingKind>(stored.sizing->kind),
                       .amount = stored.sizing->amount.value_or(settings.sizing.amount)};
  }
  if (stored.costs) {
    settings.costs = {.commission_rate = stored.costs->commission_rate.value_or(0),
                      .commission_fixed = stored.costs->commission_fixed.value_or(0),
                      .commission_per_unit = stored.costs->commission_per_unit.value_or(0)};
  }
  settings.account = static_cast<AccountKind>(stored.account);
  settings.leverage = stored.leverage.value_or(1);
  settings.lot_size = stored.lot_size.value_or(0);
  settings.seed = stored.seed;
  return settings;
}

Settings engine_settings(const schema::RunSettings& stored) {
  schema::RunSettingsT unpacked;
  stored.UnPackTo(&unpacked);
  return engine_settings(unpacked);
}

}  // namespace runledger::worker
