#include <runledger/base/check.hpp>
#include <runledger/cli/csv.hpp>
#include <runledger/cli/listing.hpp>

namespace runledger::cli {

Listing::Listing(std::vector<Field> fields) : fields_(std::move(fields)) {}

void Listing::add(std::vector<Datum> row) {
  RL_CHECK(row.size() == fields_.size());
  rows_.push_back(std::move(row));
}

Json Listing::json() const {
  Json array = Json::array();
  for (const std::vector<Datum>& row : rows_) {
    Json object = Json::object();
    for (std::size_t i = 0; i < fields_.size(); ++i) object.set(fields_[i].name, row[i].value);
    array.add(std::move(object));
  }
  return array;
}

std::string Listing::csv() const {
  std::vector<std::string> record;
  for (const Field& field : fields_) record.push_back(field.name);
  std::string text = csv_record(record);
  for (const std::vector<Datum>& row : rows_) {
    record.clear();
    for (const Datum& datum : row) record.push_back(datum.value.field());
    text += csv_record(record);
  }
  return text;
}

Table Listing::table() const {
  std::vector<Column> columns;
  for (const Field& field : fields_) {
    if (field.in_table) columns.push_back(field.column);
  }
  Table table(std::move(columns));
  for (const std::vector<Datum>& row : rows_) {
    std::vector<Cell> cells;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      if (fields_[i].in_table) cells.push_back(row[i].cell);
    }
    table.add(std::move(cells));
  }
  return table;
}

void Listing::print(Session& session, const std::string& name) const {
  switch (session.format()) {
    case Format::json:
      session.print_json(Json::object().set(name, json()));
      break;
    case Format::csv:
      session.print(csv());
      break;
    case Format::text:
      if (!empty()) session.print_table(table());
      break;
  }
}

}  // namespace runledger::cli
