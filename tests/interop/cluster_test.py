#!/usr/bin/env python3
"""Runs what tools/cluster/ shows, here: cluster_test.py PROVLAB.

The command lines are taken out of the YAML files as their systems take them, and the Slurm scripts are run as they are.
What a system would set is set by hand, shard by shard; the reports of all must be what one machine comes to. Ends with
77, which CTest shows as skipped, where there is no PyYAML."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

try:
    import yaml
except ImportError:
    print('skipped: there is no PyYAML (Debian: apt-get install python3-yaml)')
    sys.exit(77)

PROVLAB = os.path.abspath(sys.argv[1])
SOURCE = pathlib.Path(__file__).resolve().parents[2]
CLUSTER = SOURCE / 'tools' / 'cluster'
SOAK_RUNS = '60'
SHARD_VARIABLES = re.compile(r'^(GTEST_|TEST_|JOB_|SLURM_|CI_|GITHUB_|NO_COLOR|FORCE_COLOR)')
failures = 0


def fail(what):
    global failures
    failures += 1
    print('FAILED:', what)


class Place:
    """A folder in which a system's shards and report run, with `provlab` on the path."""

    def __init__(self, scratch, name, suite):
        self.folder = scratch / name
        self.results = self.folder / 'results'
        programs = self.folder / 'bin'
        self.results.mkdir(parents=True)
        programs.mkdir()
        (programs / 'provlab').symlink_to(PROVLAB)
        self.environment = {k: v for k, v in os.environ.items() if not SHARD_VARIABLES.match(k)}
        self.environment['PATH'] = f'{programs}:{self.environment["PATH"]}'
        self.own = {'SUITE': str(suite), 'SOAK_RUNS': SOAK_RUNS, 'RESULTS': str(self.results)}

    def run(self, command, variables):
        """Where our own variables and the file's are of one name ours hold: paths and numbers are of this machine."""
        environment = {**self.environment, **variables, **self.own}
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=300)
        return done.returncode, done.stdout + done.stderr


def block_of(job):
    """The container of a Job: its command line and its variables."""
    container = job['spec']['template']['spec']['containers'][0]
    variables = {each['name']: each['value'] for each in container['env']}
    return container['command'] + container['args'], variables


def kubernetes(place):
    job = yaml.safe_load((CLUSTER / 'kubernetes-shards.yaml').read_text())
    command, variables = block_of(job)
    count = job['spec']['completions']
    if job['spec']['completionMode'] != 'Indexed' or variables['JOB_COMPLETIONS'] != str(count):
        fail('kubernetes-shards.yaml is no Indexed Job that tells its number of completions')
    shards = [place.run(command, {**variables, 'JOB_COMPLETION_INDEX': str(index)}) for index in range(count)]
    report = yaml.safe_load((CLUSTER / 'kubernetes-report.yaml').read_text())
    command, variables = block_of(report)
    return shards, place.run(command, variables)


def slurm(place):
    script = CLUSTER / 'slurm-shards.sh'
    first, last = map(int, re.search(r'#SBATCH --array=(\d+)-(\d+)', script.read_text()).groups())
    array = {'SLURM_ARRAY_TASK_MIN': str(first), 'SLURM_ARRAY_TASK_MAX': str(last),
             'SLURM_ARRAY_TASK_COUNT': str(last - first + 1), 'SLURM_ARRAY_TASK_STEP': '1'}
    shards = [place.run([str(script)], {**array, 'SLURM_ARRAY_TASK_ID': str(task)}) for task in range(first, last + 1)]
    return shards, place.run([str(CLUSTER / 'slurm-report.sh')], {})


def evaluated(text, context):
    """Without expressions: ${{ matrix.index }} becomes its value."""
    return re.sub(r'\$\{\{\s*([\w.-]+)\s*\}\}', lambda found: str(context[found.group(1)]), text)


def github(place):
    flow = yaml.safe_load((CLUSTER / 'github-matrix.yml').read_text())
    indices = flow['jobs']['shard']['strategy']['matrix']['index']

    def steps(job, context):
        variables = {**flow['env'], **{k: evaluated(v, context) for k, v in job.get('env', {}).items()}}
        code, said = 0, ''
        for step in job['steps']:
            if 'run' not in step or (code != 0 and step.get('if') != 'always()'):
                continue
            one, words = place.run(['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c', step['run']], variables)
            code, said = code or one, said + words
        return code, said

    shards = [steps(flow['jobs']['shard'], {'matrix.index': index, 'strategy.job-total': len(indices)})
              for index in indices]
    return shards, steps(flow['jobs']['report'], {})


