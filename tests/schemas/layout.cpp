#include "layout.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include <flatbuffers/idl.h>
#include <flatbuffers/reflection.h>
#include <flatbuffers/util.h>

namespace runledger::schemas_test {
namespace {

namespace fs = std::filesystem;

class Schema {
 public:
  explicit Schema(const fs::path& path) : parser_(options()) {
    std::string source;
    if (!flatbuffers::LoadFile(path.c_str(), false, &source))
      throw std::runtime_error("cannot read " + path.string());
    const std::string folder = path.parent_path().string();
    const char* include_paths[] = {folder.c_str(), nullptr};
    if (!parser_.Parse(source.c_str(), include_paths, path.c_str()))
      throw std::runtime_error(parser_.error_);
    parser_.Serialize();
  }
  [[nodiscard]] const reflection::Schema& content() const {
    return *reflection::GetSchema(parser_.builder_.GetBufferPointer());
  }
  // What flatc --conform says.
  [[nodiscard]] std::string conform_to(const Schema& released) {
    return parser_.ConformTo(released.parser_);
  }

 private:
  static flatbuffers::IDLOptions options() {
    flatbuffers::IDLOptions options;
    options.require_explicit_ids = true;
    return options;
  }
  flatbuffers::Parser parser_;
};

std::string type_name(const reflection::Schema& schema, const reflection::Type& type) {
  std::string name = reflection::EnumNameBaseType(type.base_type());
  if (type.element() != reflection::None)
    name += std::string(" of ") + reflection::EnumNameBaseType(type.element());
  if (type.fixed_length() > 0) name += " x " + std::to_string(type.fixed_length());
  if (type.index() < 0) return name;
  const auto index = static_cast<flatbuffers::uoffset_t>(type.index());
  const bool object = type.base_type() == reflection::Obj || type.element() == reflection::Obj;
  return name + " " +
         (object ? schema.objects()->Get(index)->name() : schema.enums()->Get(index)->name())
             ->str();
}

std::string field_line(const reflection::Schema& schema, const reflection::Object& object,
                       const reflection::Field& field) {
  std::string line = "field " + object.name()->str() + "." + field.name()->str();
  line += " id " + std::to_string(field.id());
  line += " offset " + std::to_string(field.offset());
  line += " " + type_name(schema, *field.type());
  line += " default " + std::to_string(field.default_integer()) + " " +
          std::to_string(field.default_real());
  if (field.optional()) line += " optional";
  if (field.required()) line += " required";
  if (field.deprecated()) line += " deprecated";
  if (field.key()) line += " key";
  return line;
}

void add_object(std::vector<std::string>& lines, const reflection::Schema& schema,
                const reflection::Object& object) {
  std::string line = object.is_struct() ? "struct " : "table ";
  line += object.name()->str() + " align " + std::to_string(object.minalign());
  // A field may hide in a struct's padding.
  if (object.is_struct())
    line += " size " + std::to_string(object.bytesize()) + " fields " +
            std::to_string(object.fields()->size());
  lines.push_back(std::move(line));
  for (const reflection::Field* field : *object.fields())
    lines.push_back(field_line(schema, object, *field));
}

void add_enum(std::vector<std::string>& lines, const reflection::Schema& schema,
              const reflection::Enum& enumeration) {
  const std::string name = enumeration.name()->str();
  lines.push_back((enumeration.is_union() ? "union " : "enum ") + name + " " +
                  type_name(schema, *enumeration.underlying_type()));
  for (const reflection::EnumVal* value : *enumeration.values()) {
    std::string line =
        "value " + name + "." + value->name()->str() + " = " + std::to_string(value->value());
    if (enumeration.is_union()) line += " " + type_name(schema, *value->union_type());
    lines.push_back(std::move(line));
  }
}

std::vector<std::string> layout_in(const reflection::Schema& schema) {
  std::vector<std::string> lines;
  if (schema.root_table() != nullptr) lines.push_back("root " + schema.root_table()->name()->str());
  if (schema.file_ident() != nullptr && schema.file_ident()->size() > 0)
    lines.push_back("identifier " + schema.file_ident()->str());
  for (const reflection::Object* object : *schema.objects()) add_object(lines, schema, *object);
  for (const reflection::Enum* enumeration : *schema.enums()) add_enum(lines, schema, *enumeration);
  std::ranges::sort(lines);
  return lines;
}

// Fields that old bytes lack, though readers of today count on them.
void find_required_additions(std::vector<std::string>& changes, const reflection::Schema& released,
                             const reflection::Schema& current) {
  for (const reflection::Object* before : *released.objects()) {
    const auto* now = current.objects()->LookupByKey(before->name()->c_str());
    if (now == nullptr) continue;
    for (const reflection::Field* field : *now->fields())
      if (before->fields()->LookupByKey(field->name()->c_str()) == nullptr && field->required())
        changes.push_back("added as required: " + field_line(current, *now, *field));
  }
}

}  // namespace

std::vector<std::string> layout_of(const fs::path& schema) {
  return layout_in(Schema(schema).content());
}

std::vector<std::string> breaking_changes(const fs::path& released, const fs::path& current) {
  const Schema before(released);
  Schema now(current);
  std::vector<std::string> changes;
  const auto lines_before = layout_in(before.content());
  const auto lines_now = layout_in(now.content());
  std::ranges::set_difference(lines_before, lines_now, std::back_inserter(changes));
  for (std::string& line : changes) line = "gone or changed: " + line;
  for (const std::string& line : lines_now) {
    const bool file_wide = line.starts_with("root ") || line.starts_with("identifier ");
    if (file_wide && !std::ranges::binary_search(lines_before, line))
      changes.push_back("added: " + line);
  }
  find_required_additions(changes, before.content(), now.content());
  if (const std::string reason = now.conform_to(before); !reason.empty())
    changes.push_back("flatc --conform: " + reason);
  return changes;
}

}  // namespace runledger::schemas_test
