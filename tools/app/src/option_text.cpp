#include "option_text.hpp"

#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <variant>

#include <fmt/format.h>

#include <runledger/base/text.hpp>

namespace runledger::app {
namespace {

constexpr std::size_t kNameBytesMax = 255;
constexpr std::uint64_t kMemoryMin = 64ULL << 20;
constexpr std::uint64_t kMemoryMax = 1ULL << 44;
constexpr double kTimeoutMax_s = 1e6;

struct SizingName {
  SizingKind kind;
  std::string_view name;
};
constexpr std::array kSizingNames{
    SizingName{SizingKind::cash_pct, "cash_pct"}, SizingName{SizingKind::equity_pct, "equity_pct"},
    SizingName{SizingKind::units, "units"}, SizingName{SizingKind::value, "value"}};

std::unexpected<Error> wrong(std::string message) {
  return fail(ErrorCode::invalid_input, std::move(message));
}

// One part of a cost that people type: a number after its prefix.
struct CostPart {
  std::string_view prefix;  // the first part of a cost has none
  std::variant<double Costs::*, std::optional<double> Costs::*> member;
};
using CostParts = std::span<const CostPart>;
constexpr std::array kCommissionParts{
    CostPart{"", &Costs::commission_rate}, CostPart{"fixed:", &Costs::commission_fixed},
    CostPart{"unit:", &Costs::commission_per_unit}, CostPart{"min:", &Costs::commission_min},
    CostPart{"maker:", &Costs::commission_maker_rate}};
constexpr std::array kSlippageParts{CostPart{"", &Costs::slippage_rate},
                                    CostPart{"ticks:", &Costs::slippage_ticks},
                                    CostPart{"volume:", &Costs::slippage_volume}};

std::size_t part_of(CostParts parts, std::string_view text) {
  for (std::size_t i = 1; i < parts.size(); ++i)
    if (text.starts_with(parts[i].prefix)) return i;
  return 0;
}

void clear_part(Costs& costs, const CostPart& part) {
  std::visit([&](auto member) { costs.*member = {}; }, part.member);
}

std::optional<double> value_of_part(const Costs& costs, const CostPart& part) {
  if (const auto* member = std::get_if<double Costs::*>(&part.member))
    return costs.**member == 0 ? std::nullopt : std::optional(costs.**member);
  return costs.*std::get<std::optional<double> Costs::*>(part.member);
}

// `what` is given as `text`, which `expected` says how to write.
Status set_parts(Costs& costs, CostParts parts, std::string_view text, std::string_view what,
                 std::string_view expected) {
  for (const CostPart& part : parts) clear_part(costs, part);
  std::vector<bool> seen(parts.size());
  for (const std::string_view piece : split(text, '+')) {
    const std::size_t index = part_of(parts, piece);
    const auto value = parse_double(piece.substr(parts[index].prefix.size()));
    if (!value || !std::isfinite(*value))
      return wrong(fmt::format("the {} is `{}`; expected {}", what, text, expected));
    if (seen[index])
      return wrong(
          fmt::format("the {} `{}` gives the same part twice; give each once", what, text));
    seen[index] = true;
    std::visit([&](auto member) { costs.*member = *value; }, parts[index].member);
  }
  return {};
}

std::string parts_text(const Costs& costs, CostParts parts) {
  std::vector<std::string> texts;
  for (const CostPart& part : parts)
    if (const auto value = value_of_part(costs, part))
      texts.push_back(std::string(part.prefix) + format_double(*value));
  return texts.empty() ? "0" : join(texts, "+");
}

}  // namespace

Result<double> parse_number(std::string_view what, std::string_view text) {
  const auto value = parse_double(text);
  if (!value || !std::isfinite(*value))
    return wrong(fmt::format("{} is `{}`; expected a number such as 10000 or 0.5", what, text));
  return *value;
}

Result<Sizing> parse_sizing(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  for (const SizingName& known : kSizingNames) {
    if (name != known.name || colon == std::string_view::npos) continue;
    RL_TRY(const double amount, parse_number("the size", text.substr(colon + 1)));
    return Sizing{known.kind, amount};
  }
  return wrong(
      fmt::format("the size is `{}`; expected cash_pct:N, equity_pct:N, units:N or value:N", text));
}

std::string sizing_text(const Sizing& sizing) {
  for (const SizingName& known : kSizingNames)
    if (known.kind == sizing.kind)
      return fmt::format("{}:{}", known.name, format_double(sizing.amount));
  return {};
}

Status set_commission(Costs& costs, std::string_view text) {
  return set_parts(costs, kCommissionParts, text, "commission",
                   "a rate such as 0.001, fixed:1.5, unit:0.01, min:1, maker:0.0005, or several "
                   "joined by `+`");
}

std::string commission_text(const Costs& costs) { return parts_text(costs, kCommissionParts); }

Status set_slippage(Costs& costs, std::string_view text) {
  return set_parts(costs, kSlippageParts, text, "slippage",
                   "a share of the price such as 0.0005, ticks:1, volume:0.1, or several joined by "
                   "`+`");
}

std::string slippage_text(const Costs& costs) { return parts_text(costs, kSlippageParts); }

Result<bool> parse_positions(std::string_view text) {
  if (text == "one") return true;
  if (text == "many") return false;
  return wrong(fmt::format("the positions are `{}`; expected one or many", text));
}

std::string_view positions_text(bool one_position) { return one_position ? "one" : "many"; }

Result<AccountKind> parse_account(std::string_view text) {
  if (text == "standard") return AccountKind::standard;
  if (text == "reference") return AccountKind::reference;
  return wrong(fmt::format("the account is `{}`; expected standard or reference", text));
}

std::string_view account_text(AccountKind kind) {
  return kind == AccountKind::reference ? "reference" : "standard";
}

Result<std::uint64_t> parse_seed(std::string_view text) {
  const auto value = parse_uint(text);
  if (!value)
    return wrong(fmt::format("the seed is `{}`; expected a whole number from 0 to 2^64 - 1", text));
  return *value;
}

Result<std::chrono::milliseconds> parse_timeout(std::string_view text) {
  const auto seconds = parse_double(text);
  if (!seconds || !(*seconds >= 0.001 && *seconds <= kTimeoutMax_s))
    return wrong(fmt::format("the timeout is `{}`; expected seconds from 0.001 to {:.0f}", text,
                             kTimeoutMax_s));
  return std::chrono::milliseconds(std::llround(*seconds * 1000));
}

Result<std::uint64_t> parse_memory(std::string_view text) {
  const std::string lower = to_lower(text);
  std::string_view digits = lower;
  unsigned shift = 0;
  constexpr std::string_view kUnits = "kmgt";
  if (!digits.empty()) {
    if (const auto unit = kUnits.find(digits.back()); unit != std::string_view::npos) {
      shift = 10 * (static_cast<unsigned>(unit) + 1);
      digits.remove_suffix(1);
    }
  }
  const auto value = parse_uint(digits);
  if (!value || *value > kMemoryMax >> shift || *value << shift < kMemoryMin)
    return wrong(fmt::format(
        "the memory limit is `{}`; expected bytes, or a number with k, m, g or t, from 64m to 16t",
        text));
  return *value << shift;
}

Result<TimeNs> parse_moment(std::string_view what, std::string_view text, bool end_of_day) {
  const auto parsed = parse_time(text);
  if (!parsed)
    return wrong(
        fmt::format("{} is `{}`; expected a date or time such as 2024-06-01 or "
                    "2024-06-01T09:30Z, in the years 1678 to 2261",
                    what, text));
  return end_of_day && parsed->date_only ? parsed->time + (kDayNs - 1) : parsed->time;
}

Result<TagList> parse_tags(const std::vector<std::string>& texts) {
  if (texts.size() > kTagsMax)
    return fail(ErrorCode::too_large,
                fmt::format("{} tags are given; at most {} are kept", texts.size(), kTagsMax));
  TagList tags;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
      return wrong(fmt::format("the tag is `{}`; expected key=value", text));
    std::string key = text.substr(0, equals);
    std::string value = text.substr(equals + 1);
    RL_TRY_VOID(check_name("the tag's key", key));
    if (value.empty())
      return wrong(fmt::format("the tag `{}` has no value; expected key=value", key));
    if (value.size() > kTagBytesMax || !is_printable_utf8(value))
      return wrong(fmt::format("the value of tag `{}` is longer than {} bytes or not printable",
                               key, kTagBytesMax));
    for (const auto& [known, ignored] : tags)
      if (known == key) return wrong(fmt::format("the tag `{}` is given twice", key));
    tags.emplace_back(std::move(key), std::move(value));
  }
  return tags;
}

Status check_name(std::string_view what, std::string_view text) {
  if (text.empty()) return wrong(fmt::format("{} is empty", what));
  if (text.size() > kNameBytesMax)
    return fail(ErrorCode::too_large, fmt::format("{} has {} bytes; at most {} are possible", what,
                                                  text.size(), kNameBytesMax));
  if (!is_printable_utf8(text) || trim(text) != text)
    return wrong(fmt::format(
        "{} has control characters, broken UTF-8, or blanks at an end; use printable text", what));
  return {};
}

Status check_note(std::string_view text) {
  if (text.size() > kNoteBytesMax)
    return fail(ErrorCode::too_large, fmt::format("the note has {} bytes; at most {} are kept",
                                                  text.size(), kNoteBytesMax));
  if (!is_printable_utf8(text))
    return wrong("the note has control characters or broken UTF-8; use one line of printable text");
  return {};
}

}  // namespace runledger::app