def gitlab(place):
    pipeline = yaml.safe_load((CLUSTER / 'gitlab-parallel.yml').read_text())
    shard, report = pipeline['provlab:shards'], pipeline['provlab:report']

    def script(job, variables):
        return place.run(['sh', '-ec', '\n'.join(job['script'])], {**pipeline['variables'], **variables})

    count = shard['parallel']
    shards = [script(shard, {'CI_NODE_INDEX': str(index), 'CI_NODE_TOTAL': str(count)})
              for index in range(1, count + 1)]
    done = script(report, {'CI_NODE_TOTAL': '1'})
    for name in report['artifacts']['reports']['junit'] + [report['artifacts']['reports']['codequality']]:
        if not (place.folder / name).is_file():
            fail(f'gitlab-parallel.yml names {name}, which nothing has written')
    return shards, done


def github_compare(scratch, suite):
    """The job that comments on a change: silent about equal builds, with words about another one."""
    flow = yaml.safe_load((CLUSTER / 'github-compare.yml').read_text())
    steps = [step['run'] for step in flow['jobs']['compare']['steps'] if step.get('name') in ('Compare', 'Comment')]
    for name, command, commented in (('equal', f'exec {PROVLAB} "$@"', False),
                                     ('other', f'test "$1" = run && set -- "$@" --seed 99; exec {PROVLAB} "$@"', True)):
        place = Place(scratch, f'compare-{name}', suite)
        before = place.folder / 'before'
        before.write_text(f'#!/bin/sh\n{command}\n')
        speaker = place.folder / 'bin' / 'gh'
        speaker.write_text('#!/bin/sh\ncat "$5" > said\n')
        for program in (before, speaker):
            program.chmod(0o755)
        variables = {**flow['env'], 'PULL_REQUEST': '7'}
        place.own['BEFORE'] = str(before)
        for step in steps:
            code, said = place.run(['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c', step], variables)
            if code != 0:
                fail(f'github-compare.yml: a step ends with {code}: {said}')
        comment = place.folder / 'said'
        if comment.is_file() != commented:
            fail(f'github-compare.yml: of the {name} build it says ' + ('nothing' if commented else comment.read_text()))
        elif commented and 'only times differ' not in comment.read_text():
            fail('github-compare.yml: its comment does not tell what differs: ' + comment.read_text())
        if not (place.results / 'changed.xml').is_file():
            fail('github-compare.yml: there is no JUnit report')


def without_times(file):
    return re.sub(r'"(wall_seconds|threads)":[0-9.]+', '', file.read_text())


def judge(place, run, system, code, whole):
    shards, (reported, said) = run(place)
    for number, (ended, words) in enumerate(shards):
        if ended != 0:
            fail(f'{system}: shard {number} ends with {ended}: {words}')
        if 'because of' not in words:
            fail(f'{system}: shard {number} does not know that it is one: {words}')
    if reported != code:
        fail(f'{system}: the report ends with {reported}, not {code}: {said}')
    for kind in ('suite', 'soak'):
        parts = sorted(str(file) for file in place.results.glob(f'{kind}-*.json'))
        merged = place.results / f'merged-{kind}.json'
        subprocess.run([PROVLAB, 'report', *parts, '--json', str(merged)], env=place.environment, capture_output=True)
        if not merged.is_file() or without_times(merged) != without_times(whole / f'{kind}.json'):
            fail(f'{system}: what is put together of {len(parts)} {kind} shards is not what one machine reports')
        if not (place.results / f'{kind}.xml').is_file():
            fail(f'{system}: there is no JUnit report of the {kind}')
    return said


def main():
    with tempfile.TemporaryDirectory() as temporary:
        scratch = pathlib.Path(temporary)
        suite = scratch / 'suite'
        shutil.copytree(SOURCE / 'scenarios' / 'reference', suite)
        race = suite / 'redirect-beats-multicast.xml'
        race.write_text(race.read_text().replace('<winner is="first-answer"/>', '<winner is="redirect"/>'))
        whole = scratch / 'whole'
        alone = Place(scratch, 'alone', suite)
        for arguments in (['run', str(suite), '--shard', '1/1', '--json', str(whole / 'suite.json')],
                          ['soak', '--runs', SOAK_RUNS, '--shard', '1/1', '--json', str(whole / 'soak.json')]):
            alone.run([PROVLAB, *arguments], {})
        if json.loads((whole / 'suite.json').read_text())['failed'] == 0:
            fail('the suite was to have a scenario that fails')
        github_compare(scratch, suite)
        for run in (kubernetes, slurm, github, gitlab):
            said = judge(Place(scratch, run.__name__, suite), run, run.__name__, 1, whole)
            if run is github and '::error file=' not in said:
                fail('github-matrix.yml marks nothing')
    return failures


if __name__ == '__main__':
    sys.exit(1 if main() else 0)
