// Between the C contract and a C++ strategy: the calls, and what becomes of exceptions.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include <runledger/sdk/step.hpp>
#include <runledger/strategy_abi.h>

namespace runledger {

// A plain struct with on_bar. What else it has of these is called too:
//
//   void check() const;       parameters are set; throw to refuse them with a reason
//   void on_start();          after check: make indicators
//   void on_fill(const Fill&);              also with a second argument, const Orders&
//   void on_refusal(const Refusal&);        likewise
//   void on_end(const Step&);
template <class S>
concept Strategy = std::default_initializable<S> &&
                   requires(S strategy, const Step& step) { strategy.on_bar(step); };

namespace sdk {

inline rl_value int_value(std::int64_t number, std::uint32_t type = RL_INT) {
  rl_value value{};
  value.type = type;
  value.as.i = number;
  return value;
}

inline rl_value real_value(double number) {
  rl_value value{};
  value.type = RL_REAL;
  value.as.f = number;
  return value;
}

// Runs `body`; an exception becomes RL_ERROR with an explanation.
template <class Body>
rl_status guard(const rl_host* host, Body&& body) noexcept {
  try {
    body();
    return RL_OK;
  } catch (const std::bad_alloc&) {
    host->explain(host, "memory ran out");
  } catch (const std::exception& exception) {
    host->explain(host, exception.what());
  } catch (...) {
    host->explain(host, "an exception that is no std::exception");
  }
  return RL_ERROR;
}

template <class S>
struct Parameter {
  std::string name, doc, unit;
  std::vector<std::string> labels;
  std::vector<const char*> label_pointers;
  std::function<void(S&, const rl_value&)> set;
  rl_param table{};
};

// What a strategy's table points to. Built by Describe, then kept for the life of the process.
template <class S>
struct Tables {
  std::string name, title, id, version, doc;
  std::vector<std::unique_ptr<Parameter<S>>> parameters;
  std::vector<const rl_param*> parameter_pointers;
  rl_strategy strategy{};
};

// The calls of rl_strategy for one type of strategy.
template <Strategy S>
class Calls {
 public:
  static const rl_strategy* release(std::unique_ptr<Tables<S>> tables) {
    if (tables_ != nullptr) throw std::logic_error("one type describes two strategies");
    for (auto& parameter : tables->parameters) {
      finish(*parameter);
      tables->parameter_pointers.push_back(&parameter->table);
    }
    rl_strategy& table = tables->strategy;
    table.struct_size = sizeof table;
    table.param_count = static_cast<std::uint32_t>(tables->parameter_pointers.size());
    table.name = tables->name.c_str();
    table.title = tables->title.c_str();
    table.id = tables->id.c_str();
    table.version = tables->version.c_str();
    table.doc = tables->doc.c_str();
    table.params = tables->parameter_pointers.data();
    table.series_min = table.series_max = 1;
    table.create = &create;
    table.destroy = &destroy;
    table.on_bar = &on_bar;
    if constexpr (kHearsFills) table.on_fill = &on_fill;
    if constexpr (kHearsRefusals) table.on_refusal = &on_refusal;
    if constexpr (kHearsEnd) table.on_end = &on_end;
    tables_ = tables.release();
    return &tables_->strategy;
  }

 private:
  struct Instance {
    S strategy;
    const rl_host* host;
    const rl_publish* publish;

    [[nodiscard]] Orders orders() const { return {*host, publish}; }
    [[nodiscard]] Step step(const rl_step& abi) const { return {abi, *host, publish}; }
  };

  static constexpr bool kHearsFills = requires(S s, const Fill& fill, const Orders& orders) {
    s.on_fill(fill, orders);
  } || requires(S s, const Fill& fill) { s.on_fill(fill); };
  static constexpr bool kHearsRefusals =
      requires(S s, const Refusal& refusal, const Orders& orders) {
        s.on_refusal(refusal, orders);
      } || requires(S s, const Refusal& refusal) { s.on_refusal(refusal); };
  static constexpr bool kHearsEnd = requires(S s, const Step& step) { s.on_end(step); };

  static_assert(
      kHearsFills || !requires { &S::on_fill; },
      "on_fill takes a const Fill&, and perhaps a const Orders&");
  static_assert(
      kHearsRefusals || !requires { &S::on_refusal; },
      "on_refusal takes a const Refusal&, and perhaps a const Orders&");
  static_assert(kHearsEnd || !requires { &S::on_end; }, "on_end takes a const Step&");

  static void finish(Parameter<S>& parameter) {
    rl_param& table = parameter.table;
    table.struct_size = sizeof table;
    table.name = parameter.name.c_str();
    table.doc = parameter.doc.c_str();
    table.unit = parameter.unit.c_str();
    for (const std::string& label : parameter.labels)
      parameter.label_pointers.push_back(label.c_str());
    if (table.type != RL_CHOICE) return;
    parameter.label_pointers.push_back(nullptr);
    table.choices = parameter.label_pointers.data();
  }

  static void* create(const rl_host* host, const rl_value* values) noexcept {
    std::unique_ptr<Instance> instance;
    const rl_status status = guard(host, [&] {
      instance = std::make_unique<Instance>(S{}, host, nullptr);
      S& strategy = instance->strategy;
      for (std::size_t i = 0; i < tables_->parameters.size(); ++i)
        tables_->parameters[i]->set(strategy, values[i]);
      if constexpr (requires { strategy.check(); }) strategy.check();
      if constexpr (requires { strategy.on_start(); }) strategy.on_start();
      instance->publish = static_cast<const rl_publish*>(host->extension(host, RL_EXT_PUBLISH));
    });
    return status == RL_OK ? instance.release() : nullptr;
  }

  static void destroy(void* self) noexcept { delete static_cast<Instance*>(self); }

  static rl_status on_bar(void* self, const rl_step* step) noexcept {
    auto& instance = *static_cast<Instance*>(self);
    return guard(instance.host, [&] { instance.strategy.on_bar(instance.step(*step)); });
  }

  static rl_status on_fill(void* self, const rl_fill* fill) noexcept {
    auto& instance = *static_cast<Instance*>(self);
    return guard(instance.host, [&] {
      if constexpr (requires { instance.strategy.on_fill(*fill, instance.orders()); }) {
        instance.strategy.on_fill(*fill, instance.orders());
      } else {
        instance.strategy.on_fill(*fill);
      }
    });
  }

  static rl_status on_refusal(void* self, const rl_refusal* refusal) noexcept {
    auto& instance = *static_cast<Instance*>(self);
    return guard(instance.host, [&] {
      if constexpr (requires { instance.strategy.on_refusal(*refusal, instance.orders()); }) {
        instance.strategy.on_refusal(*refusal, instance.orders());
      } else {
        instance.strategy.on_refusal(*refusal);
      }
    });
  }

  static rl_status on_end(void* self, const rl_step* last) noexcept {
    auto& instance = *static_cast<Instance*>(self);
    return guard(instance.host, [&] { instance.strategy.on_end(instance.step(*last)); });
  }

  static inline const Tables<S>* tables_ = nullptr;
};

}  // namespace sdk
}  // namespace runledger
