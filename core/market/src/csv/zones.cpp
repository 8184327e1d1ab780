#include "zones.hpp"

#include <algorithm>

#include <runledger/base/time.hpp>

namespace runledger::csv {
namespace {

// Keeps names from leaving the database's folder, and from meaning this machine's own zone.
bool is_zone_name(const std::string& name) {
  const auto is_allowed = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '_' || c == '+' || c == '-';
  };
  return !name.empty() && name.size() <= 64 && name.front() != '/' && name != "localtime" &&
         std::ranges::all_of(name, is_allowed);
}

struct Parts {
  std::int64_t seconds;
  TimeNs rest;
};

Parts parts_of(TimeNs time) {
  Parts parts{time / kSecondNs, time % kSecondNs};
  if (parts.rest < 0) {
    parts.rest += kSecondNs;
    --parts.seconds;
  }
  return parts;
}

}  // namespace

std::optional<Zone> Zone::load(const std::string& name) {
  absl::TimeZone zone;
  if (!is_zone_name(name) || !absl::LoadTimeZone(name, &zone)) return std::nullopt;
  return Zone(zone);
}

Zone::Instants Zone::instants_of(TimeNs local) const {
  const Parts parts = parts_of(local);
  const absl::CivilSecond civil = absl::CivilSecond(1970, 1, 1) + parts.seconds;
  const absl::TimeZone::TimeInfo info = zone_.At(civil);
  const auto instant = [&](absl::Time time) {
    return absl::ToUnixSeconds(time) * kSecondNs + parts.rest;
  };
  switch (info.kind) {
    case absl::TimeZone::TimeInfo::UNIQUE:
      return {1, instant(info.pre), 0};
    case absl::TimeZone::TimeInfo::SKIPPED:
      return {0, 0, 0};
    case absl::TimeZone::TimeInfo::REPEATED:
      return {2, instant(info.pre), instant(info.post)};
  }
  return {0, 0, 0};
}

TimeNs Zone::local_of(TimeNs instant) const {
  const Parts parts = parts_of(instant);
  const absl::CivilSecond civil = zone_.At(absl::FromUnixSeconds(parts.seconds)).cs;
  return (civil - absl::CivilSecond(1970, 1, 1)) * kSecondNs + parts.rest;
}

}  // namespace runledger::csv
