# SPDX-License-Identifier: Apache-2.0
"""The disk is full at any stage of a run: in the journal, in the record, in each report. The exit code is 3 (1 where the
run had something worse to say), the reason is said, what stands there is whole, and with room --resume comes to an
undisturbed run. Reports made anew on a full disk leave those that are there as they are."""

import os
import re
import subprocess
import sys

import trials

OPTIONS = ["--profile", "vectors/cards/ssc-3.0.xml", "vectors/card/pin.xml"]
INFRASTRUCTURE = 3
INSIDE = "ONECARD_DISK_INSIDE"
ENDS = {"result.xml": b"</result>", "junit.xml": b"</testsuites>", "report.html": b"</html>"}


def enter():
    """Goes on in a namespace where this program may mount."""
    for options in (["--mount", "--propagation", "private"], ["--user", "--map-root-user", "--mount"]):
        if subprocess.run(["unshare", *options, "sh", "-c", "mount -t tmpfs none /mnt"], check=False,
                          stderr=subprocess.DEVNULL).returncode == 0:
            os.environ[INSIDE] = "1"
            os.execvp("unshare", ["unshare", *options, sys.executable, "-B", *sys.argv])
    trials.skip("no mount namespace to be had")


def set_size(folder, kib, first=False):
    options = f"size={kib}k" if first else f"remount,size={kib}k"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", folder], check=True)


def files(folder):
    return {name: open(f"{folder}/{name}", "rb").read() for name in sorted(os.listdir(folder))}


def pages(content):
    return (len(content) + 4095) // 4096 * 4


def cut_file(folder):
    """A report that stands there and is not whole, or a file that was to become one."""
    for name, content in files(folder).items():
        if name in ENDS and not content.rstrip().endswith(ENDS[name]):
            return f"{name} is cut"
        if name not in ENDS and name not in ("run.journal", "fill"):
            return f"{name} is left behind"
    return None


def run(folder, options):
    code = folder.run(options)
    said = folder.said()
    open(f"{folder.path}/said", "w", encoding="utf-8").close()
    return code, said


def starved(folder, options, kib):
    """A run with room for `kib`; what is wrong with it."""
    set_size(folder.out, kib)
    code, said = run(folder, options)
    if code == 0:
        return trials.reports_whole(folder.out)
    if code != INFRASTRUCTURE:
        return f"ended with {code}: {said[-300:]}"
    if not re.search("No space left|full", said):
        return f"does not say why: {said[-300:]}"
    return cut_file(folder.out)


def fill(path):
    try:
        with open(path, "wb", buffering=0) as file:
            while file.write(b"\0" * 4096) > 0:
                pass
    except OSError:
        pass


def reports_anew(folder, arguments):
    """On a full disk, of a run that is done."""
    before = files(folder.out)
    fill(f"{folder.out}/fill")
    done = subprocess.run([arguments.onecard, "report", "-f", f"html={folder.out}/report.html", "-f",
                           f"junit={folder.out}/junit.xml", f"{folder.out}/result.xml"], check=False,
                          cwd=arguments.source, env=folder.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    os.unlink(f"{folder.out}/fill")
    if done.returncode != INFRASTRUCTURE:
        return f"reports on a full disk end with {done.returncode}: {done.stderr.decode()[-300:]}"
    after = files(folder.out)
    changed = [name for name in before if before[name] != after.get(name)] + [name for name in after if name not in before]
    return f"{changed[0]} changed on a full disk" if changed else None


def one_trial(folder, options, kib, plenty, good, arguments):
    wrong = starved(folder, options, kib)
    if wrong:
        return wrong
    # Twice, as somebody does who does not look.
    wrong = starved(folder, ["--resume", *options], kib)
    if wrong:
        return f"resumed on the full disk: {wrong}"
    set_size(folder.out, plenty)
    code, said = run(folder, ["--resume", *options])
    if code != 0:
        return f"the resumed run ended with {code}: {said[-300:]}"
    return trials.reports_whole(folder.out) or cut_file(folder.out) or \
        trials.difference(good, trials.Record(folder.out), "--terminal" not in options) or reports_anew(folder, arguments)


def prepared(arguments, kib):
    folder = trials.Folder(arguments)
    os.mkdir(folder.out)
    set_size(folder.out, kib, first=True)
    return folder


def put_away(folder):
    subprocess.run(["umount", folder.out], check=False)
    folder.remove()


def main():
    if INSIDE not in os.environ:
        enter()
    arguments = trials.options(__doc__).parse_args()
    campaign = trials.Campaign("disk-full", arguments)
    terminal = f"driver:{os.path.dirname(arguments.onecard)}/libSSCardDriver.so"
    kinds = {"-j1": ["-j", "1", *OPTIONS], "-j4": ["-j", "4", *OPTIONS],
             "each case synced": ["--terminal", terminal, OPTIONS[0], OPTIONS[1], "vectors/terminal/pin.xml", "-k", "VERIFY"]}
    plenty = 65536
    for name, options in kinds.items():
        if not campaign.wants(name) or ("--terminal" in options and not os.path.exists(terminal.split(":")[1])):
            continue
        folder = prepared(arguments, plenty)
        code, said = run(folder, options)
        good = trials.Record(folder.out)
        sizes = {file: pages(content) for file, content in files(folder.out).items()}
        put_away(folder)
        assert code == 0 and good.whole and good.cases, (code, said)
        whole = sum(sizes.values())

        def work(number, name=name, options=options, whole=whole, good=good):
            # Evenly over all there is to write, at a random place of each share.
            share = campaign.random_of(name, number).uniform(0, 1)
            kib = max(4, int((number + share) / arguments.trials * whole / 4) * 4)
            place = prepared(arguments, plenty)
            try:
                wrong = one_trial(place, options, kib, plenty, good, arguments)
            finally:
                put_away(place)
            campaign.note(name, wrong and f"with {kib} of {whole} KiB: {wrong}")

        campaign.each(work, range(arguments.trials))
    return campaign.finish()


sys.exit(main())
