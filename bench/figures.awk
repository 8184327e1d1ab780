#!/usr/bin/awk -f
# mode=list FILE.csv: the medians of one program's figures.
# mode=limits folder=DIR limits.txt: each line "program benchmark figure <=|>= limit [of benchmark]" beside
# what DIR/program.csv says; exits 1 when a limit is not kept. "limit of benchmark": that many times the
# same figure of the other benchmark.

function fields_of(line, into) { gsub(/"/, "", line); return split(line, into, ",") }

# "sma/iterations:25_median" -> "sma"; "" for other rows than medians
function plain(name) {
  if (name !~ /_median$/) return ""
  sub(/_median$/, "", name)
  gsub(/\/(iterations:[0-9]+|manual_time|real_time|process_time|repeats:[0-9]+)/, "", name)
  return name
}

# Reads a program's file into value[program, benchmark, figure].
function load(program, path,    line, count, i, head, cell, name) {
  loaded[program] = 1
  while ((getline line < path) > 0) {
    if (line ~ /^name,/) { count = fields_of(line, head); continue }
    if (count == 0) continue
    fields_of(line, cell)
    name = plain(cell[1])
    if (name == "") continue
    for (i = 2; i <= count; i++) value[program, name, head[i]] = cell[i]
    unit[program, name] = value[program, name, "time_unit"]
    order[++rows] = name
    for (i = 2; i <= count; i++) columns[i] = head[i]
    column_count = count
  }
  close(path)
}

function number(x) { return x >= 1000 ? sprintf("%.0f", x) : sprintf("%.4g", x) }

mode == "list" { next }
/^#/ || NF < 5 { next }
{
  program = $1; benchmark = $2; figure = $3; sense = $4; limit = $5
  if (!(program in loaded)) load(program, folder "/" program ".csv")
  if (!((program, benchmark, figure) in value)) {
    printf "%-14s %-40s %-18s not measured\n", program, benchmark, figure
    failed = 1
    next
  }
  measured = value[program, benchmark, figure]
  said = number(limit)
  if ($6 == "of") {
    base = value[program, $7, figure]
    said = limit " x " number(base) " (" $7 ")"
    limit *= base
  }
  kept = sense == "<=" ? measured + 0 <= limit + 0 : measured + 0 >= limit + 0
  unit_said = figure ~ /_time$/ ? " " unit[program, benchmark] : ""
  printf "%-14s %-40s %-18s %12s%s %s %s  %s\n", program, benchmark, figure, number(measured), unit_said, sense, said, kept ? "kept" : "NOT KEPT"
  if (!kept) failed = 1
}

END {
  if (mode == "list") {
    load("program", FILENAME)
    for (row = 1; row <= rows; row++) {
      name = order[row]
      line = sprintf("  %-44s %10s %s", name, number(value["program", name, "cpu_time"]), unit["program", name])
      for (i = 6; i <= column_count; i++) {
        text = value["program", name, columns[i]]
        if (columns[i] !~ /^(label|error_occurred|error_message)$/ && text != "") line = line "  " columns[i] " " number(text)
      }
      print line
    }
  }
  exit failed
}
