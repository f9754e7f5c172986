#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a run with a driver under test records of it: who it was, the digest of its library, the harness and its vectors, the
time of each function with its parts, the command; and that the reports say the same, and are made again from the record alone
to the same bytes.

usage: terminal_record.py ONECARD DRIVER.so SOURCE-FOLDER
"""
import hashlib
import html
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as tree

onecard, driver, source = sys.argv[1:]
folder_of_driver, spec = str(pathlib.Path(driver).parent), 'driver:./' + pathlib.Path(driver).name  # absolute paths are cut
arguments = ['run', '-q', '--seed', '7', '--profile', str(pathlib.Path(source) / 'vectors/cards/ssc-3.0.xml'), '--terminal', spec,
             '-k', '^TERM.(BAS.TYPE.CONTACT|READ.BY-KEY|SANITY)$']
wrong = []


def local(element):
    return element.tag.split('}')[-1]


def expect(what, is_so):
    if not is_so:
        wrong.append(what)


def check_record(root, library):
    version = subprocess.run([onecard, 'version'], check=True, capture_output=True, text=True).stdout.split()[1]
    passes = [e for e in root if local(e) == 'pass']
    expect('one pass', len(passes) == 1)
    expect('the terminal by its specification', passes[0].get('terminal') == spec)
    expect('the digest of the library', passes[0].get('terminal-sha256', '').lower() == library)
    expect('card, profile, link', passes[0].get('card') == 'virtual' and passes[0].get('profile') == 'ssc-3.0'
           and passes[0].get('transport') == 'inproc')
    expect('the version', root.get('suite-version') == version)
    expect('seed, times and exit code', root.get('seed') == '7' and root.get('started') <= root.get('ended')
           and root.get('exit-code') == '0')
    command = next(e.text for e in root if local(e) == 'command-line')
    expect('the command', command.startswith('onecard run ') and all(word in command for word in
                                                                     ('--seed 7', spec, arguments[-1])))
    vectors = next(e for e in root if local(e) == 'vectors')
    basic = next((e for e in vectors if e.get('path', '').endswith('read-basic.xml')), None)
    digest = hashlib.sha256((pathlib.Path(source) / 'vectors/terminal/read-basic.xml').read_bytes()).hexdigest()
    expect('the digests of the vectors', basic is not None and basic.get('sha256').lower() == digest)


def check_latency(root):
    series = {e.get('name'): e for e in root.iter() if local(e) == 'series'}
    calls = [s for s in root.iter() if local(s) == 'step' and s.get('class', '').startswith('terminal ')]
    expect('calls', len(calls) >= 6)
    for name in ('iReadCardBas', 'iReadCard'):
        own = [s for s in calls if s.get('class') == 'terminal ' + name]
        expect(name + ': as many samples as calls',
               int(series['terminal ' + name].get('n', '0')) == len(own) > 0)
        for part in ('card', 'link', 'own'):
            expect(f'{name}: the part {part}', f'terminal {name}: {part}' in series)
        expect(name + ': the card is a part of the whole',
               all(0 < int(s.get('card-ns')) < int(s.get('duration-ns')) and s.get('link-ns') for s in own))
        exchanged = [sum(int(e.get('duration-ns')) for e in s if local(e) == 'exchange') for s in own]
        expect(name + ': the exchanges take no longer than the call',
               all(ns <= int(s.get('duration-ns')) for ns, s in zip(exchanged, own)))


def check_reports(folder, root, library):
    page = html.unescape(re.sub(r'<[^>]+>', ' ', (folder / 'report.html').read_text()))
    command = next(e.text for e in root if local(e) == 'command-line')
    for what in (spec, library.upper(), command, 'terminal iReadCardBas', root.get('run-id', '')):
        expect('the page says ' + what, what in page)
    junit = (folder / 'junit.xml').read_text()
    expect('junit.xml names terminal and digest', spec in junit and library.upper() in junit)
    before = {name: (folder / name).read_bytes() for name in ('report.html', 'junit.xml')}
    again = folder / 'again'
    again.mkdir()
    subprocess.run([onecard, 'report', '-f', f'html={again}/report.html', '-f', f'junit={again}/junit.xml', folder / 'result.xml'],
                   check=True, stdout=subprocess.DEVNULL)
    for name, content in before.items():
        expect(name + ' made again is the same', (again / name).read_bytes() == content)


with tempfile.TemporaryDirectory() as out:
    subprocess.run([onecard, *arguments, '-o', out], check=True, stdout=subprocess.DEVNULL, cwd=folder_of_driver)
    record = tree.parse(pathlib.Path(out) / 'result.xml').getroot()
    sha256 = hashlib.sha256(pathlib.Path(driver).read_bytes()).hexdigest()
    check_record(record, sha256)
    check_latency(record)
    check_reports(pathlib.Path(out), record, sha256)
for text in wrong:
    print('not so:', text)
sys.exit(1 if wrong else 0)
