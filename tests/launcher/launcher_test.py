#!/usr/bin/env python3
"""./rehearse and ./check, in a copy of the tree's scripts with stand-ins for the tools they call.

The stand-ins write their calls to a log; "ninja" makes the program. So the tests see what would have
been installed and built, in a folder whose name holds spaces.
"""
import json
import os
import pathlib
import pty
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = '#!/bin/sh\necho "$PWD"\nfor a; do echo "<$a>"; done\nexit 7\n'
TOOLS = {
    'apt-get': 'case "$*" in *"install"*) touch "$FAKES/installed" ;; esac',
    'dpkg-query': '[ -f "$FAKES/installed" ] || exit 1\n'
                  'while [ "$1" != "" ]; do echo "installed $1"; shift; done',
    'cmake': 'mkdir -p build/release\ntouch build/release/build.ninja\n'
             'echo "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD\nBUILD_TESTING:BOOL=${4#*=}" '
             '>build/release/CMakeCache.txt',
    # Prints its status as ninja does, for the steps "DONE STEPS SECONDS" in a file.
    'ninja': 'if [ -f "$FAKES/steps" ]; then while read -r f t e; do\n'
             'printf "%sBuilding a.o\\n" "$NINJA_STATUS" | sed "s/%f/$f/;s/%t/$t/;s/%e/$e/"\n'
             'done <"$FAKES/steps"; fi\n'
             '[ ! -f "$FAKES/broken" ] || { echo "error: no semicolon"; exit 1; }\n'
             'echo "ccache in ${CCACHE_DIR:-home}" >>"$FAKES/log"\n'
             'cp "$FAKES/program" "$2/rehearse"\nchmod +x "$2/rehearse"',
    'ctest': 'case "$*" in\n*show-only*) cat "$FAKES/listing" ;;\n'
             '*) echo "100% tests passed, 0 tests failed out of 1" ;;\nesac',
    'id': 'cat "$FAKES/uid"',
}
REAL_TOOLS = ['cat', 'chmod', 'cp', 'env', 'find', 'flock', 'getconf', 'grep', 'mkdir', 'mv',
              'readlink', 'rm', 'sed', 'sh', 'tail', 'touch']
LISTING = {'tests': [{'name': 'base: one', 'command': ['base_test', 'one']}],
           'backtraceGraph': {'nodes': [], 'files': []}}


