#include <algorithm>
#include <array>

#include <runledger/base/check.hpp>
#include <runledger/cli/canvas.hpp>

namespace runledger::cli {
namespace {

// Unicode's numbering of the dots of U+2800, by row and column of the dot.
constexpr std::array<std::array<unsigned char, 2>, 4> kBrailleBit{
    {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}}};

std::string braille(unsigned char dots) {
  if (dots == 0) return " ";
  // U+2800 + dots in UTF-8.
  return {static_cast<char>(0xe2), static_cast<char>(0xa0 | dots >> 6U),
          static_cast<char>(0x80 | (dots & 0x3fU))};
}

constexpr std::array kAsciiCell{' ', '\'', '.', '|'};  // none, upper, lower, both

}  // namespace

Canvas::Canvas(std::size_t columns, std::size_t rows, bool utf8)
    : columns_(columns),
      rows_(rows),
      utf8_(utf8),
      dots_x_(utf8 ? 2 : 1),
      dots_y_(utf8 ? 4 : 2),
      cells_(columns * rows) {}

void Canvas::set(std::size_t x, std::size_t y) {
  RL_CHECK(x < dots_across() && y < dots_down());
  unsigned char& cell = cells_[y / dots_y_ * columns_ + x / dots_x_];
  cell |= utf8_ ? kBrailleBit[y % 4][x % 2] : static_cast<unsigned char>(1U << (y % 2));
}

void Canvas::line(std::size_t x0, std::size_t y0, std::size_t x1, std::size_t y1) {
  const auto distance = [](std::size_t a, std::size_t b) { return a > b ? a - b : b - a; };
  const std::size_t steps = std::max(distance(x0, x1), distance(y0, y1));
  const auto between = [&](std::size_t from, std::size_t to, std::size_t step) {
    const std::size_t moved = (distance(from, to) * step + steps / 2) / steps;
    return to > from ? from + moved : from - moved;
  };
  set(x0, y0);
  for (std::size_t step = 1; step <= steps; ++step) {
    set(between(x0, x1, step), between(y0, y1, step));
  }
}

std::string Canvas::row(std::size_t index) const {
  std::string text;
  for (std::size_t column = 0; column < columns_; ++column) {
    const unsigned char cell = cells_[index * columns_ + column];
    if (utf8_) {
      text += braille(cell);
    } else {
      text += kAsciiCell[cell];
    }
  }
  return text;
}

}  // namespace runledger::cli
