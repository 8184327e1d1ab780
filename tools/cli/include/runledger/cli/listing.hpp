#pragma once

#include <string>
#include <vector>

#include <runledger/cli/json.hpp>
#include <runledger/cli/session.hpp>
#include <runledger/cli/table.hpp>

namespace runledger::cli {

// A field of each line of a list: its name in JSON and CSV, and its column in a table.
struct Field {
  std::string name;
  Column column;
  bool in_table = true;
};
struct Datum {
  Json value;
  Cell cell = {};  // unused when the field is in no table
};

// A list that prints as a table, as CSV with a head, or as an array of objects.
class Listing {
 public:
  explicit Listing(std::vector<Field> fields);
  // Exactly one datum a field.
  void add(std::vector<Datum> row);

  [[nodiscard]] bool empty() const { return rows_.empty(); }
  [[nodiscard]] Json json() const;
  [[nodiscard]] std::string csv() const;
  [[nodiscard]] Table table() const;

  // As the session wants it; as JSON it is the member `name` of one object.
  void print(Session& session, const std::string& name) const;

 private:
  std::vector<Field> fields_;
  std::vector<std::vector<Datum>> rows_;
};

}  // namespace runledger::cli
