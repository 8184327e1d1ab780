#include <algorithm>
#include <numeric>
#include <optional>

#include <runledger/base/check.hpp>
#include <runledger/base/text.hpp>
#include <runledger/cli/table.hpp>
#include <runledger/cli/text_width.hpp>

namespace runledger::cli {
namespace {

constexpr std::size_t kGap = 2;        // blanks between columns
constexpr std::size_t kShrunkMin = 8;  // a text column is not cut below this

// Which columns are shown, and how wide.
struct Layout {
  std::vector<std::size_t> columns;
  std::vector<std::size_t> widths;  // one for each of `columns`
  std::vector<std::string> left_out;
};

std::size_t total_width(const Layout& layout) {
  const std::size_t gaps = layout.widths.empty() ? 0 : (layout.widths.size() - 1) * kGap;
  return std::accumulate(layout.widths.begin(), layout.widths.end(), gaps);
}

// Takes columns from the widest that may shrink, one at a time.
void shrink(Layout& layout, const std::vector<Column>& columns, std::size_t width) {
  while (total_width(layout) > width) {
    std::optional<std::size_t> widest;
    for (std::size_t i = 0; i < layout.columns.size(); ++i) {
      const Column& column = columns[layout.columns[i]];
      const std::size_t least =
          std::max({kShrunkMin, column.width_min, display_width(column.head)});
      if (!column.may_shrink || layout.widths[i] <= least) continue;
      if (!widest || layout.widths[i] > layout.widths[*widest]) widest = i;
    }
    if (!widest) return;
    --layout.widths[*widest];
  }
}

// Leaves out the column of the highest rank; false when none may go.
bool drop_one(Layout& layout, const std::vector<Column>& columns) {
  std::optional<std::size_t> last;
  for (std::size_t i = 0; i < layout.columns.size(); ++i) {
    const int rank = columns[layout.columns[i]].drop_rank;
    if (rank > 0 && (!last || rank >= columns[layout.columns[*last]].drop_rank)) last = i;
  }
  if (!last) return false;
  layout.left_out.push_back(columns[layout.columns[*last]].head);
  layout.columns.erase(layout.columns.begin() + static_cast<std::ptrdiff_t>(*last));
  layout.widths.erase(layout.widths.begin() + static_cast<std::ptrdiff_t>(*last));
  return true;
}

std::string pad(const std::string& text, std::size_t width, Align align) {
  const std::size_t used = display_width(text);
  const std::string blanks(width > used ? width - used : 0, ' ');
  return align == Align::right ? blanks + text : text + blanks;
}

}  // namespace

Table::Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

void Table::add(std::vector<Cell> row) {
  RL_CHECK(row.size() == columns_.size());
  for (Cell& cell : row) cell.text = printable(cell.text);
  rows_.push_back(std::move(row));
}

std::string Table::render(const Terminal& terminal) const {
  std::vector<std::size_t> natural;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t width = display_width(columns_[i].head);
    for (const auto& row : rows_) width = std::max(width, display_width(row[i].text));
    natural.push_back(width);
  }
  Layout layout;
  layout.columns.resize(columns_.size());
  std::iota(layout.columns.begin(), layout.columns.end(), std::size_t{0});
  layout.widths = natural;
  if (terminal.out) {
    shrink(layout, columns_, terminal.width);
    while (total_width(layout) > terminal.width && drop_one(layout, columns_)) {
    }
    // What was cut to make room for a column that went gets the room back.
    for (std::size_t i = 0; i < layout.columns.size(); ++i) {
      layout.widths[i] = natural[layout.columns[i]];
    }
    shrink(layout, columns_, terminal.width);
  }

  std::string text;
  const auto line = [&](const auto& cell_of) {
    std::string out;
    for (std::size_t i = 0; i < layout.columns.size(); ++i) {
      const std::size_t column = layout.columns[i];
      const Cell cell = cell_of(column);
      const bool last = i + 1 == layout.columns.size();
      std::string shown = cut_to_width(cell.text, layout.widths[i], terminal.utf8);
      if (!last || columns_[column].align == Align::right) {
        shown = pad(shown, layout.widths[i], columns_[column].align);
      }
      out += paint(shown, cell.tone, terminal);
      if (!last) out.append(kGap, ' ');
    }
    out.resize(out.find_last_not_of(' ') + 1);
    text += out + '\n';
  };
  const bool has_heads =
      std::ranges::any_of(columns_, [](const Column& column) { return !column.head.empty(); });
  if (has_heads)
    line([&](std::size_t column) { return Cell{columns_[column].head, Tone::strong}; });
  for (const auto& row : rows_) {
    line([&](std::size_t column) { return row[column]; });
  }
  if (!layout.left_out.empty()) {
    std::ranges::reverse(layout.left_out);
    text +=
        paint("(left out for width: " + join(layout.left_out, ", ") + ")", Tone::faint, terminal) +
        '\n';
  }
  return text;
}

std::string render_pairs(const std::vector<std::pair<std::string, Cell>>& pairs,
                         const Terminal& terminal) {
  std::size_t width = 0;
  for (const auto& [name, cell] : pairs) width = std::max(width, display_width(name));
  std::string text;
  for (const auto& [name, cell] : pairs) {
    text += paint(pad(name, width, Align::left), Tone::faint, terminal);
    text += std::string(kGap, ' ') + paint(printable(cell.text), cell.tone, terminal) + '\n';
  }
  return text;
}

}  // namespace runledger::cli
