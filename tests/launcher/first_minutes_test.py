#!/usr/bin/env python3
"""The README's two commands in their order where Catch2 is not installed, with the real CMake.

The tree is small: this tree's scripts and CMake files, but a room is one empty source file, and three
test cases and a script are all its tests. Stand-ins install packages; Catch2 is hidden from CMake
until they have.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
COPIED = ['rehearse', 'check', 'CMakeLists.txt', 'CMakePresets.json', 'packages.txt', 'cmake',
          'tests/CMakeLists.txt', 'tests/support', 'tests/nets', 'tests/structure/cpp_scan.py']
TOOLS = {
    'apt-get': 'case "$*" in *install*catch2*) touch "$FAKES/installed" ;; esac',
    'dpkg-query': 'while [ "$1" != "" ]; do\n'
                  '  [ "$1" = catch2 ] && [ ! -f "$FAKES/installed" ] || echo "installed $1"\n'
                  '  shift\ndone',
    'cmake': '[ "$1" = --preset ] || exec "$CMAKE" "$@"\n'
             'hidden=ON\n[ ! -f "$FAKES/installed" ] || hidden=OFF\n'
             'exec "$CMAKE" "$@" -D CMAKE_DISABLE_FIND_PACKAGE_Catch2=$hidden',
}
MAIN = 'int main(int, char**) { return 7; }\n'
TEST = '#include <catch2/catch.hpp>\nTEST_CASE("one") { CHECK(true); }\n'
SCRIPT_TEST = 'add_test(NAME "structure: a script" COMMAND ${CMAKE_COMMAND} -E true)\n'


class FirstMinutes(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.tree = pathlib.Path(temporary.name) / 'tree'
        for name in COPIED:
            (self.tree / name).parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, self.tree / name)
        for room in re.findall(r'rehearse_room\((\w+)', (ROOT / 'CMakeLists.txt').read_text()):
            self.write(f'{room}/room.cpp', f'namespace rehearse::{room} {{}}\n')
        self.write('app/main.cpp', MAIN)
        self.write('tests/skips.txt', '')
        for folder in re.findall(r'add_subdirectory\((\S+)\)', (ROOT / 'tests/CMakeLists.txt').read_text()):
            self.write(f'tests/{folder}/CMakeLists.txt', '')
        self.write('tests/fuzz/CMakeLists.txt', 'if(REHEARSE_FUZZ)\n  add_custom_target(fuzzers)\nendif()\n')
        self.write('tests/structure/CMakeLists.txt', SCRIPT_TEST)
        self.write('tests/base/a_test.cpp', TEST + 'TEST_CASE("two", "[long]") { CHECK(true); }\n')
        self.write('tests/world/a_test.cpp', TEST)
        self.fakes = pathlib.Path(temporary.name) / 'fakes'
        self.fakes.mkdir()
        for tool, body in TOOLS.items():
            (self.fakes / tool).write_text(f'#!/bin/sh\n{body}\n')
            (self.fakes / tool).chmod(0o755)
        self.environment = {**os.environ, 'FAKES': str(self.fakes), 'CMAKE': shutil.which('cmake'),
                            'PATH': f'{self.fakes}:{os.environ["PATH"]}'}
        self.environment.pop('REHEARSE_INSTALL', None)

    def write(self, name, text):
        path = self.tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def call(self, *arguments, **environment):
        return subprocess.run(arguments, cwd=self.tree, env={**self.environment, **environment}, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False)

    def test_after_the_first_run_check_runs_all_tests(self):
        ran = self.call('./rehearse')
        self.assertEqual(ran.returncode, 7, ran.stderr)
        self.assertFalse((self.fakes / 'installed').exists())

        lacking = self.call('./check', REHEARSE_INSTALL='no')
        self.assertEqual(lacking.returncode, 3, lacking.stdout)
        self.assertIn('There is no Catch2', ' '.join(lacking.stderr.split()))

        checked = self.call('./check')
        self.assertTrue((self.fakes / 'installed').exists())
        self.assertEqual(checked.returncode, 0, checked.stderr + checked.stdout)
        self.assertIn('4 tests are listed', checked.stdout)
        self.assertIn('100% tests passed, 0 tests failed out of 3', checked.stdout)

        self.assertIn('0 tests failed out of 4', self.call('./check', '--long').stdout)
        self.assertIn('0 tests failed out of 2', self.call('./check', '-R', 'one').stdout)
        self.assertEqual(self.call('./rehearse').returncode, 7)


if __name__ == '__main__':
    sys.dont_write_bytecode = True
    unittest.main()
