"""Tells what differs between the files of a golden and those made now, for a reader."""
import csv
import difflib
import io
import json

MOST = 10  # differences shown of a file
WIDTH = 160


def cut(text):
    return text if len(text) <= WIDTH else text[:WIDTH - 3] + "..."


def values(pointer, old, new):
    """(JSON pointer, old, new) of each value that differs."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            at = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
            yield from values(at, old.get(key, ...), new.get(key, ...))
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(max(len(old), len(new))):
            yield from values(f"{pointer}/{index}", old[index] if index < len(old) else ...,
                              new[index] if index < len(new) else ...)
    elif type(old) is not type(new) or old != new:
        yield pointer, old, new


def in_json(old, new):
    def shown(value):
        return "(none)" if value is ... else json.dumps(value)
    # Numbers as they are written: 1 and 1.0 are other bytes.
    reading = {"parse_float": lambda text: ("number", text), "parse_int": lambda text: ("number", text)}
    found = values("", json.loads(old, **reading), json.loads(new, **reading))
    plain = [(at, a[1] if isinstance(a, tuple) else shown(a), b[1] if isinstance(b, tuple) else shown(b))
             for at, a, b in found]
    return [f"{at}: {a} -> {b}" for at, a, b in plain]


def in_csv(old, new):
    olds, news = (list(csv.reader(io.StringIO(text))) for text in (old, new))
    if len(olds) != len(news) or not olds or olds[0] != news[0]:
        raise ValueError("other rows or columns")
    return [f"line {line}, {column}: {a} -> {b}"
            for line, (before, after) in enumerate(zip(olds, news), 1)
            for column, a, b in zip(olds[0], before, after) if a != b]


def in_lines(old, new):
    """Lines that are gone, with their old numbers, and lines that came, with their new ones."""
    found, at = [], {}
    for line in difflib.unified_diff(old.splitlines(), new.splitlines(), n=0, lineterm=""):
        sign = line[0]
        if sign == "@":  # @@ -34,2 +34 @@
            at = {word[0]: int(word[1:].split(",")[0]) for word in line.split()[1:3]}
        elif at:  # after the two headers
            found.append(f"line {at[sign]}: {sign} {line[1:]}")
            at[sign] += 1
    return found or ["the ends of lines differ"]


def differences(name, old, new):
    """One line for each place."""
    special = {"json": in_json, "csv": in_csv}.get(name.rsplit(".", 1)[-1])
    if special:
        try:
            return special(old, new) or in_lines(old, new)
        except ValueError:  # a shortened file, or a broken one
            pass
    return in_lines(old, new)


def told(olds, news):
    """Text that says which files differ and how; empty where none does."""
    if not olds:
        return f"  is new: {' '.join(news)}"
    lines = []
    for name in sorted(olds.keys() | news.keys()):
        if name not in news:
            lines.append(f"  {name}: is no longer written")
        elif name not in olds:
            lines.append(f"  {name}: is new")
        elif olds[name] != news[name]:
            places = differences(name, olds[name], news[name])
            lines.append(f"  {name}: {len(places)} difference{'s' if len(places) > 1 else ''}")
            lines += [f"    {cut(place)}" for place in places[:MOST]]
            if len(places) > MOST:
                lines.append(f"    and {len(places) - MOST} more")
    return "\n".join(lines)


def counted(old, new):
    """Lines removed and added."""
    signs = [line[0] for line in difflib.unified_diff(old.splitlines(), new.splitlines(), n=0,
                                                      lineterm="")]
    return max(0, signs.count("-") - 1), max(0, signs.count("+") - 1)  # but for the two headers
