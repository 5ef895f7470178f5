"""The driver of the goldens: what it tells of a difference, and what it keeps of an output."""
import hashlib
import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import differences  # noqa: E402
import outputs  # noqa: E402


class Differences(unittest.TestCase):
    def test_equal_files_differ_in_nothing(self):
        self.assertEqual(differences.told({"a.json": "{}"}, {"a.json": "{}"}), "")

    def test_a_number_of_a_json_file_is_named_by_its_pointer(self):
        told = differences.told({"summary.json": '{"metrics": {"a/b": 1, "c": [0.5]}, "gone": 1}'},
                                {"summary.json": '{"metrics": {"a/b": 1.0, "c": [0.25, 2]}}'})
        self.assertEqual(told, "  summary.json: 4 differences\n    /metrics/a~1b: 1 -> 1.0\n"
                               "    /metrics/c/0: 0.5 -> 0.25\n    /metrics/c/1: (none) -> 2\n"
                               "    /gone: 1 -> (none)")

    def test_other_spaces_in_a_json_file_are_a_difference(self):
        self.assertIn("line 1: - {}", differences.told({"a.json": "{}"}, {"a.json": "{ }"}))

    def test_a_field_of_a_table_is_named_by_line_and_column(self):
        told = differences.told({"t.csv": "begin_s,age\n0,1\n5,2\n"}, {"t.csv": "begin_s,age\n0,1\n5,3\n"})
        self.assertEqual(told, "  t.csv: 1 difference\n    line 3, age: 2 -> 3")

    def test_lines_of_text_are_shown_with_their_numbers_and_not_all(self):
        told = differences.told({"stdout.txt": "a\nb\nc\n"}, {"stdout.txt": "a\nB\nc\nd\n"})
        self.assertEqual(told, "  stdout.txt: 3 differences\n    line 2: - b\n    line 2: + B\n"
                               "    line 4: + d")
        many = differences.told({"x.txt": "a\n" * 30}, {"x.txt": "b\n" * 30})
        self.assertEqual(many.count("\n"), differences.MOST + 1)
        self.assertTrue(many.endswith(f"and {60 - differences.MOST} more"))

    def test_a_line_end_is_a_difference(self):
        self.assertIn("ends of lines", differences.told({"x.txt": "a\n"}, {"x.txt": "a"}))

    def test_files_that_come_and_go_are_named(self):
        told = differences.told({"a": "", "b": ""}, {"b": "", "c": ""})
        self.assertEqual(told, "  a: is no longer written\n  c: is new")


class Outputs(unittest.TestCase):
    def test_the_version_alone_is_left_out(self):
        text = '{\n  "scenario": "s",\n  "version": "0.1.0",\n  "metrics": {}\n}\n'
        self.assertEqual(outputs.without_version(text), '{\n  "scenario": "s",\n  "metrics": {}\n}\n')
        format_number = '{\n  "format": "f",\n  "version": 1\n}\n'
        self.assertEqual(outputs.without_version(format_number), format_number)

    def test_a_shortened_text_still_tells_of_each_line(self):
        lines = [f"line {i:0100}\n" for i in range(1000)]
        kept = outputs.shortened("".join(lines))
        self.assertEqual(kept.splitlines(keepends=True)[:outputs.BEGINNING], lines[:outputs.BEGINNING])
        self.assertIn("[920 lines, sha256 ", kept)
        lines[500] = "another\n"
        self.assertNotEqual(outputs.shortened("".join(lines)), kept)
        self.assertEqual(outputs.shortened("short\n"), "short\n")

    def test_a_summary_with_many_divergences_stays_json_and_tells_of_each(self):
        rows = [f'    {{"entity":"e{i}"}}' for i in range(50)]

        def kept():
            text = '{\n  "divergences": [\n' + ",\n".join(rows) + '\n  ],\n  "digest": "d"\n}\n'
            return outputs.fewer_divergences(text)
        before = json.loads(kept())
        self.assertEqual(before["digest"], "d")
        self.assertEqual(before["divergences"][-2]["more"], 50 - outputs.DIVERGENCES)
        self.assertEqual(before["divergences"][-1], {"entity": "e49"})
        rows[30] = '    {"entity":"x"}'
        self.assertNotEqual(json.loads(kept()), before)

    def test_a_trace_is_told_by_kind_of_record_without_the_version(self):
        rows = ['{"kind":"start"}\n', '{"at":5,"kind":"ack","event":1}\n', '{"at":6,"kind":"ack"}\n']
        with tempfile.TemporaryDirectory() as folder:
            trace = pathlib.Path(folder) / "trace.jsonl"

            def digest(program):
                trace.write_text(json.dumps({"seed": 1, "program": program}) + "\n" + "".join(rows),
                                 encoding="utf-8")
                return outputs.trace_digest(trace).splitlines()
            first = digest("0.1.0")
            self.assertEqual(first, digest("0.2.0"))
            rows[2] = '{"at":7,"kind":"ack"}\n'
            changed = [line.split()[0] for line, before in zip(digest("0.1.0"), first) if line != before]
        self.assertEqual(first[-1], "all 3 " + hashlib.sha256(
            b'{"kind":"start"}\n{"at":5,"kind":"ack","event":1}\n{"at":6,"kind":"ack"}\n').hexdigest())
        self.assertEqual(changed, ["ack", "all"])


if __name__ == "__main__":
    unittest.main()
