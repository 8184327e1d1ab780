// What a C++ strategy says about itself, and the tables that are made of it.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <runledger/plugin_source.h>
#include <runledger/sdk/calls.hpp>
#include <runledger/strategy_abi.h>

namespace runledger {

// Describes a strategy, one call a parameter:
//
//   RL_PLUGIN(runledger::Describe<SmaCross>("com.example.sma_cross", "1.0.0", "What it does.")
//                 .param("fast", &SmaCross::fast, 2, 200, "Length of the fast mean.", "bars")
//                 .sweep(5, 50, 5))
//
// The id's last part is the name that people type. A member's initialiser is its parameter's
// default, and its type the parameter's type. Mistakes in the tables are told by the host.
template <Strategy S>
class Describe {
 public:
  Describe(std::string id, std::string version, std::string doc)
      : tables_(std::make_unique<sdk::Tables<S>>()) {
    tables_->name = id.substr(id.rfind('.') + 1);
    tables_->title = tables_->name;
    tables_->id = std::move(id);
    tables_->version = std::move(version);
    tables_->doc = std::move(doc);
  }

  Describe& name(std::string name) {
    tables_->name = std::move(name);
    return *this;
  }
  Describe& title(std::string title) {
    tables_->title = std::move(title);
    return *this;
  }
  // Says that every order carries its own size, never the run's: --size is then refused. Without
  // it a --size that no order takes is accepted and has no effect; `runledger strategies check` and
  // the run say so.
  Describe& sizes_orders() {
    tables_->strategy.flags |= RL_SIZES_ORDERS;
    return *this;
  }

  // A number within min..max: what is possible, not what is sensible.
  template <class Number>
    requires std::is_arithmetic_v<Number> && (!std::same_as<Number, bool>)
  Describe& param(std::string name, Number S::* member, std::type_identity_t<Number> min,
                  std::type_identity_t<Number> max, std::string doc, std::string unit = "") {
    auto& made = add(std::move(name), std::move(doc), std::move(unit));
    made.set = [member](S& strategy, const rl_value& value) {
      strategy.*member =
          value.type == RL_REAL ? static_cast<Number>(value.as.f) : static_cast<Number>(value.as.i);
    };
    made.table.default_value = value_of(S{}.*member);
    made.table.type = made.table.default_value.type;
    made.table.min = made.table.sweep_min = value_of(min);
    made.table.max = made.table.sweep_max = value_of(max);
    made.table.sweep_step = value_of(Number{});
    return *this;
  }

  // Yes or no.
  Describe& param(std::string name, bool S::* member, std::string doc) {
    auto& made = add(std::move(name), std::move(doc), "");
    made.set = [member](S& strategy, const rl_value& value) { strategy.*member = value.as.i != 0; };
    index_range(made, RL_BOOL, S{}.*member ? 1 : 0, 1);
    return *this;
  }

  // One of some labels, the enumerators 0, 1, ... in this order.
  template <class Enum>
    requires std::is_enum_v<Enum>
  Describe& choice(std::string name, Enum S::* member, std::initializer_list<const char*> labels,
                   std::string doc) {
    auto& made = add(std::move(name), std::move(doc), "");
    made.set = [member](S& strategy, const rl_value& value) {
      strategy.*member = static_cast<Enum>(value.as.i);
    };
    set_labels(made, labels);
    index_range(made, RL_CHOICE, static_cast<std::int64_t>(S{}.*member),
                static_cast<std::int64_t>(labels.size()) - 1);
    return *this;
  }

  // One of some labels, as text.
  Describe& choice(std::string name, std::string S::* member,
                   std::initializer_list<const char*> labels, std::string doc) {
    auto& made = add(std::move(name), std::move(doc), "");
    set_labels(made, labels);
    made.set = [member, texts = made.labels](S& strategy, const rl_value& value) {
      strategy.*member = texts.at(static_cast<std::size_t>(value.as.i));
    };
    // A default that is no label gets an index beyond them, which the host refuses.
    const auto chosen = std::ranges::find(made.labels, S{}.*member) - made.labels.begin();
    index_range(made, RL_CHOICE, chosen, static_cast<std::int64_t>(labels.size()) - 1);
    return *this;
  }

