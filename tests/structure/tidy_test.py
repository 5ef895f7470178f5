#!/usr/bin/env python3
"""tidy.sh fails on a finding in what has changed, and looks at no more than it should."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
SOUND = 'int* nothing() { return nullptr; }\n'
WRONG = 'int* nothing() { return 0; }\n'  # modernize-use-nullptr


class Trees(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name).resolve()
        self.git('init', '--quiet', '--initial-branch=main')
        shutil.copy(HERE.parent.parent / '.clang-tidy', self.root)
        self.write('base/old.cpp', WRONG)
        self.write('base/one.cpp', SOUND)
        self.write('base/one.hpp', '#pragma once\n')
        command = [{'directory': str(self.root), 'file': str(self.root / name),
                    'command': f'c++ -Wno-restrict -std=c++20 -c {name}'}
                   for name in ('base/old.cpp', 'base/one.cpp')]
        self.write('compile_commands.json', json.dumps(command))
        self.commit()
        self.commit_of('README.md', 'A tree.\n')

    def git(self, *arguments):
        identity = ('-c', 'user.name=test', '-c', 'user.email=test@localhost')
        done = subprocess.run(('git', *identity, *arguments), cwd=self.root, check=True,
                              capture_output=True, text=True)
        return done.stdout.strip()

    def write(self, name, text):
        (self.root / name).parent.mkdir(exist_ok=True)
        (self.root / name).write_text(text, encoding='utf-8')

    def commit(self):
        self.git('add', '--all')
        self.git('commit', '--quiet', '--message=change')
        return self.git('rev-parse', 'HEAD')

    def tidy(self, mode, **environment):
        settings = {key: value for key, value in os.environ.items() if key != 'REHEARSE_BASE'}
        return subprocess.run((HERE / 'tidy.sh', mode, self.root, self.root),
                              env={**settings, **environment}, capture_output=True, text=True,
                              check=False)

    def assert_passes(self, done):
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def assert_finds(self, done, name):
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn(name, done.stdout)
        self.assertIn('modernize-use-nullptr', done.stdout)

    def test_a_finding_in_a_changed_source_fails(self):
        self.write('base/one.cpp', WRONG)
        self.commit()
        self.assert_finds(self.tidy('changed'), 'base/one.cpp')

    def test_a_finding_in_a_changed_header_fails_before_it_is_committed(self):
        self.write('base/two.hpp', '#pragma once\ninline ' + WRONG)
        self.assert_finds(self.tidy('changed'), 'base/two.hpp')

    def test_what_has_not_changed_is_left_to_the_run_over_all(self):
        self.write('base/one.cpp', '\n' + SOUND)
        self.commit()
        self.assert_passes(self.tidy('changed'))
        self.assert_finds(self.tidy('all'), 'base/old.cpp')

    def test_changes_are_those_since_the_base(self):
        base = self.commit_of('base/one.cpp', WRONG)
        self.commit_of('base/one.hpp', '#pragma once\n\n')
        self.assert_passes(self.tidy('changed'))
        self.assert_finds(self.tidy('changed', REHEARSE_BASE=base + '~1'), 'base/one.cpp')
        self.git('update-ref', 'refs/remotes/origin/HEAD', base + '~1')
        self.assert_finds(self.tidy('changed'), 'base/one.cpp')

    def test_changed_checks_are_put_to_all(self):
        text = (self.root / '.clang-tidy').read_text(encoding='utf-8')
        self.commit_of('.clang-tidy', '# Anew.\n' + text)
        self.assert_finds(self.tidy('changed'), 'base/old.cpp')

    def commit_of(self, name, text):
        self.write(name, text)
        return self.commit()


if __name__ == '__main__':
    if not shutil.which('clang-tidy-16'):
        print('SKIPPED: clang-tidy-16 is not installed')
        sys.exit(77)
    unittest.main()
