#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the vectors try of the driver interface, taken from runs of the virtual terminal: each function under its official
name, success and failure, with both algorithms, on cards of three generations, by contacts and without; the return codes,
the groups of cases, and what integrators complain of. A hole without a reason fails.

usage: terminal_table.py ONECARD SOURCE-FOLDER
"""
import collections
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as tree

PSAM = 'iReadCardBas iReadCard iWriteCard iVerifyPIN iChangePIN iReloadPIN iUnblockPIN iDoDebit iReadDebitRecord'.split()
HSM = [f'{name}_HSM_Step{step}' for name, steps in (('iReadCardBas', 2), ('iReadCard', 2), ('iWriteCard', 2), ('iReloadPIN', 3),
                                                    ('iUnblockPIN', 3), ('iDoDebit', 2)) for step in range(1, steps + 1)]
PKI = ['PKI_SignData', 'PKI_VerifySign']
# Enough of them to find each function used and refused.
CASES = (r'^TERM\.(BAS\.TYPE|READ\.BY-KEY|WRITE\.ITEM|PIN\.(VERIFY|CHANGE|RELOAD|UNBLOCK)|DEBIT\.OWN|RECORD\.(ONE|WRONG-PIN)|'
         r'HSM\.(BASIC|TYPE|ORDER|READ|WRITE|RELOAD|UNBLOCK|DEBIT)|PKI\.(SIGN|VERIFY)|SANITY)')
READING = ['iReadCardBas', 'iReadCard'] + HSM[:4]

# Profile, interface, algorithm, and the functions that the card leaves out, with the reason.
NO_PKI = {name: 'no certificate application' for name in PKI}
RUNS = [
    ('ssc-1.0', 'contact', '3DES', NO_PKI),
    ('ssc-2.0', 'contact', '3DES', NO_PKI),
    ('ssc-3.0', 'contact', 'SM4', {}),
    ('ssc-3.0', 'contactless', 'SM4',
     {name: 'PINs and updates by contacts alone' for name in PSAM + HSM + PKI if name not in READING}),
    ('ssc-3.0-t1', 'contactless', 'SM4', {}),
]

# Return codes of the published tables; those of status words are -(SW).
CODES = [-1, -2, -3, -4, -5, -11, -12, -13, -14, -15, -20, -21, -22, -23, -24, -31, -32, -33, -34, -35, -36, -41, -42, -51,
         -52, -2201, -2202, -2203, -2204]
CODES += [-int(word, 16) for word in '63C0 63C1 63C2 6700 6901 6981 6982 6983 6984 6985 6988 6A80 6A81 6A82 6A83 6A88 9302 '
                                     '9303 9403 9406'.split()]

# Groups of cases: what their ids begin with, or the requirement that says why there is none.
GROUPS = {
    'LOAD': 'TERM.LOAD.', 'BAS-OK': 'TERM.BAS.ITEM.', 'BAS-NG': 'TERM.BAS.TYPE-WRONG', 'READ': 'TERM.READ.',
    'WRITE': 'TERM.WRITE.', 'PIN': 'TERM.PIN.', 'DEBIT': 'TERM.DEBIT.', 'RECORD': 'TERM.RECORD.', 'HSM': 'TERM.HSM.',
    'FALLBACK': 'TERM.HSM.FALLBACK', 'PKI': 'TERM.PKI.', 'ROBUST': 'TERM.ROBUST.', 'TIME': 'TERM.BAS.SLOW',
    'QR': 'SSC.TERMINAL.QR.TEXT', 'REPORT': 'SSC.HARNESS.TERMINAL-RECORD',
}

COMPLAINTS = {
    'other parameters, init calls, PIN as a parameter': ['TERM.LOAD.DEPARTURE'],
    'a library that cannot be loaded, functions missing': ['TERM.SANITY', 'TERM.LOAD.PSAM', 'TERM.LOAD.HSM-FIRST'],
    'calling convention, width of long': ['TERM.LOAD.ABI'],
    'success taken for failure': ['TERM.BAS.TYPE', 'TERM.BAS.TYPE-WRONG'],
    'output longer than its buffer': ['TERM.ROBUST.BUFFER'],
    'encoding, half characters': ['TERM.BAS.NAME', 'TERM.BAS.NAME-CUT', 'TERM.WRITE.HALF-CHARACTER'],
    '9 or 11 items, missing bar, empty items': ['TERM.BAS.COUNT', 'TERM.BAS.BLANK', 'TERM.BAS.NAME-SEPARATOR'],
    'slowness, blind retries': ['TERM.BAS.SLOW', 'TERM.BAS.REPEATED', 'TERM.FAULT.DEBIT-LOST', 'TERM.PIN.WRONG-COSTS-ONE'],
    'device left open after a failed step': ['TERM.HSM.SECOND-STEP1', 'TERM.HSM.CANCELLED', 'TERM.ROBUST.UNKNOWN-THEN-GOOD'],
    'two threads or programs': ['TERM.ROBUST.TWO-THREADS', 'TERM.ROBUST.TWO-PROGRAMS'],
    'with and without PSAM': ['TERM.BAS.NO-PSAM', 'TERM.HSM.NO-PSAM', 'TERM.BAS.PSAM-LACKS'],
    'the card pulled during a call': ['TERM.BAS.REMOVED', 'TERM.READ.REMOVED', 'TERM.WRITE.REMOVED', 'TERM.DEBIT.REMOVED'],
    'another card between the steps': ['TERM.HSM.SWAPPED', 'TERM.CARD.SWAPPED-DEBIT'],
}

wrong = []


def local(element):
    return element.tag.split('}')[-1]


def run(onecard, profile, interface, out):
    """Function and outcome ('0' or '-') of the calls of passed cases."""
    subprocess.run([onecard, 'run', '-q', '--via', 'inproc', '--interface', interface, '--profile', profile, '-k', CASES,
                    '-o', out], check=True, stdout=subprocess.DEVNULL)
    seen = collections.Counter()
    for _, case in tree.iterparse(pathlib.Path(out) / 'result.xml'):
        if local(case) != 'case':
            continue
        for note in (note.text or '' for note in case.iter() if local(note) == 'note') if case.get('verdict') == 'PASS' else ():
            code = re.search(r" -> .*?\bcode='(-?)\d+'", note)
            if code:
                seen[note.split(' ')[0], code[1] or '0'] += 1
        case.clear()
    return seen


def check_table(onecard, source):
    with tempfile.TemporaryDirectory() as out:
        for profile, interface, algorithm, without in RUNS:
            seen = run(onecard, source / 'vectors/cards' / (profile + '.xml'), interface, out)
            for name in PSAM + HSM + PKI:
                good, bad = seen[name, '0'], seen[name, '-']
                print(f'{profile:10} {interface:11} {algorithm:4} {name:22} {good:5} {bad:5}  {without.get(name, "")}')
                if (good == 0 or bad == 0) != (name in without):
                    wrong.append(f'{profile} {interface} {name}: {good} successes and {bad} failures '
                                 f'({without.get(name, "no reason why it should have none")})')


def read_vectors(source):
    """Cases and negatives by id, the text of all vectors, requirements by id."""
    cases, text, requirements = {}, '', {}
    for path in sorted((source / 'vectors').rglob('*.xml')):
        root = tree.parse(path).getroot()
        if local(root) == 'requirements':
            requirements.update({r.get('id'): r for r in root if local(r) == 'requirement'})
        elif local(root) == 'suite' and path.parent.name in ('terminal', 'flows'):
            text += path.read_text()
            for case in root.iter():
                if local(case) in ('case', 'flow', 'negative') and case.get('state') != 'retired':
                    cases[case.get('id')] = case
    return cases, text, requirements


def is_untested(requirement):
    return requirement is not None and any(local(part) == 'untested' for part in requirement)


def check_vectors(source):
    cases, text, requirements = read_vectors(source)
    calling = [name for name, case in cases.items() if name.startswith('TERM.')]
    print(f'{len(calling)} cases and negatives for terminals before table rows')
    if len(calling) < 150:
        wrong.append(f'{len(calling)} cases for terminals are fewer than 150')
    officials = text + ' '.join(re.findall(r'function="(\w+)"', text))
    for name in PSAM + HSM + PKI:
        if not re.search(rf'(official|function)="{name}"', officials):
            wrong.append(f'no case has the official name {name}')
    excused = {code for r in requirements.values() if is_untested(r)
               for code in re.findall(r'return code (-\d+)', r.get('clause') or '')
               if r.get('id').startswith('SSC.TERMINAL.CODE.')}
    for code in CODES:
        provoked = re.search(rf'''name="code"[^>]* (eq|or)="'{code}'"|<row [^>]* (code|or)="{code}"''', text)
        if (provoked is None) != (str(code) in excused):
            wrong.append(f'the code {code} is ' + ('provoked and excused' if provoked else 'provoked by no case'))
    for group, begin in GROUPS.items():
        if not any(name.startswith(begin) for name in cases) and not is_untested(requirements.get(begin)):
            wrong.append(f'group {group}: no case {begin}, and no requirement that says why')
    for complaint, ids in COMPLAINTS.items():
        wrong.extend(f'{complaint}: no case {name}' for name in ids if name not in cases)


check_vectors(pathlib.Path(sys.argv[2]))
check_table(sys.argv[1], pathlib.Path(sys.argv[2]))
print('\n'.join(wrong))
sys.exit(1 if wrong else 0)