  // What a sweep over the last parameter tries unless it is told.
  template <class Number>
    requires std::is_arithmetic_v<Number>
  Describe& sweep(Number min, Number max, Number step) {
    if (tables_->parameters.empty()) throw std::logic_error("sweep before the first parameter");
    rl_param& table = tables_->parameters.back()->table;
    const auto as_typed = [&](Number number) {
      return table.type == RL_REAL ? sdk::real_value(static_cast<double>(number))
                                   : sdk::int_value(static_cast<std::int64_t>(number), table.type);
    };
    table.sweep_min = as_typed(min);
    table.sweep_max = as_typed(max);
    table.sweep_step = as_typed(step);
    return *this;
  }

  // Gives the tables away, for the life of the process. Throws std::logic_error when the same
  // type is described twice in one library.
  const rl_strategy* release() { return sdk::Calls<S>::release(std::move(tables_)); }

 private:
  using Parameter = sdk::Parameter<S>;

  Parameter& add(std::string name, std::string doc, std::string unit) {
    auto& made = *tables_->parameters.emplace_back(std::make_unique<Parameter>());
    made.name = std::move(name);
    made.doc = std::move(doc);
    made.unit = std::move(unit);
    return made;
  }

  template <class Number>
  static rl_value value_of(Number number) {
    if constexpr (std::is_floating_point_v<Number>) {
      return sdk::real_value(static_cast<double>(number));
    } else {
      if (!std::in_range<std::int64_t>(number))
        throw std::logic_error("a bound of a parameter is beyond 64 signed bits");
      return sdk::int_value(static_cast<std::int64_t>(number));
    }
  }

  static void index_range(Parameter& made, std::uint32_t type, std::int64_t chosen,
                          std::int64_t last) {
    made.table.type = type;
    made.table.default_value = sdk::int_value(chosen, type);
    made.table.min = made.table.sweep_min = sdk::int_value(0, type);
    made.table.max = made.table.sweep_max = sdk::int_value(last, type);
    made.table.sweep_step = sdk::int_value(0, type);
  }

  static void set_labels(Parameter& made, std::initializer_list<const char*> labels) {
    made.labels.assign(labels.begin(), labels.end());
  }

  std::unique_ptr<sdk::Tables<S>> tables_;
};

namespace sdk {

struct PluginTables {
  std::vector<const rl_strategy*> strategies;
  rl_plugin plugin{};
};

// The plugin's tables, made once and kept for the life of the process.
template <class... Descriptions>
const rl_plugin* make_plugin(const rl_source* source, Descriptions&&... descriptions) {
  auto tables = std::make_unique<PluginTables>();
  (tables->strategies.push_back(descriptions.release()), ...);
  tables->plugin.struct_size = sizeof(rl_plugin);
  tables->plugin.abi_minor = RL_ABI_MINOR;
  tables->plugin.needs_minor = 0;
  tables->plugin.strategy_count = static_cast<std::uint32_t>(tables->strategies.size());
  tables->plugin.built_with = RL_BUILT_WITH;
  tables->plugin.strategies = tables->strategies.data();
  tables->plugin.source = source;
  return &tables.release()->plugin;
}

}  // namespace sdk
}  // namespace runledger

// Defines the one exported symbol of a strategy library; takes one Describe for each strategy.
#define RL_PLUGIN(...)                                                                            \
  const rl_plugin* rl_plugin_v1(void) {                                                           \
    static const rl_plugin* const plugin = ::runledger::sdk::make_plugin(RL_SOURCE, __VA_ARGS__); \
    return plugin;                                                                                \
  }
