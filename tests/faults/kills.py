# SPDX-License-Identifier: Apache-2.0
"""The runner is killed at random moments and goes on with --resume until it is done: no result that the journal held is
lost or had again, none stands twice, and the record is that of a run that nobody killed. Nothing that the runner started
outlives it."""

import os
import signal
import sys
import time

import trials

CARD = "vectors/cards/ssc-3.0.xml"
SETTLED = ("PASS", "NOT_APPLICABLE", "DEVIATION", "FAIL")  # the others are tried again by a run that is resumed
KILLS_AT_ONCE = 4  # in one trial, before it may end


def kinds(arguments):
    """Name: options of the run, and whether all its exchanges are repeatable."""
    build = os.path.dirname(arguments.onecard)
    one = ["--profile", CARD]
    card = f"exec:{arguments.onecard} card --profile {CARD}"
    rows = {
        "inproc -j1": ([*one, "-j", "1", "vectors/card/pin.xml", "vectors/flows"], True),
        "inproc -j4": ([*one, "-j", "4", "vectors/card/pin.xml", "vectors/flows"], True),
        "pcsc": ([*one, "--via", "pcsc", "vectors/card/pin.xml", "vectors/card/load.xml"], True),
        "exec card": ([*one, "--card", card, "--allow", "counters,records,purse,keys", "vectors/card/pin.xml",
                       "vectors/card/files-df01.xml"], False),
        "driver": ([*one, "--terminal", f"driver:{build}/libSSCardDriver.so", "vectors/terminal/sanity.xml",
                    "vectors/terminal/pin.xml", "-k", "SANITY|VERIFY"], False),
    }
    return {name: row for name, row in rows.items() if name != "driver" or os.path.exists(f"{build}/libSSCardDriver.so")}


def undisturbed(arguments, options):
    folder = trials.Folder(arguments)
    try:
        begin = time.monotonic()
        code = folder.run(options)
        took = time.monotonic() - begin
        record = trials.Record(folder.out)
        if code != 0 or not record.whole or len(record.cases) < 5:
            raise RuntimeError(f"the undisturbed run ended with {code}: {folder.said()[-500:]}")
        return record, took
    finally:
        folder.remove()


def lost(kept, record):
    """A case that stood in the journal when the runner was killed, and that the record has not or has had again."""
    for key, line in kept.items():
        if record.cases.get(key) != line:
            return f"{key} was in the journal, and " + ("was had again" if key in record.cases else "is lost")
    return None


def cases_of(entries):
    found = {}
    for entry in entries:
        match = trials.CASE.match(entry)
        if match and match[3] in SETTLED and not trials.is_of_session((match[2], match[1])):
            found[(match[2], match[1])] = entry
    return found


def one_trial(folder, options, good, exact, draw, took, counts):
    resume, kept = [], {}
    for _ in range(KILLS_AT_ONCE):
        program = folder.start([*resume, *options])
        time.sleep(draw.uniform(0, 1.05 * took))
        ended = program.poll() is not None
        if not ended:
            program.send_signal(signal.SIGKILL)
        code = program.wait()
        if code != -signal.SIGKILL and code != 0:
            return f"ended with {code} after a kill: {folder.said()[-300:]}"
        orphans = folder.orphans()
        if orphans:
            return f"{len(orphans)} processes outlive the runner"
        resume = ["--resume"]
        if code == 0:
            break
        counts["kills"] += 1
        kept.update(cases_of(trials.entries_of(folder.out)))
    counts["kept"] += len(kept)
    code = folder.run([*resume, *options])
    record = trials.Record(folder.out)
    if code != 0:
        return f"the last resume ended with {code}: {folder.said()[-300:]}"
    if not exact:
        counts["not_sent"] += trials.pass_over_guarded(good, record)
    return trials.reports_whole(folder.out) or trials.difference(good, record, exact) or lost(kept, record)


def main():
    parser = trials.options(__doc__)
    parser.add_argument("--kills", type=int, default=0, help="of each kind at least: more trials than --trials if need be")
    arguments = parser.parse_args()
    campaign = trials.Campaign("runner-killed", arguments)
    for name, (options, exact) in kinds(arguments).items():
        if not campaign.wants(name):
            continue
        good, took = undisturbed(arguments, options)
        done = {"trials": 0, "kills": 0}

        def work(number, name=name, options=options, exact=exact, good=good, took=took, done=done):
            folder = trials.Folder(arguments)
            counts = {"kills": 0, "kept": 0, "not_sent": 0}
            try:
                wrong = one_trial(folder, options, good, exact, campaign.random_of(name, number), took, counts)
            finally:
                folder.remove()
            campaign.note(name, wrong and f"trial {number}: {wrong}", **counts)
            done["kills"] += counts["kills"]

        while done["trials"] < arguments.trials or done["kills"] < arguments.kills:
            count = max(1, arguments.trials - done["trials"]) if done["trials"] < arguments.trials else max(1, arguments.jobs)
            campaign.each(work, range(done["trials"], done["trials"] + count))
            done["trials"] += count
            if done["kills"] < arguments.kills and done["trials"] >= arguments.trials + 3 * arguments.kills:
                campaign.note(name, "kills do not strike")
                break
    return campaign.finish()


sys.exit(main())
