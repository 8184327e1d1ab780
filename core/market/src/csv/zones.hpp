#pragma once

#include <optional>
#include <string>

#include <absl/time/time.h>

#include <runledger/base/types.hpp>

namespace runledger::csv {

// A time zone of the IANA database.
class Zone {
 public:
  // Nothing when the database has no such name.
  static std::optional<Zone> load(const std::string& name);

  // The instants at which clocks in the zone show a time: none when a change skips it, two when it
  // repeats it.
  struct Instants {
    int count = 1;
    TimeNs first = 0;
    TimeNs second = 0;
  };
  [[nodiscard]] Instants instants_of(TimeNs local) const;
  // What clocks in the zone show.
  [[nodiscard]] TimeNs local_of(TimeNs instant) const;

 private:
  explicit Zone(absl::TimeZone zone) : zone_(zone) {}
  absl::TimeZone zone_;
};

}  // namespace runledger::csv