class Launcher(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.tree = self.folder / 'a tree with spaces'
        (self.tree / 'cmake').mkdir(parents=True)
        for name in ('rehearse', 'check', 'cmake/setup.sh', 'tests/structure/cpp_scan.py',
                     'tests/nets/listed_tests.py', 'tests/nets/skipped_tests.py'):
            (self.tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.tree / name)
        self.write('CMakeLists.txt', 'rehearse_room(base)\nif(X)\n  rehearse_room(sim CALLS base)\n')
        self.write('CMakePresets.json', '{}')
        self.write('packages.txt', '# packages\nlibone-dev\nlibtwo-dev run\ncatch2 test\n')
        self.write('base/a.cpp', '')
        self.write('sim/b.cpp', '')
        self.write('tests/base/a_test.cpp', 'TEST_CASE("one") {}\n')
        self.write('tests/skips.txt', '')
        self.fakes = self.folder / 'fakes'
        self.fakes.mkdir()
        for tool in REAL_TOOLS:
            (self.fakes / tool).symlink_to(shutil.which(tool))
        (self.fakes / 'python3').symlink_to(os.path.realpath(sys.executable))
        for tool, body in TOOLS.items():
            self.fake(tool, f'echo "{tool} $*" >>"$FAKES/log"\n{body}\n')
        (self.fakes / 'uid').write_text('0')
        (self.fakes / 'program').write_text(PROGRAM)
        (self.fakes / 'listing').write_text(json.dumps(LISTING))
        self.environment = {'PATH': str(self.fakes), 'FAKES': str(self.fakes),
                            'HOME': str(self.folder / 'home')}

    def write(self, name, text):
        path = self.tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def fake(self, tool, body):
        path = self.fakes / tool
        path.unlink(missing_ok=True)
        path.write_text('#!/bin/sh\n' + body)
        path.chmod(0o755)

    def call(self, *arguments, script='rehearse', cwd=None):
        """Returns the finished call and what it asked of the stand-ins."""
        log = self.fakes / 'log'
        log.write_text('')
        done = subprocess.run([self.tree / script, *arguments], cwd=cwd or self.folder, text=True,
                              env=self.environment, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=60, check=False)
        return done, log.read_text()

    def edit(self, name):
        """Changes a file after the build, whatever the clock's resolution."""
        path = self.tree / name
        path.touch()
        later = time.time() + 2
        os.utime(path, (later, later))

    def test_the_first_call_installs_builds_and_runs(self):
        done, asked = self.call('run', 'a file.json')
        self.assertEqual(done.returncode, 7, done.stderr)
        self.assertEqual(done.stdout, f'{self.folder}\n<run>\n<a file.json>\n')
        self.assertIn('install -y --no-install-recommends libone-dev libtwo-dev\n', asked)
        self.assertNotIn('catch2', asked)
        self.assertIn('cmake --preset release', asked)
        self.assertIn('rehearse_cli', asked)
        self.assertIn('building', done.stderr)

    def test_a_second_call_is_quiet_and_calls_no_tool(self):
        self.call()
        done, asked = self.call('--help')
        self.assertEqual((done.returncode, done.stderr, asked), (7, '', ''))

    def test_an_edited_source_is_built_again(self):
        self.call()
        self.edit('sim/b.cpp')
        done, asked = self.call()
        self.assertIn('rehearse_cli', asked)
        self.assertNotIn('cmake', asked)
        self.assertIn('sources have changed', done.stderr)

    def test_a_removed_source_is_built_again(self):
        self.call()
        (self.tree / 'base/a.cpp').unlink()
        self.edit('base')
        self.assertIn('rehearse_cli', self.call()[1])

    def test_a_scenario_or_test_that_changes_builds_nothing(self):
        self.call()
        self.write('scenarios/x.json', '{}')
        self.edit('scenarios/x.json')
        self.assertEqual(self.call()[1], '')

    def test_a_moved_tree_is_configured_again(self):
        self.call()
        moved = self.folder / 'moved'
        self.tree.rename(moved)
        self.tree = moved
        asked = self.call()[1]
        self.assertIn('cmake --preset release', asked)
        self.assertEqual(self.call()[1], '')

    def test_a_link_to_the_script_finds_the_tree(self):
        link = self.folder / 'rehearse-link'
        link.symlink_to(self.tree / 'rehearse')
        self.call()
        done = subprocess.run([link, 'x'], env=self.environment, text=True, capture_output=True,
                              timeout=60, check=False)
        self.assertEqual((done.returncode, done.stderr), (7, ''))

    def test_without_apt_the_packages_are_named_and_nothing_is_built(self):
        (self.fakes / 'apt-get').unlink()
        done, asked = self.call()
        self.assertEqual((done.returncode, done.stdout), (2, ''))
        self.assertIn('libone-dev', done.stderr)
        self.assertIn('libtwo-dev', done.stderr)
        self.assertNotIn('ninja', asked)

    def test_libraries_that_came_another_way_are_taken(self):
        (self.fakes / 'apt-get').unlink()
        self.environment['REHEARSE_INSTALL'] = 'no'
        self.assertEqual(self.call()[0].returncode, 7)

    def test_without_root_and_sudo_the_command_is_named(self):
        (self.fakes / 'uid').write_text('1000')
        done, asked = self.call()
        self.assertEqual(done.returncode, 2)
        self.assertIn('apt-get install libone-dev libtwo-dev', done.stderr)
        self.assertNotIn('apt-get', asked)

    def test_without_root_sudo_installs(self):
        (self.fakes / 'uid').write_text('1000')
        self.fake('sudo', 'echo "sudo $*" >>"$FAKES/log"\n"$@"\n')
        done, asked = self.call()
        self.assertEqual(done.returncode, 7, done.stderr)
        self.assertIn('sudo env DEBIAN_FRONTEND=noninteractive apt-get', asked)

    def test_a_failed_build_ends_with_status_3_shows_why_and_is_tried_again(self):
        (self.fakes / 'broken').touch()
        done, _ = self.call()
        self.assertEqual((done.returncode, done.stdout), (3, ''))
        self.assertIn('no semicolon', done.stderr)
        (self.fakes / 'broken').unlink()
        self.assertEqual(self.call()[0].returncode, 7)

    def steps(self, *steps):
        """What the stand-in for ninja says of its progress, each "DONE STEPS SECONDS"."""
        (self.fakes / 'steps').write_text(''.join(step + '\n' for step in steps))

    def progress(self, done):
        return [line for line in done.stderr.splitlines() if line.startswith('rehearse: built')]

    def test_progress_is_told_by_tenths_with_an_estimate_of_what_is_left(self):
        self.steps('1 2 0.1', '1 100 3.0', '8 100 20.5', '10 100 31.9', '11 100 32.0', '20 100 60.0',
                   '35 100 61.0', '40 100 100.0', '90 100 450.0', '100 100 500.0')
        done, _ = self.call()
        self.assertEqual(self.progress(done), [
            'rehearse: built 10 of 100, about 5 min left',
            'rehearse: built 20 of 100, about 4 min left',
            'rehearse: built 40 of 100, about 3 min left',
            'rehearse: built 90 of 100, about 50 s left',
            'rehearse: built 100 of 100'])
        log = (self.tree / 'build/setup.log').read_text()
        self.assertIn('Building a.o', log)

    def test_progress_begins_again_where_ninja_does(self):
        self.steps('1 1 40.0', '30 100 11.0')
        self.assertEqual(self.progress(self.call()[0])[-1],
                         'rehearse: built 30 of 100, about 30 s left')

    def test_a_short_build_tells_no_progress(self):
        self.steps('1 3 2.0', '2 3 4.0', '3 3 9.0')
        self.assertEqual(self.progress(self.call()[0]), [])

    def test_on_a_terminal_one_line_is_written_again_and_then_removed(self):
        self.steps('1 10 1.0', '5 10 200.0', '10 10 400.0')
        self.assertEqual(self.call_on_terminal().split('\r'), [
            'rehearse: building the program; this takes some minutes, once\n',
            'rehearse: built 1 of 10\33[K',
            'rehearse: built 5 of 10, about 3 min left\33[K',
            'rehearse: built 10 of 10\33[K',
            '\33[K'])

    def test_on_a_terminal_a_failed_build_shows_why(self):
        self.steps('1 10 1.0')
        (self.fakes / 'broken').touch()
        self.assertIn('\nerror: no semicolon\n', self.call_on_terminal())

    def call_on_terminal(self):
        """What ./rehearse writes where stderr is a terminal and no package is missing."""
        (self.fakes / 'installed').touch()
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        process = subprocess.Popen([self.tree / 'rehearse'], env=self.environment, stderr=theirs,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        os.close(theirs)
        written = b''
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:  # the other side is closed
                break
            written += piece
            if not piece:
                break
        process.wait(timeout=60)
        return written.decode().replace('\r\n', '\n')

    def test_a_home_that_cannot_be_written_is_not_needed(self):
        self.environment['HOME'] = '/dev/null'
        done, asked = self.call()
        self.assertEqual(done.returncode, 7, done.stderr)
        self.assertIn(f'ccache in {self.tree}/build/ccache', asked)

    def test_check_installs_more_builds_all_and_ends_as_ctest_does(self):
        done, asked = self.call(script='check')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('libone-dev libtwo-dev catch2', asked)
        self.assertTrue(done.stdout.endswith('0 tests failed out of 1\n'))
        self.assertIn('-LE ^long$', asked)
        # What it built is what ./rehearse runs.
        self.assertEqual(self.call()[1], '')

    def test_check_configures_a_tree_that_was_built_without_tests(self):
        (self.fakes / 'installed').touch()  # so that nothing has to come
        self.assertIn('BUILD_TESTING=OFF', self.call()[1])
        self.assertIn('BUILD_TESTING=ON', self.call(script='check')[1])
        self.assertNotIn('cmake --preset release', self.call(script='check')[1])
        self.edit('sim/b.cpp')
        self.assertNotIn('cmake', self.call()[1])

    def test_check_configures_when_packages_have_come(self):
        self.call(script='check')
        (self.fakes / 'installed').unlink()
        self.assertIn('BUILD_TESTING=ON', self.call(script='check')[1])

    def test_check_fails_when_fewer_tests_are_listed_than_the_sources_hold(self):
        self.write('tests/base/b_test.cpp', 'TEST_CASE("two") {}\n')
        done, asked = self.call('-R', 'one', script='check')
        self.assertEqual(done.returncode, 1)
        self.assertIn('tests/base holds 2 test cases, and 1 of base_test are listed', done.stderr)
        self.assertNotIn('-R one', asked)

    def test_check_long_leaves_nothing_out_and_passes_arguments_on(self):
        asked = self.call('--long', '-R', 'store', script='check')[1]
        self.assertNotIn('-LE', asked)
        self.assertIn('-R store', asked)

    def test_check_update_golden_builds_the_program_and_calls_the_driver(self):
        (self.tree / 'tests/golden').mkdir(parents=True)
        self.write('tests/golden/golden.py', 'import sys\nprint(sys.argv[1:])\nsys.exit(5)\n')
        done, asked = self.call('--update-golden', 'incidents/*', script='check')
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertEqual(done.stdout, f"['update', '{self.tree}/build/release/rehearse', 'incidents/*']\n")
        self.assertIn('rehearse_cli', asked)
        self.assertNotIn('ctest', asked)


if __name__ == '__main__':
    sys.dont_write_bytecode = True
    unittest.main()
